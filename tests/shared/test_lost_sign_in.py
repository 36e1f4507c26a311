"""A sign-in that ends in the middle of a form: nothing changes, nothing typed is lost."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext

from qingdan.domain.ledger.models import Issue
from qingdan.domain.people.models import User
from town import Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORD = "春江水暖鸭先知"
SAID = "接口离我们围墙就八十米，图纸交了三回。"


def test_what_was_typed_stands_there_again_after_signing_in(
    browser: BrowserContext, live_server: Any, town: Town
) -> None:
    user = User.objects.get(username="desk")
    user.set_password(WORD)
    user.save()
    page = browser.pages[0]
    page.set_default_timeout(15_000)

    def sign_in() -> None:
        page.locator("[name=login]").fill("desk")
        page.locator("[name=password]").fill(WORD)
        page.locator("[name=password]").press("Enter")

    page.goto(f"{live_server.url}/desk/register/")
    sign_in()
    page.wait_for_url("**/desk/register/")
    page.locator("textarea[name=body]").type(SAID)
    Session.objects.all().delete()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/accounts/login/**")
    assert not Issue.objects.exists()

    sign_in()
    page.wait_for_url("**/desk/register/")
    assert page.locator("textarea[name=body]").input_value() == SAID
