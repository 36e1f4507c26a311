"""How every act begins and ends: who, which version, which state; then version and journal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from qingdan.domain.people.rules import Person
from qingdan.foundations.journal.record import record
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import ChangedMeanwhile, NotAllowed
from qingdan.foundations.kernel.machine import Step
from qingdan.foundations.kernel.moves import advance
from qingdan.foundations.kernel.words import gettext_noop
from qingdan.foundations.workdays.calendar import OFFICE_HOURS

from ..models import Assignment, Handled, Issue, Sight
from ..queries import has_handled, letters_of
from ..rules.rights import NEVER_WHO_HANDLED, may
from ..states import ISSUE_LIFE, Handling


def begin(act: str, issue: Issue, by: Person) -> datetime:
    """Open an act on a matter, or refuse it; hand back the instant that it carries.

    Locks the row and looks whether it is still as it was read, so that a second person who
    presses at the same moment hears of it before anything else is judged (the order of refusals
    in life.md: who, stale, wrong state, incomplete).
    """
    require(by, act, issue)
    as_read = Issue.objects.select_for_update().filter(pk=issue.pk)
    if as_read.values_list("version", flat=True).first() != issue.version:
        raise ChangedMeanwhile
    ISSUE_LIFE.require_open(act, issue.state)
    return clock.now()


def require(by: Person, act: str, issue: Issue) -> None:
    """Raise NotAllowed unless the table of acts gives this act to this person here."""
    if not may(act, letters_of(issue, by)):
        raise NotAllowed
    if act in NEVER_WHO_HANDLED and has_handled(issue, by):
        raise NotAllowed(
            gettext_noop("Who handled this matter does not do this. Leave it to a colleague."),
            code="handled",
        )


def finish(
    step: str,
    issue: Issue,
    *,
    by: Person,
    at: datetime,
    kind: str,
    words: Mapping[str, str] | None = None,
    columns: Mapping[str, Any] | None = None,
    happened_at: datetime | None = None,
    **facts: Any,
) -> Step:
    """Take the step, stand anew, write it down. The journal's head is locked last (D2)."""
    issue.__dict__.pop("parts", None)  # the parts may have moved within this act
    taken = advance(issue, ISSUE_LIFE, step, at=at, **(columns or {}))
    write_down(kind, issue, by=by, at=at, words=words, happened_at=happened_at, **facts)
    return taken


def write_down(
    kind: str,
    issue: Issue,
    *,
    by: Person,
    at: datetime,
    words: Mapping[str, str] | None = None,
    happened_at: datetime | None = None,
    **facts: Any,
) -> None:
    """One entry about this matter, telling the live pages of everybody who has it in sight."""
    record(
        kind,
        issue.journal_key,
        county=issue.county,
        by=by,
        at=at,
        happened_at=happened_at,
        words={name: text for name, text in (words or {}).items() if text},
        touches=touched(issue),
        ref=f"{issue.year}/{issue.number}",
        **facts,
    )


def touched(issue: Issue) -> list[str]:
    """The live topics that change with a matter: itself, and the lists of who sees it."""
    seen = Sight.objects.filter(issue=issue, to_at=None).values_list("holder", flat=True)
    offices = ["sealed"] if issue.handling == Handling.SUPERVISION_ONLY else ["desk", "board"]
    return [issue.journal_key, *offices, *sorted(set(seen))]


def handled(issue: Issue, by: Person, at: datetime) -> None:
    """Remember that this person worked on it: they will not verify it."""
    Handled.objects.get_or_create(
        county=issue.county,
        issue=issue,
        person=by.key,
        defaults={"unit_id": by.unit_id, "at": at},
    )


def show(issue: Issue, holder: str, why: str, at: datetime) -> None:
    """Put a matter in somebody's sight."""
    Sight.objects.get_or_create(
        county=issue.county,
        issue=issue,
        holder=holder,
        why=why,
        to_at=None,
        defaults={"from_at": at},
    )


def hide(issue: Issue, holder: str, why: str, at: datetime) -> None:
    """Take a matter out of somebody's sight, as far as this reason goes."""
    Sight.objects.filter(
        county=issue.county, issue=issue, holder=holder, why=why, to_at=None
    ).update(to_at=at)


def offices_open(now: datetime) -> bool:
    """Whether today's office hours are not over yet: today can still be a date."""
    return now.astimezone(clock.COUNTY_ZONE).time() < OFFICE_HOURS.closes


def my_part(issue: Issue, by: Person) -> Assignment | None:
    """The part that this person's unit has in the matter."""
    return next((p for p in issue.parts if p.unit_id == by.unit_id), None)
