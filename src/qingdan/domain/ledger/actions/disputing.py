"""申请调整承办单位: a unit asks for another one, once; the decision binds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from qingdan.domain.people.models import Unit
from qingdan.domain.people.rules import Person
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, StepNotOpen
from qingdan.foundations.kernel.moves import advance
from qingdan.foundations.kernel.words import gettext_noop

from ..models import Asked, Assignment, Issue, Task
from ..queries import letters_of
from ..queries.acts import decides
from ..states import PART_LIFE, AskedFor, Part, T, Turn
from .acting import ask, begin, decide_asked, finish, my_part
from .bodies import Body, needed
from .listing import release
from .registering import assign
from .responsible import barred
from .triaging import ALREADY_THERE

SUPERVISED_FROM = 3
"""The third objection on one matter is decided by the supervision office."""


@transaction.atomic
def object_to(issue: Issue, reason: str, unit: Unit, *, by: Person) -> None:
    """Ask that another unit does this part. Until it is decided, this unit's acts rest.

    unit: the one that is proposed. Asked within a working day, once per unit and matter.
    """
    now = begin("object", issue, by)
    part = my_part(issue, by)
    if part is None:
        raise StepNotOpen
    wrong = {}
    if not reason.strip():
        wrong["reason"] = gettext_noop("Say why another unit should do it.")
    if refusal := _cannot_take(issue, unit):
        wrong["unit"] = refusal
    if wrong:
        raise Incomplete(wrong)
    before = Asked.objects.filter(issue=issue, kind=AskedFor.OBJECTION.value).count()
    third = before + 1 >= SUPERVISED_FROM
    ask(
        issue,
        AskedFor.OBJECTION,
        by=by,
        at=now,
        decides=Turn.SUPERVISION if third else Turn.DESK,
        assignment=part,
        unit=unit,
        reason=reason,
    )
    advance(part, PART_LIFE, "object", at=now, objected_at=now)
    finish(
        "object",
        issue,
        by=by,
        at=now,
        kind="task.objected",
        words={"reason": reason},
        columns={"asked": True},
        unit=part.unit.code,
        proposed=unit.code,
    )


def _cannot_take(issue: Issue, unit: Unit) -> str | None:
    """Why a part cannot pass to this unit; None where it can."""
    if refusal := barred(issue, unit):
        return refusal
    if any(part.unit_id == unit.pk for part in issue.parts):
        return ALREADY_THERE
    objected = Asked.objects.filter(issue=issue, kind=AskedFor.OBJECTION.value)
    if objected.filter(assignment__unit=unit).exists():
        return gettext_noop("This unit said already that it is not its matter.")
    return None


@transaction.atomic
def decide(
    issue: Issue, uphold: bool, *, by: Person, unit: Unit | None = None, of: str = ""
) -> None:
    """Decide an objection. Upheld, the part passes on with its tasks and dates; else it binds.

    unit: to whom it passes, the proposed one if not said. of: the code of the unit that asked,
    where two wait.
    """
    may_decide(issue, AskedFor.OBJECTION, of, by)
    now = begin("decide", issue, by)
    asked = needed_one(issue, AskedFor.OBJECTION, of)
    part = Assignment.objects.select_related("unit").get(pk=needed(asked.assignment_id))
    facts: dict[str, Any] = {"unit": part.unit.code}
    if uphold:
        taker = needed(unit or asked.unit)
        refusal = _cannot_take(issue, taker)
        if refusal:
            raise Incomplete({"unit": refusal})
        hand_over(issue, part, taker, now)
        Asked.objects.filter(pk=asked.pk).update(unit=taker)
        facts["to"] = taker.code
    else:
        advance(part, PART_LIFE, "reject", at=now, acknowledged_at=now)
    columns = decide_asked(asked, uphold, "", by=by, at=now)
    finish(
        "decide",
        issue,
        by=by,
        at=now,
        kind="task.moved" if uphold else "task.bound",
        columns=columns,
        **facts,
    )


def hand_over(issue: Issue, part: Assignment, unit: Unit, now: datetime) -> None:
    """Pass a part with its open tasks and their dates to another unit; what was done stays."""
    kind = Part(part.part)
    release(issue, part, now)
    taken = assign(issue, unit, kind, now)
    Task.objects.filter(assignment=part, state=T.OPEN.value).update(
        assignment=taken, unit=unit, section=None, person=None
    )


def waiting_one(issue: Issue, kind: AskedFor, of: str) -> Asked | None:
    """What waits for a decision: of the unit `of`, or the only one; None where that is unclear."""
    found = [one for one in issue.waiting if one.kind == kind]
    if of:
        codes = dict(Assignment.objects.filter(issue=issue).values_list("pk", "unit__code"))
        found = [one for one in found if codes.get(one.assignment_id) == of]
    return found[0] if len(found) == 1 else None


def needed_one(issue: Issue, kind: AskedFor, of: str) -> Asked:
    """The one that waits, or a refusal that says what to name."""
    if (found := waiting_one(issue, kind, of)) is not None:
        return found
    if any(one.kind == kind for one in issue.waiting):
        raise Incomplete({"of": gettext_noop("Several units wait: say whose you decide.")})
    raise StepNotOpen


def may_decide(issue: Issue, kind: AskedFor, of: str, by: Person) -> None:
    """Raise NotAllowed where all that waits is somebody else's to decide.

    With nothing waiting, that is the office whose turn it would be: the first objections are the
    desk's.
    """
    letters = letters_of(issue, by)
    one = waiting_one(issue, kind, of)
    waiting = [one] if one else [each for each in issue.waiting if each.kind == kind]
    if waiting and not any(decides(each, letters) for each in waiting):
        raise NotAllowed(gettext_noop("This is decided by somebody else: see whose turn it is."))


# ------------------------------------------------------------------ as they are sent


def _object(issue: Issue, body: Body, by: Person) -> None:
    reason = body.text("reason", required=True, longest=2000)
    unit = body.unit("unit", required=True)
    body.done()
    object_to(issue, reason, needed(unit), by=by)


def _decide(issue: Issue, body: Body, by: Person) -> None:
    uphold = body.flag("uphold", required=True)
    unit = body.unit("unit")
    of = body.text("of", longest=40)
    body.done()
    decide(issue, needed(uphold), by=by, unit=unit, of=of)


def _who_decides(issue: Issue, fields: Mapping[str, Any], by: Person) -> None:
    of = fields.get("of")
    may_decide(issue, AskedFor.OBJECTION, of if isinstance(of, str) else "", by)


ACTS = {"object": _object, "decide": _decide}
ALSO_WHO = {"decide": _who_decides}
