"""What needs me now: the list of each hat, the late ones first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qingdan.domain.ledger.queries import Standings, access_issue, lines_for
from qingdan.domain.ledger.states import Light, S
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import NotHere
from qingdan.interfaces.shared.doors import door
from qingdan.interfaces.shared.live import topic_url
from qingdan.interfaces.shared.rows import Row, light_words, rows_of

from ..answering import answers
from ..asking import LIGHTS, OPEN_STATES, QUEUES, Asked, queue_words, queues_of
from ..counting import CAP, Count, counted
from ..further import further_of, further_words, in_further, nothing_there
from ..screen import MATTER_READERS, address, screen
from .calls import to_call
from .unit import unit

PAGE = 25


@dataclass(frozen=True, slots=True)
class Line:
    """A row, the address that it leads to, and the one that opens it beside the list."""

    row: Row
    href: str
    beside: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """A word of the navigation with its count (`shared.frame` reads it)."""

    name: str
    words: str
    count: Count
    here: bool


@dataclass(frozen=True, slots=True)
class Further:
    """A list beside the queues, with its count."""

    words: str
    url: str
    count: Count
    here: bool


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows show a light, and the link to exactly these."""

    light: Light
    words: str
    url: str
    count: Count
    is_here: bool

    @property
    def said(self) -> str:
        return f"{self.words} {self.count}"


@require_GET
@door(*MATTER_READERS, Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR)
def inbox(request: HttpRequest) -> HttpResponse:
    """The desk's queues; a unit's own page; everybody else's matters; a calm word to the three."""
    person: Person = request.person
    if person.administers:
        return render(request, "desk/administrator.html")
    if person.role == Role.UNIT and not request.GET:
        return unit(request)  # asked for by filters, it is a list as everybody's
    return page_of(request)


def page_of(request: HttpRequest) -> HttpResponse:
    """The list that an address asks for."""
    person: Person = request.person
    asked = Asked.of(request.GET, person)
    return render(
        request, "desk/inbox.html", _list(asked, person) | {"open": _opened(asked, person)}
    )


def _list(asked: Asked, person: Person) -> dict[str, Any]:
    now = clock.now()
    whole = lines_for(person)  # a unit's rows carry the state of its part
    whole = whole.open() if person.role == Role.UNIT else whole.filter(state__in=OPEN_STATES)
    listed = asked.narrow(_in_queue(whole, asked.queue, person))
    counts = counted(
        person.county,
        {
            name: _in_queue(whole, name, person)
            for name in (*queues_of(person), *further_of(person))
        }
        | ({"calls": to_call(whole, now)} if further_of(person) else {})
        | {light.value: _with_light(listed, light) for light in LIGHTS},
    )
    shown = listed.with_light(asked.light, now) if asked.light else listed
    found = list(shown.for_rows().after(asked.cursor)[: PAGE + 1])
    rows = rows_of(found[:PAGE], person, now)
    lit = [asked.light] if asked.light else [light.value for light in LIGHTS]
    return {
        "asked": asked,
        "title": queue_words(asked.queue) if asked.queue else _("My matters"),
        "queues": [
            Queue(name, queue_words(name), counts[name], name == asked.queue)
            for name in queues_of(person)
        ],
        "further": list(_further(asked, person, counts)),
        "lines": [_line(row, asked, person) for row in rows],
        "sums": list(_sums(asked, counts)),
        "total": Count(sum(counts[n].n for n in lit), any(counts[n].n >= CAP for n in lit)),
        "first_page": asked.url() if asked.cursor else "",
        "next_page": asked.url(after=rows[-1].cursor) if len(found) > PAGE else "",
        "chips": list(asked.chips()),
        "menus": list(asked.menus()),
        "all": asked.url(**dict.fromkeys(asked.values, "")),
        "empty": _empty(asked),
        "live": topic_url(person.county, _topic(person)),
        "registers": person.role in (Role.DESK, Role.SUPERVISION),
        "answers": answers(person) if not asked.cursor else [],
    }


def _empty(asked: Asked) -> str:
    if asked.values or asked.cursor:
        return _("Nothing here fits these filters.")
    return {
        "triage": _("Nothing waits for triage."),
        "work": _("Nothing is in work."),
        "verify": _("Nothing waits to be verified."),
        "confirm": _("Nothing waits for an enterprise's word."),
    }.get(asked.queue) or (
        nothing_there(asked.queue) if asked.queue else _("You have no open matters.")
    )


def _in_queue(rows: Standings, queue: str, person: Person) -> Standings:
    if queue in QUEUES:
        return rows.filter(state__in=QUEUES[queue])
    return in_further(rows, queue, person) if queue else rows


def _further(asked: Asked, person: Person, counts: dict[str, Count]) -> Iterator[Further]:
    """What else is counted: each leads to exactly its rows."""
    for name in further_of(person):
        here = name == asked.queue
        yield Further(further_words(name), f"?queue={name}", counts[name], here)
    if further_of(person):
        yield Further(_("To call"), reverse("desk:calls"), counts["calls"], False)


def _with_light(rows: Standings, light: Light) -> Standings:
    """`with_light`; what is red is due by now, which makes it a range of the list's index."""
    found = rows.with_light(light, clock.now())
    if light == Light.RED:
        return found.filter(due_at__lt=clock.end_of(clock.today()))
    return found


def _sums(asked: Asked, counts: dict[str, Count]) -> Iterator[Sum]:
    for light in LIGHTS:
        if count := counts[light.value]:
            here = asked.light == light.value
            url = asked.url(light="" if here else light.value)
            yield Sum(light, light_words(light.value), url, count, here)


def _line(row: Row, asked: Asked, person: Person) -> Line:
    """What waits for triage opens where it is triaged; everything else on its own page."""
    own = address("desk:issue", row.year, row.number)
    waits = row.standing.issue.asked  # a decision comes first, on the matter's own page
    for_triage = row.ours and row.state == S.REGISTERED and person.role == Role.DESK and not waits
    triage = address("desk:triage", row.year, row.number) if for_triage else ""
    named = f"{row.year}-{row.number}"
    return Line(
        row=row,
        href=triage or own,
        beside="" if triage else asked.url(after=asked.after, open=named),
        is_open=asked.opened == named,
    )


def _opened(asked: Asked, person: Person) -> dict[str, Any] | None:
    """The matter that stands open beside the list; one that is not there closes quietly."""
    year, _sep, number = asked.opened.partition("-")
    try:
        issue = access_issue(person, f"〔{year}〕{number}") if number else None
    except NotHere:
        return None
    back = asked.url(after=asked.after, open=asked.opened)
    return screen(issue, person, back=reverse("desk:inbox") + back) if issue else None


def _topic(person: Person) -> str:
    """What changes with this list (D14): the county's, or what the person has in sight."""
    if person.role in (Role.DESK, Role.SUPERVISION):
        return "desk"
    return "board" if person.role == Role.MAIN_LEADER else person.holder
