"""The first case through the actions: what each act leads to, on which day."""

import pytest

from qingdan.domain.ledger.models import Clock, Sight, Standing
from qingdan.domain.ledger.queries import standing_of
from qingdan.domain.ledger.states import Light
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, NotHere, StepNotOpen
from town import Town

pytestmark = pytest.mark.db


def ordered(town: Town) -> str:
    """A matter that the assistant registered and ordered to market regulation by 6 November."""
    ref = town.assistant.registers("食品生产许可证办不下来，没法投产。", source="visit")
    town.assistant.does(
        "order-on-spot", ref, unit="market-regulation", due_on="2023-11-06", text="专程对接办证"
    )
    return ref


def test_an_order_within_five_working_days_is_on_site_and_grade_c(town: Town) -> None:
    issue = town.issue(ordered(town))
    assert (issue.state, issue.track, issue.grade) == ("listed", "on_site", "C")
    assert str(issue.promised_on) == "2023-11-06"


@pytest.mark.parametrize(
    ("due_on", "track", "grade"),
    [
        ("2023-11-06", "on_site", "C"),
        ("2023-11-07", "scheduled", "B"),
        ("2023-11-20", "scheduled", "B"),
        ("2023-11-21", "scheduled", "A"),
    ],
)
def test_a_later_order_is_scheduled(town: Town, due_on: str, track: str, grade: str) -> None:
    ref = town.desk.registers("消防验收排不上号", unit="transport", due_on=due_on)
    issue = town.issue(ref)
    assert (issue.state, issue.track, issue.grade) == ("listed", track, grade)


def test_the_licence_from_the_visit_to_the_firms_word(town: Town) -> None:
    ref = ordered(town)
    town.market_regulation.does("contact", ref, kind="first", by="telephone", number="0734-1")
    town.on("2023-11-06 10:00")
    town.market_regulation.does(
        "report-result",
        ref,
        kind="solved",
        text="食品生产许可证已发",
        evidence=[{"text": "许可证编号 SC10143048100001"}],
        finish=[1],
        effect="耒阳酱香酒",
    )
    assert town.desk.sees(ref)["state"] == "verified"
    town.firm.does("confirm", ref, solved=True, by="account", satisfied=5, words="拿到证了")
    seen = town.firm.sees(ref)
    assert (seen["state"], seen["ending"]) == ("ended", "confirmed")
    assert not Clock.objects.filter(issue=town.issue(ref), stopped_at=None).exists()


def test_a_matter_of_grade_b_waits_for_somebody_who_did_not_handle_it(town: Town) -> None:
    ref = town.desk.registers("消防验收排不上号", unit="transport", due_on="2023-11-10")
    town.transport.does("acknowledge", ref)
    town.transport.does(
        "report-result", ref, kind="solved", text="已验收", evidence=["意见书 12 号"], finish=[1]
    )
    assert town.desk.sees(ref)["state"] == "reported"
    with pytest.raises(NotAllowed):
        town.transport.does("verify", ref)
    town.desk.does("verify", ref)
    assert town.desk.sees(ref)["state"] == "verified"


def test_without_the_enterprises_yes_it_goes_back_on_the_lists_one_level_up(town: Town) -> None:
    ref = ordered(town)
    town.market_regulation.does("contact", ref, kind="first")
    town.market_regulation.does(
        "report-result", ref, kind="solved", text="已办", evidence=["证"], finish=[1]
    )
    town.firm.does("confirm", ref, solved=False, by="link", satisfied=2, words="证还没拿到")
    issue = town.issue(ref)
    assert (issue.state, issue.level, issue.round) == ("listed", 1, 1)
    kinds = Clock.objects.filter(issue=issue, stopped_at=None).values_list("kind", flat=True)
    assert set(kinds) == {"redo"}


def test_a_settled_matter_that_the_firm_denies_comes_back_to_triage(town: Town) -> None:
    ref = town.assistant.registers("食品经营许可证要哪些材料？", source="visit")
    town.assistant.does(
        "settle-on-site", ref, text="审批局当场讲清", evidence=["10月30日审批局窗口负责人当场告知"]
    )
    assert town.desk.sees(ref)["state"] == "verified"
    town.firm.does("confirm", ref, solved=False, by="account")
    issue = town.issue(ref)
    assert (issue.state, issue.level) == ("registered", 1)
    town.desk.does("triage", ref, track="scheduled", grade="C", lead="admin-approval")
    kinds = Clock.objects.filter(issue=issue, stopped_at=None).values_list("kind", flat=True)
    assert "redo" in kinds


def test_lists_give_every_unit_its_task_and_its_clock(town: Town) -> None:
    ref = ordered(town)
    town.assistant.does(
        "draw-lists",
        ref,
        approach="先看厂房，再批材料",
        tasks=[
            {
                "id": 1,
                "title": "发证",
                "unit": "market-regulation",
                "section": "food-production",
                "due_on": "2023-11-06",
                "part": "lead",
            },
            {
                "title": "一次性告知材料",
                "unit": "admin-approval",
                "due_on": "2023-11-01",
                "part": "cooperating",
            },
        ],
    )
    town.admin_approval.does("acknowledge", ref)
    town.admin_approval.does("finish-task", ref, task=2, text="已告知")
    with pytest.raises(StepNotOpen):
        town.market_regulation.does("finish-task", ref, task=1, text="x")
    assert ref in town.actor("section").lists()
    row = standing_of(town.issue(ref), town.market_regulation.person)
    assert row is not None
    assert row.part == "lead"


def test_two_leads_are_refused_with_a_sentence(town: Town) -> None:
    ref = ordered(town)
    with pytest.raises(Incomplete) as refused:
        town.desk.does(
            "draw-lists",
            ref,
            tasks=[
                {
                    "id": 1,
                    "title": "发证",
                    "unit": "market-regulation",
                    "due_on": "2023-11-06",
                    "part": "lead",
                },
                {"title": "批", "unit": "transport", "due_on": "2023-11-06", "part": "lead"},
            ],
        )
    assert "tasks.1.part" in refused.value.fields


def test_a_date_off_work_is_refused_and_names_the_next_working_day(town: Town) -> None:
    with pytest.raises(Incomplete) as refused:
        town.desk.registers("路灯坏了", unit="transport", due_on="2023-11-05")
    assert str(refused.value.fields["due_on"].facts["next"]) == "2023-11-06"


def test_units_read_the_shown_words_of_a_name_hidden_matter(town: Town) -> None:
    ref = town.firm.registers("某局收费没有依据", **{"class": "name_hidden"})
    with pytest.raises(NotHere):
        town.leader.sees(ref)
    with pytest.raises(Incomplete):
        town.desk.does("triage", ref, track="scheduled", grade="B", lead="transport")
    town.desk.does(
        "triage",
        ref,
        track="scheduled",
        grade="B",
        lead="transport",
        shown_title="一家企业反映收费",
        shown_body="反映收费没有依据。",
    )
    assert town.transport.sees(ref)["title"] == "一家企业反映收费"
    assert "contact" not in town.transport.sees(ref)["acts"]
    assert "contact" in town.desk.sees(ref)["acts"]


def test_a_sealed_matter_is_seen_by_neither_desk_nor_the_unit_complained_of(town: Town) -> None:
    ref = town.firm.registers(
        "某局吃拿卡要", **{"class": "supervision_only", "about": "transport"}
    )
    for hidden in (town.desk, town.transport, town.leader, town.supervision_2, town.sysadmin):
        with pytest.raises(NotHere):
            hidden.sees(ref)
    assert "triage" in town.supervision.sees(ref)["acts"]


def test_light_and_filter_by_light_agree(town: Town) -> None:
    from qingdan.domain.ledger.queries import lines_for
    from qingdan.domain.ledger.rules.lights import light

    ordered(town)
    town.firm.registers("外地技工的孩子没有学位")
    for day in ("2023-10-30 09:05", "2023-11-02 10:00", "2023-11-03 09:00", "2023-11-07 09:00"):
        town.on(day)
        now = clock.now()
        rows = list(lines_for(town.desk.person))
        for shown in Light:
            by_filter = set(lines_for(town.desk.person).with_light(shown, now))
            assert by_filter == {row for row in rows if light(row, now) == shown}, (day, shown)


def test_every_act_leaves_one_open_line_for_each_part(town: Town) -> None:
    ref = ordered(town)
    town.market_regulation.does("acknowledge", ref)
    issue = town.issue(ref)
    assert Standing.objects.filter(issue=issue, to_at=None, assignment=None).count() == 1
    assert Standing.objects.filter(issue=issue, to_at=None, task=None).count() == 2
    assert Sight.objects.filter(issue=issue, to_at=None).count() == 3


def test_who_runs_a_sealed_matter_does_not_verify_it(town: Town) -> None:
    ref = town.firm.registers(
        "某局吃拿卡要", **{"class": "supervision_only", "about": "transport"}
    )
    plan = {"track": "scheduled", "grade": "B", "lead": "admin-approval"}
    town.supervision.does("triage", ref, **plan)
    with pytest.raises(NotHere):
        town.supervision_2.sees(ref)
    line = {"title": "查", "unit": "admin-approval", "due_on": "2023-11-06", "part": "lead"}
    town.supervision.does("draw-lists", ref, approach="核查", tasks=[line])
    town.supervision.does("progress", ref, text="结果要看", flag=True)
    town.admin_approval.does("acknowledge", ref)
    with pytest.raises(NotAllowed):
        town.admin_approval.does("progress", ref, text="x", flag=True)
    town.admin_approval.does(
        "report-result", ref, kind="solved", text="查清", evidence=["3 号"], finish=[1]
    )
    assert "verify" not in town.supervision.sees(ref)["acts"]
    with pytest.raises(NotAllowed):
        town.supervision.does("verify", ref)
    assert town.supervision_2.sees(ref)["acts"] == {"verify", "send-back"}
    town.supervision_2.does("verify", ref)
    assert town.supervision.sees(ref)["state"] == "verified"


def test_who_may_not_hears_that_before_the_state_is_looked_at(town: Town) -> None:
    ref = ordered(town)
    with pytest.raises(NotAllowed):
        town.desk.does("confirm", ref, solved=True, by="account")
    with pytest.raises(StepNotOpen):
        town.firm.does("confirm", ref, solved=True, by="account")
