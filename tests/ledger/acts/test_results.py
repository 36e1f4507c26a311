"""办结、核验、退回: the result and who looks at it."""

import pytest

from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, StepNotOpen
from town import Town

pytestmark = pytest.mark.db

SOLVED = {"kind": "solved", "text": "办好了", "evidence": ["意见书 12 号"], "finish": [1]}


def working(town: Town, due_on: str = "2023-11-10") -> str:
    ref = town.desk.registers("货车限行", unit="transport", due_on=due_on)
    town.transport.does("contact", ref, kind="first")
    return ref


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"evidence": []}, "evidence"),
        ({"evidence": [{"text": "  "}]}, "evidence"),
        ({"text": ""}, "text"),
        ({"kind": "done"}, "kind"),
        ({"kind": "partly"}, "basis"),
        ({"kind": "explained"}, "basis"),
        ({"finish": []}, "finish"),
        ({"finish": [7]}, "finish"),
    ],
)
def test_what_is_lacking_is_said(town: Town, given: dict[str, object], field: str) -> None:
    ref = working(town)
    with pytest.raises(Incomplete) as refused:
        town.transport.does("report-result", ref, **SOLVED | given)
    assert field in refused.value.fields
    assert town.issue(ref).state == "listed"


def test_it_cannot_be_reported_while_another_unit_owes_a_task(town: Town) -> None:
    ref = working(town)
    town.desk.does(
        "draw-lists",
        ref,
        tasks=[
            {"id": 1, "title": "改", "unit": "transport", "due_on": "2023-11-06", "part": "lead"},
            {"title": "立牌", "unit": "park", "due_on": "2023-11-03", "part": "executing"},
        ],
    )
    with pytest.raises(StepNotOpen):
        town.transport.does("report-result", ref, **SOLVED)


@pytest.mark.parametrize(
    ("due_on", "kind", "waits"),
    [
        ("2023-11-06", "solved", False),
        ("2023-11-06", "partly", True),
        ("2023-11-06", "explained", True),
        ("2023-11-10", "solved", True),
    ],
)
def test_somebody_looks_where_it_matters_and_others_pass(
    town: Town, due_on: str, kind: str, waits: bool
) -> None:
    ref = working(town, due_on)
    basis = {} if kind == "solved" else {"basis": "条例第三条"}
    town.transport.does("report-result", ref, **SOLVED | {"kind": kind} | basis)
    assert town.issue(ref).state == ("reported" if waits else "verified")


def test_a_flagged_matter_and_a_sampled_one_wait_too(town: Town, settings: object) -> None:
    ref = working(town, "2023-11-06")
    town.desk.does("progress", ref, text="结果要看一眼", flag=True)
    town.transport.does("report-result", ref, **SOLVED)
    assert town.issue(ref).state == "reported"
    settings.SAMPLE_EVERY = 1  # type: ignore[attr-defined]
    ref = working(town, "2023-11-06")
    town.transport.does("report-result", ref, **SOLVED)
    assert town.issue(ref).state == "reported"


def test_who_handled_neither_verifies_nor_sends_back(town: Town) -> None:
    ref = town.desk.registers("路灯坏了")
    town.desk.does("settle-on-site", ref, text="当场换灯", evidence=["专班 3 号单"])
    assert town.issue(ref).state in ("reported", "verified")
    ref = working(town)
    town.transport.does("report-result", ref, **SOLVED)
    town.desk.does("verify", ref)
    other = town.desk.registers("水压不够", unit="desk", due_on="2023-11-10")
    town.desk.does("acknowledge", other)
    town.desk.does("report-result", other, **SOLVED)
    for colleague in (town.desk, town.actor("desk-2")):
        with pytest.raises(NotAllowed):
            colleague.does("verify", other)
    town.supervision.does("verify", other)


def test_a_send_back_lets_the_end_date_run_on_as_if_it_had_never_stopped(town: Town) -> None:
    ref = working(town)
    before = town.issue(ref).clocks.get(kind="end")
    town.transport.does("report-result", ref, **SOLVED)
    town.desk.does("send-back", ref, reason="缺验收单")
    after = town.issue(ref).clocks.get(kind="end")
    assert (after.pk, after.due_at, after.stopped_at) == (before.pk, before.due_at, None)
    issue = town.issue(ref)
    assert (issue.state, issue.level, issue.round) == ("listed", 0, 0)
    town.transport.does("report-result", ref, **SOLVED | {"finish": []})
    assert town.issue(ref).state == "reported"


def test_a_send_back_without_a_reason_is_refused(town: Town) -> None:
    ref = working(town)
    town.transport.does("report-result", ref, **SOLVED)
    with pytest.raises(Incomplete):
        town.desk.does("send-back", ref)
