"""Every setting is documented, exists, and does something when it is flipped (D25)."""

import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# the settings are read again under another environment, as a fresh process would
pytestmark = pytest.mark.filterwarnings("ignore:'qingdan.interfaces.site.settings' found")
ROOT = Path(__file__).resolve().parents[2]
DOCUMENTED = set(
    re.findall(r"^\| `(QINGDAN_\w+)` \|", (ROOT / "docs/settings.md").read_text(), re.M)
)
Settings = dict[str, Any]

FLIPS: dict[str, tuple[str, Callable[[Settings], Any]]] = {
    "QINGDAN_DATA_DIR": ("/tmp/elsewhere", lambda s: s["DATA_DIR"]),
    "QINGDAN_DATABASE_URL": (
        "postgresql://u:p%40@db:5433/county",
        lambda s: (s["DATABASES"]["default"]["ENGINE"], s["DATABASES"]["default"].get("HOST")),
    ),
    "QINGDAN_SECRET_KEY": ("another", lambda s: s["SECRET_KEY"]),
    "QINGDAN_HOSTS": ("ledger.example", lambda s: s["ALLOWED_HOSTS"]),
    "QINGDAN_HTTPS": ("1", lambda s: (s["SESSION_COOKIE_SECURE"], s["SECURE_HSTS_SECONDS"])),
    "QINGDAN_PROXIES": ("1", lambda s: s["ALLAUTH_TRUSTED_PROXY_COUNT"]),
    "QINGDAN_IDLE_MINUTES": ("5", lambda s: s["IDLE_MINUTES"]),
    "QINGDAN_SESSION_HOURS": ("1", lambda s: (s["SESSION_HOURS"], s["SESSION_COOKIE_AGE"])),
    "QINGDAN_LOCKOUT": ("3/1h", lambda s: s["ACCOUNT_RATE_LIMITS"]["login_failed"]),
    "QINGDAN_SECOND_FACTOR": ("0", lambda s: s["SECOND_FACTOR"]),
    "QINGDAN_TOKEN_DAYS": ("30", lambda s: s["TOKEN_DAYS"]),
    "QINGDAN_SAMPLE_EVERY": ("3", lambda s: s["SAMPLE_EVERY"]),
    "QINGDAN_SAMPLE_KEY": ("unforeseen", lambda s: s["SAMPLE_KEY"]),
    "QINGDAN_LOG_LEVEL": ("DEBUG", lambda s: s["LOGGING"]["root"]["level"]),
    "QINGDAN_DEMO": ("1", lambda s: s["DEMO"]),
    "QINGDAN_TEST_PG": ("/tmp/socket|postgres", lambda s: s["DATABASES"]["default"]["ENGINE"]),
}
ELSEWHERE = {
    "QINGDAN_DEMO_CLOCK": "tests/site/test_demo.py flips it",
    "QINGDAN_UV": "the launcher's: tests/site/test_launcher.py flips it",
}


def read_settings() -> Settings:
    return runpy.run_module("qingdan.interfaces.site.settings")


def named_in_the_program() -> set[str]:
    files = [ROOT / "qd", *(ROOT / "src").rglob("*.py")]
    names: set[str] = set()
    for path in files:
        text = path.read_text()
        names |= set(re.findall(r"QINGDAN_[A-Z_]*[A-Z]", text))
        names |= {f"QINGDAN_{n}" for n in re.findall(r'_(?:told|switched_on)\("(\w+)"', text)}
    return names


def test_every_setting_of_the_program_is_documented_and_every_documented_one_exists():
    assert named_in_the_program() == DOCUMENTED


def test_every_documented_setting_is_flipped_by_a_test():
    assert set(FLIPS) | set(ELSEWHERE) == DOCUMENTED


@pytest.mark.parametrize("name", sorted(FLIPS))
def test_a_flipped_setting_makes_a_difference(name, monkeypatch, tmp_path):
    value, seen = FLIPS[name]
    monkeypatch.setenv("QINGDAN_DATA_DIR", str(tmp_path))
    for other in FLIPS:
        if other != "QINGDAN_DATA_DIR":
            monkeypatch.delenv(other, raising=False)
    before = seen(read_settings())
    monkeypatch.setenv(name, str(tmp_path / "x") if name == "QINGDAN_DATA_DIR" else value)

    assert seen(read_settings()) != before


def test_a_database_url_is_taken_apart_with_its_escapes(monkeypatch, tmp_path):
    monkeypatch.setenv("QINGDAN_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("QINGDAN_TEST_PG", raising=False)
    monkeypatch.setenv("QINGDAN_DATABASE_URL", "postgresql://u:p%40@db:5433/county")

    database = read_settings()["DATABASES"]["default"]

    assert (database["USER"], database["PASSWORD"], database["NAME"]) == ("u", "p@", "county")
    assert (database["HOST"], int(database["PORT"])) == ("db", 5433)


def test_the_secret_key_is_made_once_and_is_its_owners_alone(monkeypatch, tmp_path):
    monkeypatch.setenv("QINGDAN_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("QINGDAN_SECRET_KEY", raising=False)

    first, again = read_settings()["SECRET_KEY"], read_settings()["SECRET_KEY"]

    assert first == again
    assert len(first) >= 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_passwords_are_kept_by_argon2(monkeypatch, tmp_path):
    monkeypatch.setenv("QINGDAN_DATA_DIR", str(tmp_path))

    hashers = read_settings()["PASSWORD_HASHERS"]

    assert hashers == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
