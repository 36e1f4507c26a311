"""How the portal says days and levels in its templates."""

from datetime import date, datetime

from django import template

from qingdan.foundations.kernel import clock

from ...shared.history import satisfied_words
from ..days import said_day

register = template.Library()


@register.filter
def day_said(day: date) -> str:
    return said_day(day)


@register.filter
def moment_said(moment: datetime | None) -> str:
    return said_day(clock.date_of(moment)) if moment else ""


@register.filter
def level_said(level: int) -> str:
    return satisfied_words(level)
