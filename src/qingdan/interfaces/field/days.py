"""The dates that an order on the spot offers: one tap each, all of them worked."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from qingdan.domain.ledger.rules.policy import policy, track_and_grade
from qingdan.domain.ledger.states import ClockKind, Track
from qingdan.foundations.kernel import clock
from qingdan.foundations.workdays.calendar import official
from qingdan.foundations.workdays.due import Due, due, due_on_date

from ..shared.history import day_words
from ..shared.phrases import weekday_words

OTHER = "other"
"""What the row of days sends where another one is typed."""

ON_SITE_DAYS = 5
IN_THE_ROW = 7
"""The working days that stand in the row, the next one first."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A day of the row. words: its date; note: its weekday, or that it is the next one."""

    value: str
    words: str
    note: str


def proposed(now: datetime) -> Due:
    """The last day of the limit for what is done on the spot, with its reason.

    Counted from a day off, the limit reaches a day further than an order on the spot may; then
    the day before it is proposed.
    """
    limit = policy().limit(ClockKind.END, track=Track.ON_SITE) or f"{ON_SITE_DAYS}wd"
    last = due(now, limit, official())
    today = clock.date_of(now)
    if track_and_grade(official().working_days_between(today, last.on))[0] == Track.ON_SITE:
        return last
    calendar = official()
    return due_on_date(
        calendar.day_of(calendar.ordinal(today) + ON_SITE_DAYS), calendar, start=now
    )


def offered(now: datetime) -> list[Offered]:
    """The next seven working days: beyond the limit of what is done on the spot, too."""
    calendar = official()
    today = clock.date_of(now)
    first = calendar.ordinal(today) + 1
    days = [calendar.day_of(first + n) for n in range(IN_THE_ROW)]
    return [Offered(day.isoformat(), day_words(day), _beside(day, today)) for day in days]


def _beside(day: date, today: date) -> str:
    if (day - today).days == 1:
        return _("tomorrow")
    return weekday_words(day)
