"""Results, the enterprise's word, and what follows from them."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from ..states import TOP_LEVEL, Grade, ResultKind, WordBy

TAKEN_DOWN = (WordBy.TELEPHONE, WordBy.PAPER)
"""The ways of a word that somebody else wrote down."""


@dataclass(frozen=True, slots=True)
class Word:
    """The enterprise's word. by: how it came. satisfied: 5 very satisfied … 1 very unsatisfied."""

    solved: bool
    by: WordBy
    satisfied: int | None = None
    words: str = ""
    number: str = ""
    at: datetime | None = None
    evidence: tuple[str, ...] = ()

    @property
    def taken_down(self) -> bool:
        """Whether somebody else wrote it down for the enterprise."""
        return self.by in TAKEN_DOWN


def needs_verifying(*, grade: str, kind: str, flagged: bool, sampled: bool) -> bool:
    """Whether somebody has to look before the enterprise is asked; others pass by themselves."""
    return (
        grade in (Grade.A, Grade.B)
        or kind in (ResultKind.PARTLY, ResultKind.EXPLAINED)
        or flagged
        or sampled
    )


def sampled(reference: str, *, key: str, every: int) -> bool:
    """Whether a result is looked at by sample: a keyed digest, so that no unit can foresee it.

    every: one in so many; 0 samples none, 1 all.
    """
    if every <= 0:
        return False
    digest = hmac.new(key.encode(), reference.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") % every == 0


def level_after_no(level: int) -> int:
    """«Not solved» or reopened: one level up answers for the redo, no higher than the top."""
    return min(level + 1, TOP_LEVEL)


def title_from(body: str, longest: int = 20) -> str:
    """A title out of the enterprise's words, for who typed none: their first clause."""
    text = body.strip()
    for n, sign in enumerate(text):
        if sign in "。,.!?;:\n\uff0c\uff01\uff1f\uff1b\uff1a":
            text = text[:n]
            break
    return text[:longest].strip() or body.strip()[:longest]
