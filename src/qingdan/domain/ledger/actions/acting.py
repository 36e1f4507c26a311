"""How every act begins and ends: who, which version, which state; then version and journal."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from qingdan.domain.people.rules import Person
from qingdan.foundations.journal.record import record
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import ChangedMeanwhile, NotAllowed
from qingdan.foundations.kernel.machine import Step
from qingdan.foundations.kernel.moves import advance
from qingdan.foundations.kernel.words import gettext_noop
from qingdan.foundations.workdays.calendar import OFFICE_HOURS

from ..models import Asked, Assignment, Handled, Issue, Sight
from ..queries import has_handled, letters_of, require_ready
from ..queries.acts import asks_for_free_hands, free_hands
from ..rules.rights import NEVER_WHO_HANDLED, may
from ..states import ISSUE_LIFE, PART_LIFE, A, AskedFor, Handling, S, Turn


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
    require_ready(act, issue, by)
    return clock.now()


def require(by: Person, act: str, issue: Issue) -> None:
    """Raise NotAllowed unless the table of acts gives this act to this person here."""
    if not may(act, letters_of(issue, by)):
        raise NotAllowed
    if act in NEVER_WHO_HANDLED:
        not_handled(issue, by)


def not_handled(issue: Issue, by: Person) -> None:
    """Raise NotAllowed for who handled the matter."""
    if has_handled(issue, by):
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
    also: Sequence[str] = (),
    **facts: Any,
) -> Step:
    """Take the step, stand anew, write it down. The journal's head is locked last (D2).

    also: live topics that this act moves besides those of who sees the matter.
    """
    more = dict(columns or {})
    if ISSUE_LIFE[step].target in OVER_WITH_WAITING:
        more |= end_waiting(issue, at)
    issue.forget()  # parts and asks may have moved within this act
    if issue.handling != Handling.NORMAL:
        more |= _left(issue, ISSUE_LIFE[step].target or issue.state, more)
        issue.forget()
    taken = advance(issue, ISSUE_LIFE, step, at=at, **more)
    write_down(kind, issue, by=by, at=at, words=words, happened_at=happened_at, also=also, **facts)
    return taken


def _left(issue: Issue, state: str, more: Mapping[str, Any]) -> dict[str, bool]:
    """Whether a matter of a hidden class opens to the main leader, since nobody else is left."""
    if state in (S.ENDED, S.ANSWERED):
        return {}
    was = issue.state, issue.asked
    issue.state, issue.asked = state, bool(more.get("asked", issue.asked))
    left = asks_for_free_hands(issue) and not all(free_hands(issue))
    issue.state, issue.asked = was
    return {"left": left}


OVER_WITH_WAITING = frozenset({S.REPORTED.value, S.ANSWERED.value, S.ENDED.value})
"""Reaching one of these ends what waited: a hold, a pause, and whatever was asked."""


def end_waiting(issue: Issue, at: datetime) -> dict[str, Any]:
    """End hold and pause and make void what was asked; hand back the columns that go with it."""
    columns: dict[str, Any] = {}
    if issue.held:
        issue.holds.filter(to_at=None).update(to_at=at)
        columns["held"] = False
    if issue.interrupted:
        end_pause(issue, at)
    if issue.asked:
        issue.asks.filter(decided_at=None).update(decided_at=at)
        for part in issue.parts:
            if part.state == A.DISPUTED:
                advance(part, PART_LIFE, "reject", at=at, acknowledged_at=at)
        columns["asked"] = False
    return columns


def end_pause(issue: Issue, at: datetime) -> None:
    """Let the clocks run on from now."""
    issue.pauses.filter(ended_at=None, until_at__gt=at).update(ended_at=at)


def ask(
    issue: Issue, kind: AskedFor, *, by: Person, at: datetime, decides: Turn, **what: Any
) -> Asked:
    """Put a question to whom it is to decide. The caller writes `asked` with its step."""
    return Asked.objects.create(
        county=issue.county,
        issue=issue,
        kind=kind.value,
        decides=decides.value,
        asked_by_id=by.post_id,
        asker=by.key,
        asked_at=at,
        **what,
    )


def decide_asked(
    asked: Asked, granted: bool, reason: str, *, by: Person, at: datetime
) -> dict[str, Any]:
    """Answer a question; hand back the column that says whether another one still waits."""
    asked.granted, asked.decided_at, asked.decided_by_id = granted, at, by.post_id
    asked.decision = reason
    asked.save(update_fields=["granted", "decided_at", "decided_by", "decision"])
    return {"asked": asked.issue.asks.filter(decided_at=None).exists()}


def write_down(
    kind: str,
    issue: Issue,
    *,
    by: Person,
    at: datetime,
    words: Mapping[str, str] | None = None,
    happened_at: datetime | None = None,
    also: Sequence[str] = (),
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
        touches=[*touched(issue, at), *also],
        ref=f"{issue.year}/{issue.number}",
        **facts,
    )


def touched(issue: Issue, at: datetime) -> list[str]:
    """The live topics that change with a matter: itself, and the lists of who sees it, or has
    seen it until this act."""
    rows = Sight.objects.filter(Q(to_at=None) | Q(to_at=at), issue=issue)
    seen = rows.values_list("holder", flat=True)
    offices = ["sealed"] if issue.handling == Handling.SUPERVISION_ONLY else ["desk", "board"]
    return [issue.journal_key, *offices, *sorted(set(seen))]


EVERY_OFFICE = ("desk", "board", "sealed")
"""The lists of all offices: another class takes a matter from one and gives it to another."""


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
