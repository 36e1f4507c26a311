"""The same request twice is done once (Idempotency-Key), and answered twice the same.

How: the key is claimed in a step of its own, committed before the work, so that a second request
sees the first one running (409). Work and answer are then committed together, under the condition
that the claim is still ours. What can happen:

- killed before the work is committed: nothing was done; the claim lapses after 60 seconds of the
  machine's time (D17) and the next request with this key does the work;
- killed after: work and answer stand both, the next request gets the answer;
- so slow that the claim lapsed and another request took it over: whoever commits first wins, the
  other finds its claim gone, takes everything back and says that it is still running.

Refusals are not kept: they changed nothing, and whoever mends the cause sends the same key again.
Answers are kept by whoever acts, not by token, and a key means one address with one body. How the
JSON is laid out does not count, nor does If-Match, which is old once the act is done.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from qingdan.domain.people.rules import Person
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Incomplete, Refusal, StepNotOpen
from qingdan.foundations.kernel.models import Once
from qingdan.foundations.kernel.words import gettext_noop

from .answers import JSON

HEADER = "Idempotency-Key"
LAPSES = timedelta(seconds=60)
"""How long a claim without an answer is believed to be running."""

_KEY = re.compile(r"[\x20-\x7e]{1,200}")
_KEPT = ("ETag", "Location")


@dataclass(frozen=True, slots=True)
class _Claim:
    row_id: int
    since: datetime


def once(
    request: HttpRequest, person: Person, sent: object, work: Callable[[], HttpResponse]
) -> HttpResponse:
    """Do `work` and answer with what it says, or answer as the first time.

    sent: the body as it was read. The work reads and writes; its answer is JSON.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return work()
    if not _KEY.fullmatch(key.strip()):
        raise Incomplete(
            {HEADER: gettext_noop("A key is 1 to 200 plain characters, best a random UUID.")}
        )
    claim = _claim(person.key, key.strip(), _digest(request, sent))
    if isinstance(claim, HttpResponse):
        return claim
    try:
        with transaction.atomic():
            done = work()
            _keep(claim, done)
    except BaseException:  # a worker told to stop gives its claim back too
        _ours(claim).delete()
        raise
    return done


def _digest(request: HttpRequest, sent: object) -> str:
    if isinstance(sent, Refusal):  # unreadable, but the same when sent again
        body = request.body
    else:
        body = json.dumps(sent, sort_keys=True, separators=(",", ":")).encode()
    told = f"{request.method} {request.path}\n".encode("utf-8", "replace") + body
    return hashlib.sha256(told).hexdigest()


def _running() -> StepNotOpen:
    return StepNotOpen(
        gettext_noop("The first request with this key is still running. Try again in a moment."),
        code="still-running",
    )


def _claim(holder: str, key: str, digest: str) -> _Claim | HttpResponse:
    """The claim on a key, or the answer that was given before. Committed when it returns."""
    now = clock.real()
    for _ in range(3):
        try:
            with transaction.atomic():
                row = Once.objects.create(holder=holder, key=key, digest=digest, real_at=now)
            return _Claim(row.pk, now)
        except IntegrityError:
            known = Once.objects.filter(holder=holder, key=key).first()
        if known is None:  # refused between our two looks
            continue
        if known.digest != digest:
            used = gettext_noop("This key was used for another request. Take a new one.")
            raise Incomplete({HEADER: Refusal(used, code="key-used")})
        if known.status is not None:
            return HttpResponse(
                known.body, status=known.status, content_type=JSON, headers=known.headers
            )
        if known.real_at > now - LAPSES:
            raise _running()
        lapsed = Once.objects.filter(pk=known.pk, status=None, real_at=known.real_at)
        if lapsed.update(real_at=now):
            return _Claim(known.pk, now)
    raise _running()


def _ours(claim: _Claim) -> QuerySet[Once]:
    return Once.objects.filter(pk=claim.row_id, status=None, real_at=claim.since)


def _keep(claim: _Claim, done: HttpResponse) -> None:
    """Keep the answer with the work, or take the work back if the claim is not ours any more."""
    kept = _ours(claim).update(
        status=done.status_code,
        body=done.content.decode(),
        headers={name: done[name] for name in _KEPT if name in done},
    )
    if not kept:
        raise _running()
