"""How lists are cut: by an enterprise, a unit, a leader or a park, from the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NoReturn
from urllib.parse import quote

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from qingdan.domain.enterprises.queries import subjects
from qingdan.domain.ledger.actions.bodies import parse_day
from qingdan.domain.ledger.models import Assignment, Issue
from qingdan.domain.ledger.queries import Standings, access_issue, issues, standings
from qingdan.domain.ledger.states import ON_IT, OPEN, Handling, Light
from qingdan.domain.people.models import Post, Unit
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import NotHere


@dataclass(frozen=True)
class Cut:
    """Which matters, in words and as a filter. day: None for today."""

    words: str
    where: Q
    query: str
    day: date | None = None

    def lines(self, person: Person) -> Standings:
        """The matters' lines that this person may see, today's or of a past day."""
        seen = standings().visible_to(person).matters()
        when = seen.today() if self.day is None else seen.as_of(self.day)
        return when.filter(self.where)


def cut_from(asked: Mapping[str, str], person: Person) -> Cut:
    """Read `enterprise`, `unit`, `leader`, `park`, `issue` and `on` of an address.

    What names nothing that this person may see is NotHere, like everything hidden.
    """
    words: list[str] = []
    where = Q(state__in=OPEN)
    kept: list[str] = []
    if code := asked.get("unit"):
        unit = Unit.objects.filter(county=person.county, code=code).first() or _nothing()
        mine = Assignment.objects.filter(issue=OuterRef("issue"), unit=unit.pk, state__in=ON_IT)
        where &= Exists(mine)
        words.append(unit.short_name)
        kept.append(f"unit={code}")
    if code := asked.get("park"):
        park = Unit.objects.filter(county=person.county, code=code).first() or _nothing()
        where &= Q(park=park.pk)
        words.append(park.short_name)
        kept.append(f"park={code}")
    if code := asked.get("leader"):
        leader = _leader(person.county, code) or _nothing()
        where &= Q(leader=leader.pk)
        words.append(leader.title)
        kept.append(f"leader={code}")
    if number := asked.get("enterprise"):
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            raise NotHere
        subject = subjects().visible_to(person).filter(pk=int(number)).first() or _nothing()
        where &= Q(subject=subject.pk)
        words.append(subject.short_name)
        kept.append(f"enterprise={number}")
    if person.role not in (Role.DESK, Role.SUPERVISION) and any(
        asked.get(name) for name in ("park", "leader", "enterprise")
    ):
        # whoever reads a name-hidden matter without its firm learns nothing by filtering (D11)
        where &= ~Q(issue__handling=Handling.NAME_HIDDEN.value)
    if ref := asked.get("issue"):
        issue = access_issue(person, ref)
        where &= Q(issue=issue.pk)
        words.append(str(issue.ref))
        kept.append(f"issue={quote(str(issue.ref))}")
    day = parse_day(asked.get("on", ""))
    if day is not None and day < clock.today():
        words.append(_("as of %(day)s") % {"day": day.isoformat()})
        kept.append(f"on={day.isoformat()}")
    else:
        day = None
    return Cut(" · ".join(words), where, "&".join(kept), day)


def _leader(county: str, code: str) -> Post | None:
    """A leader by the post's code; of other posts nobody hears here whether there are any."""
    return Post.objects.filter(county=county, code=code, role=Role.LEADER).first()


def _nothing() -> NoReturn:
    raise NotHere


def light_from(asked: Mapping[str, str]) -> str:
    light = asked.get("light", "")
    return light if light in {shown.value for shown in Light} else ""


def open_to_groups(person: Person, cut: Cut) -> list[Issue]:
    """The matters of a cut that may be hung in a group: never one of a hidden class."""
    lines = cut.lines(person).order_by("due_at", "id").values_list("issue", flat=True)[:200]
    found = issues().visible_to(person).filter(pk__in=list(lines))
    return list(found.filter(handling=Handling.NORMAL.value).select_related("subject"))
