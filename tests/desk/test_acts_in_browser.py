"""The pages of acts in a browser: dates that follow a choice, fields that depend on one, keys."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from filled import report
from qingdan.domain.ledger.actions.linking import link_same
from town import Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Sits = Callable[..., Page]

LEAD = {"unit": "market-regulation", "part": "lead", "title": "办证", "due_on": "2023-11-10"}


def triaged(town: Town) -> str:
    ref = town.firm.registers("许可证办不下来")
    town.desk.does("triage", ref, track="scheduled", grade="B", lead="market-regulation")
    return ref


def listed(town: Town) -> str:
    ref = triaged(town)
    town.market_regulation.does("contact", ref, kind="first", by="telephone")
    town.desk.does("draw-lists", ref, approach="先看现场", tasks=[LEAD])
    return ref


def test_the_dates_follow_the_day_while_one_chooses_it(
    sits_down: Sits, live_server: Any, town: Town
) -> None:
    listed(town)
    page = sits_down("desk")
    page.goto(f"{live_server.url}/desk/2023/1/pause/")
    dates = page.locator("[data-reckon]")
    expect(dates).to_contain_text("11月10日 → 11月16日")
    page.fill("#id_until", "2023-11-08")
    expect(dates).to_contain_text("11月10日 → 11月20日")
    page.fill("#id_until", "2023-10-30")
    expect(dates).to_contain_text("没有日期变动。")


def test_a_hold_shows_only_what_its_kind_needs(
    sits_down: Sits, live_server: Any, town: Town
) -> None:
    listed(town)
    page = sits_down("desk")
    page.goto(f"{live_server.url}/desk/2023/1/hold/")
    expect(page.locator("#id_answers")).to_be_hidden()
    page.get_by_text("转立项", exact=True).click()
    expect(page.locator("#id_answers")).to_be_visible()
    expect(page.locator("#id_addressee")).to_be_hidden()
    page.get_by_text("提级协调", exact=True).click()
    expect(page.locator("#id_addressee")).to_be_visible()
    expect(page.locator("#id_sent_on")).to_be_visible()
    expect(page.locator("#id_answers")).to_be_hidden()


def test_a_key_alone_chooses_neither_of_two_equal_buttons(
    sits_down: Sits, live_server: Any, town: Town
) -> None:
    ref = triaged(town)
    town.market_regulation.does("object", ref, reason="不归我局", unit="transport")
    page = sits_down("desk")
    page.goto(f"{live_server.url}/desk/2023/1/decide/")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".refusal").first).to_be_visible()
    assert town.issue(ref).asked
    page.get_by_role("button", name="调整给交通运输局").click()
    expect(page.locator(".next-what")).to_contain_text("交通运输局")


def test_another_matter_is_linked_and_taken_back_without_a_mouse(
    sits_down: Sits, live_server: Any, town: Town
) -> None:
    triaged(town)
    town.firm.registers("另一件")
    page = sits_down("desk")
    page.goto(f"{live_server.url}/desk/2023/1/")
    page.focus("#same-ref")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator(".same li")).to_contain_text("002 另一件")
    page.focus(".same li button")
    page.keyboard.press("Enter")
    expect(page.locator(".same li")).to_have_count(0)


def asked(town: Town) -> list[tuple[str, str]]:
    """Matters on which everything waits, and the pages where it is decided."""
    one = triaged(town)
    town.market_regulation.does("object", one, reason="不归我局", unit="transport")
    two = listed(town)
    town.market_regulation.does("request-extension", two, due_on="2023-11-24", reason="检测排队")
    three = town.firm.registers("打官司的事")
    town.desk.does("decline", three, code="court", reason="已进入诉讼")
    four = report(
        town, town.firm.registers("办不了"), grade="B", kind="explained", basis="政策已到期"
    )
    town.desk_2.does("verify", four)
    town.desk_2.does("contact", four, kind="attempt", by="telephone", words="无人接听")
    five = listed(town)
    hold = {"kind": "project", "answers": "道路", "reason": "等项目", "next_on": "2023-11-20"}
    town.desk.does("hold", five, **hold)
    town.firm.does("withdraw", five, reason="不用了")
    link_same(town.issue(one), town.issue(two), by=town.desk.person)
    six = town.firm.registers("已经判了的事")
    town.desk.does("decline", six, code="police", reason="已立案")
    town.desk_2.does("approve-decline", six, approved=True, reason="属实")
    return [
        ("desk", "2023/1/"),
        ("desk", "2023/1/decide/"),
        ("desk", "2023/1/change/"),
        ("desk", "2023/2/grant-extension/"),
        ("desk", "2023/2/pause/"),
        ("desk-2", "2023/3/"),
        ("desk-2", "2023/3/approve-decline/"),
        ("supervision", "2023/4/"),
        ("supervision", "2023/4/approve-explanation/"),
        ("desk-2", "2023/4/contact/"),
        ("desk", "2023/5/"),
        ("desk", "2023/5/hold/"),
        ("desk-2", "calls/"),
        ("desk", "declined/"),
        ("desk", "?queue=disputes"),
        ("supervision", "?queue=explained"),
    ]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [1366, 390])
def test_the_pages_of_acts_and_lists_fit_and_are_clean_for_axe(
    sits_down: Sits, live_server: Any, town: Town, language: str, width: int
) -> None:
    for who, at in asked(town):
        page = sits_down(who, language)
        page.set_viewport_size({"width": width, "height": 768})
        answer = page.goto(f"{live_server.url}/desk/{at}")
        assert getattr(answer, "status", None) == 200, at
        fits = "document.documentElement.scrollWidth <= window.innerWidth"
        assert page.evaluate(fits), at
        found = Axe().run(page)
        assert found.violations_count == 0, f"{at}: {found.generate_report()}"
