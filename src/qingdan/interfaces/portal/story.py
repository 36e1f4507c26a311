"""A matter as its enterprise reads it: who is on it, what happens next, by when, why a date moved.

It names no state of ours, no level and no light.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from qingdan.domain.ledger.models import (
    Asked,
    Clock,
    ContactMade,
    Hold,
    Issue,
    Pause,
    Result,
    Standing,
    Task,
)
from qingdan.domain.ledger.states import (
    AskedFor,
    ClockKind,
    ContactKind,
    Ending,
    Handling,
    Part,
    S,
    T,
)
from qingdan.foundations.kernel import clock
from qingdan.foundations.workdays.calendar import OFFICE_HOURS

from ..shared.history import day_words
from .days import said_day
from .endings import Ended, ended, label_of, office_words
from .promise import Promise, late_words, promise_of
from .serving import Serving, all_serving, serving_on


@dataclass
class Story:
    """One matter on the enterprise's list. group: waits, working, solved or over.

    next_on, next_late: the next step's day, and how long it has passed where the promise does not
    say it.
    changed: what passed to another unit. withdrawing: it asked to withdraw, and waits for a call.
    """

    issue: Issue
    group: str
    serving: list[Serving] = field(default_factory=list)
    next_step: str = ""
    next_late: str = ""
    next_on: date | None = None
    promise: Promise = field(default_factory=Promise)
    answer: Result | None = None
    ended: Ended | None = None
    changed: tuple[str, ...] = ()
    withdrawing: bool = False

    @property
    def by(self) -> date:
        """The day by which it is ordered on the list: the promised one, the late ones first."""
        return self.promise.on or self.promise.next_on or self.next_on or date.max

    @property
    def label(self) -> str:
        return label_of(self.issue)

    @property
    def office(self) -> str:
        return office_words(self.issue)

    @property
    def is_hidden(self) -> bool:
        return self.issue.handling == Handling.NAME_HIDDEN


def tell(issues: Sequence[Issue], *, whole: bool = False) -> list[Story]:
    """The stories of these matters of one enterprise, in as many queries however many they are.

    whole: with everybody who works on them and all that was asked, as a page of one matter shows.
    """
    ids = [issue.pk for issue in issues]
    tasks = _by_issue(
        Task.objects.filter(issue__in=ids, state=T.OPEN.value)
        .select_related("unit", "section")
        .order_by("due_on", "number")
    )
    counted = Clock.objects.filter(issue__in=ids).order_by("started_at", "pk")
    running = Q(kind__in=(_TASK, _REPLY), stopped_at=None)
    rows = list(counted.filter(Q(kind__in=_PROMISES) | running))
    replies = {row.issue_id: row for row in rows if row.kind == _REPLY}
    clocks = _by_issue(row for row in rows if row.kind in _PROMISES)
    dates = {row.task_id: row.due_on for row in rows if row.kind == _TASK}
    results = Result.objects.filter(issue__in=ids).select_related("unit").order_by("pk")
    answers = {row.issue_id: row for row in results}
    lines = {
        row.issue_id: row
        for row in Standing.objects.filter(
            issue__in=ids, to_at=None, assignment=None, task=None
        ).select_related("unit")
    }
    stirred = [i.pk for i in issues if i.interrupted or i.asked or _moved(clocks.get(i.pk, []))]
    asking = ids if whole else stirred
    asks = _by_issue(
        Asked.objects.filter(issue__in=asking).select_related("assignment__unit", "unit")
        if asking
        else ()
    )
    waited = [i.pk for i in issues if i.interrupted]
    pauses = _by_issue(Pause.objects.filter(issue__in=waited) if waited else ())
    holds = _by_issue(Hold.objects.filter(issue__in=waited) if waited else ())
    serving = all_serving(issues, tasks) if whole else serving_on(issues)
    silent = [i.pk for i in issues if i.ending == Ending.UNANSWERED] if whole else []
    tried = ContactMade.objects.filter(issue__in=silent, kind=ContactKind.ATTEMPT.value)
    contacts = _by_issue(tried.order_by("happened_at") if silent else ())
    return [
        _story(
            issue,
            serving.get(issue.pk, []),
            tasks.get(issue.pk, []),
            promise_of(
                issue,
                clocks.get(issue.pk, []),
                pauses.get(issue.pk, []),
                holds.get(issue.pk, []),
                asks.get(issue.pk, []),
                replies.get(issue.pk),
            ),
            answers.get(issue.pk),
            lines[issue.pk],
            dates,
            asks.get(issue.pk, []),
            ended(issue, asks.get(issue.pk, []), contacts.get(issue.pk, [])),
        )
        for issue in issues
    ]


_PROMISES = (ClockKind.END.value, ClockKind.REDO.value)
_TASK = ClockKind.TASK.value
_REPLY = ClockKind.NEXT_REPLY.value


def _by_issue(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.issue_id, []).append(row)
    return found


def _moved(clocks: Sequence[Clock]) -> bool:
    return len({(row.kind, row.due_on) for row in clocks}) > 1 or any(r.stood for r in clocks)


def _story(
    issue: Issue,
    serving: list[Serving],
    tasks: list[Task],
    promise: Promise,
    answer: Result | None,
    line: Standing,
    dates: Mapping[int, date],
    asks: list[Asked],
    end: Ended | None,
) -> Story:
    lead = serving[0].unit if serving and serving[0].part == Part.LEAD else ""
    if not lead and line.unit is not None:
        lead = line.unit.short_name
    story = Story(
        issue=issue,
        group=_group(issue),
        serving=serving,
        promise=promise,
        answer=answer if answer and _is_told(issue, answer) else None,
        ended=end,
        changed=_changed(asks),
        withdrawing=any(
            ask.kind == AskedFor.WITHDRAWAL and ask.decided_at is None for ask in asks
        ),
    )
    if not promise.waits:
        _say_next(story, lead, tasks, line, dates)
    return story


def _is_told(issue: Issue, answer: Result) -> bool:
    """Whether a result is this round's and past our own eyes."""
    return answer.round == issue.round and issue.state in (S.VERIFIED, S.ENDED, S.ANSWERED)


def _group(issue: Issue) -> str:
    if issue.state == S.VERIFIED:
        return "waits"
    if issue.state == S.ENDED:
        return "solved" if issue.ending == Ending.CONFIRMED else "over"
    return "over" if issue.state == S.ANSWERED else "working"


def _changed(asks: Iterable[Asked]) -> tuple[str, ...]:
    """Where a unit's part passed to another one, which is all that the enterprise learns of it."""
    return tuple(
        _("Since %(day)s %(unit)s works on it.")
        % {
            "day": day_words(clock.date_of(ask.decided_at)),
            "unit": ask.unit.short_name,
        }
        for ask in asks
        if ask.kind == AskedFor.OBJECTION and ask.granted and ask.decided_at and ask.unit
    )


def _say_next(
    story: Story, lead: str, tasks: list[Task], line: Standing, dates: Mapping[int, date]
) -> None:
    """What happens next, with its day, in one sentence.

    dates: the days on which tasks are due, pauses counted in.
    """
    issue = story.issue
    day = clock.date_of(line.due_at)
    facts = {"day": said_day(day), "unit": lead, "office": story.office}
    if issue.state == S.REGISTERED:
        story.next_step = _("By %(day)s %(office)s decides who works on it.") % facts
    elif issue.state == S.TRIAGED:
        facts |= {"unit": story.office} if story.is_hidden else {}
        story.next_step = _("By %(day)s %(unit)s tells you how and when.") % facts
    elif issue.state == S.LISTED and tasks:
        task = min(tasks, key=lambda one: dates.get(one.pk, one.due_on))
        day = dates.get(task.pk, task.due_on)
        facts |= {"day": said_day(day), "unit": task.unit.short_name, "task": task.title}
        if _repeats(task.title, issue):
            story.next_step = _("%(unit)s works on it and reports by %(day)s.") % facts
        else:
            story.next_step = _("By %(day)s %(unit)s: %(task)s.") % facts
    elif issue.state == S.LISTED:
        story.next_step = _("%(unit)s reports the result.") % facts
        return
    elif issue.state == S.REPORTED:
        story.next_step = _("Now %(office)s checks the result, then asks you.") % facts
        return
    elif issue.state == S.VERIFIED:
        story.next_step = _("You say whether it is solved.")
        return
    story.next_on = day
    if day not in (story.promise.on, story.promise.next_on):
        story.next_late = late_words(clock.now(), _close_of(day))


def _close_of(day: date) -> datetime:
    return datetime.combine(day, OFFICE_HOURS.closes, clock.COUNTY_ZONE)


def _repeats(task: str, issue: Issue) -> bool:
    """Whether a task says no more than the problem itself, as an order's first task does."""
    said = _bare(task)
    return not said or said in _bare(issue.title) or said in _bare(issue.body)


def _bare(words: str) -> str:
    return "".join(sign for sign in words if sign.isalnum())
