from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from qingdan.domain.people.models import User
from qingdan.domain.visits.actions import plan_outing
from qingdan.domain.visits.models import Outing, Stop
from town import Town

BROWSER = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def outing(town: Town) -> Outing:
    """Today's outing of the leader, to the one enterprise that is linked to him."""
    return plan_outing(
        date(2023, 10, 30),
        [town.firm_subject],
        by=town.assistant.person,
        leader=town.posts["leader"],
    )


@pytest.fixture
def stop(outing: Outing) -> Stop:
    return outing.stops.get()


@pytest.fixture
def signed_in(client: Client, town: Town) -> Client:
    """The assistant, in the browser."""
    return as_(client, "assistant")


def as_(client: Client, username: str) -> Client:
    client.force_login(User.objects.get(username=username))
    return client


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    # playwright's loop runs in this thread, which also asks the database
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    if not Path(BROWSER).exists():
        pytest.fail("there is no Chromium here: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield browser
        browser.close()
