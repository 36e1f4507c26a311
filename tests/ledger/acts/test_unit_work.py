"""签收、联系、进展、完成任务: the unit's own acts."""

import pytest

from qingdan.domain.ledger.models import Assignment, Clock
from qingdan.foundations.kernel.errors import Incomplete, StepNotOpen
from town import Town

pytestmark = pytest.mark.db


def given(town: Town) -> str:
    return town.desk.registers("货车限行", unit="transport", due_on="2023-11-06")


def test_the_first_contact_acknowledges_too(town: Town) -> None:
    ref = given(town)
    town.transport.does("contact", ref, kind="first", by="telephone")
    part = Assignment.objects.get()
    assert (part.state, part.contacted_at is not None) == ("working", True)
    running = Clock.objects.filter(issue=town.issue(ref), stopped_at=None)
    assert set(running.values_list("kind", flat=True)) == {"end", "task"}


def test_a_first_contact_is_made_once(town: Town) -> None:
    ref = given(town)
    town.transport.does("contact", ref, kind="first")
    with pytest.raises(StepNotOpen):
        town.transport.does("contact", ref, kind="first")


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("finish-task", {"task": 1, "text": "完成"}),
        ("progress", {"text": "在办"}),
        ("report-result", {"kind": "solved", "text": "好", "evidence": ["1"], "finish": [1]}),
    ],
)
def test_acknowledge_comes_first(town: Town, act: str, fields: dict[str, object]) -> None:
    ref = given(town)
    with pytest.raises(StepNotOpen):
        town.transport.does(act, ref, **fields)


def test_another_units_task_is_refused(town: Town) -> None:
    ref = given(town)
    town.transport.does("acknowledge", ref)
    with pytest.raises(Incomplete) as refused:
        town.transport.does("finish-task", ref, task=2, text="完成")
    assert "task" in refused.value.fields


def test_a_cooperating_unit_is_done_with_its_last_task(town: Town) -> None:
    ref = given(town)
    town.desk.does(
        "draw-lists",
        ref,
        tasks=[
            {
                "id": 1,
                "title": "改限行",
                "unit": "transport",
                "due_on": "2023-11-06",
                "part": "lead",
            },
            {"title": "立牌", "unit": "park", "due_on": "2023-11-03", "part": "executing"},
        ],
    )
    town.park.does("acknowledge", ref)
    town.park.does("finish-task", ref, task=2, text="牌子立了")
    assert Assignment.objects.get(unit__code="park").state == "done"
    assert town.park.lists() == [ref]  # still in sight, nothing owed
    assert town.park.sees(ref)["acts"] == set()


def test_a_nudge_counts_once_a_working_day_for_each(town: Town) -> None:
    ref = given(town)
    town.firm.does("nudge", ref)
    with pytest.raises(StepNotOpen):
        town.firm.does("nudge", ref)
    town.desk.does("nudge", ref)
    town.on("2023-10-31")
    town.firm.does("nudge", ref)


def test_a_progress_starts_the_next_reply_anew(town: Town) -> None:
    ref = town.firm.registers("园区的路太窄")
    town.desk.does("triage", ref, track="common", grade="A", lead="transport")
    town.transport.does("acknowledge", ref)
    town.on("2023-11-10")
    town.transport.does("progress", ref, text="设计招标中")
    reply = Clock.objects.get(issue=town.issue(ref), kind="next_reply", stopped_at=None)
    assert str(reply.due_on) == "2023-12-11"
