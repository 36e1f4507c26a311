"""The outings and stops that a person goes on."""

import re
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from qingdan.domain.people.models import Post
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Duty, Role
from qingdan.foundations.kernel.errors import NotHere

from .models import Companion, Outing, Stop

LEADS = (Role.LEADER, Role.MAIN_LEADER)
GO_ALONG = (*LEADS, Role.UNIT, Role.DESK, Role.SUPERVISION)
"""Whose posts go along: the county's leaders and its units, no enterprise and no administrator."""


class Outings(models.QuerySet[Outing]):
    def visible_to(self, person: Person) -> Self:
        """Those that a leader goes on, for the leader and the assistant; the desk sees all."""
        here = self.filter(county=person.county)
        if person.role == Role.DESK:
            return here
        if person.role in (Role.LEADER, Role.ASSISTANT):
            post = person.behalf_id or person.post_id
            along = Companion.objects.filter(
                county=person.county, outing=OuterRef("pk"), post=post
            )
            return here.filter(Q(leader=post) | Exists(along))
        return here.none()

    def with_company(self) -> Self:
        """With its leader, its assistant and who goes along, each named by the post."""
        return self.select_related("leader", "assistant").prefetch_related(_named("company"))


def _named(company: str) -> "Prefetch[str]":
    return Prefetch(company, queryset=Companion.objects.select_related("post__unit"))


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
    found = outings().visible_to(person).filter(pk=outing_id).with_company()
    if (outing := found.first()) is None:
        raise NotHere
    return outing


def access_stop(person: Person, stop_id: int) -> Stop:
    """One stop, or NotHere: hidden and absent look the same."""
    mine = outings().visible_to(person)
    found = Stop.objects.filter(county=person.county, pk=stop_id, outing__in=mine)
    found = found.prefetch_related(_named("outing__company"))
    stop = found.select_related("subject__park", "outing__leader").first()
    if stop is None:
        raise NotHere
    return stop


def called(post: Post) -> str:
    """A post as one says it: 市场监管局局长; the title alone of who sits in no unit."""
    unit = post.unit.short_name if post.unit else ""
    return post.title if post.title.startswith(unit) else f"{unit}{post.title}"


def posts_to_take_along(county: str) -> list[Post]:
    """Whom a plan offers: the county's leaders, the heads and deputies of its units."""
    posts = Post.objects.filter(county=county, role__in=GO_ALONG).select_related("unit")
    offered = posts.filter(Q(role__in=LEADS) | Q(duty__in=(Duty.HEAD, Duty.DEPUTY)))
    return list(offered.order_by("order", "id"))


def post_called(county: str, text: str) -> Post | None:
    """The one post that somebody means by 市场监管局局长; None for nobody or for several."""
    wanted = _plain(text)
    if not wanted:
        return None
    posts = Post.objects.filter(county=county, role__in=GO_ALONG).select_related("unit")
    named = [(_plain(called(post)), post) for post in posts.order_by("order", "id")]
    exact = [post for name, post in named if name == wanted]
    found = exact or [post for name, post in named if wanted in name]
    return found[0] if len(found) == 1 else None


def _plain(text: str) -> str:
    return re.sub(r"[\s·]", "", text)
