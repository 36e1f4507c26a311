"""A walk through every page of the demo county: both languages, both widths, and no script.

Screenshots are kept where QINGDAN_SHOTS names a folder.
"""

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from qingdan.domain.enterprises.actions import make_link
from qingdan.domain.enterprises.models import Subject
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import issues, open_acts
from qingdan.domain.people.models import User
from qingdan.domain.people.queries import person_of
from qingdan.domain.people.rules import Person
from qingdan.domain.visits.models import Stop
from qingdan.foundations.kernel import clock
from qingdan.interfaces.site.demo.load import load_demo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
WIDTHS = {"wide": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}
SHOTS = os.environ.get("QINGDAN_SHOTS", "")
MORNING = datetime(2023, 10, 30, 9, tzinfo=clock.COUNTY_ZONE)
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def account(name: str) -> Person:
    person = person_of(User.objects.get(username=name))
    assert person is not None
    return person


def matter(name: str, *acts: str, state: str = "", page: str = "") -> str:
    """The address of the first matter that `name` can read and to which these acts are open."""
    person = account(name)
    room = "portal" if person.role == "enterprise" else "desk"
    for issue in issues().visible_to(person).order_by("pk"):
        if state and issue.state != state:
            continue
        if set(acts) <= set(open_acts(issue, person)):
            return f"/{room}/{issue.year}/{issue.number}/{page}"
    raise AssertionError(f"no matter with {acts} {state} for {name}")


def tour() -> dict[str, tuple[str, str]]:
    """Every page by a name: who opens it, and its address."""
    firm = Subject.objects.get(short_name__startswith="袁酿酒业", kind="enterprise")
    stop = Stop.objects.filter(subject=firm).latest("pk")
    asked = Issue.objects.filter(state="verified", handling="normal").earliest("pk")
    token = make_link(asked.subject, by=account("desk"))
    pages = {
        "word": ("desk-2", f"/desk/{asked.year}/{asked.number}/word/"),
        "portal-confirm": (f"link:{token}", f"/portal/{asked.year}/{asked.number}/"),
        "sign-in": ("", "/accounts/login/"),
        "inbox": ("desk", "/desk/"),
        "inbox-triage": ("desk", "/desk/?queue=triage"),
        "inbox-work": ("desk", "/desk/?queue=work"),
        "matter-desk": ("desk", matter("desk", state="listed")),
        "matter-reported": ("desk", matter("desk", state="reported")),
        "matter-ended": ("desk", matter("desk", state="ended")),
        "register": ("desk", "/desk/register/"),
        "unit": ("market-regulation", "/desk/"),
        "matter-unit": ("market-regulation", matter("market-regulation", state="listed")),
        "leader-desk": ("leader", "/desk/"),
        "outings": ("assistant", "/field/"),
        "stop": ("assistant", f"/field/{stop.pk}/"),
        "portal": ("enterprise", "/portal/"),
        "raise": ("enterprise", "/portal/raise/"),
        "people": ("enterprise", "/portal/people/"),
        "portal-ended": ("enterprise", matter("enterprise", state="ended")),
        "board": ("desk", "/board/"),
        "board-leader": ("main-leader", "/board/"),
        "rows": ("desk", "/board/rows/"),
        "rows-red": ("desk", "/board/rows/?light=red"),
        "problems-all": ("desk", "/board/lists/problems/"),
        "problems": ("desk", "/board/lists/problems/?unit=market-regulation"),
        "tasks": ("desk", f"/board/lists/tasks/?enterprise={firm.pk}"),
        "responsibilities": ("desk", "/board/lists/responsibilities/?park=park"),
        "hang": ("desk", "/board/hang/"),
        "enterprises": ("desk", "/board/enterprises/"),
        "enterprise": ("desk", f"/board/enterprises/{firm.pk}/"),
    }
    found = {
        "triage": ("triage", "triage/", DESK),
        "order": ("order-on-spot", "order/", DESK),
        "settle": ("settle-on-site", "settle/", DESK),
        "send-back": ("send-back", "send-back/", DESK),
        "lists": ("draw-lists", "lists/", DESK),
        "result": ("report-result", "result/", UNITS),
        "finish": ("finish-task", "finish/", UNITS),
        "matter-cooperating": ("acknowledge", "", ["admin-approval", *UNITS]),
        "portal-working": ("nudge", "", FIRMS),
    }
    lacking = []
    for name, (act, page, accounts) in found.items():
        for who in accounts:
            try:
                pages[name] = (who, matter(who, act, page=page))
                break
            except AssertionError:
                continue
        else:
            lacking.append(name)
    assert lacking == []
    return pages


DESK = ["desk", "desk-2", "supervision", "supervision-2"]
UNITS = ["market-regulation", "transport", "admin-approval", "development-reform", "power-company"]
FIRMS = ["enterprise", "enterprise-2", "enterprise-3"]


@pytest.fixture(autouse=True)
def _county(db: None) -> None:
    clock.set_for_test(MORNING)
    load_demo("春江水暖鸭先知")


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop is in this thread
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def sits(context: BrowserContext, url: str, name: str, language: str) -> None:
    context.clear_cookies()
    cookies = {"language": language}
    if name:
        client = Client()
        if name.startswith("link:"):
            client.get(f"/portal/l/{name.removeprefix('link:')}/")
        else:
            client.force_login(User.objects.get(username=name))
        cookies["sessionid"] = client.cookies["sessionid"].value
    context.add_cookies([{"name": n, "value": v, "url": url} for n, v in cookies.items()])


def strangers(page: Page, language: str) -> list[str]:
    """Latin words on a Chinese page, as far as a simple look can tell; English is not judged."""
    if language != "zh-hans":
        return []
    said = re.sub(r"https?://\S+|/\w+/\S*|[0-9A-Z]{8,}", " ", page.inner_text("body"))
    return [word for word in re.findall(r"[A-Za-z]{4,}", said) if word.lower() not in ALLOWED]


ALLOWED = {"english", "enter", "ctrl", "esc", "shift"}


def test_every_page_is_whole_in_both_languages_and_at_both_widths(
    chromium: Browser, live_server: Any
) -> None:
    wrong: list[str] = []
    complaints: list[str] = []
    for width, viewport in WIDTHS.items():
        context = chromium.new_context(locale="zh-CN", viewport=viewport)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        for name, (who, address) in tour().items():
            for language in ("zh-hans", "en"):
                sits(context, live_server.url, who, language)
                answer = page.goto(live_server.url + address)
                here = f"{name} {address} {language} {width}"
                if answer is None or answer.status != 200:
                    wrong.append(f"{here}: {answer and answer.status}")
                    continue
                if not page.evaluate(FITS):
                    wrong.append(f"{here}: scrolls sideways")
                wrong += [f"{here}: says {word}" for word in strangers(page, language)]
                found = Axe().run(page)
                for one in found.response["violations"]:
                    wrong.append(f"{here}: {one['id']} {one['nodes'][0]['html'][:160]}")
                wrong += [f"{here}: {said}" for said in complaints]
                complaints.clear()
                if SHOTS and language == "zh-hans":
                    shot = Path(SHOTS) / f"tour-{name}-{width}.png"
                    page.screenshot(path=str(shot), full_page=True)
        context.close()
    assert wrong == []


def test_every_page_opens_and_acts_are_done_without_script(
    chromium: Browser, live_server: Any
) -> None:
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(10_000)
    pages = tour()
    for name, (who, address) in pages.items():
        sits(context, live_server.url, who, "zh-hans")
        answer = page.goto(live_server.url + address)
        assert answer is not None
        assert answer.status == 200, name
        assert page.locator("main").inner_text().strip(), name

    who, address = pages["portal-confirm"]
    sits(context, live_server.url, who, "zh-hans")
    page.goto(live_server.url + address)
    page.locator("label[for=solved-yes]").click()
    page.locator("#word button").click()
    year, number = map(int, re.findall(r"\d+", address)[-2:])
    assert Issue.objects.get(year=year, number=number).state == "ended"

    who, address = contact()
    sits(context, live_server.url, who, "zh-hans")
    page.goto(live_server.url + address)
    year, number = map(int, re.findall(r"\d+", address)[-2:])
    page.locator("main form[action$='/do/contact/'] button").first.click()
    person = account(who)
    assert "contact" not in open_acts(Issue.objects.get(year=year, number=number), person)
    context.close()


def contact() -> tuple[str, str]:
    for who in UNITS:
        try:
            return who, matter(who, "contact")
        except AssertionError:
            continue
    raise AssertionError("no first contact is left to make")
