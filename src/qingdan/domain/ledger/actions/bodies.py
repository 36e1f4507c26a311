"""Reading what somebody sent: each field to its type, or a sentence beside it, never a guess."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from qingdan.domain.people.models import Post, Section, Unit
from qingdan.domain.people.queries import unit_coded
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Incomplete, Refusal
from qingdan.foundations.kernel.words import gettext_noop

Choice = TypeVar("Choice", bound=StrEnum)
Value = TypeVar("Value")

LONG = 5000
SHORT = 80

# Everything that cannot be stored or seen: control characters but tab and line ends, and lone
# surrogates (PostgreSQL refuses a NUL, UTF-8 a surrogate).
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

REQUIRED = gettext_noop("Please fill this in.")


class Body:
    """The fields of a request. Each reader notes what is wrong; `done()` refuses all at once."""

    def __init__(self, fields: Mapping[str, Any], county: str) -> None:
        self.fields = fields
        self.county = county
        self.wrong: dict[str, Refusal | str] = {}

    def no(self, name: str, sentence: str, **facts: object) -> None:
        self.wrong.setdefault(name, Refusal(sentence, code="field", **facts))

    def done(self) -> None:
        if self.wrong:
            raise Incomplete(self.wrong)

    def text(self, name: str, *, required: bool = False, longest: int = LONG) -> str:
        value = self.fields.get(name)
        if value is None:
            value = ""
        if not isinstance(value, str):
            self.no(name, gettext_noop("This must be text."))
            return ""
        text = _UNSEEN.sub("", value).replace("\r\n", "\n").strip()
        if required and not text:
            self.no(name, REQUIRED)
        if len(text) > longest:
            self.no(
                name,
                gettext_noop("At most %(longest)d characters; these are %(length)d."),
                longest=longest,
                length=len(text),
            )
            return ""
        return text

    def choice(self, name: str, kind: type[Choice], *, required: bool = False) -> Choice | None:
        text = self.text(name, required=required, longest=40)
        if not text:
            return None
        try:
            return kind(text)
        except ValueError:
            self.no(
                name,
                gettext_noop("Choose one of: %(choices)s."),
                choices=", ".join(k.value for k in kind),
            )
            return None

    def flag(self, name: str, *, required: bool = False) -> bool | None:
        value = self.fields.get(name)
        if isinstance(value, bool):
            return value
        if value in ("true", "1", "yes", "on"):
            return True
        if value in ("false", "0", "no"):
            return False
        if value in (None, ""):
            if required:
                self.no(name, REQUIRED)
            return None
        self.no(name, gettext_noop("Answer yes or no."))
        return None

    def whole(self, name: str, *, least: int, most: int) -> int | None:
        value = self.fields.get(name)
        if value in (None, ""):
            return None
        if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value, re.ASCII):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.no(
                name,
                gettext_noop("A whole number from %(least)d to %(most)d."),
                least=least,
                most=most,
            )
            return None
        return value

    def day(self, name: str, *, required: bool = False) -> date | None:
        text = self.text(name, required=required, longest=40)
        if not text:
            return None
        day = parse_day(text)
        if day is None:
            self.no(name, gettext_noop("Write the date as 2023-11-06."))
        return day

    def instant(self, name: str) -> datetime | None:
        text = self.text(name, longest=40)
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=clock.COUNTY_ZONE)
            return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            self.no(name, gettext_noop("Write the time as 2023-11-06 09:30."))
            return None

    def unit(self, name: str, *, required: bool = False) -> Unit | None:
        code = self.text(name, required=required, longest=40)
        if not code:
            return None
        unit = unit_coded(self.county, code)
        if unit is None:
            self.no(
                name,
                gettext_noop("There is no unit “%(unit)s”. Choose one from the list."),
                unit=code,
            )
        return unit

    def units(self, name: str) -> list[Unit]:
        found: list[Unit] = []
        for code in self.texts(name):
            unit = unit_coded(self.county, code)
            if unit is None:
                self.no(
                    name,
                    gettext_noop("There is no unit “%(unit)s”. Choose one from the list."),
                    unit=code,
                )
            elif unit not in found:
                found.append(unit)
        return found

    def texts(self, name: str, *, longest: int = SHORT) -> list[str]:
        """A list of texts; evidence may come as `[{"text": …}]`."""
        value = self.fields.get(name)
        if value in (None, ""):
            return []
        if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > 100:
            self.no(name, gettext_noop("This must be a list."))
            return []
        found: list[str] = []
        for item in value:
            if isinstance(item, Mapping):
                item = item.get("text")
            if not isinstance(item, str):
                self.no(name, gettext_noop("This must be text."))
                continue
            text = _UNSEEN.sub("", item).strip()
            if len(text) > longest:
                self.no(
                    name,
                    gettext_noop("At most %(longest)d characters; these are %(length)d."),
                    longest=longest,
                    length=len(text),
                )
            elif text:
                found.append(text)
        return found

    def wholes(self, name: str) -> list[int]:
        value = self.fields.get(name)
        if value in (None, ""):
            return []
        if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > 100:
            self.no(name, gettext_noop("This must be a list."))
            return []
        found: list[int] = []
        for item in value:
            if isinstance(item, str) and re.fullmatch(r"\d{1,6}", item, re.ASCII):
                item = int(item)
            if isinstance(item, bool) or not isinstance(item, int):
                self.no(name, gettext_noop("This must be a list of whole numbers."))
                continue
            found.append(item)
        return found

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        value = self.fields.get(name)
        if value in (None, ""):
            return []
        if (
            not isinstance(value, Sequence)
            or isinstance(value, str)
            or len(value) > 100
            or not all(isinstance(row, Mapping) for row in value)
        ):
            self.no(name, gettext_noop("This must be a list."))
            return []
        return list(value)


def needed(value: Value | None) -> Value:
    """A required field's value, after `done()` has refused its absence."""
    if value is None:
        raise Incomplete({})
    return value


def parse_day(text: str) -> date | None:
    """A date as 2023-11-06 (also 2023/11/6, 2023年11月6日); None for anything else."""
    found = re.fullmatch(
        r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", text.strip(), re.ASCII
    )
    if not found:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2100 else None


def section_of(unit: Unit, code: str) -> Section | None:
    """A section of a unit by code or by name."""
    found = Section.objects.filter(county=unit.county, unit=unit)
    return found.filter(code=code).first() or found.filter(name=code).first()


def post_of(unit: Unit, code: str) -> Post | None:
    return Post.objects.filter(county=unit.county, unit=unit, code=code).first()
