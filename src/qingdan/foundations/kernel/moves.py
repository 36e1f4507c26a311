"""Moving a record through its state table, if it is still as we read it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F

from .errors import ChangedMeanwhile
from .machine import Life, Step


def advance(row: Any, life: Life, name: str, *, at: datetime, **columns: Any) -> Step:
    """Take step `name` of `life` on `row` and write `columns` with it, or change nothing.

    Compare-and-set on state and version: of two who press at once one wins, the other gets
    ChangedMeanwhile, on SQLite (which has no row locks) as on PostgreSQL. The version moves on.
    Afterwards the row stands anew (`row.stand(at)`, D7).
    """
    step = life.take(name, row.state)
    if step.target is not None:
        columns["state"] = step.target
    if step.ending is not None:
        columns["ending"] = step.ending
    swap(row, columns)
    row.stand(at)
    return step


def swap(row: Any, columns: dict[str, Any], guards: Iterable[str] = ("state",)) -> None:
    """Write `columns` and move the version, if `row`, a model that has one, is still as read."""
    as_read = {name: getattr(row, name) for name in guards} | {"version": row.version}
    changed = columns | {"version": F("version") + 1}
    manager = type(row)._base_manager
    if manager.filter(pk=row.pk, **as_read).update(**changed) != 1:
        raise ChangedMeanwhile
    for name, value in columns.items():
        setattr(row, name, value)
    row.version += 1
