"""Dates as people say them: 今天下班前, 还剩 2 个工作日, 已超 1 个工作日, 11月6日下班前."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qingdan.foundations.kernel.clock import COUNTY_ZONE, date_of
from qingdan.foundations.workdays.calendar import OFFICE_HOURS, official
from qingdan.foundations.workdays.due import distance
from qingdan.foundations.workdays.words import INSTANT

from .history import day_words


def weekday_words(day: date) -> str:
    """周一, Mon."""
    return [
        _("Mon"),
        _("Tue"),
        _("Wed"),
        _("Thu"),
        _("Fri"),
        _("Sat"),
        _("Sun"),
    ][day.weekday()]


def weekday_sign(day: date) -> str:
    """The weekday as a column of a small calendar heads it: 一, Mo."""
    return [
        pgettext("column", "Mo"),
        pgettext("column", "Tu"),
        pgettext("column", "We"),
        pgettext("column", "Th"),
        pgettext("column", "Fr"),
        pgettext("column", "Sa"),
        pgettext("column", "Su"),
    ][day.weekday()]


def day_and_weekday(day: date) -> str:
    """11月6日（周一）."""
    return _("%(date)s (%(weekday)s)") % {"date": day_words(day), "weekday": weekday_words(day)}


def clock_time(at: datetime) -> str:
    local = at.astimezone(COUNTY_ZONE)
    return f"{local.hour}:{local.minute:02d}"


def instant_words(at: datetime) -> str:
    """11月6日 17:30, on the county's wall."""
    local = at.astimezone(COUNTY_ZONE)
    return _(INSTANT) % {"date": day_words(local.date()), "time": f"{local:%H:%M}"}


def by_words(at: datetime) -> str:
    """11月6日下班前, or with its hour where that is not the end of office hours."""
    local = at.astimezone(COUNTY_ZONE)
    if local.time() == OFFICE_HOURS.closes:
        return _("by the close of %(date)s") % {"date": day_words(local.date())}
    return _("by %(time)s on %(date)s") % {"date": day_words(local.date()), "time": clock_time(at)}


def distance_words(now: datetime, at: datetime) -> str:
    """How far away `at` is, as people say it; far away, its date."""
    far = distance(now, at, official())
    match far.kind:
        case "overdue":
            return ngettext("%(n)s working day overdue", "%(n)s working days overdue", far.n) % {
                "n": far.n
            }
        case "overdue_today":
            return _("Just overdue")
        case "today":
            return _("Before today's close")
        case "today_at":
            return _("Before %(time)s today") % {"time": clock_time(at)}
        case "left":
            return ngettext("%(n)s working day left", "%(n)s working days left", far.n) % {
                "n": far.n
            }
    return by_words(at)


def ago_words(now: datetime, at: datetime) -> str:
    """When something was: the time of today, else the date with its time."""
    if date_of(now) == date_of(at):
        return _("today %(time)s") % {"time": clock_time(at)}
    return instant_words(at)
