"""The verdict on a phone: two words of equal weight, then what is lacking; without script too."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright

from qingdan.domain.ledger.models import Issue
from qingdan.domain.people.models import User
from town import Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"

Opens = Callable[..., Page]


@pytest.fixture
def opens(
    monkeypatch: pytest.MonkeyPatch, live_server: Any, town: Town, tmp_path: Path
) -> Iterator[Opens]:
    """A page of the enterprise on a phone, with or without script."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop is in this thread
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)

        def page(address: str, *, script: bool = True, width: int = 390) -> Page:
            client = Client()
            client.force_login(User.objects.get(username="enterprise"))
            context = browser.new_context(
                viewport={"width": width, "height": 844},
                locale="zh-CN",
                has_touch=True,
                java_script_enabled=script,
            )
            context.set_default_timeout(15_000)
            cookies = {"sessionid": client.cookies["sessionid"].value, "language": "zh-hans"}
            context.add_cookies(
                [{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()]
            )
            opened = context.new_page()
            opened.goto(live_server.url + address)
            return opened

        yield page
        browser.close()


@pytest.fixture
def asked(town: Town) -> str:
    """A matter whose result waits for the enterprise's word."""
    ref = town.desk.registers("货车限行", unit="transport", due_on="2023-11-06")
    town.transport.does("contact", ref, kind="first")
    told = {"kind": "solved", "text": "限行改了", "evidence": ["12 号"], "finish": [1]}
    town.transport.does("report-result", ref, **told)
    return ref


@pytest.mark.parametrize("script", [True, False])
def test_not_solved_asks_what_is_still_lacking_before_it_is_sent(
    asked: str, opens: Opens, *, script: bool
) -> None:
    page = opens("/portal/", script=script)
    yes, no = page.get_by_role("link", name="解决了"), page.get_by_role("link", name="没解决")
    assert size(yes.first) == size(no.first)
    no.first.tap()
    more = page.locator("#said-words")
    expect(page.get_by_label("没解决")).to_be_checked()
    question = page.locator("label[for=said-words]")
    expect(question).to_contain_text("还差什么？", use_inner_text=True)
    expect(question).not_to_contain_text("想说几句", use_inner_text=True)
    more.fill("只改了一半，西门还是限行")
    page.get_by_role("button", name="提交").tap()
    expect(page.locator("main")).to_contain_text("已记下，重新办理，由上一级来管。")
    issue = Issue.objects.get()
    assert (issue.state, issue.level) == ("listed", 1)
    assert issue.verdicts.get().words == "只改了一半，西门还是限行"


def test_solved_is_the_same_one_step_and_satisfaction_stands_apart(
    asked: str, opens: Opens
) -> None:
    page = opens("/portal/2023/1/")
    words, send = page.locator("#said-words"), page.get_by_role("button", name="提交")
    expect(words).to_be_hidden()
    expect(send).to_be_hidden()
    yes, no = page.locator("label[for=solved-yes]"), page.locator("label[for=solved-no]")
    assert size(yes) == size(no)
    assert size(yes)[1] >= 44
    assert page.evaluate(FITS)
    assert top(yes) < top(page.get_by_text("办得您满意吗"))
    yes.tap()
    expect(page.locator("label[for=said-words]")).to_contain_text("想说几句")
    assert top(yes) < top(words) < top(send)
    for language in ("before", "after"):
        found = Axe().run(page)
        assert found.response["violations"] == [], language
        no.tap()
    yes.tap()
    send.tap()
    page.wait_for_url("**sent=confirm")
    assert Issue.objects.get().ending == "confirmed"
    assert not Issue.objects.get().ratings.exists()


def test_a_draft_of_words_never_brings_back_a_verdict(asked: str, opens: Opens) -> None:
    page = opens("/portal/2023/1/?word=yes")
    page.locator("#said-words").fill("路通了，")
    page.locator("label[for=solved-no]").tap()
    page.goto(page.url)
    expect(page.locator("#said-words")).to_have_value("路通了，")
    expect(page.locator("#solved-yes")).to_be_checked()


@pytest.mark.parametrize("script", [True, False])
def test_the_unit_is_asked_with_the_third_class_alone(
    town: Town, opens: Opens, *, script: bool
) -> None:
    page = opens("/portal/raise/", script=script)
    about = page.locator("#about")
    expect(about).to_be_hidden()
    page.locator("label[for=class-sealed]").tap()
    expect(about).to_be_visible()
    about.select_option("transport")
    page.locator("#body").fill("窗口收了材料不给回执。")
    page.get_by_role("button", name="送出").tap()
    page.wait_for_url("**/portal/2023/1/**")
    assert Issue.objects.get().about == town.units["transport"]


def size(what: Any) -> tuple[float, float]:
    box = what.bounding_box()
    return round(box["width"]), round(box["height"])


def top(what: Any) -> float:
    return float(what.bounding_box()["y"])
