"""Finding subjects, who keeps in touch with them, and who opened what of theirs."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Q

from qingdan.domain.people.queries import token_digest
from qingdan.domain.people.rules import Person, subject_holder
from qingdan.domain.people.states import Role
from qingdan.foundations.journal.models import Entry
from qingdan.foundations.journal.record import Told, told
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import NotHere

from .models import Contact, Liaison, Link, Subject


class Subjects(models.QuerySet[Subject]):
    def visible_to(self, person: Person) -> Self:
        """The register of subjects: open to those who give or raise work, not to administrators.

        A linked leader sees the enterprises linked to him, an enterprise itself alone. A unit sees
        none here: it meets an enterprise only through a matter, whose class decides (D11).
        """
        here = self.filter(county=person.county)
        if person.role == Role.ENTERPRISE:
            return here.filter(pk=person.subject_id)
        if person.role in (Role.LEADER, Role.ASSISTANT):
            return here.filter(pk__in=linked_subject_ids(person))
        if person.role in (Role.DESK, Role.SUPERVISION, Role.MAIN_LEADER):
            return here
        if person.raises:
            return here.filter(Q(park=person.unit_id) | Q(town=person.unit_id))
        return here.none()


def subjects() -> Subjects:
    return Subjects(Subject)


def linked_subject_ids(person: Person) -> models.QuerySet[Liaison, int]:
    """The subjects that this leader, or this assistant's leader, keeps in touch with."""
    leader = person.behalf_id or person.post_id
    return Liaison.objects.filter(county=person.county, leader=leader, to_on=None).values_list(
        "subject", flat=True
    )


def access_subject(person: Person, subject_id: int) -> Subject:
    """One subject, or NotHere: hidden and absent look the same."""
    found = subjects().visible_to(person).filter(pk=subject_id).select_related("park", "town")
    if (subject := found.first()) is None:
        raise NotHere
    return subject


def leaders_of(subject: Subject, on: date) -> list[Liaison]:
    """The leaders linked to `subject` on a day."""
    return list(
        Liaison.objects.filter(county=subject.county, subject=subject, from_on__lte=on)
        .filter(Q(to_on=None) | Q(to_on__gte=on))
        .select_related("leader", "assistant")
        .order_by("id")
    )


def person_of_link(token: str) -> Person | None:
    """The enterprise behind a link, or None for one that is unknown, ended or revoked."""
    now = clock.now()
    link = (
        Link.objects.filter(digest=token_digest(token), revoked_at=None, ends_at__gt=now)
        .select_related("subject")
        .first()
    )
    if link is None:
        return None
    return Person(
        county=link.county,
        role=Role.ENTERPRISE,
        holder=subject_holder(link.subject_id),
        title=link.subject.short_name,
        subject_id=link.subject_id,
        link_id=link.pk,
    )


def access_contact(among: Subjects, contact_id: int) -> Contact:
    """A contact of one of these subjects, or NotHere: hidden and absent by the same question."""
    found = Contact.objects.filter(pk=contact_id, subject__in=among).select_related("subject")
    if (contact := found.first()) is None:
        raise NotHere
    return contact


@dataclass(frozen=True, slots=True)
class Use:
    """One time that a link was opened."""

    link_id: int
    at: datetime


def uses_of_links(subject: Subject, most: int = 10) -> list[Use]:
    """The last times that somebody came in by a link of this enterprise, the newest first."""
    entries = Entry.objects.filter(
        county=subject.county, subject=subject_holder(subject.pk), kind="link.used"
    ).order_by("-seq")
    return [Use(one.facts["link"], one.at) for one in told(list(entries[:most]))]


ACCESS_KINDS = ("contact.rung", "contact.revealed", "link.made", "link.used", "link.revoked")
"""What the journal tells of access to an enterprise's data: the auditor's log."""


def access_log(county: str, *, before: int | None = None, most: int = 50) -> list[Told]:
    """Who rang or looked up which contact, and what was done with links, the newest first.

    before: the seq from which on older entries are wanted.
    """
    entries = Entry.objects.filter(county=county, kind__in=ACCESS_KINDS).order_by("-seq")
    if before is not None:
        entries = entries.filter(seq__lt=before)
    return list(told(list(entries[:most])))
