"""Who may use which door: one table, filled by a decorator, walked by a test as every role.

How to make a page stands in docs/a-new-page.md.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from qingdan.foundations.kernel.errors import NotAllowed, NotSignedIn
from qingdan.foundations.kernel.words import gettext_noop

from .refusals import refusals

DOORS: dict[str, frozenset[str]] = {}
"""Each view by its dotted name, and the roles that may use it; {"*"} is everybody, {"+"} whoever
is signed in and holds a post."""

NO_POST = gettext_noop("You hold no post here now. Ask the system administrator.")

View = Callable[..., HttpResponse]


def door(*roles: str, public: bool = False) -> Callable[[View], View]:
    """Open a view to people in these roles, to everybody signed in (none named), or to the public.

    A park or township is a `unit`. Refusals of the view become calm pages.
    """

    def guard(view: View) -> View:
        name = f"{view.__module__}.{view.__name__}"
        DOORS[name] = frozenset({"*"} if public else map(str, roles) if roles else {"+"})

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
            if not public:
                who_may(request, *roles)
            return view(request, *args, **more)

        return refusals(guarded)

    return guard


def who_may(request: HttpRequest, *roles: str) -> None:
    """Refuse whoever is not in one of these roles, or, none named, holds no post at all."""
    if request.person is None:
        if request.user.is_authenticated:
            raise NotAllowed(NO_POST)
        raise NotSignedIn
    if roles and request.person.role not in roles:
        raise NotAllowed
