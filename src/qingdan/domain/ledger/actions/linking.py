"""同一问题: matters about one thing are linked, not merged; each keeps its own answer."""

from django.db import transaction

from qingdan.domain.people.rules import Person
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed
from qingdan.foundations.kernel.words import gettext_noop

from ..models import Issue, SameMatter
from ..queries import letters_of
from .acting import write_down


def _pair(issue: Issue, other: Issue) -> dict[str, Issue]:
    first, second = sorted((issue, other), key=lambda one: one.pk)
    return {"issue": first, "other": second}


def may_link(issue: Issue, by: Person) -> bool:
    """The desk and the supervision office link what they see."""
    return bool(letters_of(issue, by) & {"D", "S"})


@transaction.atomic
def link_same(issue: Issue, other: Issue, *, by: Person) -> None:
    """Say that two matters are about one thing. Linked already, nothing changes."""
    if not (may_link(issue, by) and may_link(other, by)):
        raise NotAllowed
    if issue.pk == other.pk:
        raise Incomplete({"ref": gettext_noop("Name another matter than this one.")})
    now = clock.now()
    _, fresh = SameMatter.objects.get_or_create(
        county=issue.county, ended_at=None, defaults={"at": now}, **_pair(issue, other)
    )
    if fresh:
        write_down("issue.linked", issue, by=by, at=now, other=f"{other.year}/{other.number}")
        write_down("issue.linked", other, by=by, at=now, other=f"{issue.year}/{issue.number}")


@transaction.atomic
def unlink_same(issue: Issue, other: Issue, *, by: Person) -> None:
    """Take a link back; that it stood stays in the journal."""
    if not (may_link(issue, by) and may_link(other, by)):
        raise NotAllowed
    now = clock.now()
    ended = SameMatter.objects.filter(
        county=issue.county, ended_at=None, **_pair(issue, other)
    ).update(ended_at=now)
    if ended:
        write_down("issue.unlinked", issue, by=by, at=now, other=f"{other.year}/{other.number}")
        write_down("issue.unlinked", other, by=by, at=now, other=f"{issue.year}/{issue.number}")
