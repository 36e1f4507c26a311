"""改派改级 and 答复咨询: another track, grade, class or lead; a question answered at once."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.states import A, Grade, Handling, Track
from qingdan.domain.people.queries import units_to_give_to
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel import clock
from qingdan.interfaces.shared.doors import door
from qingdan.interfaces.shared.rows import class_words, grade_words, track_words

from ..act_forms import AnswerForm, Button, ChangeForm
from .acts import one_act
from .matter import find
from .reckoning import Move, moved_by_change

CHANGES = (Role.DESK, Role.SUPERVISION, Role.MAIN_LEADER)


@require_http_methods(["GET", "POST"])
@door(*CHANGES)
def answer(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """A question is answered in one act, which is final."""
    issue = find(request.person, year, number)
    return one_act(
        request,
        issue,
        "answer",
        AnswerForm,
        "desk/act.html",
        draft="answer",
        words=_("Answered: %(matter)s"),
        head=_("Answer the question"),
        note=_("It ends with the answer and is counted apart."),
        says=issue.body,
        buttons=[Button(_("Answer"), main=True)],
    )


@require_http_methods(["GET", "POST"])
@door(*CHANGES)
def change(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Say what is to be otherwise, and why. Asked for a part, the date that would follow."""
    person: Person = request.person
    issue = find(person, year, number)
    asked = request.POST if request.method == "POST" else request.GET
    moves = _moved(issue, asked.get("track") or issue.track, asked.get("grade") or issue.grade)
    if "X-Qingdan-Part" in request.headers and request.method == "GET":
        return render(request, "desk/_moves.html", {"moves": moves})
    offered, kept = _offered(issue, person)
    return one_act(
        request,
        issue,
        "change",
        lambda sent: ChangeForm(offered, kept, sent),
        "desk/act.html",
        draft="change",
        words=_("Changed: %(matter)s"),
        names={"class": "handling"},
        head=_("Change it"),
        moves=moves,
        reckons="track grade",
        buttons=[Button(_("Change it"), main=True)],
    )


def _moved(issue: Issue, track: str, grade: str) -> list[Move]:
    return moved_by_change(issue, track, grade, clock.now())


def _offered(issue: Issue, person: Person) -> tuple[dict[str, Any], dict[str, str]]:
    """What can be chosen, and what stands now."""
    lead = issue.lead
    offered: dict[str, Any] = {
        "track": [(track.value, track_words(track)) for track in Track],
        "grade": [(grade.value, grade_words(grade)) for grade in Grade],
    }
    kept = {"track": issue.track, "grade": issue.grade, "handling": issue.handling}
    classes = [issue.handling]
    if issue.handling != Handling.NORMAL:
        classes.append(Handling.NORMAL.value)
    offered["handling"] = [(one, class_words(one)) for one in classes]
    if lead is not None and lead.state == A.ASSIGNED:
        others = {part.unit_id for part in issue.parts if part.pk != lead.pk}
        offered["lead"] = [
            (unit.code, unit.short_name)
            for unit in units_to_give_to(person.county)
            if unit.pk not in others and unit.pk != issue.about_id
        ]
        kept["lead"] = lead.unit.code
    return offered, kept
