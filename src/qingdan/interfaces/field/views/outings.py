"""今天的走访: where to go today, what became of it, and a plan for another day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from qingdan.domain.enterprises.models import Subject
from qingdan.domain.enterprises.queries import subjects
from qingdan.domain.people.models import Post
from qingdan.domain.people.states import Role
from qingdan.domain.visits.actions import plan_outing
from qingdan.foundations.kernel import clock

from ...shared.doors import door
from ...shared.refusals import form_page, refused
from ..forms import PlanForm
from ..reading import trips

GOES_OUT = ("leader", "assistant", "desk")
PLANS = (Role.LEADER, Role.ASSISTANT)
OFFERED = 100
"""The most enterprises of one leader that the plan offers."""


def go_on(to: str) -> HttpResponse:
    """Go on after an act: the next page is read, never sent again."""
    answer = redirect(to)
    answer.status_code = 303
    return answer


@require_GET
@door(*GOES_OUT)
def today(request: HttpRequest) -> HttpResponse:
    form = _plan_form(request)
    return _page(request, form)


@require_http_methods(["POST"])
@door("leader", "assistant")
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a visit of one's own leader to enterprises that are linked to him."""
    form = _plan_form(request)
    if form is not None and form.is_valid():
        person = request.person
        by_id = {str(one.pk): one for one in _linked(request)}
        with refused(form):
            leader = Post.objects.get(county=person.county, pk=person.behalf_id or person.post_id)
            chosen = [by_id[one] for one in form.cleaned_data["subjects"]]
            plan_outing(form.cleaned_data["on"], chosen, by=person, leader=leader)
            return go_on("field:outings")
    return _page(request, form)


def _page(request: HttpRequest, form: PlanForm | None) -> HttpResponse:
    now_on, coming, before = trips(request.person, clock.today())
    next_stop = next(
        (visit.stop.pk for trip in now_on for visit in trip.visits if not visit.over), None
    )
    context = {
        "here": "visits",
        "today": clock.today(),
        "trips": now_on,
        "coming": coming,
        "before": before,
        "next_stop": next_stop,
        "of_many": request.person.role == Role.DESK,
        "plan": form,
    }
    return form_page(request, "field/outings.html", form or PlanForm(), **context)


def _linked(request: HttpRequest) -> list[Subject]:
    return list(subjects().visible_to(request.person).order_by("sort_key", "id")[:OFFERED])


def _plan_form(request: HttpRequest) -> PlanForm | None:
    """A form with the leader's enterprises; nobody without any is asked where to go."""
    if request.person.role not in PLANS:
        return None
    linked = _linked(request)
    if not linked:
        return None
    form = PlanForm(request.POST or None, initial={"on": clock.today()})
    form.fields["subjects"].choices = [(one.pk, one.short_name) for one in linked]
    return form
