"""A town in which every word tells whose it is, built once a file; a test takes back its own."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from fuzz.marked import Marked, marked
from town import Town


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Marked]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield marked(Town())
        transaction.set_rollback(True)


@pytest.fixture
def db() -> None:
    """The transaction is the file's: this name alone makes pytest-django lay out the tables."""


@pytest.fixture
def matters(db: None, built: Marked) -> Iterator[Marked]:
    words = dict(built.words)
    built.town.on("2023-10-30 09:00")
    with transaction.atomic():
        yield built
        transaction.set_rollback(True)
    built.words = words
