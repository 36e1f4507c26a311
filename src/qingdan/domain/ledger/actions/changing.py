"""改派改级: another track, grade, class or lead, with a reason; and a question answered."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from qingdan.domain.people.models import Unit
from qingdan.domain.people.rules import Person
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Incomplete, Refusal, StepNotOpen
from qingdan.foundations.kernel.words import gettext_noop
from qingdan.foundations.workdays.calendar import official

from ..models import Issue, Result
from ..models.clocks import end_reckoned
from ..rules.policy import policy
from ..states import A, ClockKind, Grade, Handling, Nature, Track
from .acting import EVERY_OFFICE, begin, finish, handled
from .bodies import SHORT, Body
from .disputing import hand_over
from .responsible import barred, opened_to_about
from .triaging import ALREADY_THERE, show_to_leaders


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be otherwise; None is left as it is. shown_*: for a class that hides the name."""

    track: Track | None = None
    grade: Grade | None = None
    handling: Handling | None = None
    lead: Unit | None = None
    shown_title: str = ""
    shown_body: str = ""


@transaction.atomic
def change(issue: Issue, what: Change, reason: str, *, by: Person) -> None:
    """Change track, grade, class or lead of a matter that units have. The state stays.

    Another track or grade counts the end anew from registration, never before tomorrow; the lead
    changes only while he has not acknowledged, and his tasks pass with the part.
    """
    now = begin("change", issue, by)
    news = _news(issue, what)
    _check(issue, what, news, reason)
    columns: dict[str, Any] = {}
    if "track" in news or "grade" in news:
        columns |= _end_anew(issue, what, now)
    if what.handling is not None and "class" in news:
        show_to_leaders(issue, what.handling, now)
        columns["handling"] = what.handling.value
        if what.handling == Handling.NAME_HIDDEN:
            columns |= {"shown_title": what.shown_title, "shown_body": what.shown_body}
    if what.lead is not None and "lead" in news and issue.lead is not None:
        hand_over(issue, issue.lead, what.lead, now)
    finish(
        "change",
        issue,
        by=by,
        at=now,
        kind="issue.changed",
        words={"reason": reason},
        columns=columns,
        also=EVERY_OFFICE if "class" in news else (),
        **news,
    )


def _news(issue: Issue, what: Change) -> dict[str, Any]:
    """What really changes, by the names of the API."""
    news: dict[str, Any] = {}
    if what.track is not None and what.track != issue.track:
        news["track"] = what.track.value
    if what.grade is not None and what.grade != issue.grade:
        news["grade"] = what.grade.value
    if what.handling is not None and what.handling != issue.handling:
        news["class"] = what.handling.value
    lead = issue.lead
    if what.lead is not None and (lead is None or lead.unit_id != what.lead.pk):
        news["lead"] = what.lead.code
        news["was"] = lead.unit.code if lead else ""
    return news


def _check(issue: Issue, what: Change, news: dict[str, Any], reason: str) -> None:
    lead = issue.lead
    if "lead" in news and (lead is None or lead.state != A.ASSIGNED):
        raise StepNotOpen(
            gettext_noop("The lead has it already. Only before it acknowledges can it be changed.")
        )
    wrong: dict[str, Refusal | str] = {}
    if not news:
        wrong["reason"] = gettext_noop("Nothing would change. Say what is to be otherwise.")
    elif not reason.strip():
        wrong["reason"] = gettext_noop("Say why.")
    if what.lead is not None and "lead" in news:
        if refusal := barred(issue, what.lead):
            wrong["lead"] = refusal
        elif any(part.unit_id == what.lead.pk for part in issue.parts):
            wrong["lead"] = ALREADY_THERE
    if what.handling is not None and (refusal := opened_to_about(issue, what.handling)):
        wrong["class"] = refusal
    if "class" in news and what.handling != Handling.NORMAL:
        if issue.parts:
            wrong["class"] = gettext_noop(
                "Units have read it already: it can only be made normal."
            )
        elif what.handling == Handling.NAME_HIDDEN and not (what.shown_title and what.shown_body):
            wrong["shown_title"] = gettext_noop(
                "Write what units may read, without the firm's name."
            )
    if wrong:
        raise Incomplete(wrong)


def _end_anew(issue: Issue, what: Change, now: datetime) -> dict[str, Any]:
    """The columns that let the end date be counted anew by another track or grade."""
    track = what.track or Track(issue.track)
    grade = what.grade or Grade(issue.grade or Grade.C)
    columns: dict[str, Any] = {
        "track": track.value,
        "grade": grade.value,
        "end_on": None,
        "end_dated_at": None,
    }
    if track in (Track.COMMON, Track.LONG_TERM):
        if issue.track not in (Track.COMMON, Track.LONG_TERM):
            columns["replied_at"] = now
        return columns
    limit = policy(issue.policy).limit(ClockKind.END, track=track, grade=grade)
    calendar = official()
    if limit is not None and end_reckoned(issue, limit, now).on <= clock.date_of(now):
        tomorrow = date.fromordinal(clock.date_of(now).toordinal() + 1)
        columns |= {"end_on": calendar.next_working_day(tomorrow), "end_dated_at": now}
    return columns


@transaction.atomic
def answer(issue: Issue, text: str, *, by: Person) -> None:
    """答复咨询: a question is answered at the desk, in one act, and counted apart."""
    now = begin("answer", issue, by)
    if not text.strip():
        raise Incomplete({"text": gettext_noop("Write the answer.")})
    Result.objects.create(
        county=issue.county,
        issue=issue,
        round=issue.round,
        kind=ANSWER,
        text=text,
        unit_id=by.unit_id,
        by_id=by.post_id,
        at=now,
    )
    handled(issue, by, now)
    finish(
        "answer",
        issue,
        by=by,
        at=now,
        kind="issue.answered",
        words={"text": text},
        columns={"ended_at": now, "nature": Nature.QUESTION.value},
    )


ANSWER = "answer"
"""The kind of a result that answers a question; no unit reports it."""

# ------------------------------------------------------------------ as they are sent


def _change(issue: Issue, body: Body, by: Person) -> None:
    what = Change(
        track=body.choice("track", Track),
        grade=body.choice("grade", Grade),
        handling=body.choice("class", Handling),
        lead=body.unit("lead"),
        shown_title=body.text("shown_title", longest=SHORT),
        shown_body=body.text("shown_body"),
    )
    reason = body.text("reason", required=True, longest=2000)
    body.done()
    change(issue, what, reason, by=by)


def _answer(issue: Issue, body: Body, by: Person) -> None:
    text = body.text("text", required=True)
    body.done()
    answer(issue, text, by=by)


ACTS = {"change": _change, "answer": _answer}
