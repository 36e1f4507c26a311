"""One stop of an outing: the card before the door, what is noted, and the next finding."""

from typing import Any
from uuid import uuid4

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qingdan.domain.enterprises.queries import subjects
from qingdan.domain.ledger.actions.bodies import Body
from qingdan.domain.people.models import Unit
from qingdan.domain.people.queries import units_to_give_to
from qingdan.domain.visits.actions import leave, note_finding, nothing_to_report
from qingdan.domain.visits.models import Finding, Stop
from qingdan.domain.visits.queries import access_stop
from qingdan.domain.visits.states import Way
from qingdan.foundations.kernel import clock

from ...shared.doors import door
from ...shared.refusals import form_page, refused
from ..days import OTHER, offered, proposed
from ..forms import US, NoteForm, to_be_done
from ..reading import card, company, likely_units, noted, said_of
from .outings import GOES_OUT, go_on

CHIPS = 3
"""The units that are one tap away."""


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
    fields = form.fields_of_the_act(
        person.county, stop.outing.leader.title, units_to_give_to(person.county)
    )
    try:
        return note_finding(stop, body, way, fields, key=key, by=person)
    except IntegrityError:  # the same sending, at the same moment
        first = stop.findings.filter(key=key).first()
        if first is None:
            raise
        return first


@require_POST
@door(*GOES_OUT)
def read(request: HttpRequest, stop_id: int) -> HttpResponse:
    """What the sentence that is being typed proposes of its own order; nothing is noted."""
    access_stop(request.person, stop_id)
    said = Body({"body": request.POST.get("body")}, request.person.county)
    text = said.text("body")
    units = units_to_give_to(request.person.county)
    found = said_of(text, units, clock.now())
    names = {unit.code: unit.short_name for unit in units}
    return JsonResponse(
        {
            "units": [{"code": code, "words": names[code]} for code in found.units],
            "unit": found.units[0] if found.sure else "",
            "due_on": found.due_on.isoformat() if found.due_on else "",
            "done": to_be_done(text, found),
        }
    )


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
    chips = likely_units(stop, person)
    proposal = {
        "key": uuid4().hex,
        "way": Way.ORDERED.value,
        "unit": next((one.given_to for one in reversed(found) if one.given_to), ""),
        "due_on": last_day.on.isoformat(),
    }
    said = form.data.dict() if form.is_bound else proposal
    if said.get("way") not in list(Way):
        said["way"] = Way.ORDERED.value
    read_from_words = False
    if form.is_bound and not said.get("unit") and said.get("body"):
        # without script this is where the sentence is read: what it proposes stands there to be
        # looked at, and the next press sends it
        heard = said_of(said["body"][:5000], units, now)
        chips = [*heard.units, *chips]
        if heard.sure:
            said["unit"] = heard.units[0]
            read_from_words = True
    likely = [by_code[code] for code in dict.fromkeys(chips) if code in by_code][:CHIPS]
    days = offered(now)
    over = bool(stop.left_at or stop.nothing_at)
    known = {day.value: day.words for day in days} | {OTHER: ""}
    return {
        "here": "visits",
        "stop": stop,
        "card": card(stop, [one.issue.pk for one in found], person),
        "company": company(stop.outing),
        "noted": found,
        "number": len(found) + 1,
        "said": said,
        "units": units,
        "likely": likely,
        "given": _given(by_code.get(said.get("unit", "")), known.get(said.get("due_on", ""), "")),
        "button": _button(),
        "read_from_words": read_from_words,
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


def _given(unit: Unit | None, day: str) -> str:
    """What the button says that it does: to whom and by when."""
    said = _button()
    if unit is None:
        return said["to"]
    pattern = said["to_unit_by" if day else "to_unit"]
    return pattern.replace("{unit}", unit.short_name).replace("{date}", day)


def _button() -> dict[str, str]:
    """The button's words while unit and date are chosen; the script fills them in likewise."""
    places = {"unit": "{unit}", "date": "{date}"}
    return {
        "to": _("Note it, and give it on"),
        "to_unit": _("Note it, and give it to %(unit)s") % places,
        "to_unit_by": _("Note it, and give it to %(unit)s (by %(date)s)") % places,
    }
