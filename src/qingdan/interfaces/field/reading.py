"""What a stop tells before the door, and what was noted at it, as this person may read it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from qingdan.domain.enterprises.models import Subject
from qingdan.domain.ledger.actions.acting import offices_open
from qingdan.domain.ledger.models import Issue, Result, Standing
from qingdan.domain.ledger.queries import issues, lines_for, standings, words_for
from qingdan.domain.ledger.states import ISSUE_LIFE, S
from qingdan.domain.people.models import Section, Unit
from qingdan.domain.people.rules import Person
from qingdan.domain.visits.models import Finding, Outing, Stop
from qingdan.domain.visits.queries import called, outings
from qingdan.domain.visits.states import Goes, OutingKind, Way
from qingdan.foundations.kernel import clock
from qingdan.foundations.workdays.calendar import official

from ..shared.history import day_words
from ..shared.rows import Row, ending_words, rows_of, state_words
from .sentence import Named, Said, read

OWED = 4
"""The open matters that the card shows; behind them stands how many more there are."""
EARLIER = 20
LIKELY = 3

KINDS = [
    (OutingKind.VISIT.value, pgettext_lazy("kind of outing", "Visit")),
    (OutingKind.FORUM.value, pgettext_lazy("kind of outing", "Forum")),
    (OutingKind.ON_SITE_OFFICE.value, pgettext_lazy("kind of outing", "Office on the spot")),
    (
        OutingKind.PETITION_RECEPTION.value,
        pgettext_lazy("kind of outing", "Reception of petitions"),
    ),
    (OutingKind.RESEARCH.value, pgettext_lazy("kind of outing", "Research")),
]


@dataclass(slots=True)
class Visit:
    """A stop in the list of a day. found: how many of its findings this person may read."""

    stop: Stop
    found: int = 0

    @property
    def over(self) -> bool:
        return bool(self.stop.left_at or self.stop.nothing_at)


@dataclass(slots=True)
class Trip:
    outing: Outing
    company: list["Along"] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return str(dict(KINDS)[self.outing.kind])


@dataclass(frozen=True, slots=True)
class Along:
    """Somebody who goes along, as the post is called. leads: as one more leader of the outing."""

    post: int
    called: str
    leads: bool


def company(outing: Outing) -> list[Along]:
    """Who goes along on an outing: other leaders first, then who is present."""
    return [
        Along(one.post_id, called(one.post), one.goes_as == Goes.LEADER)
        for one in outing.company.all()
    ]


def trips(person: Person, today: date) -> tuple[list[Trip], list[Trip], list[Trip]]:
    """Today's outings, those that come, and the last ones before, in six queries."""
    mine = outings().visible_to(person).with_company()
    coming = list(mine.filter(on__gte=today).order_by("on", "id")[: 2 * EARLIER])
    before = list(mine.filter(on__lt=today).order_by("-on", "-id")[:EARLIER])
    found = _with_visits([*coming, *before], person)
    return (
        [found[one.pk] for one in coming if one.on == today],
        [found[one.pk] for one in coming if one.on > today],
        [found[one.pk] for one in before],
    )


def trip_of(outing: Outing, person: Person) -> Trip:
    """One outing with its stops."""
    return _with_visits([outing], person)[outing.pk]


def _with_visits(shown: Sequence[Outing], person: Person) -> dict[int, Trip]:
    found = {one.pk: Trip(one, company=company(one)) for one in shown}
    stops = Stop.objects.filter(county=person.county, outing__in=list(found))
    visits = {
        one.pk: Visit(one) for one in stops.select_related("subject").order_by("order", "id")
    }
    readable = Finding.objects.filter(
        county=person.county, stop__in=list(visits), issue__in=issues().visible_to(person)
    )
    for stop_id, count in readable.order_by().values_list("stop").annotate(count=Count("pk")):
        visits[stop_id].found = count
    for visit in visits.values():
        found[visit.stop.outing_id].visits.append(visit)
    return found


@dataclass(frozen=True, slots=True)
class Noted:
    """A finding in the stop's list.

    can_list: its three lists may be drawn by who reads it. given_to: the code of the unit that was
    ordered to do it on the spot.
    """

    number: int
    issue: Issue
    title: str
    how: str
    since: str
    can_list: bool
    given_to: str


def noted(stop: Stop, person: Person) -> list[Noted]:
    """What was noted here; what this person may not read is not there."""
    mine = standings().visible_to(person).today().matters().for_rows()
    found = list(stop.findings.order_by("number"))
    lines = {one.issue_id: one for one in mine.filter(issue__in=[f.issue_id for f in found])}
    shown = [one for one in found if one.issue_id in lines]
    said = _results(one.issue_id for one in shown if one.way == Way.SETTLED)
    return [
        _noted(number, finding.way, lines[finding.issue_id], said, person)
        for number, finding in enumerate(shown, 1)
    ]


def _results(ids: Iterable[int]) -> dict[int, str]:
    rows = Result.objects.filter(issue__in=list(ids)).order_by("-id")
    return dict(rows.values_list("issue", "text"))


def _noted(number: int, way: str, line: Standing, said: dict[int, str], person: Person) -> Noted:
    issue = line.issue
    until = issue.promised_on or issue.end_on
    facts = {
        "unit": line.unit.short_name if line.unit else "",
        "date": day_words(until) if until else "",
        "text": said.get(issue.pk, ""),
    }
    if way == Way.SETTLED:
        how = _("Settled on the spot: %(text)s") % facts
    elif way == Way.ORDERED:
        how = _("Given on the spot to %(unit)s, by %(date)s") % facts
    elif issue.state == S.REGISTERED:
        how = _("Taken back, to be triaged")
    elif until:
        how = _("Taken back, given to %(unit)s, by %(date)s") % facts
    else:
        how = _("Taken back, given to %(unit)s") % facts
    return Noted(
        number=number,
        issue=issue,
        title=words_for(issue, person)[0],
        how=how,
        since=_since(issue, way),
        can_list=issue.state in (S.TRIAGED, S.LISTED)
        and "draw-lists" in ISSUE_LIFE.open_acts(issue.state),
        given_to=line.unit.code if way == Way.ORDERED and line.unit else "",
    )


def _since(issue: Issue, way: str) -> str:
    """What became of it since it was noted, where that is news."""
    if issue.state == S.ENDED:
        return ending_words(issue.ending)
    if issue.state == S.REPORTED or (issue.state == S.VERIFIED and way != Way.SETTLED):
        return state_words(issue.state)
    return ""


@dataclass(frozen=True, slots=True)
class Card:
    """What one wants to know before the door. last: when and what they said before."""

    subject: Subject
    last: tuple[datetime, str] | None
    owed: list[Row]
    more: int


def card(stop: Stop, here: Iterable[int], person: Person) -> Card:
    """The card of the stop's enterprise. here: the matters noted at this stop, left out."""
    now = clock.now()
    left_out = list(here)
    subject = stop.subject
    said = issues().visible_to(person).filter(subject=subject).exclude(pk__in=left_out)
    last = said.order_by("-happened_at", "-id").first()
    open_lines = lines_for(person).open().filter(subject=subject).exclude(issue__in=left_out)
    owed = list(open_lines.for_rows().after(None)[: 50 + 1])
    return Card(
        subject=subject,
        last=(last.happened_at, words_for(last, person)[0]) if last else None,
        owed=rows_of(owed[:OWED], person, now),
        more=max(0, len(owed) - OWED),
    )


def likely_units(stop: Stop, person: Person) -> list[str]:
    """The codes of the units that lead most of what this person has in sight, nearest first.

    Those that work for this enterprise come before others: they are offered at one tap.
    """
    lines = standings().visible_to(person).today().matters().exclude(unit=None)
    counted = lines.order_by().values_list("unit__code", "subject").annotate(n=Count("pk"))
    weight: dict[str, int] = {}
    for code, subject, count in counted:
        weight[code] = weight.get(code, 0) + count * (1000 if subject == stop.subject_id else 1)
    return sorted(weight, key=lambda code: -weight[code])[:LIKELY]


def said_of(text: str, units: Sequence[Unit], now: datetime) -> Said:
    """What a sentence proposes of its own order, among these units of one county."""
    days, today = official(), clock.date_of(now)
    possible = offices_open(now) and days.is_working(today)
    return read(
        text,
        _named(units),
        today,
        today if possible else days.day_of(days.ordinal(today) + 1),
        days,
    )


def _named(units: Sequence[Unit]) -> list[Named]:
    sections: dict[int, list[str]] = defaultdict(list)
    if units:
        rows = Section.objects.filter(county=units[0].county)
        for unit_id, name in rows.order_by("id").values_list("unit", "name"):
            sections[unit_id].append(name)
    return [
        Named(unit.code, (unit.short_name, unit.name), tuple(sections[unit.pk])) for unit in units
    ]
