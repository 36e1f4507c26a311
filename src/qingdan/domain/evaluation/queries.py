"""Which suggestions somebody sees: their own; the desk and the supervision offices all."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Count, Q

from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import issues
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel.errors import NotHere

from .models import Suggestion
from .rules import answers
from .states import Heard


class Suggestions(models.QuerySet[Suggestion]):
    def visible_to(self, person: Person) -> Self:
        """All of the county for whoever answers, their own for everybody else."""
        if answers(person):
            return self.filter(county=person.county)
        return self.own(person)

    def own(self, person: Person) -> Self:
        """Of an enterprise those of all who speak for it; else what one wrote in this post.

        Who left a post leaves what was written in it: it may tell of the post's matters.
        """
        here = self.filter(county=person.county)
        if person.role == Role.ENTERPRISE and person.subject_id is not None:
            return here.filter(subject=person.subject_id)
        if person.user_id is None or person.post_id is None:
            return here.none()
        return here.filter(user=person.user_id, post=person.post_id)

    def open(self) -> Self:
        return self.filter(state=Heard.OPEN.value)

    def told(self) -> Self:
        """With all that a page says of them."""
        return self.select_related(
            "post__unit", "subject", "first_answered_by__unit", "answered_by__unit"
        )


def suggestions() -> Suggestions:
    return Suggestions(Suggestion)


def access_suggestion(person: Person, year: int, number: int) -> Suggestion:
    """One suggestion, or NotHere: hidden and absent look the same."""
    if number > 2**31 - 1 or year > 2**15 - 1:
        raise NotHere
    found = suggestions().visible_to(person).filter(year=year, number=number).told().first()
    if found is None:
        raise NotHere
    return found


def matters_seen(rows: list[Suggestion], person: Person) -> dict[int, Issue]:
    """The matters that these were written on, by key, as far as `person` may see them."""
    keys = {row.issue_id for row in rows if row.issue_id is not None}
    if not keys:
        return {}
    return {issue.pk: issue for issue in issues().visible_to(person).filter(pk__in=keys)}


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many suggestions wait for an answer, and how many of them too long."""

    open: int
    late: int


def waiting(person: Person, now: datetime) -> Waiting:
    """What waits for this hat's answer; nothing for whoever answers none."""
    if not answers(person):
        return Waiting(0, 0)
    found = (
        suggestions()
        .visible_to(person)
        .open()
        .aggregate(open=Count("pk"), late=Count("pk", filter=Q(due_at__lte=now)))
    )
    return Waiting(found["open"], found["late"])
