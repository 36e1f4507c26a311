"""Which clocks run when: the table of `life.md`, as one function from facts to clocks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from ..states import A, AskedFor, ClockKind, Handling, Part, S, Track, Turn
from .policy import Limit, Policy


@dataclass(frozen=True, slots=True)
class PartFacts:
    id: int
    part: str
    state: str
    assigned_at: datetime
    contacted: bool


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """dated_at: when it was given its date; pauses before that do not move it."""

    id: int
    part_id: int
    due_on: date
    drawn_at: datetime
    dated_at: datetime


@dataclass(frozen=True, slots=True)
class AskFacts:
    """decides: whose turn it is to decide."""

    kind: str
    part_id: int | None
    asked_at: datetime
    decides: str = Turn.DESK


@dataclass(frozen=True, slots=True)
class MatterFacts:
    """What decides a matter's clocks.

    waiting_from: when it last came to triage. redo_from: when the current redo began; round counts
    redos, the first way through is 0. end_on: the date that an order, a change or an extension
    named at `end_dated_at`, which is the end date. hold_turn: who placed the hold, and owes the
    next reply. tasks: the open ones.
    """

    state: str
    track: str
    grade: str
    handling: str
    round: int
    registered_at: datetime
    waiting_from: datetime
    triaged_at: datetime | None = None
    replied_at: datetime | None = None
    reported_at: datetime | None = None
    confirm_from: datetime | None = None
    redo_from: datetime | None = None
    end_on: date | None = None
    hold_next_on: date | None = None
    hold_from: datetime | None = None
    hold_turn: str = Turn.DESK
    hold_dated_at: datetime | None = None
    end_dated_at: datetime | None = None
    parts: tuple[PartFacts, ...] = ()
    tasks: tuple[TaskFacts, ...] = ()
    asks: tuple[AskFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A clock that should run: what it counts, for whom, from when, how long.

    since: from when pauses move it, where its date was named after its start.
    """

    kind: ClockKind
    start: datetime
    limit: Limit
    part_id: int | None = None
    task_id: int | None = None
    since: datetime | None = None

    @property
    def key(self) -> tuple[str, int | None, int | None]:
        return (self.kind.value, self.part_id, self.task_id)


def wanted(matter: MatterFacts, policy: Policy) -> list[Wanted]:
    """The clocks that run in these facts. An open matter always has one."""
    if matter.state in (S.ENDED, S.ANSWERED):
        return []
    return [*_of_the_matter(matter, policy), *_of_its_parts(matter, policy)]


def _of_the_matter(m: MatterFacts, policy: Policy) -> Iterator[Wanted]:
    def clock(kind: ClockKind, start: datetime | None, **by: str) -> Iterator[Wanted]:
        limit = policy.limit(kind, **by)
        if start is not None and limit is not None:
            yield Wanted(kind, start, limit)

    if m.state == S.REGISTERED:
        yield from clock(ClockKind.TRIAGE, m.waiting_from)
    if m.state == S.TRIAGED:
        yield from clock(ClockKind.ANSWER, m.triaged_at)
    if m.round == 0 and m.state != S.VERIFIED and m.hold_next_on is None:
        yield from _end(m, policy)
    if m.hold_next_on is not None and m.hold_from is not None:
        yield Wanted(ClockKind.NEXT_REPLY, m.hold_from, m.hold_next_on, since=m.hold_dated_at)
    elif m.track in (Track.COMMON, Track.LONG_TERM) and m.state in (
        S.TRIAGED,
        S.LISTED,
        S.REPORTED,
    ):
        yield from clock(ClockKind.NEXT_REPLY, m.replied_at or m.triaged_at)
    if m.round > 0 and m.state in (S.TRIAGED, S.LISTED, S.REPORTED):
        yield from clock(ClockKind.REDO, m.redo_from)
    if m.state == S.REPORTED:
        yield from clock(ClockKind.VERIFY, m.reported_at)
    if m.state == S.VERIFIED:
        yield from clock(ClockKind.CONFIRM, m.confirm_from)


def _end(m: MatterFacts, policy: Policy) -> Iterator[Wanted]:
    """From registration, as soon as a grade or an order's date is known, until verified."""
    if m.track not in (Track.ON_SITE, Track.SCHEDULED):
        return
    limit: Limit | None = m.end_on or (
        policy.limit(ClockKind.END, track=m.track, grade=m.grade) if m.grade else None
    )
    if limit is not None:
        since = m.end_dated_at if m.end_on else None
        yield Wanted(ClockKind.END, m.registered_at, limit, since=since)


def _of_its_parts(m: MatterFacts, policy: Policy) -> Iterator[Wanted]:
    at_work = m.state in (S.TRIAGED, S.LISTED)

    def clock(kind: ClockKind, part: PartFacts, start: datetime, **by: str) -> Iterator[Wanted]:
        limit = policy.limit(kind, **by)
        if limit is not None:
            yield Wanted(kind, start, limit, part.id)

    for part in m.parts if at_work else ():
        if part.state == A.ASSIGNED:
            yield from clock(ClockKind.ACKNOWLEDGE, part, part.assigned_at)
        if part.part == Part.COOPERATING and part.state in (A.ASSIGNED, A.WORKING, A.DISPUTED):
            yield from clock(ClockKind.COOPERATING, part, part.assigned_at)
        if part.part == Part.LEAD and not part.contacted and part.state in (A.ASSIGNED, A.WORKING):
            yield from clock(ClockKind.FIRST_CONTACT, part, part.assigned_at, track=m.track)
    for task in m.tasks if m.state == S.LISTED else ():
        yield Wanted(
            ClockKind.TASK,
            task.drawn_at,
            task.due_on,
            task.part_id,
            task.id,
            since=task.dated_at,
        )
    for ask in m.asks if at_work else ():
        if ask.kind == AskedFor.OBJECTION:
            yield Wanted(ClockKind.OBJECTION, ask.asked_at, "0wd", ask.part_id)
        if ask.kind == AskedFor.EXTENSION:
            yield Wanted(ClockKind.EXTENSION, ask.asked_at, "1wd", ask.part_id)


OWED_BY_LEAD = frozenset({ClockKind.ANSWER, ClockKind.END, ClockKind.NEXT_REPLY, ClockKind.REDO})
"""Clocks of the matter that its lead answers for."""

_OWED_BY_DESK = frozenset({ClockKind.TRIAGE, ClockKind.VERIFY})
_DECIDED = {
    ClockKind.OBJECTION: AskedFor.OBJECTION,
    ClockKind.EXTENSION: AskedFor.EXTENSION,
}


def turn_of(kind: str, part_id: int | None, m: MatterFacts) -> Turn:
    """Whose turn it is while this clock, of this part, is the nearest.

    Once the result is reported, the end clock still runs, but the next step is to verify; on a
    name-hidden matter the desk owes the first contact (D11); in a hold who placed it owes the
    next reply.
    """
    if m.state in (S.ENDED, S.ANSWERED):
        return Turn.NOBODY
    if m.state == S.VERIFIED:
        return Turn.ENTERPRISE
    if m.state in (S.REGISTERED, S.REPORTED) or kind in _OWED_BY_DESK:
        return Turn.DESK
    for ask in m.asks:
        if _DECIDED.get(ClockKind(kind)) == ask.kind and ask.part_id == part_id:
            return Turn(ask.decides)
    if kind == ClockKind.FIRST_CONTACT and m.handling == Handling.NAME_HIDDEN:
        return Turn.DESK
    if kind == ClockKind.NEXT_REPLY and m.hold_next_on is not None:
        return Turn(m.hold_turn)
    return Turn.UNIT
