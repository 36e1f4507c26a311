"""When does silence end a matter? What was tried, and what may follow when, in words."""

from django.utils.translation import gettext as _

from qingdan.domain.ledger.models import Clock, Issue
from qingdan.domain.ledger.queries.acts import attempts
from qingdan.domain.ledger.rules.policy import policy
from qingdan.domain.ledger.states import ClockKind, S
from qingdan.foundations.kernel import clock
from qingdan.foundations.workdays.words import COMMA
from qingdan.interfaces.shared.history import day_words


def tried(issue: Issue) -> str:
    """`10月31日、11月1日联系过；11月8日后可按未回应办结。`; nothing where nobody is asked."""
    if issue.state != S.VERIFIED or issue.verified_at is None:
        return ""
    days = attempts(issue)
    lacks = policy(issue.policy).silence.attempts - len(days)
    said = _(COMMA).join(day_words(day) for day in days)
    if lacks > 0 and days:
        return _("Tried on %(days)s. It takes an attempt on another day.") % {"days": said}
    if lacks > 0:
        return _("Nobody tried yet. It takes attempts on two days, then five working days.")
    runs = Clock.objects.filter(issue=issue, kind=ClockKind.CONFIRM.value, stopped_at=None).first()
    if runs is None:
        return ""
    if clock.today() > runs.due_on:
        return _("Tried on %(days)s. The time to answer is over.") % {"days": said}
    return _("Tried on %(days)s. The enterprise has until %(date)s to answer.") % {
        "days": said,
        "date": day_words(runs.due_on),
    }
