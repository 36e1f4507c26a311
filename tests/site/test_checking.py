"""`./qd test` and `./qd lint`: what they install, what they name, and when they fail."""

import subprocess

import pytest

from qingdan.interfaces.site import linting, testing
from qingdan.interfaces.site.trouble import Trouble


@pytest.fixture
def bare(monkeypatch):
    """A machine without Chromium and Chinese font; what is asked of apt is kept."""
    asked: list[list[str]] = []

    def apt(command, **_):
        asked.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(testing, "lacking", lambda: [] if asked else list(testing.PACKAGES))
    monkeypatch.setattr(testing.subprocess, "run", apt)
    monkeypatch.setattr(testing.shutil, "which", lambda _: "/usr/bin/apt-get")
    return asked


def test_as_root_what_the_browser_needs_is_installed(bare, monkeypatch):
    monkeypatch.setattr(testing.os, "geteuid", lambda: 0)

    testing.require_browser()

    assert [command[:2] for command in bare] == [["apt-get", "update"], ["apt-get", "install"]]
    assert bare[1][-3:] == ["chromium", "fonts-noto-cjk", "libatomic1"]


def test_otherwise_the_packages_are_named_and_nothing_is_skipped(bare, monkeypatch):
    monkeypatch.setattr(testing.os, "geteuid", lambda: 1000)

    with pytest.raises(Trouble, match="apt-get install chromium fonts-noto-cjk libatomic1"):
        testing.require_browser()

    assert bare == []


@pytest.mark.parametrize(
    ("codes", "exit_code"), [([0, 0], 0), ([1, 0], 1), ([0, 1], 1), ([0, 5], 1), ([5, 0], 1)]
)
def test_both_databases_run_and_a_run_without_tests_fails(monkeypatch, codes, exit_code):
    runs: list[bool] = []

    def pytest_run(_folder, _arguments, *, postgres=False):
        runs.append(postgres)
        return codes[len(runs) - 1]

    monkeypatch.setattr(testing, "pytest", pytest_run)
    monkeypatch.setattr(testing, "require_browser", lambda: None)
    monkeypatch.setattr(testing.assets, "ensure", lambda: None)

    assert testing.test([]) == exit_code
    assert runs == [False, True]


@pytest.mark.parametrize("bad", [None, "mypy", "ruff", "lint-imports"])
def test_lint_runs_every_check_whatever_the_ones_before_found(monkeypatch, bad):
    ran: list[str] = []

    def tool(name, *_):
        ran.append(name)
        return name != bad

    def broken():
        ran.append("templates")
        raise SyntaxError("a broken module")

    monkeypatch.setattr(linting, "tool", tool)
    monkeypatch.setattr(linting, "templates", lambda: True if bad is None else broken())
    monkeypatch.setattr(linting, "translations", lambda: True)
    monkeypatch.setattr(linting, "migrations", lambda: True)
    monkeypatch.setattr(linting, "documents", lambda: True, raising=False)

    assert linting.lint() == (0 if bad is None else 1)
    assert ran[-1] == "lint-imports", "its line is the last"
