"""暂停计时 and 挂起: clocks that stand for a reason, matters that wait. Neither ends one."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from qingdan.domain.people.rules import Person
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, Refusal, StepNotOpen
from qingdan.foundations.kernel.words import gettext_noop
from qingdan.foundations.workdays.calendar import official
from qingdan.foundations.workdays.due import due

from ..models import Hold, Issue, Pause
from ..queries import letters_of
from ..rules.policy import policy
from ..states import HoldKind, Turn
from .acting import begin, end_pause, finish
from .bodies import Body, needed


@transaction.atomic
def pause(issue: Issue, reason: str, until: date, *, by: Person) -> None:
    """Let all of a matter's clocks stand still until a date's 00:00. The enterprise reads why.

    reason: a code of the policy, which also says how long one pause may be.
    """
    now = begin("pause", issue, by)
    today = clock.date_of(now)
    reasons = policy(issue.policy).pause_reasons
    wrong: dict[str, Refusal | str] = {}
    if reason not in reasons:
        wrong["reason"] = Refusal(
            gettext_noop("Choose one of: %(choices)s."), choices=", ".join(reasons)
        )
    elif until <= today:
        wrong["until"] = gettext_noop("The clocks run on from a later day.")
    elif (most := reasons[reason]) and until > (last := due(now, most, official()).on):
        wrong["until"] = Refusal(
            gettext_noop("A pause for this reason lasts until %(last)s at most."), last=last
        )
    if wrong:
        raise Incomplete(wrong)
    Pause.objects.create(
        county=issue.county,
        issue=issue,
        reason=reason,
        from_at=now,
        until_at=clock.start_of(until),
    )
    finish(
        "pause",
        issue,
        by=by,
        at=now,
        kind="issue.paused",
        columns={"interrupted": True},
        reason=reason,
        until=until,
    )


@transaction.atomic
def resume(issue: Issue, *, by: Person) -> None:
    """Let the clocks run on before the pause is over."""
    now = begin("resume", issue, by)
    end_pause(issue, now)
    finish("resume", issue, by=by, at=now, kind="issue.resumed")


@transaction.atomic
def hold(
    issue: Issue,
    kind: HoldKind,
    reason: str,
    next_on: date,
    *,
    by: Person,
    answers: str = "",
    addressee: str = "",
    sent_on: date | None = None,
) -> None:
    """转立项, 提级协调 or 挂账: the end clock stands, who placed it owes the next reply.

    One at a time. The same hold again is its review, with a new day for the next reply.
    """
    may_hold(issue, kind, by)
    now = begin("hold", issue, by)
    running = _same_or_none(issue, kind)
    wrong = _wrong_hold(issue, kind, reason, next_on, answers, addressee, sent_on)
    if wrong:
        raise Incomplete(wrong)
    turn = Turn.LEADER if "L" in letters_of(issue, by) else Turn.DESK
    told: dict[str, Any] = {
        "reason": reason,
        "next_on": next_on,
        "answers": answers,
        "addressee": addressee,
        "sent_on": sent_on,
        "turn": turn.value,
        "placed_by_id": by.post_id,
        "dated_at": now,
    }
    if running is not None:
        Hold.objects.filter(pk=running.pk).update(**told)
    else:
        Hold.objects.create(county=issue.county, issue=issue, kind=kind.value, from_at=now, **told)
    finish(
        "hold",
        issue,
        by=by,
        at=now,
        kind="issue.held",
        words={"reason": reason, "answers": answers, "addressee": addressee},
        columns={"held": True, "interrupted": True, "replied_at": now},
        hold=kind.value,
        next_on=next_on,
        review=running is not None,
        sent_on=sent_on,
    )


def may_hold(issue: Issue, kind: str, by: Person) -> None:
    """挂账 is the linked leader's, his assistant included; the others are the desk's too."""
    if kind == HoldKind.CARRIED and "L" not in letters_of(issue, by):
        raise NotAllowed


def _same_or_none(issue: Issue, kind: HoldKind) -> Hold | None:
    running: Hold | None = issue.holds.filter(to_at=None).first() if issue.held else None
    if running is not None and running.kind != kind:
        raise StepNotOpen(gettext_noop("Another hold stands. Release it first."))
    return running


def _wrong_hold(
    issue: Issue,
    kind: HoldKind,
    reason: str,
    next_on: date,
    answers: str,
    addressee: str,
    sent_on: date | None,
) -> dict[str, Refusal | str]:
    wrong: dict[str, Refusal | str] = {}
    if not reason.strip():
        wrong["reason"] = gettext_noop("Say why it waits.")
    if kind is HoldKind.PROJECT and not answers.strip():
        wrong["answers"] = gettext_noop("Name the project that answers it.")
    if kind is HoldKind.LIFTED and not addressee.strip():
        wrong["addressee"] = gettext_noop("Name to whom it was lifted.")
    if kind is HoldKind.LIFTED and sent_on is None:
        wrong["sent_on"] = gettext_noop("Say when it was sent.")
    today, calendar = clock.today(), official()
    if sent_on is not None and sent_on > today:
        wrong["sent_on"] = gettext_noop("This day is still to come.")
    last = today + timedelta(days=policy(issue.policy).next_reply_days)
    if not today < next_on <= last:
        wrong["next_on"] = Refusal(
            gettext_noop("The next reply comes after today and by %(last)s."), last=last
        )
    elif not calendar.is_working(next_on):
        wrong["next_on"] = Refusal(
            gettext_noop("%(day)s is a day off. Make it %(next)s?"),
            code="day-off",
            day=next_on,
            next=calendar.next_working_day(next_on),
        )
    return wrong


@transaction.atomic
def release(issue: Issue, *, by: Person) -> None:
    """End the hold: the end clock runs on, the held time not counted."""
    may_release(issue, by)
    now = begin("release", issue, by)
    held = issue.holds.filter(to_at=None).first()
    issue.holds.filter(to_at=None).update(to_at=now)
    finish(
        "release",
        issue,
        by=by,
        at=now,
        kind="issue.released",
        columns={"held": False, "replied_at": now},
        hold=held.kind if held else "",
    )


def may_release(issue: Issue, by: Person) -> None:
    """Who may place a hold may release it."""
    held = issue.holds.filter(to_at=None).first() if issue.held else None
    if held is not None:
        may_hold(issue, held.kind, by)


# ------------------------------------------------------------------ as they are sent


def _pause(issue: Issue, body: Body, by: Person) -> None:
    reason = body.text("reason", required=True, longest=24)
    until = body.day("until", required=True)
    body.done()
    pause(issue, reason, needed(until), by=by)


def _resume(issue: Issue, body: Body, by: Person) -> None:
    resume(issue, by=by)


def _hold(issue: Issue, body: Body, by: Person) -> None:
    kind = body.choice("kind", HoldKind, required=True)
    if kind is not None:
        _same_or_none(issue, kind)
    reason = body.text("reason", required=True, longest=2000)
    next_on = body.day("next_on", required=True)
    told: dict[str, Any] = {
        "answers": body.text("answers", longest=200),
        "addressee": body.text("addressee", longest=60),
        "sent_on": body.day("sent_on"),
    }
    body.done()
    hold(issue, needed(kind), reason, needed(next_on), by=by, **told)


def _release(issue: Issue, body: Body, by: Person) -> None:
    release(issue, by=by)


def _who_holds(issue: Issue, fields: Mapping[str, Any], by: Person) -> None:
    may_hold(issue, str(fields.get("kind", "")), by)


def _who_releases(issue: Issue, fields: Mapping[str, Any], by: Person) -> None:
    may_release(issue, by)


ACTS = {"pause": _pause, "resume": _resume, "hold": _hold, "release": _release}
ALSO_WHO = {"hold": _who_holds, "release": _who_releases}
