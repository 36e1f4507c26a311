"""The worker goes on, whatever fails, and stops when told."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, transaction

from qingdan.foundations.journal.models import Entry, Reader, Topic
from qingdan.foundations.journal.record import record
from qingdan.interfaces.jobs import worker
from qingdan.interfaces.jobs.readers import READERS
from qingdan.interfaces.jobs.worker import Worker, run, run_once, wait_after
from town import COUNTY, MONDAY, Town


def happens(number: int = 1) -> None:
    with transaction.atomic():
        for _ in range(number):
            record("i.noted", "i:1", county=COUNTY, by=None, at=MONDAY, touches=["desk"])


@pytest.mark.db
def test_a_round_reads_for_every_reader_and_the_next_finds_nothing(town: Town):
    happens(3)
    assert Worker().round() == {"topics": Entry.objects.count()}
    assert run_once() == {"topics": 0}


@pytest.mark.db
def test_a_reader_that_fails_does_not_stop_the_others_and_is_tried_again_later(
    town: Town, monkeypatch, caplog
):
    now = MONDAY
    monkeypatch.setattr(worker.clock, "real", lambda: now)
    fails = True

    def sometimes(entries: list[Entry]) -> None:
        if fails:
            raise ValueError("an entry that this reader cannot read")

    monkeypatch.setattr(worker, "READERS", {"sometimes": sometimes, "topics": READERS["topics"]})
    happens()
    working = Worker()

    assert working.round()["topics"] == Entry.objects.count()
    assert "sometimes" in caplog.text
    caplog.clear()
    working.round()
    assert caplog.text == "", "left alone for a second"
    now += timedelta(seconds=1)
    working.round()
    assert "sometimes" in caplog.text
    fails = False
    now += timedelta(seconds=2)
    assert working.round()["sometimes"] == Entry.objects.count()


def test_each_failure_waits_longer_and_never_longer_than_half_a_minute():
    assert [wait_after(n) for n in (1, 2, 3, 6, 100)] == [1, 2, 4, 30, 30]


@pytest.mark.django_db(transaction=True)
def test_it_survives_a_database_that_is_away_for_a_while(monkeypatch, caplog):
    stop = threading.Event()
    rounds: list[str] = []

    def round_(self: Worker) -> dict[str, int]:
        rounds.append("asked")
        if len(rounds) < 3:
            raise OperationalError("the server closed the connection")
        stop.set()
        return {}

    monkeypatch.setattr(Worker, "round", round_)
    monkeypatch.setattr(worker, "wait_after", lambda failures: 0.01)
    thread = threading.Thread(target=run, args=(stop,))
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    assert len(rounds) == 3
    assert caplog.text.count("does not answer") == 2


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_it_follows_the_journal_while_others_write():
    Town()
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(stop,))
    thread.start()
    try:
        happens(5)
        last = Entry.objects.order_by("seq").last()
        assert last is not None
        for _ in range(200):
            if Topic.objects.filter(name="desk", version=last.seq).exists():
                break
            stop.wait(0.05)
    finally:
        stop.set()
        thread.join(20)
    assert Reader.objects.get(county=COUNTY).seq == last.seq


def test_a_worker_process_ends_by_itself_at_sigterm(tmp_path):
    env = {name: value for name, value in os.environ.items() if not name.startswith("QINGDAN_")}
    env |= {"QINGDAN_DATA_DIR": str(tmp_path), "QINGDAN_LOG_LEVEL": "INFO"}
    code = (
        "import django; django.setup(); from qingdan.interfaces.jobs import worker; worker.run()"
    )
    env["DJANGO_SETTINGS_MODULE"] = "qingdan.interfaces.site.settings"
    working = subprocess.Popen(
        [sys.executable, "-c", code], env=env, stderr=subprocess.PIPE, text=True
    )
    try:
        assert working.stderr is not None
        for line in working.stderr:  # an empty data folder: a database without a table
            if "does not answer" in line:
                break
        working.send_signal(signal.SIGTERM)
        assert working.wait(20) == 0
    finally:
        working.kill()
        working.wait()
        working.stderr.close()
