"""On a visit: findings become matters at once, and a sending counts once."""

from datetime import date

import pytest

from qingdan.domain.ledger.models import Issue
from qingdan.domain.people.models import Post
from qingdan.domain.people.queries import person_in
from qingdan.domain.people.rules import subject_holder
from qingdan.domain.visits.actions import (
    leave,
    leave_behind,
    note_finding,
    nothing_to_report,
    plan_outing,
    take_along,
)
from qingdan.domain.visits.models import Finding, Outing, Stop
from qingdan.domain.visits.queries import access_stop, outings
from qingdan.domain.visits.states import OutingKind, Way
from qingdan.foundations.journal.record import history
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


def companions(outing: Outing) -> list[tuple[str, str]]:
    return [(one.post.code, one.goes_as) for one in outing.company.select_related("post")]


def test_an_outing_has_a_kind_several_leaders_and_people_present_by_post(town: Town) -> None:
    posts = town.posts
    outing = plan_outing(
        date(2023, 10, 30),
        [town.firm_subject],
        by=town.assistant.person,
        leader=posts["leader"],
        company=[posts["head"], posts["main-leader"], posts["desk"], posts["leader"]],
        kind=OutingKind.ON_SITE_OFFICE,
    )
    assert outing.kind == "on_site_office"
    assert (outing.leader, outing.assistant) == (posts["leader"], posts["assistant"])
    assert companions(outing) == [
        ("main-leader", "leader"),
        ("head", "present"),
        ("desk", "present"),
    ]


def test_the_journal_tells_who_was_present_by_post(town: Town, stop: Stop) -> None:
    by, head, deputy = town.assistant.person, town.posts["head"], town.posts["deputy"]
    take_along(stop.outing, head, by=by)
    take_along(stop.outing, head, by=by)
    take_along(stop.outing, deputy, by=by)
    leave_behind(stop.outing, deputy.pk, by=by)
    leave_behind(stop.outing, deputy.pk, by=by)
    leave(access_stop(by, stop.pk), by=by)

    told = list(history(stop.county, f"outing:{stop.outing_id}"))
    kinds = ["visit.planned", "visit.joined", "visit.joined", "visit.left_behind"]
    assert [one.kind for one in told] == kinds
    assert [one.words.get("post") for one in told[1:]] == [
        "市场监管局head",
        "市场监管局deputy",
        "市场监管局deputy",
    ]
    left = list(history(stop.county, subject_holder(stop.subject_id)))[-1]
    assert left.kind == "visit.left"
    assert left.facts["leaders"] == [town.posts["leader"].pk]
    assert left.facts["present"] == [head.pk]
    assert left.words == {"company": "市场监管局head"}


def test_a_second_leader_goes_on_the_outing_and_who_is_present_sees_no_more_for_it(
    town: Town, stop: Stop
) -> None:
    second = Post.objects.create(county=stop.county, code="leader-2", role="leader", title="二")
    notes = Post.objects.create(
        county=stop.county, code="assistant-2", role="assistant", title="二联", leader=second
    )
    seats = [person_in(second), person_in(notes)]
    assert not any(outings().visible_to(one).exists() for one in seats)
    for post in (second, town.posts["head"]):
        take_along(stop.outing, post, by=town.assistant.person)
    assert all(access_stop(one, stop.pk) == stop for one in seats)
    assert not outings().visible_to(town.head.person).exists()


def test_enterprises_administrators_and_other_counties_never_go_along(
    town: Town, stop: Stop
) -> None:
    elsewhere = Post.objects.create(county="430482", code="head", role="unit", title="局长")
    for post in (town.posts["enterprise"], town.posts["sysadmin"], elsewhere):
        with pytest.raises(Incomplete):
            take_along(stop.outing, post, by=town.assistant.person)
        with pytest.raises(Incomplete):
            plan_outing(
                date(2023, 10, 31),
                [town.firm_subject],
                by=town.assistant.person,
                leader=town.posts["leader"],
                company=[post],
            )
    assert not stop.outing.company.exists()


def test_leaders_and_assistants_plan_the_leaders_own_outings(town: Town) -> None:
    with pytest.raises(NotAllowed):
        plan_outing(
            date(2023, 10, 30),
            [town.firm_subject],
            by=town.assistant.person,
            leader=town.posts["main-leader"],
        )


def test_only_who_goes_on_it_and_the_desk_see_an_outing(town: Town, stop: Stop) -> None:
    for who in ("assistant", "leader", "desk"):
        assert outings().visible_to(town.actor(who).person).count() == 1
    for who in ("transport", "enterprise", "main-leader", "sysadmin", "supervision"):
        assert not outings().visible_to(town.actor(who).person).exists()
        with pytest.raises(NotHere):
            access_stop(town.actor(who).person, stop.pk)
    with pytest.raises(NotAllowed):
        note_finding(stop, "x", Way.TAKEN_BACK, {}, key="1", by=town.transport.person)
