"""The pages of signing in, in a browser: they fit, are clean for axe, and speak one language."""

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, Page, sync_playwright

from qingdan.domain.people.models import User
from qingdan.foundations.kernel import clock
from qingdan.interfaces.site import totp
from town import Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "balomiku27"
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
NAMES = r"\b[A-Z0-9]{4,5}\b|Chrome|Linux|English"
LOOKS = {
    "wide, Chinese, light": ({"width": 1366, "height": 768}, "zh-CN", "light"),
    "phone, Chinese, dark": ({"width": 390, "height": 844}, "zh-CN", "dark"),
    "phone, English, light": ({"width": 390, "height": 844}, "en", "light"),
}


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    flags = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        yield browser
        browser.close()


@pytest.fixture
def town(db: None, settings: Any) -> Town:
    cache.clear()
    settings.SECOND_FACTOR = True
    town = Town()
    for name in ("desk", "sysadmin"):
        user = User.objects.get(username=name)
        user.set_password(PASSWORD)
        user.save()
    return town


class Look:
    """One browser in one look, which judges each page that it comes to."""

    def __init__(self, chromium: Browser, live_server: Any, look: str) -> None:
        viewport, self.language, scheme = LOOKS[look]
        self.told: list[str] = []
        self.page: Page = chromium.new_context(
            viewport=viewport, locale=self.language, color_scheme=scheme
        ).new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("console", lambda said: self.told.append(f"{said.type}: {said.text}"))
        self.url = live_server.url

    def goes(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def sends(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"main [name={name}]").fill(value)
        with self.page.expect_navigation():
            self.page.locator("main .btn-main").first.click()

    def judges(self, name: str) -> None:
        self.page.wait_for_load_state("load")
        found = Axe().run(self.page).response["violations"]
        assert found == [], (name, [(one["id"], one["nodes"][0]["html"]) for one in found])
        assert self.page.evaluate(FITS), name
        if self.language == "zh-CN":
            words = re.sub(NAMES, "", self.page.inner_text("main"))
            assert not re.search(r"[A-Za-z]{3,}", words), (name, words)
        else:
            words = self.page.inner_text("main").replace("中文", "")
            assert not re.search(r"[\u4e00-\u9fff]", words), (name, words)


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_of_signing_in_fits_and_is_clean(
    town: Town, live_server: Any, chromium: Browser, look: str
) -> None:
    first = Look(chromium, live_server, look)
    first.goes("/accounts/login/")
    first.sends(login="sysadmin", password="wrong")
    first.judges("a wrong password")
    first.sends(login="sysadmin", password=PASSWORD)
    first.judges("adding a second factor")
    first.page.locator("main summary").click()
    key = re.sub(r"\s", "", first.page.locator("main code").inner_text())
    first.sends(code="12345")
    first.judges("a wrong first code")
    first.sends(code=totp.code_of(key, totp.step_at(clock.real())))
    first.judges("recovery codes")
    recovery = first.page.locator("main code").first.inner_text()
    first.goes("/accounts/second-factor/")
    first.judges("how the second factor stands")

    second = Look(chromium, live_server, look)
    second.goes("/accounts/login/?next=/accounts/sign-ins/")
    second.sends(login="sysadmin", password=PASSWORD)
    second.judges("being asked for a code")
    second.sends(code=recovery)
    second.judges("the list of sign-ins")
    assert second.page.url.endswith("/accounts/sign-ins/")
    second.sends()
    second.judges("the list with an ended one")

    refused = "error: Failed to load resource: the server responded with a status of 4"
    told = [one for one in first.told + second.told if not one.startswith(refused)]
    assert told == []
