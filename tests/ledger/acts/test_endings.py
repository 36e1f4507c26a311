"""Four endings besides the enterprise's word, each with what it requires."""

import pytest

from qingdan.domain.ledger.actions.perform import perform
from qingdan.domain.ledger.models import Clock
from qingdan.domain.ledger.queries import access_issue
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, StepNotOpen
from town import Town

pytestmark = pytest.mark.db


def reported(town: Town, kind: str = "solved") -> str:
    ref = town.desk.registers("货车限行", unit="market-regulation", due_on="2023-11-10")
    town.market_regulation.does("contact", ref, kind="first")
    town.market_regulation.does(
        "report-result", ref, kind=kind, text="办好", evidence=["1 号"], basis="条例", finish=[1]
    )
    if town.issue(ref).state == "reported":
        town.desk.does("verify", ref)
    return ref


def ended(town: Town, ref: str) -> tuple[str, str]:
    matter = town.issue(ref)
    return matter.state, matter.ending


# ------------------------------------------------------------------ no answer


def tries(town: Town, ref: str) -> None:
    town.desk.does("contact", ref, kind="attempt", by="telephone", number="0734-4331111")


def test_silence_needs_two_attempts_on_two_days_and_five_working_days(town: Town) -> None:
    ref = reported(town)
    tries(town, ref)
    tries(town, ref)
    with pytest.raises(StepNotOpen):
        town.desk_2.does("lapse", ref)
    town.on("2023-10-31")
    tries(town, ref)
    waits = Clock.objects.get(issue=town.issue(ref), kind="confirm", stopped_at=None)
    assert str(waits.due_on) == "2023-11-07"
    town.on("2023-11-07 18:30")
    assert "lapse" not in town.desk_2.sees(ref)["acts"]
    with pytest.raises(StepNotOpen):
        town.desk_2.does("lapse", ref)
    town.on("2023-11-08 00:01")
    assert "lapse" in town.desk_2.sees(ref)["acts"]
    town.desk_2.does("lapse", ref)
    assert ended(town, ref) == ("ended", "unanswered")


def test_more_attempts_do_not_give_more_time(town: Town) -> None:
    ref = reported(town)
    for day in ("2023-10-30 10:00", "2023-10-31", "2023-11-03"):
        town.on(day)
        tries(town, ref)
    waits = Clock.objects.get(issue=town.issue(ref), kind="confirm", stopped_at=None)
    assert str(waits.due_on) == "2023-11-07"


def test_attempts_of_an_earlier_round_do_not_count(town: Town) -> None:
    ref = reported(town)
    tries(town, ref)
    town.on("2023-10-31")
    tries(town, ref)
    town.firm.does("confirm", ref, solved=False, by="account")
    town.market_regulation.does(
        "report-result", ref, kind="solved", text="重新办好", evidence=["2 号"], finish=[]
    )
    if town.issue(ref).state == "reported":
        town.desk.does("verify", ref)
    town.on("2023-11-20")
    with pytest.raises(StepNotOpen):
        town.desk_2.does("lapse", ref)


# ------------------------------------------------------------------ explained


def test_an_explanation_ends_by_the_supervision_office_alone(town: Town) -> None:
    ref = reported(town, "explained")
    with pytest.raises(NotAllowed):
        town.desk.does("approve-explanation", ref, reason="说得通")
    with pytest.raises(Incomplete):
        town.supervision.does("approve-explanation", ref)
    town.supervision.does("approve-explanation", ref, reason="法规有明确规定")
    assert ended(town, ref) == ("ended", "explained")


def test_what_is_reported_solved_is_never_ended_by_explanation(town: Town) -> None:
    ref = reported(town)
    assert "approve-explanation" not in town.supervision.sees(ref)["acts"]
    with pytest.raises(StepNotOpen):
        town.supervision.does("approve-explanation", ref, reason="说得通")


# ------------------------------------------------------------------ withdrawn


def test_withdrawn_after_a_call_back_by_who_did_not_handle_it(town: Town) -> None:
    ref = town.firm.registers("路灯坏了")
    with pytest.raises(StepNotOpen):
        town.desk.does("withdraw", ref)
    town.firm.does("withdraw", ref, reason="自己修好了")
    assert ended(town, ref) == ("registered", "")
    with pytest.raises(StepNotOpen):
        town.firm.does("withdraw", ref, reason="自己修好了")
    with pytest.raises(StepNotOpen):
        town.desk.does("withdraw", ref)
    town.desk_2.does(
        "contact", ref, kind="call-back", words="确实自己修好了", number="13800000000"
    )
    town.desk.does("withdraw", ref, reason="企业已自行解决")
    assert ended(town, ref) == ("ended", "withdrawn")


def test_a_call_back_before_the_request_does_not_count_and_a_report_voids_it(town: Town) -> None:
    ref = town.desk.registers("货车限行", unit="market-regulation", due_on="2023-11-10")
    town.market_regulation.does("contact", ref, kind="first")
    town.firm.does("withdraw", ref, reason="不办了")
    town.market_regulation.does(
        "report-result", ref, kind="solved", text="办好", evidence=["1 号"], finish=[1]
    )
    matter = town.issue(ref)
    assert not matter.asked
    assert matter.asks.get().granted is None


def test_who_handled_it_does_not_call_back(town: Town) -> None:
    ref = town.desk.registers("问路", unit="desk", due_on="2023-11-10")
    town.desk.does("acknowledge", ref)
    town.firm.does("withdraw", ref, reason="不办了")
    for person in (town.desk, town.desk_2):  # the desk held the task: none of its colleagues does
        with pytest.raises(NotAllowed):
            person.does("contact", ref, kind="call-back", words="同意撤回")
    town.supervision.does("contact", ref, kind="call-back", words="同意撤回")


# ------------------------------------------------------------------ declined


def test_declined_by_two_persons_with_a_coded_reason(town: Town) -> None:
    ref = town.firm.registers("合同纠纷")
    town.desk.does("decline", ref, code="court", reason="已在法院立案")
    assert ended(town, ref) == ("registered", "")
    assert town.desk.sees(ref)["acts"] <= {"progress", "contact", "nudge"}
    with pytest.raises(StepNotOpen):
        town.desk.does("triage", ref, track="scheduled", grade="B", lead="transport")
    with pytest.raises(NotAllowed):
        town.desk.does("approve-decline", ref, approved=True, reason="同意")
    town.desk_2.does("approve-decline", ref, approved=True, reason="同意")
    assert ended(town, ref) == ("ended", "declined")


def test_refused_it_goes_on_as_before(town: Town) -> None:
    ref = town.firm.registers("合同纠纷")
    town.desk.does("decline", ref, code="court", reason="已在法院立案")
    town.supervision.does("approve-decline", ref, approved=False, reason="并未立案")
    assert ended(town, ref) == ("registered", "")
    assert "triage" in town.desk.sees(ref)["acts"]


def declines(town: Town, ref: str, fields: dict[str, str]) -> None:
    desk = town.desk.person
    perform("decline", access_issue(desk, ref), {"reason": "重复", **fields}, by=desk)


def test_unlawful_names_its_basis_and_a_duplicate_its_other_matter(town: Town) -> None:
    first, ref = town.firm.registers("路灯坏了"), town.firm.registers("路灯又坏了")
    for fields, wrong in (
        ({"code": "unlawful"}, "basis"),
        ({"code": "duplicate"}, "ref"),
        ({"code": "duplicate", "ref": ref}, "ref"),
        ({"code": "duplicate", "ref": "999"}, "ref"),
        ({"code": "whatever"}, "code"),
    ):
        with pytest.raises(Incomplete) as refusal:
            declines(town, ref, fields)
        assert set(refusal.value.fields) == {wrong}, fields
    declines(town, ref, {"code": "duplicate", "ref": first})


# ------------------------------------------------------------------ a question


def test_a_question_is_answered_in_one_act_and_comes_back_at_its_own_level(town: Town) -> None:
    ref = town.firm.registers("小微企业社保补贴怎么申请?")
    town.desk.does("answer", ref, text="到人社窗口申报,需要三样材料。")
    matter = town.issue(ref)
    assert (matter.state, matter.ending, matter.nature) == ("answered", "", "question")
    assert not Clock.objects.filter(issue=matter, stopped_at=None).exists()
    town.firm.does("reopen", ref, reason="窗口说不归他们管")
    matter = town.issue(ref)
    assert (matter.state, matter.level) == ("registered", 0)


def test_an_ending_that_was_no_word_can_be_reopened_a_level_up(town: Town) -> None:
    ref = reported(town, "explained")
    town.supervision.does("approve-explanation", ref, reason="法规有明确规定")
    town.firm.does("reopen", ref, reason="并没有说清楚")
    matter = town.issue(ref)
    assert (matter.state, matter.level, matter.ending) == ("listed", 1, "")
