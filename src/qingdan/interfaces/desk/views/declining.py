"""不予受理: asked by one, decided by another; and the register of what was not accepted."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qingdan.domain.ledger.models import Asked, Issue
from qingdan.domain.ledger.queries import issues
from qingdan.domain.ledger.rules.policy import policy
from qingdan.domain.ledger.states import AskedFor, Ending
from qingdan.domain.people.models import Post
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel import clock
from qingdan.interfaces.shared.doors import door
from qingdan.interfaces.shared.reasons import addressee_words, decline_words, letter_words

from ..act_forms import Button, DeclineForm
from .acts import one_act
from .matter import find

DECLINES = (Role.DESK, Role.SUPERVISION, Role.MAIN_LEADER)


@require_http_methods(["GET", "POST"])
@door(*DECLINES)
def decline(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Ask that a matter is not accepted, with its coded reason; until then nothing is done."""
    issue = find(request.person, year, number)
    letters = policy(issue.policy).decline_letters
    codes = [(code, decline_words(code)) for code in letters]
    notes = {
        code: _("by %(letter)s to %(addressee)s")
        % {"letter": letter_words(letter), "addressee": addressee_words(code)}
        for code, letter in letters.items()
        if letter
    }
    return one_act(
        request,
        issue,
        "decline",
        lambda sent: DeclineForm(codes, notes, sent),
        "desk/act.html",
        draft="decline",
        words=_("Asked not to accept it: %(matter)s"),
        head=_("Do not accept it"),
        note=_("A colleague decides; until then nothing else is done with it."),
        says=issue.body,
        buttons=[Button(_("Ask not to accept it"), main=True)],
    )


# ------------------------------------------------------------------ the register 不予受理登记

PAGE = 50


@dataclass(frozen=True, slots=True)
class Declined:
    """A line of the register: which matter, why, where it went, and the two who decided."""

    issue: Issue
    why: str
    told: str
    letter: str
    asked_by: Post | None
    decided_by: Post | None
    decided_at: datetime | None


@require_GET
@door(Role.DESK, Role.SUPERVISION)
def declined(request: HttpRequest) -> HttpResponse:
    """What was not accepted, the latest first, to read and to print."""
    person: Person = request.person
    rows = issues().visible_to(person).filter(ending=Ending.DECLINED.value)
    before = _number(request.GET.get("before", ""))
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("subject").order_by("-pk")[: PAGE + 1])
    page = found[:PAGE]
    asks = Asked.objects.filter(
        county=person.county,
        issue__in=[one.pk for one in page],
        kind=AskedFor.DECLINE.value,
        granted=True,
    )
    by_issue = {
        one.issue_id: one for one in asks.select_related("asked_by__unit", "decided_by__unit")
    }
    return render(
        request,
        "desk/declined.html",
        {
            "lines": [_declined(one, by_issue[one.pk]) for one in page if one.pk in by_issue],
            "next_page": f"?before={page[-1].pk}" if len(found) > PAGE else "",
            "first_page": request.path if before else "",
            "now": clock.now(),
        },
    )


def _declined(issue: Issue, asked: Asked) -> Declined:
    letter = policy(issue.policy).decline_letters.get(asked.code, "")
    passed = _("by %(letter)s to %(addressee)s") % {
        "letter": letter_words(letter),
        "addressee": addressee_words(asked.code),
    }
    return Declined(
        issue=issue,
        why=decline_words(asked.code),
        told=asked.reason,
        letter=passed if letter else "",
        asked_by=asked.asked_by,
        decided_by=asked.decided_by,
        decided_at=asked.decided_at,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
