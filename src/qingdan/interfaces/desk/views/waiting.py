"""暂停计时 and 挂起: why a matter waits, until when, and which dates move by that."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qingdan.domain.ledger.models import Hold, Issue
from qingdan.domain.ledger.queries import letters_of
from qingdan.domain.ledger.rules.policy import policy
from qingdan.domain.ledger.states import HoldKind
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel import clock
from qingdan.foundations.workdays.calendar import official
from qingdan.interfaces.shared.doors import door
from qingdan.interfaces.shared.reasons import hold_words, pause_words

from ..act_forms import Button, HoldForm, PauseForm
from .acts import one_act
from .matter import find
from .reckoning import Move, moved_by_pause

PAUSES = (Role.DESK, Role.SUPERVISION, Role.MAIN_LEADER)
HOLDS = (*PAUSES, Role.LEADER, Role.ASSISTANT)

FEW = 5
"""Working days that a pause is proposed for."""
MONTH = 28
"""Days until the next reply is proposed: within the 30 that are allowed, on a working day."""


@require_http_methods(["GET", "POST"])
@door(*PAUSES)
def pause(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Let the clocks stand still. Asked for a part, the dates that would follow."""
    issue = find(request.person, year, number)
    calendar, today = official(), clock.today()
    proposed = calendar.day_of(calendar.ordinal(today) + FEW)
    until = request.POST.get("until") or request.GET.get("until") or proposed.isoformat()
    moves = _moved(issue, until)
    if "X-Qingdan-Part" in request.headers and request.method == "GET":
        return render(request, "desk/_moves.html", {"moves": moves})
    reasons = [(code, pause_words(code)) for code in policy(issue.policy).pause_reasons]
    return one_act(
        request,
        issue,
        "pause",
        lambda sent: PauseForm(reasons, sent, initial={"until": proposed.isoformat()}),
        "desk/act.html",
        draft="pause",
        words=_("Paused: %(matter)s"),
        head=_("Pause the clocks"),
        note=_("The enterprise reads why and until when."),
        moves=moves,
        reckons="until",
        buttons=[Button(_("Pause"), main=True)],
    )


def _moved(issue: Issue, until: str) -> list[Move]:
    try:
        day = date.fromisoformat(until)
    except ValueError:
        return []
    if not 2000 < day.year < 2100:
        return []
    return moved_by_pause(issue, day, clock.now())


@require_http_methods(["GET", "POST"])
@door(*HOLDS)
def hold(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """转立项, 提级协调 or 挂账; while one stands, its review with the next day."""
    person: Person = request.person
    issue = find(person, year, number)
    stands = issue.holds.filter(to_at=None).first() if issue.held else None
    return one_act(
        request,
        issue,
        "hold",
        lambda sent: HoldForm(_kinds(issue, person, stands), sent, initial=_proposed(stands)),
        "desk/act.html",
        draft="hold",
        words=_("It waits: %(matter)s"),
        head=_("Look again whether it still waits") if stands else _("Let it wait"),
        note=_("It stays open on every list; the end date does not count meanwhile."),
        buttons=[Button(_("It still waits") if stands else _("Let it wait"), main=True)],
    )


def _kinds(issue: Issue, person: Person, stands: Hold | None) -> list[tuple[str, str]]:
    """The one that stands, else those that this person may place."""
    carries = "L" in letters_of(issue, person)
    open_kinds = [kind for kind in HoldKind if carries or kind is not HoldKind.CARRIED]
    return [
        (kind.value, hold_words(kind.value))
        for kind in open_kinds
        if stands is None or kind == stands.kind
    ]


def _proposed(stands: Hold | None) -> dict[str, str]:
    calendar = official()
    latest = clock.today() + timedelta(days=MONTH)
    while not calendar.is_working(latest):
        latest -= timedelta(days=1)
    proposed = {"next_on": latest.isoformat()}
    if stands is None:
        return proposed
    return proposed | {
        "kind": stands.kind,
        "answers": stands.answers,
        "addressee": stands.addressee,
        "sent_on": stands.sent_on.isoformat() if stands.sent_on else "",
        "reason": stands.reason,
    }
