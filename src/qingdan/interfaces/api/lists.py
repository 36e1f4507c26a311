"""Rows in pages: the list that somebody works from, and the three lists of any day."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict

from qingdan.domain.ledger.models import Assignment, Responsibility, Standing
from qingdan.domain.ledger.queries import (
    Standings,
    lines_for,
    reads_shown_words,
    standings,
    words_for,
)
from qingdan.domain.ledger.states import ON_IT, Light, S
from qingdan.domain.people.models import Post, Unit
from qingdan.domain.people.rules import Person
from qingdan.foundations.kernel import clock
from qingdan.interfaces.shared.hiding import of_known_firms

from .matters import day, firm, matters, running
from .reading import Filters, write_cursor

OPEN = "open"
STATES = (OPEN, *(s.value for s in S))
LIGHTS = tuple(light.value for light in Light)
ORDERS = ("due",)


def page_of_matters(sent: QueryDict, person: Person) -> dict[str, Any]:
    """A page of the matters that `person` sees now, the nearest date first."""
    asked = Filters(sent, person.county)
    state, light = asked.choice("state", STATES), asked.choice("light", LIGHTS)
    asked.choice("order", ORDERS)
    unit, code = asked.unit("unit"), asked.uscc("enterprise")
    limit, cursor = asked.limit(), asked.cursor()
    asked.done()
    rows = lines_for(person)
    if state == OPEN:
        rows = rows.open()
    elif state:
        rows = rows.filter(issue__state=state)
    if unit is not None:
        on_it = Assignment.objects.filter(issue=OuterRef("issue"), unit=unit, state__in=ON_IT)
        rows = rows.filter(Exists(on_it))
    if code:
        rows = of_known_firms(rows, person).filter(subject__uscc=code)
    if light:
        rows = rows.with_light(light, clock.now())
    # fewer joins than a page needs: a row here shows neither turn nor park
    found, more = _page(rows.select_related("issue__subject", "clock"), cursor, limit)
    return {"items": matters(found, person), "next": more}


def _page(
    rows: Standings, cursor: tuple[datetime, int] | None, limit: int
) -> tuple[list[Standing], str | None]:
    """At most `limit` rows behind `cursor`, and where the next page goes on, if there is one."""
    found = list(rows.after(cursor)[: limit + 1])
    if len(found) <= limit:
        return found, None
    found = found[:limit]
    return found, write_cursor(found[-1].due_at, found[-1].pk)


# ------------------------------------------------------------------ the three lists

PROBLEMS, TASKS, RESPONSIBILITIES = "problems", "tasks", "responsibilities"
THREE_LISTS = (PROBLEMS, TASKS, RESPONSIBILITIES)


def page_of_list(which: str, sent: QueryDict, person: Person) -> dict[str, Any]:
    """A page of one of the three lists 三个清单, of today or as it stood at the end of a day.

    State, part, unit, date and light are those of that day; who may see a line, and its words,
    are those of now.
    """
    asked = Filters(sent, person.county)
    code, unit = asked.uscc("enterprise"), asked.unit("unit")
    leader, park = asked.post("leader"), asked.unit("park")
    on = asked.day("on")
    limit, cursor = asked.limit(), asked.cursor()
    asked.done()
    past = on if on is not None and on < clock.today() else None
    seen = standings().visible_to(person)
    seen = seen.as_of(past) if past else seen.today()
    rows = _lines(which, seen, unit)
    if code or leader or park:
        rows = of_known_firms(rows, person)
    rows = _cut(rows, code, leader, park)
    found, more = _page(rows, cursor, limit)
    at = clock.end_of(past) if past else clock.now()
    tell = {PROBLEMS: _problems, TASKS: _tasks, RESPONSIBILITIES: _responsibilities}[which]
    return {"items": tell(found, person, at), "next": more}


def _lines(which: str, seen: Standings, unit: Unit | None) -> Standings:
    if which == PROBLEMS:
        rows = seen.matters()
        if unit is not None:
            parts = seen.order_by().filter(unit=unit, task=None, issue=OuterRef("issue"))
            rows = rows.filter(Exists(parts.exclude(assignment=None)))
        return rows.select_related("issue__subject", "unit", "leader", "park", "clock")
    if which == TASKS:
        rows = seen.exclude(task=None).select_related(
            "issue__subject", "unit", "clock", "task__section", "task__person"
        )
    else:
        rows = seen.filter(task=None).exclude(assignment=None)
        rows = rows.select_related("issue__subject", "unit", "clock")
    return rows if unit is None else rows.filter(unit=unit)


def _cut(rows: Standings, code: str, leader: Post | None, park: Unit | None) -> Standings:
    if code:
        rows = rows.filter(subject__uscc=code)
    if leader is not None:
        rows = rows.filter(leader=leader)
    if park is not None:
        rows = rows.filter(park=park)
    return rows


def _matter_of(row: Standing, person: Person) -> dict[str, Any]:
    hidden = reads_shown_words(row.issue, person)
    return {
        "ref": str(row.issue.ref),
        "title": words_for(row.issue, person)[0],
        "enterprise": None if hidden else firm(row.issue),
    }


def _problems(rows: Sequence[Standing], person: Person, at: datetime) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        hidden = reads_shown_words(row.issue, person)
        found.append(
            {
                **_matter_of(row, person),
                "class": row.issue.handling,
                "state": row.state,
                "lead": row.unit.code if row.unit else None,
                "leader": row.leader.title if row.leader and not hidden else None,
                "park": row.park.code if row.park and not hidden else None,
                **running(row, at),
            }
        )
    return found


def _tasks(rows: Sequence[Standing], person: Person, at: datetime) -> list[dict[str, Any]]:
    return [
        {
            **_matter_of(row, person),
            "id": row.task.number,
            "task": row.task.title,
            "unit": row.unit.code if row.unit else None,
            "section": row.task.section.code if row.task.section else None,
            "person": row.task.person.code if row.task.person else None,
            "due_on": day(_due_on(row)),
            "part": row.part,
            "state": row.state,
            **running(row, at),
        }
        for row in rows
        if row.task is not None
    ]


def _due_on(row: Standing) -> date | None:
    """The task's date: of an open one as its clock had it then."""
    return row.clock.due_on if row.clock else row.task.due_on if row.task else None


def _responsibilities(
    rows: Sequence[Standing], person: Person, at: datetime
) -> list[dict[str, Any]]:
    parts = [row.assignment_id for row in rows]
    then = Responsibility.objects.filter(assignment__in=parts, from_at__lte=at).filter(
        Q(to_at=None) | Q(to_at__gt=at)
    )
    who = {r.assignment_id: r for r in then.select_related("leader", "person")} if parts else {}
    return [
        {
            **_matter_of(row, person),
            "unit": row.unit.code if row.unit else None,
            "unit_name": row.unit.short_name if row.unit else "",
            "part": row.part,
            "state": row.state,
            "leader": _post(answers.leader if (answers := who.get(row.assignment_id)) else None),
            "person": _post(answers.person if answers else None),
            **running(row, at),
        }
        for row in rows
    ]


def _post(post: Post | None) -> dict[str, str] | None:
    return {"post": post.title, "name": post.name, "phone": post.phone} if post else None
