"""Where two rules meet: what a review of all acts found, each once."""

import pytest

from qingdan.domain.ledger.actions.agreeing import agree
from qingdan.domain.ledger.actions.register_body import register_several
from qingdan.domain.ledger.models import Clock, Issue, Sight
from qingdan.domain.ledger.queries import access_issue, words_for
from qingdan.domain.people.models import Holding, Unit
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, NotHere, StepNotOpen
from town import Town

pytestmark = pytest.mark.db


def working(town: Town, due_on: str = "2023-11-30") -> str:
    ref = town.desk.registers("货车限行", unit="market-regulation", due_on=due_on)
    town.market_regulation.does("contact", ref, kind="first")
    return ref


def end(town: Town, ref: str) -> str:
    return str(Clock.objects.get(issue=town.issue(ref), kind="end", stopped_at=None).due_on)


def sealed(town: Town, about: str = "transport") -> str:
    return town.firm.registers("推诿", **{"class": "supervision_only", "about": about})


# ------------------------------------------------------------------ nobody left


def test_a_sealed_decline_that_its_one_person_asked_is_the_main_leaders_to_decide(
    town: Town,
) -> None:
    ref = sealed(town)
    town.supervision.does("decline", ref, code="petition", reason="属信访")
    with pytest.raises(NotAllowed):
        town.supervision.does("approve-decline", ref, approved=True, reason="属实")
    town.main_leader.does("approve-decline", ref, approved=True, reason="属实")
    assert Issue.objects.get().ending == "declined"


def test_where_nobody_else_could_decide_nobody_asks_to_decline(town: Town) -> None:
    ref = sealed(town, "supervision")
    with pytest.raises(StepNotOpen):
        town.main_leader.does("decline", ref, code="petition", reason="属信访")


def test_when_the_last_colleague_leaves_the_main_leader_verifies(town: Town) -> None:
    others = ("supervision", "supervision-2")
    Holding.objects.filter(post__code__in=others).update(to_at=clock.now())
    ref = town.firm.registers("办证慢")
    town.desk.does("triage", ref, track="scheduled", grade="A", lead="transport")
    town.desk.does("settle-on-site", ref, text="办了", evidence=["1 号"])
    with pytest.raises(NotAllowed):
        town.main_leader.does("verify", ref)
    Holding.objects.filter(post__code="desk-2").update(to_at=clock.now())
    town.main_leader.does("verify", ref)


def test_of_a_hidden_name_he_reads_what_he_has_to_speak_about(town: Town) -> None:
    Holding.objects.filter(post__code="desk-2").update(to_at=clock.now())
    ref = town.firm.registers("办证慢", **{"class": "name_hidden"})
    town.desk.does("settle-on-site", ref, text="办了", evidence=["1 号"])
    leader = town.main_leader.person
    assert words_for(access_issue(leader, ref), leader) == ("办证慢", "办证慢")


# ------------------------------------------------------------------ clocks


def test_a_track_without_an_end_date_promises_none_and_binds_no_list(town: Town) -> None:
    ref = working(town, "2023-11-10")
    town.desk.does("change", ref, track="long_term", reason="要两年")
    assert town.issue(ref).promised_on is None
    far = {"title": "二期", "unit": "market-regulation", "due_on": "2024-03-01", "part": "lead"}
    kept = {"id": 1, "title": "办", "unit": "market-regulation", "due_on": "2023-11-10"}
    town.desk.does(
        "draw-lists",
        ref,
        approach="分年",
        tasks=[kept | {"part": "lead"}, far],
    )


def test_an_extension_granted_in_a_hold_runs_after_it(town: Town) -> None:
    ref = working(town, "2023-11-10")
    town.market_regulation.does("request-extension", ref, due_on="2023-11-15", reason="检验")
    town.desk.does("hold", ref, kind="project", reason="等", answers="管网", next_on="2023-11-20")
    town.desk.does("grant-extension", ref, granted=True, reason="可以")
    town.desk.does("release", ref)
    assert end(town, ref) == "2023-11-15"


def test_a_pause_before_a_review_does_not_move_the_day_that_it_names(town: Town) -> None:
    ref = working(town)
    town.desk.does("hold", ref, kind="project", reason="等", answers="管网", next_on="2023-11-10")
    town.desk.does("pause", ref, reason="awaiting_enterprise", until="2023-11-07")
    town.on("2023-11-08")
    town.desk.does("hold", ref, kind="project", reason="等", answers="管网", next_on="2023-11-24")
    reply = Clock.objects.get(issue=town.issue(ref), kind="next_reply", stopped_at=None)
    assert str(reply.due_on) == "2023-11-24"


def test_another_grade_after_a_pause_leaves_the_pause_out(town: Town) -> None:
    ref = town.desk.registers("办证慢")
    town.desk.does("triage", ref, track="scheduled", grade="B", lead="transport")
    town.on("2023-10-31 07:50")
    town.desk.does("pause", ref, reason="awaiting_enterprise", until="2023-11-09")
    town.on("2023-11-10")
    town.desk.does("change", ref, grade="C", reason="简单")
    assert end(town, ref) == "2023-11-15"  # five days, seven of them paused


def test_a_released_unit_leaves_no_question_behind(town: Town) -> None:
    ref = working(town)
    lead = {"id": 1, "title": "办", "unit": "market-regulation", "due_on": "2023-11-30"}
    lead["part"] = "lead"
    other = {"title": "配合", "unit": "transport", "due_on": "2023-11-20", "part": "cooperating"}
    town.desk.does("draw-lists", ref, approach="两家", tasks=[lead, other])
    town.transport.does("acknowledge", ref)
    town.transport.does("request-extension", ref, due_on="2023-11-22", reason="忙")
    town.desk.does(
        "draw-lists", ref, approach="一家", tasks=[lead], dropped=[{"id": 2, "reason": "不必"}]
    )
    matter = town.issue(ref)
    assert not matter.asked
    assert not Clock.objects.filter(issue=matter, kind="extension", stopped_at=None).exists()


def test_a_unit_whose_last_open_task_is_dropped_has_done_its_part(town: Town) -> None:
    ref = working(town)
    lead = {"id": 1, "title": "办", "unit": "market-regulation", "due_on": "2023-11-30"}
    lead["part"] = "lead"
    more = {"unit": "transport", "due_on": "2023-11-20", "part": "cooperating"}
    tasks = [lead, more | {"title": "一"}, more | {"title": "二"}]
    town.desk.does("draw-lists", ref, approach="两家", tasks=tasks)
    town.transport.does("acknowledge", ref)
    town.transport.does("finish-task", ref, task=2, text="好了")
    town.desk.does(
        "draw-lists", ref, approach="一家", tasks=[lead], dropped=[{"id": 3, "reason": "不必"}]
    )
    part = next(p for p in town.issue(ref).parts if p.unit.code == "transport")
    assert part.state == "done"


def test_a_withdrawn_matter_that_comes_back_gives_its_units_time(town: Town) -> None:
    ref = town.desk.registers("货车限行", unit="transport", due_on="2023-11-10")
    town.firm.does("withdraw", ref, reason="不办了")
    town.desk_2.does("contact", ref, kind="call-back", words="确认")
    town.desk.does("withdraw", ref)
    town.on("2023-11-20")
    town.firm.does("reopen", ref, reason="还是要办")
    waits = Clock.objects.get(issue=town.issue(ref), kind="acknowledge", stopped_at=None)
    assert str(waits.due_on) == "2023-11-21"


def test_a_nudge_on_a_day_off_counts_for_the_next_working_day(town: Town) -> None:
    ref = working(town)
    town.on("2023-11-04")
    town.firm.does("nudge", ref)
    assert "nudge" not in town.firm.sees(ref)["acts"]


# ------------------------------------------------------------------ who sees, who is given


def test_no_office_is_given_a_sealed_matter_and_none_reads_a_complaint_about_itself(
    town: Town,
) -> None:
    ref = sealed(town)
    for lead in ("desk", "supervision-2", "transport"):
        with pytest.raises(Incomplete):
            town.supervision.does("triage", ref, track="scheduled", grade="B", lead=lead)
    about_desk = sealed(town, "desk")
    plan = {"track": "scheduled", "grade": "B", "lead": "transport", "class": "normal"}
    with pytest.raises(Incomplete) as refusal:
        town.main_leader.does("triage", about_desk, **plan)
    assert set(refusal.value.fields) == {"class"}


def test_the_other_office_sees_nothing_that_was_never_reported(town: Town) -> None:
    ref = sealed(town)
    town.firm.does("withdraw", ref, reason="不办了")
    town.supervision.does("contact", ref, kind="call-back", words="确认")
    town.supervision.does("withdraw", ref)
    with pytest.raises(NotHere):
        town.supervision_2.sees(ref)


def test_a_section_whose_task_moved_has_it_no_longer_in_sight(town: Town) -> None:
    ref = working(town)
    mine = {"id": 1, "title": "办", "unit": "market-regulation", "due_on": "2023-11-30"}
    mine["part"] = "lead"
    town.desk.does("draw-lists", ref, approach="查", tasks=[mine | {"section": "food-production"}])
    assert Sight.objects.filter(why="task", to_at=None).exists()
    town.desk.does("draw-lists", ref, approach="查", tasks=[mine])
    assert not Sight.objects.filter(why="task", to_at=None).exists()


def test_the_lists_of_a_hidden_name_do_not_name_it(town: Town) -> None:
    ref = town.firm.registers("办证慢", **{"class": "name_hidden"})
    plan = {"track": "scheduled", "grade": "B", "lead": "transport"}
    town.desk.does("triage", ref, **plan, shown_title="证", shown_body="一家企业办证慢")
    task = {
        "title": "去某酒业有限公司看",
        "unit": "transport",
        "due_on": "2023-11-10",
        "part": "lead",
    }
    with pytest.raises(Incomplete) as refusal:
        town.desk.does("draw-lists", ref, approach="联系某酒业有限公司", tasks=[task])
    assert set(refusal.value.fields) == {"approach", "tasks.0.title"}


# ------------------------------------------------------------------ bad input


@pytest.mark.parametrize("said", [["91430481MA4L1PT47X", 5], "abc", ["x" * 100, "y"]])
def test_several_enterprises_are_never_guessed(town: Town, said: object) -> None:
    with pytest.raises(Incomplete):
        register_several({"enterprises": said, "body": "路灯"}, by=town.desk.person)
    assert not Issue.objects.exists()


def test_a_draft_is_agreed_to_though_a_task_was_finished_meanwhile(town: Town) -> None:
    Unit.objects.filter(code="market-regulation").update(deputy_answers=True)
    ref = working(town)
    town.market_regulation.does(
        "report-result", ref, kind="solved", text="好了", evidence=["1 号"], finish=[1]
    )
    town.market_regulation.does("finish-task", ref, task=1, text="好了")
    agree(access_issue(town.deputy.person, ref), by=town.deputy.person)
    assert town.issue(ref).state in ("reported", "verified")
