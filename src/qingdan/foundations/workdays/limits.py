"""How a time limit is written (D9): `5wd`, `2wh`, `24h`, `30d`, `1m`."""

import re
from dataclasses import dataclass
from typing import Literal, cast

from qingdan.foundations.kernel.errors import Refusal
from qingdan.foundations.kernel.words import gettext_noop

Unit = Literal["wd", "wh", "h", "d", "m"]


class NotALimit(Refusal):
    """The text is no limit of a form that D9 knows."""

    status = 422
    code = "not-a-limit"
    sentence = gettext_noop(
        "“%(text)s” is no time limit. Write a whole number and its unit: 5wd (working days),"
        " 2wh (office hours), 24h (hours), 30d (calendar days) or 1m (months)."
    )


@dataclass(frozen=True, slots=True)
class Limit:
    """`n` working days (wd), office hours (wh), elapsed hours (h), calendar days or months."""

    n: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.n}{self.unit}"


_WRITTEN = re.compile(r"(\d{1,5})(wd|wh|h|d|m)", re.ASCII)


def parse_limit(text: str) -> Limit:
    """Read a limit as policies and commands write it. Raises NotALimit."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise NotALimit(text=text)
    return Limit(int(found[1]), cast(Unit, found[2]))
