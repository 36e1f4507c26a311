"""When a sign-in ends: after a while without a page, and after a working day at the latest.

Both count the machine's time (D17): moving the county's clock signs nobody out. A session is
written at most once a minute (D13).
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

from qingdan.foundations.kernel import clock

BEGAN = "began"
SEEN = "seen"
TOUCH_SECONDS = 60


class IdleMiddleware:
    """Ends a sign-in that was idle too long or began too long ago."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = request.session
        if session.session_key and SESSION_KEY in session:
            now = int(clock.real().timestamp())
            began, seen = session.get(BEGAN, now), session.get(SEEN, now)
            idle = now - seen >= settings.IDLE_MINUTES * 60
            if idle or now - began >= settings.SESSION_HOURS * 3600:
                session.flush()
            elif SEEN not in session or now - seen >= TOUCH_SECONDS:
                session[BEGAN], session[SEEN] = began, now
        return self.get_response(request)
