"""An open page of a sign-in that was ended elsewhere shows nothing more, and offers to sign in."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect, sync_playwright

from qingdan.domain.people.models import User
from qingdan.interfaces.site.models import SignIn
from town import Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD, NEW = "balomiku27", "polemika38-ta"
SECONDS = 1000


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    flags = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        yield browser
        browser.close()


@pytest.fixture
def town(db: None) -> Town:
    cache.clear()
    town = Town()
    town.desk.registers("货车限行，绕路多跑十二公里")
    user = User.objects.get(username="desk")
    user.set_password(PASSWORD)
    user.save()
    return town


def signs_in(chromium: Browser, live_server: Any) -> Page:
    page = chromium.new_context(locale="zh-CN").new_page()
    page.set_default_timeout(20 * SECONDS)
    page.goto(f"{live_server.url}/accounts/login/")
    page.locator("[name=login]").fill("desk")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/desk/**")
    return page


def test_ended_from_another_browser_an_open_page_is_empty_within_the_minute(
    town: Town, live_server: Any, chromium: Browser
) -> None:
    left_open = signs_in(chromium, live_server)
    left_open.goto(f"{live_server.url}/desk/?queue=triage")
    expect(left_open.locator("main")).to_contain_text("货车限行")
    here = signs_in(chromium, live_server)
    here.goto(f"{live_server.url}/accounts/sign-ins/")

    here.get_by_role("button", name="在那里退出").click()
    here.wait_for_url("**/accounts/sign-ins/")

    expect(left_open.locator("main")).to_contain_text("登录已经结束", timeout=40 * SECONDS)
    expect(left_open.locator("body")).not_to_contain_text("货车限行")
    left_open.locator("main a").click()
    left_open.wait_for_url("**/accounts/login/?next=*")
    expect(here.locator("main")).not_to_contain_text("在那里退出")


def test_two_open_pages_outlive_the_rotation_of_their_own_session(
    town: Town, live_server: Any, chromium: Browser
) -> None:
    page = signs_in(chromium, live_server)
    page.goto(f"{live_server.url}/desk/?queue=triage")
    expect(page.locator("main")).to_contain_text("货车限行")
    other_tab = page.context.new_page()
    other_tab.goto(f"{live_server.url}/accounts/password/")
    for name, word in (("oldpassword", PASSWORD), ("password1", NEW), ("password2", NEW)):
        other_tab.locator(f"[name={name}]").fill(word)
    other_tab.locator("button.btn-main").click()
    expect(other_tab.locator(".said")).to_be_visible(timeout=20 * SECONDS)

    town.desk.registers("园区道路窄，货车进不来")

    expect(page.locator("main")).to_contain_text("园区道路窄", timeout=40 * SECONDS)
    assert SignIn.objects.filter(real_ended_at=None).count() == 1
