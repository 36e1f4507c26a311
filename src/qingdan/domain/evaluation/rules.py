"""What follows for a suggestion: who answers it, until when, and what is kept of its page."""

import re
from datetime import datetime

from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role

from .states import Heard

ANSWER_WITHIN = "5wd"
"""Promised to whoever writes, from the day on which they wrote (D9)."""

LONGEST = 2000
MOST_A_DAY = 20
"""From one writer, so that a link in wrong hands cannot bury the others."""

ANSWERING = frozenset({Role.DESK, Role.SUPERVISION})
"""The desk; and the supervision offices, since a suggestion may be about the desk itself."""


def answers(person: Person) -> bool:
    """Whether this hat reads all suggestions of its county and answers them."""
    return person.role in ANSWERING and not person.by_system


def may_answer(person: Person, writer: str) -> bool:
    """Nobody answers what they wrote themselves, in whatever post they sit now."""
    return answers(person) and person.key != writer


def is_late(state: str, due_at: datetime, now: datetime) -> bool:
    return state == Heard.OPEN and now >= due_at


_WORD = re.compile(r"[a-z][a-z-]{0,23}")
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_MATTER = re.compile(r"/(\d{4})/(\d{1,9})(?:/|$)", re.ASCII)
MOST_PARTS = 8


def plain_path(path: str) -> str:
    """The path of a page without its query; whatever is neither word nor number reads `-`.

    A link's secret stands in a path, and must not come into the next address.
    """
    asked = re.split(r"[?#]", path, maxsplit=1)[0]
    parts = [part for part in asked.split("/") if part][:MOST_PARTS]
    kept = [part if _WORD.fullmatch(part) or _NUMBER.fullmatch(part) else "-" for part in parts]
    return "/" + "".join(f"{part}/" for part in kept)


def page_kept(path: str) -> str:
    """Which page it was, `/desk/-/-/`: no number of a record stays in it."""
    return re.sub(r"(?<=/)\d+(?=/)", "-", plain_path(path))


def matter_on(path: str) -> str:
    """The matter that a page is about, as `2026/123` written like a reference, or ""."""
    found = _MATTER.search(plain_path(path))
    return f"〔{found[1]}〕{found[2]}号" if found else ""
