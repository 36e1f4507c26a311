"""Who works on a matter, as far as its enterprise knows them: post, name, office number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import pgettext

from qingdan.domain.enterprises.models import Liaison
from qingdan.domain.enterprises.queries import leaders_of
from qingdan.domain.ledger.models import Issue, Responsibility, Task
from qingdan.domain.ledger.queries import FIRST_SUPERVISION
from qingdan.domain.ledger.states import Handling, Part
from qingdan.domain.people.models import Post, Unit
from qingdan.foundations.kernel import clock


@dataclass(frozen=True)
class Serving:
    """Somebody who works on it. what: their part in plain words; phone: the office's number."""

    what: str
    unit: str
    title: str
    name: str
    phone: str
    part: str = ""
    is_liaison: bool = False
    is_office: bool = False

    @property
    def post(self) -> str:
        """`食品生产股股长`, with a name where there is one; without the unit."""
        title = self.title.removeprefix(self.unit).strip()
        return " ".join(word for word in (title, self.name) if word)

    @property
    def who(self) -> str:
        """`市场监管局 食品生产股股长`."""
        return " ".join(word for word in (self.unit, self.post) if word)


def serving_on(issues: Sequence[Issue]) -> dict[int, list[Serving]]:
    """Who answers for each unit's part in these matters, the lead first, in one query."""
    found: dict[int, list[Serving]] = {issue.pk: [] for issue in issues}
    for row in _rows(issues):
        found[row.issue_id].append(_person(row))
    return _as_known(issues, found)


def _rows(issues: Sequence[Issue]) -> list[Responsibility]:
    rows = Responsibility.objects.filter(issue__in=[i.pk for i in issues], to_at=None)
    rows = rows.select_related("unit", "person", "leader", "assignment").order_by("pk")
    return sorted(rows, key=lambda row: row.assignment.part != Part.LEAD)


def _as_known(
    issues: Sequence[Issue], found: dict[int, list[Serving]]
) -> dict[int, list[Serving]]:
    """Without the numbers of units that must not learn who calls (D11)."""
    for issue in issues:
        if issue.handling == Handling.NAME_HIDDEN:
            found[issue.pk] = [replace(one, phone="") for one in found[issue.pk]]
    return found


def all_serving(issues: Sequence[Issue], tasks: dict[int, list[Task]]) -> dict[int, list[Serving]]:
    """Everybody on these matters of one enterprise: units with their deputies and sections, the
    linked leader, and the office that keeps watch. In three queries."""
    found: dict[int, list[Serving]] = {issue.pk: [] for issue in issues}
    for row in _rows(issues):
        found[row.issue_id] += [_person(row), *_deputy(row)]
    leaders = leaders_of(issues[0].subject, clock.today()) if issues else []
    offices = {
        unit.code: unit
        for unit in Unit.objects.filter(
            county__in={issue.county for issue in issues}, code__in=("desk", FIRST_SUPERVISION)
        )
    }
    for issue in issues:
        found[issue.pk] += _sections(tasks.get(issue.pk, []))
    found = _as_known(issues, found)
    for issue in issues:
        if issue.handling == Handling.NORMAL:
            found[issue.pk] += of_leaders(leaders)
        sealed = issue.handling == Handling.SUPERVISION_ONLY
        if office := offices.get(FIRST_SUPERVISION if sealed else "desk"):
            about = issue.about_id == office.pk
            found[issue.pk] += [] if about else [_office(office)]
        found[issue.pk] = list(dict.fromkeys(found[issue.pk]))
    return found


def of_leaders(leaders: Iterable[Liaison]) -> list[Serving]:
    """The linked leaders with their assistants."""
    found: list[Serving] = []
    for liaison in leaders:
        found.append(_post(pgettext("serving", "linked leader"), liaison.leader))
        if liaison.assistant is not None:
            found.append(_post(pgettext("serving", "his assistant"), liaison.assistant))
    return found


def _person(row: Responsibility) -> Serving:
    person = row.person
    return Serving(
        what=_part_words(row.assignment.part),
        unit=row.unit.short_name,
        title=person.title if person else "",
        name=person.name if person else "",
        phone=(person.phone if person else "") or row.unit.phone,
        part=row.assignment.part,
    )


def _deputy(row: Responsibility) -> list[Serving]:
    leader = row.leader
    if leader is None or leader.pk == row.person_id:
        return []
    return [
        Serving(
            what=pgettext("serving", "in charge"),
            unit=row.unit.short_name,
            title=leader.title,
            name=leader.name,
            phone=leader.phone or row.unit.phone,
        )
    ]


def _sections(tasks: Iterable[Task]) -> list[Serving]:
    """The sections that carry an open task."""
    return [
        Serving(
            what=pgettext("serving", "does a task"),
            unit=task.unit.short_name,
            title=task.section.name,
            name="",
            phone=task.section.phone or task.unit.phone,
        )
        for task in tasks
        if task.section is not None
    ]


def _post(what: str, post: Post) -> Serving:
    return Serving(
        what=what, unit="", title=post.title, name=post.name, phone=post.phone, is_liaison=True
    )


def _office(unit: Unit) -> Serving:
    return Serving(
        what=pgettext("serving", "keeps watch"),
        unit=unit.short_name,
        title="",
        name="",
        phone=unit.phone,
        is_office=True,
    )


def _part_words(part: str) -> str:
    return {
        Part.LEAD.value: pgettext("serving", "leads"),
        Part.COOPERATING.value: pgettext("serving", "cooperates"),
        Part.EXECUTING.value: pgettext("serving", "executes"),
    }[part]
