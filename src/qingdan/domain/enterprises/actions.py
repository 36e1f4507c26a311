"""What is done with subjects: adding one to the register, linking a leader, making a link."""

import secrets
from datetime import date, timedelta

from django.db import IntegrityError, transaction

from qingdan.domain.people.models import Post
from qingdan.domain.people.queries import token_digest
from qingdan.domain.people.rules import Person, subject_holder
from qingdan.domain.people.states import Role
from qingdan.foundations.journal.record import record
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, Refusal
from qingdan.foundations.kernel.identifiers import check_uscc
from qingdan.foundations.kernel.words import gettext_noop

from .models import Contact, Liaison, Link, Subject
from .queries import person_of_link
from .states import SubjectKind

LINK_LASTS = timedelta(days=365)


@transaction.atomic
def add_enterprise(name: str, uscc: str, *, by: Person) -> Subject:
    """Take a firm that the register lacks into it, by name and code, or hand back the known one.

    Raises Incomplete with the sentence that names the wrong character or check digit.
    """
    if by.role not in (Role.DESK, Role.SUPERVISION, Role.LEADER, Role.ASSISTANT) and not by.raises:
        raise NotAllowed
    wrong: dict[str, Refusal | str] = {}
    checked = check_uscc(uscc.strip())
    if not name.strip():
        wrong["name"] = gettext_noop("Write the enterprise's full name.")
    if checked.reason is not None:
        wrong["uscc"] = Refusal(checked.reason.msgid, code="uscc", **checked.reason.facts)
    if wrong:
        raise Incomplete(wrong)
    if known := Subject.objects.filter(county=by.county, uscc=checked.code).first():
        return known
    now = clock.now()
    try:
        with transaction.atomic():
            subject = Subject.objects.create(
                county=by.county,
                kind=SubjectKind.ENTERPRISE.value,
                name=name.strip(),
                short_name=name.strip()[:40],
                sort_key=name.strip(),
                uscc=checked.code,
                park_id=by.unit_id if by.unit_kind == "park" else None,
                town_id=by.unit_id if by.unit_kind == "township" else None,
                added_at=now,
            )
    except IntegrityError:  # somebody added the same firm between our look and our write
        return Subject.objects.get(county=by.county, uscc=checked.code)
    record(
        "subject.added",
        subject_holder(subject.pk),
        county=by.county,
        by=by,
        at=now,
        words={"name": subject.name},
        uscc=subject.uscc,
    )
    return subject


@transaction.atomic
def make_link(subject: Subject, *, by: Person) -> str:
    """A new link for the enterprise, shown only here; who made it stands in the journal."""
    if by.role not in (Role.DESK, Role.ASSISTANT, Role.LEADER) or by.post_id is None:
        raise NotAllowed
    now = clock.now()
    token = secrets.token_urlsafe(24)
    link = Link.objects.create(
        county=subject.county,
        subject=subject,
        digest=token_digest(token),
        made_by_id=by.post_id,
        made_at=now,
        ends_at=now + LINK_LASTS,
    )
    record("link.made", subject_holder(subject.pk), county=by.county, by=by, at=now, link=link.pk)
    return token


@transaction.atomic
def use_link(token: str) -> Person | None:
    """Come in by a link: each use stands in the journal. None for one that opens nothing."""
    person = person_of_link(token)
    if person is None or person.link_id is None:
        return None
    now = clock.now()
    Link.objects.filter(pk=person.link_id).update(last_used_at=now)
    record(
        "link.used", person.holder, county=person.county, by=person, at=now, link=person.link_id
    )
    return person


@transaction.atomic
def revoke_link(link: Link, *, by: Person) -> None:
    """Close a link for good; a revoked one is never opened again."""
    if by.role != Role.DESK or by.county != link.county:
        raise NotAllowed
    now = clock.now()
    if not Link.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now):
        return  # closed already, and that is written down
    record(
        "link.revoked",
        subject_holder(link.subject_id),
        county=by.county,
        by=by,
        at=now,
        link=link.pk,
    )


REASON_AT_MOST = 200


@transaction.atomic
def ring(contact: Contact, *, by: Person, matter: str = "") -> None:
    """Write down that somebody rings a contact; the number itself stands in no journal (D3).

    matter: the key of the matter about which they ring, such as `issue:12`.
    """
    _written("contact.rung", contact, by, matter, {})


@transaction.atomic
def reveal(contact: Contact, reason: str, *, by: Person, matter: str = "") -> None:
    """Write down why somebody who does not work with the contact is shown the number.

    Raises Incomplete without a reason.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise Incomplete({"reason": gettext_noop("Say in a sentence what you need it for.")})
    if len(reason) > REASON_AT_MOST:
        raise Incomplete({"reason": gettext_noop("One sentence is enough.")})
    _written("contact.revealed", contact, by, matter, {"reason": reason})


def _written(kind: str, contact: Contact, by: Person, matter: str, words: dict[str, str]) -> None:
    record(
        kind,
        subject_holder(contact.subject_id),
        county=contact.county,
        by=by,
        at=clock.now(),
        words=words,
        contact=contact.pk,
        matter=matter,
    )


def assign_liaison(
    subject: Subject, leader: Post, assistant: Post | None, *, from_on: date
) -> Liaison:
    """Let a leader keep in touch with a subject from a day on."""
    return Liaison.objects.create(
        county=subject.county, subject=subject, leader=leader, assistant=assistant, from_on=from_on
    )
