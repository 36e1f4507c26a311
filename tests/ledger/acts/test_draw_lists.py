"""三个清单: drawn, and drawn anew."""

import pytest

from qingdan.domain.ledger.models import Assignment, Sight
from qingdan.foundations.kernel.errors import Incomplete
from town import Town

pytestmark = pytest.mark.db


def line(
    title: str, unit: str, due_on: str, part: str = "lead", **more: object
) -> dict[str, object]:
    return {"title": title, "unit": unit, "due_on": due_on, "part": part, **more}


def listed(town: Town) -> str:
    ref = town.firm.registers("食品生产许可证办不下来")
    town.desk.does(
        "triage", ref, track="scheduled", grade="B", lead="market-regulation",
        cooperating=["transport"],
    )  # fmt: skip
    town.desk.does(
        "draw-lists",
        ref,
        approach="先看现场",
        tasks=[
            line("现场核查", "market-regulation", "2023-11-03", section="food-production"),
            line("材料告知", "admin-approval", "2023-11-01", "cooperating"),
        ],
    )
    return ref


def test_a_unit_left_without_a_task_is_released_and_loses_sight(town: Town) -> None:
    ref = listed(town)
    part = Assignment.objects.get(unit__code="transport")
    assert part.state == "released"
    assert town.transport.lists() == []
    assert not Sight.objects.filter(holder=f"unit:{part.unit_id}", to_at=None).exists()
    assert town.issue(ref).state == "listed"


def test_the_answer_clock_ends_with_the_lists(town: Town) -> None:
    running = town.issue(listed(town)).clocks.filter(stopped_at=None)
    assert "answer" not in running.values_list("kind", flat=True)


def test_a_section_sees_what_carries_its_task(town: Town) -> None:
    ref = listed(town)
    assert town.actor("section").lists() == [ref]


def test_the_sections_head_answers_as_the_responsible_person(town: Town) -> None:
    issue = town.issue(listed(town))
    row = issue.responsibilities.get(unit__code="market-regulation", to_at=None)
    assert row.person is not None
    assert (row.person.code, row.leader and row.leader.code) == ("section", "deputy")


def test_every_old_task_is_kept_or_dropped_with_a_reason(town: Town) -> None:
    ref = listed(town)
    new = [line("现场核查", "market-regulation", "2023-11-06", id=1)]
    with pytest.raises(Incomplete) as refused:
        town.desk.does("draw-lists", ref, tasks=new)
    assert "dropped" in refused.value.fields
    with pytest.raises(Incomplete) as refused:
        town.desk.does("draw-lists", ref, tasks=new, dropped=[{"id": 2, "reason": " "}])
    assert "dropped.0.reason" in refused.value.fields
    town.desk.does("draw-lists", ref, tasks=new, dropped=[{"id": 2, "reason": "不用了"}])
    states = dict(town.issue(ref).tasks.values_list("number", "state"))
    assert states == {1: "open", 2: "dropped"}


@pytest.mark.parametrize(
    ("tasks", "field"),
    [
        ([], "tasks"),
        ([line("a", "transport", "2023-11-03", "executing")], "tasks"),
        ([line("a", "market-regulation", "2023-11-04")], "tasks.0.due_on"),
        ([line("a", "market-regulation", "2023-10-27")], "tasks.0.due_on"),
        ([line("a", "market-regulation", "2024-01-05")], "tasks.0.due_on"),
        ([line("a", "market-regulation", "")], "tasks.0.due_on"),
        ([line("", "market-regulation", "2023-11-03")], "tasks.0.title"),
        ([line("a", "nobody", "2023-11-03", "executing")], "tasks.0.unit"),
        ([line("a", "market-regulation", "2023-11-03", section="x")], "tasks.0.section"),
        ([line("a", "transport", "2023-11-03", "lead")], "tasks.0.part"),
        ([line("a", "market-regulation", "2023-11-03", "boss")], "tasks.0.part"),
    ],
)
def test_a_fault_is_named_by_its_cell_and_nothing_is_drawn(
    town: Town, tasks: list[dict[str, object]], field: str
) -> None:
    ref = town.firm.registers("食品生产许可证办不下来")
    town.desk.does("triage", ref, track="scheduled", grade="B", lead="market-regulation")
    with pytest.raises(Incomplete) as refused:
        town.desk.does("draw-lists", ref, approach="先看现场", tasks=tasks)
    assert field in refused.value.fields, refused.value.fields
    assert not town.issue(ref).tasks.exists()


def test_the_lead_draws_the_lists_itself_after_acknowledging(town: Town) -> None:
    ref = town.firm.registers("食品生产许可证办不下来")
    town.desk.does("triage", ref, track="scheduled", grade="B", lead="market-regulation")
    town.market_regulation.does("acknowledge", ref)
    tasks = [line("现场核查", "market-regulation", "2023-11-03")]
    town.market_regulation.does("draw-lists", ref, approach="先看现场", tasks=tasks)
    assert town.issue(ref).state == "listed"
