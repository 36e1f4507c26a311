"""Who asks: the person in the post held, or the enterprise behind a link; one hat at a time."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from qingdan.domain.enterprises.queries import person_of_link
from qingdan.domain.people.models import Post
from qingdan.domain.people.queries import holdings_of, person_in
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel.errors import NotAllowed, NotHere

from .arrived import tell_browser
from .doors import NO_POST, door
from .live import pages_of
from .refusals import own_address, refusal_page

HAT = "post"
"""In the session: the post in which somebody acts who holds several."""
LINK = "link"
"""In the session: the enterprise's link by which its page was opened."""


PORTAL = "/portal/"
FOR_ALL = ("/accounts/", "/language/", "/look/", "/health/", "/api/", "/demo/")
"""What also answers somebody who signed in and holds no post."""


def asking(request: HttpRequest) -> tuple[Person | None, list[Post]]:
    """The acting person of a request and the posts that they could act in.

    Looked up anew each time, so that whoever lost a post, a link or an account lost everything
    the same minute. A hat that is no longer held is taken off. On the portal's pages a link counts
    before the post of somebody who is not an enterprise: they opened it to see what it shows.
    """
    person, posts = None, []
    if request.user.is_authenticated:
        posts = [holding.post for holding in holdings_of(request.user)]
        worn = request.session.get(HAT)
        post = next((one for one in posts if one.pk == worn), posts[0] if posts else None)
        person = person_in(post, request.user) if post else None
    if person is None or (person.role != Role.ENTERPRISE and request.path.startswith(PORTAL)):
        token = request.session.get(LINK)
        if token and (behind := person_of_link(token)):
            return behind, []
    return person, posts


class PersonMiddleware:
    """Puts `request.person` and `request.posts` there; anonymous requests cost no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.person, request.posts = asking(request)  # type: ignore[attr-defined]
        without = request.person is None and request.user.is_authenticated  # type: ignore[attr-defined]
        if without and not request.path.startswith(FOR_ALL):
            return refusal_page(request, NotAllowed(NO_POST))
        with pages_of(request.person, request.session.session_key):  # type: ignore[attr-defined]
            response = self.get_response(request)
        tell_browser(request, response)
        return response


@require_POST
@door()
def change_hat(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own posts from now on."""
    chosen = request.POST.get("post", "")
    if chosen not in {str(post.pk) for post in request.posts}:
        raise NotHere
    request.session[HAT] = int(chosen)
    if request.user.is_authenticated:
        request.session.cycle_key()  # more or less may be done with it from now on
    return redirect("/")


LOOKS = {"theme": ("light", "dark"), "print": ("large",)}
A_YEAR = 365 * 24 * 3600


@require_POST
@door(public=True)
def change_look(request: HttpRequest) -> HttpResponse:
    """Light or dark, large print or not: kept in the browser."""
    answer = redirect(_back(request))
    for name, values in LOOKS.items():
        if name not in request.POST:
            continue
        if request.POST[name] in values:
            answer.set_cookie(
                name,
                request.POST[name],
                max_age=A_YEAR,
                samesite="Lax",
                httponly=True,
                secure=request.is_secure(),
            )
        else:
            answer.delete_cookie(name, samesite="Lax")
    return answer


def _back(request: HttpRequest) -> str:
    return own_address(request.POST.get("next", "")) or reverse("home")
