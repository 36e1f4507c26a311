"""The first reader: what an act touched has a new version."""

import pytest
from django.db import transaction

from qingdan.foundations.journal.models import Topic
from qingdan.foundations.journal.record import record
from qingdan.interfaces.jobs.worker import run_once
from town import COUNTY, MONDAY, Town

pytestmark = pytest.mark.db


def versions() -> dict[str, int]:
    return dict(Topic.objects.filter(county=COUNTY).values_list("name", "version"))


def test_a_topics_version_is_the_last_entry_that_touched_it(town: Town):
    with transaction.atomic():
        record("i.a", "issue:1", county=COUNTY, by=None, at=MONDAY, touches=["issue:1", "desk"])
        record("i.b", "issue:2", county=COUNTY, by=None, at=MONDAY, touches=["desk"])
        record("i.c", "issue:3", county=COUNTY, by=None, at=MONDAY)
    run_once()
    assert versions() == {"issue:1": 1, "desk": 2}
    with transaction.atomic():
        record("i.d", "issue:1", county=COUNTY, by=None, at=MONDAY, touches=["issue:1"])
    run_once()
    assert versions() == {"issue:1": 4, "desk": 2}


def test_an_order_moves_the_page_of_the_unit_that_gets_it(town: Town):
    run_once()
    unit = f"unit:{town.transport.person.unit_id}"
    before = versions().get(unit, 0)
    ref = town.firm.registers("园区道路窄，货车进不来")
    town.desk.does("triage", ref, track="scheduled", grade="B", lead="transport")
    run_once()
    assert versions()[unit] > before
