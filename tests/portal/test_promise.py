"""The promised day: whether it has passed, why it moved, what waits; the late ones first."""

from collections.abc import Callable

import pytest

from town import Town

pytestmark = pytest.mark.db

Reads = Callable[[str], str]
LIST, PAGE = "/portal/", "/portal/2023/1/"


def given(town: Town, words: str = "货车限行", due_on: str = "2023-11-06") -> str:
    """A matter that transport has acknowledged."""
    ref = town.desk.registers(words, unit="transport", due_on=due_on)
    town.transport.does("contact", ref, kind="first")
    return ref


def test_a_promised_day_that_has_passed_is_said_plainly(town: Town, reads: Reads) -> None:
    given(town)
    assert "11月6日（周一）下班前" in reads(LIST)
    town.on("2023-11-08 09:00")
    for page in (LIST, PAGE):
        assert "11月6日（周一），已过2个工作日" in reads(page)
    town.on("2023-11-06 20:00")
    assert "11月6日（周一），已过期" in reads(LIST)


def test_what_is_late_stands_first_and_the_rest_by_its_day(town: Town, reads: Reads) -> None:
    for n, day in enumerate(("2023-11-20", "2023-11-01", "2023-11-08"), start=1):
        given(town, f"第{n}件：路灯坏了", day)
    town.on("2023-11-02 09:00")
    page = reads(LIST)
    assert page.index("第2件") < page.index("第3件") < page.index("第1件")


def test_a_task_that_only_repeats_the_problem_says_who_does_what(town: Town, reads: Reads) -> None:
    given(town)
    page = reads(LIST)
    assert "交通运输局办理，11月6日（周一）前报结果。" in page
    assert page.count("货车限行") == 1
    town.desk.registers("路灯坏了", unit="transport", due_on="2023-11-06")
    ref = town.assistant.registers("办不下证", source="visit")
    town.assistant.does(
        "order-on-spot", ref, unit="transport", due_on="2023-11-06", text="专程上门对接"
    )
    assert "交通运输局：专程上门对接。" in reads(LIST)


def test_a_next_step_whose_day_has_passed_says_so(town: Town, reads: Reads) -> None:
    town.firm.registers("路灯坏了")
    town.on("2023-11-03 09:00")
    assert "10月31日（周二）前，专班定下由谁来办。 已过3个工作日。" in reads(LIST)


def test_a_pause_says_until_when_and_why_and_then_what_it_moved(town: Town, reads: Reads) -> None:
    ref = given(town)
    town.desk.does("pause", ref, reason="awaiting_enterprise", until="2023-11-03")
    for page in (LIST, PAGE):
        assert "计时暂停到11月3日：等您补材料。" in reads(page)
        assert "已过" not in reads(page)
    town.on("2023-11-03 10:00")
    page = reads(PAGE)
    assert "计时暂停到" not in page
    assert "原来是11月6日（周一）" in page
    assert "10月30日到11月3日暂停计时：等您补材料。" in page
    assert "交通运输局办理，11月9日（周四）前报结果。" in page
    assert "11月9日（周四）下班前" in page


def test_an_extension_shows_the_old_day_the_new_one_and_why(town: Town, reads: Reads) -> None:
    ref = given(town)
    asked = {"due_on": "2023-11-10", "reason": "检测机构排到8日"}
    town.transport.does("request-extension", ref, **asked)
    assert "检测机构" not in reads(LIST)
    town.desk.does("grant-extension", ref, granted=True, reason="情况属实")
    for page in (LIST, PAGE):
        words = reads(page)
        assert "11月10日（周五）下班前" in words
        assert "原来是11月6日（周一）" in words
        assert "交通运输局申请延期，10月30日同意：检测机构排到8日。" in words


def test_an_extension_that_was_refused_moves_nothing(town: Town, reads: Reads) -> None:
    ref = given(town)
    town.transport.does("request-extension", ref, due_on="2023-11-10", reason="人手不够")
    town.desk.does("grant-extension", ref, granted=False, reason="抓紧办")
    page = reads(LIST)
    assert "11月6日（周一）下班前" in page
    assert "原来" not in page


HOLDS = {
    "project": ({"answers": "园区道路拓宽"}, "这件事和同类问题一起立项解决：园区道路拓宽。"),
    "lifted": (
        {"addressee": "衡阳市交通运输局", "sent_on": "2023-10-30"},
        "这件事要上级协调，10月30日已报请衡阳市交通运输局。",
    ),
    "carried": ({}, "这件事一时办不了，由联系领导挂账盯着。"),
}


@pytest.mark.parametrize("kind", HOLDS)
def test_a_hold_says_where_it_waits_and_when_one_hears_again(
    town: Town, reads: Reads, kind: str
) -> None:
    ref = given(town)
    fields, words = HOLDS[kind]
    who = town.leader if kind == "carried" else town.desk
    who.does("hold", ref, kind=kind, reason="本级办不了", next_on="2023-11-24", **fields)
    town.on("2023-11-20 09:00")
    for page in (LIST, PAGE):
        said = reads(page)
        assert words in said
        assert "原因：本级办不了。" in said
        assert "11月24日（周五）前再答复您。" in said
        assert "已过" not in said
    assert "已解决" not in reads(LIST)
    who.does("release", ref)
    said = reads(PAGE)
    assert "再答复您" not in said
    assert "原来是11月6日（周一）" in said
    assert "10月30日到11月20日暂停计时：" in said


def test_another_track_is_said_as_another_way(town: Town, reads: Reads) -> None:
    ref = given(town)
    town.on("2023-10-31")
    town.desk.does("change", ref, track="scheduled", grade="A", reason="要两家一起办")
    page = reads(PAGE)
    assert "原来是11月6日（周一）" in page
    assert "10月31日调整了办理方式和期限。" in page


def test_a_redo_says_that_it_is_one(town: Town, reads: Reads) -> None:
    ref = given(town)
    told = {"kind": "solved", "text": "限行改了", "evidence": ["12 号"], "finish": [1]}
    town.transport.does("report-result", ref, **told)
    town.on("2023-11-01")
    town.firm.does("confirm", ref, solved=False, words="还是限行", by="account")
    for page in (LIST, PAGE):
        said = reads(page)
        assert "您11月1日说没解决，重新办理。" in said
        assert "11月8日（周三）下班前" in said
    assert "限行改了" not in reads(LIST)


def test_another_unit_is_named_and_nobody_refused(town: Town, reads: Reads) -> None:
    ref = town.desk.registers("货车限行", unit="transport", due_on="2023-11-06")
    town.transport.does("object", ref, reason="不归我局管", unit="market-regulation")
    town.desk.does("decide", ref, uphold=True)
    page = reads(PAGE)
    assert "10月30日起，已改由市场监管局办理。" in page
    for word in ("退回", "退单", "驳回", "不归我局管"):
        assert word not in page
    assert "市场监管局办理，11月6日（周一）前报结果。" in page


def test_a_track_without_an_end_promises_the_next_answer_and_no_old_day(
    town: Town, reads: Reads
) -> None:
    ref = given(town)
    town.on("2023-10-31")
    town.desk.does("change", ref, track="long_term", reason="要等二期管网")
    town.on("2023-11-09 09:00")
    for page in (LIST, PAGE):
        said = reads(page)
        assert "下次答复您" in said
        assert "答应您" not in said
        assert "11月6日（周一），已过" not in said
        assert "下班前" in said


def test_the_unit_that_was_decided_is_named_and_not_the_proposed_one(
    town: Town, reads: Reads
) -> None:
    ref = town.desk.registers("货车限行", unit="transport", due_on="2023-11-06")
    town.transport.does("object", ref, reason="不归我局管", unit="market-regulation")
    town.desk.does("decide", ref, uphold=True, unit="power-company")
    page = reads(PAGE)
    assert "10月30日起，已改由供电公司办理。" in page
    assert "现由供电公司牵头" in page
    assert "市场监管局" not in page
