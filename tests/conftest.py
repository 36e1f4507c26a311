"""What every test shares: the database of this run, and a clock that nobody left moved."""

import os
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from qingdan.foundations.kernel import clock
from qingdan.interfaces.site import catalogues


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--record-queries",
        action="store_true",
        help="write down how often each page asks the database, instead of comparing",
    )


def pytest_configure() -> None:
    """SQLite tests use a file, as the product does: threads meet each other there as in life."""
    catalogues.compile_all()
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        name = Path(tempfile.gettempdir()) / f"qingdan-test-{os.getpid()}.sqlite3"
        database["TEST"] = database.get("TEST", {}) | {"NAME": str(name)}
        database["OPTIONS"] = database["OPTIONS"] | {
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF"
        }
    settings.SAMPLE_EVERY = 0  # by the key of this machine a result would wait here and pass there
    settings.SECOND_FACTOR = False  # as in a demo; tests/site/test_second_factor.py switches it on
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _clock_back() -> Iterator[None]:
    yield
    clock.set_for_test(None)


@pytest.fixture(autouse=True, scope="session")
def _a_flush_gets_past_the_journals_guards() -> None:
    """After a test with real transactions all rows go, and the journal lets none of its own go."""
    guards = import_module("qingdan.foundations.journal.migrations.0002_append_only")
    operations: Any = type(connection.ops)
    flush = operations.execute_sql_flush

    def unguarded(self: Any, statements: list[str]) -> None:
        guards.lower_guards(self.connection)
        try:
            flush(self, statements)
        finally:
            guards.raise_guards(self.connection)

    operations.execute_sql_flush = unguarded
