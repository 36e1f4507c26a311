"""Again: with lists back to work, without them back to triage."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from qingdan.domain.people.rules import Person
from qingdan.foundations.kernel.moves import advance

from ..models import Assignment, Issue
from ..states import PART_LIFE, A
from .acting import finish
from .listing import release


def send_round(
    act: str,
    issue: Issue,
    *,
    by: Person,
    at: datetime,
    kind: str,
    words: Mapping[str, str],
    columns: Mapping[str, Any] | None = None,
    **facts: Any,
) -> None:
    """Take the step `act:again` or `act:afresh`, whichever the matter's lists ask for."""
    more = dict(columns or {})
    lead = issue.lead
    if lead is not None and issue.listed_at is not None:
        outcome = "again"
        if lead.state == A.DONE:
            advance(lead, PART_LIFE, "again", at=at, done_at=None)
        fresh = [part.pk for part in issue.parts if part.state == A.ASSIGNED]
        Assignment.objects.filter(pk__in=fresh).update(assigned_at=at)
    else:
        outcome = "afresh"
        for part in issue.parts:
            release(issue, part, at)
        more |= {"waiting_from": at, "listed_at": None, "redo_from": None}
    finish(f"{act}:{outcome}", issue, by=by, at=at, kind=kind, words=words, columns=more, **facts)
