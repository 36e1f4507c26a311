"""改派改级: another track, grade, class or lead, each with what follows for dates and sight."""

import pytest

from qingdan.domain.ledger.models import Clock
from qingdan.domain.ledger.queries import lines_for
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, NotHere, StepNotOpen
from town import Town

pytestmark = pytest.mark.db


def triaged(town: Town, **fields: object) -> str:
    ref = town.desk.registers("厂房产权证办不下来")
    plan = {"track": "scheduled", "grade": "B", "lead": "market-regulation"}
    town.desk.does("triage", ref, **(plan | fields))
    return ref


def end(town: Town, ref: str) -> list[tuple[str, bool]]:
    rows = Clock.objects.filter(issue=town.issue(ref), kind="end").order_by("pk")
    return [(str(row.due_on), row.stopped_at is None) for row in rows]


def test_another_grade_counts_the_end_anew_from_registration(town: Town) -> None:
    ref = triaged(town)
    assert end(town, ref) == [("2023-11-20", True)]
    town.on("2023-11-01")
    town.desk.does("change", ref, grade="A", reason="牵涉三个部门")
    assert end(town, ref) == [("2023-11-20", False), ("2023-12-04", True)]
    assert str(town.issue(ref).promised_on) == "2023-12-04"


def test_never_before_tomorrow(town: Town) -> None:
    ref = triaged(town)
    town.on("2023-11-10")
    town.desk.does("change", ref, grade="C", reason="其实简单")
    assert end(town, ref) == [("2023-11-20", False), ("2023-11-13", True)]


def test_a_common_matter_has_no_end_date_but_owes_a_reply(town: Town) -> None:
    ref = triaged(town)
    town.desk.does("change", ref, track="common", reason="全园区都这样")
    matter = town.issue(ref)
    kinds = set(Clock.objects.filter(issue=matter, stopped_at=None).values_list("kind", flat=True))
    assert "end" not in kinds
    assert "next_reply" in kinds


def test_the_lead_changes_only_before_it_acknowledges_and_its_tasks_pass(town: Town) -> None:
    ref = town.desk.registers("货车限行", unit="market-regulation", due_on="2023-11-10")
    town.desk.does("change", ref, lead="transport", reason="派错了")
    task = town.issue(ref).tasks.get()
    assert task.unit.code == "transport"
    assert lines_for(town.market_regulation.person).count() == 0
    with pytest.raises(NotHere):
        town.market_regulation.sees(ref)
    town.transport.does("acknowledge", ref)
    with pytest.raises(StepNotOpen):
        town.desk.does("change", ref, lead="market-regulation", reason="又派错了")


def test_a_change_that_changes_nothing_is_refused(town: Town) -> None:
    ref = triaged(town)
    for fields in ({}, {"grade": "B"}, {"lead": "market-regulation"}):
        with pytest.raises(Incomplete):
            town.desk.does("change", ref, reason="看看", **fields)
    with pytest.raises(Incomplete) as refusal:
        town.desk.does("change", ref, grade="A")
    assert set(refusal.value.fields) == {"reason"}


def test_a_class_opens_to_normal_and_never_closes_once_units_read_it(town: Town) -> None:
    ref = triaged(town, **{"class": "name_hidden"}, shown_title="证", shown_body="一家企业办证慢")
    with pytest.raises(NotHere):
        town.leader.sees(ref)
    town.desk.does("change", ref, **{"class": "normal"}, reason="企业同意公开")
    assert town.leader.sees(ref)["title"] == "厂房产权证办不下来"
    with pytest.raises(Incomplete) as refusal:
        town.desk.does("change", ref, **{"class": "name_hidden"}, reason="又不同意了")
    assert set(refusal.value.fields) == {"class"}


def test_only_the_desk_changes(town: Town) -> None:
    ref = triaged(town)
    for person in (town.supervision, town.market_regulation, town.leader, town.firm):
        with pytest.raises(NotAllowed):
            person.does("change", ref, grade="A", reason="急")
