"""One stop of an outing: the card before the door, what is noted, and the next finding."""

from typing import Any
from uuid import uuid4

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from qingdan.domain.enterprises.queries import subjects
from qingdan.domain.ledger.actions.bodies import Body
from qingdan.domain.people.queries import units_to_give_to
from qingdan.domain.visits.actions import leave, note_finding, nothing_to_report
from qingdan.domain.visits.models import Finding, Stop
from qingdan.domain.visits.queries import access_stop
from qingdan.domain.visits.states import Way
from qingdan.foundations.kernel import clock

from ...shared.doors import door
from ...shared.refusals import form_page, refused
from ..days import OTHER, offered, proposed
from ..forms import US, NoteForm
from ..reading import card, likely_units, noted
from .outings import GOES_OUT, go_on


@require_http_methods(["GET", "POST"])
@door(*GOES_OUT)
def stop(request: HttpRequest, stop_id: int) -> HttpResponse:
    one = access_stop(request.person, stop_id)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused(form):
            note(request, one, form)
            return go_on(f"{reverse('field:stop', args=[stop_id])}#noted")
    return form_page(request, "field/stop.html", form, **_shown(request, one, form))


def note(request: HttpRequest, stop: Stop, form: NoteForm) -> Finding:
    """Note the finding of the form; the same sending once more hands back the first."""
    person = request.person
    key = form.sending()
    said = Body(form.cleaned_data, person.county)
    body = said.text("body")
    said.done()
    way = Way(form.cleaned_data["way"])
    fields = form.fields_of_the_act(person.county, stop.outing.leader.title)
    try:
        return note_finding(stop, body, way, fields, key=key, by=person)
    except IntegrityError:  # the same sending, at the same moment
        first = stop.findings.filter(key=key).first()
        if first is None:
            raise
        return first


@require_POST
@door(*GOES_OUT)
def nothing(request: HttpRequest, stop_id: int) -> HttpResponse:
    """没有问题: one tap, and on to the next."""
    nothing_to_report(access_stop(request.person, stop_id), by=request.person)
    return go_on("field:outings")


@require_POST
@door(*GOES_OUT)
def left(request: HttpRequest, stop_id: int) -> HttpResponse:
    """走完这家."""
    leave(access_stop(request.person, stop_id), by=request.person)
    return go_on("field:outings")


def _shown(request: HttpRequest, stop: Stop, form: NoteForm) -> dict[str, Any]:
    person = request.person
    now = clock.now()
    last_day = proposed(now)
    found = noted(stop, person)
    units = units_to_give_to(person.county)
    by_code = {unit.code: unit for unit in units}
    likely = [by_code[code] for code in likely_units(stop, person) if code in by_code]
    proposal = {
        "key": uuid4().hex,
        "way": Way.ORDERED.value,
        "unit": next((one.given_to for one in reversed(found) if one.given_to), ""),
        "due_on": last_day.on.isoformat(),
    }
    said = form.data.dict() if form.is_bound else proposal
    if said.get("way") not in list(Way):
        said["way"] = Way.ORDERED.value
    days = offered(now, last_day.on)
    over = bool(stop.left_at or stop.nothing_at)
    known = {day.value for day in days} | {OTHER}
    return {
        "here": "visits",
        "stop": stop,
        "card": card(stop, [one.issue.pk for one in found], person),
        "noted": found,
        "number": len(found) + 1,
        "said": said,
        "units": units,
        "likely": likely,
        "unit_words": by_code[said["unit"]].short_name if said.get("unit") in by_code else "",
        "days": days,
        "due_choice": said.get("due_on") if said.get("due_on") in known else "",
        "other": OTHER,
        "us": US,
        "last_day": last_day,
        "over": over,
        "three": over
        and bool(found)
        and subjects().visible_to(person).filter(pk=stop.subject_id).exists(),
        "back": reverse("field:stop", args=[stop.pk]),
    }
