"""Serving: an installation's web processes, and the demo with everything around it."""

import ctypes
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from urllib.request import urlopen

from qingdan.foundations.kernel import clock

from . import assets, places
from .trouble import Trouble, WrongUse, in_words, say

FIRST_MORNING = datetime(2023, 10, 30, 9, tzinfo=clock.COUNTY_ZONE)
LOADING = "loading"
STANDS = "demo-stands"
LOCK = "demo.lock"
OURS = (
    "qingdan.sqlite3", "secret-key", "files", LOADING, STANDS, LOCK,
    places.DEMO_CLOCK, places.DEMO_PASSWORD, places.VERIFIED,
)  # fmt: skip
"""What a data folder holds; --fresh empties no folder in which anything else lies."""
SAVE_CLOCK_SECONDS = 3
QUICK_DEATH_SECONDS = 5
QUICK_DEATHS = 3


# ------------------------------------------------------------------ an installation


def gunicorn(host: str, port: int, workers: int, *more: str) -> list[str]:
    """The command of the web processes."""
    return [
        sys.executable, "-P", "-m", "gunicorn", "qingdan.interfaces.site.wsgi:application",
        "--bind", f"{host}:{port}", "--worker-class", "gthread", "--workers", str(workers),
        "--threads", "4", "--no-control-socket", "--graceful-timeout", "5", "--log-level",
        "warning", *more,
    ]  # fmt: skip


def serve(host: str, port: int, workers: int, cert: Path | None, key: Path | None) -> int:
    """Become the web processes of an installation."""
    require_free(host, port)
    prepare()
    from .database import require_this_version

    require_this_version()
    more: list[str] = []
    if cert and key:
        os.environ.setdefault("QINGDAN_HTTPS", "1")
        more = ["--certfile", str(cert), "--keyfile", str(key)]
    say(f"serving on {host}:{port}", f"已在 {host}:{port} 提供服务")
    command = gunicorn(host, port, workers, *more)
    sys.stderr.flush()
    os.execv(command[0], command)


def prepare() -> None:
    """What any serving needs besides the database: front-end parts, words, Django."""
    try:
        assets.ensure()
    except assets.NotFetched as trouble:
        raise Trouble(str(trouble)) from None
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingdan.interfaces.site.settings")
    import django

    django.setup()


def require_free(host: str, port: int) -> None:
    """Raises WrongUse if something listens there already: said before any slow work."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise WrongUse(
                in_words(
                    f"Port {port} is taken ({error.strerror}): stop what listens there, or choose"
                    f" another with --port {port + 1}.",
                    f"端口 {port} 已被占用：请停止占用它的程序，或用 --port {port + 1}。",
                )
            ) from None


# ------------------------------------------------------------------ the demo


def demo(port: int, *, fresh: bool) -> int:
    """Set up, load and serve the demo county until told to stop."""
    require_free("127.0.0.1", port)
    folder = places.data_dir()
    if folder.exists() and not folder.is_dir():
        raise WrongUse(
            in_words(f"{folder} is a file, not a folder.", f"{folder} 是文件，不是文件夹。")
        )
    if fresh:
        require_ours(folder)
    places.make_folder(folder)
    with only_one(folder):
        if fresh:
            empty(folder)
        os.environ["QINGDAN_DATA_DIR"] = str(folder)
        os.environ["QINGDAN_DEMO"] = "1"
        os.environ.setdefault("QINGDAN_SAMPLE_KEY", places.DEMO_SAMPLE)
        os.environ["QINGDAN_DEMO_CLOCK"] = str(folder / places.DEMO_CLOCK)
        forget_half_a_county(folder)
        prepare()
        require_a_demos_data(folder)
        start_clock(folder)
        password = places.demo_password()
        load(folder)
        from .demo.load import ACCOUNTS

        say_where(port, password, ACCOUNTS)
        return Demo(folder, port).run()


def require_a_demos_data(folder: Path) -> None:
    """Raises WrongUse for data of a newer version, or of a county that is no demo's.

    A real county would get a clock that somebody moves, and never get its own days back.
    """
    from django.db import connection

    from qingdan.domain.people.models import County

    from .database import refuse_newer

    if is_new(folder):
        return
    refuse_newer()
    if places.is_demo(folder):
        return
    there = County._meta.db_table in connection.introspection.table_names()
    if there and County.objects.exists():
        raise not_a_demo(folder)


def is_new(folder: Path) -> bool:
    """Whether the embedded database is not there yet; asking it would make it."""
    from django.db import connection

    return connection.vendor == "sqlite" and not (folder / "qingdan.sqlite3").exists()


def not_a_demo(folder: Path) -> WrongUse:
    return WrongUse(
        in_words(
            f"{folder} holds an installation, not a demo: name another folder with --data.",
            f"{folder} 中是正式安装的数据，不是演示数据：请用 --data 指定其他文件夹。",
        )
    )


def require_ours(folder: Path) -> None:
    """Raises WrongUse if the folder holds anything that a data folder does not."""
    if not folder.exists():
        return
    if (folder / "qingdan.sqlite3").exists() and not places.is_demo(folder):
        raise not_a_demo(folder)
    strangers = [path.name for path in folder.iterdir() if not path.name.startswith(OURS)]
    if strangers:
        raise WrongUse(
            in_words(
                f"--fresh would empty {folder}, but {strangers[0]} there is not Qingdan's:"
                " name another folder with --data.",
                f"--fresh 会清空 {folder}，但其中的 {strangers[0]} 不属于清单："
                "请用 --data 指定其他文件夹。",
            )
        )


def empty(folder: Path) -> None:
    """Remove what lies in a data folder, except the lock that we hold."""
    import shutil

    for path in folder.iterdir():
        if path.name == LOCK:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the system lets go of it even if we are killed."""
    with (folder / LOCK).open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise WrongUse(
                in_words(
                    f"A demo is running with {folder} already: stop it, or name another folder"
                    " with --data.",
                    f"已有演示正在使用 {folder}：请先停止它，或用 --data 指定其他文件夹。",
                )
            ) from None
        yield


def forget_half_a_county(folder: Path) -> None:
    """If loading was interrupted, begin again: half a county is worse than none."""
    if not (folder / LOADING).exists():
        return
    say("the last start was interrupted, beginning again", "上次启动被中断，现重新开始")
    for path in folder.glob("qingdan.sqlite3*"):
        path.unlink()
    (folder / LOADING).unlink()


def start_clock(folder: Path) -> None:
    """Let the county's clock go on where it stood; the first time it stands at FIRST_MORNING."""
    stands = where_it_stood(folder) or FIRST_MORNING
    offset = (stands - clock.real()).total_seconds()
    clock.keep_demo(offset, folder / places.DEMO_CLOCK)


def where_it_stood(folder: Path) -> datetime | None:
    """The county's time when the last demo ended, or None.

    The clock's file says where it stood when somebody moved it; ours, written every few seconds,
    where it stood last. The newer of the two is right.
    """
    moved, ours = folder / places.DEMO_CLOCK, folder / STANDS
    if not moved.exists():
        return None
    if ours.exists() and ours.stat().st_mtime_ns >= moved.stat().st_mtime_ns:
        with suppress(ValueError):
            return datetime.fromisoformat(ours.read_text())
    return datetime.fromisoformat(json.loads(moved.read_text())["stands"])


def keep_clock(folder: Path) -> None:
    """Write down where the county's clock stands, in a file of our own: the other has writers."""
    draft = folder / f"{STANDS}.draft"
    draft.write_text(clock.now().isoformat())
    draft.replace(folder / STANDS)


def load(folder: Path) -> None:
    """Migrate, and load the demo county if there is none."""
    from django.db import connection

    from qingdan.domain.people.models import County

    from .database import migrate
    from .demo.load import load_demo

    new = is_new(folder)
    marker = folder / LOADING
    if new:
        marker.touch()
        with connection.cursor() as cursor:  # nothing is lost if the power fails now
            cursor.execute("PRAGMA synchronous=OFF")
        say("preparing the database …", "正在准备数据库……")
    migrate()
    if not County.objects.exists():
        say("loading the demo county …", "正在载入演示县……")
        load_demo(say=say)
    connection.close()
    if new:
        os.sync()
        marker.unlink()


def say_where(port: int, password: str, accounts: list[tuple[str, str]]) -> None:
    """The address, the accounts and the password, on standard output."""
    width = max((len(name) for name, _ in accounts), default=0)
    print(f"\n  http://127.0.0.1:{port}/\n")
    for name, what in accounts:
        print(f"  {name:<{width}}  {what}")
    print(f"\npassword: {password}\n", flush=True)


class Demo:
    """The demo's processes: web and worker, started again if they die, ended together."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.stopping = threading.Event()
        self.commands = {
            "web": gunicorn("127.0.0.1", port, 2),
            "worker": [sys.executable, "-P", "-m", "qingdan.interfaces.site.cli", "worker"],
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.began: dict[str, float] = {}
        self.deaths = dict.fromkeys(self.commands, 0)

    def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())
        threading.Thread(target=self.announce, daemon=True).start()
        try:
            for name in self.commands:
                self.start(name)
            self.watch()
        finally:
            self.stop()
            keep_clock(self.folder)
        return 0

    def watch(self) -> None:
        kept = time.monotonic()
        while not self.stopping.wait(0.3):
            for name, process in list(self.running.items()):
                if process.poll() is not None:
                    self.again(name)
            if time.monotonic() - kept >= SAVE_CLOCK_SECONDS:
                keep_clock(self.folder)
                kept = time.monotonic()

    def start(self, name: str) -> None:
        self.began[name] = time.monotonic()
        self.running[name] = subprocess.Popen(
            self.commands[name],
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            start_new_session=True,  # a Ctrl-C is ours to pass on
            preexec_fn=_die_with_parent,
        )

    def again(self, name: str) -> None:
        """Start a dead process again, unless it cannot live."""
        lived = time.monotonic() - self.began[name]
        self.deaths[name] = self.deaths[name] + 1 if lived < QUICK_DEATH_SECONDS else 1
        if self.deaths[name] > QUICK_DEATHS:
            raise Trouble(
                in_words(
                    f"The {name} process ended {QUICK_DEATHS} times at once; what it wrote above"
                    " says why.",
                    f"{name} 进程连续 {QUICK_DEATHS} 次退出；原因见上文输出。",
                )
            )
        say(f"the {name} process ended, starting it again", f"{name} 进程已退出，正在重新启动")
        self.stopping.wait(self.deaths[name] - 1)
        if not self.stopping.is_set():
            self.start(name)

    def stop(self) -> None:
        for process in self.running.values():
            with suppress(ProcessLookupError):
                process.terminate()
        end = time.monotonic() + 8
        for process in self.running.values():
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def announce(self) -> None:
        """Say when the first page can be opened."""
        address = f"http://127.0.0.1:{self.port}/health/ready"
        while not self.stopping.wait(0.2):
            with suppress(OSError), urlopen(address, timeout=5):
                say("ready; Ctrl-C ends it", "已就绪；按 Ctrl-C 结束")
                return


def _die_with_parent() -> None:
    """Linux: end with the demo even if that is killed outright, so that no port stays taken."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
