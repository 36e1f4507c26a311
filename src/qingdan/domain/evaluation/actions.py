"""What is done with a suggestion: made, answered, understood, or said again, once."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import IntegrityError, models, transaction

from qingdan.domain.ledger.actions.bodies import Body
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import access_issue
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.journal.record import record
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import NotAllowed, NotHere, StepNotOpen, TooMany
from qingdan.foundations.kernel.moves import advance
from qingdan.foundations.kernel.numbers import next_number
from qingdan.foundations.kernel.words import gettext_noop
from qingdan.foundations.workdays.calendar import official
from qingdan.foundations.workdays.due import due

from .models import Suggestion
from .queries import suggestions
from .rules import (
    ANSWER_WITHIN,
    LONGEST,
    MOST_A_DAY,
    answers,
    matter_on,
    may_answer,
    page_kept,
)
from .states import SUGGESTION_LIFE

TOPIC = "suggestions"


def suggest(text: str, *, by: Person, page: str = "/", key: str = "") -> Suggestion:
    """Write a suggestion down and promise an answer; sent twice with one key, it counts once.

    page: the address it was written on; only its path is kept, and of a matter what `by` sees.
    """
    key = key[:64] or uuid4().hex
    try:
        return _suggest(text, page, key, by)
    except IntegrityError:
        # two sendings at the same moment: the other one won
        if sent := _sent(by).filter(key=key).first():
            return sent
        raise


@transaction.atomic
def _suggest(text: str, page: str, key: str, by: Person) -> Suggestion:
    if by.post_id is None and by.link_id is None:
        raise NotAllowed
    now, real = clock.now(), clock.real()
    body = Body({"text": text}, by.county)
    said = body.text("text", required=True, longest=LONGEST)
    body.done()
    mine = _sent(by)
    if sent := mine.filter(key=key).first():
        return sent
    if mine.filter(real_made_at__gt=real - timedelta(days=1)).count() >= MOST_A_DAY:
        raise TooMany(
            gettext_noop("That is enough for one day. Please write the rest tomorrow."),
            code="enough-for-today",
        )
    issue = _matter(page, by)
    year = clock.date_of(now).year
    made = Suggestion.objects.create(
        county=by.county,
        year=year,
        number=next_number(by.county, "suggestion", year),
        writer=by.key,
        post_id=by.post_id,
        user_id=by.user_id,
        unit_id=by.unit_id,
        subject_id=by.subject_id if by.role == Role.ENTERPRISE else None,
        link_id=by.link_id,
        page=page_kept(page),
        issue=issue,
        text=said,
        key=key,
        made_at=now,
        real_made_at=real,
        due_at=due(now, ANSWER_WITHIN, official()).at,
    )
    _record("suggestion.made", made, by, now, said)
    return made


@transaction.atomic
def answer(suggestion: Suggestion, text: str, *, by: Person) -> None:
    """Answer it: the desk or a supervision office, never whoever wrote it."""
    now = clock.now()
    if not may_answer(by, suggestion.writer):
        raise NotAllowed(_OWN if answers(by) else None)
    SUGGESTION_LIFE.require_open("answer", suggestion.state)
    body = Body({"answer": text}, by.county)
    said = body.text("answer", required=True, longest=LONGEST)
    body.done()
    advance(
        suggestion,
        SUGGESTION_LIFE,
        "answer",
        at=now,
        answer=said,
        answered_at=now,
        answered_by_id=by.post_id,
    )
    _record("suggestion.answered", suggestion, by, now, said)


@transaction.atomic
def understood(suggestion: Suggestion, *, by: Person) -> None:
    """知道了: whoever wrote it takes the answer, and it is closed."""
    _own(suggestion, by)
    now = clock.now()
    advance(suggestion, SUGGESTION_LIFE, "understood", at=now, closed_at=now)
    _record("suggestion.closed", suggestion, by, now)


@transaction.atomic
def say_again(suggestion: Suggestion, text: str = "", *, by: Person) -> None:
    """还没解决: whoever wrote it asks once more, with a new promise; words only if they like."""
    _own(suggestion, by)
    now = clock.now()
    SUGGESTION_LIFE.require_open("again", suggestion.state)
    if suggestion.again_at is not None:
        raise StepNotOpen(
            gettext_noop("This has been answered twice. If it goes on, write a new suggestion.")
        )
    body = Body({"again": text}, by.county)
    said = body.text("again", longest=LONGEST)
    body.done()
    advance(
        suggestion,
        SUGGESTION_LIFE,
        "again",
        at=now,
        again=said,
        again_at=now,
        first_answer=suggestion.answer,
        first_answered_at=suggestion.answered_at,
        first_answered_by_id=suggestion.answered_by_id,
        answer="",
        answered_at=None,
        answered_by_id=None,
        due_at=due(now, ANSWER_WITHIN, official()).at,
    )
    _record("suggestion.reopened", suggestion, by, now, said)


_OWN = gettext_noop("You wrote this yourself: somebody else answers it.")


def _sent(by: Person) -> models.QuerySet[Suggestion]:
    return Suggestion.objects.filter(county=by.county, writer=by.key)


def _own(suggestion: Suggestion, by: Person) -> None:
    if not suggestions().own(by).filter(pk=suggestion.pk).exists():
        raise NotAllowed


def _matter(page: str, by: Person) -> Issue | None:
    """The matter on whose page it was written, if the writer sees it."""
    if ref := matter_on(page):
        with suppress(NotHere):
            return access_issue(by, ref)
    return None


def _record(kind: str, what: Suggestion, by: Person, at: datetime, text: str = "") -> None:
    record(
        kind,
        what.journal_key,
        county=what.county,
        by=by,
        at=at,
        words={"text": text} if text else {},
        touches=[TOPIC],
        year=what.year,
        number=what.number,
    )
