"""The default policy: limits, grades and codes. Every county starts with it."""

import json
import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ..states import ClockKind, Grade, Track, Turn

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
    def object_within(self) -> str:
        """How long after it was given a unit may ask for another one."""
        return str(self.limits["object"]["limit"])

    @property
    def extension(self) -> "ExtensionRules":
        read = self.codes["extension"]
        return ExtensionRules(
            asked_before=_working_days(read["asked_before_due"]),
            max_times=int(read["max_times"]),
            max_each=_working_days(read["max_each"]),
            approvers=tuple(read["approver"]),
        )

    @property
    def silence(self) -> "Silence":
        read = self.codes["silence"]
        return Silence(int(read["attempts"]), str(read["then"]))

    @property
    def pause_reasons(self) -> dict[str, str | None]:
        """Why clocks may stand still, each with the longest that one pause lasts, if any."""
        found = {p["code"]: re.match(r"\d+(wd|d)", p["max"]) for p in self.codes["pauses"]}
        return {code: most[0] if most else None for code, most in found.items()}

    @property
    def decline_letters(self) -> dict[str, str]:
        """Why a matter is not accepted, each with the letter that passes it on, if any."""
        return {one["code"]: one["letter"] or "" for one in self.codes["decline"]}

    @property
    def next_reply_days(self) -> int:
        return int(self.limits["next_reply"]["limit"].removesuffix("d"))

    @property
    def reopen_days(self) -> int:
        return int(self.limits["reopen"]["limit"].removesuffix("d"))


@dataclass(frozen=True, slots=True)
class ExtensionRules:
    """asked_before, max_each: in working days. approvers: the rules of who grants, in order."""

    asked_before: int
    max_times: int
    max_each: int
    approvers: tuple[dict[str, Any], ...]

    def decided_by(self, *, ordinal: int, days: int) -> Turn:
        """Who grants the ordinal-th extension, by so many working days."""
        for rule in self.approvers:
            fits = "otherwise" in rule or (
                rule["ordinal"] == ordinal and days <= _working_days(rule["at_most"])
            )
            if fits:
                return Turn.DESK if rule["by"] == "service_desk" else Turn.SUPERVISION
        return Turn.SUPERVISION


@dataclass(frozen=True, slots=True)
class Silence:
    """When no answer ends a matter: so many attempts on as many days, then so long."""

    attempts: int
    then: str


def _working_days(limit: str) -> int:
    return int(limit.removesuffix("wd"))


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
