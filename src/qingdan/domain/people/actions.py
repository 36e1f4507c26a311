"""What is done with people: taking a post, giving a token, choosing who answers for a unit."""

import secrets

from django.db import transaction

from qingdan.foundations.journal.record import record
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import NotAllowed, NotHere
from qingdan.foundations.kernel.words import gettext_noop

from .models import ApiToken, Holding, Post, Unit, User
from .queries import holdings_of, token_digest
from .rules import Person
from .states import Duty, Role


def take_post(post: Post, user: User) -> Holding:
    """Let `user` hold `post` from now on."""
    return Holding.objects.create(county=post.county, post=post, user=user, from_at=clock.now())


@transaction.atomic
def let_deputy_answer(wants: bool, *, by: Person) -> None:
    """Let results leave a unit only with its deputy's yes, or at once: its head's or deputy's."""
    if by.unit_id is None or by.role != Role.UNIT or by.duty not in (Duty.HEAD, Duty.DEPUTY):
        raise NotAllowed
    changed = Unit.objects.filter(pk=by.unit_id).exclude(deputy_answers=wants)
    if changed.update(deputy_answers=wants):
        record(
            "unit.deputy_answers",
            f"unit:{by.unit_id}",
            county=by.county,
            by=by,
            at=clock.now(),
            touches=[by.holder],
            wants=wants,
        )


@transaction.atomic
def make_token(username: str) -> str:
    """A new API token that acts as `username` in the first post held. It is shown only here.

    Raises NotHere for an unknown name, or for one that holds no post.
    """
    user = User.objects.filter(username=username, is_active=True).first()
    held = holdings_of(user) if user else []
    if not user or not held:
        raise NotHere(
            gettext_noop("There is no active account %(name)s with a post."), name=username
        )
    token = f"qd_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(
        county=held[0].county, user=user, digest=token_digest(token), real_made_at=clock.real()
    )
    return token


def revoke_tokens(username: str, token_id: int | None = None) -> int:
    """Revoke one API token of the account, or all of them; how many there were.

    They are refused from the next request on. Raises NotHere if there is none to revoke.
    """
    held = ApiToken.objects.filter(user__username=username, real_revoked_at=None)
    if token_id is not None:
        held = held.filter(pk=token_id)
    revoked = held.update(real_revoked_at=clock.real())
    if not revoked:
        raise NotHere(gettext_noop("%(name)s has no such token to revoke."), name=username)
    return revoked
