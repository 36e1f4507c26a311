"""Clocks as rows, and where everything stands: what every list of today or of any day reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from qingdan.domain.enterprises.models import Subject
from qingdan.domain.people.models import Post, Unit
from qingdan.foundations.kernel import clock as time
from qingdan.foundations.workdays.calendar import official
from qingdan.foundations.workdays.due import Due, due, due_on_date, yellow_from

from ..rules.clocks import (
    OWED_BY_LEAD,
    AskFacts,
    MatterFacts,
    PartFacts,
    TaskFacts,
    Wanted,
    turn_of,
    wanted,
)
from ..rules.policy import Limit, policy
from ..states import A, ClockKind, Handling, Part, T, Track, Turn

Stretch = tuple[datetime, datetime]
"""Time that does not count, [from, until)."""


class Clock(models.Model):
    """One deadline that runs or ran. Its light is a comparison with now (D6).

    limit: in the notation of the policy, or the date that an order or a task names. `version`
    moves when the date does; a clock that is counted anew is another row, the old one is kept.
    stood: the stretches [from, until) that did not count, as ISO instants. paused_until: until
    when the present one lasts.
    """

    county = models.CharField(max_length=12)
    issue = models.ForeignKey("ledger.Issue", models.CASCADE, related_name="clocks")
    assignment = models.ForeignKey(
        "ledger.Assignment", models.CASCADE, null=True, related_name="clocks"
    )
    task = models.ForeignKey("ledger.Task", models.CASCADE, null=True, related_name="clocks")
    kind = models.CharField(max_length=14)
    start_at = models.DateTimeField()
    limit = models.CharField(max_length=12)
    due_at = models.DateTimeField()
    due_on = models.DateField()
    yellow_at = models.DateTimeField()
    red_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    stood = models.JSONField(default=list)
    paused_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "county",
                "issue",
                "kind",
                Coalesce("assignment", 0),
                Coalesce("task", 0),
                condition=Q(stopped_at=None),
                name="ledger_a_clock_runs_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["county", "due_at", "id"],
                condition=Q(stopped_at=None),
                name="ledger_clock_running",
            ),
            models.Index(fields=["issue"], name="ledger_clock_of_issue"),
        ]


class Pause(models.Model):
    """An interval [from, to) in which a matter's clocks stand, with a reason its firm sees."""

    county = models.CharField(max_length=12)
    issue = models.ForeignKey("ledger.Issue", models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=24)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Standing(models.Model):
    """Where a matter, a unit's part or a task stood from one moment to the next (D7).

    One open row for each; a changed one closes its row and opens another. Today's list is
    `to_at IS NULL`, the list of day D is `from_at <= D < to_at`, one query for both.
    unit: the part's or task's unit, of a matter its lead. turn_unit: the unit whose turn it is.
    paused_until: until then its light is grey, a comparison with now as every light (D6).
    """

    county = models.CharField(max_length=12)
    issue = models.ForeignKey("ledger.Issue", models.CASCADE, related_name="standings")
    assignment = models.ForeignKey(
        "ledger.Assignment", models.CASCADE, null=True, related_name="+"
    )
    task = models.ForeignKey("ledger.Task", models.CASCADE, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    leader = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    park = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+")
    part = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=12)
    turn = models.CharField(max_length=12, blank=True)
    turn_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    clock = models.ForeignKey(Clock, models.SET_NULL, null=True, related_name="+")
    clock_kind = models.CharField(max_length=14, blank=True)
    due_at = models.DateTimeField()
    yellow_at = models.DateTimeField()
    red_at = models.DateTimeField()
    paused_until = models.DateTimeField(null=True)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "county",
                "issue",
                Coalesce("assignment", 0),
                Coalesce("task", 0),
                condition=Q(to_at=None),
                name="ledger_stands_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["county", "due_at", "id"],
                condition=Q(to_at=None, assignment=None),
                name="ledger_matters_today",
            ),
            models.Index(
                fields=["county", "unit", "due_at", "id"],
                condition=Q(to_at=None),
                name="ledger_parts_today",
            ),
            models.Index(fields=["issue", "to_at"], name="ledger_standing_of_issue"),
            models.Index(fields=["county", "from_at", "to_at"], name="ledger_stood_on_day"),
        ]


class Sight(models.Model):
    """Who has a matter in sight, from when to when (D10).

    holder: a unit, a section, a post or a subject, such as "unit:12". why: the act's part that
    gave it. Released or moved closes it.
    """

    county = models.CharField(max_length=12)
    issue = models.ForeignKey("ledger.Issue", models.CASCADE, related_name="sights")
    holder = models.CharField(max_length=40)
    why = models.CharField(max_length=20)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "issue", "holder", "why"],
                condition=Q(to_at=None),
                name="ledger_in_sight_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["county", "holder", "issue"],
                condition=Q(to_at=None),
                name="ledger_sight_of_holder",
            ),
        ]


if TYPE_CHECKING:
    Matter = Any
    """An Issue. It stands above this file, which therefore cannot name it."""


def keep(issue: "Matter", at: datetime) -> None:
    """Start and stop the matter's clocks as its facts now say, then write where all of it stands.

    Called once at the end of every act, by `advance()` through `Issue.stand`.
    """
    parts = list(issue.assignments.exclude(state=A.RELEASED.value).order_by("pk"))
    tasks = list(issue.tasks.exclude(state=T.DROPPED.value).order_by("pk"))
    facts = _facts(issue, parts, tasks)
    running = _run(issue, facts, _stood(issue, at), at)
    _stand(issue, facts, parts, tasks, running, at)


@dataclass(frozen=True, slots=True)
class _Stood:
    """When its clocks stood still. held: while the end clock did. now: the running pause."""

    pauses: tuple[Stretch, ...] = ()
    held: tuple[Stretch, ...] = ()
    now: Stretch | None = None

    def of(self, asked: Wanted) -> list[Stretch]:
        """The stretches that this clock leaves out."""
        found = [*self.pauses, *(self.held if asked.kind == ClockKind.END else ())]
        since = asked.since or asked.start
        return [(max(a, since), b) for a, b in found if b > since]


def _stood(issue: "Matter", at: datetime) -> _Stood:
    if not issue.interrupted:
        return _Stood()
    rows = list(issue.pauses.order_by("from_at"))
    ends = [(row.from_at, row.ended_at or row.until_at) for row in rows]
    held = issue.holds.exclude(to_at=None).order_by("from_at").values_list("from_at", "to_at")
    return _Stood(
        pauses=tuple((a, b) for a, b in ends if a < b),
        held=tuple(held),
        now=next(((a, b) for a, b in ends if a <= at < b), None),
    )


def _facts(issue: "Matter", parts: list[Any], tasks: list[Any]) -> MatterFacts:
    hold = issue.holds.filter(to_at=None).first() if issue.held else None
    asks = issue.asks.filter(decided_at=None) if issue.asked else []
    return MatterFacts(
        state=issue.state,
        track=issue.track,
        grade=issue.grade,
        handling=issue.handling,
        round=issue.round,
        registered_at=issue.registered_at,
        waiting_from=issue.waiting_from,
        triaged_at=issue.triaged_at,
        replied_at=issue.replied_at,
        reported_at=issue.reported_at,
        confirm_from=issue.confirm_from,
        redo_from=issue.redo_from,
        end_on=issue.end_on,
        hold_next_on=hold.next_on if hold else None,
        hold_from=hold.from_at if hold else None,
        hold_turn=hold.turn if hold else Turn.DESK,
        hold_dated_at=hold.dated_at if hold else None,
        end_dated_at=issue.end_dated_at,
        parts=tuple(
            PartFacts(p.pk, p.part, p.state, p.assigned_at, p.contacted_at is not None)
            for p in parts
        ),
        tasks=tuple(
            TaskFacts(t.pk, t.assignment_id, t.due_on, t.drawn_at, t.dated_at)
            for t in tasks
            if t.state == T.OPEN
        ),
        asks=tuple(AskFacts(a.kind, a.assignment_id, a.asked_at, a.decides) for a in asks),
    )


def _run(issue: "Matter", facts: MatterFacts, stood: _Stood, at: datetime) -> list[Clock]:
    """Let exactly the wanted clocks run, each until its date; hand back the running ones."""
    want = {w.key: w for w in wanted(facts, policy(issue.policy))}
    running: list[Clock] = []
    for row in Clock.objects.filter(issue=issue, stopped_at=None):
        key = (row.kind, row.assignment_id, row.task_id)
        asked = want.get(key)
        if asked is not None and row.start_at == asked.start and row.limit == str(asked.limit):
            _dated_anew(row, asked, stood)
            running.append(row)
            del want[key]
        else:
            Clock.objects.filter(pk=row.pk).update(stopped_at=at, version=F("version") + 1)
    fresh = [_started(issue, asked, stood, at) for asked in want.values()]
    for row in fresh:
        row.save(force_insert=True)
    running += fresh
    promised = next((row.due_on for row in running if row.kind == ClockKind.END), None)
    if promised is not None and promised != issue.promised_on:
        issue.promised_on = promised
        type(issue)._base_manager.filter(pk=issue.pk).update(promised_on=promised)
    if facts.track in (Track.COMMON, Track.LONG_TERM) and issue.promised_on is not None:
        issue.promised_on = None  # a track without an end date promises the next reply
        type(issue)._base_manager.filter(pk=issue.pk).update(promised_on=None)
    return running


def count(asked: Wanted, stood: Sequence[Stretch] = ()) -> Due:
    """When a clock is due, with the explanation. stood: the stretches that do not count."""
    return _count(asked.start, asked.limit, stood)


def end_reckoned(issue: "Matter", limit: Limit, at: datetime) -> Due:
    """When the end date would be by another limit, pauses and holds left out."""
    asked = Wanted(ClockKind.END, issue.registered_at, limit)
    return count(asked, _stood(issue, at).of(asked))


def reckoned(row: Clock) -> Due:
    """Why a clock is due when it is, reckoned again from what stands in its row."""
    is_date = row.limit[:4].isdigit() and row.limit.count("-") == 2
    limit = date.fromisoformat(row.limit) if is_date else row.limit
    stood = [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in row.stood]
    return _count(row.start_at, limit, stood)


def _count(start: datetime, limit: Limit, stood: Sequence[Stretch]) -> Due:
    if isinstance(limit, str):
        return due(start, limit, official(), pauses=stood)
    return due_on_date(limit, official(), start=start, pauses=stood)


def _dated_anew(row: Clock, asked: Wanted, stood: _Stood) -> None:
    """Move a running clock as its pauses say; its date only ever moves by what did not count."""
    left_out = stood.of(asked)
    since, until = stood.now or (None, None)
    if _as_text(left_out) == row.stood and (since, until) == (row.paused_at, row.paused_until):
        return
    for name, value in _dates(asked, left_out).items():
        setattr(row, name, value)
    row.paused_at, row.paused_until = since, until
    row.version += 1
    row.save()


def _as_text(stretches: Sequence[Stretch]) -> list[list[str]]:
    return [[a.isoformat(), b.isoformat()] for a, b in stretches]


def _dates(asked: Wanted, stood: Sequence[Stretch]) -> dict[str, Any]:
    """The columns of a clock that say when."""
    until = count(asked, stood)
    red = until.at
    yellow = yellow_from(until)
    if asked.kind == ClockKind.NEXT_REPLY:  # ○ until its day, then red
        red = yellow = time.start_of(until.on)
    return {
        "due_at": until.at,
        "due_on": until.on,
        "yellow_at": yellow,
        "red_at": red,
        "provisional": until.provisional,
        "stood": _as_text(stood),
    }


def _started(issue: "Matter", asked: Wanted, stood: _Stood, at: datetime) -> Clock:
    since, until = stood.now or (None, None)
    return Clock(
        county=issue.county,
        issue=issue,
        assignment_id=asked.part_id,
        task_id=asked.task_id,
        kind=asked.kind.value,
        start_at=asked.start,
        limit=str(asked.limit),
        started_at=at,
        paused_at=since,
        paused_until=until,
        **_dates(asked, stood.of(asked)),
    )


def _stand(
    issue: "Matter",
    facts: MatterFacts,
    parts: list[Any],
    tasks: list[Any],
    running: list[Clock],
    at: datetime,
) -> None:
    """Close the rows that changed and open what follows; rows of one instant are written over."""
    lead = next((p for p in parts if p.part == Part.LEAD), None)
    by_id = {p.pk: p for p in parts}
    desk = _row(issue, facts, running, at, state=issue.state)
    desk["unit_id"] = lead.unit_id if lead else None
    nearest = desk.pop("nearest")
    if desk["turn"] == Turn.UNIT:
        owner = by_id.get(nearest.assignment_id) if nearest else None
        turner = owner or lead
        desk["turn_unit_id"] = turner.unit_id if turner else None
    rows: dict[tuple[int | None, int | None], dict[str, Any]] = {(None, None): desk}
    for part in parts:
        own = [
            c
            for c in running
            if c.assignment_id == part.pk
            and not (c.kind == ClockKind.FIRST_CONTACT and issue.handling == Handling.NAME_HIDDEN)
        ]
        if part.part == Part.LEAD:
            own += [c for c in running if c.assignment_id is None and c.kind in OWED_BY_LEAD]
        if part.state == A.DONE:
            own = []
        row = _row(issue, facts, own, at, state=part.state)
        row.pop("nearest")
        row |= {"unit_id": part.unit_id, "part": part.part}
        if row["turn"] == Turn.UNIT:
            row["turn_unit_id"] = part.unit_id
        rows[(part.pk, None)] = row
    for task in tasks:
        if task.assignment_id not in by_id:
            continue
        own = [c for c in running if c.task_id == task.pk]
        row = _row(issue, facts, own, at, state=task.state)
        row.pop("nearest")
        row |= {"unit_id": task.unit_id, "part": by_id[task.assignment_id].part}
        if row["turn"] == Turn.UNIT:
            row["turn_unit_id"] = task.unit_id
        rows[(task.assignment_id, task.pk)] = row
    _write(issue, rows, at)


_COMPARED = (
    "unit_id",
    "leader_id",
    "park_id",
    "part",
    "state",
    "turn",
    "turn_unit_id",
    "clock_id",
    "clock_kind",
    "yellow_at",
    "red_at",
    "paused_until",
)


def _row(
    issue: "Matter", facts: MatterFacts, own: list[Clock], at: datetime, *, state: str
) -> dict[str, Any]:
    """The columns of a row whose nearest clock is among `own`."""
    nearest = min(own, key=lambda c: (c.due_at, c.pk), default=None)
    turn = turn_of(nearest.kind, nearest.assignment_id, facts) if nearest else Turn.NOBODY
    return {
        "leader_id": issue.leader_id,
        "park_id": issue.park_id,
        "part": "",
        "state": state,
        "turn": turn.value,
        "turn_unit_id": None,
        "clock_id": nearest.pk if nearest else None,
        "clock_kind": nearest.kind if nearest else "",
        "due_at": nearest.due_at if nearest else at,
        "yellow_at": nearest.yellow_at if nearest else at,
        "red_at": nearest.red_at if nearest else at,
        "paused_until": nearest.paused_until if nearest else None,
        "nearest": nearest,
    }


def _write(
    issue: "Matter", rows: dict[tuple[int | None, int | None], dict[str, Any]], at: datetime
) -> None:
    closed: list[int] = []
    for old in Standing.objects.filter(issue=issue, to_at=None):
        key = (old.assignment_id, old.task_id)
        new = rows.pop(key, None)
        if new is None:
            closed.append(old.pk)
            continue
        # a row without a clock keeps the instant at which it fell asleep
        compared = [c for c in _COMPARED if new["clock_id"] or c not in ("yellow_at", "red_at")]
        if all(getattr(old, name) == new[name] for name in compared):
            continue
        if old.from_at == at:
            Standing.objects.filter(pk=old.pk).update(**new)
        else:
            closed.append(old.pk)
            rows[key] = new
    if closed:
        Standing.objects.filter(pk__in=closed).update(to_at=at)
    Standing.objects.bulk_create(
        Standing(
            county=issue.county,
            issue=issue,
            subject_id=issue.subject_id,
            assignment_id=assignment,
            task_id=task,
            from_at=at,
            **new,
        )
        for (assignment, task), new in rows.items()
    )
