"""What the address of a list asks for: its queue, its filters, its page. Links are made here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.translation import gettext as _

from qingdan.domain.enterprises.models import Subject
from qingdan.domain.enterprises.queries import subjects
from qingdan.domain.ledger.queries import Standings
from qingdan.domain.ledger.states import Light, S, Track, Turn
from qingdan.domain.people.models import Unit
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role, UnitKind
from qingdan.interfaces.shared.hiding import of_known_firms
from qingdan.interfaces.shared.rows import light_words, parse_cursor, track_words

from .further import further_of, further_words

QUEUES: dict[str, tuple[str, ...]] = {
    "triage": (S.REGISTERED.value,),
    "work": (S.TRIAGED.value, S.LISTED.value),
    "verify": (S.REPORTED.value,),
    "confirm": (S.VERIFIED.value,),
}
OPEN_STATES = tuple(state for states in QUEUES.values() for state in states)
LIGHTS = (Light.RED, Light.YELLOW, Light.GREEN, Light.GREY, Light.OFF)
"""In the order in which they are read."""
OFFERED = {
    "": ("unit", "park", "track", "turn"),
    "triage": ("park",),
    "work": ("unit", "park", "track", "turn"),
    "verify": ("unit", "park", "track"),
    "confirm": ("unit", "park", "track"),
}
"""By what each queue can be narrowed: nothing has a unit before it is triaged."""
TURNS = (Turn.DESK, Turn.UNIT, Turn.ENTERPRISE, Turn.SUPERVISION, Turn.LEADER)
FILTERS = ("light", "firm", "unit", "park", "track", "turn")


def queues_of(person: Person) -> tuple[str, ...]:
    """The queues that somebody's list is cut into; none where it is short anyway."""
    return tuple(QUEUES) if person.role in (Role.DESK, Role.SUPERVISION) else ()


def queue_of(state: str) -> str:
    """The queue in which a matter of this state is found; what is over was last in work."""
    return next((name for name, states in QUEUES.items() if state in states), "work")


def queue_words(queue: str) -> str:
    if queue not in QUEUES:
        return further_words(queue)
    return {
        "triage": _("To triage"),
        "work": _("In work"),
        "verify": _("To verify"),
        "confirm": _("To be confirmed"),
    }[queue]


def turn_words(turn: str) -> str:
    return {
        Turn.DESK: _("Service desk"),
        Turn.UNIT: _("Units"),
        Turn.ENTERPRISE: _("Enterprise"),
        Turn.SUPERVISION: _("Supervision office"),
        Turn.LEADER: _("Linked leader"),
    }[Turn(turn)]


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that narrows or widens the list."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Menu:
    words: str
    choices: list[Choice]


@dataclass(frozen=True)
class Asked:
    """What an address asks for. values: the filters that mean something, by name."""

    queue: str
    values: Mapping[str, str]
    after: str = ""
    opened: str = ""
    units: Mapping[str, Unit] = field(default_factory=dict)
    firm: Subject | None = None
    person: Person | None = None

    @classmethod
    def of(cls, query: Mapping[str, str], person: Person) -> "Asked":
        """Read the address; a filter that names nothing is left out."""
        queues = queues_of(person)
        known_queues = (*queues, *further_of(person))
        queue = query.get("queue", "")
        units = {u.code: u for u in Unit.objects.filter(county=person.county)}
        firm = _firm(query.get("firm", ""), person)
        known: dict[str, Any] = {
            "light": tuple(light.value for light in LIGHTS),
            "unit": units,
            "park": [code for code, u in units.items() if u.kind == UnitKind.PARK],
            "track": tuple(Track),
            "turn": TURNS,
            "firm": (str(firm.pk),) if firm else (),
        }
        return cls(
            queue=queue if queue in known_queues else ("work" if queues else ""),
            values={n: query[n] for n in FILTERS if n in query and query[n] in known[n]},
            after=query.get("after", ""),
            opened=query.get("open", ""),
            units=units,
            firm=firm,
            person=person,
        )

    @property
    def light(self) -> str:
        return self.values.get("light", "")

    @property
    def cursor(self) -> tuple[datetime, int] | None:
        return parse_cursor(self.after)

    def narrow(self, rows: Standings) -> Standings:
        """The rows that the filters leave, but for the light, which the sums are cut by."""
        values = self.values
        if self.person and (self.firm or "park" in values):
            rows = of_known_firms(rows, self.person)
        if code := values.get("unit"):
            unit = self.units[code].pk
            rows = rows.filter(Q(unit=unit) | Q(turn_unit=unit))
        if code := values.get("park"):
            rows = rows.filter(park=self.units[code].pk)
        if track := values.get("track"):
            rows = rows.filter(issue__track=track)
        if turn := values.get("turn"):
            rows = rows.filter(turn=turn)
        if self.firm is not None:
            rows = rows.filter(subject=self.firm.pk)
        return rows

    def url(self, **changes: str) -> str:
        """The address of this list with some things changed; "" takes one away."""
        asks = {"queue": self.queue, **self.values, **changes}
        return "?" + urlencode({name: value for name, value in asks.items() if value})

    def words(self, name: str) -> str:
        """A filter as its chip says it."""
        value = self.values[name]
        match name:
            case "light":
                return light_words(value)
            case "unit":
                return _("Unit: %(name)s") % {"name": self.units[value].short_name}
            case "park":
                return _("Park: %(name)s") % {"name": self.units[value].short_name}
            case "track":
                return _("Track: %(name)s") % {"name": track_words(value)}
            case "turn":
                return _("Waits for: %(name)s") % {"name": turn_words(value)}
        return _("Enterprise: %(name)s") % {"name": self.firm.short_name if self.firm else ""}

    def chips(self) -> Iterator[Choice]:
        """One for each filter; it takes that filter away."""
        for name in self.values:
            yield Choice(self.words(name), self.url(**{name: ""}))

    def menus(self) -> Iterator[Menu]:
        """What else the list can be narrowed by."""
        units = [u for u in self.units.values() if u.kind != UnitKind.OFFICE]
        offers: dict[str, tuple[str, list[tuple[str, str]]]] = {
            "unit": (_("Unit"), [(u.code, u.short_name) for u in units]),
            "park": (
                _("Park"),
                [(u.code, u.short_name) for u in units if u.kind == UnitKind.PARK],
            ),
            "track": (_("Track"), [(t.value, track_words(t)) for t in Track]),
            "turn": (
                _("Waits for"),
                [(t.value, turn_words(t)) for t in TURNS],
            ),
        }
        offered = OFFERED.get(self.queue, ("unit", "park"))
        for name, (words, choices) in offers.items():
            if name not in self.values and choices and name in offered:
                yield Menu(
                    words, [Choice(said, self.url(**{name: value})) for value, said in choices]
                )


def _firm(text: str, person: Person) -> Subject | None:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return None
    return subjects().visible_to(person).filter(pk=int(text)).first()
