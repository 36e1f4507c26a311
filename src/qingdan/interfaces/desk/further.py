"""Lists cut by what waits beside the state: 争议, 延期, 不予受理复核, 待审批说明, 专送督查室."""

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from qingdan.domain.ledger.models import Asked, Result
from qingdan.domain.ledger.queries import Standings
from qingdan.domain.ledger.states import AskedFor, Handling, ResultKind, S, Turn
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role

ASKED = {
    "disputes": AskedFor.OBJECTION,
    "extensions": AskedFor.EXTENSION,
    "declines": AskedFor.DECLINE,
}


def further_of(person: Person) -> tuple[str, ...]:
    """The further lists of a hat; none where its list is short anyway."""
    if person.role == Role.DESK:
        return tuple(ASKED)
    if person.role == Role.SUPERVISION:
        return (*ASKED, "explained", "sealed")
    return ()


def further_words(queue: str) -> str:
    return {
        "disputes": _("Disputes"),
        "extensions": _("Later dates asked"),
        "declines": _("Not accepted, to decide"),
        "explained": _("Explanations to approve"),
        "sealed": _("Sealed matters"),
    }[queue]


def nothing_there(queue: str) -> str:
    """Why an empty list is a good one."""
    return {
        "disputes": _("No unit asks for another one."),
        "extensions": _("Nobody asks for a later date."),
        "declines": _("Nothing waits for a second pair of eyes."),
        "explained": _("No explanation waits for approval."),
        "sealed": _("Nothing was sent to the supervision office alone."),
    }[queue]


def in_further(rows: Standings, queue: str, person: Person) -> Standings:
    """The rows of a further list. The supervision office finds what is its own to decide."""
    if kind := ASKED.get(queue):
        asks = asked(kind)
        if person.role == Role.SUPERVISION and kind is not AskedFor.DECLINE:
            asks = asks.filter(decides=Turn.SUPERVISION.value)
        return rows.filter(issue__asked=True).filter(Exists(asks))
    if queue == "explained":
        last = Result.objects.filter(issue=OuterRef("issue")).order_by("-pk").values("kind")[:1]
        partly = (ResultKind.PARTLY.value, ResultKind.EXPLAINED.value)
        verified = rows.filter(state=S.VERIFIED.value)
        return verified.alias(last=Subquery(last)).filter(last__in=partly)
    return rows.filter(issue__handling=Handling.SUPERVISION_ONLY.value)


def asked(kind: AskedFor) -> "QuerySet[Asked]":
    """What waits for a decision, of the matter of the row around it."""
    return Asked.objects.filter(issue=OuterRef("issue"), kind=kind.value, decided_at=None)
