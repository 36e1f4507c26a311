"""A town, and a browser in which somebody of it is signed in."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from town import Town

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture(scope="module")
def player() -> Iterator[Playwright]:
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright's loop runs in this thread
    with sync_playwright() as started:
        yield started
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browser(player: Playwright, tmp_path: Path) -> Iterator[BrowserContext]:
    context = player.chromium.launch_persistent_context(
        str(tmp_path / "profile"),
        executable_path=CHROMIUM,
        args=FLAGS,
        viewport={"width": 1366, "height": 768},
    )
    yield context
    context.close()


@pytest.fixture
def sits_down(browser: BrowserContext, live_server: Any, town: Town) -> Callable[[str, str], Page]:
    """A page on which the holder of a post is signed in, in a language."""

    def sit(code: str, language: str = "zh-hans") -> Page:
        client = Client()
        client.force_login(town.posts[code].holdings.get().user)
        session = client.cookies["sessionid"].value
        here = {"url": live_server.url}
        browser.add_cookies(
            [
                {"name": "sessionid", "value": session, **here},
                {"name": "language", "value": language, **here},
            ]
        )
        return browser.pages[0]

    return sit
