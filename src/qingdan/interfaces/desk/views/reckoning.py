"""Which dates follow from a choice, before it is made: by the table that starts the clocks."""

from dataclasses import dataclass
from datetime import datetime

from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.models.clocks import count
from qingdan.domain.ledger.rules.clocks import MatterFacts, PartFacts, wanted
from qingdan.domain.ledger.rules.policy import policy
from qingdan.domain.ledger.states import A, ClockKind, Grade, Part, S, Track
from qingdan.foundations.workdays.due import Due

SHOWN = (
    ClockKind.FIRST_CONTACT,
    ClockKind.ANSWER,
    ClockKind.NEXT_REPLY,
    ClockKind.REDO,
    ClockKind.END,
)
"""In the order in which they come."""


@dataclass(frozen=True, slots=True)
class Date:
    """A date that would run. promised: it is what the enterprise is told."""

    kind: str
    due: Due
    promised: bool


def dates_of(issue: Issue, track: str, grade: str, now: datetime) -> list[Date]:
    """The dates of a matter, were it triaged now; none while track and grade are not chosen."""
    if track not in set(Track) or grade not in set(Grade):
        return []
    facts = MatterFacts(
        state=S.TRIAGED,
        track=track,
        grade=grade,
        handling=issue.handling,
        round=issue.round,
        registered_at=issue.registered_at,
        waiting_from=issue.waiting_from,
        triaged_at=now,
        replied_at=now,
        redo_from=now if issue.round else None,
        end_on=issue.end_on,
        parts=(PartFacts(0, Part.LEAD, A.ASSIGNED, now, contacted=False),),
    )
    found = {asked.kind: count(asked) for asked in wanted(facts, policy(issue.policy))}
    return [
        Date(kind.value, found[kind], promised=kind == ClockKind.END)
        for kind in SHOWN
        if kind in found
    ]
