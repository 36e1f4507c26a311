"""What the clock would do, done now: `./qd tick`."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext

from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Refusal
from qingdan.foundations.kernel.words import gettext_noop

from .worker import run_once

NOT_YET = gettext_noop(
    "It is not yet %(until)s, and only a demo's clock can be moved."
    " Leave out --at for what is due now."
)
NO_INSTANT = gettext_noop("%(text)s is no instant; write it like 2023-11-01T09:00.")


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


def parse_instant(text: str) -> datetime:
    """An instant as somebody types it; without a zone it is the county's."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(NO_INSTANT, code="no-instant", text=text) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=clock.COUNTY_ZONE)


def command(argv: Sequence[str]) -> int:
    """`./qd tick [--at INSTANT] [--json]`"""
    parser = argparse.ArgumentParser(
        prog="qd tick", description=gettext("Do all that the clock would do by now.")
    )
    parser.add_argument("--at", metavar="INSTANT", help=gettext("do it as of this instant"))
    parser.add_argument("--json", action="store_true", help=gettext("answer in JSON"))
    asked = parser.parse_args(argv)
    try:
        done = tick(parse_instant(asked.at) if asked.at else None)
    except Refusal as refusal:
        print(gettext(refusal.sentence) % refusal.facts, file=sys.stderr)
        return 2
    if asked.json:
        print(json.dumps(done, ensure_ascii=False))
    else:
        for name, count in done.items():
            print(f"{name}: {count}")
    return 0
