"""Sign-ins: each a row that its owner can see and end; none outlives idleness or a working day.

All of it counts the machine's time (D17): moving the county's clock signs nobody out. A session is
written at most once a minute (D13), and a page costs no query for its sign-in: ending one deletes
the session itself, so that its next request comes from nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.signals import password_changed
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from qingdan.domain.people.models import User
from qingdan.foundations.kernel import clock

from .accounts import ClosedDoors
from .models import SignIn

BEGAN = "began"
SEEN = "seen"
ROW = "sign_in"
"""In the session: the key under which its SignIn knows it. A rotated session differs from it."""
TOUCH_SECONDS = 60
BY_ITSELF = "X-Qingdan-Live"
"""A page that hears of news reads itself again with this header, whoever sits before it."""
IN_THE_HAND = "/field/"
"""On one's own phone, in a workshop without signal, a page that the browser kept is worth more."""
KEPT = 20
"""Ended sign-ins of an account that are still shown; older ones are dropped at the next one."""
SWEPT = 200
"""Sessions long over that a sign-in clears away: more than it makes, so they cannot pile up."""


class IdleMiddleware:
    """Ends a sign-in that was idle too long or began too long ago; follows a rotated one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session: Any = request.session
        if session.session_key and SESSION_KEY in session:
            now = int(clock.real().timestamp())
            if is_over(session, now):
                end_rows(SignIn.objects.filter(session_key=session.session_key))
                session.flush()
            elif SEEN in session and BY_ITSELF in request.headers:
                pass  # a page that reads itself again is no sign of anybody before it
            elif SEEN not in session or now - session[SEEN] >= TOUCH_SECONDS:
                session[BEGAN], session[SEEN] = session.get(BEGAN, now), now
        response = self.get_response(request)
        if session.session_key and not request.path.startswith(IN_THE_HAND):
            # what somebody saw here does not come back by the button "back" after signing out
            response.headers.setdefault("Cache-Control", "private, no-store")
        if ROW in session and SESSION_KEY in session and session[ROW] != session.session_key:
            _follow(session)
        return response


def is_over(session: Any, now: int) -> bool:
    """Whether a session's sign-in was idle too long or began too long ago. now: epoch seconds."""
    began, seen = session.get(BEGAN, now), session.get(SEEN, now)
    idle = now - seen >= settings.IDLE_MINUTES * 60
    return idle or now - began >= settings.SESSION_HOURS * 3600


def _follow(session: Any) -> None:
    """Let the row know a rotated session by its new key; what was ended meanwhile stays ended."""
    known = SignIn.objects.filter(session_key=session[ROW], real_ended_at=None)
    if known.update(session_key=session.session_key):
        session[ROW] = session.session_key
    else:
        session.flush()


# ------------------------------------------------------------------ beginning and ending


@receiver(user_logged_in)
def began(sender: object, request: HttpRequest, user: User, **_: object) -> None:
    """Write the sign-in down; Django has given the session a new key already."""
    now = clock.real()
    session: Any = request.session
    earlier = session.get(ROW)
    if earlier:  # signed in again over a sign-in that was still open
        end_rows(SignIn.objects.filter(session_key=earlier))
    session[BEGAN] = session[SEEN] = int(now.timestamp())
    if session.session_key is None:  # over another account's sign-in Django starts from nothing
        session.create()
    session[ROW] = session.session_key
    SignIn.objects.create(
        user=user,
        session_key=session.session_key,
        browser=request.headers.get("User-Agent", "")[:300],
        address=ClosedDoors(request).get_client_ip(request)[:45],
        real_began_at=now,
    )
    _sweep(user, now)


def _sweep(user: User, now: datetime) -> None:
    """Drop what is long over: of this account its rows, of everybody the sessions."""
    oldest = now - timedelta(hours=settings.SESSION_HOURS)
    mine = SignIn.objects.filter(user=user)
    mine.filter(real_ended_at=None, real_began_at__lt=oldest).update(real_ended_at=oldest)
    shown = mine.exclude(real_ended_at=None).order_by("-pk").values_list("pk", flat=True)
    if too_many := list(shown[KEPT : KEPT + SWEPT]):
        SignIn.objects.filter(pk__in=too_many).delete()
    gone = Session.objects.filter(expire_date__lt=now).values_list("pk", flat=True)
    if over := list(gone[:SWEPT]):
        Session.objects.filter(pk__in=over).delete()


@receiver(user_logged_out)
def ended(sender: object, request: HttpRequest, user: User | None, **_: object) -> None:
    if key := request.session.get(ROW):
        end_rows(SignIn.objects.filter(session_key=key))


@receiver(password_changed)
def end_others_with_the_old_password(
    sender: object, request: HttpRequest, user: User, **_: object
) -> None:
    """Whoever knew the old password is out at once, not at their next page."""
    end_sign_ins(user, but=request.session.get(ROW, ""))


def end_rows(rows: Any) -> int:
    return rows.filter(real_ended_at=None).update(real_ended_at=clock.real())


def end_sign_ins(user: User, *, only: int | None = None, but: str = "") -> int:
    """End one sign-in of the account, or all but the one known by `but`; how many there were."""
    rows = SignIn.objects.filter(user=user, real_ended_at=None).exclude(session_key=but)
    if only is not None:
        rows = rows.filter(pk=only)
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return end_rows(rows)


# ------------------------------------------------------------------ looking at them


@dataclass(frozen=True, slots=True)
class Seen:
    """A sign-in as its owner reads it."""

    row: SignIn
    seen_at: datetime
    here: bool


def open_sign_ins(user: User, here: str) -> list[Seen]:
    """Those that still open a page, the one known by `here` first; notes the end of the others."""
    now = clock.real()
    rows = list(SignIn.objects.filter(user=user, real_ended_at=None).order_by("-pk"))
    stored = {
        session.session_key: SessionStore().decode(session.session_data)
        for session in Session.objects.filter(
            session_key__in=[row.session_key for row in rows], expire_date__gt=now
        )
    }
    found, over = [], []
    for row in rows:
        data = stored.get(row.session_key)
        if not data or is_over(data, int(now.timestamp())):
            over.append(row.pk)
            continue
        seen = datetime.fromtimestamp(data.get(SEEN, 0), clock.COUNTY_ZONE)
        found.append(Seen(row, max(seen, row.real_began_at), row.session_key == here))
    if over:
        end_rows(SignIn.objects.filter(pk__in=over))
    return sorted(found, key=lambda one: not one.here)


def ended_sign_ins(user: User) -> list[SignIn]:
    """The latest ones that are over."""
    rows = SignIn.objects.filter(user=user).exclude(real_ended_at=None)
    return list(rows.order_by("-real_ended_at", "-pk")[:10])
