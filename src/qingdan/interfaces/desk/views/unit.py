"""待签收, 在办: what a unit has before it, each row with its next step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from qingdan.domain.ledger.actions.agreeing import SAYS_YES
from qingdan.domain.ledger.models import Asked, Standing
from qingdan.domain.ledger.queries import lines_for, results_to_agree, words_for
from qingdan.domain.ledger.rules.policy import policy
from qingdan.domain.ledger.states import A, AskedFor, ClockKind, Handling, Part, S
from qingdan.domain.people.queries import deputy_answers
from qingdan.domain.people.rules import Person
from qingdan.foundations.kernel import clock
from qingdan.foundations.workdays.calendar import official
from qingdan.foundations.workdays.due import due
from qingdan.interfaces.shared.live import topic_url
from qingdan.interfaces.shared.rows import Row, row_of, state_words

from ..answering import answers

MOST = 100
"""Rows of the page; a unit with more reads them as a list, page by page."""


@dataclass(frozen=True, slots=True)
class Step:
    """The next step of a row: a link, or with `act` a form of one tap."""

    words: str
    url: str
    act: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its steps, the likely one first. waits_for: what it waits for, if not for us."""

    row: Row
    href: str
    version: int
    steps: tuple[Step, ...]
    waits_for: str = ""


def unit(request: HttpRequest) -> HttpResponse:
    """Three short lists: to acknowledge, in work, and what waits for others."""
    person: Person = request.person
    now = clock.now()
    found = list(lines_for(person).open().for_rows().after(None)[: MOST + 1])
    written = _written(found)
    lines = [_line(one, person, now, one.issue_id in written) for one in found[:MOST]]
    asked = results_to_agree(person)
    return render(
        request,
        "desk/unit.html",
        {
            "to_agree": [_to_agree(one, person) for one in asked],
            "decides": person.duty in SAYS_YES,
            "deputy_answers": bool(asked) or _deputy_answers(person),
            "fresh": [line for line in lines if line.row.state == A.ASSIGNED],
            "at_work": [line for line in lines if _ours(line)],
            "waiting": list(_waiting(lines)),
            "more": f"?after={lines[-1].row.cursor}" if len(found) > MOST else "",
            "live": topic_url(person.county, person.holder),
            "registers": person.raises,
            "answers": answers(person),
            "here": "work",
        },
    )


def _deputy_answers(person: Person) -> bool:
    """Whether results leave this unit with its deputy's yes; asked only for who may change it."""
    return person.duty in SAYS_YES and deputy_answers(person)


@dataclass(frozen=True, slots=True)
class ToAgree:
    """A result that waits for this person's yes."""

    short: str
    title: str
    says: str
    href: str
    agree: str
    give_back: str
    version: int


def _to_agree(asked: Asked, person: Person) -> ToAgree:
    issue = asked.issue
    at = {"year": issue.year, "number": issue.number}
    return ToAgree(
        short=issue.ref.short,
        title=words_for(issue, person)[0],
        says=asked.reason,
        href=reverse("desk:issue", kwargs=at),
        agree=reverse("desk:agree", kwargs=at),
        give_back=reverse("desk:return-result", kwargs=at),
        version=issue.version,
    )


def _waiting(lines: Iterable[Line]) -> Iterable[Line]:
    """What waits for the desk or the deputy, what is done, and what a park only follows."""
    return (x for x in lines if x.row.state != A.ASSIGNED and not _ours(x))


def _ours(line: Line) -> bool:
    return line.row.state == A.WORKING and not line.waits_for


def _written(found: Iterable[Standing]) -> frozenset[int]:
    """The matters whose result is written and waits for the deputy's yes."""
    asked = [one.issue_id for one in found if one.issue.asked]
    if not asked:
        return frozenset()
    rows = Asked.objects.filter(issue__in=asked, kind=AskedFor.RESULT.value, decided_at=None)
    return frozenset(rows.values_list("issue_id", flat=True))


def _line(standing: Standing, person: Person, now: datetime, written: bool) -> Line:
    row = row_of(standing, person, now)
    at = {"year": row.year, "number": row.number}
    return Line(
        row=row,
        href=reverse("desk:issue", kwargs=at),
        version=standing.issue.version,
        steps=_steps(standing, at),
        waits_for=_waits_for(standing, written),
    )


def _waits_for(standing: Standing, written: bool) -> str:
    if standing.state == A.DISPUTED:
        return _("asks for another unit")
    if written and standing.part == Part.LEAD:
        return _("The result waits for the deputy's yes.")
    if standing.state == A.DONE:
        return _("Our part is done: %(state)s") % {"state": state_words(standing.issue.state)}
    if standing.assignment_id is None:
        return state_words(standing.issue.state)
    return ""


def _in_time(standing: Standing) -> bool:
    """Whether the unit may still ask for another one, from what the row knows."""
    limit = policy(standing.issue.policy).object_within
    return clock.now() <= due(standing.from_at, limit, official()).at


def _steps(standing: Standing, at: dict[str, int]) -> tuple[Step, ...]:
    """From what the row knows, so that a long list asks for nothing more; the act judges."""

    def tap(act: str, words: str) -> Step:
        return Step(words, reverse("desk:act", kwargs=at | {"act": act}), act)

    def form(name: str, words: str) -> Step:
        return Step(words, reverse(f"desk:{name}", kwargs=at))

    issue = standing.issue
    speaks = issue.handling != Handling.NAME_HIDDEN
    if standing.state == A.ASSIGNED:
        acknowledge = tap("acknowledge", _("Only acknowledge") if speaks else _("Acknowledge"))
        first = (tap("contact", _("Enterprise contacted")),) if speaks else ()
        elsewhere = (form("object", _("Not ours")),) if _in_time(standing) else ()
        return (*first, acknowledge, *elsewhere)
    if standing.state != A.WORKING:
        return ()
    if standing.part != Part.LEAD:
        return (form("finish", _("Finish a task")),) if issue.state == S.LISTED else ()
    if issue.state == S.TRIAGED:
        own = form("lists", _("Draw the lists"))
    else:
        own = form("result", _("Report the result"))
    if standing.clock_kind == ClockKind.FIRST_CONTACT and speaks:
        return (tap("contact", _("Enterprise contacted")), own)
    return (own,)
