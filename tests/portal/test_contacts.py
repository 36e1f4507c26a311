"""Who works on it: post and office number of everybody, and nothing that would betray a name."""

from collections.abc import Callable

import pytest

from qingdan.domain.people.models import Section
from town import Town

pytestmark = pytest.mark.db

Reads = Callable[[str], str]
PEOPLE, PAGE = "/portal/people/", "/portal/2023/1/"
NUMBERS = {
    "transport": "0734-0000201",
    "section": "0734-0000202",
    "deputy": "0734-0000203",
    "leader": "0734-0000204",
    "assistant": "0734-0000205",
}


@pytest.fixture
def numbered(town: Town) -> Town:
    """A town in which posts, the desk and the supervision office have office numbers."""
    for code, number in (NUMBERS | {"market-regulation": "0734-0000207"}).items():
        town.posts[code].phone = number
        town.posts[code].save()
    for code, number in (("desk", "0734-0000100"), ("supervision", "0734-0000300")):
        town.units[code].phone = number
        town.units[code].save()
    Section.objects.filter(code="food-production").update(phone="0734-0000206")
    return town


def two_units(town: Town) -> str:
    ref = town.desk.registers("证办不下来", unit="market-regulation", due_on="2023-11-06")
    line = {"unit": "market-regulation", "part": "lead", "section": "food-production"}
    other = {"title": "改材料", "unit": "transport", "part": "cooperating"}
    tasks = [
        {**line, "id": 1, "title": "发证", "due_on": "2023-11-06"},
        {**other, "due_on": "2023-11-02"},
    ]
    town.desk.does("draw-lists", ref, approach="一起上门", tasks=tasks)
    return ref


def test_everybody_on_it_stands_on_its_page_with_the_offices_number(
    numbered: Town, reads: Reads
) -> None:
    two_units(numbered)
    page = reads(PAGE)
    for number in (*NUMBERS.values(), "0734-0000100", "0734-0000206"):
        assert number in page, number
    for words in ("牵头", "配合", "分管", "联系领导", "联络员", "督办 企业服务专班", "食品生产股"):
        assert words in page, words


def test_a_page_of_its_own_names_each_once_with_the_matters(numbered: Town, reads: Reads) -> None:
    two_units(numbered)
    numbered.desk.registers("货车限行", unit="transport", due_on="2023-11-06")
    ended = numbered.desk.registers("门牌不对", unit="admin-approval", due_on="2023-11-06")
    numbered.admin_approval.does("acknowledge", ended)
    told = {"kind": "solved", "text": "改了", "evidence": ["照片"], "finish": [1]}
    numbered.admin_approval.does("report-result", ended, **told)
    numbered.firm.does("confirm", ended, solved=True, by="account")
    page = reads(PEOPLE)
    assert page.count("0734-0000201") == 1
    transport = page.split("0734-0000201")[1]
    assert transport.index("证办不下来") < transport.index("0734-0000100")
    assert "货车限行" in transport
    assert "0734-0000204" in page
    assert "门牌不对" not in page


def test_a_unit_that_must_not_know_the_name_is_reached_through_the_desk(
    numbered: Town, reads: Reads
) -> None:
    ref = numbered.firm.registers("办证时被刁难", **{"class": "name_hidden"})
    numbered.desk.does(
        "triage",
        ref,
        track="scheduled",
        grade="B",
        lead="market-regulation",
        shown_title="窗口服务",
        shown_body="一家企业反映窗口服务不好。",
    )
    for page in (PAGE, PEOPLE, "/portal/"):
        words = reads(page)
        assert "市场监管局" in words
        assert "0734-0000207" not in words
    assert "0734-0000100" in reads(PAGE)
    assert "隐名办理：办理单位不知道是您。有话请找专班，由专班转达。" in reads(PAGE)
    assert "0734-0000204" not in reads(PAGE), "no linked leader sees it"


def test_a_sealed_matter_names_the_supervision_office_and_nobody_else(
    numbered: Town, reads: Reads
) -> None:
    numbered.firm.registers(
        "窗口吃拿卡要", about="market-regulation", **{"class": "supervision_only"}
    )
    page = reads(PAGE)
    assert "督查室定下由谁来办" in page
    assert "0734-0000300" in page
    assert "0734-0000100" not in page
    assert "0734-0000204" not in page
    assert "督查室会先给您回电话确认" in page


def test_of_a_complaint_about_the_office_itself_its_number_is_not_given(
    numbered: Town, reads: Reads
) -> None:
    numbered.firm.registers("督查室不作为", about="supervision", **{"class": "supervision_only"})
    page = reads(PAGE)
    assert "主要领导定下由谁来办" in page
    assert "0734-0000300" not in page
