"""How the portal says a day."""

from datetime import date

from django.utils.translation import gettext as _


def said_day(day: date) -> str:
    """A date as the enterprise reads it: 11月6日（周一）."""
    week = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    return _("%(month)d/%(day)d (%(week)s)") % {
        "month": day.month,
        "day": day.day,
        "week": week[day.weekday()],
    }
