"""延期: a unit asks in time for a later date; the original one is never lost."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from qingdan.domain.people.rules import Person
from qingdan.foundations.kernel.errors import Incomplete, Refusal, StepNotOpen
from qingdan.foundations.kernel.words import gettext_noop
from qingdan.foundations.workdays.calendar import official

from ..models import Asked, Assignment, Clock, Issue, Task
from ..queries import extends_from
from ..rules.policy import policy
from ..states import AskedFor, ClockKind, Part, T, Track
from .acting import ask, begin, decide_asked, finish, my_part
from .bodies import Body, needed
from .disputing import may_decide, needed_one


@transaction.atomic
def request_extension(issue: Issue, due_on: date, reason: str, *, by: Person) -> None:
    """Ask for a later date. Who grants it follows from the policy: how often, how many days."""
    now = begin("request-extension", issue, by)
    part = my_part(issue, by)
    before = extends_from(issue, part) if part else None
    if part is None or before is None:
        raise StepNotOpen
    wrong = _wrong_date(issue, part, before, due_on)
    if not reason.strip():
        wrong["reason"] = gettext_noop("Say why it cannot be done by the old date.")
    if wrong:
        raise Incomplete(wrong)
    granted = Asked.objects.filter(
        issue=issue, kind=AskedFor.EXTENSION.value, assignment=part, granted=True
    ).count()
    days = official().working_days_between(before, due_on)
    ask(
        issue,
        AskedFor.EXTENSION,
        by=by,
        at=now,
        decides=policy(issue.policy).extension.decided_by(ordinal=granted + 1, days=days),
        assignment=part,
        due_on=due_on,
        reason=reason,
    )
    finish(
        "request-extension",
        issue,
        by=by,
        at=now,
        kind="task.extension_asked",
        words={"reason": reason},
        columns={"asked": True},
        unit=part.unit.code,
        due_on=due_on,
        before=before,
    )


def _wrong_date(
    issue: Issue, part: Assignment, before: date, due_on: date
) -> dict[str, Refusal | str]:
    """A lead's new date is later; another unit's lies within the end date of the matter."""
    calendar = official()
    most = policy(issue.policy).extension.max_each
    last = calendar.day_of(calendar.ordinal(before) + most)
    if part.part != Part.LEAD:
        end = Clock.objects.filter(
            issue=issue, stopped_at=None, kind=ClockKind.END.value
        ).values_list("due_on", flat=True)
        last = min([last, *end])
    refusal: Refusal | None = None
    if due_on <= before:
        refusal = Refusal(
            gettext_noop("The new date comes after the present one, %(day)s."), day=before
        )
    elif due_on > last:
        refusal = Refusal(gettext_noop("The date can be moved to %(last)s at most."), last=last)
    elif not calendar.is_working(due_on):
        refusal = Refusal(
            gettext_noop("%(day)s is a day off. Make it %(next)s?"),
            code="day-off",
            day=due_on,
            next=calendar.next_working_day(due_on),
        )
    return {"due_on": refusal} if refusal else {}


@transaction.atomic
def grant_extension(issue: Issue, granted: bool, reason: str, *, by: Person, of: str = "") -> None:
    """Grant a later date, or not. The lead's moves the end date and his last task.

    of: the code of the unit that asked, where two wait.
    """
    may_decide(issue, AskedFor.EXTENSION, of, by)
    now = begin("grant-extension", issue, by)
    asked = needed_one(issue, AskedFor.EXTENSION, of)
    if not reason.strip():
        raise Incomplete({"reason": gettext_noop("Say why.")})
    part = Assignment.objects.select_related("unit").get(pk=needed(asked.assignment_id))
    before, due_on = extends_from(issue, part), asked.due_on
    columns = decide_asked(asked, granted, reason, by=by, at=now)
    if granted and due_on is not None:
        columns |= _moved(issue, part, due_on, now)
    finish(
        "grant-extension",
        issue,
        by=by,
        at=now,
        kind="task.extended" if granted else "task.not_extended",
        words={"reason": reason},
        columns=columns,
        unit=part.unit.code,
        due_on=due_on,
        before=before,
    )


def _moved(issue: Issue, part: Assignment, due_on: date, now: datetime) -> dict[str, Any]:
    """Move the unit's last open task, and with the lead's the end date of the matter."""
    last = Task.objects.filter(assignment=part, state=T.OPEN.value).order_by("due_on", "pk").last()
    if last is not None and last.due_on < due_on:
        last.due_on, last.dated_at = due_on, now
        last.save(update_fields=["due_on", "dated_at"])
    dated = issue.track in (Track.ON_SITE, Track.SCHEDULED) and not issue.round
    if part.part == Part.LEAD and dated:  # also in a hold, whose end lets the new date run
        return {"end_on": due_on, "end_dated_at": now}
    return {}


# ------------------------------------------------------------------ as they are sent


def _request(issue: Issue, body: Body, by: Person) -> None:
    due_on = body.day("due_on", required=True)
    reason = body.text("reason", required=True, longest=2000)
    body.done()
    request_extension(issue, needed(due_on), reason, by=by)


def _grant(issue: Issue, body: Body, by: Person) -> None:
    granted = body.flag("granted", required=True)
    reason = body.text("reason", required=True, longest=2000)
    of = body.text("of", longest=40)
    body.done()
    grant_extension(issue, needed(granted), reason, by=by, of=of)


def _who_grants(issue: Issue, fields: Mapping[str, Any], by: Person) -> None:
    of = fields.get("of")
    may_decide(issue, AskedFor.EXTENSION, of if isinstance(of, str) else "", by)


ACTS = {"request-extension": _request, "grant-extension": _grant}
ALSO_WHO = {"grant-extension": _who_grants}
