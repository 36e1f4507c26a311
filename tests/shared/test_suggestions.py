"""意见建议 stands on every page, takes one field from every hat, and each gets its answer."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import BrowserContext

from qingdan.domain.enterprises.actions import make_link
from qingdan.domain.evaluation.models import Suggestion
from qingdan.domain.people.models import User
from qingdan.domain.visits.actions import plan_outing
from qingdan.foundations.kernel import clock
from qingdan.interfaces.shared.suggestions import page_words
from town import Town

WRITE = re.compile(r'href="(/suggestions/new/\?page=[^"]*)"')


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def by_link(town: Town) -> Client:
    client = Client()
    token = make_link(town.firm_subject, by=town.desk.person)
    client.get(f"/portal/l/{token}/")
    return client


def addresses(node: URLResolver | None = None, before: str = "") -> Iterator[str]:
    for one in (node or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            if not route.startswith("api/"):
                yield from addresses(one, route)
        elif isinstance(one, URLPattern):
            yield "/" + route


def samples(town: Town) -> dict[str, str]:
    town.desk.registers("货车限行", unit="transport", due_on="2023-11-06")
    outing = plan_outing(
        clock.today(), [town.firm_subject], by=town.assistant.person, leader=town.posts["leader"]
    )
    stop = str(outing.stops.get().pk)
    return {"year": "2023", "number": "1", "act": "nudge", "kind": "problems"} | {
        "subject_id": str(town.firm_id),
        "stop_id": stop,
        "stop": stop,
        "outing": str(outing.pk),
        "outing_id": str(outing.pk),
    }


@pytest.mark.db
def test_the_word_stands_on_every_page_of_every_role(town: Town) -> None:
    known = samples(town)
    clients = {str(a.person.role): signed_in(a.person.username) for a in town.everybody()}
    clients["by-link"] = by_link(town)
    seen: dict[str, int] = dict.fromkeys(clients, 0)
    for route in addresses():
        address = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: known.get(found[1], "1"), route)
        for role, client in clients.items():
            answer = client.get(address)
            text = answer.content.decode() if "html" in answer.get("Content-Type", "") else ""
            if "<!doctype html>" not in text:
                continue  # a part of a page, or a way on to another
            assert len(WRITE.findall(text)) == 1, (address, role, answer.status_code)
            seen[role] += 1
    assert all(count > 20 for count in seen.values()), seen


@pytest.mark.db
@pytest.mark.parametrize("name", ["transport", "desk", "enterprise", "auditor"])
def test_the_word_stands_on_what_is_refused_and_on_what_is_not_there(
    town: Town, name: str
) -> None:
    client = signed_in(name)
    for address, status in (("/nothing/here/", 404), ("/portal/2023/77/", 0), ("/field/", 0)):
        answer = client.get(address)
        assert not status or answer.status_code == status
        assert WRITE.search(answer.content.decode()), address
    wrong = client.post("/suggestions/new/", {"text": "", "page": "/desk/"})
    assert wrong.status_code == 422
    assert WRITE.search(wrong.content.decode())
    assert "这一项要填" in wrong.content.decode()


def test_whoever_is_not_signed_in_is_asked_to_and_reads_no_such_word(town: Town) -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert "/suggestions/" not in page
    assert Client().get("/suggestions/new/").status_code == 302
    assert Client().post("/suggestions/new/", {"text": "x"}).status_code == 302
    assert not Suggestion.objects.exists()


@pytest.mark.db
@pytest.mark.parametrize(
    "name",
    [
        *("desk", "supervision", "transport", "head", "park", "township", "leader"),
        *("assistant", "main-leader", "enterprise", "by-link", "sysadmin", "secadmin", "auditor"),
    ],
)
def test_what_a_hat_writes_is_answered_and_closed(town: Town, name: str) -> None:
    writer = by_link(town) if name == "by-link" else signed_in(name)
    form = writer.get("/suggestions/new/?page=/accounts/password/").content.decode()
    key = re.search(r'name="key" value="(\w+)"', form)
    assert key is not None
    body = {"text": "按钮太小了", "page": "/accounts/password/", "key": key[1]}
    for _twice in range(2):
        answer = writer.post("/suggestions/new/", body)
        assert answer.status_code == 302
    assert Suggestion.objects.count() == 1
    said = writer.get(answer["Location"]).content.decode()
    assert "收到了，编号 1，5 个工作日内（11月6日前）答复。" in said
    assert "账号和密码" in said

    other = signed_in("desk" if name != "desk" else "desk-2")
    waits = other.get("/suggestions/").content.decode()
    assert "按钮太小了" in waits
    address = "/suggestions/2023/1/answer/"
    assert f'action="{address}"' in waits
    assert other.post(address, {"answer": ""}).status_code == 422
    assert other.post(address, {"answer": "已调大"}).status_code == 302
    assert "已调大" in writer.get("/suggestions/").content.decode()
    assert writer.post("/suggestions/2023/1/understood/").status_code == 302
    assert Suggestion.objects.get().state == "closed"


@pytest.mark.db
def test_said_again_it_waits_again_and_others_find_nothing(town: Town) -> None:
    writer, desk, stranger = signed_in("transport"), signed_in("desk"), signed_in("head")
    writer.post("/suggestions/new/", {"text": "导出太慢", "page": "/desk/"})
    for act in ("answer", "understood", "again", "nothing"):
        assert stranger.post(f"/suggestions/2023/1/{act}/", {"answer": "x"}).status_code == 404
        assert stranger.post(f"/suggestions/2023/9/{act}/", {"answer": "x"}).status_code == 404
    assert "导出太慢" not in stranger.get("/suggestions/").content.decode()
    assert writer.post("/suggestions/2023/1/answer/", {"answer": "x"}).status_code == 403
    assert writer.post("/suggestions/2023/1/understood/").status_code == 409
    desk.post("/suggestions/2023/1/answer/", {"answer": "请换时段"})
    assert writer.post("/suggestions/2023/1/again/", {"again": "还是慢"}).status_code == 302
    page = desk.get("/suggestions/").content.decode()
    assert "还是慢" in page
    assert "请换时段" in page
    desk.post("/suggestions/2023/1/answer/", {"answer": "已改成后台导出"})
    assert "还没解决" not in writer.get("/suggestions/").content.decode().split("知道了")[1]


def test_the_desk_reads_on_its_list_that_suggestions_wait_and_are_late(town: Town) -> None:
    signed_in("transport").post("/suggestions/new/", {"text": "导出太慢"})
    desk = signed_in("desk")
    assert "意见建议 1 条待答复" in desk.get("/desk/").content.decode()
    assert "待答复" not in signed_in("leader").get("/desk/").content.decode()
    town.on("2023-11-07")
    assert "意见建议 1 条待答复，1 条已超期" in desk.get("/desk/").content.decode()
    page = desk.get("/suggestions/").content.decode()
    assert "light-red" in page
    assert "light-red" not in signed_in("transport").get("/suggestions/").content.decode()


def test_the_matter_of_the_page_is_named_to_whoever_sees_it(town: Town) -> None:
    town.desk.registers("货车限行", unit="transport", due_on="2023-11-06")
    writer = signed_in("transport")
    page = writer.get("/desk/2023/1/").content.decode()
    found = WRITE.search(page)
    assert found is not None
    assert found[1] == "/suggestions/new/?page=%2Fdesk%2F2023%2F1%2F"
    writer.post("/suggestions/new/", {"text": "看不到附件", "page": "/desk/2023/1/?x=secret"})
    row = Suggestion.objects.get()
    assert row.page == "/desk/-/-/"
    assert 'href="/desk/2023/1/">001' in signed_in("desk").get("/suggestions/").content.decode()


def test_hostile_words_stand_there_as_words(town: Town) -> None:
    writer = signed_in("transport")
    hostile = "<script>alert(1)</script>"
    writer.post("/suggestions/new/", {"text": hostile, "page": "javascript:alert(1)"})
    page = signed_in("desk").get("/suggestions/").content.decode()
    assert hostile not in page
    assert "&lt;script&gt;" in page
    for page in (
        "//evil.example/",
        "https://evil.example/x",
        "/\\evil.example",
        "/?" * 900,
    ):
        form = writer.get("/suggestions/new/", {"page": page}).content.decode()
        back = re.search(r'<p class="crumbs"><a href="([^"]*)"', form)
        assert back is not None
        assert re.fullmatch(r"/([a-z0-9-]+/)*", back[1]), back[1]
        assert writer.post("/suggestions/new/", {"text": "\x00", "page": page}).status_code == 422
    assert writer.get("/suggestions/new/", {"page": "\x00"}).status_code == 404
    assert Suggestion.objects.count() == 1


def test_every_page_has_a_name_or_none() -> None:
    for page in ("/desk/", "/desk/-/-/", "/portal/-/-/", "/portal/", "/board/", "/field/-/"):
        assert page_words(page)
    assert page_words("/nothing/") == ""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1366, 390])
def test_in_a_browser_it_is_written_answered_and_read(
    browser: BrowserContext, live_server: object, width: int, tmp_path: Path
) -> None:
    town = Town()
    tab = browser.new_page()
    tab.set_viewport_size({"width": width, "height": 844 if width < 400 else 768})

    def sit(client: Client) -> None:
        browser.clear_cookies()
        cookie = client.cookies["sessionid"].value
        browser.add_cookies([{"name": "sessionid", "value": cookie, "url": str(live_server)}])

    sit(by_link(town))
    tab.goto(f"{live_server}/portal/", wait_until="domcontentloaded")
    tab.click("text=意见建议")
    tab.fill("textarea[name=text]", "字太小，看不清")
    tab.click("text=送出")
    assert tab.inner_text(".said").startswith("收到了，编号 1")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width

    sit(signed_in("desk"))
    tab.goto(f"{live_server}/desk/", wait_until="domcontentloaded")
    tab.click("text=意见建议 1 条待答复")
    tab.fill("textarea[name=answer]", "已把手机页面的字调大")
    tab.click("button:text-is('答复')")
    tab.wait_for_selector("text=没有待答复的意见")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width

    sit(by_link(town))
    tab.goto(f"{live_server}/suggestions/", wait_until="domcontentloaded")
    assert "已把手机页面的字调大" in tab.inner_text("main")
    tab.click("text=知道了")
    tab.wait_for_selector("text=已了结")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
