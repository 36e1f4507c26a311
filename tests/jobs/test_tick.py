"""./qd tick does what is due; only a demo's clock lets itself be moved."""

from datetime import timedelta

import pytest

from qingdan.foundations.journal.models import Entry
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Refusal
from qingdan.interfaces.jobs.tick import tick
from town import Town

pytestmark = pytest.mark.db


@pytest.fixture
def demo(town: Town, tmp_path, monkeypatch) -> Town:
    """A demo whose clock stands where the town's stood."""
    there = clock.now()
    clock.set_for_test(None)
    monkeypatch.setenv("QINGDAN_DEMO_CLOCK", str(tmp_path / "clock.json"))
    clock.move_demo(there)
    return town


def test_what_is_due_is_done_once(town: Town):
    town.firm.registers("园区道路窄，货车进不来")
    assert tick() == {"topics": Entry.objects.count()}
    assert tick() == {"topics": 0}
    assert tick(clock.now()) == {"topics": 0}


def test_in_a_demo_a_later_instant_moves_the_countys_clock(demo: Town):
    later = clock.now() + timedelta(days=10)
    assert set(tick(later).values()) <= {0, Entry.objects.count()}
    assert abs(clock.now() - later) < timedelta(minutes=1)
    assert set(tick(later).values()) == {0}


def test_in_a_demo_an_instant_that_has_passed_moves_nothing(demo: Town):
    before = clock.now()
    tick(before - timedelta(days=10))
    assert abs(clock.now() - before) < timedelta(minutes=1)


def test_elsewhere_a_later_instant_is_refused_and_nothing_is_done(town: Town):
    town.firm.registers("园区道路窄，货车进不来")
    with pytest.raises(Refusal, match="It is not yet"):
        tick(clock.now() + timedelta(minutes=1))
    assert tick() == {"topics": Entry.objects.count()}
