"""What every test shares: the database of this run, and a clock that nobody left moved."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from qingdan.foundations.kernel import clock
from qingdan.interfaces.site import catalogues


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
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _clock_back() -> Iterator[None]:
    yield
    clock.set_for_test(None)
