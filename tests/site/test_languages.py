"""The command line speaks one language at a time: the terminal's."""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from qingdan.interfaces.site import cli, linting, testing
from qingdan.interfaces.site.cli import main
from qingdan.interfaces.site.commands import COMMANDS, GROUPS

HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
NAMES = re.compile(
    r"Qingdan|qd|SQLite|PostgreSQL|Django|Chromium|Debian|HTTPS?|JSON|PEM|UTF|pytest|docs/settings\.md"
    r"|shell|root|2023-10-31T09:00|DIR|FILE|INSTANT|USER|PORT|HOST|CERT|KEY|START|LIMIT"
    r"|CODE|Ctrl-C|heavy|browser|\.?/?\.?qd/?\w*|--?[a-z-]+|`[^`]*`|PYTEST|ID|A/B"
)
"""What is written alike in every language: names, options, what stands for a value."""
PURE = {"deadline", "uscc"}
OWN_HELP = {"manage"}


def speaks(monkeypatch, language: str) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", language)
    monkeypatch.setattr(cli.catalogues, "compile_all", lambda: [])


def english_in(text: str, *values: str) -> list[str]:
    for value in (*COMMANDS, *values):
        text = re.sub(rf"(?<![\w-]){re.escape(value)}(?![\w-])", "", text)
    return re.findall(r"[A-Za-z]{3,}", NAMES.sub("", text))


def asked(capsys, *argv: str) -> str:
    with suppress(SystemExit):
        main(list(argv))
    out = capsys.readouterr()
    return out.out + out.err


HELPS = [("--help",), *((name, "--help") for name in COMMANDS if name not in OWN_HELP)]


@pytest.mark.parametrize("argv", HELPS, ids=" ".join)
def test_help_is_chinese_in_a_chinese_terminal(monkeypatch, capsys, argv: tuple[str, ...]) -> None:
    speaks(monkeypatch, "zh_CN.UTF-8")

    text = asked(capsys, *argv)

    assert HAN.search(text)
    assert english_in(text) == [], text


@pytest.mark.parametrize("argv", HELPS, ids=" ".join)
def test_help_is_english_in_an_english_terminal(
    monkeypatch, capsys, argv: tuple[str, ...]
) -> None:
    speaks(monkeypatch, "en_US.UTF-8")

    text = asked(capsys, *argv).replace("Qingdan 清单", "")

    assert text.strip()
    assert not HAN.search(text), text


WRONG = [
    ("nonsense",),
    ("demo", "--port", "0"),
    ("demo", "--port"),
    ("demo", "--nonsense"),
    ("demo", "x"),
    ("demo", "--fresh=1"),
    ("serve", "--cert", "x"),
    ("serve", "--cert", "/nowhere", "--key", "/nowhere"),
    ("serve", "--workers", "x"),
    ("token",),
    ("token", "USER", "--list", "--revoke"),
    ("token", "USER", "--revoke", "x"),
    ("factor",),
    ("tick", "--at", "yesterday"),
    ("verify", "--head"),
    ("--data",),
    ("token", "USER", "--data", "/nowhere/at/all"),
    ("deadline", "x"),
    ("deadline", "x", "5wd"),
    ("deadline", "2026-11-24", "5wd", "--nonsense", "1"),
    ("uscc",),
]


@pytest.mark.parametrize("argv", WRONG, ids=" ".join)
def test_wrong_use_is_one_sentence_in_the_terminals_language(
    monkeypatch, capsys, argv: tuple[str, ...]
) -> None:
    monkeypatch.delenv("QINGDAN_TEST_PG", raising=False)
    for variable in ("QINGDAN_DATA_DIR", "QINGDAN_DEMO"):
        monkeypatch.setenv(variable, "")  # put back afterwards, whatever the command sets
    speaks(monkeypatch, "zh_CN.UTF-8")
    assert main(list(argv)) == 2
    chinese = capsys.readouterr().err
    speaks(monkeypatch, "en_US.UTF-8")
    assert main(list(argv)) == 2
    english = capsys.readouterr().err

    for said in (chinese, english):
        assert said.strip().count("\n") == 0, said
    values = ("nonsense", "yesterday", "nowhere", "at", "all", "/")
    assert english_in(chinese, *values) == [], chinese
    assert HAN.search(chinese)
    assert not HAN.search(english), english


TROUBLES: dict[str, Callable[[], Any]] = {
    "full": lambda: OSError(28, "No space left on device"),
    "closed": lambda: PermissionError(13, "Permission denied", "/x"),
    "a file": lambda: FileExistsError(17, "File exists", "/x"),
}


@pytest.mark.parametrize("what", TROUBLES)
def test_what_the_world_does_to_us_is_said_in_the_terminals_language(
    monkeypatch, capsys, what: str
) -> None:
    def fails(_: list[str]) -> int:
        raise TROUBLES[what]()

    monkeypatch.setitem(cli.RUN, "demo", fails)
    speaks(monkeypatch, "zh_CN.UTF-8")
    assert main(["demo"]) == 1
    chinese = capsys.readouterr().err
    speaks(monkeypatch, "en_US.UTF-8")
    assert main(["demo"]) == 1
    english = capsys.readouterr().err

    assert english_in(chinese, "/x") == [], chinese
    assert not HAN.search(english)


def test_every_command_has_its_line_in_both_languages() -> None:
    assert set(COMMANDS) == set(cli.RUN)
    for said in (*COMMANDS.values(), *GROUPS):
        assert HAN.search(said.chinese)
        assert said.english
        assert not HAN.search(said.english)


def test_every_command_lists_the_data_folder(monkeypatch, capsys) -> None:
    speaks(monkeypatch, "en_US.UTF-8")

    for name in COMMANDS:
        if name not in PURE | OWN_HELP:
            assert "--data DIR" in asked(capsys, name, "--help"), name


def test_lint_names_its_checks_in_the_terminals_language(monkeypatch, capsys) -> None:
    speaks(monkeypatch, "zh_CN.UTF-8")
    monkeypatch.setattr(linting, "tool", lambda *_: False)
    for check in ("templates", "translations", "migrations", "documents"):
        if hasattr(linting, check):
            monkeypatch.setattr(linting, check, lambda: False)

    linting.lint()

    assert english_in(capsys.readouterr().err) == []


def test_the_tests_say_on_what_they_failed_in_the_terminals_language(monkeypatch, capsys) -> None:
    speaks(monkeypatch, "zh_CN.UTF-8")
    monkeypatch.setattr(testing, "pytest", lambda *_, **__: 1)
    monkeypatch.setattr(testing, "require_browser", lambda: None)
    monkeypatch.setattr(testing.assets, "ensure", lambda: None)

    testing.test([])

    assert english_in(capsys.readouterr().err) == []
