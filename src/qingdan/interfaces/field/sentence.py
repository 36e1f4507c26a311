"""What a sentence of a visit says of its own order: to whom, by when, what is to be done.

Plain rules over the words as they are written, no model: what they find is proposed, shown, and
changed with one tap. Pure: the units of the county come in, the calendar too.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from qingdan.foundations.workdays.calendar import Calendar

NAMED = 100
"""What a unit's own name in the sentence weighs: more than all words about its work."""
OFFERED = 3
"""The most units that are offered for one sentence."""
FARTHEST = 180
"""A date farther away than so many days was not meant as the day of an order on the spot."""
LONGEST_TASK = 200

_UNIT_TAIL = re.compile(r"(?:局|公司|分局|中心|大队|管理部|银行)$")
_SECTION_TAIL = re.compile(r"(?:股|科|室|中心|部|组|大队|中队|所)$")


@dataclass(frozen=True, slots=True)
class Named:
    """A unit as a sentence may mean it: its names, and those of its sections."""

    code: str
    names: tuple[str, ...]
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence proposes. units: the likeliest first; sure: the first one is alone there."""

    units: list[str] = field(default_factory=list)
    sure: bool = False
    due_on: date | None = None
    done: str = ""


def read(text: str, units: Iterable[Named], today: date, soonest: date, days: Calendar) -> Said:
    """What `text` proposes. soonest: the first day that an order may name."""
    known = list(units)
    weights = _weights(text, known)
    first = sorted(weights, key=lambda code: -weights[code])[:OFFERED]
    return Said(
        units=first,
        sure=len(first) == 1 or (len(first) > 1 and weights[first[0]] > weights[first[1]]),
        due_on=due_said(text, today, soonest, days),
        done=done_said(text, known),
    )


# ---------------------------------------------------------------- to whom


@cache
def _everyday() -> dict[str, list[str]]:
    told = json.loads((Path(__file__).parent / "data" / "words.json").read_text(encoding="utf-8"))
    return dict(told["words"])


def _weights(text: str, units: list[Named]) -> dict[str, int]:
    """How much of the sentence is about each unit's work, for those that it is about at all."""
    shared = Counter(part for unit in units for part in {*_parts(unit)})
    weights: Counter[str] = Counter()
    for unit in units:
        if any(name in text for name in unit.names):
            weights[unit.code] += NAMED
        for stem in {_UNIT_TAIL.sub("", name) for name in unit.names} - set(unit.names):
            weights[unit.code] += len(stem) if len(stem) > 1 and stem in text else 0
        for part in {*_parts(unit)}:
            # what two units call a section of theirs tells neither from the other
            weights[unit.code] += len(part) if shared[part] == 1 and part in text else 0
    for word, marks in _everyday().items():
        if word in text:
            for unit in units:
                weights[unit.code] += len(word) if _bears(unit, marks) else 0
    return {code: weight for code, weight in weights.items() if weight}


def _parts(unit: Named) -> Iterator[str]:
    for name in unit.sections:
        if len(part := _SECTION_TAIL.sub("", name)) > 2:
            yield part


def _bears(unit: Named, marks: list[str]) -> bool:
    return any(mark in name for mark in marks for name in (*unit.names, *unit.sections))


# ---------------------------------------------------------------- by when

_N = r"(\d{1,3}|[一二两三四五六七八九十]{1,3})"
_DAY = r"(?:(?=\d{1,2}日|[^日]{1,3}号)" + _N + r"[日号])"
"""两日前 is two days ago, 2日前 by the 2nd; 二号前 and 2号前 are by the 2nd."""
_BEFORE = r"(?P<before>(?:下班)?(?:之前|以前|前|为止))?"
_NOT_BY_THEN = re.compile(r"[要停起开交提报断]|以来|以后|之后|的")
"""What follows a day on which something is or was, not one by which something is to be done."""
_OVER = re.compile(r"就|已|曾|.{0,2}过")
"""What follows a day before which something was done already."""

_FIGURES = {sign: n for n, sign in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 6}


def due_said(text: str, today: date, soonest: date, days: Calendar) -> date | None:
    """The day by which the sentence wants it done, worked and still possible; None without one.

    `11月6日前` is the 6th itself; a day off becomes the working day before it. A bare day counts
    only if it is the only one and nothing says that something else happens on it.
    """
    firm: list[tuple[int, date]] = []
    bare: list[date] = []
    for at, day, sure in _days_in(text, today, days):
        if (worked := _worked(day, soonest, today, days)) is None:
            continue
        if sure:
            firm.append((at, worked))
        else:
            bare.append(worked)
    if firm:
        return max(firm)[1]
    return bare[0] if len(set(bare)) == 1 else None


def _worked(day: date, soonest: date, today: date, days: Calendar) -> date | None:
    worked = days.day_of(days.ordinal(day))  # itself, or the last one before it that is worked
    return worked if soonest <= worked <= today + timedelta(days=FARTHEST) else None


def _days_in(text: str, today: date, days: Calendar) -> Iterator[tuple[int, date, bool]]:
    """Each day that the sentence names: where, which, and whether it is surely a limit."""
    for pattern, meant, may_be_bare in _FORMS:
        for found in pattern.finditer(text):
            day = meant(found, today, days)
            if day is None:
                continue
            sure = "before" not in pattern.groupindex or bool(found["before"])
            over = _OVER if sure else _NOT_BY_THEN
            if (sure or may_be_bare) and not over.match(text, found.end()):
                yield found.start(), day, sure


def _number(text: str) -> int:
    """A whole number in figures or in Chinese signs, up to 99; 0 for what is none."""
    if text.isascii():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _FIGURES.get(text, 0)
    return (_FIGURES.get(tens, 0) if tens else 1) * 10 + (_FIGURES.get(ones, 0) if ones else 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


Meant = Callable[[re.Match[str], date, Calendar], date | None]


def _month_and_day(found: re.Match[str], today: date, _days: Calendar) -> date | None:
    month, day = _number(found[2]), _number(found[3])
    if found[1]:
        return _day(int(found[1]), month, day)
    here = _day(today.year, month, day)
    return here if here is None or here >= today else _day(today.year + 1, month, day)


def _day_of_month(found: re.Match[str], today: date, _days: Calendar) -> date | None:
    day = _number(found[2])
    next_month = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    if found[1] and "下" in found[1]:
        return _day(next_month.year, next_month.month, day)
    here = _day(today.year, today.month, day)
    if (here is None or here < today) and not found[1]:
        return _day(next_month.year, next_month.month, day)
    return here


def _weekday(found: re.Match[str], today: date, _days: Calendar) -> date | None:
    weekday = _WEEKDAYS[found[2]]
    monday = today - timedelta(days=today.weekday())
    if found[1] and "下" in found[1]:
        return monday + timedelta(days=7 + weekday)
    here = monday + timedelta(days=weekday)
    return here if here > today or found[1] else here + timedelta(days=7)


def _end_of_month(found: re.Match[str], today: date, _days: Calendar) -> date | None:
    if found[1]:
        this = _day(today.year, _number(found[1]), 1)
    else:
        this = today.replace(day=28) + timedelta(days=4 if found[2] and "下" in found[2] else 0)
    return this and (this.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _near(found: re.Match[str], today: date, _days: Calendar) -> date:
    return today + timedelta(days=["今", "明", "后", "大后"].index(found[1]))


def _within(found: re.Match[str], today: date, days: Calendar) -> date | None:
    n = _number(found[1])
    if not n:
        return None
    match found[2]:
        case "工作日":
            return days.day_of(days.ordinal(today) + n)
        case "周" | "星期" | "礼拜":
            return today + timedelta(days=7 * n)
    return today + timedelta(days=n)


def _this_week(_found: re.Match[str], today: date, _days: Calendar) -> date:
    return today + timedelta(days=6 - today.weekday())


_FORMS: list[tuple[re.Pattern[str], Meant, bool]] = [
    (re.compile(rf"(?:(\d{{4}})年)?{_N}月{_N}[日号]?{_BEFORE}"), _month_and_day, True),
    (
        re.compile(rf"(?:(本月|这个月|下个?月)|(?<![月\d])){_DAY}{_BEFORE}"),
        _day_of_month,
        False,
    ),
    (
        re.compile(rf"(本|这个?|下个?)?(?:周|星期|礼拜)([一二三四五六日天末]){_BEFORE}"),
        _weekday,
        True,
    ),
    (re.compile(rf"(?:{_N}|(本|这个?|下个?))?月底(?:之前|以前|前)"), _end_of_month, False),
    (re.compile(rf"(今|明|大后|后)[天日]{_BEFORE}"), _near, False),
    (re.compile(rf"{_N}个?(工作日|天|日|周|星期|礼拜)(?:之|以)?内"), _within, False),
    (re.compile(r"(?:本|这个?)(?:周|星期|礼拜)(?:之|以)?内"), _this_week, False),
]


# ---------------------------------------------------------------- what is to be done

_ASKS = r"(?:请|由|让|要求|责成|安排)"
_TAIL = "，,。.；;！! \n\t"


def done_said(text: str, units: Iterable[Named]) -> str:
    """What the sentence itself orders, from `请市场监管局…` to its end; empty without an order.

    Only a unit's name makes it one: 请不到工人 orders nothing.
    """
    names = sorted({name for unit in units for name in unit.names if name}, key=len, reverse=True)
    if not names:
        return ""
    order = re.compile(rf"{_ASKS}(?:{'|'.join(map(re.escape, names))})(.*)", re.DOTALL)
    found = order.search(text)
    said = found[1].strip(_TAIL) if found else ""
    return said[:LONGEST_TASK] if len(said) > 3 else ""
