"""What somebody asked is decided: objections, extensions, declines; explanations are approved."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qingdan.domain.ledger.actions.declining import may_approve
from qingdan.domain.ledger.models import Asked, Issue
from qingdan.domain.ledger.queries import extends_from, letters_of
from qingdan.domain.ledger.queries.acts import decides
from qingdan.domain.ledger.rules.policy import policy
from qingdan.domain.ledger.states import AskedFor, Part
from qingdan.domain.people.queries import units_to_give_to
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel.errors import NotAllowed, StepNotOpen
from qingdan.foundations.kernel.words import gettext_noop
from qingdan.interfaces.shared.doors import door
from qingdan.interfaces.shared.reasons import addressee_words, decline_words, letter_words
from qingdan.interfaces.shared.rows import result_words

from ..act_forms import (
    ApproveDeclineForm,
    ApproveExplanationForm,
    Button,
    DecideForm,
    GrantForm,
)
from .acts import one_act, ready
from .matter import find
from .reckoning import Move

DECIDES = (Role.DESK, Role.SUPERVISION, Role.MAIN_LEADER)

SOMEBODY_ELSE = gettext_noop("This is decided by somebody else: see whose turn it is.")

Facts = list[tuple[str, str]]


def asked_of(issue: Issue, kind: AskedFor, person: Person, unit: str = "") -> Asked:
    """What waits for this person's decision: of the unit that is named, or the oldest."""
    rows = issue.asks.filter(decided_at=None, kind=kind.value).order_by("pk")
    letters = letters_of(issue, person)
    found = [
        one
        for one in rows.select_related("assignment__unit", "unit", "asked_by__unit")
        if kind is AskedFor.DECLINE or decides(one, letters)
    ]
    named = [one for one in found if unit and one.assignment and one.assignment.unit.code == unit]
    for one in [*named, *found]:
        if kind is AskedFor.DECLINE:
            may_approve(issue, person)
        return one
    if rows:
        raise NotAllowed(SOMEBODY_ELSE)
    raise StepNotOpen


def _unit(asked: Asked) -> Any:
    return asked.assignment.unit if asked.assignment else None


def _of(request: HttpRequest) -> str:
    return request.POST.get("of", "") or request.GET.get("of", "")


@require_http_methods(["GET", "POST"])
@door(*DECIDES)
def decide(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """申请调整承办单位: to the proposed unit, to another one, or not; then it binds."""
    person: Person = request.person
    issue = find(person, year, number)
    ready("decide", issue, person)
    asked = asked_of(issue, AskedFor.OBJECTION, person, _of(request))
    unit, proposed = _unit(asked), asked.unit
    others = [
        one
        for one in units_to_give_to(person.county)
        if one.pk not in (unit.pk, proposed.pk if proposed else 0)
    ]
    return one_act(
        request,
        issue,
        "decide",
        lambda sent: DecideForm(others, sent, initial={"of": unit.code}),
        "desk/act.html",
        draft="decide",
        words=_("Decided: %(matter)s"),
        head=_("Decide who does it"),
        note=_("The decision binds; nobody asks twice."),
        facts=[
            (_("Who asks"), unit.short_name),
            (_("Reason given"), asked.reason),
            (_("Proposes"), proposed.short_name if proposed else ""),
        ],
        chooses=True,
        buttons=[
            Button(
                _("Give it to %(unit)s") % {"unit": proposed.short_name if proposed else ""},
                "uphold",
                "yes",
            ),
            Button(_("Leave it with %(unit)s") % {"unit": unit.short_name}, "uphold", "no"),
        ],
    )


@require_http_methods(["GET", "POST"])
@door(*DECIDES)
def grant_extension(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """延期: from which date to which, and why; granted or not."""
    person: Person = request.person
    issue = find(person, year, number)
    ready("grant-extension", issue, person)
    asked = asked_of(issue, AskedFor.EXTENSION, person, _of(request))
    unit, part = _unit(asked), asked.assignment
    before = extends_from(issue, part) if part else None
    leads = part is not None and part.part == Part.LEAD
    words = _("Result, as promised to the enterprise") if leads else _("Its part")
    return one_act(
        request,
        issue,
        "grant-extension",
        lambda sent: GrantForm(sent, initial={"of": unit.code}),
        "desk/act.html",
        draft="grant-extension",
        words=_("Decided: %(matter)s"),
        head=_("Decide on a later date"),
        facts=[(_("Who asks"), unit.short_name), (_("Reason given"), asked.reason)],
        moves=[Move(words, before, asked.due_on, promised=leads)],
        chooses=True,
        buttons=[
            Button(_("Agree"), "granted", "yes"),
            Button(_("Do not agree"), "granted", "no"),
        ],
    )


@require_http_methods(["GET", "POST"])
@door(*DECIDES)
def approve_decline(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """不予受理: the second pair of eyes."""
    person: Person = request.person
    issue = find(person, year, number)
    ready("approve-decline", issue, person)
    asked = asked_of(issue, AskedFor.DECLINE, person)
    return one_act(
        request,
        issue,
        "approve-decline",
        ApproveDeclineForm,
        "desk/act.html",
        draft="approve-decline",
        words=_("Decided: %(matter)s"),
        head=_("Decide whether it is accepted"),
        note=_("Who asked does not decide."),
        says=issue.body,
        facts=list(declined(issue, asked)),
        chooses=True,
        buttons=[
            Button(_("Agree, it is not accepted"), "approved", "yes"),
            Button(_("Do not agree, it is accepted"), "approved", "no"),
        ],
    )


def declined(issue: Issue, asked: Asked) -> Iterator[tuple[str, str]]:
    """Why a matter is not to be accepted, and where it goes."""
    who = asked.asked_by
    if who is not None:
        yield _("Who asks"), who.title
    yield _("Why not"), decline_words(asked.code)
    yield _("What the enterprise is told"), asked.reason
    if asked.basis:
        yield _("Basis"), asked.basis
    if asked.ref:
        yield _("The other matter"), asked.ref
    if letter := policy(issue.policy).decline_letters.get(asked.code, ""):
        yield (
            _("Passed on"),
            _("by %(letter)s to %(addressee)s")
            % {"letter": letter_words(letter), "addressee": addressee_words(asked.code)},
        )


@require_http_methods(["GET", "POST"])
@door(*DECIDES)
def approve_explanation(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """说明结案: the office's own reason ends what could not be done, or only in part."""
    issue = find(request.person, year, number)
    last = issue.results.order_by("pk").last()
    facts: Facts = []
    if last is not None and last.kind in ("partly", "explained"):
        facts = [(_("Outcome"), result_words(last.kind)), (_("Basis"), last.basis)]
    return one_act(
        request,
        issue,
        "approve-explanation",
        ApproveExplanationForm,
        "desk/act.html",
        draft="approve-explanation",
        words=_("Ended with an explanation: %(matter)s"),
        head=_("Approve the explanation"),
        note=_("It ends and does not count as solved."),
        says=last.text if last else "",
        facts=facts,
        buttons=[Button(_("Approve, it ends"), main=True)],
    )
