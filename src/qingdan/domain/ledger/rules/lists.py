"""Are the three lists complete? One lead, dated tasks on working days, nothing old forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qingdan.foundations.kernel.errors import Refusal
from qingdan.foundations.kernel.words import gettext_noop
from qingdan.foundations.workdays.calendar import Calendar

from ..states import Part


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the task list as somebody wrote it. id: the old task that it keeps."""

    title: str
    unit: str
    due_on: date | None
    part: str
    id: int | None = None
    section: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class OldTask:
    id: int
    unit: str
    due_on: date
    done: bool


def wrong_date(
    day: date, *, today: date, offices_open: bool, end_on: date | None, calendar: Calendar
) -> Refusal | None:
    """Why nobody can be given this date: past, off work, or after the end date that lies ahead."""
    first = today if offices_open and calendar.is_working(today) else None
    soonest = first or calendar.next_working_day(_after(today))
    if day < soonest:
        return Refusal(
            gettext_noop("%(day)s is over. The next working day is %(next)s."),
            code="past",
            day=day,
            next=soonest,
        )
    if not calendar.is_working(day):
        return Refusal(
            gettext_noop("%(day)s is a day off. Make it %(next)s?"),
            code="day-off",
            day=day,
            next=calendar.next_working_day(day),
        )
    if end_on is not None and end_on >= today and day > end_on:
        return Refusal(
            gettext_noop("%(day)s is after the end date, %(end)s."),
            code="after-end",
            day=day,
            end=end_on,
        )
    return None


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def check_lists(
    lines: Sequence[Line],
    dropped: Sequence[tuple[int, str]],
    *,
    lead: str,
    parts: dict[str, str],
    old: Sequence[OldTask],
    today: date,
    offices_open: bool,
    end_on: date | None,
    calendar: Calendar,
) -> dict[str, Refusal]:
    """What is wrong with the lists, by field; empty when they can be drawn.

    lead: the unit code of the matter's lead. parts: the part that each unit has already.
    end_on: the end date, None while it does not bind (a redo, or a track without one).
    """
    wrong: dict[str, Refusal] = {}

    def no(field: str, sentence: str, **facts: object) -> None:
        wrong.setdefault(field, Refusal(sentence, code="lists", **facts))

    if not lines:
        no("tasks", gettext_noop("Write at least one task with a unit and a date."))
    by_unit: dict[str, set[str]] = {}
    for line in lines:
        by_unit.setdefault(line.unit, set()).add(line.part)
    leads = [unit for unit, said in by_unit.items() if Part.LEAD in said]
    known = {task.id: task for task in old}
    for n, line in enumerate(lines):
        at = f"tasks.{n}"
        if not line.title.strip():
            no(f"{at}.title", gettext_noop("Say in one sentence what is to be done."))
        if len(by_unit[line.unit]) > 1:
            no(f"{at}.part", gettext_noop("All tasks of one unit carry the same part."))
        elif line.unit in parts and parts[line.unit] != line.part:
            no(
                f"{at}.part",
                gettext_noop("This unit already has another part in this matter."),
            )
        elif line.part == Part.LEAD and line.unit != lead:
            no(
                f"{at}.part",
                gettext_noop("Only one unit leads a matter, and this one has its lead already."),
            )
        if line.id is not None and (line.id not in known or known[line.id].done):
            no(f"{at}.id", gettext_noop("This matter has no such open task."))
        keeps = known.get(line.id) if line.id is not None else None
        if keeps is not None and keeps.unit != line.unit:
            no(f"{at}.unit", gettext_noop("A kept task stays with its unit."))
        if line.due_on is None:
            no(f"{at}.due_on", gettext_noop("Every task needs a date."))
        elif (keeps is None or keeps.due_on != line.due_on) and (
            refusal := wrong_date(
                line.due_on,
                today=today,
                offices_open=offices_open,
                end_on=end_on,
                calendar=calendar,
            )
        ):
            wrong.setdefault(f"{at}.due_on", refusal)
    if lines and leads != [lead] and not any(key.endswith(".part") for key in wrong):
        no("tasks", gettext_noop("The lead needs a task of its own."))
    settled = {line.id for line in lines if line.id is not None} | {task for task, _ in dropped}
    for n, (task, reason) in enumerate(dropped):
        if task not in known or known[task].done:
            no(f"dropped.{n}.id", gettext_noop("This matter has no such open task."))
        if not reason.strip():
            no(f"dropped.{n}.reason", gettext_noop("Say why this task is dropped."))
    forgotten = [task.id for task in old if not task.done and task.id not in settled]
    if forgotten:
        no(
            "dropped",
            gettext_noop("Keep or drop each old task: task %(task)d is in neither list."),
            task=forgotten[0],
        )
    return wrong
