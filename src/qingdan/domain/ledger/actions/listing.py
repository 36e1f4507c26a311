"""三个清单: approach, dated tasks, one lead, cooperating and executing units."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from qingdan.domain.people.models import Post, Section, Unit
from qingdan.domain.people.rules import Person, section_holder, unit_holder
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Incomplete, Refusal, StepNotOpen
from qingdan.foundations.kernel.moves import advance
from qingdan.foundations.kernel.words import gettext_noop
from qingdan.foundations.workdays.calendar import official

from ..models import Assignment, Issue, Responsibility, Sight, Task
from ..rules.lists import Line, OldTask, check_lists
from ..states import PART_LIFE, A, Part, T
from .acting import begin, finish, hide, offices_open, show
from .bodies import post_of, section_of
from .registering import assign
from .responsible import NAMES_FIRM, answers_for, barred, names_firm


@transaction.atomic
def draw_lists(
    issue: Issue,
    approach: str,
    lines: Sequence[Line],
    dropped: Sequence[tuple[int, str]] = (),
    *,
    by: Person,
) -> None:
    """Draw the lists, or draw them anew: every old task is kept or dropped with a reason.

    A unit left without a task is released; a unit that comes new is given its part.
    """
    now = begin("draw-lists", issue, by)
    lead = issue.lead
    if lead is None:
        raise StepNotOpen
    tasks = list(issue.tasks.exclude(state=T.DROPPED.value).select_related("unit"))
    units, sections, people = _named(issue, lines, dropped, lead, tasks, now, approach)
    _drop(tasks, dropped, now)
    parts = _parts(issue, lines, units, now)
    _release_idle(issue, parts, tasks, lines, now)
    _draw(issue, lines, tasks, parts, units, sections, people, now)
    _responsible(parts, lines, sections, now)
    _close_sections(issue, now)
    finish(
        "draw-lists",
        issue,
        by=by,
        at=now,
        kind="issue.listed",
        words={
            "approach": approach,
            "tasks": "\n".join(line.title for line in lines),
            "dropped": "\n".join(reason for _, reason in dropped),
        },
        columns={
            "approach": approach or issue.approach,
            "asked": issue.asked and issue.asks.filter(decided_at=None).exists(),
            "listed_at": issue.listed_at or now,
            "replied_at": now,
        },
        tasks=[{"unit": line.unit, "due_on": line.due_on, "part": line.part} for line in lines],
    )


def _named(
    issue: Issue,
    lines: Sequence[Line],
    dropped: Sequence[tuple[int, str]],
    lead: Assignment,
    tasks: list[Task],
    now: datetime,
    approach: str,
) -> tuple[dict[str, Unit], dict[int, Section], dict[int, Post]]:
    """Find what the lines name and check them whole; raise Incomplete with every fault at once."""
    codes = {line.unit for line in lines}
    units = {u.code: u for u in Unit.objects.filter(county=issue.county, code__in=codes)}
    today = clock.date_of(now)
    bound = issue.promised_on if issue.round == 0 and not issue.held else None
    wrong: dict[str, Refusal | str] = dict(
        check_lists(
            lines,
            dropped,
            lead=lead.unit.code,
            parts={p.unit.code: p.part for p in issue.parts},
            old=[OldTask(t.number, t.unit.code, t.due_on, t.state == T.DONE) for t in tasks],
            today=today,
            offices_open=offices_open(now),
            end_on=bound,
            calendar=official(),
        )
    )
    if not approach.strip() and not issue.approach:
        wrong["approach"] = gettext_noop("Say in a sentence how it is to be solved.")
    if names_firm(issue, approach):
        wrong["approach"] = NAMES_FIRM
    sections: dict[int, Section] = {}
    people: dict[int, Post] = {}
    for n, line in enumerate(lines):
        unit = units.get(line.unit)
        if unit is None:
            wrong[f"tasks.{n}.unit"] = Refusal(
                gettext_noop("There is no unit “%(unit)s”. Choose one from the list."),
                unit=line.unit,
            )
            continue
        if refusal := barred(issue, unit):
            wrong[f"tasks.{n}.unit"] = refusal
        if names_firm(issue, line.title):
            wrong[f"tasks.{n}.title"] = NAMES_FIRM
        if line.section:
            section = section_of(unit, line.section)
            if section is None:
                wrong[f"tasks.{n}.section"] = gettext_noop("This unit has no such section.")
            else:
                sections[n] = section
        if line.person:
            post = post_of(unit, line.person)
            if post is None:
                wrong[f"tasks.{n}.person"] = gettext_noop("This unit has no such post.")
            else:
                people[n] = post
    if wrong:
        raise Incomplete(wrong)
    return units, sections, people


def _drop(tasks: list[Task], dropped: Sequence[tuple[int, str]], now: datetime) -> None:
    why = dict(dropped)
    for task in tasks:
        if task.number in why:
            task.state, task.dropped_at = T.DROPPED.value, now
            task.dropped_why = why[task.number]
            task.save(update_fields=["state", "dropped_at", "dropped_why"])


def _parts(
    issue: Issue, lines: Sequence[Line], units: dict[str, Unit], now: datetime
) -> dict[str, Assignment]:
    """The part of each unit in the lines, given where it is new."""
    parts = {p.unit.code: p for p in issue.parts}
    for line in lines:
        if line.unit not in parts:
            parts[line.unit] = assign(issue, units[line.unit], Part(line.part), now)
        elif parts[line.unit].state == A.DONE and line.id is None:
            advance(parts[line.unit], PART_LIFE, "again", at=now, done_at=None)
    return parts


def _release_idle(
    issue: Issue,
    parts: dict[str, Assignment],
    tasks: list[Task],
    lines: Sequence[Line],
    now: datetime,
) -> None:
    """A unit left without a task is released; one that finished a task keeps its part."""
    named = {line.unit for line in lines}
    busy = named | {t.unit.code for t in tasks if t.state == T.DONE}
    for code, part in list(parts.items()):
        if code not in busy:
            release(issue, part, now)
            del parts[code]
        elif code not in named and part.part != Part.LEAD and part.state == A.WORKING:
            advance(part, PART_LIFE, "finish", at=now, done_at=now)


def release(issue: Issue, part: Assignment, now: datetime) -> None:
    """Take a unit's part away, with the sight that came with it; what it did stays."""
    advance(part, PART_LIFE, "release", at=now, released_at=now)
    Responsibility.objects.filter(assignment=part, to_at=None).update(to_at=now)
    issue.asks.filter(assignment=part, decided_at=None).update(decided_at=now)
    hide(issue, unit_holder(part.unit_id), "part", now)
    for section in Section.objects.filter(unit=part.unit_id):
        hide(issue, section_holder(section.pk), "task", now)
    issue.__dict__.pop("parts", None)


def _draw(
    issue: Issue,
    lines: Sequence[Line],
    tasks: list[Task],
    parts: dict[str, Assignment],
    units: dict[str, Unit],
    sections: dict[int, Section],
    people: dict[int, Post],
    now: datetime,
) -> None:
    """Write the lines: kept tasks with what changed in them, new ones with the next number."""
    old = {task.number: task for task in tasks}
    number = max([0, *issue.tasks.values_list("number", flat=True)])
    for n, line in enumerate(lines):
        section, person = sections.get(n), people.get(n)
        if line.id is not None:
            task = old[line.id]
            task.title, task.section, task.person = line.title[:200], section, person
            if line.due_on is not None and line.due_on != task.due_on:
                task.due_on, task.dated_at = line.due_on, now
            task.save(update_fields=["title", "section", "person", "due_on", "dated_at"])
        else:
            number += 1
            Task.objects.create(
                county=issue.county,
                issue=issue,
                assignment=parts[line.unit],
                unit=units[line.unit],
                section=section,
                person=person,
                number=number,
                title=line.title[:200],
                due_on=line.due_on or clock.date_of(now),
                drawn_at=now,
                dated_at=now,
            )
        if section is not None:
            show(issue, section_holder(section.pk), "task", now)


def _close_sections(issue: Issue, now: datetime) -> None:
    """A section whose tasks moved or were dropped has the matter no longer in sight."""
    carried = issue.tasks.exclude(state=T.DROPPED.value).exclude(section=None)
    kept = {section_holder(pk) for pk in carried.values_list("section", flat=True)}
    seen = Sight.objects.filter(issue=issue, why="task", to_at=None)
    seen.exclude(holder__in=kept).update(to_at=now)


def _responsible(
    parts: dict[str, Assignment],
    lines: Sequence[Line],
    sections: dict[int, Section],
    now: datetime,
) -> None:
    """Where a task names a section, its head answers as 责任人 for the unit's part."""
    for code, part in parts.items():
        section = next(
            (sections[n] for n, line in enumerate(lines) if line.unit == code and n in sections),
            None,
        )
        if section is None:
            continue
        _, person = answers_for(part.unit, section)
        row = Responsibility.objects.filter(assignment=part, to_at=None).first()
        if row is None or person is None or row.person_id == person.pk:
            continue
        if row.from_at == now:
            Responsibility.objects.filter(pk=row.pk).update(person=person)
            continue
        Responsibility.objects.filter(pk=row.pk).update(to_at=now)
        Responsibility.objects.create(
            county=part.county,
            issue_id=part.issue_id,
            assignment=part,
            unit_id=part.unit_id,
            leader_id=row.leader_id,
            person=person,
            from_at=now,
        )
