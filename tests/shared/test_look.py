"""The parts of every page in a browser: they fit at each width and are clean for axe."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from playwright.sync_api import BrowserContext, Page

from qingdan.foundations.kernel import clock
from qingdan.foundations.workdays.calendar import official
from qingdan.foundations.workdays.due import due
from qingdan.interfaces.shared.refusals import BY_FETCH
from qingdan.interfaces.site.urls import urlpatterns as site
from town import at

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
HERE = Path(__file__).parent
SHOTS = os.environ.get("QINGDAN_SHOTS", "")
"""A folder, where somebody wants to look at the pictures."""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Parts(forms.Form):
    unit = forms.CharField(label="承办单位", help_text="名称或拼音首字母", initial="住建局")
    due_on = forms.CharField(label="办到哪天", initial="11月5日")
    text = forms.CharField(label="办结结果", widget=forms.Textarea)
    track = forms.ChoiceField(
        label="轨道",
        choices=[("a", "现场办"), ("b", "限期办"), ("c", "立项办"), ("d", "限时办")],
        widget=forms.RadioSelect,
        initial="b",
    )
    handling = forms.ChoiceField(
        label="类别",
        choices=[("normal", "正常办理"), ("name_hidden", "隐名办理")],
        widget=forms.RadioSelect,
        initial="normal",
    )
    tell = forms.BooleanField(label="同时告诉联系领导", required=False)
    level = forms.ChoiceField(label="难度", choices=[("A", "疑难"), ("B", "一般、跨部门")])
    way = forms.ChoiceField(
        label="怎么办",
        choices=[("settled", "现场办结"), ("ordered", "现场交办"), ("back", "带回研办")],
        widget=forms.RadioSelect,
        initial="ordered",
    )


def line(number: str, light: str, by: str, title: str, who: str, what: str, **more: Any) -> Any:
    return SimpleNamespace(
        number=number,
        light=light,
        at=at(by),
        title=title,
        firm="耒水食品",
        who=who,
        what=what,
        **more,
    )


LINES = [
    line("118", "red", "2023-11-01 17:30", "污水管网接入没有批", "住建局", "说明原因", open=True),
    line("120", "yellow", "2023-11-03 17:30", "新生产线环评批复没有回音", "生态环境局", "报结果"),
    line("128", "yellow", "2023-11-06 17:30", "招不到质检员", "我们", "批延期申请", ours=True),
    line("125", "green", "2023-11-14 17:30", "园区路灯坏了半条街", "管委会", "换线路"),
    line("109", "grey", "2023-11-20 17:30", "技改补贴没有到账", "企业", "补 2 份材料"),
    line("097", "off", "2023-12-20 17:30", "进厂的路太窄", "交通运输局", "报进展"),
    line("141", "green", "2023-11-10 17:30", "厂区门牌要改", "民政局", "签收", new=True),
]


def _page(request: HttpRequest, name: str) -> HttpResponse:
    clock.set_for_test(at("2023-11-03 10:24"))
    said = {"unit": "住建局", "due_on": "11月5日", "text": "正在积极协调推进中。", "track": "b"}
    form = Parts(said if "refused" in request.GET else None, initial={"text": ""})
    if form.is_bound:
        form.add_error("due_on", "11月5日是周日，不上班。改成 11月6日？")
        form.add_error("text", "还缺三样：做了什么、哪天完成、谁负责。")
    context = {
        "form": form,
        "lines": LINES,
        "here": "work",
        "due": due(at("2023-10-30 10:12"), "5wd", official()),
        "soon": at("2023-11-03 17:30"),
        "late": at("2023-11-02 17:30"),
        "notes": {"name_hidden": "单位看不到是哪家"},
        "words": ["非常满意", "满意", "基本满意", "不满意", "非常不满意"],
    }
    template = engines["django"].from_string((HERE / name).read_text(encoding="utf-8"))
    return HttpResponse(template.render(context, request))


def parts(request: HttpRequest) -> HttpResponse:
    if "live" in request.GET:
        return live_parts(request)
    if "sent" in request.GET:
        return sent_parts(request)
    return _page(request, "components.html")


def phone_parts(request: HttpRequest) -> HttpResponse:
    return _page(request, "components_phone.html")


LIVE: dict[str, Any] = {"version": 1, "rows": 2, "gone": False}
HUNG: list[str] = []

LIVE_PAGE = """{% extends "shared/base.html" %}{% load qingdan %}{% block main %}
<div id="list" data-live="/topic/" data-live-part="list"><form><input aria-label="一句"></form>
<table class="rows" data-rows><tbody>{% for row in lines %}<tr data-row="{{ row.number }}">
<td class="title">{{ row.title }}</td></tr>{% endfor %}</tbody></table></div>
<p id="text">企业问题清单，在办 16 件</p>
<form method="post" action="/hung/" data-fetch>{% csrf_token %}
<input type="hidden" name="text" value="企业问题清单，在办 16 件">
<button class="btn" data-copy="#text">挂到工作群</button></form>
<form action="/accounts/login/" data-signs-out><button>走了</button></form>{% endblock %}"""


def topic(request: HttpRequest) -> HttpResponse:
    tag = f'"{LIVE["version"]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    return HttpResponse("{}", headers={"ETag": tag})


def live_parts(request: HttpRequest) -> HttpResponse:
    if LIVE["gone"] and BY_FETCH in request.headers:
        return HttpResponse(status=401)
    template = engines["django"].from_string(LIVE_PAGE)
    return HttpResponse(template.render({"lines": LINES[: LIVE["rows"]]}, request))


def hung(request: HttpRequest) -> HttpResponse:
    HUNG.append(request.POST["text"])
    return HttpResponse("")


def sent_parts(request: HttpRequest) -> HttpResponse:
    sent = "<p data-draft-sent=components></p>"
    page = f"{{% extends 'shared/base.html' %}}{{% block main %}}{sent}{{% endblock %}}"
    return HttpResponse(engines["django"].from_string(page).render({}, request))


urlpatterns = [
    path("parts/", parts),
    path("phone/", phone_parts),
    path("topic/", topic),
    path("hung/", hung),
    *site,
]


@pytest.fixture
def page(browser: BrowserContext, live_server: Any, settings: Any) -> Page:
    settings.ROOT_URLCONF = sys.modules[__name__]
    opened = browser.pages[0]
    opened.set_default_timeout(10_000)
    return opened


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def dress(page: Page, server: str, **cookies: str) -> None:
    page.context.clear_cookies()
    page.context.add_cookies([{"name": n, "value": v, "url": server} for n, v in cookies.items()])


def widths(page: Page) -> tuple[int, int]:
    wide = page.evaluate("document.documentElement.scrollWidth")
    return wide, page.evaluate("document.documentElement.clientWidth")


@pytest.mark.parametrize("look", ["light", "dark", "large"])
def test_the_parts_fit_and_are_clean_for_axe_in_each_look(
    page: Page, live_server: Any, look: str
) -> None:
    cookies = {"print": "large"} if look == "large" else {"theme": look}
    dress(page, live_server.url, **cookies)
    for name in ("parts", "phone"):
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(f"{live_server.url}/{name}/?refused")
        shoot(page, f"{name}-{look}")
        assert widths(page)[0] <= widths(page)[1]
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_nothing_scrolls_sideways_on_a_phone_and_axe_is_content(
    page: Page, live_server: Any, language: str
) -> None:
    dress(page, live_server.url, language=language)
    page.set_viewport_size({"width": 390, "height": 844})
    for name in ("parts", "phone"):
        page.goto(f"{live_server.url}/{name}/")
        shoot(page, f"{name}-phone-{language}")
        assert widths(page)[0] <= widths(page)[1]
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def open_parts(page: Page, server: str, query: str = "") -> None:
    dress(page, server, language="zh-hans")
    page.goto(f"{server}/parts/{query}")


def test_why_a_date_opens_on_a_tap_and_closes_with_esc(page: Page, live_server: Any) -> None:
    open_parts(page, live_server.url)
    date = page.locator("summary.when").first
    date.click()
    body = page.locator("details.float[open] .why")
    shoot(page, "parts-why")
    assert body.is_visible()
    assert "第5个工作日是11月6日" in body.inner_text()
    box = body.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1366
    page.keyboard.press("Escape")
    assert page.locator("details.float[open]").count() == 0
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_the_explanation_opens_without_script(
    player: Any, live_server: Any, settings: Any, tmp_path: Path
) -> None:
    settings.ROOT_URLCONF = sys.modules[__name__]
    plain = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    page = plain.new_context(java_script_enabled=False, locale="zh-CN").new_page()
    page.goto(f"{live_server.url}/parts/")
    page.locator("summary.when").first.click()
    assert page.locator("details.float[open] .why").is_visible()
    plain.close()


def test_keys_move_open_and_press_but_never_while_one_types(page: Page, live_server: Any) -> None:
    open_parts(page, live_server.url)
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator("tr.is-here").get_attribute("data-row") == "128"
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/parts/#120")

    page.keyboard.press("3")
    assert page.locator("input[name=track][value=c]").is_checked()

    page.locator("textarea[name=text]").click()
    page.keyboard.type("j1?")
    assert page.locator("textarea[name=text]").input_value() == "j1?"
    assert page.locator("input[name=track][value=c]").is_checked()
    assert page.locator(".help-sheet").count() == 0


def test_the_help_sheet_lists_the_keys_that_are_there_to_see(page: Page, live_server: Any) -> None:
    open_parts(page, live_server.url)
    page.keyboard.press("?")
    sheet = page.locator(".help-sheet")
    shoot(page, "parts-help")
    assert sheet.get_attribute("role") == "dialog"
    said = sheet.inner_text()
    for words in ("登记问题", "催一下", "交办", "现场办", "往下、往上移动"):
        assert words in said
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.keyboard.press("Escape")
    assert sheet.count() == 0


def test_what_is_typed_is_kept_until_it_was_sent(page: Page, live_server: Any) -> None:
    open_parts(page, live_server.url)
    page.locator("textarea[name=text]").type("图纸交了三回")
    assert "已存在本机" in page.locator("form [data-kept]").inner_text()

    page.goto(f"{live_server.url}/accounts/login/")  # the tab was lost, or the sign-in
    page.goto(f"{live_server.url}/parts/")
    assert page.locator("textarea[name=text]").input_value() == "图纸交了三回"
    assert "草稿还在" in page.locator(".said").inner_text()

    page.goto(f"{live_server.url}/parts/?sent")
    page.goto(f"{live_server.url}/parts/")
    assert page.locator("textarea[name=text]").input_value() == ""


def test_a_draft_can_be_dropped_and_is_nobody_elses(page: Page, live_server: Any) -> None:
    open_parts(page, live_server.url)
    page.locator("textarea[name=text]").type("草稿")
    page.evaluate("document.body.dataset.person = 'user:7'")
    assert page.evaluate("Object.keys(localStorage)") == ["draft  components"]
    page.reload()
    page.get_by_role("button", name="不要草稿了").click()
    assert page.locator("textarea[name=text]").input_value() == ""
    assert page.evaluate("Object.keys(localStorage)") == []


def test_signing_out_drops_ones_own_drafts_and_nobody_elses(page: Page, live_server: Any) -> None:
    open_parts(page, live_server.url, "?live")
    for key in ("draft  components", "draft user:7 components", "other"):
        page.evaluate("key => localStorage.setItem(key, '{}')", key)
    page.get_by_role("button", name="走了").click()
    page.wait_for_url("**/accounts/login/**")
    kept = page.evaluate("Object.keys(localStorage).sort()")
    assert kept == ["draft user:7 components", "other"]


def test_a_new_row_comes_by_itself_and_says_so(page: Page, live_server: Any) -> None:
    LIVE.update(version=1, rows=2)
    open_parts(page, live_server.url, "?live")
    page.wait_for_timeout(500)
    assert page.locator("[data-row]").count() == 2
    LIVE.update(version=2, rows=3)
    page.wait_for_selector("tr.is-new", timeout=10_000)
    assert page.locator("[data-row]").count() == 3
    assert "刚来的" in page.locator("tr.is-new").inner_text()


def test_news_wait_while_somebody_types(page: Page, live_server: Any) -> None:
    LIVE.update(version=1, rows=2)
    open_parts(page, live_server.url, "?live")
    page.wait_for_timeout(500)
    page.locator("#list input").type("一句")
    LIVE.update(version=2, rows=3)
    page.get_by_role("button", name="看一看").click(timeout=10_000)
    assert page.locator("[data-row]").count() == 3


def test_a_lost_sign_in_is_said_and_leads_to_the_sign_in(page: Page, live_server: Any) -> None:
    LIVE.update(version=1, rows=2, gone=False)
    open_parts(page, live_server.url, "?live")
    page.wait_for_timeout(500)
    LIVE.update(version=2, gone=True)
    link = page.get_by_role("link", name="登录")
    link.wait_for(timeout=10_000)
    LIVE.update(gone=False)
    assert "/accounts/login/?next=%2Fparts%2F%3Flive" in (link.get_attribute("href") or "")


def test_the_text_for_the_group_is_copied_and_its_hanging_recorded(
    page: Page, live_server: Any
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    HUNG.clear()
    open_parts(page, live_server.url, "?live")
    page.get_by_role("button", name="挂到工作群").click()
    page.wait_for_selector("[data-copy-said]")
    assert page.locator("[data-copy-said]").inner_text() == "已复制"
    assert page.evaluate("navigator.clipboard.readText()") == "企业问题清单，在办 16 件"
    assert HUNG == ["企业问题清单，在办 16 件"]


def test_the_page_runs_under_its_own_policy_without_a_complaint(
    page: Page, live_server: Any
) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    open_parts(page, live_server.url)
    page.locator("summary.when").first.click()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert complaints == []


def test_a_printed_page_has_shapes_and_words_but_no_buttons(page: Page, live_server: Any) -> None:
    open_parts(page, live_server.url)
    page.emulate_media(media="print")
    shoot(page, "parts-print")
    assert page.locator(".light-red").first.is_visible()
    for hidden in (".keybar", ".filters", ".top", ".next .acts"):
        assert not page.locator(hidden).first.is_visible()
    page.emulate_media(media="screen")


def test_the_sign_in_page_is_clean_in_both_languages(page: Page, live_server: Any) -> None:
    for language in ("zh-hans", "en"):
        dress(page, live_server.url, language=language)
        for width in (1366, 390):
            page.set_viewport_size({"width": width, "height": 768})
            page.goto(f"{live_server.url}/accounts/login/?next=/desk/")
            shoot(page, f"login-{language}-{width}")
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
