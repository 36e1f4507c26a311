"""分管负责人同意: where a unit wants it, a result leaves the unit only with its deputy's yes."""

from typing import Any

from django.db import transaction

from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Duty
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, StepNotOpen
from qingdan.foundations.kernel.words import gettext_noop

from ..models import Asked, Issue
from ..states import AskedFor, ResultKind, T
from .acting import begin, decide_asked, finish, my_part
from .reporting import report_result

SAYS_YES = (Duty.HEAD, Duty.DEPUTY)


@transaction.atomic
def agree(issue: Issue, *, by: Person) -> None:
    """Report the result that waits, in one tap; the deputy reports it, who wrote it handled it."""
    asked = _mine(issue, by)
    told: dict[str, Any] = dict(asked.told)
    still_open = set(issue.tasks.filter(state=T.OPEN.value).values_list("number", flat=True))
    told["finishes"] = [number for number in told["finishes"] if number in still_open]
    Asked.objects.filter(pk=asked.pk).update(granted=True, decided_by_id=by.post_id)
    report_result(issue, ResultKind(told.pop("kind")), told.pop("text"), by=by, **told)


@transaction.atomic
def return_draft(issue: Issue, reason: str, *, by: Person) -> None:
    """Give a result back to who wrote it, with what is lacking."""
    asked = _mine(issue, by)
    now = begin("report-result", issue, by)
    if not reason.strip():
        raise Incomplete({"reason": gettext_noop("Say what is lacking.")})
    columns = decide_asked(asked, False, reason, by=by, at=now)
    finish(
        "report-result:returned",
        issue,
        by=by,
        at=now,
        kind="task.result_returned",
        words={"reason": reason},
        columns=columns,
        unit=by.unit_code,
    )


def _mine(issue: Issue, by: Person) -> Asked:
    part = my_part(issue, by)
    if part is None or by.duty not in SAYS_YES:
        raise NotAllowed
    here: list[Asked] = [one for one in issue.waiting if one.kind == AskedFor.RESULT]
    if not here or here[0].assignment_id != part.pk:
        raise StepNotOpen
    return here[0]
