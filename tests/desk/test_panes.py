"""The desk in a browser: by keyboard, beside the list, live, and clean for axe."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from filled import fill
from qingdan.foundations.journal.readers import read
from qingdan.interfaces.jobs.topics import note_topics
from town import COUNTY, Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Sits = Callable[..., Page]


def address(ref: str) -> str:
    year, number = re.search(r"〔(\d+)〕(\d+)号", ref).groups()
    return f"/desk/{year}/{number}/"


def test_by_keyboard_a_matter_opens_beside_the_list_then_whole(
    town: Town, live_server: Any, sits_down: Sits
) -> None:
    fill(town)
    page = sits_down("desk")
    page.goto(f"{live_server.url}/desk/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    beside = page.locator("#opened")
    title = page.locator("tr.is-open .title").inner_text()
    expect(beside.locator("h2").first).to_have_text(title)
    page.reload()
    expect(beside.locator("h2").first).to_have_text(title)  # its address knows
    page.keyboard.press("Escape")
    expect(beside).to_be_hidden()
    page.locator("tbody tr").nth(3).click()
    expect(page.locator("tr.is-open")).to_have_count(1)
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 1000, "height": 768})
    page.locator("tbody tr").nth(3).click()
    expect(page).to_have_url(re.compile(r"/desk/2023/\d+/$"))


def test_what_comes_in_stands_on_the_list_without_a_reload(
    town: Town, live_server: Any, sits_down: Sits
) -> None:
    page = sits_down("desk")
    page.goto(f"{live_server.url}/desk/")
    expect(page.locator("#rows")).to_contain_text("没有在办的事项")
    page.wait_for_timeout(1500)  # until the page knows what it has seen
    town.desk_2.registers("园区停水", unit="transport", due_on="2023-11-06")
    read("topics", COUNTY, note_topics)
    expect(page.locator("#rows")).to_contain_text("园区停水", timeout=10_000)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [1366, 390])
def test_lists_and_matters_fit_and_are_clean_for_axe(
    town: Town, live_server: Any, sits_down: Sits, language: str, width: int
) -> None:
    named = fill(town)
    for code, paths in (
        ("desk", ["/desk/", "/desk/?queue=triage&park=park", address(named["licence"])]),
        ("desk", ["/desk/?queue=work&open=2023-23", address(named["reported"])]),
        ("market-regulation", [address(named["hidden"])]),
        ("sysadmin", ["/desk/"]),
    ):
        page = sits_down(code, language)
        page.set_viewport_size({"width": width, "height": 768})
        for path in paths:
            answer = page.goto(live_server.url + path)
            assert getattr(answer, "status", None) == 200, path
            fits = "document.documentElement.scrollWidth <= window.innerWidth"
            assert page.evaluate(fits), path
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
