"""What the clock would do, done now: `./qd tick`."""

from datetime import datetime

from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Refusal
from qingdan.foundations.kernel.words import gettext_noop

from .worker import run_once

NOT_YET = gettext_noop(
    "It is not yet %(until)s, and only a demo's clock can be moved."
    " Leave out --at for what is due now."
)


def tick(until: datetime | None = None) -> dict[str, int]:
    """Do all that is due up to `until` (now, if not said), and count it by kind of step.

    In a demo a later instant first moves the county's clock there; elsewhere it is refused, since
    nobody can do today what tomorrow decides. A second call finds nothing left to do.
    """
    if until is not None and until > clock.now():
        if clock.demo_file() is None:
            raise Refusal(NOT_YET, code="not-yet", until=until.isoformat())
        clock.move_demo(until)
    return run_once()
