"""A matter as other systems read it, for one reader: the shape that stays stable."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from qingdan.domain.ledger.models import Assignment, Issue, Responsibility, Standing, Task
from qingdan.domain.ledger.queries import lines_for, reads_shown_words, standing_of, words_for
from qingdan.domain.ledger.rules.lights import light
from qingdan.domain.ledger.states import A, Part, S, T
from qingdan.domain.people.rules import Person
from qingdan.foundations.kernel import clock


def instant(moment: datetime) -> str:
    """An instant in the county's zone, with its offset."""
    return moment.astimezone(clock.COUNTY_ZONE).isoformat(timespec="seconds")


def day(of: date | None) -> str | None:
    return of.isoformat() if of else None


def tag_of(issue: Issue) -> str:
    """The ETag: the version, which moves with every accepted act and with nothing else."""
    return f'"{issue.version}"'


def address_of(issue: Issue) -> str:
    return f"/api/v1/issues/{quote(str(issue.ref))}"


def one_matter(issue: Issue, person: Person, *, own_words: bool = False) -> dict[str, Any]:
    """The matter as `person` reads it. own_words: they were written by this person just now."""
    rows = lines_for(person).filter(issue=issue.pk).select_related("clock", "unit")
    # whoever registered a hidden matter has no line of it, but hears what became of it
    standing = rows.first() or standing_of(issue, person)
    parts = [] if issue.state == S.REGISTERED else issue.parts  # before triage no unit has one
    told = _Around([issue.pk], parts)
    return _matter(issue, standing, told, person, clock.now(), own_words=own_words)


def matters(rows: Sequence[Standing], person: Person) -> list[dict[str, Any]]:
    """The matters of a list's rows, in three queries however many they are."""
    ids = [row.issue_id for row in rows]
    parts = (
        Assignment.objects.filter(issue__in=ids)
        .exclude(state=A.RELEASED.value)
        .select_related("unit")
        .order_by("pk")
        if ids
        else []
    )
    told = _Around(ids, parts)
    now = clock.now()
    return [_matter(row.issue, row, told, person, now) for row in rows]


class _Around:
    """The parts, tasks and responsible posts of some matters, each in one query."""

    def __init__(self, ids: Sequence[int], parts: Iterable[Assignment]) -> None:
        self.parts: dict[int, list[Assignment]] = defaultdict(list)
        self.tasks: dict[int, list[Task]] = defaultdict(list)
        self.answers: dict[int, Responsibility] = {}
        self.part_of: dict[int, str] = {}
        for part in parts:
            self.parts[part.issue_id].append(part)
            self.part_of[part.pk] = part.part
        if not self.part_of:  # no unit has it yet, so there is nothing to ask for
            return
        for task in (
            Task.objects.filter(issue__in=ids)
            .exclude(state=T.DROPPED.value)
            .select_related("unit", "section", "person")
            .order_by("issue", "number")
        ):
            self.tasks[task.issue_id].append(task)
        for row in Responsibility.objects.filter(issue__in=ids, to_at=None).select_related(
            "person", "leader"
        ):
            self.answers[row.assignment_id] = row


def _matter(
    issue: Issue,
    standing: Standing | None,
    around: _Around,
    person: Person,
    now: datetime,
    *,
    own_words: bool = False,
) -> dict[str, Any]:
    parts = around.parts[issue.pk]
    title, body = (issue.title, issue.body) if own_words else words_for(issue, person)
    hidden = reads_shown_words(issue, person) and not own_words
    return {
        "ref": str(issue.ref),
        "state": issue.state,
        "ending": issue.ending or None,
        "level": issue.level,
        "version": issue.version,
        "class": issue.handling,
        "track": issue.track or None,
        "title": title,
        "body": body,
        "enterprise": None if hidden else firm(issue),
        "lead": next((p.unit.code for p in parts if p.part == Part.LEAD), None),
        "cooperating": [p.unit.code for p in parts if p.part == Part.COOPERATING],
        **running(standing, now),
        "promised_on": day(issue.promised_on),
        "tasks": [
            {
                "id": task.number,
                "title": task.title,
                "unit": task.unit.code,
                "section": task.section.code if task.section else None,
                "person": task.person.code if task.person else None,
                "due_on": day(task.due_on),
                "part": around.part_of.get(task.assignment_id, ""),
                "state": task.state,
            }
            for task in around.tasks[issue.pk]
        ],
        "service_team": [_member(part, around.answers.get(part.pk)) for part in parts],
    }


def firm(issue: Issue) -> dict[str, str | None]:
    """The subject; a project, a park or a place has no code."""
    return {"uscc": issue.subject.uscc or None, "name": issue.subject.name}


def running(standing: Standing | None, now: datetime) -> dict[str, str | None]:
    """`due_at`, `light` and `next_on` of the clock that this reader watches, if one runs."""
    if standing is None or not standing.clock_kind:
        return {"due_at": None, "light": "off", "next_on": None}
    next_on = standing.clock.due_on if standing.clock else clock.date_of(standing.due_at)
    return {
        "due_at": instant(standing.due_at),
        "light": light(standing, now).value,
        "next_on": day(next_on),
    }


def _member(part: Assignment, row: Responsibility | None) -> dict[str, str]:
    """Who works on a part: post, name if known, and the number of the office, no other."""
    post = (row.person or row.leader) if row else None
    return {
        "part": part.part,
        "unit": part.unit.code,
        "unit_name": part.unit.short_name,
        "post": post.title if post else "",
        "name": post.name if post else "",
        "phone": (post.phone if post else "") or part.unit.phone,
    }
