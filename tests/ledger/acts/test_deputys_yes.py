"""A unit that wants it reports only with its deputy's yes, given by one tap."""

import pytest

from qingdan.domain.ledger.actions.agreeing import agree, return_draft
from qingdan.domain.ledger.queries import access_issue, has_handled
from qingdan.domain.people.models import Unit
from qingdan.foundations.kernel.errors import NotAllowed, StepNotOpen
from town import Actor, Town

pytestmark = pytest.mark.db


@pytest.fixture
def ref(town: Town) -> str:
    Unit.objects.filter(code="market-regulation").update(deputy_answers=True)
    ref = town.desk.registers("货车限行", unit="market-regulation", due_on="2023-11-10")
    town.market_regulation.does("contact", ref, kind="first")
    return ref


def reports(town: Town, ref: str, by: Actor | None = None) -> None:
    (by or town.market_regulation).does(
        "report-result", ref, kind="solved", text="办好了", evidence=["1 号"], finish=[1]
    )


def says(act: object, town: Town, ref: str, *more: str, by: Actor | None = None) -> None:
    person = (by or town.deputy).person
    act(access_issue(person, ref), *more, by=person)  # type: ignore[operator]


def test_what_the_contact_reports_waits_and_leaves_with_one_yes(town: Town, ref: str) -> None:
    reports(town, ref)
    assert town.issue(ref).state == "listed"
    with pytest.raises(StepNotOpen):
        reports(town, ref)
    says(agree, town, ref)
    matter = town.issue(ref)
    assert matter.state in ("reported", "verified")
    assert matter.results.get().text == "办好了"
    assert matter.tasks.get().state == "done"
    assert has_handled(matter, town.market_regulation.person)
    assert has_handled(matter, town.deputy.person)


def test_returned_it_can_be_written_again(town: Town, ref: str) -> None:
    reports(town, ref)
    says(return_draft, town, ref, "写清楚证号")
    assert town.issue(ref).state == "listed"
    reports(town, ref)
    says(agree, town, ref)
    assert town.issue(ref).state in ("reported", "verified")


def test_only_head_and_deputy_say_yes(town: Town, ref: str) -> None:
    reports(town, ref)
    for person in (town.market_regulation, town.desk, town.firm):
        with pytest.raises(NotAllowed):
            says(agree, town, ref, by=person)
    says(agree, town, ref, by=town.head)


def test_the_deputy_reports_without_waiting_for_himself(town: Town, ref: str) -> None:
    reports(town, ref, town.deputy)
    assert town.issue(ref).state in ("reported", "verified")
