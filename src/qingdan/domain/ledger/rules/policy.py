"""The default policy: limits, grades and codes. Every county starts with it."""

import json
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ..states import ClockKind, Grade, Track

DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a county's policy; running matters keep theirs (D9)."""

    version: int
    limits: dict[str, Any] = field(hash=False)
    codes: dict[str, Any] = field(hash=False)

    def limit(self, kind: ClockKind, *, track: str = "", grade: str = "") -> str | None:
        """The limit of a clock, such as "5wd"; None where this track has no such date."""
        found = self.limits[kind]
        if track and track in found.get("by_track", {}):
            found = found["by_track"][track]
            if isinstance(found, str):
                return found
            if grade and "by_grade" in found:
                found = found["by_grade"].get(grade, {})
        limit: str | None = found.get("limit")
        return limit

    @property
    def sample_every(self) -> int:
        return int(self.codes["verify"]["sample_every"])

    def category_name(self, code: str) -> str:
        return next((c["name"] for c in self.codes["categories"] if c["code"] == code), "")

    @property
    def categories(self) -> list[tuple[str, str]]:
        return [(c["code"], c["name"]) for c in self.codes["categories"]]

    @property
    def reopen_days(self) -> int:
        return int(self.limits["reopen"]["limit"].removesuffix("d"))


@cache
def policy(version: int = 1) -> Policy:
    """Read a version of the default policy package."""
    text = (DATA / f"policy-default-{version}.json").read_text(encoding="utf-8")
    read = json.loads(text)
    return Policy(version, read["limits"], read)


def track_and_grade(working_days: int) -> tuple[Track, Grade]:
    """What an order's date says: within 5 working days on the spot, later scheduled (life.md).

    working_days: from the day of the order, which does not count, to the date.
    """
    if working_days <= 5:
        return Track.ON_SITE, Grade.C
    return Track.SCHEDULED, Grade.B if working_days <= 15 else Grade.A


Limit = str | date
"""A limit in the notation of the policy, or the date that an order or a task names."""
