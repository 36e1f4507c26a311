"""Live pages: a poll that asks "has this moved?" is answered before sessions are looked at (D14).

A page carries the signed addresses of the topics it watches and polls them with the ETag it saw.
The answer comes from a copy of the versions in this process, so a poll costs no query and tells
nothing but a number; the page then fetches what changed under its own permissions.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import quote

from django.core.signing import BadSignature, Signer
from django.db import DatabaseError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from qingdan.foundations.journal.models import Topic
from qingdan.foundations.kernel import clock

LIVE = "/live/"
FRESH = timedelta(seconds=1)
"""How old the copy may be."""

MOST = 20_000
"""Topics kept in this process's copy, about 5 MB; then it begins anew."""

log = logging.getLogger(__name__)


def sign_topic(county: str, name: str) -> str:
    """What stands behind /live/: nobody can watch what no page of theirs named."""
    return _signer().sign(f"{county}/{name}")


def topic_url(county: str, name: str) -> str:
    """The address of a live poll, such as for `issue:12`, `unit:5`, `desk` or `board`."""
    return LIVE + quote(sign_topic(county, name))


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
            moved |= Q(county=county, version__gt=seen)
        changed = Topic.objects.filter(moved).values_list("county", "name", "version")
        for county, name, version in changed.iterator():
            if (county, name) in self._known:
                self._known[county, name] = version
            self._seen[county] = max(self._seen[county], version)

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


class LiveMiddleware:
    """Answers /live/<signed topic>; stands before the session middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.versions = Versions()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(LIVE):
            return self.get_response(request)
        return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        try:
            county, name = _topic(request.path_info[len(LIVE) :])
        except BadSignature:
            return _said('{"version":null}', status=404)
        try:
            version = self.versions.of(county, name)
        except DatabaseError as error:
            log.warning("A live poll found no database: %s", error)
            return _said('{"version":null}', status=503, retry_after="5")
        etag = f'"{version}"'
        if _matches(request.headers.get("If-None-Match", ""), etag):
            return _said("", status=304, etag=etag)
        return _said(f'{{"version":{version}}}', etag=etag)


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


@lru_cache(maxsize=MOST)
def _topic(token: str) -> tuple[str, str]:
    county, _, name = _signer().unsign(token).partition("/")
    return county, name


def _signer() -> Signer:
    return Signer(salt="qingdan.live")
