"""A light is a comparison with now (D6)."""

from datetime import datetime
from typing import Protocol

from ..states import ClockKind, Light


class Clocked(Protocol):
    """A row with the nearest clock's instants: a Standing."""

    clock_kind: str
    yellow_at: datetime
    red_at: datetime
    paused_until: datetime | None


def light(row: Clocked, now: datetime) -> Light:
    """The light of a row at an instant. A next-reply clock shows ○ until its day, then red."""
    if not row.clock_kind:
        return Light.OFF
    if row.paused_until is not None and now < row.paused_until:
        return Light.GREY
    if now >= row.red_at:
        return Light.RED
    if row.clock_kind == ClockKind.NEXT_REPLY:
        return Light.OFF
    if now >= row.yellow_at:
        return Light.YELLOW
    return Light.GREEN
