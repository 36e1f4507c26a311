"""`./qd check`: what is unsafe or unset is said in words, in one language, with what to do."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from qingdan.domain.people.models import Holding, Post
from qingdan.domain.people.states import ADMINISTRATORS
from qingdan.foundations.journal.models import Head
from qingdan.foundations.kernel import clock
from qingdan.interfaces.site import deployment, places
from qingdan.interfaces.site.cli import main
from qingdan.interfaces.site.database import NewerData
from qingdan.interfaces.site.models import SecondFactor
from town import Town

pytestmark = [pytest.mark.django_db, pytest.mark.db]
SQLITE = "SQLite"
STRONG = "k" * 50


@pytest.fixture
def well_set(settings, monkeypatch, tmp_path) -> Any:
    """An installation in which nothing is left to say, but for SQLite."""
    folder = tmp_path / "data"
    places.make_folder(folder)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES", "QINGDAN_DEMO_CLOCK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(deployment, "_asked", lambda _: "2")  # the tests' own spares the disk
    settings.DATA_DIR = folder
    settings.DEMO = settings.DEBUG = False
    settings.SECRET_KEY = settings.SAMPLE_KEY = STRONG
    settings.ALLOWED_HOSTS = ["ledger.example"]
    settings.HTTPS = settings.SECOND_FACTOR = True
    return settings


def said() -> list[str]:
    return [one for one in deployment.findings() if not one.startswith("The database is SQLite")]


def test_where_all_is_well_nothing_is_said(well_set) -> None:
    assert said() == []


def sets(**more: Any) -> Callable[[Any], None]:
    def change(settings: Any) -> None:
        for name, value in more.items():
            setattr(settings, name, value)

    return change


def opens(name: str, mode: int) -> Callable[[Any], None]:
    def change(settings: Any) -> None:
        path = settings.DATA_DIR / name
        if name:
            path.write_text("x")
        path.chmod(mode)

    return change


def administrator(settings: Any) -> None:
    user = get_user_model().objects.create_user("boss", "balomiku27")
    post = Post.objects.create(county="430481", code="sys", role="sysadmin", title="系统管理员")
    Holding.objects.create(county="430481", post=post, user=user, from_at=clock.now())


def one_password(settings: Any) -> None:
    for name in ("one", "two"):
        get_user_model().objects.create(username=name, password="argon2$the-same")


def journal(settings: Any) -> None:
    town = Town()
    town.desk.registers("货车限行")
    clock.set_for_test(None)
    for user in get_user_model().objects.filter(holdings__post__role__in=ADMINISTRATORS):
        SecondFactor.objects.create(user=user, key="K", real_added_at=clock.real())


def broken_head(settings: Any) -> None:
    journal(settings)
    deployment.heads_were_saved()
    Head.objects.update(hash="0" * 64)


def clock_set_back(settings: Any) -> None:
    journal(settings)
    deployment.heads_were_saved()
    clock.set_for_test(clock.real() - timedelta(days=3000))


def moved_clock(settings: Any) -> None:
    clock.set_for_test(clock.real() + timedelta(days=10))


TO_DO = re.compile(
    r"(?i)(?:[:,.] |and |then )(unset|set|use|run|name|chmod|switch|give|begin|let|at most"
    r"|for real|each adds)"
)
UNSAFE: dict[str, tuple[Callable[[Any], None], str]] = {
    "a demo": (sets(DEMO=True), "This is a demo"),
    "a demo's folder": (opens(places.DEMO_PASSWORD, 0o600), "holds a demo's password"),
    "a moved clock": (moved_clock, "The county's clock is moved by"),
    "debug": (sets(DEBUG=True), "DEBUG is on"),
    "a talkative log": (sets(LOGGING={"root": {"level": "DEBUG"}}), "QINGDAN_LOG_LEVEL is DEBUG"),
    "a short key": (sets(SECRET_KEY="short", SAMPLE_KEY="short"), "QINGDAN_SECRET_KEY is short"),
    "the demo's sample key": (sets(SAMPLE_KEY="demo"), "QINGDAN_SAMPLE_KEY is the demo's"),
    "a short sample key": (sets(SAMPLE_KEY="abc"), "QINGDAN_SAMPLE_KEY is short"),
    "no HTTPS": (sets(HTTPS=False), "HTTPS is off"),
    "every host": (sets(ALLOWED_HOSTS=["*"]), "QINGDAN_HOSTS allows every name"),
    "no host": (sets(ALLOWED_HOSTS=["127.0.0.1", "localhost"]), "QINGDAN_HOSTS is unset"),
    "no second factor": (sets(SECOND_FACTOR=False), "QINGDAN_SECOND_FACTOR is off"),
    "long idleness": (sets(IDLE_MINUTES=600), "Sign-ins last long"),
    "long days": (sets(SESSION_HOURS=72), "Sign-ins last long"),
    "endless tokens": (sets(TOKEN_DAYS=0), "API tokens never end"),
    "an open folder": (opens("", 0o755), "can look into"),
    "an open key": (opens("secret-key", 0o644), "Others can read"),
    "an administrator without one": (administrator, "without a second factor yet: boss"),
    "one password for two": (one_password, "2 accounts share one stored password"),
    "a broken head": (broken_head, "does not end where its head says"),
    "a clock set back": (clock_set_back, "stands before the last entry"),
    "heads that never left": (journal, "did not leave this machine for a month"),
}


@pytest.mark.parametrize("what", UNSAFE)
def test_what_is_unsafe_or_unset_is_said_with_what_to_do(well_set, what: str) -> None:
    change, sentence = UNSAFE[what]

    change(well_set)

    found = [one for one in said() if sentence in one]
    assert len(found) == 1, said()
    assert TO_DO.search(found[0]), "what should one do?"


NAMES = ("SQLite", "PostgreSQL", "HTTPS", "DEBUG", "WARNING", "FILE", "FULL", "synchronous_commit",
         "synchronous", "fsync", "serve", "boss", "days", "secret-key")  # fmt: skip


def english_in(sentence: str, folder: str) -> list[str]:
    """Words that a Chinese sentence should not have, beside names that are the same anywhere."""
    sentence = re.sub(r"QINGDAN_[A-Z_]+|\./qd [a-z]+|--[a-z-]+|chmod \d+", "", sentence)
    for name in (folder, *NAMES):
        sentence = sentence.replace(name, "")
    return re.findall(r"[A-Za-z]{3,}", sentence)


@pytest.mark.parametrize("what", UNSAFE)
def test_in_a_chinese_terminal_it_is_said_in_chinese_alone(
    well_set, monkeypatch, what: str
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    UNSAFE[what][0](well_set)

    for sentence in deployment.findings():
        assert re.search(r"[\u4e00-\u9fff]", sentence), sentence
        assert english_in(sentence, str(well_set.DATA_DIR)) == [], sentence


def test_a_database_that_spares_the_disk_is_named(well_set, monkeypatch) -> None:
    level = {"sqlite": "1", "postgresql": "off"}[connection.vendor]
    monkeypatch.setattr(deployment, "_asked", lambda _: level)

    assert any("does not wait for the disk" in one for one in said())


def test_the_level_is_asked_of_the_database_itself(well_set, monkeypatch) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("LANG", "en_US.UTF-8")

    assert any("does not wait for the disk" in one for one in deployment.findings())


def test_an_old_or_newer_database_is_named_and_its_tables_are_left_alone(
    well_set, monkeypatch
) -> None:
    def untouched() -> None:
        raise AssertionError("asked the tables")

    monkeypatch.setattr(deployment, "WITH_DATA", (untouched,))
    monkeypatch.setattr(deployment, "migrations_done", lambda: False)
    assert said() == ["The database is not up to date: run ./qd migrate."]

    def newer() -> None:
        raise NewerData

    monkeypatch.setattr(deployment, "refuse_newer", newer)
    assert len(said()) == 1


def test_heads_that_left_lately_are_enough_for_a_month(well_set) -> None:
    journal(well_set)
    deployment.heads_were_saved()
    assert said() == []

    kept = Path(well_set.DATA_DIR) / places.VERIFIED
    kept.write_text((clock.real() - timedelta(days=40)).isoformat())
    assert any("for a month" in one for one in said())


def test_an_administrator_with_a_second_factor_is_not_named(well_set) -> None:
    administrator(well_set)
    user = get_user_model().objects.get(username="boss")
    SecondFactor.objects.create(user=user, key="K", real_added_at=clock.real())

    assert said() == []


def test_the_command_prints_a_line_each_and_exits_1_if_there_is_one(
    well_set, monkeypatch, capsys
) -> None:
    monkeypatch.setattr(deployment, "WITH_DATA", ())
    assert main(["check"]) == 0
    assert capsys.readouterr().out == ""

    well_set.DEBUG = True
    assert main(["check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "DEBUG is on: error pages show the program's inside. Switch it off."
    ]


def test_a_new_data_folder_is_its_owners_alone(tmp_path) -> None:
    places.keep_secret(tmp_path / "new" / "secret-key", "x")

    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
