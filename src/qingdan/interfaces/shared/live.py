"""Live pages: a poll that asks "has this moved?" is answered before sessions are looked at (D14).

A page carries the signed addresses of the topics it watches and polls them with the ETag it saw.
The answer comes from a copy of the versions in this process, so a poll costs no query and tells
nothing but a number; the page then fetches what changed under its own permissions.

An address serves one person in one post and one session, no longer than a sign-in may idle.
Whoever lost account, post, link or sign-in is told 410 at the next poll: the page then asks for
itself again, is refused, and shows nothing more. For that, too, everybody who polls is asked for
together, once a second.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.signing import BadSignature, Signer
from django.db import DatabaseError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.crypto import salted_hmac

from qingdan.domain.enterprises.models import Link
from qingdan.domain.people.models import Holding
from qingdan.domain.people.rules import Person
from qingdan.foundations.journal.models import Topic
from qingdan.foundations.kernel import clock

LIVE = "/live/"
FRESH = timedelta(seconds=1)
"""How old the copy may be."""

MOST = 20_000
"""Topics kept in this process's copy, about 5 MB; then it begins anew."""

log = logging.getLogger(__name__)


BEYOND_IDLE = timedelta(minutes=1)
"""How much longer than a sign-in may idle an address serves: the page then finds out itself."""


class Who(NamedTuple):
    """Whose page it is. post: in which post; link: the enterprise's link; session: its digest."""

    user: int | None = None
    post: int | None = None
    link: int | None = None
    session: str = ""

    def __str__(self) -> str:
        return ".".join("" if part is None else str(part) for part in self)

    @classmethod
    def read(cls, text: str) -> "Who":
        user, post, link, session = text.split(".")
        numbers = (int(part) if part else None for part in (user, post, link))
        return cls(*numbers, session)


NOBODY = Who()
_page_of: ContextVar[Who] = ContextVar("page_of", default=NOBODY)


@contextmanager
def pages_of(person: Person | None, session_key: str | None) -> Iterator[None]:
    """Within it addresses are signed for this person's pages in this session."""
    who = NOBODY
    if person is not None and session_key:
        digest = digest_of(session_key)
        if person.link_id is not None:
            who = Who(link=person.link_id, session=digest)
        elif person.user_id is not None:
            who = Who(person.user_id, person.post_id, session=digest)
    token = _page_of.set(who)
    try:
        yield
    finally:
        _page_of.reset(token)


@lru_cache(maxsize=MOST)
def digest_of(session_key: str) -> str:
    """What of a session stands in an address: enough to know it again, nothing to come in with."""
    return salted_hmac("qingdan.live.session", session_key).hexdigest()[:20]


def sign_topic(county: str, name: str) -> str:
    """What stands behind /live/: nobody can watch what no page of theirs named."""
    until = clock.real() + timedelta(minutes=settings.IDLE_MINUTES) + BEYOND_IDLE
    return _signer().sign(f"{county}/{name}/{int(until.timestamp())}/{_page_of.get()}")


def topic_url(county: str, name: str) -> str:
    """The address of a live poll, such as for `issue:12`, `unit:5`, `desk` or `board`."""
    return LIVE + quote(sign_topic(county, name))


@dataclass(frozen=True, slots=True)
class Address:
    """What a signed address says. until: epoch seconds of the machine."""

    county: str
    name: str
    until: int
    who: Who


@lru_cache(maxsize=MOST)
def read_address(token: str) -> Address:
    """What was signed. Raises BadSignature for anything else."""
    county, name, until, who = _signer().unsign(token).split("/")
    return Address(county, name, int(until), Who.read(who))


class Versions:
    """This process's copy of the versions of the topics that somebody asked for here."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], int] = {}
        self._seen: dict[str, int] = {}
        self._asked_at: datetime | None = None
        self._one_at_a_time = threading.Lock()

    def of(self, county: str, name: str) -> int:
        """The topic's version, at most a second old; 0 for one that nothing has touched yet."""
        if self._stale() and self._one_at_a_time.acquire(blocking=False):
            # One thread asks for what moved; the others go on with what is there.
            try:
                self._refresh()
            finally:
                self._one_at_a_time.release()
        version = self._known.get((county, name))
        return self._learn(county, name) if version is None else version

    def _stale(self) -> bool:
        # The machine's clock may be set back, hence both sides.
        return self._asked_at is None or abs(clock.real() - self._asked_at) >= FRESH

    def _refresh(self) -> None:
        self._asked_at = clock.real()
        if len(self._known) > MOST:
            self._known, self._seen = {}, {}
        if not self._seen:
            return
        moved = Q()
        for county, seen in self._seen.items():
            moved |= Q(county=county, version__gte=seen)  # the newest itself is always there
        changed = Topic.objects.filter(moved).values_list("county", "name", "version")
        set_back = {county for county, seen in self._seen.items() if seen}
        for county, name, version in changed.iterator():
            set_back.discard(county)
            if (county, name) in self._known:
                self._known[county, name] = version
            self._seen[county] = max(self._seen[county], version)
        if set_back:  # an older copy of the database was put in place: learn it anew
            self._known = {at: v for at, v in self._known.items() if at[0] not in set_back}
            self._seen = {county: v for county, v in self._seen.items() if county not in set_back}

    def _learn(self, county: str, name: str) -> int:
        """Ask for one topic, once: from then on `_refresh` brings its changes."""
        with self._one_at_a_time:
            here = Topic.objects.filter(county=county)
            if county not in self._seen:
                newest = here.order_by("-version").values_list("version", flat=True).first()
                self._seen[county] = newest or 0
            version = here.filter(name=name).values_list("version", flat=True).first() or 0
            self._known[county, name] = version
            return version


Watcher = tuple[Who, str]
"""Whose page polls, and the key of the session whose cookie came along."""

WATCHES = timedelta(seconds=20)
"""How long after its last poll a page is still asked for with the others."""

TOGETHER = 500
"""How many watchers one query asks for."""


class Watchers:
    """Who of those who poll here may still be told anything, at most a second old."""

    def __init__(self) -> None:
        self._polled: dict[Watcher, datetime] = {}
        self._may: set[Watcher] = set()
        self._asked_at: datetime | None = None
        self._one_at_a_time = threading.Lock()

    def may(self, who: Who, session_key: str) -> bool:
        """Whether account, post or link, and the session itself, are still there."""
        now = clock.real()
        stale = self._asked_at is None or abs(now - self._asked_at) >= FRESH
        if stale and self._one_at_a_time.acquire(blocking=False):
            try:
                self._refresh(now)
            finally:
                self._one_at_a_time.release()
        one = (who, session_key)
        if one not in self._polled:
            with self._one_at_a_time:
                self._may |= set(_still([one]))
        self._polled[one] = now
        return one in self._may

    def _refresh(self, now: datetime) -> None:
        self._asked_at = now
        polled = self._polled.copy()  # other threads go on writing
        self._polled = {one: at for one, at in polled.items() if abs(now - at) < WATCHES}
        asked = list(self._polled)
        self._may = {
            one
            for start in range(0, len(asked), TOGETHER)
            for one in _still(asked[start : start + TOGETHER])
        }


def _still(watchers: list[Watcher]) -> Iterable[Watcher]:
    """Those whose session is open and who still hold the post, or whose link is still good."""
    now = clock.now()
    kept = set(
        Session.objects.filter(
            session_key__in={key for _, key in watchers}, expire_date__gt=clock.real()
        ).values_list("session_key", flat=True)
    )
    held: set[tuple[int, int]] = set()
    if users := {who.user for who, _ in watchers if who.user is not None}:
        rows = Holding.objects.filter(user__in=users, user__is_active=True, from_at__lte=now)
        rows = rows.filter(Q(to_at=None) | Q(to_at__gt=now))
        held = set(rows.values_list("user", "post"))
    good: set[int] = set()
    if links := {who.link for who, _ in watchers if who.link is not None}:
        rows = Link.objects.filter(pk__in=links, revoked_at=None, ends_at__gt=now)
        good = set(rows.values_list("pk", flat=True))
    for who, key in watchers:
        if key in kept and (who.link in good or (who.user, who.post) in held):
            yield who, key


class LiveMiddleware:
    """Answers /live/<signed topic>; stands before the session middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.versions = Versions()
        self.watchers = Watchers()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(LIVE):
            return self.get_response(request)
        return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        try:
            asked = read_address(request.path_info[len(LIVE) :])
        except (BadSignature, ValueError):
            return _said('{"version":null}', status=404)
        if clock.real().timestamp() > asked.until:
            return _said('{"version":null}', status=410)
        try:
            if not self._may(request, asked.who):
                return _said('{"version":null}', status=410)
            version = self.versions.of(asked.county, asked.name)
        except DatabaseError as error:
            log.warning("A live poll found no database: %s", error)
            return _said('{"version":null}', status=503, retry_after="5")
        etag = f'"{version}"'
        if _matches(request.headers.get("If-None-Match", ""), etag):
            return _said("", status=304, etag=etag)
        return _said(f'{{"version":{version}}}', etag=etag)

    def _may(self, request: HttpRequest, who: Who) -> bool:
        if who == NOBODY:
            return True
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        return bool(key) and digest_of(key) == who.session and self.watchers.may(who, key)


def _said(body: str, *, status: int = 200, etag: str = "", retry_after: str = "") -> HttpResponse:
    headers = {"Cache-Control": "no-store", "ETag": etag, "Retry-After": retry_after}
    return HttpResponse(
        body,
        status=status,
        content_type="application/json",
        headers={name: value for name, value in headers.items() if value},
    )


def _matches(asked: str, etag: str) -> bool:
    """Whether If-None-Match names this ETag; a proxy that compresses makes it a weak one."""
    return any(one.strip().removeprefix("W/") == etag for one in asked.split(","))


def _signer() -> Signer:
    return Signer(salt="qingdan.live")
