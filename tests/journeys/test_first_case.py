"""The liquor maker, played in a browser by six people: from the visit to its own word.

Screenshots are kept where QINGDAN_SHOTS names a folder.
"""

import os
import sys
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.urls import include, path
from playwright.sync_api import Browser, sync_playwright

from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import standing_of
from qingdan.domain.ledger.rules.lights import light
from qingdan.domain.ledger.states import Light
from qingdan.domain.people.models import User
from qingdan.domain.people.queries import person_of
from qingdan.domain.people.rules import Person
from qingdan.foundations.journal.verify import verify
from qingdan.foundations.kernel import clock
from qingdan.interfaces.jobs.worker import run_once
from qingdan.interfaces.shared.doors import DOORS
from qingdan.interfaces.shared.frame import STRIPS
from qingdan.interfaces.site.demo.load import load_demo
from qingdan.interfaces.site.urls import urlpatterns as site

sys.path.insert(0, str(Path(__file__).parent))
import first_case as case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STRIP = "qingdan.interfaces.site.demo_strip"
PASSWORD = "春江水暖鸭先知"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
urlpatterns: list[Any] = []
handler404 = "qingdan.interfaces.shared.errors.not_found"


def county_time(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=clock.COUNTY_ZONE)


@pytest.fixture
def demo(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The demo county on its first morning, with the strip and a clock that can be moved."""
    settings.DEMO = True
    settings.SAMPLE_EVERY = 0  # whether a result is looked at by sample is another test's matter
    monkeypatch.setenv("QINGDAN_DEMO_CLOCK", str(tmp_path / "clock.json"))
    module = import_module(STRIP)
    urlpatterns[:] = [path("", include(STRIP)), *site]
    settings.ROOT_URLCONF = __name__
    load_demo(PASSWORD)
    clock.move_demo(county_time("2023-10-30 09:00"))
    yield
    for name in [name for name in DOORS if name.startswith(STRIP)]:
        del DOORS[name]
    STRIPS.remove(module.strip)
    del sys.modules[STRIP]


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop is in this thread
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def account(name: str) -> Person:
    person = person_of(User.objects.get(username=name))
    assert person is not None
    return person


def about(said: str) -> Issue:
    return Issue.objects.get(body=said)


def light_of(said: str, person: Person) -> Light:
    row = standing_of(about(said), person)
    assert row is not None
    return light(row, clock.now())


def test_the_liquor_maker_from_the_visit_to_its_own_word(
    demo: None, live_server: Any, chromium: Browser
) -> None:
    shots = os.environ.get("QINGDAN_SHOTS")
    play = case.Play(chromium, live_server.url, Path(shots) if shots else None)
    regulation = account("market-regulation")

    # 30 October: the visit. The unit's page stands open, and nobody touches it.
    unit = play.by_strip("market-regulation")
    assistant = play.by_password("assistant", PASSWORD, phone=True)
    play.shoots(assistant, "outings")
    assistant.page.locator("a.visit", has_text=case.FIRM).first.tap()
    assistant.page.wait_for_url("**/field/*/")
    case.orders(assistant, case.PLANT, "market-regulation", "2023-10-31")
    run_once()  # the worker's beat: it runs every few seconds beside a real web process
    unit.row(case.PLANT).wait_for(timeout=10_000)
    play.shoots(unit, "a-new-order-without-a-reload")
    case.settles(assistant, case.TRADING, "admin-approval", "窗口负责人当场一次讲清材料和流程")
    case.orders(assistant, case.LICENCE, "market-regulation", "2023-11-06")
    case.draws_lists(assistant, case.LICENCE)
    case.orders(assistant, case.TRADEMARK, "market-regulation", "2023-11-08")
    case.takes_back(assistant, case.BRAND)
    play.shoots(assistant, "five-findings", whole=True)
    assistant.presses("走完这家")

    promised = {
        case.PLANT: "2023-10-31",
        case.LICENCE: "2023-11-06",
        case.TRADEMARK: "2023-11-08",
    }
    assert {said: str(about(said).promised_on) for said in promised} == promised
    licence = about(case.LICENCE)
    assert (licence.track, licence.grade, licence.state) == ("on_site", "C", "listed")
    assert about(case.TRADING).state == "verified"
    assert about(case.BRAND).state == "registered"
    assert about(case.TRADEMARK).track == "scheduled"

    # The desk gives the brand to a unit; the units take up their work.
    desk = play.by_strip("desk")
    case.triages(desk, case.BRAND, "市场监管局")
    assert about(case.BRAND).state == "triaged"

    unit.goes("/desk/")
    unit.presses("已联系企业", unit.row(case.LICENCE))
    approval = play.by_strip("admin-approval")
    approval.presses("签收", approval.row(case.LICENCE))
    approval.presses("完成任务", approval.row(case.LICENCE))
    approval.page.fill("[name=text]", "一次性告知清单已发企业，窗口专人受理。")
    approval.page.locator(".form-end .btn-main").click()
    approval.page.wait_for_url(lambda url: "/finish/" not in url)

    row = standing_of(about(case.LICENCE), regulation)
    assert row is not None
    assert row.yellow_at == county_time("2023-11-03 08:00")
    assert row.due_at is not None
    assert clock.date_of(row.due_at).isoformat() == "2023-11-06"

    # Each morning by the strip's button: green until Thursday, yellow on Friday and on the day.
    seen = []
    unit.goes("/desk/")
    for _ in range(5):
        unit.presses("下一个工作日", unit.page.locator("aside.demo"))
        words = unit.row(case.LICENCE).inner_text().split()
        seen.append((clock.today().isoformat(), light_of(case.LICENCE, regulation), words[0]))
    assert seen == [
        ("2023-10-31", Light.GREEN, "正常"),
        ("2023-11-01", Light.GREEN, "正常"),
        ("2023-11-02", Light.GREEN, "正常"),
        ("2023-11-03", Light.YELLOW, "将到期"),
        ("2023-11-06", Light.YELLOW, "将到期"),
    ]
    play.shoots(unit, "the-fifth-day")

    # 6 November, day 5 of 5: the licence, with its number and what came of it.
    matter = f"/desk/{licence.year}/{licence.number}/"
    case.reports(unit, matter)
    assert about(case.LICENCE).state == "verified"

    # The enterprise's own word, on its phone.
    enterprise = play.by_strip("enterprise", phone=True)
    play.shoots(enterprise, "its-list", whole=True)
    enterprise.goes(matter.replace("/desk/", "/portal/"))
    assert case.EFFECT in enterprise.reads()
    play.shoots(enterprise, "is-it-solved", whole=True)
    enterprise.page.locator("label[for=solved-yes]").tap()
    enterprise.page.fill("#said-words", case.WORD)
    enterprise.presses("提交", enterprise.page.locator("#word"))
    enterprise.page.locator("input[name=satisfied][value='5']").check()
    enterprise.page.get_by_role("button", name="评价").tap()
    enterprise.page.get_by_text("非常满意").first.wait_for()
    play.shoots(enterprise, "its-word", whole=True)

    ended = about(case.LICENCE)
    assert (ended.state, ended.ending) == ("ended", "confirmed")
    assert ended.results.get().effect == case.EFFECT
    assert ended.ratings.get().satisfied == 5

    # The desk and the main leader see it.
    desk.goes(matter)
    assert case.EFFECT in desk.reads()
    assert case.WORD in desk.reads()
    assert case.NUMBER in desk.reads()
    play.shoots(desk, "the-matter-at-its-end", whole=True)
    for seat in (desk, play.by_strip("main-leader")):
        seat.goes("/board/")
        assert "本周解决的" in seat.reads()
        assert case.WORD in seat.reads()
        play.shoots(seat, "board")
        seat.page.locator("a[href*='solved=week']").click()
        seat.row(case.LICENCE).wait_for()

    assert verify() == []


def test_every_account_of_the_strip_is_within_reach_on_every_kind_of_page(
    demo: None, live_server: Any, chromium: Browser
) -> None:
    """Where the strip wraps, the menu's word stands at the left; the menu stays in the window."""
    for width in (1366, 390):
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, locale="zh-CN", base_url=live_server.url
        )
        page = context.new_page()
        for who, address in (
            ("", "/accounts/login/"),
            ("assistant", "/field/"),
            ("enterprise", "/portal/"),
            ("desk", "/desk/"),
        ):
            page.goto(address)
            if who:
                page.locator(".demo summary").click()
                page.locator(f".demo .menu-list button[value={who}]").click()
                page.wait_for_load_state()
                page.goto(address)
            page.locator(".demo summary").click()
            boxes = [b.bounding_box() for b in page.locator(".demo .menu-list button").all()]
            assert len(boxes) >= 23, (width, address)
            for box in boxes:
                assert box is not None
                assert box["x"] >= 0, (width, address, box)
                assert box["x"] + box["width"] <= width, (width, address, box)
        context.close()
