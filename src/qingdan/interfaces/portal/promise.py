"""What the enterprise was promised, whether that day has passed, and why it moved.

A date never moves in silence: the first day that was promised stays on the page, with one line for
each thing that moved it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qingdan.domain.ledger.models import Asked, Clock, Hold, Issue, Pause
from qingdan.domain.ledger.rules.policy import policy
from qingdan.domain.ledger.states import OPEN, AskedFor, ClockKind, HoldKind, Part, S
from qingdan.foundations.kernel import clock
from qingdan.foundations.workdays.calendar import official
from qingdan.foundations.workdays.due import due, due_on_date

from ..shared.history import day_words
from .days import said_day


@dataclass(frozen=True)
class Promise:
    """What was promised.

    on: the day that holds now. late: how long it has passed, in words. before: the first day that
    was promised, where another one holds now. why: what moved it, the oldest first. waits: what it
    waits for while nothing is counted. next_on: when the enterprise hears again, in a hold or
    where no end date is promised.
    """

    on: date | None = None
    late: str = ""
    before: date | None = None
    why: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    next_on: date | None = None


def promise_of(
    issue: Issue,
    clocks: Sequence[Clock],
    pauses: Sequence[Pause],
    holds: Sequence[Hold],
    asks: Sequence[Asked],
    reply: Clock | None = None,
) -> Promise:
    """clocks: its end and redo clocks, the oldest first, stopped ones too.

    reply: its running clock of the next reply, which is promised where there is no end date.
    """
    if issue.state not in OPEN:
        return Promise()
    now = clock.now()
    is_promised = issue.promised_on is not None or issue.round > 0
    hold = next((h for h in holds if h.to_at is None), None)
    if hold is not None:
        return Promise(
            before=clocks[-1].due_on if clocks and is_promised else None,
            waits=_held(hold),
            next_on=hold.next_on,
        )
    waits = tuple(
        _("The count is paused until %(day)s: %(why)s.")
        % {"day": day_words(clock.date_of(p.until_at)), "why": _pause_words(issue, p.reason)}
        for p in pauses
        if p.ended_at is None and p.from_at <= now < p.until_at
    )
    kind = ClockKind.REDO if issue.round else ClockKind.END
    last = next((c for c in reversed(clocks) if c.kind == kind), None)
    if last is None or not is_promised:
        late = late_words(now, reply.due_at) if reply and not waits else ""
        return Promise(waits=waits, next_on=reply.due_on if reply else None, late=late)
    rows = [c for c in clocks if c.kind == kind and c.start_at == last.start_at]
    first = first_day(rows[0])
    redone = _redone(issue)
    moved = last.due_on != first
    counts = not waits and issue.state != S.VERIFIED
    return Promise(
        on=last.due_on,
        late=late_words(now, last.due_at) if counts else "",
        before=first if moved else None,
        why=(*redone, *(_reasons(issue, rows, pauses, holds, asks, now) if moved else ())),
        waits=waits,
    )


def late_words(now: datetime, due_at: datetime) -> str:
    """`已过2个工作日`, or nothing while the day has not passed."""
    if now < due_at:
        return ""
    n = official().working_days_between(clock.date_of(due_at), clock.date_of(now))
    if not n:
        return _("it has passed")
    return ngettext("%(n)s working day ago", "%(n)s working days ago", n) % {"n": n}


def first_day(row: Clock) -> date:
    """The day that a clock named when it began, before anything stood still."""
    if not row.stood:
        return row.due_on
    try:
        return due_on_date(date.fromisoformat(row.limit), official(), start=row.start_at).on
    except ValueError:
        return due(row.start_at, row.limit, official()).on


def _redone(issue: Issue) -> tuple[str, ...]:
    if not issue.round or issue.redo_from is None:
        return ()
    day = day_words(clock.date_of(issue.redo_from))
    return (_("You said on %(day)s that it is not solved; it is done again.") % {"day": day},)


def _reasons(
    issue: Issue,
    rows: Sequence[Clock],
    pauses: Sequence[Pause],
    holds: Sequence[Hold],
    asks: Sequence[Asked],
    now: datetime,
) -> list[str]:
    """What moved the date, each in one line, the oldest first."""
    since = rows[0].started_at
    told: list[tuple[datetime, str]] = []
    known: set[datetime] = set()
    for pause in pauses:
        over = pause.ended_at or pause.until_at
        known |= {pause.from_at, over}
        if since <= pause.from_at and over <= now:
            why = _pause_words(issue, pause.reason)
            told.append((pause.from_at, _not_counted(pause.from_at, over, why)))
    for hold in holds:
        known.add(hold.from_at)
        if hold.to_at is not None and since <= hold.from_at:
            known.add(hold.to_at)
            why = _hold_words(hold.kind)
            told.append((hold.from_at, _not_counted(hold.from_at, hold.to_at, why)))
    for ask in asks:
        moved_it = ask.assignment is not None and ask.assignment.part == Part.LEAD
        if ask.kind == AskedFor.EXTENSION and ask.granted and ask.decided_at and moved_it:
            known.add(ask.decided_at)
            words = {
                "unit": ask.assignment.unit.short_name if ask.assignment else "",
                "day": day_words(clock.date_of(ask.decided_at)),
                "why": ask.reason.strip().rstrip("。"),
            }
            told.append(
                (
                    ask.decided_at,
                    _("%(unit)s asked for more time, granted on %(day)s: %(why)s.") % words,
                )
            )
    for before, row in pairwise(rows):
        if row.started_at not in known and row.limit != before.limit:
            day = day_words(clock.date_of(row.started_at))
            told.append(
                (row.started_at, _("The way it is handled was changed on %(day)s.") % {"day": day})
            )
    return [words for _at, words in sorted(told)]


def _not_counted(start: datetime, end: datetime, why: str) -> str:
    return _("Not counted from %(start)s to %(end)s: %(why)s.") % {
        "start": day_words(clock.date_of(start)),
        "end": day_words(clock.date_of(end)),
        "why": why,
    }


def _pause_words(issue: Issue, reason: str) -> str:
    """Why it is paused, as one says it to the enterprise; a county's own reason by its name."""
    plain = {
        "awaiting_enterprise": _("papers are awaited from you"),
        "statutory": _("a publication, test or review that the law asks for"),
        "force_majeure": _("force majeure"),
    }
    if reason in plain:
        return plain[reason]
    named = policy(issue.policy).codes["pauses"]["reasons"]
    return next((str(one["name"]) for one in named if one["code"] == reason), reason)


def _hold_words(kind: str) -> str:
    return {
        HoldKind.PROJECT.value: _("a project was awaited"),
        HoldKind.LIFTED.value: _("an answer from above was awaited"),
        HoldKind.CARRIED.value: _("it could not be done yet"),
    }.get(kind, "")


def _held(hold: Hold) -> tuple[str, ...]:
    """Where it waits, and by when the enterprise hears again."""
    facts = {
        "day": said_day(hold.next_on),
        "answers": hold.answers.strip().rstrip("。"),
        "addressee": hold.addressee,
        "sent": day_words(hold.sent_on) if hold.sent_on else "",
    }
    said = {
        HoldKind.PROJECT.value: _(
            "It is solved together with others of its kind, by a project: %(answers)s."
        ),
        HoldKind.LIFTED.value: _(
            "It needs a decision from above: %(addressee)s was asked on %(sent)s."
        ),
        HoldKind.CARRIED.value: _(
            "It cannot be done for now; your linked leader keeps it on his books."
        ),
    }
    reason = hold.reason.strip().rstrip("。")
    return (
        said[hold.kind] % facts,
        *((_("Why: %(reason)s.") % {"reason": reason},) if reason else ()),
        _("By %(day)s you hear from us again.") % facts,
    )
