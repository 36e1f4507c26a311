"""企业确认、评价、重新提出: only the enterprise ends a matter as solved."""

import pytest

from qingdan.domain.ledger.models import Rating, Verdict
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, StepNotOpen
from town import Town

pytestmark = pytest.mark.db


def verified(town: Town) -> str:
    ref = town.desk.registers("货车限行", unit="transport", due_on="2023-11-06")
    town.transport.does("contact", ref, kind="first")
    town.transport.does(
        "report-result", ref, kind="solved", text="好了", evidence=["12 号"], finish=[1]
    )
    return ref


@pytest.mark.parametrize("by", ["account", "link"])
def test_its_yes_ends_the_matter(town: Town, by: str) -> None:
    ref = verified(town)
    town.firm.does("confirm", ref, solved=True, by=by)
    assert (town.issue(ref).state, town.issue(ref).ending) == ("ended", "confirmed")
    assert not Rating.objects.exists()


def test_satisfaction_is_asked_apart_and_once(town: Town) -> None:
    ref = verified(town)
    town.firm.does("confirm", ref, solved=True, by="account")
    town.firm.does("rate", ref, satisfied=4, words="办得快")
    with pytest.raises(StepNotOpen):
        town.firm.does("rate", ref, satisfied=1)
    assert Rating.objects.get().satisfied == 4


@pytest.mark.parametrize("satisfied", [0, 6, "very", None, True])
def test_a_rating_has_five_levels(town: Town, satisfied: object) -> None:
    ref = verified(town)
    with pytest.raises(Incomplete):
        town.firm.does("rate", ref, satisfied=satisfied)


def test_nobody_else_can_say_it_for_the_firm_by_account(town: Town) -> None:
    ref = verified(town)
    for other in (town.desk, town.supervision, town.transport):
        with pytest.raises(NotAllowed):
            other.does("confirm", ref, solved=True, by="account")
    with pytest.raises(NotAllowed):
        town.firm.does("confirm", ref, solved=True, by="telephone")


def test_a_call_by_who_did_not_handle_it_needs_number_time_and_words(town: Town) -> None:
    ref = verified(town)
    with pytest.raises(Incomplete) as refused:
        town.desk.does("confirm", ref, solved=True, by="telephone")
    assert set(refused.value.fields) == {"number", "at", "words"}
    call = {"number": "0734-4330001", "at": "2023-11-06 09:30", "words": "路通了"}
    town.desk.does("confirm", ref, solved=True, by="telephone", **call)
    said = Verdict.objects.get()
    assert (said.word_by, said.words) == ("telephone", "路通了")


def test_each_no_goes_one_level_up_and_no_higher_than_the_top(town: Town) -> None:
    ref = verified(town)
    for level in (1, 2, 3, 3):
        town.firm.does("confirm", ref, solved=False, by="account", words="还是不通")
        assert town.issue(ref).level == level
        town.transport.does(
            "report-result", ref, kind="solved", text="又修了", evidence=["13 号"], finish=[]
        )


def test_it_reopens_within_thirty_days_with_a_reason(town: Town) -> None:
    ref = verified(town)
    town.firm.does("confirm", ref, solved=True, by="account")
    with pytest.raises(Incomplete):
        town.firm.does("reopen", ref)
    town.on("2023-11-28")
    town.firm.does("reopen", ref, reason="又限行了")
    issue = town.issue(ref)
    assert (issue.state, issue.ending, issue.level) == ("listed", "", 1)
    assert town.transport.lists() == [ref]


def test_after_thirty_days_it_is_a_new_matter(town: Town) -> None:
    ref = verified(town)
    town.firm.does("confirm", ref, solved=True, by="account")
    town.on("2023-12-15")
    with pytest.raises(StepNotOpen):
        town.firm.does("reopen", ref, reason="又限行了")
    with pytest.raises(StepNotOpen):
        town.firm.does("rate", ref, satisfied=5)
