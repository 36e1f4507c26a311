"""How a matter ended, in plain words; what is not the enterprise's yes is never called solved."""

from collections.abc import Callable

import pytest
from django.test import Client

from qingdan.domain.ledger.actions.perform import perform
from qingdan.domain.ledger.models import Issue
from town import Town

pytestmark = pytest.mark.db

Reads = Callable[[str], str]
LIST, PAGE = "/portal/", "/portal/2023/1/"


def verified(town: Town, **told: object) -> str:
    ref = town.desk.registers("货车限行", unit="transport", due_on="2023-11-06")
    town.transport.does("contact", ref, kind="first")
    result = {"kind": "solved", "text": "限行改了", "evidence": ["12 号"], "finish": [1]} | told
    town.transport.does("report-result", ref, **result)
    if town.issue(ref).state == "reported":
        town.desk.does("verify", ref)
    return ref


def never_solved(reads: Reads) -> None:
    for page in (LIST, PAGE):
        assert "已解决" not in reads(page)
        assert "解决了" not in reads(page)


def test_a_question_shows_its_answer_and_can_be_raised_again(
    town: Town, reads: Reads, firm: Client
) -> None:
    ref = town.firm.registers("技改补贴怎么申请？")
    town.desk.does("answer", ref, text="每年3月在工信局网上报，附设备发票。")
    assert "其他了结 1" in reads(LIST)
    assert "已答复" in reads(LIST)
    page = reads(PAGE)
    for words in (
        "已答复您的咨询",
        "每年3月在工信局网上报，附设备发票。",
        "还没解决？重新提出",
        "11月29日（周三）之前可以重新提出。",
    ):
        assert words in page
    never_solved(reads)
    firm.post(f"{PAGE}do/reopen/", {"reason": "网上没有这一项"})
    assert town.issue(ref).state == "registered"
    assert "每年3月" not in reads(PAGE).split("经过")[0]
    town.desk.does("decline", ref, code="hotline", reason="请打12345。")
    town.desk_2.does("approve-decline", ref, approved=True, reason="属实")
    assert "每年3月" not in reads(PAGE).split("经过")[0], "what it answered before is not the end"


def test_after_thirty_days_it_is_no_longer_offered(town: Town, reads: Reads, firm: Client) -> None:
    ref = town.firm.registers("技改补贴怎么申请？")
    town.desk.does("answer", ref, text="每年3月网上报。")
    town.on("2023-11-30 10:00")
    page = reads(PAGE)
    assert "重新提出" not in page
    assert firm.post(f"{PAGE}do/reopen/", {"reason": "网上没有"}).status_code == 409


DECLINES = {
    "court": "这件事应走诉讼、仲裁或者行政复议。 已出移送函，转有管辖权的机关。",
    "discipline": "这件事归纪检监察机关管。 已出移送函，转纪检监察机关。",
    "police": "这件事涉嫌违法犯罪，归公安机关管。 已出移送函，转公安机关。",
    "petition": "这件事走信访程序。 已出转办函，转信访部门。",
    "hotline": "这是个人事项，归12345热线办。 已出转办函，转12345热线。",
    "other_place": "这件事不归本县管。 已出商请函，商请有管辖权的地方办理。",
    "unlawful": "所提要求不符合法律法规或者政策：土地管理法第四十四条。",
    "duplicate": "同一件事已经在办：2。",
    "incomplete": "缺少办理要用的情况，两次联系都没有补齐。",
    "secret": "内容涉及国家秘密、工作秘密，不能在这里办。",
}


@pytest.mark.parametrize("code", DECLINES)
def test_what_is_not_accepted_says_why_and_what_letter_went_where(
    town: Town, reads: Reads, code: str
) -> None:
    ref = town.firm.registers("合同纠纷，对方不付款。")
    if code == "duplicate":
        town.firm.registers("合同纠纷，对方一直不付款。")
    facts = {"unlawful": {"basis": "土地管理法第四十四条"}, "duplicate": {"ref": "2"}}
    body = {"code": code, "reason": "请按此办理。"} | facts.get(code, {})
    perform("decline", town.issue(ref), body, by=town.desk.person)
    assert "未受理" not in reads(LIST)
    town.desk_2.does("approve-decline", ref, approved=True, reason="属实")
    assert "未受理" in reads(LIST)
    page = reads(PAGE)
    assert "这件事没有受理" in page
    assert DECLINES[code] in page
    assert "给您的说明：请按此办理。" in page
    assert "这个决定经另一人复核同意。" in page
    assert "重新提出" in page
    assert "属实" not in page.split("经过")[0]
    never_solved(reads)


def test_withdrawing_asks_why_and_waits_for_a_call(town: Town, reads: Reads, firm: Client) -> None:
    ref = town.firm.registers("路灯坏了半条街。")
    page = reads(PAGE)
    assert "撤回这件事" in page
    assert "专班会先给您回电话确认，再了结；在这之前照常办理。" in page
    empty = firm.post(f"{PAGE}do/withdraw/", {"reason": " "})
    assert empty.status_code == 422
    assert "<details open>" in empty.content.decode()
    firm.post(f"{PAGE}do/withdraw/", {"reason": "已经自己修好了"})
    assert Issue.objects.get().state == "registered"
    for address in (LIST, PAGE):
        assert "您已申请撤回，专班会给您回电话确认。" in reads(address)
    assert "撤回这件事" not in reads(PAGE)
    assert firm.post(f"{PAGE}do/withdraw/", {"reason": "再说一次"}).status_code == 409
    called = {"by": "telephone", "number": "13800000000", "words": "确实修好了"}
    town.desk_2.does("contact", ref, kind="call-back", **called)
    town.desk.does("withdraw", ref, reason="企业确认")
    page = reads(PAGE)
    assert "您撤回了这件事" in page
    assert "您申请撤回，专班给您回过电话，10月30日了结，不算解决。" in page
    assert "已申请撤回" not in page.split("经过")[0]
    assert "已撤回" in reads(LIST)
    never_solved(reads)


def test_what_is_verified_is_not_withdrawn(town: Town, reads: Reads, firm: Client) -> None:
    verified(town)
    assert "撤回这件事" not in reads(PAGE)
    assert firm.post(f"{PAGE}do/withdraw/", {"reason": "算了"}).status_code == 409


def test_silence_is_said_as_what_it_was(town: Town, reads: Reads) -> None:
    ref = verified(town)
    for day in ("2023-10-31", "2023-11-01"):
        town.on(day)
        town.desk.does("contact", ref, kind="attempt", by="telephone", number="13800000000")
    town.on("2023-11-09")
    town.desk_2.does("lapse", ref)
    page = reads(PAGE)
    assert "没有联系上您" in page
    assert "专班10月31日、11月1日联系您，都没有联系上，又等了5个工作日，按规定了结" in page
    assert "没有联系上" in reads(LIST)
    never_solved(reads)


def test_an_explanation_names_its_basis_and_who_approved_it(town: Town, reads: Reads) -> None:
    ref = verified(
        town, kind="explained", text="规划未调整，暂不能拓宽", basis="国土空间规划第12条"
    )
    town.supervision.does("approve-explanation", ref, reason="依据成立")
    page = reads(PAGE)
    assert "已向您说明情况" in page
    assert "这件事没有全部办成，理由经督查室审核同意后了结，不算解决。" in page
    assert "规划未调整，暂不能拓宽" in page
    assert "依据：国土空间规划第12条" in page
    assert "作了说明" in reads(LIST)
    never_solved(reads)


def test_only_the_enterprises_own_yes_is_called_solved(
    town: Town, reads: Reads, firm: Client
) -> None:
    verified(town)
    firm.post(f"{PAGE}do/confirm/", {"solved": "true", "words": "路通了"})
    assert "已解决 1" in reads(LIST)
    assert "您确认解决了" in reads(PAGE)
