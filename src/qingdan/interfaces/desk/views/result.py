"""Forms of one act each: the result, a finished task, sent back, given or settled on the spot."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qingdan.domain.ledger.models import Issue, Task
from qingdan.domain.ledger.states import A, Part, T
from qingdan.domain.people.queries import units_to_give_to
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel import clock
from qingdan.interfaces.shared.doors import door
from qingdan.interfaces.shared.history import day_words

from ..forms import (
    FinishForm,
    OrderForm,
    ResultForm,
    SendBackForm,
    SettleForm,
    WordForm,
)
from .acts import one_act
from .matter import find

WORKS = (Role.UNIT, Role.DESK, Role.SUPERVISION)
"""Whose posts sit in units that can have a part of a matter."""
GIVES = (Role.DESK, Role.SUPERVISION, Role.MAIN_LEADER, Role.LEADER, Role.ASSISTANT, Role.UNIT)
CHECKS = (Role.DESK, Role.SUPERVISION, Role.MAIN_LEADER)


def _open_tasks(issue: Issue, person: Person) -> tuple[list[Task], list[Task]]:
    """The matter's open tasks: this person's unit's own, and those of others."""
    tasks = list(issue.tasks.filter(state=T.OPEN.value).select_related("unit").order_by("number"))
    own = [task for task in tasks if task.unit_id == person.unit_id]
    return own, [task for task in tasks if task.unit_id != person.unit_id]


def _options(tasks: list[Task]) -> list[tuple[str, str]]:
    return [
        (
            str(task.number),
            _("%(task)s, by %(date)s") % {"task": task.title, "date": day_words(task.due_on)},
        )
        for task in tasks
    ]


@require_http_methods(["GET", "POST"])
@door(*WORKS)
def result(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """报办结: what was done and what proves it; the lead's own open tasks are finished with it."""
    issue = find(request.person, year, number)
    own, others = _open_tasks(issue, request.person)
    numbers = [str(task.number) for task in own]
    return one_act(
        request,
        issue,
        "report-result",
        lambda sent: ResultForm(
            _options(own), sent, initial={"kind": "solved", "finish": numbers}
        ),
        "desk/result.html",
        draft="result",
        words=_("Reported: %(matter)s"),
        waits_for=others,
    )


@require_http_methods(["GET", "POST"])
@door(*WORKS)
def finish(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """One of the unit's own tasks is done."""
    issue = find(request.person, year, number)
    own, _others = _open_tasks(issue, request.person)
    asked = request.GET.get("task", "")
    known = [str(task.number) for task in own]
    first = asked if asked in known else next(iter(known), "")
    mine = next((part for part in issue.parts if part.unit_id == request.person.unit_id), None)
    return one_act(
        request,
        issue,
        "finish-task",
        lambda sent: FinishForm(_options(own), sent, initial={"task": first}),
        "desk/finish.html",
        draft="finish",
        words=_("Task finished: %(matter)s"),
        leads=mine is not None and mine.part == Part.LEAD and mine.state == A.WORKING,
    )


@require_http_methods(["GET", "POST"])
@door(*CHECKS)
def send_back(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """The result does not hold."""
    return one_act(
        request,
        find(request.person, year, number),
        "send-back",
        SendBackForm,
        "desk/send_back.html",
        draft="send-back",
        words=_("Sent back: %(matter)s"),
    )


@require_http_methods(["GET", "POST"])
@door(*GIVES)
def order(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """现场交办."""
    units = units_to_give_to(request.person.county)
    return one_act(
        request,
        find(request.person, year, number),
        "order-on-spot",
        lambda sent: OrderForm(units, sent),
        "desk/order.html",
        draft="order",
        words=_("Given: %(matter)s"),
    )


@require_http_methods(["GET", "POST"])
@door(*GIVES)
def settle(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """现场办结."""
    return one_act(
        request,
        find(request.person, year, number),
        "settle-on-site",
        SettleForm,
        "desk/settle.html",
        draft="settle",
        words=_("Settled: %(matter)s"),
    )


@require_http_methods(["GET", "POST"])
@door(*CHECKS)
def word(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """The enterprise's word from a call or a signed paper, by who did not handle the matter."""
    at = f"{clock.now().astimezone(clock.COUNTY_ZONE):%Y-%m-%dT%H:%M}"
    return one_act(
        request,
        find(request.person, year, number),
        "confirm",
        lambda sent: WordForm(sent, initial={"by": "telephone", "at": at}),
        "desk/word.html",
        draft="word",
        words=_("Its word was taken down: %(matter)s"),
    )
