"""不予受理 and 撤回: the endings before the work, each by a second pair of eyes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, Refusal
from qingdan.foundations.kernel.numbers import parse_reference
from qingdan.foundations.kernel.words import gettext_noop

from ..models import Issue
from ..queries import issues
from ..rules.policy import policy
from ..states import AskedFor, Ending, Turn
from .acting import ask, begin, decide_asked, finish
from .bodies import Body, needed


@transaction.atomic
def withdraw(issue: Issue, reason: str = "", *, by: Person) -> None:
    """撤回: the enterprise asks, and the state stays; after a call-back the desk ends it."""
    now = begin("withdraw", issue, by)
    if by.role == Role.ENTERPRISE:
        if not reason.strip():
            raise Incomplete({"reason": gettext_noop("Say in a sentence why.")})
        ask(issue, AskedFor.WITHDRAWAL, by=by, at=now, decides=Turn.DESK, reason=reason)
        finish(
            "withdraw:asked",
            issue,
            by=by,
            at=now,
            kind="issue.withdrawal_asked",
            words={"reason": reason},
            columns={"asked": True},
        )
        return
    asked = next(one for one in issue.waiting if one.kind == AskedFor.WITHDRAWAL)
    decide_asked(asked, True, reason, by=by, at=now)
    finish(
        "withdraw:done",
        issue,
        by=by,
        at=now,
        kind="issue.ended",
        words={"reason": reason},
        columns={"ended_at": now},
        ending=Ending.WITHDRAWN.value,
    )


@transaction.atomic
def decline(
    issue: Issue, code: str, reason: str, *, by: Person, basis: str = "", ref: str = ""
) -> None:
    """Ask not to accept a matter: another person decides. Until then nothing else is done to it.

    code: why, from the policy. basis: the rule, for what is unlawful. ref: the other matter, for
    a duplicate.
    """
    now = begin("decline", issue, by)
    known = policy(issue.policy).decline_letters
    wrong: dict[str, Refusal | str] = {}
    if code not in known:
        wrong["code"] = Refusal(
            gettext_noop("Choose one of: %(choices)s."), choices=", ".join(known)
        )
    if not reason.strip():
        wrong["reason"] = gettext_noop("Say why it is not accepted.")
    if code == "unlawful" and not basis.strip():
        wrong["basis"] = gettext_noop("Name the basis: which rule or document says so.")
    if code == "duplicate" and not _is_another(issue, ref, by):
        wrong["ref"] = gettext_noop("Name the other matter by its reference.")
    if wrong:
        raise Incomplete(wrong)
    ask(
        issue,
        AskedFor.DECLINE,
        by=by,
        at=now,
        decides=Turn.DESK,
        code=code,
        reason=reason,
        basis=basis,
        ref=ref,
    )
    finish(
        "decline",
        issue,
        by=by,
        at=now,
        kind="issue.decline_asked",
        words={"reason": reason, "basis": basis},
        columns={"asked": True},
        code=code,
        letter=known[code],
    )


def _is_another(issue: Issue, ref: str, by: Person) -> bool:
    """Whether a reference names another matter that this person sees."""
    named = parse_reference(ref, this_year=clock.today().year)
    if named is None or named[1] > 2**31 - 1:
        return False
    seen = issues().visible_to(by).filter(year=named[0], number=named[1])
    return seen.exclude(pk=issue.pk).exists()


@transaction.atomic
def approve_decline(issue: Issue, approved: bool, reason: str, *, by: Person) -> None:
    """Decide, as another person than who asked, that a matter is not accepted; or that it is."""
    may_approve(issue, by)
    now = begin("approve-decline", issue, by)
    if not reason.strip():
        raise Incomplete({"reason": gettext_noop("Say why.")})
    asked = next(one for one in issue.waiting if one.kind == AskedFor.DECLINE)
    columns = decide_asked(asked, approved, reason, by=by, at=now)
    if not approved:
        finish(
            "approve-decline:refused",
            issue,
            by=by,
            at=now,
            kind="issue.not_declined",
            words={"reason": reason},
            columns=columns,
        )
        return
    finish(
        "approve-decline:granted",
        issue,
        by=by,
        at=now,
        kind="issue.ended",
        words={"reason": reason},
        columns={"ended_at": now} | columns,
        ending=Ending.DECLINED.value,
        code=asked.code,
        letter=policy(issue.policy).decline_letters.get(asked.code, ""),
    )


def may_approve(issue: Issue, by: Person) -> None:
    """Two persons: who asked does not decide."""
    asked = [one.asker for one in issue.waiting if one.kind == AskedFor.DECLINE]
    if by.key in asked:
        raise NotAllowed(
            gettext_noop("You asked for this yourself. Leave the decision to a colleague."),
            code="asked",
        )


@transaction.atomic
def approve_explanation(issue: Issue, reason: str, *, by: Person) -> None:
    """说明结案: a result that explains, or solves in part, ends with the office's own reason."""
    now: datetime = begin("approve-explanation", issue, by)
    if not reason.strip():
        raise Incomplete({"reason": gettext_noop("Say why the explanation holds.")})
    finish(
        "approve-explanation",
        issue,
        by=by,
        at=now,
        kind="issue.ended",
        words={"reason": reason},
        columns={"ended_at": now},
        ending=Ending.EXPLAINED.value,
    )


# ------------------------------------------------------------------ as they are sent


def _withdraw(issue: Issue, body: Body, by: Person) -> None:
    reason = body.text("reason", required=by.role == Role.ENTERPRISE, longest=2000)
    body.done()
    withdraw(issue, reason, by=by)


def _decline(issue: Issue, body: Body, by: Person) -> None:
    code = body.text("code", required=True, longest=16)
    told: dict[str, Any] = {
        "reason": body.text("reason", required=True, longest=2000),
        "basis": body.text("basis", longest=2000),
        "ref": body.text("ref", longest=40),
    }
    body.done()
    decline(issue, code, by=by, **told)


def _approve_decline(issue: Issue, body: Body, by: Person) -> None:
    approved = body.flag("approved", required=True)
    reason = body.text("reason", required=True, longest=2000)
    body.done()
    approve_decline(issue, needed(approved), reason, by=by)


def _approve_explanation(issue: Issue, body: Body, by: Person) -> None:
    reason = body.text("reason", required=True, longest=2000)
    body.done()
    approve_explanation(issue, reason, by=by)


def _who_approves(issue: Issue, fields: Mapping[str, Any], by: Person) -> None:
    may_approve(issue, by)


ACTS = {
    "withdraw": _withdraw,
    "decline": _decline,
    "approve-decline": _approve_decline,
    "approve-explanation": _approve_explanation,
}
ALSO_WHO = {"approve-decline": _who_approves}
