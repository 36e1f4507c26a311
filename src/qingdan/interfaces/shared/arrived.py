"""Which drafts have arrived, told to the browser with the answer that says so.

The page after a form also says it (`data-draft-sent`), but whoever leaves that page before its
script ran would find sent words in the form again, and could send them twice. The cookie waits
for whichever page comes next.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "arrived"
MOST = 20
"""Names kept at once; older ones were dropped long ago by any page with a script."""


def arrived(request: HttpRequest, draft: str) -> None:
    """Remember that the form `draft` was taken; the answer to this request carries it."""
    request.drafts_arrived = [*getattr(request, "drafts_arrived", []), draft]


def tell_browser(request: HttpRequest, response: HttpResponse) -> None:
    """Add what arrived in this request to what the browser has not read yet."""
    names = getattr(request, "drafts_arrived", [])
    if names:
        waiting = [name for name in request.COOKIES.get(COOKIE, "").split("|") if name]
        response.set_cookie(
            COOKIE,
            "|".join([*waiting, *names][-MOST:]),
            max_age=3600,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
