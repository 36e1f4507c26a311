"""申请调整承办单位: once, within a working day, decided the same day, then it binds."""

import pytest

from qingdan.domain.ledger.models import Sight, Standing
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, NotHere, StepNotOpen
from town import Town

pytestmark = pytest.mark.db


def given(town: Town, lead: str = "market-regulation") -> str:
    return town.desk.registers("货车限行要绕路", unit=lead, due_on="2023-11-10")


def asks(town: Town, ref: str, unit: str = "market-regulation", to: str = "transport") -> None:
    town.actor(unit).does("object", ref, reason="不是我局职责", unit=to)


def test_upheld_the_part_passes_on_with_its_tasks_and_dates(town: Town) -> None:
    ref = given(town)
    asks(town, ref)
    assert "decide" in town.desk.sees(ref)["acts"]
    town.desk.does("decide", ref, uphold=True)
    matter = town.issue(ref)
    assert matter.lead is not None
    assert matter.lead.unit.code == "transport"
    task = matter.tasks.get(state="open")
    assert (task.unit.code, task.due_on.isoformat()) == ("transport", "2023-11-10")
    with pytest.raises(NotHere):
        town.market_regulation.sees(ref)
    assert not Sight.objects.filter(
        issue=matter, to_at=None, holder=town.market_regulation.person.holder
    ).exists()
    assert "contact" in town.transport.sees(ref)["acts"]


def test_rejected_it_binds_and_is_work(town: Town) -> None:
    ref = given(town)
    asks(town, ref)
    town.desk.does("decide", ref, uphold=False)
    part = town.issue(ref).lead
    assert part is not None
    assert part.state == "working"
    with pytest.raises(StepNotOpen):
        asks(town, ref)


def test_while_it_waits_the_units_acts_and_the_lists_rest(town: Town) -> None:
    ref = given(town)
    asks(town, ref)
    for act in ("acknowledge", "finish-task", "progress", "report-result", "contact"):
        with pytest.raises(StepNotOpen):
            town.market_regulation.does(act, ref, kind="first")
    with pytest.raises(StepNotOpen):
        town.desk.does("draw-lists", ref)
    standing = Standing.objects.get(issue__number=1, to_at=None, assignment=None, task=None)
    assert (standing.clock_kind, standing.turn) == ("objection", "desk")
    assert standing.due_at.date().isoformat() == "2023-10-30"


def test_it_is_asked_within_a_working_day(town: Town) -> None:
    ref = given(town)
    town.on("2023-10-31 17:00")
    assert "object" in town.market_regulation.sees(ref)["acts"]
    town.on("2023-11-01 09:00")
    assert "object" not in town.market_regulation.sees(ref)["acts"]
    with pytest.raises(StepNotOpen):
        asks(town, ref)


@pytest.mark.parametrize("to", ["market-regulation", "nobody", ""])
def test_the_proposed_unit_is_another_one_that_exists(town: Town, to: str) -> None:
    ref = given(town)
    with pytest.raises(Incomplete) as refusal:
        asks(town, ref, to=to)
    assert set(refusal.value.fields) == {"unit"}


def test_neither_who_objected_nor_who_is_on_it_can_take_it(town: Town) -> None:
    ref = given(town)
    asks(town, ref)
    town.desk.does("decide", ref, uphold=True)
    with pytest.raises(Incomplete):
        asks(town, ref, "transport", to="market-regulation")
    asks(town, ref, "transport", to="admin-approval")
    with pytest.raises(Incomplete):
        town.desk.does("decide", ref, uphold=True, unit="market-regulation")
    town.desk.does("decide", ref, uphold=True, unit="power-company")
    lead = town.issue(ref).lead
    assert lead is not None
    assert lead.unit.code == "power-company"


def test_the_third_is_decided_by_the_supervision_office(town: Town) -> None:
    ref = given(town)
    for unit, to in (("market-regulation", "transport"), ("transport", "admin-approval")):
        asks(town, ref, unit, to=to)
        with pytest.raises(NotAllowed):
            town.supervision.does("decide", ref, uphold=True)
        town.desk.does("decide", ref, uphold=True)
    asks(town, ref, "admin-approval", to="power-company")
    assert "decide" not in town.desk.sees(ref)["acts"]
    with pytest.raises(NotAllowed):
        town.desk.does("decide", ref, uphold=False)
    assert "decide" in town.supervision.sees(ref)["acts"]
    town.supervision.does("decide", ref, uphold=False)
    lead = town.issue(ref).lead
    assert lead is not None
    assert (lead.unit.code, lead.state) == ("admin-approval", "working")


def test_where_two_wait_the_decision_names_whose_it_is(town: Town) -> None:
    ref = town.desk.registers("办证和修路")
    town.desk.does(
        "triage",
        ref,
        track="scheduled",
        grade="B",
        lead="market-regulation",
        cooperating=["admin-approval"],
    )
    asks(town, ref)
    asks(town, ref, "admin-approval", to="power-company")
    with pytest.raises(Incomplete) as refusal:
        town.desk.does("decide", ref, uphold=True)
    assert set(refusal.value.fields) == {"of"}
    town.desk.does("decide", ref, uphold=False, of="admin-approval")
    town.desk.does("decide", ref, uphold=True, of="market-regulation")
    assert {p.unit.code: p.state for p in town.issue(ref).parts} == {
        "transport": "assigned",
        "admin-approval": "working",
    }
