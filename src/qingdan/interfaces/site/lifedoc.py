"""The life of a matter, written and drawn from the tables that the product walks.

`./qd lint --write` writes docs/life.md and docs/pictures/life.svg; `./qd lint` says when they are
out of date.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from html import escape

from qingdan.domain.ledger.queries.acts import NEEDS, WHILE_A_DECLINE_WAITS
from qingdan.domain.ledger.rules.clocks import OWED_BY_LEAD
from qingdan.domain.ledger.rules.policy import policy
from qingdan.domain.ledger.rules.rights import NEVER_WHO_HANDLED, WHO
from qingdan.domain.ledger.states import ISSUE_LIFE, PART_LIFE, TOP_LEVEL, ClockKind, Ending, S
from qingdan.foundations.kernel.machine import Step

WHERE = "docs/life.md"
DRAWN = "docs/pictures/life.svg"

_BY_ITSELF = "by itself"


def document() -> str:
    """docs/life.md, whole."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# The life of a matter"
    yield ""
    yield "Written by `./qd lint --write` from the tables that the product itself walks"
    yield "(`domain/ledger/states.py`, `rules/rights.py`, `queries/acts.py`); do not edit it here."
    yield ""
    yield "![States and the steps between them](pictures/life.svg)"
    yield ""
    yield "## Steps that lead to another state"
    yield ""
    yield from _table(
        ("from", "step", "to", "who"),
        (
            (_states(step), f"`{step.name}`", _target(step), _who(step))
            for step in ISSUE_LIFE
            if step.target is not None
        ),
    )
    yield ""
    yield "`again` goes back to the lists, `afresh`, where there are none, back to triage."
    yield ""
    yield "## Steps that leave the state"
    yield ""
    yield from _table(
        ("in", "step", "who"),
        (
            (_states(step), f"`{step.name}`", _who(step))
            for step in ISSUE_LIFE
            if step.target is None
        ),
    )
    yield ""
    yield "Who: D desk, U a unit that works on it, lead the lead alone, L the linked leader or his"
    yield "assistant, S supervision office, V the other office (of a sealed matter), E the"
    yield "enterprise, P park or township for what it registered. Who handled it does none of"
    yield f"{_several(sorted(NEVER_WHO_HANDLED))};"
    yield "makes no call-back, and takes down no word of the enterprise;"
    yield "where nobody else is left, the main leader does."
    yield "While it is asked not to accept a matter, only"
    yield f"{_several(sorted(WHILE_A_DECLINE_WAITS))} are open."
    yield "An act asks more than its state where the table of needs says so:"
    yield f"{_several(sorted(NEEDS))}."
    yield ""
    yield "## Endings"
    yield ""
    ends = {step.ending: step for step in ISSUE_LIFE if step.ending}
    yield from _table(
        ("ending", "by", "counts as solved"),
        (
            (f"`{e.value}`", f"`{ends[e.value].act}`", "yes" if e is Ending.CONFIRMED else "no")
            for e in Ending
        ),
    )
    yield ""
    yield "A question that was answered is no ending; it is counted apart."
    yield f"Levels rise to {TOP_LEVEL}."
    yield ""
    yield "## A unit's part"
    yield ""
    yield from _table(
        ("from", "step", "to"),
        ((_states(step), f"`{step.name}`", step.target or "") for step in PART_LIFE),
    )
    yield ""
    yield "## Clocks"
    yield ""
    yield from _table(
        ("clock", "limit of the default policy", "owed by the lead"),
        (
            (f"`{kind.value}`", _limit(kind), "yes" if kind in OWED_BY_LEAD else "")
            for kind in ClockKind
        ),
    )


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _states(step: Step) -> str:
    order = [s.value for s in S]
    known = sorted(step.sources, key=lambda s: (order.index(s) if s in order else 0, s))
    return ", ".join(known)


def _target(step: Step) -> str:
    return f"{step.target} ({step.ending})" if step.ending else step.target or ""


_WHO_ALONE = {"withdraw:asked": frozenset("E"), "withdraw:done": frozenset("D")}
"""Steps of an act whose ways are not open to everybody who has the act."""


def _who(step: Step) -> str:
    if step.act not in WHO:
        return _BY_ITSELF
    who = _WHO_ALONE.get(step.name, WHO[step.act])
    letters = sorted(who, key=lambda letter: (len(letter) > 1, letter))
    return ", ".join(letters)


def _several(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


_DATED = {
    ClockKind.TASK: "its date",
    ClockKind.OBJECTION: "the same day",
    ClockKind.EXTENSION: "1wd",
    ClockKind.END: "by track and grade, or the date of an order",
}


def _limit(kind: ClockKind) -> str:
    return _DATED.get(kind) or f"{policy().limit(kind)}"


# ------------------------------------------------------------------ the picture

_PLACES: dict[str, tuple[int, int]] = {
    S.REGISTERED: (290, 60),
    S.TRIAGED: (290, 190),
    S.LISTED: (290, 320),
    S.REPORTED: (290, 450),
    S.VERIFIED: (290, 580),
    S.ENDED: (840, 580),
    S.ANSWERED: (840, 60),
}
_WIDE, _HIGH = 130, 44


def picture() -> str:
    """docs/pictures/life.svg: each state once, an arrow for each way, the acts that take it."""
    ways: dict[tuple[str, str], list[str]] = defaultdict(list)
    for step in ISSUE_LIFE:
        for source in sorted(step.sources) if step.target is not None else ():
            ways[(source, step.target or "")].append(step.ending or step.name)
    body = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 940 660" font-family="sans-serif"'
        ' font-size="12" role="img" aria-label="The states of a matter and the steps between">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8"'
        ' markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#47505b"/></marker></defs>',
        '<rect width="940" height="660" fill="#ffffff"/>',
    ]
    bends: dict[tuple[str, str], int] = {}
    for (source, target), names in sorted(ways.items()):
        body += _arrow(source, target, names, bends)
    for state, (x, y) in _PLACES.items():
        over = state in (S.ENDED, S.ANSWERED)
        body.append(
            f'<rect x="{x - _WIDE // 2}" y="{y - _HIGH // 2}" width="{_WIDE}" height="{_HIGH}"'
            f' rx="4" fill="{"#f4f5f6" if over else "#e8f0f9"}" stroke="#1c5a9c"/>'
        )
        body.append(
            f'<text x="{x}" y="{y + 5}" text-anchor="middle" font-size="15"'
            f' fill="#1a1f25">{state.value if isinstance(state, S) else state}</text>'
        )
    return "\n".join([*body, "</svg>", ""])


def _arrow(
    source: str, target: str, names: list[str], bends: dict[tuple[str, str], int]
) -> Iterator[str]:
    """Straight down to the next state, round the left for steps back, to the right for an end."""
    (x1, y1), (x2, y2) = _PLACES[source], _PLACES[target]
    label = [escape(name) for name in sorted(set(names))]
    if x1 == x2 and 0 < y2 - y1 <= 140:
        path = f"M{x1} {y1 + _HIGH // 2} L{x2} {y2 - _HIGH // 2}"
        tx, ty, anchor = x1 + 8, (y1 + y2) // 2 + 4, "start"
    elif x1 == x2 and y2 > y1:  # past a state, on the right of the column
        bends[("down", "")] = bends.get(("down", ""), 0) + 1
        far = x1 + _WIDE // 2 + 50 + 44 * bends[("down", "")]
        edge, top, foot = x1 + _WIDE // 2, y1 + 8, y2 - 8
        path = f"M{edge} {top} C{far} {top} {far} {foot} {edge} {foot}"
        tx, ty, anchor = far - 12, (y1 + y2) // 2 + 4, "start"
    elif x1 == x2 and y1 == y2:  # the lists, drawn anew
        edge = x1 + _WIDE // 2
        path = f"M{edge} {y1 - 8} C{edge + 50} {y1 - 26} {edge + 50} {y1 + 26} {edge} {y1 + 8}"
        tx, ty, anchor = edge + 42, y1 + 4, "start"
    elif x1 == x2:  # back, on the left
        bends[("up", "")] = bends.get(("up", ""), 0) + 1
        far = x1 - _WIDE // 2 - 20 - 34 * bends[("up", "")]
        left, down = x1 - _WIDE // 2, y1 - 12 + 8 * (bends[("up", "")] % 3)
        path = f"M{left} {down} C{far} {down} {far} {y2} {left} {y2}"
        tx, ty, anchor = far + 48, (y1 + y2) // 2, "end"
    elif x2 > x1:
        path = f"M{x1 + _WIDE // 2} {y1} L{x2 - _WIDE // 2} {y2}"
        part = 0.6
        tx = int(x1 + _WIDE // 2 + (x2 - x1 - _WIDE) * part)
        ty, anchor = int(y1 + (y2 - y1) * part) - 6, "middle"
    else:
        path = f"M{x1 - _WIDE // 2} {y1 + 10} L{x2 + _WIDE // 2} {y2 + 14}"
        part = 0.24
        tx = int(x1 - _WIDE // 2 - (x1 - x2 - _WIDE) * part)
        ty, anchor = int(y1 + 10 + (y2 - y1) * part) + 14, "middle"
    yield f'<path d="{path}" fill="none" stroke="#47505b" marker-end="url(#tip)"/>'
    for n, line in enumerate(label):
        yield (
            f'<text x="{tx}" y="{ty + 14 * n}" text-anchor="{anchor}" fill="#47505b"'
            f' stroke="#ffffff" stroke-width="3" paint-order="stroke">{line}</text>'
        )
