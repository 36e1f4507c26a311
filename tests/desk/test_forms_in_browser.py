"""The forms of the desk and the units in a browser: keys, drafts, dates, clean for axe."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from qingdan.domain.ledger.models import Issue
from town import Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Sits = Callable[..., Page]
SAID = "污水接不进园区管网，环保说月底来查。"


def test_a_matter_is_registered_and_given_without_the_mouse(
    town: Town, live_server: Any, sits_down: Sits
) -> None:
    page = sits_down("desk")
    page.goto(f"{live_server.url}/desk/register/")
    page.keyboard.type("某酒业有限公司")
    page.keyboard.press("Tab")
    page.locator("[name=body]").fill(SAID)
    main = page.locator(".btn-main")
    expect(main).to_contain_text("登记，等研判")
    page.locator("[name=unit]").select_option("transport")
    page.locator("[name=due_on]").fill("2023-11-06")
    expect(page.locator(".promise")).to_contain_text("企业会看到：答应11月6日")
    expect(main).to_contain_text("登记并交办交通运输局")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/desk/2023/1/$"))
    assert Issue.objects.get().state == "listed"
    page.goto(f"{live_server.url}/desk/register/")
    expect(page.locator("[name=body]")).to_have_value("")


def test_what_was_sent_is_gone_even_if_the_next_page_was_left_before_its_script_ran(
    town: Town, live_server: Any, sits_down: Sits
) -> None:
    page = sits_down("desk")
    page.goto(f"{live_server.url}/desk/register/")
    page.locator("[name=firm]").fill("某酒业有限公司")
    page.locator("[name=body]").fill(SAID)
    page.route("**/drafts.js", lambda route: route.abort())
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/desk/2023/1/$"))
    page.unroute("**/drafts.js")
    page.goto(f"{live_server.url}/desk/register/")
    expect(page.locator("[name=body]")).to_have_value("")
    assert Issue.objects.count() == 1


def test_a_date_off_work_says_so_before_it_is_sent(
    town: Town, live_server: Any, sits_down: Sits
) -> None:
    page = sits_down("desk")
    page.goto(f"{live_server.url}/desk/register/")
    page.locator("[name=due_on]").fill("2023-11-05")
    expect(page.locator("[data-from=due_on]")).to_contain_text("改成11月6日")


def test_an_unknown_firm_asks_for_its_code_and_a_class_for_the_unit(
    town: Town, live_server: Any, sits_down: Sits
) -> None:
    page = sits_down("desk")
    page.goto(f"{live_server.url}/desk/register/")
    code = page.locator("[name=uscc]")
    expect(code).to_be_hidden()
    page.locator("[name=firm]").fill("新来的饲料厂")
    page.keyboard.press("Tab")
    expect(code).to_be_visible()
    about = page.locator("[name=about]")
    expect(about).to_be_hidden()
    page.get_by_label("专送督查室").check()
    expect(about).to_be_visible()
    expect(page.locator("[name=due_on]")).to_be_hidden()


def test_what_was_typed_is_there_again_after_a_lost_sign_in(
    town: Town, live_server: Any, sits_down: Sits, browser: BrowserContext
) -> None:
    user = town.posts["desk"].holdings.get().user
    user.set_password("a long enough password")
    user.save()
    page = sits_down("desk")
    page.goto(f"{live_server.url}/desk/register/")
    page.locator("[name=firm]").fill("某酒业有限公司")
    page.locator("[name=body]").fill(SAID)
    browser.clear_cookies(name="sessionid")
    page.locator(".btn-main").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.locator("[name=login]").fill("desk")
    page.locator("[name=password]").fill("a long enough password")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/desk/register/"))
    expect(page.locator("[name=body]")).to_have_value(SAID)
    page.locator(".btn-main").click()
    expect(page).to_have_url(re.compile(r"/desk/2023/1/$"))
    assert Issue.objects.count() == 1


def test_triage_goes_from_one_to_the_next_by_keys(
    town: Town, live_server: Any, sits_down: Sits
) -> None:
    town.desk.registers("园区道路窄，货车进不来。")
    town.desk.registers("自来水压力不够。")
    page = sits_down("desk")
    page.goto(f"{live_server.url}/desk/2023/1/triage/")
    promised = page.locator(".promised")
    expect(promised).to_contain_text("11月20日")
    page.keyboard.press("1")
    page.keyboard.press("c")
    expect(promised).to_contain_text("11月6日")
    page.locator("[name=lead]").fill("交通运输局")
    page.locator("[name=cooperating]").first.fill("供电公司")
    page.locator("[name=cooperating]").nth(1).fill("大市园区")
    expect(page.locator("[name=cooperating]")).to_have_count(3)
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/desk/2023/2/triage/$"))
    first = Issue.objects.get(number=1)
    assert [part.unit.code for part in first.parts] == ["transport", "power-company", "park"]
    assert str(first.promised_on) == "2023-11-06"


def test_a_line_is_added_in_the_browser_and_kept_with_the_draft(
    town: Town, live_server: Any, sits_down: Sits
) -> None:
    ref = town.assistant.registers("食品生产许可证办不下来。", source="visit")
    town.assistant.does(
        "order-on-spot", ref, unit="market-regulation", due_on="2023-11-06", text="对接办证"
    )
    page = sits_down("assistant")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/desk/2023/1/lists/")
    page.get_by_role("button", name="加一项").click()
    page.locator("[name='tasks.2.title']").fill("一次性告知材料")
    page.reload()
    expect(page.locator("[name='tasks.2.title']")).to_have_value("一次性告知材料")
    page.locator("[name='tasks.2.unit']").select_option("admin-approval")
    page.locator("[name='tasks.2.due_on']").fill("2023-11-01")
    page.get_by_role("button", name=re.compile("列清单")).click()
    expect(page).to_have_url(re.compile(r"/desk/2023/1/$"))
    assert Issue.objects.get().tasks.count() == 2


def test_the_result_says_what_is_lacking_while_it_is_written(
    town: Town, live_server: Any, sits_down: Sits
) -> None:
    ref = town.desk.registers("路灯坏了。", unit="transport", due_on="2023-11-06")
    town.transport.does("acknowledge", ref)
    page = sits_down("transport")
    page.goto(f"{live_server.url}/desk/2023/1/result/")
    lacking = page.locator("[data-lacking]")
    expect(lacking).to_have_text("还缺：做了什么、佐证")
    page.get_by_text("说明情况").click()
    expect(lacking).to_have_text("还缺：做了什么、依据")
    page.get_by_text("已解决").click()
    page.locator("[name=text]").fill("已修好")
    page.locator("[name=evidence]").fill("验收单")
    expect(lacking).to_be_hidden()


@pytest.fixture
def pages(town: Town) -> list[tuple[str, str]]:
    """Each page of these forms, and who opens it."""
    town.desk.registers("园区道路窄，货车进不来。")
    given = town.desk.registers("路灯坏了。", unit="transport", due_on="2023-11-06")
    town.transport.does("acknowledge", given)
    done = town.desk.registers("消防验收排不上号", unit="transport", due_on="2023-11-10")
    town.transport.does("acknowledge", done)
    town.transport.does(
        "report-result", done, kind="solved", text="已验收", evidence=["意见书"], finish=[1]
    )
    town.desk.registers("消防通道画线不清", unit="transport", due_on="2023-11-10")
    town.firm.registers("收费没有依据。", **{"class": "name_hidden"})
    said = town.desk.registers("厂区门牌不对", unit="transport", due_on="2023-11-10")
    town.transport.does("acknowledge", said)
    town.transport.does(
        "report-result", said, kind="solved", text="已换", evidence=["照片"], finish=[1]
    )
    town.desk_2.does("verify", said)
    desk = ["register/", "2023/1/triage/", "2023/5/triage/", "2023/1/order/", "2023/1/settle/"]
    desk += ["2023/2/lists/", "2023/3/send-back/", "2023/6/word/"]
    unit = ["", "2023/2/result/", "2023/2/finish/", "2023/2/lists/"]
    return [("desk", at) for at in desk] + [("transport", at) for at in unit]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [1366, 390])
def test_the_forms_fit_and_are_clean_for_axe(
    live_server: Any,
    sits_down: Sits,
    pages: list[tuple[str, str]],
    language: str,
    width: int,
) -> None:
    for who, at in pages:
        page = sits_down(who, language)
        page.set_viewport_size({"width": width, "height": 768})
        answer = page.goto(f"{live_server.url}/desk/{at}")
        assert getattr(answer, "status", None) == 200, at
        fits = "document.documentElement.scrollWidth <= window.innerWidth"
        assert page.evaluate(fits), at
        found = Axe().run(page)
        assert found.violations_count == 0, f"{at}: {found.generate_report()}"


def test_a_refused_form_is_clean_for_axe_too(
    live_server: Any, sits_down: Sits, pages: list[tuple[str, str]]
) -> None:
    for who, at in pages:
        if not at or at == "register/":
            continue
        page = sits_down(who)
        page.goto(f"{live_server.url}/desk/{at}")
        page.evaluate("document.querySelectorAll('main textarea').forEach(t => { t.value = '' })")
        page.locator(".btn-main").click()
        page.wait_for_load_state()
        if page.locator(".refusal").count():
            found = Axe().run(page)
            assert found.violations_count == 0, f"{at}: {found.generate_report()}"


def test_a_refusal_goes_with_the_value_it_was_about(
    town: Town, live_server: Any, sits_down: Sits
) -> None:
    page = sits_down("desk")
    page.goto(f"{live_server.url}/desk/register/")
    page.locator("[name=body]").fill(SAID)
    page.keyboard.press("Control+Enter")
    firm = page.locator("[name=firm]")
    refusal = page.locator(".form-field", has=firm).locator(".refusal")
    expect(refusal).to_be_visible()
    expect(firm).to_have_attribute("aria-invalid", "true")
    firm.fill("某酒业有限公司")
    expect(refusal).to_be_hidden()
    expect(firm).not_to_have_attribute("aria-invalid", "true")
    firm.fill("")
    expect(refusal).to_be_visible()


def test_a_phone_shows_no_keys_and_lets_a_rows_button_keep_its_distance(
    town: Town, live_server: Any, sits_down: Sits
) -> None:
    town.desk.registers("货车限行", unit="transport", due_on="2023-11-06")
    page = sits_down("desk")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/desk/register/")
    expect(page.locator(".btn-main")).to_be_visible()
    assert page.locator("kbd:visible").count() == 0
    page = sits_down("transport")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/desk/")
    line = page.locator(".unit-rows td.firm").first.bounding_box()
    button = page.locator(".unit-rows .btn-row").first.bounding_box()
    assert line is not None
    assert button is not None
    assert button["y"] - line["y"] - line["height"] >= 6
