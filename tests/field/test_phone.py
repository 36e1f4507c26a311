"""Three findings noted on a phone, in a browser; every tap is counted."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from qingdan.domain.ledger.models import Issue
from qingdan.domain.visits.models import Finding, Stop
from town import Town

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
MOST_TAPS = 4


class Phone:
    """A page on which every touch is counted: a choice from a list is two."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.taps = 0

    def tap(self, what: str) -> None:
        self.taps += 1
        self.page.locator(what).first.tap()

    def says(self, where: str, words: str) -> None:
        self.tap(where)
        self.page.keyboard.insert_text(words)

    def picks(self, where: str, value: str) -> None:
        self.taps += 2
        self.page.select_option(where, value)

    def since(self) -> int:
        taps, self.taps = self.taps, 0
        return taps


def a_page(chromium: Any, live_server: Any, client: Client, **more: Any) -> Any:
    context = chromium.new_context(viewport=PHONE, locale="zh-CN", has_touch=True, **more)
    context.set_default_timeout(15_000)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return context.new_page()


@pytest.fixture
def phone(
    transactional_db: None, live_server: Any, chromium: Any, signed_in: Client, stop: Stop
) -> Phone:
    page = a_page(chromium, live_server, signed_in, is_mobile=True)
    page.goto(f"{live_server.url}/field/{stop.pk}/")
    return Phone(page)


NOTE = ".note-form .btn-main"


def test_three_findings_on_a_phone_each_order_in_four_taps(
    phone: Phone, town: Town, tmp_path: Path
) -> None:
    page = phone.page

    # by the day that is proposed, to whatever unit
    phone.says("#body", "食品生产许可证办不下来，没办法生产")
    phone.picks("#unit", "market-regulation")
    assert page.locator(NOTE).inner_text() == "记下，交办市场监管局"
    phone.tap(NOTE)
    page.locator("text=现场交办市场监管局，11月6日前").wait_for()
    assert phone.since() <= MOST_TAPS

    # by another day, to the unit that was given the last one
    phone.says("#body", "厂房食品安全标准拿不准")
    phone.tap("label[for=day-1]")
    phone.tap(NOTE)
    page.locator("text=现场交办市场监管局，10月31日前").wait_for()
    assert phone.since() <= MOST_TAPS

    # to another unit that often has work from here: one tap
    town.desk.registers("污水管网没有批", unit="transport", due_on="2023-11-02")
    page.reload()
    phone.says("#body", "厂门口的路灯坏了")
    phone.tap("[data-unit=transport]")
    phone.tap("label[for=day-2]")
    assert page.locator(NOTE).inner_text() == "记下，交办交通运输局"
    phone.tap(NOTE)
    page.locator("text=现场交办交通运输局，11月2日前").wait_for()
    assert phone.since() <= MOST_TAPS

    page.screenshot(path=tmp_path / "field.png", full_page=True)
    assert Finding.objects.count() == 3
    assert sorted(str(one.end_on) for one in Issue.objects.filter(source="visit")) == [
        "2023-10-31",
        "2023-11-02",
        "2023-11-06",
    ]


def test_what_is_typed_is_kept_until_it_is_noted(phone: Phone) -> None:
    page = phone.page
    phone.says("#body", "厂门口的路灯坏了")
    phone.tap("label[for=way-taken_back]")
    page.reload()
    assert page.input_value("#body") == "厂门口的路灯坏了"
    assert page.is_checked("#way-taken_back")
    phone.tap(NOTE)
    page.locator("text=带回研办，等研判").wait_for()
    assert page.input_value("#body") == ""
    page.goto(page.url.partition("#")[0])
    assert page.input_value("#body") == ""


def test_every_target_is_large_enough_for_a_thumb(phone: Phone) -> None:
    page = phone.page
    small = page.evaluate(
        """() => Array.from(document.querySelectorAll(
             'button, select, textarea, .seg label, .entry, .btn, input:not([type=radio])'))
           .filter((one) => one.offsetParent && one.type !== 'hidden')
           .filter((one) => one.getBoundingClientRect().height < 44)
           .map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("size", [(390, 844), (1366, 768)])
def test_nothing_keeps_anybody_out(phone: Phone, language: str, size: tuple[int, int]) -> None:
    axe = Axe()
    page = phone.page
    base = page.url.partition("/field/")[0]
    page.context.add_cookies([{"name": "language", "value": language, "url": base}])
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for address in (page.url, f"{base}/field/"):
        page.goto(address)
        said = axe.run(page)
        assert said.violations_count == 0, said.generate_report()


def test_it_works_without_javascript(
    transactional_db: None, live_server: Any, chromium: Any, signed_in: Client, stop: Stop
) -> None:
    page = a_page(chromium, live_server, signed_in, java_script_enabled=False, is_mobile=True)
    page.goto(f"{live_server.url}/field/{stop.pk}/")
    assert page.locator("#unit").is_visible()
    assert not page.locator("#present").is_visible()
    page.tap("label[for=way-settled]")
    assert page.locator("#present").is_visible()
    assert not page.locator("#unit").is_visible()
    page.fill("#body", "经营许可要哪些材料")
    page.select_option("#present", "admin-approval")
    page.fill("#text", "当场讲清")
    page.tap(NOTE)
    page.locator("text=现场办结：行政审批局当场讲清").wait_for()
