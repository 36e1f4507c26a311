"""A matter as its enterprise reads it: who is on it, what happens next, by when, why a date moved.

It names no state of ours, no level and no light.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from qingdan.domain.ledger.models import Clock, Issue, Responsibility, Result, Standing, Task
from qingdan.domain.ledger.states import ClockKind, Ending, Part, S, T
from qingdan.foundations.kernel import clock


@dataclass
class Serving:
    """Somebody who works on it: post, name where there is one, office number."""

    unit: str
    title: str
    name: str
    phone: str
    part: str


@dataclass
class Story:
    """One matter on the enterprise's list. group: waits, working, solved or over."""

    issue: Issue
    group: str
    serving: list[Serving] = field(default_factory=list)
    next_step: str = ""
    promised_on: date | None = None
    promised_first: date | None = None
    answer: Result | None = None

    @property
    def moved(self) -> bool:
        return self.promised_first is not None and self.promised_first != self.promised_on


def tell(issues: Sequence[Issue]) -> list[Story]:
    """The stories of these matters, in six queries however many they are."""
    ids = [issue.pk for issue in issues]
    serving: dict[int, list[Serving]] = {}
    people = Responsibility.objects.filter(issue__in=ids, to_at=None)
    for row in people.select_related("unit", "person", "assignment").order_by("pk"):
        serving.setdefault(row.issue_id, []).append(_serving(row))
    tasks: dict[int, list[Task]] = {}
    open_tasks = Task.objects.filter(issue__in=ids, state=T.OPEN.value)
    for task in open_tasks.select_related("unit", "section").order_by("due_on", "number"):
        tasks.setdefault(task.issue_id, []).append(task)
    promises: dict[int, list[Clock]] = {}
    kinds = (ClockKind.END.value, ClockKind.REDO.value)
    for row in Clock.objects.filter(issue__in=ids, kind__in=kinds).order_by("pk"):
        promises.setdefault(row.issue_id, []).append(row)
    answers = {row.issue_id: row for row in Result.objects.filter(issue__in=ids).order_by("pk")}
    lines = {
        row.issue_id: row
        for row in Standing.objects.filter(
            issue__in=ids, to_at=None, assignment=None, task=None
        ).select_related("unit")
    }
    return [
        _story(
            issue,
            sorted(serving.get(issue.pk, []), key=lambda s: s.part != Part.LEAD),
            tasks.get(issue.pk, []),
            promises.get(issue.pk, []),
            answers.get(issue.pk),
            lines[issue.pk],
        )
        for issue in issues
    ]


def _serving(row: Responsibility) -> Serving:
    person = row.person
    return Serving(
        unit=row.unit.short_name,
        title=person.title if person else "",
        name=person.name if person else "",
        phone=(person.phone if person else "") or row.unit.phone,
        part=row.assignment.part,
    )


def _story(
    issue: Issue,
    serving: list[Serving],
    tasks: list[Task],
    promises: list[Clock],
    answer: Result | None,
    line: Standing,
) -> Story:
    this_round = [c for c in promises if (c.kind == ClockKind.REDO) == (issue.round > 0)]
    return Story(
        issue=issue,
        group=_group(issue),
        serving=serving,
        next_step=_next_step(issue, serving, tasks, line),
        promised_on=this_round[-1].due_on if this_round else None,
        promised_first=this_round[0].due_on if this_round and not issue.round else None,
        answer=answer if issue.state in (S.VERIFIED, S.ENDED) else None,
    )


def _group(issue: Issue) -> str:
    if issue.state == S.VERIFIED:
        return "waits"
    if issue.state == S.ENDED:
        return "solved" if issue.ending == Ending.CONFIRMED else "over"
    return "over" if issue.state == S.ANSWERED else "working"


def _next_step(issue: Issue, serving: list[Serving], tasks: list[Task], line: Standing) -> str:
    """What happens next, with its day, in one sentence."""
    unit = serving[0].unit if serving else ""
    day = said_day(clock.date_of(line.due_at))
    if issue.state == S.REGISTERED:
        return _("By %(day)s the service desk decides who works on it.") % {"day": day}
    if issue.state == S.TRIAGED:
        return _("By %(day)s %(unit)s tells you how and when.") % {"day": day, "unit": unit}
    if issue.state == S.LISTED and tasks:
        task = tasks[0]
        return _("By %(day)s %(unit)s: %(task)s.") % {
            "day": said_day(task.due_on),
            "unit": task.unit.short_name,
            "task": task.title,
        }
    if issue.state == S.LISTED:
        return _("%(unit)s reports the result.") % {"unit": unit}
    if issue.state == S.REPORTED:
        return _("The service desk checks the result, then asks you.")
    if issue.state == S.VERIFIED:
        return _("You say whether it is solved.")
    return ""


def said_day(day: date) -> str:
    """A date as the enterprise reads it: 11月6日（周一）."""
    week = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    return _("%(month)d/%(day)d (%(week)s)") % {
        "month": day.month,
        "day": day.day,
        "week": week[day.weekday()],
    }
