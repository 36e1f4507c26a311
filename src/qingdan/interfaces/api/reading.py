"""What comes in: the body, the version, the filters and the page, each with its sentence."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from django.http import HttpRequest, QueryDict

from qingdan.domain.ledger.actions.bodies import parse_day
from qingdan.domain.people.models import Post, Unit
from qingdan.domain.people.queries import unit_coded
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Incomplete, Refusal
from qingdan.foundations.kernel.identifiers import check_uscc
from qingdan.foundations.kernel.words import gettext_noop

from .answers import malformed

Choice = TypeVar("Choice", bound=StrEnum)

NOT_JSON = gettext_noop("The body is not JSON in UTF-8.")
NO_OBJECT = gettext_noop("The body must be one JSON object.")

_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MOST = 2**63 - 1
"""The largest number that both databases keep."""

LIMIT = 25
MOST_ROWS = 100


def fields_of(request: HttpRequest) -> dict[str, Any] | Refusal:
    """The JSON object that was sent, whatever the content type says; nothing at all is `{}`.

    A refusal is handed back, not raised: others come first in the order of refusals.
    """
    raw = request.body
    if not raw.strip():
        return {}
    try:
        sent = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        return malformed(NOT_JSON)
    return sent if isinstance(sent, dict) else malformed(NO_OBJECT)


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and the infinities are Python's, not JSON's


ANY = "*"


def tags_of(request: HttpRequest) -> list[str] | None:
    """The versions named in If-Match, `*` for any; None where none is named.

    A mark of weakness is passed over: a proxy that compresses puts it there.
    """
    told = request.headers.get("If-Match", "").strip()
    if not told:
        return None
    return [tag.strip().removeprefix("W/").strip('"') for tag in told.split(",")]


def version_of(tags: list[str], current: int) -> int | None:
    """Which version the sender read: the current one if he names it, else another; None any.

    A tag that is no version of ours is none that a matter ever has.
    """
    if tags == [ANY]:
        return None
    numbers = [int(tag) if re.fullmatch(r"\d{1,9}", tag, re.ASCII) else 0 for tag in tags]
    return current if current in numbers else numbers[-1]


class Filters:
    """The filters in an address. Each reader notes what is wrong; `done()` refuses all at once."""

    def __init__(self, sent: QueryDict, county: str) -> None:
        self.sent = sent
        self.county = county
        self.wrong: dict[str, Refusal | str] = {}

    def done(self) -> None:
        if self.wrong:
            raise Incomplete(self.wrong)

    def text(self, name: str) -> str:
        return self.sent.get(name, "").strip()

    def choice(self, name: str, values: tuple[str, ...]) -> str:
        text = self.text(name)
        if text and text not in values:
            self.wrong[name] = Refusal(
                gettext_noop("Choose one of: %(choices)s."), choices=", ".join(values)
            )
            return ""
        return text

    def unit(self, name: str) -> Unit | None:
        code = self.text(name)
        if not code:
            return None
        unit = unit_coded(self.county, code) if _is_code(code) else None
        if unit is None:
            self.wrong[name] = gettext_noop("There is no such unit.")
        return unit

    def post(self, name: str) -> Post | None:
        code = self.text(name)
        if not code:
            return None
        here = Post.objects.filter(county=self.county, code=code, role=Role.LEADER)
        post = here.first() if _is_code(code) else None
        if post is None:
            self.wrong[name] = gettext_noop("There is no such post.")
        return post

    def uscc(self, name: str) -> str:
        """A code with its check digits right; whether anybody has it is not said (D11)."""
        text = self.text(name)
        if not text:
            return ""
        checked = check_uscc(text)
        if checked.reason is not None:
            self.wrong[name] = Refusal(
                checked.reason.msgid, code="uscc", **dict(checked.reason.facts)
            )
        return checked.code

    def day(self, name: str) -> date | None:
        """A day that has come."""
        text = self.text(name)
        if not text:
            return None
        day = parse_day(text)
        if day is None:
            self.wrong[name] = gettext_noop("Write the date as 2023-11-06.")
        elif day > clock.today():
            self.wrong[name] = gettext_noop("That day has not come yet.")
        return day

    def limit(self) -> int:
        text = self.text("limit")
        if not text:
            return LIMIT
        if re.fullmatch(r"\d{1,3}", text, re.ASCII) and 1 <= int(text) <= MOST_ROWS:
            return int(text)
        self.wrong["limit"] = Refusal(
            gettext_noop("A whole number from %(least)d to %(most)d."), least=1, most=MOST_ROWS
        )
        return LIMIT

    def cursor(self) -> tuple[datetime, int] | None:
        text = self.text("cursor")
        if not text:
            return None
        found = read_cursor(text)
        if found is None:
            self.wrong["cursor"] = gettext_noop("Take the cursor from the page before.")
        return found


def _is_code(text: str) -> bool:
    return re.fullmatch(r"[\w-]{1,60}", text, re.ASCII) is not None


def write_cursor(due_at: datetime, row_id: int) -> str:
    """Where a page ends. Nobody needs to know what stands in it."""
    told = f"{(due_at - _BEGAN) // _MICROSECOND}.{row_id}"
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def read_cursor(text: str) -> tuple[datetime, int] | None:
    """Where the page before ended, or None for what `write_cursor` never wrote."""
    try:
        told = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        moment, _, row = told.decode("ascii").partition(".")
    except (binascii.Error, ValueError):
        return None
    if not re.fullmatch(r"-?\d{1,18}", moment, re.ASCII) or not re.fullmatch(
        r"\d{1,19}", row, re.ASCII
    ):
        return None
    try:
        due_at = _BEGAN + int(moment) * _MICROSECOND
    except OverflowError:
        return None
    return (due_at, int(row)) if int(row) <= _MOST else None


def named(fields: Mapping[str, Any], name: str, value: object) -> dict[str, Any]:
    """The fields, with `name` set where nothing was said."""
    return dict(fields) if fields.get(name) else {**fields, name: value}
