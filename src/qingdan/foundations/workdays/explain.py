"""Why a date is that day: in sentences for people, and day by day for a small calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Literal, Protocol

from qingdan.foundations.kernel.clock import date_of
from qingdan.foundations.kernel.sentences import Sentence
from qingdan.foundations.kernel.words import gettext_noop

from .calendar import Calendar, OfficeHours
from .limits import Limit
from .pauses import Pause, whole_days

MOST_DAYS = 400
"""Above this many days a calendar of them helps nobody."""
MOST_PAUSES = 12

Why = Literal["receipt", "counted", "off", "paused", "moved"]


class Dated(Protocol):
    """What an explanation needs to know of a `Due`."""

    @property
    def at(self) -> datetime: ...
    @property
    def on(self) -> date: ...
    @property
    def start(self) -> datetime | None: ...
    @property
    def limit(self) -> Limit | None: ...
    @property
    def calendar(self) -> Calendar: ...
    @property
    def received(self) -> date | None: ...
    @property
    def reached(self) -> date: ...
    @property
    def asked(self) -> tuple[int, ...]: ...
    @property
    def pauses(self) -> tuple[Pause, ...]: ...
    @property
    def hours(self) -> OfficeHours: ...


@dataclass(frozen=True, slots=True)
class DayNote:
    """One day on the way to a date.

    count: which day of the limit it is, None where it is none or where hours are counted.
    why: receipt (does not count), counted, off, paused (through all office hours), or moved (the
    working day that a date moved to). due: it is the date itself.
    """

    day: date
    count: int | None
    why: Why
    off: bool
    worked_weekend: bool
    due: bool

    @property
    def weekday(self) -> int:
        """0 is Monday."""
        return self.day.weekday()


def _days(first: date, last: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def day_notes(what: Dated) -> tuple[DayNote, ...]:
    if what.start is None or what.received is None:
        return ()
    first = date_of(what.start)
    if not 0 <= (what.on - first).days <= MOST_DAYS:
        return ()
    spans = whole_days(what.pauses, what.hours)
    by_hours = what.limit is not None and what.limit.unit in ("h", "wh")
    by_calendar = what.limit is not None and what.limit.unit in ("h", "d", "m")
    notes: list[DayNote] = []
    number = 0
    for day in _days(first, what.on):
        off = not what.calendar.is_working(day)
        paused = any(low <= day.toordinal() <= high for low, high in spans)
        count: int | None = None
        why: Why = "counted"
        if day == what.received and not by_hours:
            why = "receipt"
        elif by_calendar and not by_hours and day > what.reached:
            why = "moved" if day == what.on else "paused" if paused and not off else "off"
        elif off and not by_calendar:
            why = "off"
        elif paused:
            why = "paused"
        elif not by_hours:
            number += 1
            count = number
        weekend = what.calendar.is_worked_weekend(day)
        notes.append(DayNote(day, count, why, off, weekend, day == what.on))
    return tuple(notes)


def sentences(what: Dated) -> tuple[Sentence, ...]:
    said = [*_how_counted(what), *_odd_days(what), *_pauses(what), *_basis(what)]
    return tuple(said)


def _how_counted(what: Dated) -> Iterator[Sentence]:
    limit, start, time = what.limit, what.start, what.hours.closes
    if limit is None or start is None:
        yield Sentence(
            gettext_noop("Promised for %(day)s, due at %(time)s."),
            {"day": what.reached, "time": time},
        )
        if what.on != what.reached:
            yield Sentence(
                gettext_noop("Moved to %(day)s by the working days that were paused."),
                {"day": what.on},
            )
    elif limit.unit == "wd":
        yield from _working_days(what, limit, start)
    elif limit.unit == "wh":
        yield Sentence(
            gettext_noop("Office hour %(n)d from %(start)s ends at %(at)s."),
            {"n": limit.n, "start": start, "at": what.at},
        )
        yield Sentence(
            gettext_noop("Only office hours count: %(hours)s on working days."),
            {"hours": ", ".join(f"{a:%H:%M}-{b:%H:%M}" for a, b in what.hours.windows)},
        )
    elif limit.unit == "h":
        yield Sentence(
            gettext_noop("Hour %(n)d from %(start)s ends at %(at)s; nights and days off count."),
            {"n": limit.n, "start": start, "at": what.at},
        )
    else:
        yield from _calendar_days(what, limit, start)


def _working_days(what: Dated, limit: Limit, start: datetime) -> Iterator[Sentence]:
    came, time = date_of(start), what.hours.closes
    if limit.n > 0:
        if came == what.received:
            yield Sentence(
                gettext_noop("Received on %(day)s; the day of receipt does not count."),
                {"day": came},
            )
        elif what.received is not None:
            yield Sentence(
                gettext_noop(
                    "%(came)s is off, so it counts as received on %(day)s; the day of receipt"
                    " does not count."
                ),
                {"came": came, "day": what.received},
            )
        yield Sentence(
            gettext_noop("Working day %(n)d is %(day)s, due at %(time)s."),
            {"n": limit.n, "day": what.on, "time": time},
        )
    elif came == what.on:
        yield Sentence(
            gettext_noop("Due on the day of receipt, %(day)s, at %(time)s."),
            {"day": what.on, "time": time},
        )
    elif not what.calendar.is_working(came):
        yield Sentence(
            gettext_noop("%(came)s is off, so it is due on %(day)s at %(time)s."),
            {"came": came, "day": what.on, "time": time},
        )
    else:
        yield Sentence(
            gettext_noop(
                "No office hours were left on %(came)s, so it is due on %(day)s at %(time)s."
            ),
            {"came": came, "day": what.on, "time": time},
        )


def _calendar_days(what: Dated, limit: Limit, start: datetime) -> Iterator[Sentence]:
    came, time = date_of(start), what.hours.closes
    if limit.unit == "d":
        yield Sentence(
            gettext_noop("Calendar day %(n)d after %(came)s is %(day)s."),
            {"n": limit.n, "came": came, "day": what.reached},
        )
    else:
        yield Sentence(
            gettext_noop("Counted from %(came)s, month %(n)d ends on %(day)s."),
            {"n": limit.n, "came": came, "day": what.reached},
        )
        if what.reached.day < came.day and not what.pauses:
            yield Sentence(
                gettext_noop("That month has no day %(number)d, so its last day stands."),
                {"number": came.day},
            )
    if what.on == what.reached:
        yield Sentence(
            gettext_noop("It is due on %(day)s at %(time)s."), {"day": what.on, "time": time}
        )
    elif not what.calendar.is_working(what.reached):
        yield Sentence(
            gettext_noop(
                "%(came)s is off, so it moves to the next working day and is due on %(day)s at"
                " %(time)s."
            ),
            {"came": what.reached, "day": what.on, "time": time},
        )
    else:
        yield Sentence(
            gettext_noop(
                "No office hours were left on %(came)s, so it is due on %(day)s at %(time)s."
            ),
            {"came": what.reached, "day": what.on, "time": time},
        )


def _odd_days(what: Dated) -> Iterator[Sentence]:
    """Days that a plain week would not tell: weekdays off and weekend days worked."""
    if what.start is None or (what.limit is not None and what.limit.unit == "h"):
        return
    first = date_of(what.start)
    if what.limit is not None and what.limit.unit in ("d", "m"):
        first = what.reached
    if not 0 <= (what.on - first).days <= MOST_DAYS:
        return
    if off := tuple(_holidays(what.calendar, first, what.on)):
        yield Sentence(gettext_noop("Public holidays on the way: %(days)s."), {"days": off})
    days = _days(first, what.on)
    if worked := tuple(d for d in days if what.calendar.is_worked_weekend(d)):
        yield Sentence(gettext_noop("Weekend days worked on the way: %(days)s."), {"days": worked})


def _holidays(calendar: Calendar, first: date, last: date) -> Iterator[date]:
    """The days off that hang together with a weekday off, weekends among them."""
    for off, run in groupby(_days(first, last), key=lambda day: not calendar.is_working(day)):
        days = list(run)
        if off and any(calendar.is_weekday_off(day) for day in days):
            yield from days


def _pauses(what: Dated) -> Iterator[Sentence]:
    start = what.start
    felt = [
        (since, until)
        for since, until in what.pauses
        if since < what.at and (start is None or until > start)
    ]
    if not felt:
        return
    for since, until in felt[:MOST_PAUSES]:
        yield Sentence(
            gettext_noop("Paused from %(since)s to %(until)s."), {"since": since, "until": until}
        )
    if what.limit is not None and what.limit.unit in ("h", "wh"):
        yield Sentence(gettext_noop("Paused time does not count."))
        return
    paused = tuple(note.day for note in day_notes(what) if note.why == "paused")
    if paused:
        yield Sentence(
            gettext_noop("Paused through all office hours, so these days do not count: %(days)s."),
            {"days": paused},
        )
    else:
        yield Sentence(
            gettext_noop("A day that is paused through all its office hours does not count.")
        )


def _basis(what: Dated) -> Iterator[Sentence]:
    unknown = [year for year in what.asked if what.calendar.status(year) == "provisional"]
    for year in what.asked[:10]:
        if notices := what.calendar.notices(year):
            yield Sentence(
                gettext_noop("Days off of %(year)d by the official notice %(numbers)s."),
                {"year": year, "numbers": ", ".join(notice.number for notice in notices)},
            )
    if unknown:
        years = str(unknown[0]) if len(unknown) == 1 else f"{unknown[0]}-{unknown[-1]}"
        yield Sentence(
            gettext_noop(
                "No official notice for %(years)s is on file: weekends and statutory days are"
                " assumed. The date is provisional and is reckoned again when the notice comes."
            ),
            {"years": years},
        )
