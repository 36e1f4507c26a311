"""研判分办: what waits at the left, the matter in its words, the decision at the right."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import (
    FIRST_SUPERVISION,
    Standings,
    issues,
    lines_for,
    open_acts,
)
from qingdan.domain.ledger.rules.policy import policy
from qingdan.domain.ledger.states import OPEN, ClockKind, Grade, Handling, S, Track
from qingdan.domain.people.models import Unit
from qingdan.domain.people.queries import units_to_give_to
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel import clock
from qingdan.interfaces.shared.doors import door
from qingdan.interfaces.shared.phrases import distance_words
from qingdan.interfaces.shared.rows import Row, class_words, grade_words, rows_of, track_words

from ..forms import TriageForm, code_of
from .acts import act_page, done, named, ready, send
from .matter import find
from .reckoning import Date, dates_of

TRIAGES = (Role.DESK, Role.SUPERVISION, Role.MAIN_LEADER)
MOST = 30
"""Rows of the queue beside the form; whoever has more in it works them off from the top."""

_NAMES = {"class": "lead", "nature": "category"}


@require_http_methods(["GET", "POST"])
@door(*TRIAGES)
def triage(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Decide, and go on to the next that waits."""
    person: Person = request.person
    issue = find(person, year, number)
    units = units_to_give_to(person.county)
    if request.method == "POST":
        form = _form(issue, request.POST)
        if form.is_valid() and send(request, "triage", issue, form, _told(form, units), _NAMES):
            return _next(request, issue, form.cleaned_data["lead"], units)
    else:
        ready("triage", issue, person)
        form = _form(issue, None, {"track": Track.SCHEDULED.value, "grade": Grade.B.value})
    queue = list(waiting(person).for_rows().after(None)[:MOST])
    now = clock.now()
    return act_page(
        request,
        "desk/triage.html",
        issue,
        form,
        queue=[_waits(row, issue, now) for row in rows_of(queue, person, now)],
        units=units,
        dates=_dates(issue, form["track"].value() or "", form["grade"].value() or "", now),
        others=_others(issue, person),
        acts=open_acts(issue, person),
        hidden=issue.handling == Handling.NAME_HIDDEN,
        here="triage",
    )


@require_GET
@door(*TRIAGES)
def dates(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """The dates that follow from a track and a grade, while somebody chooses them."""
    issue = find(request.person, year, number)
    asked = request.GET
    found = _dates(issue, asked.get("track", ""), asked.get("grade", ""), clock.now())
    return render(request, "desk/_dates.html", {"dates": found})


def waiting(person: Person) -> Standings:
    """What waits for this person's triage: of the classes for which they stand at the desk."""
    rows = lines_for(person).filter(state=S.REGISTERED.value, issue__asked=False)
    if person.role == Role.DESK:
        return rows
    if person.role == Role.SUPERVISION and person.unit_code != FIRST_SUPERVISION:
        return rows.none()
    return rows.filter(issue__handling=Handling.SUPERVISION_ONLY.value)


# ------------------------------------------------------------------ the form


def _form(issue: Issue, sent: Any, initial: dict[str, str] | None = None) -> TriageForm:
    categories = policy(issue.policy).categories
    form = TriageForm(
        [(track.value, track_words(track)) for track in Track],
        [(grade.value, grade_words(grade)) for grade in Grade],
        categories,
        sent,
        initial={"category": issue.category, **(initial or {})},
    )
    if issue.handling != Handling.NAME_HIDDEN:
        del form.fields["shown_title"], form.fields["shown_body"]
    return form


def _told(form: TriageForm, units: list[Unit]) -> dict[str, Any]:
    """Units are named as people say them; the table of acts wants their codes."""
    told = form.told()
    told["cooperating"] = [code_of(said, units) for said in form.cooperating_said if said.strip()]
    if "lead" in told:
        told["lead"] = code_of(told["lead"], units)
    return told


def _next(request: HttpRequest, issue: Issue, lead: str, units: list[Unit]) -> HttpResponse:
    person: Person = request.person
    words = _("%(matter)s was given to %(unit)s.") % {
        "matter": named(issue, person),
        "unit": next((u.short_name for u in units if u.code == code_of(lead, units)), lead),
    }
    draft = f"triage-{issue.pk}"
    following = waiting(person).for_rows().after(None).exclude(issue=issue.pk).first()
    if following is None:
        return done(request, words, draft, "desk:inbox")
    at = {"year": following.issue.year, "number": following.issue.number}
    return done(request, words, draft, "desk:triage", **at)


# ------------------------------------------------------------------ what stands beside it


@dataclass(frozen=True, slots=True)
class Waits:
    """A matter of the queue. handling: its class in words, where it is not the ordinary one."""

    row: Row
    by_when: str
    is_here: bool
    handling: str


def _waits(row: Row, issue: Issue, now: datetime) -> Waits:
    its = row.standing.issue
    ordinary = its.handling == Handling.NORMAL
    return Waits(
        row,
        distance_words(now, row.due_at),
        its.pk == issue.pk,
        "" if ordinary else class_words(its.handling),
    )


@dataclass(frozen=True, slots=True)
class Named:
    """A date with the words for what is due then."""

    words: str
    date: Date


def _dates(issue: Issue, track: str, grade: str, now: datetime) -> list[Named]:
    return [Named(_words(date.kind), date) for date in dates_of(issue, track, grade, now)]


def _words(kind: str) -> str:
    return {
        ClockKind.FIRST_CONTACT: _("First contact with the enterprise"),
        ClockKind.ANSWER: _("Lists drawn"),
        ClockKind.NEXT_REPLY: _("Next reply"),
        ClockKind.REDO: _("Done again"),
        ClockKind.END: _("Result, as promised to the enterprise"),
    }[ClockKind(kind)]


def _others(issue: Issue, person: Person) -> list[Issue]:
    """What else this enterprise waits for."""
    here = issues().visible_to(person).filter(subject=issue.subject_id, state__in=OPEN)
    return list(here.exclude(pk=issue.pk).order_by("-pk")[:3])
