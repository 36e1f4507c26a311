"""How a matter ended, in plain words. Only the enterprise's own word is ever called solved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qingdan.domain.ledger.models import Asked, ContactMade, Issue
from qingdan.domain.ledger.rules.policy import policy
from qingdan.domain.ledger.states import AskedFor, ContactKind, Ending, Handling, S
from qingdan.foundations.kernel import clock

from ..shared.history import day_words


@dataclass(frozen=True)
class Ended:
    """head: what happened in a few words. told: the sentences. reopen_until: the last day on
    which it can be raised again, None once that is over."""

    head: str
    told: tuple[str, ...] = ()
    reopen_until: date | None = None


def label_of(issue: Issue) -> str:
    """How it ended, in one word of a list."""
    if issue.state == S.ANSWERED:
        return pgettext("ended", "answered")
    return {
        Ending.CONFIRMED.value: pgettext("ended", "solved"),
        Ending.UNANSWERED.value: pgettext("ended", "you were not reached"),
        Ending.EXPLAINED.value: pgettext("ended", "explained"),
        Ending.DECLINED.value: pgettext("ended", "not accepted"),
        Ending.WITHDRAWN.value: pgettext("ended", "withdrawn"),
    }.get(issue.ending, "")


def ended(issue: Issue, asks: Sequence[Asked], contacts: Sequence[ContactMade]) -> Ended | None:
    """How this matter ended, or None while it is open."""
    if issue.state not in (S.ENDED, S.ANSWERED):
        return None
    return Ended(_head(issue), _told(issue, asks, contacts), reopen_until(issue))


def reopen_until(issue: Issue) -> date | None:
    """The last day on which the enterprise can raise it again; None once that is over."""
    if issue.ended_at is None:
        return None
    end = issue.ended_at + timedelta(days=policy(issue.policy).reopen_days)
    return clock.date_of(end) if clock.now() <= end else None


def office_words(issue: Issue) -> str:
    """Who keeps watch over it: the desk, or of a sealed matter the supervision office."""
    if issue.handling == Handling.SUPERVISION_ONLY:
        if issue.about is not None and issue.about.code == "supervision":
            return pgettext("office", "the main leader")
        return pgettext("office", "the supervision office")
    return pgettext("office", "the service desk")


def _head(issue: Issue) -> str:
    if issue.state == S.ANSWERED:
        return _("Your question is answered.")
    return {
        Ending.CONFIRMED.value: _("You said that it is solved."),
        Ending.UNANSWERED.value: _("You could not be reached."),
        Ending.EXPLAINED.value: _("It was explained to you."),
        Ending.DECLINED.value: _("It was not accepted here."),
        Ending.WITHDRAWN.value: _("You withdrew it."),
    }.get(issue.ending, "")


def _told(issue: Issue, asks: Sequence[Asked], contacts: Sequence[ContactMade]) -> tuple[str, ...]:
    facts = {
        "day": day_words(clock.date_of(issue.ended_at)) if issue.ended_at else "",
        "office": office_words(issue),
    }
    if issue.ending == Ending.UNANSWERED:
        tried = [c for c in contacts if c.kind == ContactKind.ATTEMPT]
        days = dict.fromkeys(day_words(clock.date_of(c.happened_at)) for c in tried)
        return (
            _(
                "On %(days)s %(office)s tried to reach you and reached nobody. After five more"
                " working days it was ended; it does not count as solved."
            )
            % (facts | {"days": pgettext("days", ", ").join(days)}),
        )
    if issue.ending == Ending.EXPLAINED:
        return (
            _(
                "Not all of it could be done. The reason was examined and approved by the"
                " supervision office; it does not count as solved."
            ),
        )
    if issue.ending == Ending.WITHDRAWN:
        return (
            _(
                "You asked to withdraw it; %(office)s called you back and ended it on %(day)s."
                " It does not count as solved."
            )
            % facts,
        )
    if issue.ending == Ending.DECLINED:
        return _declined(asks)
    return ()


def _declined(asks: Sequence[Asked]) -> tuple[str, ...]:
    """Why it was not accepted, where it went and by which letter."""
    declines = [a for a in asks if a.kind == AskedFor.DECLINE and a.granted]
    if not declines:
        return ()
    ask = declines[-1]
    facts = {"basis": ask.basis.strip().rstrip("。"), "ref": ask.ref}
    where = {
        "court": _("It belongs before a court, an arbitrator or a review of administrative acts."),
        "discipline": _("It belongs before the discipline inspection."),
        "police": _("It belongs before the police."),
        "petition": _("It belongs before the petitions office."),
        "hotline": _("It is a personal matter, for the 12345 hotline."),
        "other_place": _("It belongs to another county."),
        "unlawful": _("What it asks for the law does not allow: %(basis)s."),
        "duplicate": _("The same matter is being worked on already: %(ref)s."),
        "incomplete": _("It lacks what one needs to work on it, and two calls did not bring it."),
        "secret": _("It touches state or work secrets, which must not be handled here."),
    }.get(ask.code)
    letter = {
        "court": _("A letter of transfer went to the competent court or body."),
        "discipline": _("A letter of transfer went to the discipline inspection."),
        "police": _("A letter of transfer went to the police."),
        "petition": _("A letter of referral went to the petitions office."),
        "hotline": _("A letter of referral went to the 12345 hotline."),
        "other_place": _("A letter of request went to the competent place."),
    }.get(ask.code)
    reason = ask.reason.strip().rstrip("。")
    said = [
        where % facts if where else "",
        letter or "",
        _("What we tell you: %(reason)s.") % {"reason": reason} if reason else "",
        _("A second person examined this and agreed."),
    ]
    return tuple(sentence for sentence in said if sentence)
