"""Codes that others give: the unified social credit code (GB 32100-2015), division codes.

A code is refused with the reason that its writer can act on: which character, which position,
which check fails and what it would have to be. Lower case counts as capitals, nothing else is
repaired. Pure.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .sentences import Fact, Sentence
from .words import gettext_noop

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
AUTHORITIES = "123456789ANY"
"""First characters in use. The list of second ones is open, so an unknown one is no fault."""
DIVISION = slice(2, 8)
ORGANISATION = slice(8, 16)

ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_CAPITALS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(frozen=True, slots=True)
class Checked:
    """A code as it counts (capitals), and why it is none, if it is none."""

    code: str
    valid: bool
    reason: Sentence | None = None


def check_uscc(code: str) -> Checked:
    """Check a unified social credit code, the organisation code within it too (GB 11714)."""
    folded = code.translate(_CAPITALS)
    reason = _fault(folded)
    return Checked(folded, reason is None, reason)


def _fault(code: str) -> Sentence | None:
    return _wrong_character(code) or _wrong_shape(code) or _wrong_check(code)


def _wrong_character(code: str) -> Sentence | None:
    for position, character in enumerate(code, start=1):
        if character in ALPHABET:
            continue
        where: dict[str, Fact] = {"character": character, "position": position}
        if character.isspace():
            return Sentence(
                gettext_noop("Position %(position)d is a blank. Write the code without blanks."),
                {"position": position},
            )
        if "！" <= character <= "～":
            return Sentence(
                gettext_noop(
                    "“%(character)s” at position %(position)d is a full-width character. Write"
                    " half-width ones."
                ),
                where,
            )
        return Sentence(
            gettext_noop(
                "“%(character)s” at position %(position)d never stands in such a code: only"
                " digits and letters without I, O, S, V and Z do."
            ),
            where,
        )
    return None


def _wrong_shape(code: str) -> Sentence | None:
    if len(code) != LENGTH:
        return Sentence(
            gettext_noop("The code has %(length)d characters, but must have 18."),
            {"length": len(code)},
        )
    if code[0] not in AUTHORITIES:
        return Sentence(
            gettext_noop(
                "“%(character)s” at position 1 stands for no registration authority: it is one of"
                " 1 to 9, A, N and Y."
            ),
            {"character": code[0]},
        )
    for position, character in enumerate(code[DIVISION], start=DIVISION.start + 1):
        if not character.isdecimal():
            return Sentence(
                gettext_noop(
                    "“%(character)s” at position %(position)d must be a digit: positions 3 to 8"
                    " are the code of an administrative division."
                ),
                {"character": character, "position": position},
            )
    return None


def _wrong_check(code: str) -> Sentence | None:
    """Both checks are tested, so that the reason can say which one fails."""
    last, inner = check_character(code[:17]), organisation_check(code[ORGANISATION])
    facts = {"last": code[17], "last_due": last, "inner": code[16], "inner_due": inner}
    if code[17] != last and code[16] != inner:
        return Sentence(
            gettext_noop(
                "Two check characters are wrong: position 17, which checks positions 9 to 16, is"
                " %(inner)s and must be %(inner_due)s; position 18, which checks the 17 before it,"
                " is %(last)s and must be %(last_due)s as they stand."
            ),
            facts,
        )
    if code[17] != last:
        return Sentence(
            gettext_noop(
                "The check character at position 18 is %(last)s, but must be %(last_due)s for the"
                " 17 before it."
            ),
            {"last": code[17], "last_due": last},
        )
    if code[16] != inner:
        return Sentence(
            gettext_noop(
                "The check character of the organisation code, position 17, is %(inner)s, but must"
                " be %(inner_due)s for positions 9 to 16."
            ),
            {"inner": code[16], "inner_due": inner},
        )
    return None


def check_character(first17: str) -> str:
    """Position 18 for the 17 before it. Raises ValueError for a character not in the alphabet."""
    total = sum(ALPHABET.index(c) * w for c, w in zip(first17, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]  # 31 - remainder would be 31 where the remainder is 0


def organisation_check(first8: str) -> str:
    """The ninth character of an organisation code (GB 11714), position 17 of the whole."""
    weighed = zip(first8, ORGANISATION_WEIGHTS, strict=True)
    left = -sum(ORGANISATION_ALPHABET.index(c) * w for c, w in weighed) % 11
    return "X" if left == 10 else str(left)


def uscc_for(prefix8: str, organisation8: str) -> str:
    """The valid code of an authority, kind and division (8) and an organisation (8): for examples.

    Raises ValueError for parts that no valid code can have.
    """
    first17 = prefix8 + organisation8 + organisation_check(organisation8)
    code = first17 + check_character(first17)
    checked = check_uscc(code)
    if checked.reason is not None:
        raise ValueError(checked.reason.msgid % checked.reason.facts)
    return code


@dataclass(frozen=True, slots=True)
class Division:
    """An administrative division: 430481 耒阳市 within 430400, 430481114 大市镇 within 430481."""

    code: str
    name: str
    kind: str
    within: str | None


@lru_cache(maxsize=1)
def _divisions() -> dict[str, Division]:
    told = json.loads(_DIVISIONS.read_text(encoding="utf-8"))
    return {row["code"]: Division(**row) for row in told["divisions"]}


_DIVISIONS = Path(__file__).parent / "data" / "divisions.json"


def division(code: str) -> Division | None:
    """The division with this code, if it is on file."""
    return _divisions().get(code)


def divisions_within(code: str) -> tuple[Division, ...]:
    """The divisions right below one: the county level of a prefecture, a county's townships."""
    return tuple(d for d in _divisions().values() if d.within == code)


def division_of(uscc: str) -> str:
    """The division code that a valid unified social credit code carries."""
    return uscc[DIVISION]
