"""The state table: which steps lead from where to where. Pure; `moves.advance()` walks it.

Buttons, the API, the documentation and the tests read the same table, so that none of them can
promise a step that the others refuse.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .errors import StepNotOpen


@dataclass(frozen=True, slots=True)
class Step:
    """One step: from any of `sources` to `target`, with the ending that it gives.

    name: the act, or `act:outcome` where it has several outcomes. target None: the state stays.
    """

    name: str
    sources: frozenset[str]
    target: str | None
    ending: str | None = None

    @property
    def act(self) -> str:
        return self.name.partition(":")[0]


def step(
    name: str, sources: str | Iterable[str], target: str | None, ending: str | None = None
) -> Step:
    """Write one line of a table. Enum members are stored as their plain values."""
    came_from = (sources,) if isinstance(sources, str) else tuple(sources)
    return Step(
        name,
        frozenset(str(s) for s in came_from),
        None if target is None else str(target),
        None if ending is None else str(ending),
    )


class Life:
    """A table of steps, each name once."""

    def __init__(self, *steps: Step) -> None:
        self._by_name = {s.name: s for s in steps}
        if len(self._by_name) != len(steps):
            raise ValueError("a step stands twice in the table")

    def __iter__(self) -> Iterator[Step]:
        return iter(self._by_name.values())

    def __getitem__(self, name: str) -> Step:
        return self._by_name[name]

    def open_acts(self, state: str) -> frozenset[str]:
        """The acts that the table allows in `state`, whoever asks."""
        return frozenset(s.act for s in self if state in s.sources)

    def take(self, name: str, state: str) -> Step:
        """The step `name`, if it may be taken from `state`.

        Raises StepNotOpen otherwise, KeyError for a name that the table does not know.
        """
        found = self._by_name[name]
        if state not in found.sources:
            raise StepNotOpen
        return found

    def require_open(self, act: str, state: str) -> None:
        """Raise StepNotOpen unless some outcome of `act` may be taken from `state`."""
        if act not in self.open_acts(state):
            raise StepNotOpen
