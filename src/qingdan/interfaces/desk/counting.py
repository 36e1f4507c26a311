"""How many rows a list has, never counting far: above a thousand nobody reads the figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery

from qingdan.domain.people.models import County

CAP = 1_000


class _Capped(Subquery):
    template = "(SELECT COUNT(*) FROM (%(subquery)s) capped)"
    output_field = IntegerField()


@dataclass(frozen=True, slots=True)
class Count:
    """A number, or "999+" where it was not counted to its end."""

    n: int
    capped: bool = False

    def __str__(self) -> str:
        return f"{CAP - 1}+" if self.capped or self.n >= CAP else str(self.n)

    def __bool__(self) -> bool:
        return self.n > 0


def counted(county: str, sets: Mapping[str, QuerySet[Any]]) -> dict[str, Count]:
    """Count several sets of rows in one query, each to a thousand at most."""
    named = {
        f"n_{number}": _Capped(rows.order_by().values("pk")[:CAP])
        for number, rows in enumerate(sets.values())
    }
    found = County.objects.filter(pk=county).annotate(**named).values_list(*named)
    numbers = found.first() if named else ()
    return {name: Count(n or 0) for name, n in zip(sets, numbers or (), strict=bool(numbers))}
