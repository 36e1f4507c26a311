"""A reader reads each entry exactly once, whatever happens to it."""

import pytest
from django.db import transaction

from qingdan.foundations.journal.models import Reader, Topic
from qingdan.foundations.journal.readers import behind, read
from qingdan.foundations.journal.record import record

pytestmark = pytest.mark.db
COUNTY = "430481"


def test_entries_come_in_order_in_batches_and_only_once(journal):
    journal.has(7)
    batches: list[list[int]] = []

    def handle(entries):
        batches.append([entry.seq for entry in entries])

    assert [read("r", COUNTY, handle, batch=3) for _ in range(4)] == [3, 3, 1, 0]
    assert batches == [[1, 2, 3], [4, 5, 6], [7]]
    journal.has(1)
    assert read("r", COUNTY, handle) == 1
    assert batches[-1] == [8]


def test_a_reader_that_dies_in_the_middle_leaves_nothing_and_reads_again(journal):
    journal.has(3)

    def dies(entries):
        Topic.objects.create(county=COUNTY, name="half", version=1)
        raise RuntimeError("killed")

    for _ in range(2):
        with pytest.raises(RuntimeError, match="killed"):
            read("r", COUNTY, dies)
        assert not Topic.objects.exists()
        assert behind(COUNTY) in ({}, {"r": 3})
    seen: list[int] = []
    read("r", COUNTY, lambda entries: seen.extend(entry.seq for entry in entries))
    assert seen == [1, 2, 3]
    assert behind(COUNTY) == {"r": 0}


def test_a_reader_that_was_overtaken_leaves_its_entries_alone(journal, monkeypatch):
    """Between its first look and its transaction another one has read."""
    journal.has(3)
    read("r", COUNTY, lambda entries: None, batch=1)
    seen: list[int] = []
    begin = transaction.atomic

    def overtaken(*args, **more):
        Reader.objects.filter(name="r").update(seq=2)
        return begin(*args, **more)

    monkeypatch.setattr("qingdan.foundations.journal.readers.transaction.atomic", overtaken)
    assert read("r", COUNTY, lambda entries: seen.extend(entry.seq for entry in entries)) == 0
    assert seen == []


def test_readers_and_counties_keep_their_own_place(journal):
    journal.has(2)
    with transaction.atomic():
        record("i.noted", "i:1", county="430482", by=None, at=journal.writes().at)
    assert read("a", COUNTY, lambda entries: None) == 3
    assert read("b", COUNTY, lambda entries: None) == 3
    assert read("a", "430482", lambda entries: None) == 1


def test_with_nothing_new_one_look_is_enough(journal, counted):
    journal.has(2)
    read("r", COUNTY, lambda entries: None)
    with counted() as queries:
        assert read("r", COUNTY, lambda entries: None) == 0
    assert len(queries) == 2
