"""The outings and stops that a person goes on."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Count

from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel.errors import NotHere

from .models import Outing, Stop


class Outings(models.QuerySet[Outing]):
    def visible_to(self, person: Person) -> Self:
        """A leader's and his assistant's own; the desk sees all."""
        here = self.filter(county=person.county)
        if person.role == Role.DESK:
            return here
        if person.role in (Role.LEADER, Role.ASSISTANT):
            return here.filter(leader=person.behalf_id or person.post_id)
        return here.none()


def outings() -> Outings:
    return Outings(Outing)


def outings_from(person: Person, day: date) -> list[Outing]:
    """The outings of a day and those before it, the newest first."""
    rows = outings().visible_to(person).filter(on__lte=day)
    return list(
        rows.select_related("leader")
        .annotate(stop_count=Count("stops"))
        .order_by("-on", "-id")[:20]
    )


def access_outing(person: Person, outing_id: int) -> Outing:
    """One outing with its stops, or NotHere."""
    found = outings().visible_to(person).filter(pk=outing_id).select_related("leader")
    if (outing := found.first()) is None:
        raise NotHere
    return outing


def access_stop(person: Person, stop_id: int) -> Stop:
    """One stop, or NotHere: hidden and absent look the same."""
    mine = outings().visible_to(person)
    found = Stop.objects.filter(county=person.county, pk=stop_id, outing__in=mine)
    stop = found.select_related("subject__park", "outing__leader").first()
    if stop is None:
        raise NotHere
    return stop
