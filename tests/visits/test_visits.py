"""On a visit: findings become matters at once, and a sending counts once."""

from datetime import date

import pytest

from qingdan.domain.ledger.models import Issue
from qingdan.domain.visits.actions import leave, note_finding, nothing_to_report, plan_outing
from qingdan.domain.visits.models import Finding, Stop
from qingdan.domain.visits.queries import access_stop, outings
from qingdan.domain.visits.states import Way
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, NotHere, StepNotOpen
from town import Town

pytestmark = pytest.mark.db


@pytest.fixture
def stop(town: Town) -> Stop:
    outing = plan_outing(
        date(2023, 10, 30),
        [town.firm_subject],
        by=town.assistant.person,
        leader=town.posts["leader"],
    )
    return outing.stops.get()


ORDER = {"unit": "market-regulation", "due_on": "2023-11-06"}


def test_an_order_on_the_spot_is_one_sentence_unit_and_date(town: Town, stop: Stop) -> None:
    by = town.assistant.person
    found = note_finding(stop, "许可证办不下来", Way.ORDERED, ORDER, key="1", by=by)
    issue = Issue.objects.get(pk=found.issue_id)
    assert (issue.state, issue.source, issue.track) == ("listed", "visit", "on_site")
    assert issue.tasks.get().title == "许可证办不下来"


def test_the_same_sending_five_times_counts_once(town: Town, stop: Stop) -> None:
    by = town.assistant.person
    for _ in range(5):
        note_finding(stop, "许可证办不下来", Way.TAKEN_BACK, {}, key="same", by=by)
    assert (Finding.objects.count(), Issue.objects.count()) == (1, 1)


def test_a_refused_order_leaves_nothing_behind(town: Town, stop: Stop) -> None:
    with pytest.raises(Incomplete):
        note_finding(
            stop,
            "许可证办不下来",
            Way.ORDERED,
            ORDER | {"due_on": "2023-11-05"},
            key="1",
            by=town.assistant.person,
        )
    assert not Issue.objects.exists()
    assert not Finding.objects.exists()


def test_settled_on_the_spot_and_taken_back(town: Town, stop: Stop) -> None:
    by = town.assistant.person
    done = {"text": "审批局当场讲清", "evidence": ["10月30日审批局在场"]}
    settled = note_finding(stop, "要哪些材料", Way.SETTLED, done, key="1", by=by)
    taken = note_finding(stop, "品牌怎么建", Way.TAKEN_BACK, {}, key="2", by=by)
    assert (settled.issue.state, taken.issue.state) == ("verified", "registered")
    assert [settled.number, taken.number] == [1, 2]


def test_nothing_to_report_is_one_tap_and_a_finding_takes_it_back(town: Town, stop: Stop) -> None:
    by = town.assistant.person
    nothing_to_report(stop, by=by)
    assert access_stop(by, stop.pk).nothing_at is not None
    note_finding(stop, "还是有一条", Way.TAKEN_BACK, {}, key="1", by=by)
    assert access_stop(by, stop.pk).nothing_at is None
    with pytest.raises(StepNotOpen):
        nothing_to_report(stop, by=by)
    leave(stop, by=by)
    assert access_stop(by, stop.pk).left_at is not None


def test_only_who_goes_on_it_and_the_desk_see_an_outing(town: Town, stop: Stop) -> None:
    for who in ("assistant", "leader", "desk"):
        assert outings().visible_to(town.actor(who).person).count() == 1
    for who in ("transport", "enterprise", "main-leader", "sysadmin", "supervision"):
        assert not outings().visible_to(town.actor(who).person).exists()
        with pytest.raises(NotHere):
            access_stop(town.actor(who).person, stop.pk)
    with pytest.raises(NotAllowed):
        note_finding(stop, "x", Way.TAKEN_BACK, {}, key="1", by=town.transport.person)
