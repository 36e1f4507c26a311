"""The two clocks (D17). Nothing else in the product asks what time it is; a lint rule sees to it.

`now()` is the county's clock: facts, deadlines, the journal, the end of a link. `real()` is the
machine's: sign-in, tokens, lockout, rate limits, idempotency, leases. They differ only where a
demo moved the county's clock, by an offset that web, worker and tick read from one small file, or
where a test set it.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

_moved: ContextVar[datetime | None] = ContextVar("moved", default=None)
_for_test: datetime | timedelta | None = None


def real() -> datetime:
    """The machine's time, UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place


def now() -> datetime:
    """The county's time, UTC."""
    held = _moved.get() or _for_test
    if isinstance(held, datetime):
        return held
    return real() + (demo_offset() if held is None else held)


def demo_file() -> Path | None:
    """Where the demo keeps its offset, or None outside a demo."""
    name = os.environ.get("QINGDAN_DEMO_CLOCK")
    return Path(name) if name else None


def demo_offset() -> timedelta:
    """How far the county's clock is from the machine's; zero outside a demo."""
    path = demo_file()
    if path is None:
        return timedelta()
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return timedelta()
    return _read_offset(path, changed)


@lru_cache(maxsize=4)
def _read_offset(path: Path, _changed: int) -> timedelta:
    return timedelta(seconds=json.loads(path.read_text())["offset"])


def move_demo(to: datetime) -> None:
    """Set the demo's county clock to `to`; it runs on from there in every process.

    Raises RuntimeError outside a demo.
    """
    path = demo_file()
    if path is None:
        raise RuntimeError("only a demo's clock can be moved")
    keep_demo((to - real()).total_seconds(), path)


def keep_demo(offset: float, path: Path) -> None:
    """Write the offset (seconds) and where the clock stands, so that a restart goes on there."""
    stands = real() + timedelta(seconds=offset)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(json.dumps({"offset": offset, "stands": stands.isoformat()}))
    draft.replace(path)


@contextmanager
def standing_at(instant: datetime) -> Iterator[None]:
    """Hold the county's clock at `instant` in this thread, to replay what happened then."""
    token = _moved.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _moved.reset(token)


def set_for_test(instant: datetime | timedelta | None) -> None:
    """Hold the county's clock, or shift it by a difference, in every thread, until None."""
    global _for_test
    _for_test = instant.astimezone(UTC) if isinstance(instant, datetime) else instant


COUNTY_ZONE = ZoneInfo("Asia/Shanghai")
"""The zone of every county that this product serves; China has one."""


def date_of(instant: datetime) -> date:
    """The date of `instant` on the county's wall calendar."""
    return instant.astimezone(COUNTY_ZONE).date()


def today() -> date:
    """Today's date in the county."""
    return date_of(now())


def start_of(day: date) -> datetime:
    """00:00 of a date in the county, as an instant."""
    return datetime(day.year, day.month, day.day, tzinfo=COUNTY_ZONE).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The end of a date in the county: 00:00 of the next."""
    return start_of(day + timedelta(days=1))
