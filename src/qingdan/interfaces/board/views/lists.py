"""三个清单: problem, task and responsibility, of whom one asks, on screen and on paper."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qingdan.domain.groups.actions import may_hang
from qingdan.domain.ledger.models import Responsibility, Standing, Task
from qingdan.domain.ledger.queries import reads_shown_words, standings, words_for
from qingdan.domain.ledger.rules.lights import light
from qingdan.domain.ledger.states import T
from qingdan.domain.people.models import Post, Unit
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role, UnitKind
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import NotHere

from ...shared.doors import door
from ...shared.rows import rows_of
from ..cut import cut_from

KINDS = ("problems", "tasks", "responsibilities")
SHOWN = 200
"""The most matters on one list; a longer one asks to be cut."""


@require_GET
@door("desk", "supervision", "leader", "assistant", "main_leader", "unit")
def three_lists(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise NotHere
    person = request.person
    now = clock.now()
    cut = cut_from(request.GET.dict(), person)
    lines = list(cut.lines(person).for_rows().after(None)[: SHOWN + 1])
    shown = lines[:SHOWN]
    return render(
        request,
        f"board/list_{kind}.html",
        {
            "here": "board",
            "kind": kind,
            "kinds": KINDS,
            "cut": cut,
            "rows": rows_of(shown, person, clock.end_of(cut.day) if cut.day else now),
            "tasks": _tasks(shown, person, cut.day) if kind == "tasks" else [],
            "duties": _duties(shown, person, cut.day) if kind == "responsibilities" else [],
            "too_long": len(lines) > SHOWN,
            "choices": _choices(person),
            "asked": request.GET.dict(),
            "may_hang": may_hang(person) and cut.day is None,
            "at": now,
        },
    )


def _choices(person: Person) -> dict[str, list[tuple[str, str]]]:
    """Whose lists one may ask for: units, parks and leaders, in the county's own order.

    A unit reads its own lists and a leader those of his enterprises: nothing to choose there.
    """
    if person.role not in (Role.DESK, Role.SUPERVISION, Role.MAIN_LEADER):
        return {}
    units = list(Unit.objects.filter(county=person.county).exclude(kind=UnitKind.OFFICE))
    leaders = Post.objects.filter(county=person.county, role=Role.LEADER)
    return {
        "unit": [(u.code, u.short_name) for u in units],
        "park": [(u.code, u.short_name) for u in units if u.kind == UnitKind.PARK],
        "leader": [(p.code, p.title) for p in leaders],
    }


def _told(line: Standing, person: Person) -> dict[str, Any]:
    """A matter's number, title and firm as this person may read them."""
    issue = line.issue
    return {
        "issue": issue,
        "title": words_for(issue, person)[0],
        "firm": "" if reads_shown_words(issue, person) else issue.subject.short_name,
    }


def _tasks(lines: list[Standing], person: Person, day: date | None) -> list[dict[str, Any]]:
    told = {line.issue_id: _told(line, person) for line in lines}
    order = {issue: n for n, issue in enumerate(told)}
    found = _tasks_then(told, person, day) if day else _tasks_now(told)
    rows = sorted(found, key=lambda one: (order[one["task"].issue_id], one["task"].number))
    return [
        told[issue] | {"tasks": list(tasks)}
        for issue, tasks in groupby(rows, key=lambda one: one["task"].issue_id)
    ]


def _tasks_now(told: Iterable[int]) -> list[dict[str, Any]]:
    tasks = Task.objects.filter(issue__in=told).exclude(state=T.DROPPED.value)
    stands = {
        row.task_id: row
        for row in Standing.objects.filter(issue__in=told, to_at=None).exclude(task=None)
    }
    now = clock.now()
    return [
        {
            "task": task,
            "light": light(stands[task.pk], now) if task.pk in stands else "off",
            "line": stands.get(task.pk),
        }
        for task in tasks.select_related("unit", "section", "person", "assignment")
    ]


def _tasks_then(told: Iterable[int], person: Person, day: date) -> list[dict[str, Any]]:
    """The tasks that stood at the end of a day, with the state, date and light of that day."""
    stood = standings().visible_to(person).as_of(day).filter(issue__in=told).exclude(task=None)
    rows = []
    for row in stood.select_related("clock", "task__unit", "task__section", "task__assignment"):
        if row.task is not None:
            row.task.state = row.state
            row.task.due_on = row.clock.due_on if row.clock else row.task.due_on
            rows.append({"task": row.task, "light": light(row, clock.end_of(day)), "line": row})
    return rows


def _duties(lines: list[Standing], person: Person, day: date | None) -> list[dict[str, Any]]:
    told = {line.issue_id: _told(line, person) for line in lines}
    order = {issue: n for n, issue in enumerate(told)}
    found = Responsibility.objects.filter(issue__in=told)
    if day is None:
        found = found.filter(to_at=None)
    else:
        end = clock.end_of(day)
        found = found.filter(Q(to_at=None) | Q(to_at__gte=end), from_at__lt=end)
    rows = sorted(
        found.select_related("unit", "leader", "person", "assignment"),
        key=lambda r: (order[r.issue_id], r.assignment.part != "lead", r.pk),
    )
    return [
        told[issue] | {"duties": list(duties)}
        for issue, duties in groupby(rows, key=lambda r: r.issue_id)
    ]
