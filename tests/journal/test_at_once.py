"""Many write and read at once, in threads with connections of their own."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from qingdan.foundations.journal.models import Entry, Head, Reader
from qingdan.foundations.journal.readers import read
from qingdan.foundations.journal.record import record
from qingdan.foundations.journal.verify import verify

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]
COUNTY = "430481"
AT = datetime(2023, 10, 30, 1, 0, tzinfo=UTC)


def together(number: int, work: Callable[[int], None]) -> None:
    """Do the same in so many threads at once; the first error comes out."""
    gate = threading.Barrier(number)
    errors: list[BaseException] = []

    def run(n: int) -> None:
        try:
            gate.wait(20)
            work(n)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if errors:
        raise errors[0]


def test_eight_writers_leave_one_chain_without_gaps():
    def writes(n: int) -> None:
        for turn in range(12):
            with transaction.atomic():
                record(
                    "i.noted", f"i:{n}", county=COUNTY, by=None, at=AT,
                    words={"text": f"{n}之{turn}"}, turn=turn,
                )  # fmt: skip
                if turn % 4 == 3:  # some acts end badly, and leave no gap
                    transaction.set_rollback(True)

    together(8, writes)

    assert list(Entry.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 73))
    assert Head.objects.get().seq == 72
    assert verify() == []


def test_readers_at_once_read_each_entry_once_and_in_order_while_it_grows():
    done: list[int] = []

    def note(entries: list[Entry]) -> None:
        done.extend(entry.seq for entry in entries)

    def works(n: int) -> None:
        if n < 2:
            for _ in range(30):
                with transaction.atomic():
                    record("i.noted", "i:1", county=COUNTY, by=None, at=AT)
            return
        while not Reader.objects.filter(seq=60).exists():
            read("shared", COUNTY, note, batch=4)

    together(4, works)

    assert done == list(range(1, 61))
