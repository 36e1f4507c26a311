"""The worker: a process of its own that follows the journal while the web process answers."""

import logging
import signal
import threading
from datetime import datetime, timedelta

from django.db import (
    Error,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connections,
)

from qingdan.domain.people.models import County
from qingdan.foundations.journal.readers import read
from qingdan.foundations.kernel import clock

from .readers import READERS

EVERY = 0.5
"""Seconds between two rounds; what is live on a page waits at most about so long for us."""

AT_MOST = 30.0
"""Seconds that a failing database or reader is left alone at the longest."""

BATCHES = 20
"""Batches that one reader takes in one round, so that the others get their turn."""

log = logging.getLogger(__name__)


class Worker:
    """Reads for every county with every reader; whatever fails is left alone longer each time."""

    def __init__(self) -> None:
        self._failed: dict[tuple[str, str], tuple[int, datetime]] = {}

    def round(self) -> dict[str, int]:
        """One round: how many entries each reader read. Errors of the database come out."""
        done = dict.fromkeys(READERS, 0)
        for county in County.objects.order_by("code").values_list("code", flat=True):
            for name in READERS:
                done[name] += self._read(name, county)
        return done

    def _read(self, name: str, county: str) -> int:
        times, not_before = self._failed.get((name, county), (0, None))
        if not_before is not None and clock.real() < not_before:
            return 0
        done = 0
        try:
            for _ in range(BATCHES):
                some = read(name, county, READERS[name])
                done += some
                if not some:
                    break
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            # The entries come again. One that no attempt survives must not stop the others.
            wait = wait_after(times + 1)
            log.exception("Reader %s failed in county %s; again in %s s", name, county, wait)
            self._failed[name, county] = (times + 1, clock.real() + timedelta(seconds=wait))
        else:
            self._failed.pop((name, county), None)
        return done


def wait_after(failures: int) -> float:
    """Seconds to wait after so many failures in a row: 1, 2, 4 … at most 30."""
    return float(min(AT_MOST, 2 ** min(failures - 1, 10)))


def run_once() -> dict[str, int]:
    """Read everything there is, to the end of every journal; entries read by each reader.

    Raises what a reader raises.
    """
    done = dict.fromkeys(READERS, 0)
    for county in County.objects.order_by("code").values_list("code", flat=True):
        for name, handle in READERS.items():
            while some := read(name, county, handle):
                done[name] += some
    return done


def run(stop: threading.Event | None = None) -> None:
    """Work until SIGTERM or SIGINT (or `stop`); a round that has begun is finished."""
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    worker = Worker()
    failures = 0
    log.info("The worker follows the journal")
    while not stop.is_set():
        close_old_connections()
        try:
            worker.round()
        except Error as error:  # also a table that is not there yet
            failures += 1
            wait = wait_after(failures)
            log.warning("The database does not answer (%s); again in %s s", error, wait)
            connections.close_all()
            stop.wait(wait)
        else:
            if failures:
                log.info("The database answers again")
            failures = 0
            stop.wait(EVERY)
    connections.close_all()
    log.info("The worker has stopped")
