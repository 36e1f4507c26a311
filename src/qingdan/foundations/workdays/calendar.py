"""Which days are worked, as the annual notices of the State Council's General Office say it.

Each year is a file of data: weekdays that are off, weekend days that are worked, and the notices
that say so. A year without a notice is provisional: its weekdays count, less the statutory days
where we know them, and whatever is reckoned through it says so. Working days have ordinals, so
that a deadline is an addition (D8). No Django here.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, Self

from qingdan.foundations.kernel.clock import COUNTY_ZONE

Status = Literal["announced", "provisional"]

SATURDAY = 5
LAST_DAY = date.max.toordinal()
HOUR = 3_600_000_000
"""Microseconds in an hour: office time is counted in whole ones, so that nothing is rounded."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that fixes days off, such as 国办发明电〔2022〕16号 for 2023."""

    title: str
    number: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class Year:
    """What is known of one year. Raises ValueError for days that contradict it."""

    year: int
    status: Status
    notices: tuple[Notice, ...] = ()
    weekdays_off: frozenset[date] = frozenset()
    weekend_days_worked: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        for day in self.weekdays_off:
            if day.year != self.year or day.weekday() >= SATURDAY:
                raise ValueError(f"{day} is no weekday of {self.year}")
        for day in self.weekend_days_worked:
            if day.year != self.year or day.weekday() < SATURDAY:
                raise ValueError(f"{day} is no weekend day of {self.year}")
        if self.status == "announced" and not self.notices:
            raise ValueError(f"{self.year} is announced without a notice")


def _plain(ordinal: int) -> int:
    """Weekdays from 1 January of year 1, a Monday, up to and including day `ordinal`."""
    weeks, days = divmod(ordinal, 7)
    return weeks * 5 + min(days, 5)


@dataclass(frozen=True)
class Calendar:
    """The county's working days. It never changes: a notice that arrives makes another one."""

    years: Mapping[int, Year]
    _turns: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _shift: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "years", MappingProxyType(dict(self.years)))
        off = [(d.toordinal(), -1) for y in self.years.values() for d in y.weekdays_off]
        worked = [(d.toordinal(), 1) for y in self.years.values() for d in y.weekend_days_worked]
        turns = sorted(off + worked)
        object.__setattr__(self, "_turns", tuple(day for day, _ in turns))
        object.__setattr__(self, "_shift", (0, *accumulate(by for _, by in turns)))

    def __hash__(self) -> int:
        return hash((self._turns, self._shift))

    @classmethod
    def of(cls, years: Iterable[Year]) -> Self:
        return cls({year.year: year for year in years})

    def having(self, year: Year) -> "Calendar":
        """The same calendar with another knowledge of one year: its notice has come."""
        return Calendar({**self.years, year.year: year})

    def status(self, year: int) -> Status:
        known = self.years.get(year)
        return known.status if known else "provisional"

    def notices(self, year: int) -> tuple[Notice, ...]:
        known = self.years.get(year)
        return known.notices if known else ()

    def is_working(self, day: date) -> bool:
        known = self.years.get(day.year)
        if day.weekday() >= SATURDAY:
            return known is not None and day in known.weekend_days_worked
        return known is None or day not in known.weekdays_off

    def is_worked_weekend(self, day: date) -> bool:
        return day.weekday() >= SATURDAY and self.is_working(day)

    def is_weekday_off(self, day: date) -> bool:
        return day.weekday() < SATURDAY and not self.is_working(day)

    def ordinal(self, day: date) -> int:
        """How many working days there are up to and including `day`: comparable, addable (D8)."""
        return self._count(day.toordinal())

    def _count(self, day: int) -> int:
        return _plain(day) + self._shift[bisect_right(self._turns, day)]

    def day_of(self, ordinal: int) -> date:
        """The working day with this ordinal. Raises OverflowError beyond the years 1 to 9999."""
        if not 1 <= ordinal <= self._count(LAST_DAY):
            raise OverflowError("no such working day between the years 1 and 9999")
        near = ordinal * 7 // 5
        reach = 2 * max(map(abs, self._shift)) + 7  # no notice moves a day further than this
        low, high = max(1, near - reach), min(LAST_DAY, near + reach)
        while low < high:
            middle = (low + high) // 2
            if self._count(middle) >= ordinal:
                high = middle
            else:
                low = middle + 1
        return date.fromordinal(low)

    def next_working_day(self, day: date) -> date:
        """`day` itself if it is worked, else the next one that is."""
        return day if self.is_working(day) else self.day_of(self.ordinal(day) + 1)

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days lie after `after`, up to and including `until`; minus backwards.

        On Friday it is one working day to Monday, and from Saturday also.
        """
        return self.ordinal(until) - self.ordinal(after)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When offices are open on a working day, as wall-clock windows in their order."""

    windows: tuple[tuple[time, time], ...]

    def __post_init__(self) -> None:
        marks = [mark for window in self.windows for mark in window]
        if not marks or any(a >= b for a, b in pairwise(marks)):
            raise ValueError("office hours are windows in their order, each with a length")

    @property
    def opens(self) -> time:
        return self.windows[0][0]

    @property
    def closes(self) -> time:
        return self.windows[-1][1]

    @property
    def per_day(self) -> int:
        """Microseconds of office time on a working day."""
        return sum(_micro(to) - _micro(since) for since, to in self.windows)

    def spent_by(self, moment: time) -> int:
        """Microseconds of office time before `moment` on a working day."""
        now = _micro(moment)
        return sum(max(0, min(now, _micro(to)) - _micro(since)) for since, to in self.windows)

    def reached_at(self, spent: int) -> time:
        """The first moment of a working day by which so much office time has passed."""
        for since, to in self.windows:
            length = _micro(to) - _micro(since)
            if spent <= length:
                return _time(_micro(since) + spent)
            spent -= length
        raise ValueError("a working day has no so many office hours")

    def on(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The windows of `day` as instants in the county's zone."""
        return tuple(
            (datetime.combine(day, since, COUNTY_ZONE), datetime.combine(day, to, COUNTY_ZONE))
            for since, to in self.windows
        )


def _micro(moment: time) -> int:
    seconds = (moment.hour * 60 + moment.minute) * 60 + moment.second
    return seconds * 1_000_000 + moment.microsecond


def _time(micro: int) -> time:
    seconds, rest = divmod(micro, 1_000_000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return time(hour, minute, second, rest)


OFFICE_HOURS = OfficeHours(((time(8), time(12)), (time(14, 30), time(17, 30))))
"""The default policy's; a county and a season may have others."""


@lru_cache(maxsize=1)
def official() -> Calendar:
    """The calendar of the official notices that came with this version."""
    return Calendar.of(_read(path) for path in sorted(_DATA.glob("*.json")))


_DATA = Path(__file__).parent / "data"


def _read(path: Path) -> Year:
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Year(
        year=told["year"],
        status=told["status"],
        notices=tuple(
            Notice(n["title"], n["number"], date.fromisoformat(n["issued_on"]))
            for n in told["notices"]
        ),
        weekdays_off=frozenset(map(date.fromisoformat, told["weekdays_off"])),
        weekend_days_worked=frozenset(map(date.fromisoformat, told["weekend_days_worked"])),
    )
