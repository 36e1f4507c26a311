"""Stretches of time that do not count: [A,B), once where they overlap (D9)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from qingdan.foundations.kernel.clock import date_of
from qingdan.foundations.kernel.errors import Refusal
from qingdan.foundations.kernel.words import gettext_noop

from .calendar import Calendar, OfficeHours

Pause = tuple[datetime, datetime]
Spans = list[tuple[int, int]]
"""Runs of ordinals, both ends included, in their order and apart from each other."""


class PauseBackwards(Refusal):
    status = 422
    code = "pause-backwards"
    sentence = gettext_noop("A pause cannot end before it begins.")


def merged(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """The same time in UTC, in order, overlapping and touching pauses made one, empty ones gone.

    Raises PauseBackwards, and ValueError for an instant without a zone.
    """
    whole: list[Pause] = []
    for since, until in sorted((in_utc(a), in_utc(b)) for a, b in pauses):
        if until < since:
            raise PauseBackwards
        if since == until:
            continue
        if whole and since <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], until))
        else:
            whole.append((since, until))
    return tuple(whole)


def in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return instant.astimezone(UTC)


def whole_days(pauses: tuple[Pause, ...], hours: OfficeHours) -> Spans:
    """The days that are paused through all their office hours, as date ordinals.

    A day off is measured by the same hours of its wall clock, so that a pause from closing time to
    opening time takes the days between out of a count of calendar days as well.
    """
    days: list[tuple[int, int]] = []
    for since, until in pauses:
        first, last = date_of(since), date_of(until)
        days.append((first.toordinal() + 1, last.toordinal() - 1))
        days += [(d.toordinal(), d.toordinal()) for d in {first, last} if _takes(d, pauses, hours)]
    return _joined(days)


def _takes(day: date, pauses: tuple[Pause, ...], hours: OfficeHours) -> bool:
    return all(
        any(since <= opens and closes <= until for since, until in pauses)
        for opens, closes in hours.on(day)
    )


def _joined(runs: Iterable[tuple[int, int]]) -> Spans:
    out: Spans = []
    for low, high in sorted(runs):
        if low > high:
            continue
        if out and low <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return out


def as_working_days(days: Spans, calendar: Calendar) -> Spans:
    """The same days as ordinals of working days."""
    return _joined(
        (
            calendar.ordinal(first) - calendar.is_working(first) + 1,
            calendar.ordinal(date.fromordinal(high)),
        )
        for low, high in days
        for first in [date.fromordinal(low)]
    )


def past(target: int, spans: Spans, after: int) -> int:
    """Where a count from `after` to `target` ends if the ordinals in `spans` do not count."""
    for low, high in spans:
        low = max(low, after + 1)
        if low > target:
            break
        target += max(0, high - low + 1)
    return target


def counted(after: int, until: int, spans: Spans) -> int:
    """How many ordinals count after `after`, up to and including `until`."""
    paused = sum(max(0, min(high, until) - max(low, after + 1) + 1) for low, high in spans)
    return max(0, until - after) - paused


def without(start: datetime, goal: datetime, pauses: tuple[Pause, ...]) -> datetime:
    """`goal`, later by the paused time between `start` and itself."""
    for since, until in pauses:
        since = max(since, start)
        if since >= goal:
            break
        goal += max(until - since, timedelta())
    return goal
