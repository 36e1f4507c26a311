"""The history of a matter is sentences with a subject, and each reader reads their own."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from filled import licence, report
from qingdan.domain.ledger.queries import access_issue
from qingdan.foundations.journal.models import Words
from qingdan.foundations.journal.record import erase
from qingdan.foundations.kernel import clock
from qingdan.interfaces.shared.history import sentences
from town import COUNTY, Actor, Town

pytestmark = pytest.mark.db


def tells(reader: Actor, ref: str, lang: str = "zh-hans") -> list[str]:
    with translation.override(lang):
        told = sentences(access_issue(reader.person, ref), reader.person)
        return [f"{one.when} {one.text}" for one in told]


def hidden(town: Town) -> str:
    """A name-hidden matter that went the whole way, with a tongue that slipped."""
    ref = town.firm.registers("窗口办事拖拉", **{"class": "name_hidden"})
    town.desk.does(
        "triage",
        ref,
        track="scheduled",
        grade="B",
        lead="market-regulation",
        shown_title="窗口服务",
        shown_body="一家企业反映窗口服务慢",
        say="请先自查",
    )
    town.market_regulation.does("acknowledge", ref)
    town.desk.does("contact", ref, kind="first", by="telephone", words="他说他姓张，做白酒的")
    town.desk.does("progress", ref, text="某酒业有限公司又来问了")
    line = {"unit": "market-regulation", "part": "lead", "due_on": "2023-11-08"}
    town.desk.does("draw-lists", ref, approach="自查整改", tasks=[{**line, "title": "整改"}])
    told = {"kind": "solved", "text": "已换人", "evidence": ["通报 1 号"], "finish": [1]}
    town.market_regulation.does("report-result", ref, **told)
    town.desk_2.does("verify", ref)
    town.firm.does("confirm", ref, solved=False, by="account", words="还是张姐在窗口")
    return ref


def test_the_history_is_sentences_with_a_subject_the_newest_first(town: Town) -> None:
    ref = licence(town)
    told = tells(town.desk, ref)
    assert told[0] == "11月3日 08:41 市场监管局 · section报进展：今天下午两点上门核查。"
    assert told[-2] == (
        "10月30日 10:13 leader（assistant代记）现场交办市场监管局，11月6日前办结："
        "专程对接，把证办下来。"
    )
    assert len(told) == 8


def test_the_history_is_told_in_english_too(town: Town) -> None:
    ref = licence(town)
    told = tells(town.desk, ref, "en")
    assert told[-3] == (
        "10-30 14:51 企业服务专班 · desk drew the lists: 4 tasks, the last by 11-06."
    )


def test_units_of_a_name_hidden_matter_read_no_word_that_leads_to_the_firm(town: Town) -> None:
    told = "\n".join(tells(town.market_regulation, hidden(town)))
    for word in ("酒业", "姓张", "张姐", "拖拉", "网上反映", "enterprise"):
        assert word not in told, told
    assert "企业又来问了" in told
    assert "企业说没有解决" in told


def test_the_desk_reads_what_units_of_a_name_hidden_matter_do_not(town: Town) -> None:
    told = "\n".join(tells(town.desk, hidden(town)))
    for word in ("姓张", "张姐"):
        assert word in told, told


def test_the_firm_reads_posts_and_units_and_no_levels_nudges_or_notes_of_ours(town: Town) -> None:
    ref = hidden(town)
    town.desk.does("nudge", ref)
    town.firm.does("nudge", ref)
    told = "\n".join(tells(town.firm, ref))
    assert "您说没有解决：还是张姐在窗口" in told
    assert "市场监管局 · market-regulation签收" in told
    assert told.count("催了一下") == 1
    for word in ("又来问了", "负责人负责", "请先自查", "姓张"):
        assert word not in told, told


def test_the_firm_hears_that_the_unit_was_changed_and_never_why(town: Town) -> None:
    ref = town.firm.registers("路窄")
    where = {"track": "scheduled", "grade": "B"}
    town.desk.does("triage", ref, **where, lead="transport")
    town.desk.does("settle-on-site", ref, text="当场说清", evidence=["电话记录"])
    town.supervision.does("send-back", ref, reason="没有去现场")
    town.desk.does("triage", ref, **where, lead="admin-approval")
    told = tells(town.firm, ref)
    assert "承办单位已调整：现由行政审批局牵头。" in told[0]
    assert "没有去现场" not in "".join(told)


def test_erased_words_leave_their_sentence_standing(town: Town) -> None:
    ref = report(town, town.desk.registers("消防验收排不上号"), grade="B")
    said = Words.objects.get(text="已办好")
    with transaction.atomic():
        erase(COUNTY, [said.digest], by=town.desk.person, at=clock.now())
    assert "（内容已清除）" in tells(town.desk, ref)[0]


def test_a_history_takes_three_queries_however_long(town: Town) -> None:
    ref = licence(town)
    issue = access_issue(town.desk.person, ref)
    for _ in range(9):
        town.desk.does("progress", ref, text="又问了一次")
    person = town.desk.person
    with CaptureQueriesContext(connection) as asked:
        assert len(sentences(issue, person)) == 17
    assert len(asked) == 3


# ------------------------------------------------------------------ every act, for each reader

LEAD = {"unit": "market-regulation", "part": "lead", "title": "办证", "due_on": "2023-11-10"}


def given(town: Town, **more: object) -> str:
    """A scheduled matter, listed, the lead at work."""
    ref = town.firm.registers("许可证办不下来", **more)
    town.desk.does("triage", ref, track="scheduled", grade="B", lead="market-regulation")
    town.market_regulation.does("acknowledge", ref)
    town.desk.does("draw-lists", ref, approach="先看现场", tasks=[LEAD])
    return ref


def last(reader: Actor, ref: str) -> str:
    return tells(reader, ref)[0].split(" ", 2)[2]


def test_an_objection_is_told_inside_and_only_what_follows_to_the_firm(town: Town) -> None:
    ref = town.firm.registers("许可证办不下来")
    town.desk.does("triage", ref, track="scheduled", grade="B", lead="market-regulation")
    before = tells(town.firm, ref)
    town.market_regulation.does("object", ref, reason="不归我局", unit="transport")
    assert last(town.desk, ref) == (
        "市场监管局 · market-regulation申请调整承办单位，建议由交通运输局办理：不归我局。"
    )
    assert tells(town.firm, ref) == before
    town.desk.does("decide", ref, uphold=True)
    assert last(town.desk, ref) == (
        "企业服务专班 · desk调整承办单位：由市场监管局改为交通运输局。"
    )
    assert last(town.firm, ref) == "承办单位已调整：现由交通运输局牵头。"
    assert not [one for one in tells(town.firm, ref) if "不归" in one or "申请" in one]


def test_an_objection_that_is_not_upheld_is_never_told_to_the_firm(town: Town) -> None:
    ref = town.firm.registers("许可证办不下来")
    town.desk.does("triage", ref, track="scheduled", grade="B", lead="market-regulation")
    before = tells(town.firm, ref)
    town.market_regulation.does("object", ref, reason="不归我局", unit="transport")
    town.desk.does("decide", ref, uphold=False)
    assert last(town.desk, ref) == ("企业服务专班 · desk决定不予调整，由市场监管局办理。")
    assert tells(town.firm, ref) == before


def test_an_extension_says_the_old_date_the_new_one_and_why(town: Town) -> None:
    ref = given(town)
    before = tells(town.firm, ref)
    town.market_regulation.does("request-extension", ref, due_on="2023-11-24", reason="检测排队")
    assert "由11月20日延至11月24日：检测排队。" in last(town.desk, ref)
    assert tells(town.firm, ref) == before
    town.desk.does("grant-extension", ref, granted=True, reason="情况属实")
    assert "同意市场监管局延期，由11月20日延至11月24日：情况属实。" in last(town.desk, ref)
    assert last(town.firm, ref) == "期限由11月20日改为11月24日：检测排队。"


def test_an_extension_that_is_refused_is_told_inside_alone(town: Town) -> None:
    ref = given(town)
    before = tells(town.firm, ref)
    town.market_regulation.does("request-extension", ref, due_on="2023-11-24", reason="检测排队")
    town.desk.does("grant-extension", ref, granted=False, reason="可以加急")
    assert "不同意市场监管局延期，仍为11月20日：可以加急。" in last(town.desk, ref)
    assert tells(town.firm, ref) == before


def test_a_pause_says_why_in_plain_words_and_until_when(town: Town) -> None:
    ref = given(town)
    town.desk.does("pause", ref, reason="awaiting_enterprise", until="2023-11-06")
    assert last(town.desk, ref) == "企业服务专班 · desk暂停计时到11月6日：等企业补材料。"
    assert last(town.firm, ref) == "暂停计时到11月6日：等您补材料。"
    town.desk.does("resume", ref)
    assert last(town.desk, ref) == "企业服务专班 · desk恢复计时。"
    assert last(town.firm, ref) == "恢复计时。"


@pytest.mark.parametrize(
    ("who", "hold", "inside", "firm"),
    [
        (
            "desk",
            {"kind": "project", "answers": "园区道路改造"},
            "转立项（园区道路改造）：一家办不了。11月20日前再答复。",
            "这件事通过“园区道路改造”项目解决：一家办不了。11月20日前再给您答复。",
        ),
        (
            "desk",
            {"kind": "lifted", "addressee": "衡阳市发改委", "sent_on": "2023-10-30"},
            "提级协调，商请衡阳市发改委：一家办不了。11月20日前再答复。",
            "这件事已提请衡阳市发改委协调：一家办不了。11月20日前再给您答复。",
        ),
        (
            "leader",
            {"kind": "carried"},
            "挂账：一家办不了。11月20日前再答复。",
            "这件事现在还办不了：一家办不了。11月20日前再给您答复。",
        ),
    ],
)
def test_each_hold_says_what_it_waits_for_and_when_one_hears_again(
    town: Town, who: str, hold: dict[str, str], inside: str, firm: str
) -> None:
    ref = given(town)
    actor = town.actor(who)
    actor.does("hold", ref, reason="一家办不了", next_on="2023-11-20", **hold)
    assert last(town.desk, ref).endswith(inside)
    assert last(town.firm, ref) == firm
    actor.does("hold", ref, reason="还在等", next_on="2023-11-22", **hold)
    assert last(town.desk, ref).endswith("复核挂起：还在等。11月22日前再答复。")
    actor.does("release", ref)
    assert last(town.firm, ref) == "不用再等了，继续办理。"


def test_a_change_says_what_is_new_and_the_date_that_follows(town: Town) -> None:
    ref = town.firm.registers("许可证办不下来")
    town.desk.does("triage", ref, track="scheduled", grade="B", lead="market-regulation")
    town.desk.does("change", ref, grade="A", lead="transport", reason="情况复杂")
    ends = town.issue(ref).promised_on
    assert ends is not None
    day = f"{ends.month}月{ends.day}日"
    assert last(town.desk, ref) == (
        "企业服务专班 · desk改派改级（改由交通运输局牵头、难度改为疑难、历史遗留）："
        f"情况复杂。办结期限改为{day}。"
    )
    assert last(town.firm, ref) == (f"办理方式有调整：改由交通运输局牵头。办结期限改为{day}。")


def test_a_question_is_answered_in_a_sentence(town: Town) -> None:
    ref = town.firm.registers("补贴怎么申报")
    town.desk.does("answer", ref, text="先备案后改造")
    assert last(town.firm, ref) == "企业服务专班 · desk答复：先备案后改造。"


def test_a_decline_is_told_to_the_firm_only_when_it_is_decided(town: Town) -> None:
    ref = town.firm.registers("法院判了不执行")
    before = tells(town.firm, ref)
    town.desk.does("decline", ref, code="court", reason="已进入诉讼")
    assert "拟不予受理（应由或已进入诉讼、仲裁、行政复议）：已进入诉讼。" in last(town.desk, ref)
    assert tells(town.firm, ref) == before
    town.desk_2.does("approve-decline", ref, approved=False, reason="只是咨询")
    assert last(town.desk, ref) == "企业服务专班 · desk-2复核，应予受理：只是咨询。"
    assert tells(town.firm, ref) == before
    town.desk.does("decline", ref, code="court", reason="已进入诉讼")
    town.desk_2.does("approve-decline", ref, approved=True, reason="属实")
    assert last(town.desk, ref) == (
        "企业服务专班 · desk-2同意不予受理（应由或已进入诉讼、仲裁、行政复议）：属实。"
        "以移送函转有管辖权的机关。"
    )
    assert last(town.firm, ref) == (
        "这件事没有受理：应由或已进入诉讼、仲裁、行政复议。以移送函转有管辖权的机关。"
    )


def test_a_withdrawal_is_told_from_the_wish_to_the_end(town: Town) -> None:
    ref = given(town)
    town.firm.does("withdraw", ref, reason="自己办好了")
    assert last(town.firm, ref) == "您申请撤回：自己办好了。"
    assert last(town.desk, ref) == "企业申请撤回：自己办好了。"
    call = {"kind": "call-back", "by": "telephone", "number": "1", "words": "确属自愿"}
    town.desk_2.does("contact", ref, **call)
    assert last(town.desk, ref) == "企业服务专班 · desk-2回访企业：确属自愿。"
    assert last(town.firm, ref) == "企业服务专班 · desk-2回访了您。"
    town.desk.does("withdraw", ref)
    assert last(town.desk, ref) == "企业撤回，企业服务专班 · desk回访后办结。"
    assert last(town.firm, ref) == "按您的申请撤回。"


def test_silence_is_told_attempt_by_attempt(town: Town) -> None:
    ref = report(town, town.firm.registers("验收排不上号"), grade="B")
    town.desk_2.does("verify", ref)
    for day in ("2023-10-31", "2023-11-01"):
        town.on(f"{day} 09:00")
        town.desk_2.does("contact", ref, kind="attempt", by="telephone", words="无人接听")
    assert last(town.desk, ref) == "企业服务专班 · desk-2联系企业，没有联系上：无人接听。"
    assert last(town.firm, ref) == "企业服务专班 · desk-2联系过您，没有联系上。"
    town.on("2023-11-09 09:00")
    town.desk_2.does("lapse", ref)
    assert last(town.desk, ref) == "企业两次联系未回应，企业服务专班 · desk-2按未回应办结。"
    assert last(town.firm, ref) == "没有联系上您，按未回应办结。"


def test_an_approved_explanation_is_told_with_its_reason_inside(town: Town) -> None:
    ref = report(
        town, town.firm.registers("想要补贴"), grade="B", kind="explained", basis="政策已到期"
    )
    town.desk_2.does("verify", ref)
    town.supervision.does("approve-explanation", ref, reason="依据充分")
    assert last(town.desk, ref) == "市政府督查室 · supervision同意说明结案：依据充分。"
    assert last(town.firm, ref) == "市政府督查室 · supervision审核同意了说明。"


def test_a_promise_that_moves_with_a_no_stands_in_its_sentence(town: Town) -> None:
    ref = report(town, town.firm.registers("验收排不上号"), grade="B")
    town.desk_2.does("verify", ref)
    town.firm.does("confirm", ref, solved=False, by="account", words="还没来")
    day = town.issue(ref).clocks.get(kind="redo", stopped_at=None).due_on
    said = f"新的答复期限是{day.month}月{day.day}日。"
    assert last(town.firm, ref) == f"您说没有解决：还没来。{said}"
    assert last(town.desk, ref) == f"企业说没有解决：还没来。由单位主要负责人负责重办。{said}"


def test_every_sentence_is_told_in_english_too(town: Town) -> None:
    ref = given(town)
    town.desk.does("pause", ref, reason="force_majeure", until="2023-11-06")
    assert tells(town.firm, ref, "en")[0] == (
        "10-30 09:04 The count is paused until 11-06: force majeure."
    )


@pytest.mark.parametrize(
    ("leader", "assistant", "said"),
    [
        ("市委书记", "联络员", "市委书记（联络员代记）"),
        ("副市长（分管工业）", "联络员（综合股）", "副市长（分管工业，联络员代记）"),
        ("副市长", "联络员（综合股）", "副市长（联络员代记）"),
    ],
)
def test_who_noted_in_whose_name_has_one_pair_of_brackets(
    town: Town, leader: str, assistant: str, said: str
) -> None:
    for code, title in (("leader", leader), ("assistant", assistant)):
        town.posts[code].title = title
        town.posts[code].save()
    ref = town.assistant.registers("路太窄")
    assert any(f" {said}" in line for line in tells(town.desk, ref)), tells(town.desk, ref)
