"""From a clone to the first page, on a machine with Debian's python3 and nothing of ours."""

import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIRST_PAGE_SECONDS = 120
SECOND_START_SECONDS = 5

pytestmark = pytest.mark.heavy


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Clone:
    """A clone in a folder of its own, with an empty home and an empty environment."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "clone"
        self.env = {"HOME": str(folder / "home"), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
        (folder / "home").mkdir()
        subprocess.run(["git", "clone", "-q", str(ROOT), str(self.path)], check=True)
        self.running: subprocess.Popen[str] | None = None
        self.port = free_port()

    def qd(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["./qd", *words], cwd=self.path, env=self.env, capture_output=True, text=True
        )

    def demo(self, *words: str) -> float:
        """Start the demo; the seconds until its first page."""
        began = time.monotonic()
        log = (self.path.parent / "log").open("w")
        self.running = subprocess.Popen(
            ["./qd", "demo", "--port", str(self.port), *words],
            cwd=self.path, env=self.env, stdout=log, stderr=log, text=True,
        )  # fmt: skip
        while time.monotonic() - began < FIRST_PAGE_SECONDS:
            assert self.running.poll() is None, self.log()
            try:
                if self.get("/health/ready") == 200:
                    return time.monotonic() - began
            except OSError:
                time.sleep(0.1)
        pytest.fail(f"no page after {FIRST_PAGE_SECONDS} s: {self.log()}")

    def log(self) -> str:
        return (self.path.parent / "log").read_text()

    def get(self, path: str, token: str = "") -> int:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            asked = Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
            with urlopen(asked, timeout=10) as answer:
                return answer.status
        except HTTPError as error:
            return error.code

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self.running:
            self.running.send_signal(number)
            self.running.wait(20)
            self.running = None


@pytest.fixture
def clone(tmp_path):
    clone = Clone(tmp_path)
    yield clone
    clone.stop()


def test_a_clone_serves_its_first_page_and_starts_again_as_it_was(clone):
    first = clone.demo()
    password = re.search(r"^password: (\S+)$", clone.log(), re.M)
    assert password
    assert clone.get("/accounts/login/") == 200
    token = clone.qd("token", "desk").stdout.strip()
    assert clone.get("/api/v1/me", token) == 200
    clone.stop()
    with pytest.raises(OSError, match="refused"):
        clone.get("/health/live")

    second = clone.demo()

    assert clone.log().count(password[0]) == 1, "the password changed"
    assert clone.get("/api/v1/me", token) == 200, "what lies in the folder stays"
    print(f"first page {first:.1f} s, second start {second:.1f} s")
    assert second < SECOND_START_SECONDS


def test_a_set_up_that_was_killed_goes_on_at_the_next_start(clone):
    for seconds in (0.5, 2, 6, 3):  # while uv comes, packages, npm's part, the county
        process = subprocess.Popen(
            ["./qd", "demo", "--port", str(clone.port)],
            cwd=clone.path, env=clone.env, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    clone.demo()

    assert clone.get("/accounts/login/") == 200


def test_a_second_demo_on_the_same_folder_or_port_is_refused(clone):
    clone.demo()

    on_the_port = clone.qd("demo", "--port", str(clone.port))
    on_the_folder = clone.qd("demo", "--port", str(free_port()))

    assert (on_the_port.returncode, on_the_folder.returncode) == (2, 2)
    assert "is taken" in on_the_port.stderr
    assert "running" in on_the_folder.stderr
    assert clone.get("/health/ready") == 200


def test_the_web_processes_come_back_when_they_are_killed(clone):
    clone.demo()
    assert clone.running
    children = subprocess.run(
        ["pgrep", "-P", str(clone.running.pid)], capture_output=True, text=True
    ).stdout.split()
    for child in children:
        os.kill(int(child), signal.SIGKILL)

    for _ in range(200):
        time.sleep(0.1)
        try:
            if clone.get("/health/ready") == 200:
                break
        except OSError:
            continue
    else:
        pytest.fail("nothing came back")
