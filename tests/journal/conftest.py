"""A county with a journal of its own, and somebody who tampers with it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from qingdan.foundations.journal.models import Entry, Head
from qingdan.foundations.journal.record import Actor, record
from qingdan.foundations.kernel import clock

COUNTY = "430481"
NINE = datetime(2023, 10, 30, 9, 0, tzinfo=clock.COUNTY_ZONE)


@dataclass
class Journal:
    """Writes facts of one county, a minute after each other."""

    county: str = COUNTY
    minutes: int = 0

    @property
    def actor(self) -> Actor:
        return Actor(self.county, role="desk", post_id=3, user_id=7, unit_code="desk")

    def writes(self, kind: str = "issue.progress", subject: str = "issue:1", **more: Any) -> Entry:
        self.minutes += 1
        at = NINE + timedelta(minutes=self.minutes)
        with transaction.atomic():
            return record(kind, subject, county=self.county, by=self.actor, at=at, **more)

    def has(self, number: int) -> "Journal":
        for n in range(number):
            self.writes(words={"text": f"第{n}句"}, n=n)
        return self

    def head(self) -> dict[str, dict[str, Any]]:
        head = Head.objects.get(county=self.county)
        return {self.county: {"seq": head.seq, "hash": head.hash}}


@pytest.fixture
def journal(db: None) -> Journal:
    return Journal()


@pytest.fixture
def tampered(db: None) -> Callable[..., None]:
    """Run SQL as somebody who owns the database would: without the triggers."""
    guards = import_module("qingdan.foundations.journal.migrations.0002_append_only")

    def tampered(*statements: str) -> None:
        guards.lower_guards(connection)
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        guards.raise_guards(connection)

    return tampered


@pytest.fixture
def counted() -> Callable[[], Any]:
    """What the database was asked meanwhile."""

    @contextmanager
    def counted() -> Iterator[CaptureQueriesContext]:
        with CaptureQueriesContext(connection) as queries:
            yield queries

    return counted
