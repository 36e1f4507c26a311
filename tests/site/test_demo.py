"""The demo's own pieces: its clock, its folder, its password, its processes."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from qingdan.domain.people.models import County
from qingdan.foundations.kernel import clock
from qingdan.interfaces.site import places, running
from qingdan.interfaces.site.trouble import Trouble, WrongUse

MINUTE = timedelta(minutes=1)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("QINGDAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("QINGDAN_DEMO_CLOCK", str(tmp_path / places.DEMO_CLOCK))
    return tmp_path


def near(instant: datetime) -> bool:
    return abs(clock.now() - instant) < MINUTE


def test_the_first_time_the_countys_clock_stands_at_nine_on_30_october_2023(folder):
    running.start_clock(folder)

    assert near(datetime(2023, 10, 30, 9, tzinfo=clock.COUNTY_ZONE))


def test_without_the_clocks_file_the_countys_clock_is_the_machines(folder, monkeypatch):
    running.start_clock(folder)
    assert not near(clock.real())

    monkeypatch.delenv("QINGDAN_DEMO_CLOCK")

    assert near(clock.real())


def later(monkeypatch, days: float) -> None:
    """Let the machine's own time pass."""
    began = clock.real()
    monkeypatch.setattr(clock, "real", lambda: began + timedelta(days=days))


def test_a_later_start_goes_on_where_the_clock_stood_last(folder, monkeypatch):
    running.start_clock(folder)
    clock.move_demo(datetime(2023, 11, 6, 9, tzinfo=clock.COUNTY_ZONE))
    later(monkeypatch, 1 / 24)
    running.keep_clock(folder)
    later(monkeypatch, 30)

    running.start_clock(folder)

    assert near(datetime(2023, 11, 6, 10, tzinfo=clock.COUNTY_ZONE))


def test_a_move_after_the_last_note_is_not_lost(folder, monkeypatch):
    running.start_clock(folder)
    running.keep_clock(folder)
    moved = folder / places.DEMO_CLOCK
    clock.move_demo(datetime(2023, 12, 1, 9, tzinfo=clock.COUNTY_ZONE))
    os.utime(moved, (moved.stat().st_atime, moved.stat().st_mtime + 5))
    later(monkeypatch, 30)

    running.start_clock(folder)

    assert near(datetime(2023, 12, 1, 9, tzinfo=clock.COUNTY_ZONE))


def test_every_command_lives_by_the_clock_of_a_demos_folder(folder, monkeypatch):
    monkeypatch.delenv("QINGDAN_DEMO_CLOCK")
    monkeypatch.delenv("QINGDAN_DEMO", raising=False)
    places.follow_the_demo()
    assert clock.demo_file() is None, "an ordinary installation has no clock of its own"

    (folder / places.DEMO_CLOCK).write_text(json.dumps({"offset": -86400.0, "stands": ""}))
    monkeypatch.setattr(os, "environ", dict(os.environ))
    places.follow_the_demo()

    assert os.environ["QINGDAN_DEMO"] == "1"
    assert os.environ["QINGDAN_DEMO_CLOCK"] == str(folder / places.DEMO_CLOCK)


def test_the_password_is_the_same_at_each_start_and_its_owners_alone(folder):
    word = places.demo_password()

    assert places.demo_password() == word
    assert (folder / places.DEMO_PASSWORD).read_text() == f"{word}\n"
    assert (folder / places.DEMO_PASSWORD).stat().st_mode & 0o777 == 0o600
    assert len(word) >= 10


def test_two_demos_in_one_folder_do_not_meet(folder):
    with (
        running.only_one(folder),
        pytest.raises(WrongUse, match="running"),
        running.only_one(folder),
    ):
        pass


def test_fresh_empties_no_installation_that_is_not_a_demo(folder):
    (folder / "qingdan.sqlite3").touch()

    with pytest.raises(WrongUse, match="an installation, not a demo"):
        running.require_ours(folder)


@pytest.mark.django_db
def test_a_real_county_never_becomes_a_demo(folder):
    (folder / "qingdan.sqlite3").touch()
    running.require_a_demos_data(folder)
    County.objects.create(code="430481", name="耒阳市", prefix="耒企")

    with pytest.raises(WrongUse, match="an installation, not a demo"):
        running.require_a_demos_data(folder)

    running.start_clock(folder)
    running.require_a_demos_data(folder)


def test_fresh_empties_what_is_ours(folder):
    for name in (
        "demo-clock.json",
        "qingdan.sqlite3",
        "qingdan.sqlite3-wal",
        "secret-key",
        "demo-password",
    ):
        (folder / name).touch()
    (folder / "files").mkdir()

    running.require_ours(folder)
    running.empty(folder)

    assert list(folder.iterdir()) == []


def test_an_interrupted_loading_is_begun_again(folder):
    for name in ("qingdan.sqlite3", "qingdan.sqlite3-wal", "secret-key", running.LOADING):
        (folder / name).touch()

    running.forget_half_a_county(folder)

    assert [path.name for path in folder.iterdir()] == ["secret-key"]


def test_a_finished_county_is_not_begun_again(folder):
    (folder / "qingdan.sqlite3").touch()

    running.forget_half_a_county(folder)

    assert (folder / "qingdan.sqlite3").exists()


@pytest.fixture
def demo(folder):
    running.start_clock(folder)
    demo = running.Demo(folder, 9)
    demo.commands = {"web": [sys.executable, "-c", "import time; time.sleep(60)"]}
    demo.deaths = {"web": 0}
    yield demo
    demo.stop()


def test_a_process_that_dies_is_started_again(demo):
    demo.start("web")
    first = demo.running["web"]
    watching = threading.Thread(target=demo.watch)
    watching.start()
    first.kill()

    for _ in range(100):
        if demo.running["web"] is not first:
            break
        time.sleep(0.05)
    second = demo.running["web"]
    alive = second.poll() is None  # asked now: what a thread started ends with that thread
    demo.stopping.set()
    watching.join()

    assert second.pid != first.pid
    assert alive


def test_a_process_that_cannot_live_ends_the_demo_with_a_sentence(demo, monkeypatch):
    demo.commands["web"] = [sys.executable, "-c", "raise SystemExit(1)"]
    monkeypatch.setattr(demo.stopping, "wait", lambda _: time.sleep(0.05))

    demo.start("web")

    with pytest.raises(Trouble, match="web process ended 3 times"):
        demo.watch()


def test_its_processes_end_with_it_even_if_it_is_killed(tmp_path):
    code = (
        "import pathlib, subprocess, sys, time\n"
        "from qingdan.interfaces.site import running\n"
        "child = subprocess.Popen(['sleep', '60'], preexec_fn=running._die_with_parent)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())

    parent.send_signal(signal.SIGKILL)
    parent.wait()

    for _ in range(100):
        try:
            state = Path(f"/proc/{child}/stat").read_text().split()[2]
        except FileNotFoundError:
            state = "gone"
        if state in ("gone", "Z"):
            return
        time.sleep(0.05)
    pytest.fail("the child lives on")
