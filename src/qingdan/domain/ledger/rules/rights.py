"""Who may do which act: the column «who» of the table of acts, in one place.

Letters as there: D desk, U a unit that works on it, lead the lead alone, L linked leader or the
assistant in his name, S supervision office, E the enterprise, P park or township for what it
registered. Buttons, API and tests read this table.

In class supervision_only the first office stands where the desk stands (D, and `sealed`), and the
other one only verifies or sends back (V): who runs a sealed matter never verifies it.
"""

from dataclasses import dataclass

WHO: dict[str, frozenset[str]] = {
    "triage": frozenset("D"),
    "change": frozenset("D"),
    "answer": frozenset("D"),
    "order-on-spot": frozenset("LDP"),
    "settle-on-site": frozenset("LDP"),
    "draw-lists": frozenset({"D", "L", "lead"}),
    "acknowledge": frozenset("U"),
    "object": frozenset("U"),
    "finish-task": frozenset("U"),
    "request-extension": frozenset("U"),
    "decide": frozenset("DS"),
    "contact": frozenset("UDS"),
    "progress": frozenset("UDLP"),
    "grant-extension": frozenset("DS"),
    "pause": frozenset("D"),
    "resume": frozenset("D"),
    "hold": frozenset("DL"),
    "release": frozenset("DL"),
    "report-result": frozenset({"lead"}),
    "verify": frozenset("DSV"),
    "send-back": frozenset("DSV"),
    "confirm": frozenset("EDS"),
    "rate": frozenset("E"),
    "nudge": frozenset("EDL"),
    "approve-explanation": frozenset("S"),
    "lapse": frozenset("D"),
    "withdraw": frozenset("ED"),
    "decline": frozenset("D"),
    "approve-decline": frozenset("DS"),
    "reopen": frozenset("E"),
}

HERE = frozenset(WHO)
"""The acts that the product has: all of the table."""


@dataclass(frozen=True, slots=True)
class Standpoint:
    """What somebody is to one matter: letters of the table, and whether they handled it."""

    letters: frozenset[str]
    handled: bool = False


NEVER_WHO_HANDLED = frozenset(
    {"verify", "send-back", "approve-explanation", "approve-decline", "lapse"}
)

STANDS_IN = NEVER_WHO_HANDLED | {"confirm", "contact"}
"""What the main leader does where nobody is left who did not handle it."""


VERIFIES = frozenset({"verify", "send-back"})


def may(act: str, letters: frozenset[str]) -> bool:
    """Whether the table gives this act to somebody with these letters."""
    if act in VERIFIES and "sealed" in letters:
        return "V" in letters
    if f"stands:{act}" in letters:
        return True
    return bool(WHO[act] & letters)
