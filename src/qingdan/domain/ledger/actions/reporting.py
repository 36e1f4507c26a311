"""办结与核验: the lead reports; somebody who did not handle it looks, where it matters."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from qingdan.domain.people.rules import Person, system
from qingdan.domain.people.states import Duty
from qingdan.foundations.kernel.errors import Incomplete, Refusal, StepNotOpen
from qingdan.foundations.kernel.moves import advance
from qingdan.foundations.kernel.words import gettext_noop

from ..models import Assignment, Issue, Result, Task
from ..rules.policy import policy
from ..rules.results import needs_verifying, sampled
from ..states import PART_LIFE, AskedFor, ResultKind, T, Turn
from .acting import ask, begin, finish, handled, my_part
from .afresh import send_round
from .working import finish_one

EVIDENCE = gettext_noop(
    "Name the evidence: a licence or document number, a letter, or one sentence with date and"
    " person."
)


@transaction.atomic
def report_result(
    issue: Issue,
    kind: ResultKind,
    text: str,
    *,
    by: Person,
    evidence: Sequence[str] = (),
    basis: str = "",
    effect: str = "",
    finishes: Sequence[int] = (),
) -> None:
    """The lead reports the result and finishes his own open tasks with it.

    Where the unit wants it, what anybody but its head or deputy reports waits for their yes.
    finishes: the numbers of those tasks. effect: what came of it 成效, if there is something.
    """
    now = begin("report-result", issue, by)
    part = my_part(issue, by)
    if part is None:
        raise StepNotOpen
    tasks = list(issue.tasks.filter(state=T.OPEN.value).select_related("unit"))
    _check(kind, text, evidence, basis, finishes, tasks, part)
    if part.unit.deputy_answers and by.duty not in (Duty.HEAD, Duty.DEPUTY):
        told: dict[str, Any] = {"kind": kind.value, "text": text, "evidence": [*evidence]}
        told |= {"basis": basis, "effect": effect, "finishes": [*finishes]}
        _wait_for_yes(issue, part, told, by=by, at=now)
        return
    for task in tasks:
        finish_one(task, text, now)
    advance(part, PART_LIFE, "finish", at=now, done_at=now)
    result = Result.objects.create(
        county=issue.county,
        issue=issue,
        round=issue.round,
        kind=kind.value,
        text=text,
        basis=basis,
        effect=effect,
        evidence=list(evidence),
        unit_id=part.unit_id,
        by_id=by.post_id,
        flagged=issue.flagged,
        at=now,
    )
    handled(issue, by, now)
    finish(
        "report-result",
        issue,
        by=by,
        at=now,
        kind="issue.reported",
        words={"text": text, "basis": basis, "effect": effect, "evidence": "\n".join(evidence)},
        columns={"reported_at": now},
        unit=part.unit.code,
        result=kind.value,
        finished=[t.number for t in tasks],
    )
    pass_or_wait(issue, result, at=now)


def _wait_for_yes(
    issue: Issue, part: Assignment, told: dict[str, Any], *, by: Person, at: datetime
) -> None:
    ask(
        issue,
        AskedFor.RESULT,
        by=by,
        at=at,
        decides=Turn.UNIT,
        assignment=part,
        reason=str(told["text"]),
        told=told,
    )
    handled(issue, by, at)
    finish(
        "report-result:asked",
        issue,
        by=by,
        at=at,
        kind="task.result_drafted",
        words={"text": str(told["text"])},
        columns={"asked": True},
        unit=part.unit.code,
    )


def _check(
    kind: ResultKind,
    text: str,
    evidence: Sequence[str],
    basis: str,
    finishes: Sequence[int],
    tasks: list[Task],
    part: Assignment,
) -> None:
    others = [t for t in tasks if t.unit_id != part.unit_id]
    own = {t.number for t in tasks if t.unit_id == part.unit_id}
    foreign = [n for n in finishes if n in {t.number for t in others}]
    if others and not foreign:
        raise StepNotOpen(
            gettext_noop("%(unit)s still owes task %(task)d. Its own result comes first."),
            code="task-open",
            unit=others[0].unit.short_name,
            task=others[0].number,
        )
    wrong: dict[str, Refusal | str] = {}
    if foreign:
        wrong["finish"] = gettext_noop("Only your own unit's tasks can be finished with a result.")
    elif set(finishes) - own:
        wrong["finish"] = gettext_noop("Your unit has no such open task here.")
    elif missing := sorted(own - set(finishes)):
        wrong["finish"] = Refusal(
            gettext_noop("Task %(task)d is still open: finish it with this result, or first."),
            task=missing[0],
        )
    if not text.strip():
        wrong["text"] = gettext_noop("Say what was done.")
    if kind in (ResultKind.SOLVED, ResultKind.PARTLY) and not evidence:
        wrong["evidence"] = EVIDENCE
    if kind in (ResultKind.PARTLY, ResultKind.EXPLAINED) and not basis.strip():
        wrong["basis"] = gettext_noop("Name the basis: which rule or document says so.")
    if wrong:
        raise Incomplete(wrong)


def pass_or_wait(issue: Issue, result: Result, *, at: datetime) -> None:
    """A result that nobody has to look at passes by itself, at once; others wait for the desk."""
    every = settings.SAMPLE_EVERY
    if every is None:
        every = policy(issue.policy).sample_every
    if needs_verifying(
        grade=issue.grade,
        kind=result.kind,
        flagged=result.flagged,
        sampled=sampled(str(issue.ref), key=settings.SAMPLE_KEY, every=every),
    ):
        return
    finish(
        "pass",
        issue,
        by=system(issue.county),
        at=at,
        kind="issue.passed",
        columns={"verified_at": at, "confirm_from": at},
    )


@transaction.atomic
def verify(issue: Issue, *, by: Person) -> None:
    """核验: the result is what it says; now the enterprise is asked."""
    now = begin("verify", issue, by)
    finish(
        "verify",
        issue,
        by=by,
        at=now,
        kind="issue.verified",
        columns={"verified_at": now, "confirm_from": now},
    )


@transaction.atomic
def send_back(issue: Issue, reason: str, *, by: Person) -> None:
    """退回: the result does not hold. The end date runs on as if nothing had been reported."""
    now = begin("send-back", issue, by)
    if not reason.strip():
        raise Incomplete({"reason": gettext_noop("Say what is lacking.")})
    send_round("send-back", issue, by=by, at=now, kind="issue.sent_back", words={"reason": reason})
