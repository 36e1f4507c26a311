"""Which dates follow from a choice, before it is made: by the table that starts the clocks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from qingdan.domain.ledger.models import Clock, Issue
from qingdan.domain.ledger.models.clocks import Stretch, count, end_reckoned, reckoned
from qingdan.domain.ledger.rules.clocks import MatterFacts, PartFacts, wanted
from qingdan.domain.ledger.rules.policy import policy
from qingdan.domain.ledger.states import A, ClockKind, Grade, Part, S, Track
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.words import gettext_noop
from qingdan.foundations.workdays.calendar import official
from qingdan.foundations.workdays.due import Due
from qingdan.interfaces.shared.rows import clock_words

SHOWN = (
    ClockKind.FIRST_CONTACT,
    ClockKind.ANSWER,
    ClockKind.NEXT_REPLY,
    ClockKind.REDO,
    ClockKind.END,
)
"""In the order in which they come."""


@dataclass(frozen=True, slots=True)
class Date:
    """A date that would run. promised: it is what the enterprise is told."""

    kind: str
    due: Due
    promised: bool


def dates_of(issue: Issue, track: str, grade: str, now: datetime) -> list[Date]:
    """The dates of a matter, were it triaged now; none while track and grade are not chosen."""
    if track not in set(Track) or grade not in set(Grade):
        return []
    facts = MatterFacts(
        state=S.TRIAGED,
        track=track,
        grade=grade,
        handling=issue.handling,
        round=issue.round,
        registered_at=issue.registered_at,
        waiting_from=issue.waiting_from,
        triaged_at=now,
        replied_at=now,
        redo_from=now if issue.round else None,
        end_on=issue.end_on,
        parts=(PartFacts(0, Part.LEAD, A.ASSIGNED, now, contacted=False),),
    )
    found = {asked.kind: count(asked) for asked in wanted(facts, policy(issue.policy))}
    return [
        Date(kind.value, found[kind], promised=kind == ClockKind.END)
        for kind in SHOWN
        if kind in found
    ]


# ------------------------------------------------------------------ which dates move


@dataclass(frozen=True, slots=True)
class Move:
    """A running date: before and after; None where there is none. promised: the firm reads it."""

    words: str
    before: date | None
    after: date | None
    promised: bool = False

    @property
    def stays(self) -> bool:
        return self.before == self.after


def running(issue: Issue) -> list[Clock]:
    """The matter's running clocks, the nearest first."""
    rows = Clock.objects.filter(issue=issue, stopped_at=None).select_related("task")
    return list(rows.order_by("due_at", "pk"))


def moved_by_pause(issue: Issue, until: date, now: datetime) -> list[Move]:
    """Each running date, were the clocks to stand still from now until that day's 00:00."""
    if until <= clock.date_of(now):
        return []
    return [
        Move(_words(row), row.due_on, _standing(row, (now, clock.start_of(until))), _promised(row))
        for row in running(issue)
    ]


def _standing(row: Clock, stretch: Stretch) -> date:
    """When a clock would be due, were a stretch left out that begins now."""
    row.stood = [*row.stood, [moment.isoformat() for moment in stretch]]
    return reckoned(row).on


def moved_by_change(issue: Issue, track: str, grade: str, now: datetime) -> list[Move]:
    """The end date before and after, were the matter handled by this track and grade from now."""
    if track not in set(Track) or grade not in set(Grade):
        return []
    ends = next((row for row in running(issue) if row.kind == ClockKind.END), None)
    before = ends.due_on if ends else None
    if (track, grade) == (issue.track, issue.grade):
        return [Move(_(END), before, before, promised=True)] if before else []
    if issue.round or issue.held:
        return []
    after = _ends(issue, track, grade, now)
    return [Move(_(END), before, after, promised=True)] if before or after else []


def _ends(issue: Issue, track: str, grade: str, now: datetime) -> date | None:
    """The end date of a track and a grade, never before tomorrow: as `change` counts it."""
    if track not in (Track.ON_SITE, Track.SCHEDULED):
        return None
    limit = policy(issue.policy).limit(ClockKind.END, track=track, grade=grade)
    if limit is None:
        return None
    ends = end_reckoned(issue, limit, now).on
    if ends <= clock.date_of(now):
        return official().next_working_day(clock.date_of(now) + timedelta(days=1))
    return ends


def _words(row: Clock) -> str:
    if row.kind == ClockKind.TASK and row.task is not None:
        return str(row.task.title)
    return _(END) if row.kind == ClockKind.END else clock_words(row.kind)


def _promised(row: Clock) -> bool:
    return row.kind in (ClockKind.END, ClockKind.REDO)


END = gettext_noop("Result, as promised to the enterprise")
