"""研判分办: track, grade, lead, cooperating."""

import pytest

from qingdan.domain.ledger.models import Clock, Sight
from qingdan.foundations.kernel.errors import Incomplete, NotHere
from town import Town

pytestmark = pytest.mark.db

PLAN = {"track": "scheduled", "grade": "B", "lead": "transport"}


def test_the_end_date_counts_from_registration_by_the_grade(town: Town) -> None:
    ref = town.firm.registers("消防验收排不上号")
    town.on("2023-10-31 10:00")
    town.desk.does("triage", ref, **PLAN)
    assert str(town.issue(ref).promised_on) == "2023-11-20"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"lead": "nobody"}, "lead"),
        ({"track": "fast"}, "track"),
        ({"grade": ""}, "grade"),
        ({"cooperating": ["transport"]}, "cooperating"),
        ({"cooperating": ["nobody"]}, "cooperating"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_changes(
    town: Town, given: dict[str, object], field: str
) -> None:
    ref = town.firm.registers("消防验收排不上号")
    with pytest.raises(Incomplete) as refused:
        town.desk.does("triage", ref, **PLAN | given)
    assert field in refused.value.fields
    assert town.issue(ref).state == "registered"
    assert not Clock.objects.filter(kind="end").exists()


def test_units_see_it_once_they_are_given_it(town: Town) -> None:
    ref = town.firm.registers("消防验收排不上号")
    with pytest.raises(NotHere):
        town.transport.sees(ref)
    town.desk.does("triage", ref, **PLAN, cooperating=["admin-approval"])
    assert "acknowledge" in town.transport.sees(ref)["acts"]
    assert "acknowledge" in town.admin_approval.sees(ref)["acts"]


def test_the_unit_complained_of_is_never_given_it(town: Town) -> None:
    ref = town.firm.registers("吃拿卡要", **{"class": "supervision_only", "about": "transport"})
    with pytest.raises(Incomplete):
        town.supervision.does("triage", ref, **PLAN)
    town.supervision.does("triage", ref, **PLAN | {"lead": "admin-approval"})


def test_the_firms_name_in_the_shown_words_is_refused(town: Town) -> None:
    ref = town.firm.registers("收费没有依据", **{"class": "name_hidden"})
    shown = {"shown_title": "收费", "shown_body": "某酒业有限公司反映收费。"}
    with pytest.raises(Incomplete) as refused:
        town.desk.does("triage", ref, **PLAN, **shown)
    assert "shown_body" in refused.value.fields


def test_a_class_that_triage_hides_leaves_the_leaders_sight(town: Town) -> None:
    ref = town.firm.registers("收费没有依据")
    assert town.leader.sees(ref)
    town.desk.does(
        "triage",
        ref,
        **PLAN,
        **{"class": "name_hidden", "shown_title": "收费", "shown_body": "反映收费没有依据。"},
    )
    with pytest.raises(NotHere):
        town.leader.sees(ref)
    assert Sight.objects.filter(why="liaison", to_at=None).count() == 0


def test_common_and_long_term_have_no_end_date_but_a_next_reply(town: Town) -> None:
    ref = town.firm.registers("园区的路太窄")
    town.desk.does("triage", ref, **PLAN | {"track": "common", "grade": "A"})
    issue = town.issue(ref)
    assert issue.promised_on is None
    reply = Clock.objects.get(issue=issue, kind="next_reply")
    assert str(reply.due_on) == "2023-11-29"
    assert reply.red_at.isoformat() == "2023-11-28T16:00:00+00:00"
