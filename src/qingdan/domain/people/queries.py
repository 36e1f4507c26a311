"""Who somebody is now, and the units a form may offer."""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from qingdan.foundations.kernel import clock

from .models import ApiToken, Holding, Post, Unit, User
from .rules import Person, post_holder, section_holder, unit_holder
from .states import Duty, Role, UnitKind


def holdings_of(user: User) -> list[Holding]:
    """The posts that `user` holds now, the oldest first."""
    now = clock.now()
    return list(
        Holding.objects.filter(user=user, from_at__lte=now)
        .filter(Q(to_at=None) | Q(to_at__gt=now))
        .select_related("post__unit", "post__section", "user")
        .order_by("id")
    )


def person_of(user: User, post_id: int | None = None) -> Person | None:
    """`user` in the post `post_id`, or in the first one held; None without any, or if not held."""
    if not user.is_active:
        return None
    for holding in holdings_of(user):
        if post_id in (None, holding.post_id):
            return person_in(holding.post, user)
    return None


def person_in(post: Post, user: User | None = None) -> Person:
    """The acting person in `post`. An assistant has the leader's matters in sight."""
    unit = post.unit
    return Person(
        county=post.county,
        role=Role(post.role),
        holder=post.holder or default_holder(post),
        post_id=post.pk,
        user_id=user.pk if user else None,
        username=user.username if user else "",
        title=post.title,
        duty=post.duty,
        unit_id=post.unit_id,
        unit_code=unit.code if unit else "",
        unit_name=unit.short_name if unit else "",
        unit_kind=unit.kind if unit else "",
        section_id=post.section_id,
        subject_id=subject_of(post),
        behalf_id=post.leader_id if post.role == Role.ASSISTANT else None,
    )


def default_holder(post: Post) -> str:
    """Under which name a post has matters in sight, unless an upper room filled one in.

    A section's people see what carries their section's tasks; everybody else in a unit sees the
    unit's matters; leaders see those of their enterprises. Administrators see none.
    """
    if post.role == Role.ASSISTANT and post.leader_id:
        return post_holder(post.leader_id)
    if post.role == Role.LEADER:
        return post_holder(post.pk)
    if post.role in (Role.UNIT, Role.DESK, Role.SUPERVISION):
        if post.section_id and post.duty in (Duty.SECTION_HEAD, Duty.HANDLER):
            return section_holder(post.section_id)
        if post.unit_id:
            return unit_holder(post.unit_id)
    return ""


def subject_of(post: Post) -> int | None:
    """The subject that an enterprise's post stands for."""
    kind, _, key = post.holder.partition(":")
    return int(key) if kind == "subject" else None


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def person_of_token(token: str) -> Person | None:
    """Who acts with an API token, or None for one that is unknown, revoked or too old."""
    found = (
        ApiToken.objects.filter(digest=token_digest(token), real_revoked_at=None)
        .select_related("user")
        .first()
    )
    if found is None or ((end := token_ends_at(found)) and end <= clock.real()):
        return None
    return person_of(found.user)


def token_ends_at(token: ApiToken) -> datetime | None:
    """When a token ends by itself, by the machine's clock (D17); None where none does."""
    days: int = settings.TOKEN_DAYS
    return token.real_made_at + timedelta(days=days) if days else None


def tokens_of(username: str) -> list[ApiToken]:
    """The account's tokens, the newest first."""
    return list(ApiToken.objects.filter(user__username=username).order_by("-pk"))


def units_to_give_to(county: str) -> list[Unit]:
    """The units that can be given work, in the county's own order; offices never can."""
    return list(
        Unit.objects.filter(county=county).exclude(kind=UnitKind.OFFICE).order_by("order", "id")
    )


def deputy_answers(person: Person) -> bool:
    """Whether this person's unit lets results leave only with its deputy's yes."""
    mine = Unit.objects.filter(pk=person.unit_id or 0, deputy_answers=True)
    return mine.exists()


def unit_coded(county: str, code: str) -> Unit | None:
    return Unit.objects.filter(county=county, code=code).first()
