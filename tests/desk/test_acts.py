"""The pages of the acts that wait, decide, reach, change and decline."""

import re

import pytest
from django.test import Client

from filled import report
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import access_issue
from qingdan.interfaces.shared.history import sentences
from town import Town

pytestmark = pytest.mark.db

ACTS = [
    "answer",
    "approve-decline",
    "approve-explanation",
    "change",
    "contact",
    "decide",
    "decline",
    "grant-extension",
    "hold",
    "pause",
]
LEAD = {"unit": "market-regulation", "part": "lead", "title": "办证", "due_on": "2023-11-10"}


def at(ref: str, name: str = "") -> str:
    number = re.sub(r"\D", " ", ref).split()
    return f"/desk/{number[0]}/{number[1]}/{name}" + ("/" if name else "")


def signed_in(town: Town, code: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.posts[code].holdings.get().user)
    return client


def page(town: Town, code: str, ref: str, name: str = "", status: int = 200) -> str:
    answer = signed_in(town, code).get(at(ref, name))
    assert answer.status_code == status
    return answer.content.decode()


def sends(town: Town, who: str, ref: str, name: str, **fields: object) -> str:
    """Fill in the form of an act; its page again if it was refused, else where it leads."""
    version = town.issue(ref).version
    answer = signed_in(town, who).post(at(ref, name), {"version": version, **fields})
    return answer.headers.get("Location") or answer.content.decode()


def triaged(town: Town, **more: object) -> str:
    ref = town.firm.registers("许可证办不下来", **more)
    town.desk.does("triage", ref, track="scheduled", grade="B", lead="market-regulation")
    return ref


def listed(town: Town) -> str:
    ref = triaged(town)
    town.market_regulation.does("contact", ref, kind="first", by="telephone")
    town.desk.does("draw-lists", ref, approach="先看现场", tasks=[LEAD])
    return ref


def verified(town: Town, **result: object) -> str:
    ref = report(town, town.firm.registers("验收排不上号"), grade="B", **result)
    town.desk_2.does("verify", ref)
    return ref


def plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def near(text: str) -> str:
    """The button that the next-step bar offers first."""
    found = re.search(r'class="btn btn-main"[^>]*>([^<]*)<', text)
    return found[1] if found else ""


# ------------------------------------------------------------------ decided


def test_an_objection_is_decided_by_one_of_two_equal_buttons(town: Town) -> None:
    ref = triaged(town)
    town.market_regulation.does("object", ref, reason="不归我局", unit="transport")
    matter = page(town, "desk", ref)
    assert near(matter) == "裁定承办单位"
    assert "市场监管局申请调整承办单位，建议由交通运输局办理。" in plain(matter)
    form = page(town, "desk", ref, "decide")
    assert "不归我局" in form
    buttons = re.findall(r'<button type="submit" class="(btn[^"]*)"[^>]*>([^<]*)</button>', form)
    assert ("btn", "调整给交通运输局") in buttons
    assert ("btn", "不予调整，由市场监管局办理") in buttons
    assert sends(town, "desk", ref, "decide", uphold="yes", of="market-regulation") == at(ref)
    assert town.issue(ref).lead.unit.code == "transport"


def test_an_objection_can_be_decided_for_a_third_unit(town: Town) -> None:
    ref = triaged(town)
    town.market_regulation.does("object", ref, reason="不归我局", unit="transport")
    assert "请选择单位。" in sends(town, "desk", ref, "decide", uphold="other")
    sends(town, "desk", ref, "decide", uphold="other", unit="admin-approval")
    assert town.issue(ref).lead.unit.code == "admin-approval"


def test_enter_alone_decides_nothing(town: Town) -> None:
    ref = triaged(town)
    town.market_regulation.does("object", ref, reason="不归我局", unit="transport")
    assert 'class="refusal"' in sends(town, "desk", ref, "decide")
    assert town.issue(ref).asked


def test_the_third_objection_is_the_supervision_offices_alone(town: Town) -> None:
    ref = triaged(town)
    for unit, other in (("market-regulation", "transport"), ("transport", "power-company")):
        town.actor(unit).does("object", ref, reason="不归我局", unit=other)
        town.desk.does("decide", ref, uphold=True)
    town.power_company.does("object", ref, reason="不归我们", unit="admin-approval")
    assert "/decide/" not in page(town, "desk", ref)
    page(town, "desk", ref, "decide", status=403)
    assert near(page(town, "supervision", ref)) == "裁定承办单位"
    sends(town, "supervision", ref, "decide", uphold="no")
    assert not town.issue(ref).asked


def test_an_extension_shows_the_old_date_and_the_new_one(town: Town) -> None:
    ref = listed(town)
    town.market_regulation.does("request-extension", ref, due_on="2023-11-24", reason="检测排队")
    assert near(page(town, "desk", ref)) == "批延期申请"
    form = plain(page(town, "desk", ref, "grant-extension"))
    assert "11月20日 → 11月24日" in form
    assert "检测排队" in form
    refused = sends(town, "desk", ref, "grant-extension", granted="yes")
    assert "请说明" in plain(refused) or 'class="refusal"' in refused
    sends(town, "desk", ref, "grant-extension", granted="yes", reason="属实")
    assert town.issue(ref).promised_on.isoformat() == "2023-11-24"


def test_who_asked_not_to_accept_a_matter_does_not_decide_it(town: Town) -> None:
    ref = town.firm.registers("法院判了不执行")
    form = page(town, "desk", ref, "decline")
    assert "以移送函转有管辖权的机关" in form
    assert "写明法规或文件" in form
    assert 'class="refusal"' in sends(
        town, "desk", ref, "decline", code="unlawful", reason="不合法"
    )
    sends(town, "desk", ref, "decline", code="court", reason="已进入诉讼")
    assert near(page(town, "desk", ref)) == ""
    assert "轮到另一名同事：复核是否受理" in plain(page(town, "desk", ref)) or (
        "复核是否受理" in plain(page(town, "desk", ref))
    )
    page(town, "desk", ref, "approve-decline", status=403)
    assert near(page(town, "desk-2", ref)) == "复核不予受理"
    form = page(town, "desk-2", ref, "approve-decline")
    assert "已进入诉讼" in form
    sends(town, "desk-2", ref, "approve-decline", approved="yes", reason="属实")
    assert town.issue(ref).ending == "declined"


def test_what_waits_for_a_second_pair_of_eyes_is_not_offered_for_triage(town: Town) -> None:
    ref = town.firm.registers("法院判了不执行")
    town.desk.does("decline", ref, code="court", reason="已进入诉讼")
    text = page(town, "desk", "〔2023〕1").replace("\n", "")
    assert "研判分办" not in near(text)
    inbox = signed_in(town, "desk").get("/desk/?queue=triage").content.decode()
    assert at(ref) in inbox
    assert at(ref, "triage") not in inbox


def test_an_explanation_is_approved_by_the_supervision_office_with_its_reason(
    town: Town,
) -> None:
    ref = verified(town, kind="explained", basis="政策已到期")
    assert "审批说明" not in page(town, "desk", ref)
    assert "审批说明" in page(town, "supervision", ref)
    form = page(town, "supervision", ref, "approve-explanation")
    assert "政策已到期" in form
    sends(town, "supervision", ref, "approve-explanation", reason="依据充分")
    assert town.issue(ref).ending == "explained"


# ------------------------------------------------------------------ waits


def test_a_pause_shows_which_dates_move_to_where_before_it_is_made(town: Town) -> None:
    ref = listed(town)
    client = signed_in(town, "desk")
    part = client.get(at(ref, "pause"), {"until": "2023-11-06"}, headers={"x-qingdan-part": "1"})
    said = plain(part.content.decode())
    moved = dict(re.findall(r"(\S+) (?:\S+) → (\S+)（", said))
    sends(town, "desk", ref, "pause", reason="awaiting_enterprise", until="2023-11-06")
    rows = Issue.objects.get().clocks.filter(stopped_at=None).select_related("task")
    assert rows.count() == len(moved) > 1
    for row in rows:
        day = f"{row.due_on.month}月{row.due_on.day}日"
        assert day in moved.values()


def test_pause_and_resume_are_said_in_words(town: Town) -> None:
    ref = listed(town)
    form = page(town, "desk", ref, "pause")
    for words in ("等企业补材料", "法定程序（如公示、鉴定）", "不可抗力"):
        assert words in form
    assert 'class="refusal"' in sends(town, "desk", ref, "pause", reason="awaiting_enterprise")
    sends(town, "desk", ref, "pause", reason="statutory", until="2023-11-06")
    matter = page(town, "desk", ref)
    assert "暂停计时到11月6日：法定程序（如公示、鉴定）。" in plain(matter)
    assert "恢复计时" in matter
    sends(town, "desk", ref, "do/resume")
    assert "恢复计时</button>" not in page(town, "desk", ref)


def test_a_hold_asks_for_what_its_kind_needs_and_is_released_by_one_tap(town: Town) -> None:
    ref = listed(town)
    form = page(town, "desk", ref, "hold")
    assert "转立项" in form
    assert "提级协调" in form
    assert "挂账" not in form
    assert "挂账" in page(town, "leader", ref, "hold")
    fields = {"kind": "lifted", "reason": "权限在市里", "next_on": "2023-11-20"}
    assert 'class="refusal"' in sends(town, "desk", ref, "hold", **fields)
    fields |= {"addressee": "衡阳市发改委", "sent_on": "2023-10-30", "answers": "多余的"}
    sends(town, "desk", ref, "hold", **fields)
    matter = plain(page(town, "desk", ref))
    assert "提级协调：衡阳市发改委，11月20日前再答复。" in matter
    review = page(town, "desk", ref, "hold")
    assert "复核挂起" in review
    assert 'value="衡阳市发改委"' in review
    sends(town, "desk", ref, "do/release")
    assert not town.issue(ref).held


def test_what_is_carried_forward_is_the_linked_leaders_to_look_at_again(town: Town) -> None:
    ref = listed(town)
    town.leader.does("hold", ref, kind="carried", reason="等明年", next_on="2023-11-20")
    for code, offered in (("desk", False), ("leader", True), ("assistant", True)):
        assert ("复核挂起" in page(town, code, ref)) is offered
        assert ("do/release" in page(town, code, ref)) is offered


def test_the_review_is_the_next_step_of_who_placed_the_hold(town: Town) -> None:
    ref = listed(town)
    hold = {"kind": "project", "answers": "道路", "reason": "等项目", "next_on": "2023-11-09"}
    town.desk.does("hold", ref, **hold)
    town.on("2023-11-09")
    assert near(page(town, "desk", ref)) == "复核挂起"


# ------------------------------------------------------------------ reached


def test_silence_ends_a_matter_only_after_two_days_and_the_waiting_time(town: Town) -> None:
    ref = verified(town)
    assert "按未回应办结" in plain(page(town, "desk-2", ref))
    assert "do/lapse" not in page(town, "desk-2", ref)
    for day in ("2023-10-31", "2023-11-01"):
        town.on(day)
        sends(town, "desk-2", ref, "contact", kind="attempt", number="0734-1", words="无人接听")
    form = plain(page(town, "desk-2", ref, "contact"))
    assert "10月31日 09:00 联系过，没有联系上：无人接听" in form
    assert "企业可在11月8日前回应" in form
    town.on("2023-11-09")
    assert "do/lapse" in page(town, "desk-2", ref)
    sends(town, "desk-2", ref, "do/lapse")
    assert town.issue(ref).ending == "unanswered"


def test_a_withdrawal_is_called_back_and_ended_and_never_before(town: Town) -> None:
    ref = listed(town)
    town.firm.does("withdraw", ref, reason="自己办好了")
    matter = page(town, "desk-2", ref)
    assert "先由未经办的同事回访" in matter
    assert "do/withdraw" not in matter
    assert 'class="refusal"' in sends(town, "desk-2", ref, "contact", kind="call-back")
    sends(town, "desk-2", ref, "contact", kind="call-back", number="0734-1", words="确属自愿")
    assert "do/withdraw" in page(town, "desk-2", ref)
    sends(town, "desk-2", ref, "do/withdraw")
    assert town.issue(ref).ending == "withdrawn"


# ------------------------------------------------------------------ changed, answered


def test_a_change_shows_the_end_date_that_follows_as_it_then_comes(town: Town) -> None:
    for grade, track in (("A", "scheduled"), ("C", "on_site"), ("B", "common")):
        ref = triaged(town)
        asked = {"grade": grade, "track": track}
        part = signed_in(town, "desk").get(
            at(ref, "change"), asked, headers={"x-qingdan-part": "1"}
        )
        said = plain(part.content.decode())
        town.desk.does("change", ref, **asked, reason="情况不同")
        ends = town.issue(ref).clocks.filter(kind="end", stopped_at=None).first()
        want = f"→ {ends.due_on.month}月{ends.due_on.day}日" if ends else "不再计时"
        assert want in said, said


def test_a_change_after_a_pause_says_the_date_that_leaves_the_pause_out(town: Town) -> None:
    ref = triaged(town)
    town.desk.does("pause", ref, reason="awaiting_enterprise", until="2023-11-06")
    town.on("2023-11-07")
    part = signed_in(town, "desk").get(
        at(ref, "change"), {"grade": "C", "track": "on_site"}, headers={"x-qingdan-part": "1"}
    )
    town.desk.does("change", ref, grade="C", track="on_site", reason="情况不同")
    ends = town.issue(ref).clocks.get(kind="end", stopped_at=None)
    assert ends.stood
    day = f"{ends.due_on.month}月{ends.due_on.day}日"
    assert f"→ {day}" in plain(part.content.decode())
    assert f"办结期限改为{day}" in sentences(town.issue(ref), town.desk.person)[0].text
    town.on("2023-11-08")
    town.desk.does("pause", ref, reason="statutory", until="2023-11-15")
    town.on("2023-11-16")
    told = [one.text for one in sentences(town.issue(ref), town.desk.person)]
    assert any(f"办结期限改为{day}" in one for one in told)


def test_a_change_sends_only_what_is_new(town: Town) -> None:
    ref = triaged(town)
    form = page(town, "desk", ref, "change")
    assert 'value="scheduled" id="id_track_1" checked' in form
    kept = {"track": "scheduled", "grade": "B", "lead": "market-regulation"}
    assert "没有变化" in sends(town, "desk", ref, "change", **kept, reason="看错了") or (
        'class="refusal"' in sends(town, "desk", ref, "change", **kept, reason="看错了")
    )
    sends(town, "desk", ref, "change", **(kept | {"lead": "transport"}), reason="归口不同")
    issue = access_issue(town.desk.person, ref)
    assert (issue.lead.unit.code, issue.grade) == ("transport", "B")


def test_a_question_is_answered_at_the_desk(town: Town) -> None:
    ref = town.firm.registers("补贴怎么申报")
    assert "补贴怎么申报" in page(town, "desk", ref, "answer")
    assert 'class="refusal"' in sends(town, "desk", ref, "answer")
    sends(town, "desk", ref, "answer", text="先备案后改造")
    assert town.issue(ref).state == "answered"


# ------------------------------------------------------------------ nobody else's


@pytest.mark.parametrize("name", ACTS)
def test_a_unit_and_an_enterprise_find_no_door_to_what_the_desk_decides(
    town: Town, name: str
) -> None:
    ref = listed(town)
    page(town, "market-regulation", ref, name, status=403)
    page(town, "enterprise", ref, name, status=403)
