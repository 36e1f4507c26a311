"""延期: asked in time, granted by whom the policy says, the original date never lost."""

import pytest

from qingdan.domain.ledger.models import Clock
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, StepNotOpen
from town import Town

pytestmark = pytest.mark.db


def working(town: Town, due_on: str = "2023-11-10") -> str:
    ref = town.desk.registers("货车限行要绕路", unit="market-regulation", due_on=due_on)
    town.market_regulation.does("contact", ref, kind="first")
    return ref


def asks(town: Town, ref: str, due_on: str = "2023-11-15") -> None:
    town.market_regulation.does("request-extension", ref, due_on=due_on, reason="等省里检验")


def test_granted_it_moves_the_end_date_and_the_leads_task(town: Town) -> None:
    ref = working(town)
    asks(town, ref)
    town.desk.does("grant-extension", ref, granted=True, reason="检验要排期")
    matter = town.issue(ref)
    assert str(matter.promised_on) == "2023-11-15"
    assert str(matter.tasks.get().due_on) == "2023-11-15"
    ends = Clock.objects.filter(issue=matter, kind="end").order_by("pk")
    assert [(str(c.due_on), c.stopped_at is None) for c in ends] == [
        ("2023-11-10", False),
        ("2023-11-15", True),
    ]


def test_refused_nothing_moves_and_it_can_be_asked_again(town: Town) -> None:
    ref = working(town)
    asks(town, ref)
    with pytest.raises(StepNotOpen):
        asks(town, ref)
    town.desk.does("grant-extension", ref, granted=False, reason="来得及")
    assert str(town.issue(ref).promised_on) == "2023-11-10"
    asks(town, ref)


@pytest.mark.parametrize(
    "due_on", ["2023-11-10", "2023-11-09", "2023-11-11", "2023-11-27", "", "neulich"]
)
def test_the_new_date_is_later_worked_and_not_too_far(town: Town, due_on: str) -> None:
    ref = working(town)
    with pytest.raises(Incomplete) as refusal:
        asks(town, ref, due_on)
    assert set(refusal.value.fields) == {"due_on"}


def test_it_is_asked_two_working_days_before(town: Town) -> None:
    ref = working(town)
    town.on("2023-11-08 17:00")
    assert "request-extension" in town.market_regulation.sees(ref)["acts"]
    town.on("2023-11-09")
    assert "request-extension" not in town.market_regulation.sees(ref)["acts"]
    with pytest.raises(StepNotOpen):
        asks(town, ref)


def test_the_desk_grants_a_short_first_one_the_office_all_others(town: Town) -> None:
    ref = working(town)
    asks(town, ref, "2023-11-24")
    with pytest.raises(NotAllowed):
        town.desk.does("grant-extension", ref, granted=True, reason="同意")
    town.supervision.does("grant-extension", ref, granted=True, reason="同意")
    asks(town, ref, "2023-11-27")
    with pytest.raises(NotAllowed):
        town.desk.does("grant-extension", ref, granted=True, reason="同意")
    town.supervision.does("grant-extension", ref, granted=True, reason="同意")
    with pytest.raises(StepNotOpen):
        asks(town, ref, "2023-11-28")


def test_the_office_may_decide_what_the_desk_may(town: Town) -> None:
    ref = working(town)
    asks(town, ref)
    town.supervision.does("grant-extension", ref, granted=True, reason="同意")
    assert str(town.issue(ref).promised_on) == "2023-11-15"


def test_another_units_date_moves_within_the_end_date(town: Town) -> None:
    ref = working(town)
    town.desk.does(
        "draw-lists",
        ref,
        approach="两家一起",
        tasks=[
            {"id": 1, "title": "办", "unit": "market-regulation", "due_on": "2023-11-10",
             "part": "lead"},
            {"title": "配合", "unit": "admin-approval", "due_on": "2023-11-06",
             "part": "cooperating"},
        ],
    )  # fmt: skip
    town.admin_approval.does("acknowledge", ref)
    with pytest.raises(Incomplete):
        town.admin_approval.does("request-extension", ref, due_on="2023-11-13", reason="忙")
    town.admin_approval.does("request-extension", ref, due_on="2023-11-09", reason="忙")
    town.desk.does("grant-extension", ref, granted=True, reason="可以")
    matter = town.issue(ref)
    assert str(matter.promised_on) == "2023-11-10"
    assert str(matter.tasks.get(unit__code="admin-approval").due_on) == "2023-11-09"


def test_none_is_asked_in_a_hold_a_pause_or_a_redo(town: Town) -> None:
    ref = working(town, "2023-11-30")
    town.desk.does("pause", ref, reason="awaiting_enterprise", until="2023-11-03")
    with pytest.raises(StepNotOpen):
        asks(town, ref, "2023-12-04")
    town.desk.does("resume", ref)
    town.desk.does("hold", ref, kind="project", reason="等立项", next_on="2023-11-20",
                   answers="污水管网二期")  # fmt: skip
    with pytest.raises(StepNotOpen):
        asks(town, ref, "2023-12-04")
    town.desk.does("release", ref)
    asks(town, ref, "2023-12-04")


def test_a_report_makes_the_question_void(town: Town) -> None:
    ref = working(town)
    asks(town, ref)
    town.market_regulation.does(
        "report-result", ref, kind="solved", text="办好", evidence=["1 号"], finish=[1]
    )
    matter = town.issue(ref)
    assert not matter.asked
    assert matter.asks.get().granted is None
