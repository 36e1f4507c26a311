"""Deadlines as D9 counts them, to the letter, and when their light turns yellow. Pure.

`due()` answers with the instant, its date, whether that is provisional, and, when asked, with the
sentences and the days that say why. What D9 leaves open is decided here:

- `0wd` falls due at the end of office hours of the day of receipt, or of the next working day if
  offices had closed by then: nothing is due before it was received.
- Days of `Nd` and `Nm` count as working days do: one that is paused through all its office hours
  (on a day off by the same hours of the wall clock) does not. Where the last day moves because it
  is off, it moves past working days that are paused through all their office hours.
- `Nh` asks no calendar and is never provisional.
- A promised date stays that very date. It moves only by the working days before it that were
  paused through all their office hours.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Literal

from qingdan.foundations.kernel.clock import COUNTY_ZONE, date_of
from qingdan.foundations.kernel.errors import Refusal
from qingdan.foundations.kernel.sentences import Sentence
from qingdan.foundations.kernel.words import gettext_noop

from .calendar import HOUR, OFFICE_HOURS, Calendar, OfficeHours
from .explain import DayNote, day_notes, sentences
from .limits import Limit, parse_limit
from .pauses import (
    Pause,
    as_working_days,
    counted,
    in_utc,
    merged,
    past,
    whole_days,
    without,
)

MICRO = timedelta(microseconds=1)
FAR = 20
"""Working days from which a date is said as a date and no longer as days left."""


class OutOfCalendar(Refusal):
    status = 422
    code = "out-of-calendar"
    sentence = gettext_noop("That reaches beyond the calendar. Choose a shorter limit.")


@dataclass(frozen=True)
class Due:
    """When something falls due, and all that it follows from.

    at: the instant, UTC. on: its date in the county. provisional: a year without a notice was
    asked. limit: None for a promised date, which `reached` keeps. reached: where the count ended
    before a day off moved it. received: the day of receipt, a working one for working days.
    """

    at: datetime
    on: date
    provisional: bool
    start: datetime | None
    limit: Limit | None
    calendar: Calendar = field(repr=False, compare=False)
    received: date | None
    reached: date
    asked: tuple[int, ...]
    pauses: tuple[Pause, ...] = ()
    hours: OfficeHours = OFFICE_HOURS

    @cached_property
    def explanation(self) -> tuple[Sentence, ...]:
        """Why it is that day, in sentences. Say them with `words.in_words()`."""
        return sentences(self)

    @cached_property
    def days(self) -> tuple[DayNote, ...]:
        """Each day from receipt to the date; empty for more than a year and for no receipt."""
        return day_notes(self)


def due(
    start: datetime,
    limit: str | Limit,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
    hours: OfficeHours = OFFICE_HOURS,
) -> Due:
    """When something that came at `start` falls due.

    start and pauses: instants with a zone, pauses [A,B). Raises NotALimit, PauseBackwards,
    OutOfCalendar; ValueError for an instant without a zone.
    """
    asked = parse_limit(limit) if isinstance(limit, str) else limit
    try:
        return _Count(in_utc(start), calendar, merged(pauses), hours).due(asked)
    except OverflowError as beyond:
        raise OutOfCalendar from beyond


def due_on_date(
    day: date,
    calendar: Calendar,
    *,
    start: datetime | None = None,
    pauses: Iterable[Pause] = (),
    hours: OfficeHours = OFFICE_HOURS,
) -> Due:
    """A promised date: the end of its office hours, whether or not the day is worked.

    start: when it was promised, for the yellow light and the days. Pauses from then on move it.
    """
    began, clear = None if start is None else in_utc(start), merged(pauses)
    spans = as_working_days(whole_days(clear, hours), calendar)
    since = 0 if began is None else calendar.ordinal(date_of(began))
    last = calendar.ordinal(calendar.next_working_day(day))
    moved = past(last, spans, min(since, last - 1))
    on = day if moved == last else calendar.day_of(moved)
    years = tuple(range(day.year, on.year + 1))
    return Due(
        at=_at(on, hours.closes),
        on=on,
        provisional=any(calendar.status(year) == "provisional" for year in years),
        start=began,
        limit=None,
        calendar=calendar,
        received=None if began is None else calendar.next_working_day(date_of(began)),
        reached=day,
        asked=years,
        pauses=clear,
        hours=hours,
    )


@dataclass(frozen=True)
class _Count:
    """One count from one start: everything that is asked of calendar, pauses and office hours."""

    start: datetime
    calendar: Calendar
    pauses: tuple[Pause, ...]
    hours: OfficeHours

    @cached_property
    def came_on(self) -> date:
        return date_of(self.start)

    @cached_property
    def received(self) -> date:
        return self.calendar.next_working_day(self.came_on)

    @cached_property
    def paused_days(self) -> list[tuple[int, int]]:
        return whole_days(self.pauses, self.hours)

    @cached_property
    def paused_working_days(self) -> list[tuple[int, int]]:
        return as_working_days(self.paused_days, self.calendar)

    def due(self, limit: Limit) -> Due:
        received, reached = self.came_on, None
        if limit.unit == "h":
            at = self.after_time(limit.n * HOUR)
            years: range = range(0)
        elif limit.unit == "wh":
            at = self.after_office_time(limit.n * HOUR)
            years = range(self.came_on.year, date_of(at).year + 1)
        elif limit.unit == "wd":
            received = self.received
            at = _at(self.working_day(limit.n), self.hours.closes)
            years = range(self.came_on.year, date_of(at).year + 1)
        else:
            reached = self.calendar_day(limit)
            at = _at(self.moved_from(reached), self.hours.closes)
            years = range(reached.year, date_of(at).year + 1)
        on = date_of(at)
        return Due(
            at=at,
            on=on,
            provisional=any(self.calendar.status(y) == "provisional" for y in years),
            start=self.start,
            limit=limit,
            calendar=self.calendar,
            received=received,
            reached=reached or on,
            asked=tuple(years),
            pauses=self.pauses,
            hours=self.hours,
        )

    def working_day(self, n: int) -> date:
        """The n-th working day that counts after the day of receipt; 0 is that day itself."""
        first = self.calendar.ordinal(self.received)
        spans = self.paused_working_days
        if n > 0:
            return self.calendar.day_of(past(first + n, spans, first))
        return self._not_before_start(self.calendar.day_of(past(first, spans, first - 1)))

    def calendar_day(self, limit: Limit) -> date:
        """Where a count of calendar days or months ends, on or off."""
        if limit.unit == "m":
            nominal = _months_on(self.came_on, limit.n).toordinal()
        else:
            nominal = self.came_on.toordinal() + limit.n
        return self.counted_day(nominal, at_once=limit.n == 0)

    def counted_day(self, nominal: int, *, at_once: bool = False) -> date:
        after = self.came_on.toordinal() - at_once
        return date.fromordinal(_in_range(past(nominal, self.paused_days, after)))

    def moved_from(self, day: date) -> date:
        """`day` if it is worked, else the next working day that is not paused throughout."""
        if not self.calendar.is_working(day):
            day = self._next_open_day(day)
        return self._not_before_start(day)

    def _not_before_start(self, day: date) -> date:
        if _at(day, self.hours.closes) > self.start:
            return day
        return self._next_open_day(day + timedelta(days=1))

    def _next_open_day(self, day: date) -> date:
        ordinal = self.calendar.ordinal(self.calendar.next_working_day(day))
        return self.calendar.day_of(past(ordinal, self.paused_working_days, ordinal - 1))

    def after_time(self, micro: int) -> datetime:
        """When so much time has passed that was not paused."""
        if micro == 0:
            return self._out_of_pause(self.start)
        return without(self.start, self.start + micro * MICRO, self.pauses)

    def after_office_time(self, micro: int) -> datetime:
        """When so much office time has passed that was not paused, at a window's end if just then.

        None at all ends at once while offices are open, else when they open.
        """
        if micro == 0:
            at, before = self._opening(self.start), None
            while at != before:
                before, at = at, self._opening(self._out_of_pause(at))
            return at
        goal = self._office_time(self.start) + micro
        for since, until in self.pauses:
            if until <= self.start:
                continue
            lost_from = self._office_time(max(since, self.start))
            if lost_from >= goal:
                break
            goal += self._office_time(until) - lost_from
        worked, spent = divmod(goal - 1, self.hours.per_day)
        return _at(self.calendar.day_of(worked + 1), self.hours.reached_at(spent + 1))

    def _office_time(self, instant: datetime) -> int:
        """Office time since the beginning of the calendar, in microseconds."""
        local = instant.astimezone(COUNTY_ZONE)
        worked = self.calendar.ordinal(local.date())
        if not self.calendar.is_working(local.date()):
            return worked * self.hours.per_day
        return (worked - 1) * self.hours.per_day + self.hours.spent_by(local.time())

    def _out_of_pause(self, instant: datetime) -> datetime:
        for since, until in self.pauses:
            if since <= instant < until:
                return until
        return instant

    def _opening(self, instant: datetime) -> datetime:
        """The first instant from `instant` on at which offices are open."""
        day = date_of(instant)
        if self.calendar.is_working(day):
            for opens, closes in self.hours.on(day):
                if instant < closes:
                    return max(instant, opens.astimezone(UTC))
            day += timedelta(days=1)
        return _at(self.calendar.next_working_day(day), self.hours.opens)


def yellow_from(what: Due, *, start: datetime | None = None) -> datetime:
    """From when the light is yellow, UTC: never after `what.at`.

    Days: 08:00 (when offices open) of the first of the last ⌈N/3⌉ of the N days that count
    between start and date. Hours: when a third is left. Nothing between them: at once, which is
    the start. Raises ValueError for a promised date of which no start is known.
    """
    began = what.start if start is None else in_utc(start)
    if began is None:
        raise ValueError("a light needs to know when its clock began")
    count = _Count(began, what.calendar, what.pauses, what.hours)
    limit = what.limit
    if limit is not None and limit.n == 0:
        return min(began, what.at)
    if limit is not None and limit.unit == "h":
        return min(count.after_time(limit.n * HOUR * 2 // 3), what.at)
    if limit is not None and limit.unit == "wh":
        return min(count.after_office_time(limit.n * HOUR * 2 // 3), what.at)
    if limit is None or limit.unit == "wd":
        since, spans = count.calendar.ordinal(count.received), count.paused_working_days
        n = counted(since, count.calendar.ordinal(what.on), spans)
        first = count.working_day(_first_of_last_third(n)) if n else None
    else:
        since = count.came_on.toordinal()
        n = counted(since, what.on.toordinal(), count.paused_days)
        first = count.counted_day(since + _first_of_last_third(n)) if n else None
    if first is None:
        return min(began, what.at)
    return min(max(began, _at(first, what.hours.opens)), what.at)


def _first_of_last_third(n: int) -> int:
    return n - -(-n // 3) + 1


Far = Literal["overdue", "overdue_today", "today", "today_at", "left", "date"]


@dataclass(frozen=True, slots=True)
class Distance:
    """How far away a date is, as people say it.

    overdue: by `n` working days; overdue_today: by less than one. today: before offices close;
    today_at: at the time of `at`. left: `n` working days. date: far away, or on a day off to come,
    so its date is said.
    """

    kind: Far
    n: int
    on: date
    at: datetime


def distance(
    now: datetime, due_at: datetime, calendar: Calendar, hours: OfficeHours = OFFICE_HOURS
) -> Distance:
    """How people say when `due_at` is. Overdue counts working days begun since its date."""
    today, on = date_of(now), date_of(due_at)
    n = calendar.working_days_between(today, on)
    kind: Far
    if now >= due_at:
        n = -n
        kind = "overdue" if n > 0 else "overdue_today"
    elif today == on:
        closes = due_at.astimezone(COUNTY_ZONE).time() == hours.closes
        kind = "today" if closes else "today_at"
    else:
        kind = "left" if 0 < n < FAR else "date"
    return Distance(kind, n, on, due_at)


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, COUNTY_ZONE).astimezone(UTC)


def _in_range(ordinal: int) -> int:
    if ordinal > date.max.toordinal():
        raise OverflowError("beyond the year 9999")
    return ordinal


def _months_on(day: date, n: int) -> date:
    """The same day `n` months on, or that month's last day."""
    years, month = divmod(day.month - 1 + n, 12)
    year = day.year + years
    if year > date.max.year:
        raise OverflowError("beyond the year 9999")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
