"""The life of a suggestion: open until answered, closed by whoever made it."""

from enum import StrEnum

from qingdan.foundations.kernel.machine import Life, step


class Heard(StrEnum):
    """Where a suggestion stands."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


SUGGESTION_LIFE = Life(
    step("answer", Heard.OPEN, Heard.ANSWERED),
    step("understood", Heard.ANSWERED, Heard.CLOSED),
    step("again", Heard.ANSWERED, Heard.OPEN),
)
