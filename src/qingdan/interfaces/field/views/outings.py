"""今天的走访: where to go today, what became of it, a plan for another day, and who goes along."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingdan.domain.enterprises.models import Subject
from qingdan.domain.enterprises.queries import subjects
from qingdan.domain.people.models import Post
from qingdan.domain.people.states import Role
from qingdan.domain.visits.actions import leave_behind, plan_outing, take_along
from qingdan.domain.visits.queries import (
    access_outing,
    called,
    post_called,
    posts_to_take_along,
)
from qingdan.domain.visits.states import OutingKind
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Incomplete
from qingdan.foundations.kernel.words import gettext_noop

from ...shared.doors import door
from ...shared.refusals import form_page, refused
from ..forms import AlongForm, PlanForm
from ..reading import company, trip_of, trips

GOES_OUT = ("leader", "assistant", "desk")
PLANS = (Role.LEADER, Role.ASSISTANT)
OFFERED = 100
"""The most enterprises of one leader that the plan offers."""
NO_SUCH_POST = gettext_noop("No single post is called so. Write its unit and title.")


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
            kind = OutingKind(form.cleaned_data["kind"] or OutingKind.VISIT)
            made = plan_outing(
                form.cleaned_data["on"], chosen, by=person, leader=leader, kind=kind
            )
            return go_on(reverse("field:outing", args=[made.pk]))
    return _page(request, form)


@require_http_methods(["GET", "POST"])
@door(*GOES_OUT)
def outing(request: HttpRequest, outing_id: int) -> HttpResponse:
    """One outing: where it goes, and who goes along, one post more at a time."""
    one = access_outing(request.person, outing_id)
    form = AlongForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused(form):
            post = post_called(request.person.county, form.cleaned_data["company"])
            if post is None:
                raise Incomplete({"company": NO_SUCH_POST})
            take_along(one, post, by=request.person)
            return go_on(reverse("field:outing", args=[outing_id]))
    context = {
        "here": "visits",
        "outing": one,
        "trip": trip_of(one, request.person),
        "company": company(one),
        "posts": [called(post) for post in posts_to_take_along(request.person.county)],
    }
    return form_page(request, "field/outing.html", form, **context)


@require_POST
@door(*GOES_OUT)
def without(request: HttpRequest, outing_id: int) -> HttpResponse:
    """One post of the company does not go along after all."""
    post = request.POST.get("post", "")
    one = access_outing(request.person, outing_id)
    if post.isascii() and post.isdigit() and len(post) < 19:
        leave_behind(one, int(post), by=request.person)
    return go_on(reverse("field:outing", args=[outing_id]))


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
