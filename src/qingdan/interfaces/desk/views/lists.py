"""列清单: the approach and dated tasks, each with its unit; on a phone a card each."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.states import Part, T
from qingdan.domain.people.models import Section, Unit
from qingdan.domain.people.queries import units_to_give_to
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.interfaces.shared.doors import door

from ..forms import ListsForm
from ..screen import drawn
from .acts import act_page, back_to, named, ready, send, version_in
from .matter import find

DRAWS = (Role.DESK, Role.SUPERVISION, Role.MAIN_LEADER, Role.LEADER, Role.ASSISTANT, Role.UNIT)
MORE = 2
"""Lines that the server adds at once for a browser without JavaScript."""


@require_http_methods(["GET", "POST"])
@door(*DRAWS)
def lists(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Draw the lists, or draw them anew. `?next=` names where to go on, such as an outing."""
    person: Person = request.person
    issue = find(person, year, number)
    units = units_to_give_to(person.county)
    asks_for_more = "add" in request.POST
    if request.method != "POST" or asks_for_more:
        ready("draw-lists", issue, person)
    form = lists_form(request, issue, units, extra=MORE if asks_for_more else 0)
    if request.method == "POST" and not asks_for_more and form.is_valid():
        told = form.told()
        if send(request, "draw-lists", issue, form, told, form.names):
            words = _("The lists are drawn: %(matter)s") % {"matter": named(issue, person)}
            return back_to(request, issue, words, f"lists-{issue.pk}")
    shown = {"version": version_in(request)} if asks_for_more else {}
    return act_page(
        request,
        "desk/lists.html",
        issue,
        form,
        **shown,
        draft=f"lists-{issue.pk}",
        finished=issue.tasks.filter(state=T.DONE.value).select_related("unit").order_by("number"),
        sections=Section.objects.filter(county=person.county).select_related("unit"),
        ends_on=issue.promised_on if issue.round == 0 else None,
        was_drawn=drawn(issue, issue.tasks.exclude(state=T.DROPPED.value)),
    )


def lists_form(
    request: HttpRequest, issue: Issue, units: list[Unit], *, extra: int = 0
) -> ListsForm:
    """The form as it was sent, or with the open tasks there; extra: more empty lines."""
    sent = request.POST if request.method == "POST" else None
    initial = {"approach": issue.approach}
    return ListsForm(units, _proposed(issue), sent, extra=extra, initial=initial)


def _proposed(issue: Issue) -> list[dict[str, Any]]:
    """The open tasks, then empty lines; the first task of all is the lead's."""
    parts = {part.pk: part.part for part in issue.parts}
    tasks = issue.tasks.filter(state=T.OPEN.value).select_related("unit", "section")
    lines: list[dict[str, Any]] = [
        {
            "id": task.number,
            "title": task.title,
            "unit": task.unit.code,
            "section": task.section.name if task.section else "",
            "due_on": task.due_on.isoformat(),
            "part": parts.get(task.assignment_id, Part.COOPERATING.value),
        }
        for task in tasks.order_by("number")
    ]
    if lines:
        return [*lines, {}]
    lead = issue.lead
    own = {"unit": lead.unit.code, "part": Part.LEAD.value} if lead else {}
    others = [{"unit": p.unit.code, "part": p.part} for p in issue.parts if p.part != Part.LEAD]
    return [own, *(others or [{}]), {}]
