"""回访名单: whom to call, with the number, what was tried, and the next step."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qingdan.domain.enterprises.models import Contact
from qingdan.domain.ledger.models import Asked, ContactMade, Handled, Issue, Standing
from qingdan.domain.ledger.queries import Standings, lines_for
from qingdan.domain.ledger.rules.policy import policy
from qingdan.domain.ledger.states import OPEN, AskedFor, ContactKind, Handling, S
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel import clock
from qingdan.foundations.workdays.words import COMMA
from qingdan.interfaces.shared.contacts import Reach, reach
from qingdan.interfaces.shared.doors import door
from qingdan.interfaces.shared.history import day_words
from qingdan.interfaces.shared.live import topic_url
from qingdan.interfaces.shared.rows import Row, parse_cursor, rows_of, stands_at_the_desk

from ..further import asked

PAGE = 25


@dataclass(frozen=True, slots=True)
class Call:
    """A row. why: why one calls; tried: on which days; step: the next step, and where it is."""

    row: Row
    href: str
    number: Reach | None
    why: str
    tried: str
    step: str
    step_url: str


def to_call(rows: Standings, now: datetime) -> Standings:
    """Who asked to withdraw; and of the silent ones whoever was tried or has little time left."""
    tries = ContactMade.objects.filter(
        issue=OuterRef("issue"),
        kind=ContactKind.ATTEMPT.value,
        recorded_at__gte=OuterRef("issue__verified_at"),
    )
    silent = Q(state=S.VERIFIED.value) & (Q(yellow_at__lte=now) | Exists(tries))
    withdraws = Q(issue__asked=True) & Exists(asked(AskedFor.WITHDRAWAL))
    return rows.filter(silent | withdraws)


@require_GET
@door(Role.DESK, Role.SUPERVISION)
def calls(request: HttpRequest) -> HttpResponse:
    """The list, the most urgent first."""
    person: Person = request.person
    now = clock.now()
    rows = to_call(lines_for(person).filter(issue__state__in=OPEN), now)
    after = parse_cursor(request.GET.get("after", ""))
    found = list(rows.for_rows().after(after)[: PAGE + 1])
    lines = list(_lines(found[:PAGE], person, now))
    more = f"?after={lines[-1].row.cursor}" if len(found) > PAGE else ""
    return render(
        request,
        "desk/calls.html",
        {
            "lines": lines,
            "next_page": more,
            "first_page": reverse("desk:calls") if after else "",
            "live": topic_url(person.county, "desk"),
            "here": "confirm",
        },
    )


def _lines(found: Sequence[Standing], person: Person, now: datetime) -> Iterator[Call]:
    known = _Known([one.issue for one in found], person)
    for row in rows_of(found, person, now):
        issue = row.standing.issue
        at = {"year": row.year, "number": row.number}
        step, url = known.step(issue, row)
        yield Call(
            row=row,
            href=reverse("desk:issue", kwargs=at),
            number=known.number(issue),
            why=known.why(issue),
            tried=known.tried(issue),
            step=step,
            step_url=url,
        )


class _Known:
    """What the rows of a page need, each kind asked for once."""

    def __init__(self, issues: Sequence[Issue], person: Person) -> None:
        self.person = person
        here: dict[str, Any] = {"county": person.county, "issue__in": [one.pk for one in issues]}
        self.asked = {
            one.issue_id: one
            for one in Asked.objects.filter(
                **here, kind=AskedFor.WITHDRAWAL.value, decided_at=None
            )
        }
        self.contacts: dict[int, list[ContactMade]] = defaultdict(list)
        for made in ContactMade.objects.filter(**here).exclude(kind=ContactKind.FIRST.value):
            self.contacts[made.issue_id].append(made)
        self.handled = set(
            Handled.objects.filter(**here, person=person.key).values_list("issue", flat=True)
        )
        subjects = [one.subject_id for one in issues]
        self.numbers: dict[int, Contact] = {}
        for contact in Contact.objects.filter(county=person.county, subject__in=subjects):
            self.numbers.setdefault(contact.subject_id, contact)

    def number(self, issue: Issue) -> Reach | None:
        contact = self.numbers.get(issue.subject_id)
        if contact is None:
            return None
        return reach(contact, whole=stands_at_the_desk(issue, self.person), issue=issue)

    def why(self, issue: Issue) -> str:
        if issue.pk in self.asked:
            return _("asks to withdraw it")
        return _("asked whether it is solved, silent")

    def days(self, issue: Issue) -> list[str]:
        made = [
            one
            for one in self.contacts[issue.pk]
            if one.kind == ContactKind.ATTEMPT
            and issue.verified_at is not None
            and one.recorded_at >= issue.verified_at
        ]
        return [day_words(day) for day in sorted({clock.date_of(one.recorded_at) for one in made})]

    def tried(self, issue: Issue) -> str:
        return _(COMMA).join(self.days(issue))

    def step(self, issue: Issue, row: Row) -> tuple[str, str]:
        """The next step and its page; one that only a colleague may take leads nowhere."""
        at = {"year": issue.year, "number": issue.number}
        own, note = reverse("desk:issue", kwargs=at), reverse("desk:contact", kwargs=at)
        mine = stands_at_the_desk(issue, self.person)
        if wish := self.asked.get(issue.pk):
            called = any(
                one.kind == ContactKind.CALL_BACK and one.recorded_at >= wish.asked_at
                for one in self.contacts[issue.pk]
            )
            if called:
                return (_("End it as withdrawn"), own) if mine else (_("the desk ends it"), "")
            if issue.pk in self.handled or not self._may_note(issue):
                return _("a colleague who did not handle it calls back"), ""
            return _("Note the call-back"), f"{note}?kind=call-back"
        enough = len(self.days(issue)) >= policy(issue.policy).silence.attempts
        if enough and clock.today() > clock.date_of(row.due_at) and mine:
            if issue.pk in self.handled:
                return _("a colleague who did not handle it ends it"), ""
            return _("End it without an answer"), own
        return (_("Note a call"), f"{note}?kind=attempt") if self._may_note(issue) else ("", "")

    def _may_note(self, issue: Issue) -> bool:
        if issue.handling == Handling.SUPERVISION_ONLY:
            return stands_at_the_desk(issue, self.person)
        return True
