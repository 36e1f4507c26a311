"""A matter on one screen, for each who may see it, with the buttons that are theirs."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from filled import licence, report
from qingdan.domain.enterprises.models import Contact
from qingdan.domain.ledger.queries import open_acts
from town import COUNTY, Town

pytestmark = pytest.mark.db


def signed_in(town: Town, code: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.posts[code].holdings.get().user)
    return client


def address(ref: str, act: str = "") -> str:
    year, number = re.search(r"〔(\d+)〕(\d+)号", ref).groups()
    return f"/desk/{year}/{number}/" + (f"do/{act}/" if act else "")


def page(town: Town, code: str, ref: str) -> str:
    answer = signed_in(town, code).get(address(ref))
    assert answer.status_code == 200
    return answer.content.decode()


def posts(text: str) -> set[str]:
    """The acts that a page posts by itself."""
    return set(re.findall(r'action="/desk/\d+/\d+/do/([\w-]+)/"', text))


def reachable(town: Town) -> None:
    Contact.objects.create(
        county=COUNTY, subject=town.firm_subject, title="总经理", phone="0734-4331111"
    )


def hidden(town: Town) -> str:
    ref = town.firm.registers("窗口办事拖拉", reach="13900000000", **{"class": "name_hidden"})
    town.desk.does(
        "triage",
        ref,
        track="scheduled",
        grade="B",
        lead="market-regulation",
        shown_title="窗口服务",
        shown_body="一家企业反映窗口服务慢",
    )
    return ref


def test_the_three_lists_stand_side_by_side_with_whose_turn_it_is(town) -> None:
    ref = licence(town)
    text = page(town, "desk", ref)
    assert '<p class="next-what">该市场监管局：现场核查</p>' in text
    for words in ("领导，这个手续办不下来", "完成 2，共 4", "食品生产股", "牵头", "配合"):
        assert words in text
    assert "走访" in text
    assert "市场监管局section在办。" in text  # what the enterprise sees now
    assert "下一步：现场核查，11月3日前。" in text


def test_why_this_date_stands_behind_the_date(town) -> None:
    assert "为什么是11月6日" in page(town, "desk", licence(town))


@pytest.mark.parametrize("code", ["desk", "desk-2", "transport", "head", "leader", "supervision"])
def test_a_page_posts_only_acts_that_are_open_to_its_reader(town, code: str) -> None:
    for ref in (
        town.desk.registers("消防验收", unit="transport", due_on="2023-11-06"),
        report(town, town.desk.registers("消防验收排不上号"), grade="B"),
        licence(town),
    ):
        answer = signed_in(town, code).get(address(ref))
        if answer.status_code == 404:
            continue
        acts = open_acts(town.issue(ref), town.actor(code).person)
        assert posts(answer.content.decode()) <= acts


def test_first_contact_is_one_tap_and_leads_back_to_the_matter(town) -> None:
    ref = town.desk.registers("消防验收", unit="transport", due_on="2023-11-06")
    text = page(town, "transport", ref)
    assert posts(text) == {"contact", "acknowledge"}
    sent = dict(re.findall(r'<input type="hidden" name="(kind|by|version)" value="([^"]*)"', text))
    answer = signed_in(town, "transport").post(address(ref, "contact"), sent)
    assert (answer.status_code, answer["Location"]) == (303, address(ref))
    assert "contact" not in posts(page(town, "transport", ref))


def test_who_reads_its_turn_finds_its_own_act_as_the_main_button(town) -> None:
    ref = report(town, town.desk.registers("消防验收排不上号"), grade="B")
    main = r'do/verify/">.*?<button class="btn btn-main"'
    assert re.search(main, page(town, "desk-2", ref))
    assert not re.search(main, page(town, "supervision", ref))
    assert "verify" not in posts(page(town, "transport", ref))
    assert "nudge" not in posts(page(town, "desk-2", ref))  # nobody nudges himself
    assert signed_in(town, "desk-2").post(address(ref, "verify")).status_code == 303
    assert town.issue(ref).state == "verified"


def test_a_unit_with_a_task_to_do_is_led_to_that_task_and_with_its_last_to_the_result(
    town,
) -> None:
    ref = licence(town)
    main = r'<a class="btn btn-main" href="([^"]*)"'
    led = re.search(main, page(town, "market-regulation", ref))
    assert led[1] == f"{address(ref)}finish/?task=4"  # 现场核查
    town.market_regulation.does("finish-task", ref, task=4, text="已核查")
    led = re.search(main, page(town, "market-regulation", ref))
    assert led[1] == f"{address(ref)}result/"


def test_a_sentence_of_progress_is_noted_in_place(town) -> None:
    ref = licence(town)
    text = "下午两点上门"
    client = signed_in(town, "desk")
    answer = client.post(address(ref, "progress"), {"text": text})
    assert answer.status_code == 303
    again = client.get(answer["Location"]).content.decode()
    assert text in again
    assert f'data-draft-sent="progress-{town.issue(ref).pk}"' in again


def test_an_empty_sentence_is_refused_beside_its_field(town) -> None:
    answer = signed_in(town, "desk").post(address(licence(town), "progress"), {"text": " "})
    assert answer.status_code == 422
    assert '<p class="refusal" id="text-no" role="alert">' in answer.content.decode()


def test_a_stale_page_is_told_what_changed_and_keeps_what_was_typed(town) -> None:
    ref = licence(town)
    stale = town.issue(ref).version
    town.desk.does("progress", ref, text="另一位先写了")
    answer = signed_in(town, "desk-2").post(
        address(ref, "progress"), {"text": "我也写了", "version": str(stale)}
    )
    text = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="我也写了"' in text
    assert "另一位先写了" in text
    assert 'class="refusal-all"' in text


def test_an_act_with_a_form_of_its_own_is_not_posted_here(town) -> None:
    ref = licence(town)
    for act in ("triage", "report-result", "nonsense"):
        assert signed_in(town, "desk").post(address(ref, act)).status_code == 404


@pytest.mark.parametrize("code", ["transport", "township", "other", "leader"])
def test_hidden_and_absent_look_the_same(town, code: str) -> None:
    ref = town.firm.registers("窗口办事拖拉", **{"class": "supervision_only"})
    client = signed_in(town, "transport" if code == "other" else code)
    there, absent = client.get(address(ref)), client.get("/desk/2023/999/")
    assert there.status_code == absent.status_code == 404
    assert re.sub(r'name="next" value="[^"]*"|value="\w{64}"', "", there.content.decode()) == (
        re.sub(r'name="next" value="[^"]*"|value="\w{64}"', "", absent.content.decode())
    )
    assert client.post(address(ref, "nudge")).status_code == 404


@pytest.mark.parametrize("code", ["sysadmin", "secadmin", "auditor", "enterprise"])
def test_administrators_and_enterprises_do_not_come_in_by_this_door(town, code: str) -> None:
    assert signed_in(town, code).get(address(licence(town))).status_code == 403


def test_a_unit_of_a_name_hidden_matter_reads_shown_words_and_nothing_of_the_firm(town) -> None:
    reachable(town)
    ref = hidden(town)
    text = page(town, "market-regulation", ref)
    assert "一家企业反映窗口服务慢" in text
    for word in ("酒业", "窗口办事拖拉", "13900000000", "4331111", "网上反映", "企业现在看到的"):
        assert word not in text, word
    assert posts(text) == {"acknowledge"}


def test_the_firms_numbers_stand_before_those_who_work_on_it_alone(town) -> None:
    reachable(town)
    ref = licence(town)
    for code, sees in (
        ("desk", True),
        ("market-regulation", True),
        ("leader", True),
        ("supervision", False),
        ("main-leader", False),
    ):
        assert ("0734-4331111" in page(town, code, ref)) is sees, code


def test_beside_a_list_its_buttons_lead_back_to_that_list(town) -> None:
    ref = town.desk.registers("消防验收", unit="transport", due_on="2023-11-06")
    back = "/desk/?queue=work&open=2023-1"
    client = signed_in(town, "desk")
    text = client.get(address(ref), {"beside": back}).content.decode()
    assert "<html" not in text
    assert f'name="back" value="{back.replace("&", "&amp;")}"' in text
    answer = client.post(address(ref, "nudge"), {"back": back})
    assert (answer.status_code, answer["Location"]) == (303, back)


@pytest.mark.parametrize("back", ["https://evil.example/desk/", "//evil.example", "/portal/"])
def test_no_button_leads_away(town, back: str) -> None:
    ref = town.desk.registers("消防验收", unit="transport", due_on="2023-11-06")
    answer = signed_in(town, "desk").post(address(ref, "nudge"), {"back": back})
    assert answer["Location"] == address(ref)


def test_the_page_watches_its_matter(town) -> None:
    text = page(town, "desk", licence(town))
    assert re.search(r'id="matter" data-live="/live/[^"]+" data-live-part="matter"', text)


@pytest.mark.parametrize("code", ["desk", "market-regulation", "leader"])
def test_a_matter_asks_as_often_however_long_its_story(town, code: str) -> None:
    ref = licence(town)
    client = signed_in(town, code)
    client.get(address(ref))
    with CaptureQueriesContext(connection) as short:
        client.get(address(ref))
    for n in range(9):
        town.desk.does("progress", ref, text=f"又问了 {n} 次")
    lines = {"unit": "transport", "part": "executing", "due_on": "2023-11-06"}
    old = {"unit": "market-regulation", "section": "food-production", "part": "lead"}
    town.desk.does(
        "draw-lists",
        ref,
        tasks=[
            {**old, "id": 1, "title": "发证", "due_on": "2023-11-06"},
            {**old, "id": 4, "title": "核查", "due_on": "2023-11-03"},
            *({**lines, "title": f"第 {n} 段路"} for n in range(9)),
        ],
    )
    with CaptureQueriesContext(connection) as long:
        client.get(address(ref))
    assert len(long) == len(short) <= 20


def test_what_the_firm_sees_is_the_date_that_its_own_page_says(town) -> None:
    ref = town.desk.registers("货车限行", unit="transport", due_on="2023-11-06")
    town.transport.does("contact", ref, kind="first")
    assert "答应11月6日" in page(town, "desk", ref)
    done = {"kind": "solved", "text": "好了", "evidence": ["12 号"], "finish": [1]}
    town.transport.does("report-result", ref, **done)
    town.on("2023-11-06 10:00")
    town.firm.does("confirm", ref, solved=False, by="account", words="还是限行")
    portal = signed_in(town, "enterprise").get(address(ref).replace("/desk/", "/portal/"))
    assert "11月13日" in portal.content.decode()
    desk = page(town, "desk", ref)
    assert "答应11月13日" in desk
    assert "答应11月6日" not in desk
