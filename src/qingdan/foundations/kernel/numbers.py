"""Reference numbers: gapless for each county, kind and year, however many press at once."""

import re
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from .models import Counter


def next_number(county: str, kind: str, year: int) -> int:
    """Take the next number. Call it inside the transaction that uses it, after every row lock
    and before the journal (D2): the counter is locked until the commit, and a rollback gives the
    number back.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken inside the transaction that uses it")
    mine = Counter.objects.filter(county=county, kind=kind, year=year)
    if not mine.update(value=F("value") + 1):
        Counter.objects.get_or_create(county=county, kind=kind, year=year)
        mine.update(value=F("value") + 1)
    return mine.values_list("value", flat=True).get()


@dataclass(frozen=True, slots=True)
class Reference:
    """How a matter is named on papers: 耒企〔2026〕123号; in lists only its number."""

    prefix: str
    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.prefix}〔{self.year}〕{self.number}号"

    @property
    def short(self) -> str:
        return f"{self.number:03d}"


_WRITTEN = re.compile(
    r"(?P<prefix>\D*?)[〔\[((【]?(?P<year>\d{4})[〕\]))】](?P<number>\d{1,9})号?"
)


def prefix_in(text: str) -> str:
    """The prefix that a written reference carries: 耒企 of 耒企〔2026〕123号, nothing of 123."""
    found = _WRITTEN.fullmatch(text.strip())
    return found["prefix"].strip() if found else ""


def parse_reference(text: str, *, this_year: int) -> tuple[int, int] | None:
    """Year and number of a written reference, or None. A bare number means this year's."""
    text = text.strip()
    if re.fullmatch(r"\d{1,9}", text, re.ASCII):
        return this_year, int(text)
    if found := _WRITTEN.fullmatch(text):
        return int(found["year"]), int(found["number"])
    return None
