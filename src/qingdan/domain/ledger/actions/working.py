"""The work of a unit: acknowledge, contact, finish a task, say how it goes."""

from datetime import datetime

from django.db import IntegrityError, transaction

from qingdan.domain.people.rules import Person
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, StepNotOpen
from qingdan.foundations.kernel.moves import advance
from qingdan.foundations.kernel.words import gettext_noop

from ..models import Assignment, Issue, Nudge, Task
from ..queries import letters_of
from ..queries.acts import nudge_day
from ..states import PART_LIFE, Part, T
from .acting import begin, finish, handled, my_part


@transaction.atomic
def acknowledge(issue: Issue, *, by: Person) -> None:
    """签收: the unit has it. The first contact acknowledges too."""
    now = begin("acknowledge", issue, by)
    part = _part(issue, by)
    advance(part, PART_LIFE, "acknowledge", at=now, acknowledged_at=now)
    handled(issue, by, now)
    finish("acknowledge", issue, by=by, at=now, kind="task.acknowledged", unit=part.unit.code)


@transaction.atomic
def finish_task(issue: Issue, number: int, text: str, *, by: Person) -> None:
    """A unit finishes one of its own tasks and says what was done.

    A cooperating or executing unit that finished its last one has done its part.
    """
    now = begin("finish-task", issue, by)
    part = _part(issue, by)
    task = next((t for t in issue.tasks.filter(state=T.OPEN.value) if t.number == number), None)
    if task is None or task.unit_id != part.unit_id:
        raise Incomplete({"task": gettext_noop("Your unit has no such open task here.")})
    if not text.strip():
        raise Incomplete({"text": gettext_noop("Say what was done.")})
    finish_one(task, text, now)
    left = issue.tasks.filter(state=T.OPEN.value, unit=part.unit_id).exists()
    if not left and part.part != Part.LEAD:
        advance(part, PART_LIFE, "finish", at=now, done_at=now)
    handled(issue, by, now)
    finish(
        "finish-task",
        issue,
        by=by,
        at=now,
        kind="task.finished",
        words={"text": text, "title": task.title},
        unit=part.unit.code,
        task=number,
    )


def finish_one(task: Task, text: str, now: datetime) -> None:
    task.state, task.done_at, task.done_text = T.DONE.value, now, text
    task.save(update_fields=["state", "done_at", "done_text"])


@transaction.atomic
def progress(issue: Issue, text: str, *, by: Person, flag: bool = False) -> None:
    """Say how it goes; it moves no state. The lead's word starts the next reply anew."""
    now = begin("progress", issue, by)
    part = my_part(issue, by)
    if not text.strip():
        raise Incomplete({"text": gettext_noop("Say how it goes.")})
    columns: dict[str, object] = {}
    if part is not None and part.part == Part.LEAD:
        columns["replied_at"] = now  # the next reply is the lead's to give
    if flag:
        may_flag(issue, by)
        columns["flagged"] = True
    if part is not None:
        handled(issue, by, now)
    finish(
        "progress",
        issue,
        by=by,
        at=now,
        kind="task.progressed",
        words={"text": text},
        columns=columns,
        unit=by.unit_code,
        flag=flag,
    )


def may_flag(issue: Issue, by: Person) -> None:
    """Only who stands at the desk marks a matter so that its result is looked at."""
    if "D" not in letters_of(issue, by):
        raise NotAllowed


@transaction.atomic
def nudge(issue: Issue, *, by: Person) -> None:
    """催一下: once a working day by each; it moves no state."""
    now = begin("nudge", issue, by)
    try:
        with transaction.atomic():
            Nudge.objects.create(
                county=issue.county, issue=issue, person=by.key, day=nudge_day(now), at=now
            )
    except IntegrityError:
        raise StepNotOpen(
            gettext_noop("You nudged today already. They have seen it."), code="nudged"
        ) from None
    finish("nudge", issue, by=by, at=now, kind="issue.nudged")


def _part(issue: Issue, by: Person) -> Assignment:
    part = my_part(issue, by)
    if part is None:
        raise NotAllowed
    return part
