"""The lists of each hat: what waits, the late ones first, cut by the address."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from filled import fill
from qingdan.interfaces.desk import counting
from qingdan.interfaces.desk.views import inbox
from town import Town

pytestmark = pytest.mark.db


@pytest.fixture
def named(town: Town) -> dict[str, str]:
    return fill(town)


def signed_in(town: Town, code: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.posts[code].holdings.get().user)
    return client


def page(town: Town, code: str, address: str = "/desk/") -> str:
    answer = signed_in(town, code).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def titles(text: str) -> list[str]:
    return re.findall(r'<td class="title"><a [^>]*>([^<]*)</a>', text)


def sums(text: str) -> dict[str, str]:
    return dict(re.findall(r"</svg>(\S+) (\d+\+?)</span></a>", text))


def test_the_desks_queues_hold_each_open_matter_once(town, named) -> None:
    found = [
        title
        for queue in ("triage", "work", "verify", "confirm")
        for title in titles(page(town, "desk", f"/desk/?queue={queue}"))
    ]
    assert len(found) == len(set(found)) == 22
    assert "专班转办不及时" not in found  # sent to the supervision office alone


def test_without_a_queue_the_desk_sees_what_is_in_work_the_late_ones_first(town, named) -> None:
    text = page(town, "desk")
    lights = re.findall(r'<td class="fit"><span class="light light-(\w+)">', text)
    assert lights == sorted(lights, key=["red", "yellow", "green"].index)
    assert lights[0] == "red"


def test_each_count_opens_exactly_its_rows(town, named) -> None:
    text = page(town, "desk")
    for light, words in (("red", "已超期"), ("yellow", "将到期"), ("green", "正常")):
        rows = titles(page(town, "desk", f"/desk/?queue=work&light={light}"))
        assert sums(text)[words] == str(len(rows))


@pytest.mark.parametrize(
    ("asked", "chip"),
    [
        ("unit=transport", "单位：交通运输局"),
        ("park=park", "园区：大市园区"),
        ("track=on_site", "轨道：现场办"),
        ("turn=unit", "等谁：承办单位"),
        ("light=red", "已超期"),
    ],
)
def test_a_filter_stands_in_the_address_and_its_chip_takes_it_away(
    town, named, asked: str, chip: str
) -> None:
    whole = titles(page(town, "desk"))
    text = page(town, "desk", f"/desk/?queue=work&{asked}")
    assert 0 < len(titles(text)) <= len(whole)
    assert f'<a class="chip chip-on" href="?queue=work" aria-label="去掉：{chip}">' in text


def test_a_filter_that_names_nothing_is_left_out(town, named) -> None:
    strange = "/desk/?queue=x&unit=nobody&park=desk&track=x&turn=x&light=x&firm=y&after=z~1&open=9"
    text = page(town, "desk", strange)
    assert titles(text) == titles(page(town, "desk"))
    assert "chip-on" not in text


def test_a_list_goes_on_where_its_page_ended(town, named, monkeypatch) -> None:
    whole = titles(page(town, "desk"))
    monkeypatch.setattr(inbox, "PAGE", 6)
    found: list[str] = []
    address = "?queue=work"
    for _ in range(9):
        text = page(town, "desk", f"/desk/{address}")
        found += titles(text)
        on = re.search(r'<a href="([^"]*)" rel="next"', text)
        if not on:
            break
        address = on[1].replace("&amp;", "&")
    assert found == whole


def test_what_is_many_is_not_counted_to_its_end(town, named, monkeypatch) -> None:
    monkeypatch.setattr(counting, "CAP", 3)
    text = page(town, "desk")
    assert sums(text)["已超期"] == "2+"
    assert '在办 <span class="count">2+</span>' in text


def test_our_turn_is_said_in_the_first_person(town, named) -> None:
    text = page(town, "desk", "/desk/?queue=verify")
    assert '<td class="ours">我们：核验结果</td>' in text
    assert '<td class="ours">' not in page(town, "supervision", "/desk/?queue=verify")


def test_a_matter_opens_beside_the_list_by_its_address(town, named) -> None:
    number = re.search(r"〕(\d+)号", named["licence"])
    text = page(town, "desk", f"/desk/?queue=work&open=2023-{number[1]}")
    assert "专程对接，把证办下来" in text
    assert 'class="panes has-open"' in text
    sealed = re.search(r"〕(\d+)号", named["sealed"])
    assert "has-open" not in page(town, "desk", f"/desk/?open=2023-{sealed[1]}")


def test_a_leader_sees_the_matters_of_his_enterprises_and_no_hidden_one(town, named) -> None:
    found = titles(page(town, "leader"))
    assert "食品生产许可证办不下来" in found
    assert not {"某局办事人员吃拿卡要", "专班转办不及时", "货车限行"} & set(found)


def test_the_supervision_office_finds_what_was_sent_to_it_alone(town, named) -> None:
    assert "专班转办不及时" in titles(page(town, "supervision", "/desk/?queue=triage"))


@pytest.mark.parametrize("code", ["sysadmin", "secadmin", "auditor"])
def test_an_administrator_is_told_calmly_that_none_of_them_reads_matters(
    town, named, code: str
) -> None:
    text = page(town, code)
    assert "不看事项" in text
    assert not titles(text)


def test_an_empty_list_says_that_all_is_well(town) -> None:
    assert "没有待研判的事项。" in page(town, "desk", "/desk/?queue=triage")


def test_the_list_watches_its_own_topic(town, named) -> None:
    for code in ("desk", "leader"):
        assert re.search(r'data-live="/live/[^"]+" data-live-part="rows"', page(town, code))


@pytest.mark.parametrize("code", ["desk", "leader", "main-leader"])
def test_a_list_asks_as_often_however_long(town, code: str) -> None:
    client = signed_in(town, code)
    town.desk.registers("一件", unit="transport", due_on="2023-11-06")
    client.get("/desk/")
    with CaptureQueriesContext(connection) as short:
        client.get("/desk/")
    fill(town)
    with CaptureQueriesContext(connection) as long:
        client.get("/desk/?queue=work")
    assert len(long) == len(short) <= 8
