"""A walk through every page of the demo county: both languages, both widths, and no script.

Screenshots are kept where QINGDAN_SHOTS names a folder; QINGDAN_TOUR, a regular expression of
stations' names, makes the walk shorter. `./qd test --pg tests/journeys/test_tour.py` walks on
PostgreSQL.
"""

import os
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from journeys.tour import (
    NO_PAGES,
    UNITS,
    Station,
    Tour,
    account,
    among,
    at,
    fill,
    routes_of,
    shown_pages,
    some,
    tour,
)
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import open_acts
from qingdan.domain.people.models import User
from qingdan.foundations.kernel import clock
from qingdan.interfaces.site.models import SignIn
from qingdan.interfaces.site.second_factor import PROVED

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
WIDE = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
SHOTS = os.environ.get("QINGDAN_SHOTS", "")
ONLY = os.environ.get("QINGDAN_TOUR", "")
MORNING = datetime(2023, 10, 30, 9, tzinfo=clock.COUNTY_ZONE)
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
TRIMMED = {"resultTypes": ["violations"]}
ALLOWED = {"english", "enter", "ctrl", "esc", "shift", "edge", "windows"}
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/118.0.0.0 Edg/118.0.2088.61"


@pytest.fixture
def _django_db_helper() -> None:
    """No transaction around each test, and no flush after it: the server sees what it sees."""


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: Any) -> Iterator[Tour]:
    """One county serves the whole file: it plays four hundred acts."""
    with django_db_blocker.unblock():
        clock.set_for_test(MORNING)
        fill()
        yield tour()
        clock.set_for_test(None)
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="module")
def url(county: Tour) -> Iterator[str]:
    server = LiveServer(os.environ.get("DJANGO_LIVE_TEST_SERVER_ADDRESS", "localhost"))
    server._live_server_modified_settings.enable()
    yield server.url
    server.stop()
    server._live_server_modified_settings.disable()


@pytest.fixture(scope="module")
def chromium(url: str) -> Iterator[Browser]:
    """Closed before the server is: what a page still waits for holds a connection."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as player:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop is in this thread
        browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _morning() -> None:
    clock.set_for_test(MORNING)


def stations(county: Tour) -> Iterator[tuple[str, Station]]:
    return (found for found in county.stations.items() if re.search(ONLY, found[0]))


@cache
def key_of(who: str) -> str:
    """The session of somebody who came in once, and stays for the whole tour."""
    kind, _, rest = who.rpartition(":")
    client = Client()
    if kind == "link":
        client.get(f"/portal/l/{rest}/")
    else:
        user = User.objects.get(username=rest)
        client.force_login(user)
        SignIn.objects.filter(user=user).update(browser=BROWSER, address="10.8.0.21")
        if not kind:
            session = client.session
            session[PROVED] = True
            session.save()
    return client.cookies["sessionid"].value


def opens(page: Page, url: str, station: Station, language: str) -> int:
    """Open a station as who stands there; the status of what is shown in the end."""
    cookies = {"language": language}
    if station.who:
        cookies["sessionid"] = key_of(station.who)
    page.goto("about:blank")  # or the page before would poll as somebody else
    page.context.clear_cookies()
    page.context.add_cookies([{"name": n, "value": v, "url": url} for n, v in cookies.items()])
    settings.SECOND_FACTOR = station.who.startswith("factor:")
    answers: list[Any] = []
    page.on("response", keep := lambda said: answers.append(said))
    page.goto(url + station.address)
    if station.then:
        station.then(page)
        page.wait_for_load_state()
    page.remove_listener("response", keep)
    settings.SECOND_FACTOR = False
    own = [one.status for one in answers if one.request.is_navigation_request()]
    return own[-1] if own else 0


def strangers(page: Page) -> list[str]:
    """Latin words on a Chinese page, as far as a simple look can tell."""
    said = re.sub(r"https?://\S+|/\w+/\S*|[0-9A-Z]{8,}", " ", page.inner_text("body"))
    return [word for word in re.findall(r"[A-Za-z]{4,}", said) if word.lower() not in ALLOWED]


class Eye:
    """What is wrong with what a page shows, by script."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: list[str] = []
        self.said: list[str] = []
        page.on("console", lambda said: self.said.append(said.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))

    def looks(self, here: str, station: Station, language: str, status: int, axe: bool) -> None:
        expected = station.status
        if status != expected:
            self.wrong.append(f"{here}: {status}")
        elif not self.page.url.endswith(station.address):
            self.wrong.append(f"{here}: led on to {self.page.url}")
        if not self.page.evaluate(FITS):
            self.wrong.append(f"{here}: scrolls sideways")
        if language == "zh-hans" and not station.names:
            self.wrong += [f"{here}: says {word}" for word in strangers(self.page)]
        if axe:
            found = Axe().run(self.page, options=TRIMMED)
            for one in found.response["violations"]:
                self.wrong.append(f"{here}: {one['id']} {one['nodes'][0]['html'][:160]}")
        refused = f"status of {expected}" if expected != 200 else "\0"  # the browser says it too
        self.wrong += [f"{here}: {said}" for said in self.said if refused not in said]
        self.said.clear()


def test_every_page_is_a_station_of_the_tour(county: Tour) -> None:
    shown = set(shown_pages())
    forgotten = shown - routes_of(county) - NO_PAGES.keys()
    assert forgotten == set(), "add a station, or say in NO_PAGES why it is no page"
    assert NO_PAGES.keys() - shown == set(), "not an address any more"


def test_every_page_is_whole_in_both_languages_and_at_both_widths(
    county: Tour, chromium: Browser, url: str
) -> None:
    """Opened afresh at each width in Chinese; in English once, and made narrow then."""
    wrong: list[str] = []
    for width, viewport in {"wide": WIDE, "phone": PHONE}.items():
        context = chromium.new_context(locale="zh-CN", viewport=viewport)
        eye = Eye(page := context.new_page())
        for name, station in stations(county):
            here = f"{name} {station.who[:12]} {station.address}"
            status = opens(page, url, station, "zh-hans")
            eye.looks(f"{here} {width}", station, "zh-hans", status, axe=True)
            if SHOTS:
                shot = Path(SHOTS) / f"tour-{name}-{width}.png"
                page.screenshot(path=str(shot), full_page=True)
            if viewport is WIDE:
                status = opens(page, url, station, "en")
                eye.looks(f"{here} en wide", station, "en", status, axe=True)
                page.set_viewport_size(PHONE)
                eye.looks(f"{here} en phone", station, "en", status, axe=False)
                page.set_viewport_size(WIDE)
        context.close()
        wrong += eye.wrong
    assert wrong == [], "\n".join(wrong)


def test_every_page_opens_without_script(county: Tour, chromium: Browser, url: str) -> None:
    context = plain(chromium)
    page = context.new_page()
    wrong = []
    for name, station in stations(county):
        status = opens(page, url, station, "zh-hans")
        if status != station.status or not page.locator("main").inner_text().strip():
            wrong.append(f"{name} {station.address}: {status}")
    context.close()
    assert wrong == []


def test_a_word_and_a_first_contact_are_given_without_script(
    county: Tour, chromium: Browser, url: str
) -> None:
    context = plain(chromium)
    page = context.new_page()
    page.set_default_timeout(10_000)
    issue = some(state="verified", handling="normal")
    opens(page, url, county.stations["portal-confirm"], "zh-hans")
    page.locator("label[for=solved-yes]").click()
    page.locator("#word button").click()
    issue.refresh_from_db()
    assert issue.state == "ended"

    name, issue = among(UNITS, "contact")
    opens(page, url, Station(name, at(issue)), "zh-hans")
    page.locator("main form[action$='/do/contact/'] button").first.click()
    assert "contact" not in open_acts(Issue.objects.get(pk=issue.pk), account(name))
    context.close()


def plain(chromium: Browser) -> BrowserContext:
    return chromium.new_context(locale="zh-CN", java_script_enabled=False)
