"""登记: a problem comes in."""

import pytest

from qingdan.domain.ledger.models import Clock, Issue
from qingdan.foundations.journal.record import history
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed
from town import Town

pytestmark = pytest.mark.db


def test_numbers_count_on_within_the_year_and_begin_anew_with_the_next(town: Town) -> None:
    assert town.firm.registers("路灯坏了") == "耒企〔2023〕1号"
    assert town.desk.registers("污水接不进") == "耒企〔2023〕2号"
    town.on("2024-01-02")
    assert town.firm.registers("停车难") == "耒企〔2024〕1号"


def test_an_enterprise_registers_for_itself_alone_and_names_no_unit(town: Town) -> None:
    with pytest.raises(NotAllowed):
        town.firm.registers("隔壁的事", subject=town.other_subject.pk)
    with pytest.raises(NotAllowed):
        town.firm.registers("路灯坏了", unit="transport", due_on="2023-11-06")
    issue = town.issue(town.firm.registers("路灯坏了", source="desk"))
    assert issue.source == "portal"


def test_a_unit_that_only_works_registers_nothing(town: Town) -> None:
    with pytest.raises(NotAllowed):
        town.transport.registers("路灯坏了")


@pytest.mark.parametrize("who", ["desk", "assistant", "leader", "supervision", "park", "township"])
def test_those_who_hear_problems_register_them_for_anybody(town: Town, who: str) -> None:
    ref = town.actor(who).registers("路灯坏了")
    assert "state" in town.actor(who).sees(ref)


def test_a_title_is_taken_from_the_first_clause_where_none_is_given(town: Town) -> None:
    ref = town.desk.registers("进厂的路太窄，大货车会不了车。")
    assert town.issue(ref).title == "进厂的路太窄"


def test_it_waits_for_triage_until_the_end_of_the_next_working_day(town: Town) -> None:
    issue = town.issue(town.firm.registers("路灯坏了"))
    clock = Clock.objects.get(issue=issue)
    assert (clock.kind, str(clock.due_on)) == ("triage", "2023-10-31")


def test_what_comes_on_a_saturday_is_received_on_monday(town: Town) -> None:
    town.on("2023-11-04 10:00")
    issue = town.issue(town.firm.registers("路灯坏了"))
    assert str(Clock.objects.get(issue=issue).due_on) == "2023-11-07"


def test_unit_without_date_and_date_without_unit_are_refused(town: Town) -> None:
    for given in ({"unit": "transport"}, {"due_on": "2023-11-06"}):
        with pytest.raises(Incomplete):
            town.desk.registers("路灯坏了", **given)
    assert not Issue.objects.exists()


def test_a_hidden_class_is_given_to_a_unit_only_by_triage(town: Town) -> None:
    with pytest.raises(Incomplete) as refused:
        town.desk.registers(
            "收费没有依据", unit="transport", due_on="2023-11-06", **{"class": "name_hidden"}
        )
    assert "unit" in refused.value.fields


def test_names_and_words_stand_outside_the_chain(town: Town) -> None:
    issue = town.issue(town.desk.registers("隐私的话只在文字里"))
    entry = next(iter(history(issue.county, issue.journal_key)))
    assert "隐私" not in entry.entry.body
    assert entry.words["body"] == "隐私的话只在文字里"
