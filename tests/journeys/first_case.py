"""The first case played through the pages: who opens what, says what, and presses which button.

It knows only addresses and words on the screen, so it plays in a test's county and in a running
demo alike.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
DESK: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}}
PATIENCE = 15_000
FIRM = "袁酿酒业"

PLANT = "厂房按食品生产许可审查标准还差哪几样，我们自己看不准，怕装修返工。"
TRADING = "食品经营许可证要哪些材料，跑了两趟没有问全。"
LICENCE = "食品生产许可证办不下来，厂房建好了没法投产。"
TRADEMARK = "商标注册不知道从哪里办起，怕被人抢先注册。"
BRAND = "想做耒阳自己的酱香酒品牌，没有人指路。"
NUMBER = "食品生产许可证编号 SC11543048100001（示例）"
EFFECT = "酱香酒投产，打出耒阳自己的酱香酒品牌"
WORD = "证拿到了，当天就开机试产。"


class Seat:
    """One person at one screen."""

    def __init__(self, context: Any, url: str, name: str) -> None:
        self.page: Page = context.new_page()
        self.url = url
        self.name = name

    def goes(self, address: str) -> None:
        answer = self.page.goto(f"{self.url}{address}")
        assert answer is not None
        assert answer.ok, f"{address}: {answer.status}"

    def presses(self, words: str, within: Locator | None = None) -> None:
        """Press the first button or link with these words, and see the page that follows."""
        place = within or self.page.locator("main")
        with self.page.expect_navigation():
            place.locator("button:visible, a:visible").filter(has_text=words).first.click()

    def chooses(self, name: str, value: str) -> None:
        """One of several, by its label, as a finger or a mouse does."""
        radio = self.page.locator(f"input[name={name}][value='{value}']")
        self.page.locator(f"label[for='{radio.get_attribute('id')}']").first.click()

    def row(self, title: str) -> Locator:
        """The row of a matter, by the beginning of its title."""
        return self.page.locator("tr", has_text=title[:8]).first

    def reads(self) -> str:
        return self.page.locator("main").inner_text()


class Play:
    """The people of the case at their screens, and a camera."""

    def __init__(self, browser: Browser, url: str, shots: Path | None) -> None:
        self.browser = browser
        self.url = url
        self.shots = shots
        self.taken = 0

    def seat(self, name: str, *, phone: bool = False, sign_in: Callable[[Page], None]) -> Seat:
        context = self.browser.new_context(locale="zh-CN", **(PHONE if phone else DESK))
        context.set_default_timeout(PATIENCE)
        seat = Seat(context, self.url, name)
        seat.goes("/accounts/login/")
        sign_in(seat.page)
        return seat

    def by_strip(self, name: str, *, phone: bool = False) -> Seat:
        """Sit down by one click in the demo's strip."""

        def click(page: Page) -> None:
            page.locator(f".inline-accounts [name=account][value={name}]").dispatch_event("click")
            page.wait_for_url(lambda url: "/accounts/" not in url)

        return self.seat(name, phone=phone, sign_in=click)

    def by_password(self, name: str, password: str, *, phone: bool = False) -> Seat:
        """Sign in as in life."""

        def fill(page: Page) -> None:
            page.locator("[name=login]").fill(name)
            page.locator("[name=password]").fill(password)
            page.locator("[name=password]").press("Enter")
            page.wait_for_url(lambda url: "/accounts/" not in url)

        return self.seat(name, phone=phone, sign_in=fill)

    def shoots(self, seat: Seat, what: str, *, whole: bool = False) -> None:
        if self.shots:
            self.taken += 1
            self.shots.mkdir(parents=True, exist_ok=True)
            name = f"{self.taken:02}-{seat.name}-{what}.png"
            seat.page.screenshot(path=str(self.shots / name), full_page=whole)


def orders(assistant: Seat, said: str, unit: str, due_on: str) -> None:
    """现场交办: one sentence, a unit, a day."""
    page = assistant.page
    page.fill("#body", said)
    page.locator("label[for=way-ordered]").tap()
    page.select_option("#unit", unit)
    offered = page.locator(f".days-row input[name=due_on][value='{due_on}']")
    if offered.count():
        page.locator(f"label[for={offered.get_attribute('id')}]").tap()
    else:
        page.locator("label[for=day-other]").tap()
        page.fill("#other_on", due_on)
    _notes(assistant, said)


def settles(assistant: Seat, said: str, present: str, how: str) -> None:
    """现场办结: who was there, and how."""
    page = assistant.page
    page.fill("#body", said)
    page.locator("label[for=way-settled]").tap()
    page.select_option("#present", present)
    page.fill("#text", how)
    _notes(assistant, said)


def takes_back(assistant: Seat, said: str) -> None:
    """带回研办."""
    page = assistant.page
    page.fill("#body", said)
    page.locator("label[for=way-taken_back]").tap()
    _notes(assistant, said)


def _notes(assistant: Seat, said: str) -> None:
    assistant.page.locator(".note-form .btn-main").tap()
    assistant.page.locator("#noted", has_text=said[:8]).wait_for()


def draws_lists(assistant: Seat, said: str) -> None:
    """The three lists of one finding, on the phone, with a second unit's task."""
    page = assistant.page
    finding = page.locator(".findings li", has_text=said[:8])
    finding.locator("a.then").tap()
    page.wait_for_url("**/lists/**")
    page.fill(
        "[name=approach]", "市场监管局食品生产股牵头指导，行政审批服务局配合，材料齐了当日受理"
    )
    page.fill("[name='tasks.0.section']", "食品生产股")
    lines = page.locator(".task-line")
    if lines.count() < 2:
        page.locator("[data-add]").tap()
    page.fill("[name='tasks.1.title']", "一次性告知申请材料，窗口专人受理")
    page.select_option("[name='tasks.1.unit']", "admin-approval")
    page.fill("[name='tasks.1.due_on']", "2023-11-02")
    page.select_option("[name='tasks.1.part']", "cooperating")
    page.locator(".form-end .btn-main").tap()
    page.wait_for_url("**/field/**")


def triages(desk: Seat, said: str, lead: str) -> None:
    """研判分办 of the finding that was taken back."""
    page = desk.page
    desk.goes("/desk/?queue=triage")
    page.locator(f"a:has-text('{said[:8]}')").first.click()
    if "/triage/" not in page.url:
        page.locator("a[href*='/triage/']").first.click()
    page.wait_for_url("**/triage/")
    desk.chooses("track", "scheduled")
    desk.chooses("grade", "B")
    page.fill("[name=lead]", lead)
    page.keyboard.press("Control+Enter")
    page.get_by_text(f"已分办给{lead}").wait_for()


def reports(unit: Seat, address: str) -> None:
    """报结果: what was done, the licence's number, and what came of it."""
    page = unit.page
    unit.goes(f"{address}result/")
    unit.chooses("kind", "solved")
    page.fill(
        "[name=text]", "11月3日现场核查合格，11月6日颁发食品生产许可证，食品生产股全程帮办。"
    )
    page.fill("[name=evidence]", NUMBER)
    for box in page.locator("[name=finish]").all():
        box.check()
    page.fill("[name=effect]", EFFECT)
    page.locator(".form-end .btn-main").click()
    page.wait_for_url(lambda url: "/result/" not in url)
