"""联系: the first contact, attempts to reach who is silent, call-backs; and 未回应."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from qingdan.domain.people.rules import Person
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, StepNotOpen
from qingdan.foundations.kernel.moves import advance
from qingdan.foundations.kernel.words import gettext_noop

from ..models import Assignment, ContactMade, Issue
from ..queries import contacts_open, letters_of
from ..queries.acts import attempts, makes_first_contact
from ..rules.policy import policy
from ..states import PART_LIFE, A, ContactKind, Ending
from .acting import begin, finish, handled, my_part, not_handled
from .bodies import Body, needed


@transaction.atomic
def make_contact(
    issue: Issue,
    *,
    by: Person,
    kind: ContactKind = ContactKind.FIRST,
    how: str = "",
    number: str = "",
    happened_at: datetime | None = None,
    words: str = "",
) -> None:
    """Note that somebody spoke with the enterprise, or tried to. It moves no state.

    The first contact acknowledges for its unit; on a name-hidden matter the desk makes it, which
    neither acknowledges nor makes the desk a handler. The second day of attempts gives the
    enterprise its waiting time anew. A call-back is made by who did not handle the matter.
    """
    may_contact(issue, kind, by)
    now = begin("contact", issue, by)
    if kind not in contacts_open(issue, by):
        raise StepNotOpen
    if happened_at is not None and happened_at > now:
        raise Incomplete({"at": gettext_noop("This time is still to come.")})
    part = _first(issue, by, now) if kind is ContactKind.FIRST else None
    ContactMade.objects.create(
        county=issue.county,
        issue=issue,
        assignment=part,
        kind=kind.value,
        how=how,
        number=number,
        words=words,
        by_id=by.post_id,
        happened_at=happened_at or now,
        recorded_at=now,
    )
    columns: dict[str, Any] = {}
    if kind is ContactKind.ATTEMPT:
        columns = _waits_anew(issue, now)
    facts: dict[str, Any] = {"unit": part.unit.code if part else by.unit_code}
    finish(
        "contact",
        issue,
        by=by,
        at=now,
        kind="issue.contacted",
        words={"words": words, "number": number},
        columns=columns,
        happened_at=happened_at,
        contact=kind.value,
        how=how,
        **facts,
    )


def may_contact(issue: Issue, kind: ContactKind, by: Person) -> None:
    """Raise NotAllowed unless this kind of contact is this person's to make."""
    letters = letters_of(issue, by)
    if kind is ContactKind.FIRST:
        if not makes_first_contact(issue, by, letters):
            raise NotAllowed
        return
    if not letters & {"D", "S", "stands:contact"}:
        raise NotAllowed
    if kind is ContactKind.CALL_BACK:
        not_handled(issue, by)


def _first(issue: Issue, by: Person, now: datetime) -> Assignment:
    part = my_part(issue, by)
    by_desk = part is None
    part = part or issue.lead
    if part is None:
        raise StepNotOpen
    if part.state == A.ASSIGNED and not by_desk:
        advance(part, PART_LIFE, "acknowledge", at=now, acknowledged_at=now, contacted_at=now)
    else:
        Assignment.objects.filter(pk=part.pk).update(contacted_at=now)
    if not by_desk:
        handled(issue, by, now)
    return part


def _waits_anew(issue: Issue, now: datetime) -> dict[str, Any]:
    """The last attempt that is needed starts the enterprise's waiting time, once."""
    days = attempts(issue)
    enough = policy(issue.policy).silence.attempts
    waits_since = issue.confirm_from
    fresh = len(days) == enough and waits_since == issue.verified_at
    return {"confirm_from": now} if fresh else {}


@transaction.atomic
def lapse(issue: Issue, *, by: Person) -> None:
    """未回应: nobody answered two attempts on two days, nor in the days after them."""
    now = begin("lapse", issue, by)
    finish(
        "lapse",
        issue,
        by=by,
        at=now,
        kind="issue.ended",
        columns={"ended_at": now},
        ending=Ending.UNANSWERED.value,
    )


# ------------------------------------------------------------------ as they are sent


def _contact(issue: Issue, body: Body, by: Person) -> None:
    kind = body.choice("kind", ContactKind, required=True)
    told: dict[str, Any] = {
        "how": body.text("by", longest=20),
        "number": body.text("number", longest=40),
        "happened_at": body.instant("at"),
        "words": body.text("words", required=kind is ContactKind.CALL_BACK, longest=2000),
    }
    body.done()
    make_contact(issue, by=by, kind=needed(kind), **told)


def _lapse(issue: Issue, body: Body, by: Person) -> None:
    lapse(issue, by=by)


def _who_contacts(issue: Issue, fields: Mapping[str, Any], by: Person) -> None:
    said = fields.get("kind")
    if isinstance(said, str) and said in {kind.value for kind in ContactKind}:
        may_contact(issue, ContactKind(said), by)


ACTS = {"contact": _contact, "lapse": _lapse}
ALSO_WHO = {"contact": _who_contacts}
