"""What a sentence proposes of its own order: unit, day, and what is to be done."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingdan.foundations.workdays.calendar import official
from qingdan.interfaces.field.sentence import Named, done_said, due_said, read
from qingdan.interfaces.site.demo.pages import read as demo

MONDAY = date(2023, 10, 30)
COUNTY = [
    Named(
        unit["code"],
        (unit["short_name"], unit["name"]),
        tuple(section["name"] for section in unit["sections"]),
    )
    for unit in demo("county")["units"]
    if unit["kind"] != "office"
]
MARKET, POWER = "market-regulation", "power-company"


def reads(text: str, today: date = MONDAY) -> tuple[str, str]:
    said = read(text, COUNTY, today, today, official())
    return (said.units[0] if said.sure else ""), str(said.due_on or "")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("厂房按食品生产许可审查标准还差哪几样", MARKET),
        ("食品生产许可证办不下来", MARKET),
        ("商标注册从哪里办起", MARKET),
        ("请市监局来看一下", MARKET),
        ("变压器容量不够，老停电", POWER),
        ("想招工，招不到人", "human-resources"),
        ("贷款到期，请农商银行续一下", "rural-commercial-bank"),
        ("环评批复等了两个月", "ecology"),
        ("请交通运输局看看园区的路灯", "transport"),  # a unit's name weighs more than its work
        ("想做自己的酱香酒品牌", ""),
        ("说不清楚的一件事", ""),
        ("", ""),
    ],
)
def test_the_unit_is_read_from_names_sections_and_everyday_words(text: str, unit: str) -> None:
    assert reads(text)[0] == unit


def test_where_two_units_are_as_likely_both_are_offered_and_none_is_chosen() -> None:
    said = read("污水没地方排", COUNTY, MONDAY, MONDAY, official())
    assert not said.sure
    assert set(said.units) == {"ecology", "housing"}


def test_every_everyday_word_leads_to_a_unit_of_the_demo_county() -> None:
    source = Path(__file__).parents[2] / "src/qingdan/interfaces/field/data/words.json"
    for word in json.loads(source.read_text(encoding="utf-8"))["words"]:
        assert read(word, COUNTY, MONDAY, MONDAY, official()).units, word


@pytest.mark.parametrize(
    ("text", "due_on"),
    [
        ("8日前办好", "2023-11-08"),
        ("2号前", "2023-11-02"),
        ("二号前", "2023-11-02"),
        ("11月8日办好", "2023-11-08"),
        ("十一月十五日前", "2023-11-15"),
        ("2023年11月20日前", "2023-11-20"),
        ("周三前", "2023-11-01"),
        ("周一前", "2023-11-06"),  # said on a Monday
        ("下周一之前办好", "2023-11-06"),
        ("本周五下班前", "2023-11-03"),
        ("后天前", "2023-11-01"),
        ("3个工作日内", "2023-11-02"),
        ("一周内", "2023-11-06"),
        ("月底前", "2023-10-31"),
        ("11月底前", "2023-11-30"),
        ("下个月底前", "2023-11-30"),
        ("11月5日前", "2023-11-03"),  # a Sunday: the working day before it
        ("10月12日交的材料，11月3日前答复", "2023-11-03"),
        ("11月3日前交图纸，11月10日前办好", "2023-11-10"),  # the order stands at the end
        ("10月12日前交过材料", ""),
        ("两日前就报了", ""),
        ("11月8日要停电", ""),
        ("11月8日的会，11月9日的会", ""),
        ("11月8日，或者11月9日", ""),
        ("8号楼前面的路灯", ""),
        ("2月30日前", ""),
        ("10月29日前", ""),  # over
        ("没有说哪天", ""),
    ],
)
def test_the_day_is_read_as_people_say_it(text: str, due_on: str) -> None:
    assert reads(text)[1] == due_on


def test_a_day_before_the_soonest_is_not_proposed() -> None:
    tomorrow = MONDAY + timedelta(days=1)
    assert due_said("30日前", MONDAY, MONDAY, official()) == MONDAY
    assert due_said("30日前", MONDAY, tomorrow, official()) is None


@pytest.mark.parametrize(
    ("text", "done"),
    [
        (
            "许可证办不下来。请市场监管局专程来对接，下周一之前办好。",
            "专程来对接，下周一之前办好",
        ),
        ("让交通运输局补好厂门口的坑", "补好厂门口的坑"),
        ("请不到工人", ""),
        ("请市场监管局来", ""),
        ("食品生产许可证办不下来", ""),
    ],
)
def test_an_order_in_the_sentence_is_what_is_to_be_done(text: str, done: str) -> None:
    assert done_said(text, COUNTY) == done


SIGNS = (
    "一二三十百千日号月年周星期礼拜内前之以底下个工作日天今明后大本这0123456789，请市场监管局食品"
)


@given(
    text=st.one_of(st.text(max_size=60), st.text(alphabet=SIGNS, max_size=30)),
    ahead=st.integers(0, 900),
)
def test_whatever_is_typed_proposes_a_worked_day_to_come_or_none(text: str, ahead: int) -> None:
    today = date(2023, 1, 1) + timedelta(days=ahead)
    said = read(text, COUNTY, today, today, official())
    assert len(said.units) <= 3
    assert len(said.done) <= 200
    if said.due_on is not None:
        assert official().is_working(said.due_on)
        assert today <= said.due_on <= today + timedelta(days=180)
