"""What does this person see? The only ways to a matter, for every door."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from qingdan.domain.people.models import Unit
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Duty, Role
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import NotHere
from qingdan.foundations.kernel.numbers import parse_reference, prefix_in

from ..models import Asked, Assignment, Issue, Rating, Sight, Standing
from ..states import (
    ON_IT,
    OPEN,
    A,
    AskedFor,
    ClockKind,
    Handling,
    Light,
    S,
)

FIRST_SUPERVISION = "supervision"
"""The office that stands where the desk stands for 专送督查室; the other one verifies."""

_SEEN_AFTER_REPORT = (S.REPORTED.value, S.VERIFIED.value, S.ENDED.value)


def _by_class(person: Person, at: str = "") -> Q | None:
    """What desk, supervision offices and main leader see, by class; None for everybody else.

    at: the path from the row to its issue, such as "issue__".
    """
    open_classes = Q(**{f"{at}handling__in": (Handling.NORMAL.value, Handling.NAME_HIDDEN.value)})
    sealed = Q(**{f"{at}handling": Handling.SUPERVISION_ONLY.value})
    about_givers = Q(**{f"{at}about__code__in": ("desk", FIRST_SUPERVISION, "supervision-2")})
    about_me = Q(**{f"{at}about": person.unit_id})
    if person.role == Role.DESK:
        return open_classes
    if person.role == Role.SUPERVISION:
        if person.unit_code == FIRST_SUPERVISION:
            return open_classes | (sealed & ~about_me)
        reported = Q(**{f"{at}reported_at__isnull": False})
        seen = Q(**{f"{at}state__in": _SEEN_AFTER_REPORT}) & reported
        return open_classes | (sealed & ~about_me & seen)
    if person.role == Role.MAIN_LEADER:
        left = Q(**{f"{at}left": True})
        return Q(**{f"{at}handling": Handling.NORMAL.value}) | (sealed & about_givers) | left
    return None


def _in_sight(person: Person, issue: str) -> Exists:
    seen = Sight.objects.filter(county=person.county, holder=person.holder, to_at=None)
    return Exists(seen.filter(issue=OuterRef(issue)))


def shows(light: str, now: datetime) -> Q:
    """The rows that show this light at an instant."""
    runs = ~Q(clock_kind="")
    replies = Q(clock_kind=ClockKind.NEXT_REPLY.value)
    paused = Q(paused_until__isnull=False, paused_until__gt=now)
    counts = Q(paused_until=None) | Q(paused_until__lte=now)
    match light:
        case Light.RED:
            return runs & counts & Q(red_at__lte=now)
        case Light.GREY:
            return runs & paused
        case Light.YELLOW:
            return runs & ~replies & counts & Q(yellow_at__lte=now, red_at__gt=now)
        case Light.GREEN:
            return runs & ~replies & counts & Q(yellow_at__gt=now)
        case Light.OFF:
            return ~runs | (replies & counts & Q(red_at__gt=now))
    return Q(pk__in=[])


class Issues(models.QuerySet[Issue]):
    def visible_to(self, person: Person) -> Self:
        """The matters open to this person: by class, or by what they have in sight (D10)."""
        here = self.filter(county=person.county)
        if person.administers or not (person.holder or person.role == Role.MAIN_LEADER):
            return here.none()
        by_class = _by_class(person)
        if by_class is not None:
            return here.filter(by_class)
        return here.filter(_in_sight(person, "pk"))


class Standings(models.QuerySet[Standing]):
    def visible_to(self, person: Person) -> Self:
        """Where matters stood that are open to this person now, of their own lines.

        A unit sees the lines of its own parts, a section those of its unit's; everybody else
        those of the matter.
        """
        here = self.filter(county=person.county)
        if person.administers or not (person.holder or person.role == Role.MAIN_LEADER):
            return here.none()
        by_class = _by_class(person, "issue__")
        if by_class is not None:
            return here.filter(by_class)
        return here.filter(_in_sight(person, "issue"))

    def today(self) -> Self:
        return self.filter(to_at=None)

    def as_of(self, day: date) -> Self:
        """The rows that stood at the end of a day in the county's zone (D7)."""
        end = clock.end_of(day)
        return self.filter(from_at__lt=end).filter(Q(to_at=None) | Q(to_at__gte=end))

    def matters(self) -> Self:
        """One row a matter."""
        return self.filter(assignment=None, task=None)

    def parts_of(self, unit_id: int) -> Self:
        """One row for each matter in which this unit has a part."""
        return self.filter(unit=unit_id, task=None).exclude(assignment=None)

    def with_light(self, light: str, now: datetime) -> Self:
        """A filter by light is an index range: the same comparison as `rules.lights.light`."""
        return self.filter(shows(light, now))

    def open(self) -> Self:
        return self.filter(issue__state__in=OPEN)

    def for_rows(self) -> Self:
        """With everything that a row of a list shows, in one query."""
        return self.select_related(
            "issue__subject", "unit", "turn_unit", "clock__task__section", "park"
        )

    def after(self, cursor: tuple[datetime, int] | None) -> Self:
        """A page by keyset on (due_at, id); never by counting."""
        rows = self.order_by("due_at", "id")
        if cursor is None:
            return rows
        due_at, row_id = cursor
        return rows.filter(Q(due_at__gt=due_at) | Q(due_at=due_at, id__gt=row_id))


def issues() -> Issues:
    return Issues(Issue)


def standings() -> Standings:
    return Standings(Standing)


def lines_for(person: Person) -> Standings:
    """Today's list as this person reads it: a unit its own parts, everybody else the matters.

    A unit sees its own clock, everybody else the nearest of the matter.
    """
    seen = standings().visible_to(person).today()
    if person.role == Role.UNIT and person.unit_id is not None:
        own = seen.parts_of(person.unit_id)
        # A park or township also follows what it registered, without a part of its own.
        if person.raises:
            followed = Q(assignment=None, task=None, issue__registered_unit=person.unit_id)
            has_part = Assignment.objects.filter(
                issue=OuterRef("issue"), unit=person.unit_id, state__in=ON_IT
            )
            return seen.filter(task=None).filter(
                (Q(unit=person.unit_id) & ~Q(assignment=None)) | (followed & ~Exists(has_part))
            )
        return own
    return seen.matters()


def access_issue(person: Person, ref: str) -> Issue:
    """One matter by its reference, or NotHere: hidden and absent look the same."""
    named = parse_reference(ref, this_year=clock.today().year)
    if named is None or named[1] > 2**31 - 1:
        raise NotHere
    found = issues().visible_to(person).filter(year=named[0], number=named[1])
    issue = found.select_related("subject", "park", "about", "registered_unit").first()
    if issue is None or prefix_in(ref) not in ("", issue.prefix):
        raise NotHere
    return issue


def standing_of(issue: Issue, person: Person) -> Standing | None:
    """Where the matter stands for this person: a unit's own line, else the matter's."""
    rows = Standing.objects.filter(issue=issue, to_at=None, task=None).select_related(
        "unit", "turn_unit", "clock__task"
    )
    matter: Standing | None = None
    for row in rows:
        if row.assignment_id is None:
            matter = row
        elif person.role == Role.UNIT and row.unit_id == person.unit_id and row.state != A.DONE:
            return row
    return matter


def results_to_agree(person: Person) -> list[Asked]:
    """The results that wait for this head's or deputy's yes, the oldest first."""
    if person.role != Role.UNIT or person.duty not in (Duty.HEAD, Duty.DEPUTY):
        return []
    rows = Asked.objects.filter(
        county=person.county,
        kind=AskedFor.RESULT.value,
        decided_at=None,
        assignment__unit=person.unit_id,
        issue__in=issues().visible_to(person),
    )
    return list(rows.select_related("issue").order_by("pk")[:50])


def result_to_agree(issue: Issue, person: Person) -> Asked | None:
    """The result of this matter that waits for this person's yes."""
    return next((one for one in results_to_agree(person) if one.issue_id == issue.pk), None)


def promised_now(issue: Issue) -> date | None:
    """The day that the enterprise reads: the end date's at first, in a redo the redo's own.

    Asks nothing while nothing was redone.
    """
    if not issue.round:
        return issue.promised_on
    redo = issue.clocks.filter(kind=ClockKind.REDO.value).order_by("pk").last()
    return redo.due_on if redo else None


def words_for(issue: Issue, person: Person) -> tuple[str, str]:
    """Title and body as this person reads them: units read a name-hidden matter's shown words."""
    if reads_shown_words(issue, person):
        return issue.shown_title, issue.shown_body
    return issue.title, issue.body


def reads_shown_words(issue: Issue, person: Person) -> bool:
    """Whether enterprise, contact, visit and original text are hidden from this person (D11)."""
    if person.role == Role.MAIN_LEADER and issue.left:
        return False  # he stands where nobody else is left, and has to speak with the firm
    return issue.handling == Handling.NAME_HIDDEN and person.role not in (
        Role.DESK,
        Role.SUPERVISION,
        Role.ENTERPRISE,
    )


def lights_of(rows: Standings, now: datetime) -> dict[str, int]:
    """How many rows show each light, in one query."""
    counted: dict[str, Any] = {
        light.value: models.Count("pk", filter=shows(light, now)) for light in Light
    }
    return rows.order_by().aggregate(**counted)


def lights_by(rows: Standings, column: str, now: datetime) -> dict[int | None, dict[str, int]]:
    """How many rows show each light, for each value of a column such as "unit", in one query."""
    counted: dict[str, Any] = {
        light.value: models.Count("pk", filter=shows(light, now)) for light in Light
    }
    grouped = rows.order_by().values_list(column).annotate(**counted)
    names = [light.value for light in Light]
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in grouped}


def turns(rows: Standings) -> list[tuple[str, int | None]]:
    """Whose turn it is among these rows: (turn, unit), each once."""
    return list(rows.order_by().values_list("turn", "turn_unit").distinct())


def units_named(county: str, ids: Sequence[int]) -> dict[int, Unit]:
    return {u.pk: u for u in Unit.objects.filter(county=county, pk__in=ids)}


def answers_for(person: Person) -> Standings | None:
    """What this person answers for by its level; None for who answers by no level.

    Level 1 is the head's of the lead unit, 2 the linked leader's, 3 the main leader's, who also
    stands in where no leader is linked. Open matters of that level; and for 30 days what ended
    with a rating of 1 or 2, which the head answers for from level 0 on. `satisfied` is the rating.
    """
    ended = Q(issue__state=S.ENDED.value, issue__ended_at__gte=clock.now() - ANSWERS_FOR)
    is_open, bad = Q(issue__state__in=OPEN), ended & Q(satisfied__lte=2)
    rating = Rating.objects.filter(issue=OuterRef("issue")).values("satisfied")[:1]
    rows = standings().visible_to(person).today().matters().annotate(satisfied=Subquery(rating))
    if person.role == Role.UNIT and person.duty == Duty.HEAD:
        own = rows.filter(unit=person.unit_id)
        return own.filter((is_open & Q(issue__level=1)) | (bad & Q(issue__level__lte=1)))
    if person.role in (Role.LEADER, Role.ASSISTANT):
        return rows.filter(
            is_open | bad, issue__level=2, leader__in=(person.post_id, person.behalf_id)
        )
    if person.role == Role.MAIN_LEADER:
        unled = Q(issue__level=2, leader=None)
        return rows.filter(is_open | bad).filter(Q(issue__level__gte=3) | unled)
    return None


ANSWERS_FOR = timedelta(days=30)
"""How long a bad rating stands before whoever answers for it."""
