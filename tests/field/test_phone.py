"""Findings noted on a phone, in a browser; every tap is counted, that into the sentence too."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from journeys import first_case as case
from qingdan.domain.enterprises.models import Subject
from qingdan.domain.ledger.models import Issue
from qingdan.domain.people.models import Post, User
from qingdan.domain.people.queries import person_in
from qingdan.domain.visits.actions import plan_outing, take_along
from qingdan.domain.visits.models import Finding, Stop
from qingdan.foundations.kernel import clock
from qingdan.interfaces.site.demo.making import make_county
from town import MONDAY, Town

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


def hears(page: Any, button: str) -> None:
    """Wait until what the sentence proposes stands on the button."""
    page.locator(NOTE).get_by_text(button, exact=True).wait_for()


AS_PLAYED = (case.PLANT, case.LICENCE, case.TRADEMARK, case.BRAND)
AS_TOLD = (  # in docs/first-case.md
    "厂房食品安全标准还差哪几样",
    "食品生产许可证办不下来",
    "商标注册从哪里办起",
    "想做自己的酱香酒品牌",
)


@pytest.mark.parametrize("said", [AS_PLAYED, AS_TOLD], ids=["as-played", "as-told"])
def test_the_orders_of_the_first_case_take_four_taps_each_and_the_first_one_too(
    transactional_db: None, live_server: Any, chromium: Any, said: tuple[str, ...]
) -> None:
    """In the demo's county before anything was ever ordered there, so no habit helps."""
    plant, licence, trademark, brand = said
    clock.set_for_test(MONDAY)
    make_county("not used here")
    post = Post.objects.get(code="assistant")
    stop = plan_outing(
        date(2023, 10, 30),
        [Subject.objects.get(short_name__startswith=case.FIRM)],
        by=person_in(post),
        leader=Post.objects.get(code="leader"),
    ).stops.get()
    client = Client()
    client.force_login(User.objects.get(username="assistant"))
    page = a_page(chromium, live_server, client, is_mobile=True)
    page.goto(f"{live_server.url}/field/{stop.pk}/")
    phone = Phone(page)
    taps = []

    phone.says("#body", plant)
    hears(page, "记下，交办市场监管局（11月6日前）")
    phone.tap("label:has-text('10月31日')")
    hears(page, "记下，交办市场监管局（10月31日前）")
    phone.tap(NOTE)
    page.locator("text=现场交办市场监管局，10月31日前").wait_for()
    taps.append(phone.since())

    phone.says("#body", licence)
    hears(page, "记下，交办市场监管局（11月6日前）")
    phone.tap(NOTE)
    page.locator("text=现场交办市场监管局，11月6日前").wait_for()
    taps.append(phone.since())

    phone.says("#body", trademark)
    hears(page, "记下，交办市场监管局（11月6日前）")
    phone.tap("label:has-text('11月8日')")
    hears(page, "记下，交办市场监管局（11月8日前）")
    phone.tap(NOTE)
    page.locator("text=现场交办市场监管局，11月8日前").wait_for()
    taps.append(phone.since())

    phone.says("#body", brand)
    phone.tap("label[for=way-taken_back]")
    phone.tap(NOTE)
    page.locator("text=带回研办，等研判").wait_for()
    taps.append(phone.since())

    assert max(taps) <= MOST_TAPS, taps
    made = Issue.objects.filter(source="visit").order_by("number")
    assert [(one.end_on and one.end_on.isoformat(), one.track) for one in made] == [
        ("2023-10-31", "on_site"),
        ("2023-11-06", "on_site"),
        ("2023-11-08", "scheduled"),
        (None, ""),
    ]
    leads = made.exclude(end_on=None).values_list("assignments__unit__code", flat=True)
    assert set(leads) == {"market-regulation"}


def test_any_order_takes_four_taps_to_any_unit_or_to_a_likely_one_by_any_day_of_the_row(
    phone: Phone, town: Town, tmp_path: Path
) -> None:
    """The sentences here say nothing of unit or day: all is chosen by hand."""
    page = phone.page

    # by the day that is proposed, to whatever unit
    phone.says("#body", "办证的事没有人管")
    phone.picks("#unit", "market-regulation")
    assert page.locator(NOTE).inner_text() == "记下，交办市场监管局（11月6日前）"
    phone.tap(NOTE)
    page.locator("text=现场交办市场监管局，11月6日前").wait_for()
    assert phone.since() <= MOST_TAPS

    # by the last day of the row, to the unit that was given the last one
    phone.says("#body", "标准拿不准")
    phone.tap("label[for=day-7]")
    phone.tap(NOTE)
    page.locator("text=现场交办市场监管局，11月8日前").wait_for()
    assert phone.since() <= MOST_TAPS

    # to another unit that often has work from here: one tap
    town.desk.registers("污水管网没有批", unit="transport", due_on="2023-11-02")
    page.reload()
    phone.says("#body", "厂门口晚上很黑")
    phone.tap("[data-unit=transport]")
    phone.tap("label[for=day-3]")
    assert page.locator(NOTE).inner_text() == "记下，交办交通运输局（11月2日前）"
    phone.tap(NOTE)
    page.locator("text=现场交办交通运输局，11月2日前").wait_for()
    assert phone.since() <= MOST_TAPS

    # a day that stands in no row is reached too, with a few taps more
    phone.says("#body", "晚上还是很黑")
    phone.tap("[data-unit=transport]")
    phone.tap("label[for=day-other]")
    page.fill("#other_on", "2023-11-20")
    assert page.locator(NOTE).inner_text() == "记下，交办交通运输局（11月20日前）"
    phone.tap(NOTE)
    page.locator("text=现场交办交通运输局，11月20日前").wait_for()

    page.screenshot(path=tmp_path / "field.png", full_page=True)
    assert Finding.objects.count() == 4


def test_unit_day_and_task_are_read_from_the_sentence_and_what_is_chosen_by_hand_stays(
    phone: Phone,
) -> None:
    page = phone.page
    phone.says("#body", "食品生产许可证办不下来")
    hears(page, "记下，交办市场监管局（11月6日前）")
    assert page.locator("#from-words").inner_text() == "从您的话里认出来的，可以改。"
    assert page.input_value("#done") == "解决“食品生产许可证办不下来”的问题"
    page.keyboard.insert_text("，请市场监管局上门核查，11月20日前办好")
    hears(page, "记下，交办市场监管局（11月20日前）")
    assert page.input_value("#other_on") == "2023-11-20"
    assert page.input_value("#done") == "上门核查，11月20日前办好"

    page.select_option("#unit", "transport")
    phone.tap("label[for=day-2]")
    page.fill("#done", "先去看一次")
    page.fill("#body", "食品生产许可证办不下来，8日前")
    with page.expect_response("**/read/"):
        page.locator("#body").blur()
    hears(page, "记下，交办交通运输局（11月1日前）")
    assert page.input_value("#done") == "先去看一次"
    assert page.locator("#from-words").inner_text() == ""
    phone.tap(NOTE)
    page.locator("text=现场交办交通运输局，11月1日前").wait_for()
    assert Issue.objects.get().tasks.get().title == "先去看一次"


def test_nothing_lies_over_the_days_and_no_key_is_named_to_a_thumb(phone: Phone) -> None:
    page = phone.page
    page.set_viewport_size({"width": 390, "height": 560})  # the browser's bars take their part
    covered = page.evaluate(
        """() => Array.from(document.querySelectorAll('.days-row label[for]'))
           .filter((one) => one.offsetParent && one.getBoundingClientRect().height > 1
                            && !one.classList.contains('unseen'))
           .filter((one) => {
             const low = one.getBoundingClientRect().bottom - window.innerHeight;
             window.scrollBy({top: low, behavior: 'instant'});
             const box = one.getBoundingClientRect();
             const there = document.elementFromPoint(
               box.left + box.width / 2, box.top + box.height / 2);
             return !one.contains(there);
           }).map((one) => one.textContent)"""
    )
    assert covered == []
    page.locator(".why-line summary").tap()
    page.get_by_role("button", name="关闭").wait_for()
    assert page.locator("kbd:visible").count() == 0


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
def test_nothing_keeps_anybody_out(
    phone: Phone, stop: Stop, town: Town, language: str, size: tuple[int, int]
) -> None:
    axe = Axe()
    page = phone.page
    take_along(stop.outing, town.posts["head"], by=town.assistant.person)
    base = page.url.partition("/field/")[0]
    page.context.add_cookies([{"name": "language", "value": language, "url": base}])
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for address in (page.url, f"{base}/field/", f"{base}/field/outings/{stop.outing_id}/"):
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


def test_without_javascript_the_first_press_reads_the_sentence_and_the_second_notes_it(
    transactional_db: None, live_server: Any, chromium: Any, signed_in: Client, stop: Stop
) -> None:
    page = a_page(chromium, live_server, signed_in, java_script_enabled=False, is_mobile=True)
    page.goto(f"{live_server.url}/field/{stop.pk}/")
    page.fill("#body", "食品生产许可证办不下来")
    page.tap("label[for=day-1]")
    page.tap(NOTE)
    page.get_by_text("从您的话里认出来的").wait_for()
    assert page.locator(NOTE).inner_text() == "记下，交办市场监管局（10月31日前）"
    assert not Finding.objects.exists()
    page.tap(NOTE)
    page.locator("text=现场交办市场监管局，10月31日前").wait_for()
