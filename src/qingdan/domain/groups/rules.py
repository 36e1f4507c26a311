"""What may be said of matters in a work group's chat, by hand (M5)."""

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 500
"""The most characters that a hung text has: what a chat shows without folding."""


@dataclass(frozen=True, slots=True)
class HungLine:
    """One matter as a group reads it, in words already. who and title are empty for outsiders."""

    number: str
    light: str
    when: str
    unit: str
    title: str = ""
    who: str = ""

    def said(self) -> str:
        """Number, light, date, unit; enterprise and matter only among officials."""
        return " ".join(
            part
            for part in (self.number, self.light, self.when, self.unit, self.who, self.title)
            if part
        )


def hung_text(head: str, lines: Sequence[HungLine], link: str, more: str) -> str:
    """Head, lines and link within 500 characters; `more` (with %d) says how many had no room."""

    def joined(count: int) -> str:
        rest = len(lines) - count
        said = [head, *(line.said() for line in lines[:count])]
        if rest:
            said.append(more % rest)
        return "\n".join([*said, link])

    count = len(lines)
    while count and len(joined(count)) > LONGEST:
        count -= 1
    return joined(count)[:LONGEST] if len(joined(count)) > LONGEST else joined(count)
