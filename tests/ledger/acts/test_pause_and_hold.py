"""暂停计时 stops all clocks; 挂起 stops the end clock; neither ends a matter."""

import pytest

from qingdan.domain.ledger.models import Clock, Standing
from qingdan.domain.ledger.models.clocks import reckoned
from qingdan.domain.ledger.queries import lines_for
from qingdan.domain.ledger.rules.lights import light
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, StepNotOpen
from town import Town

pytestmark = pytest.mark.db


def working(town: Town, due_on: str = "2023-11-10") -> str:
    ref = town.desk.registers("货车限行要绕路", unit="market-regulation", due_on=due_on)
    town.market_regulation.does("contact", ref, kind="first")
    return ref


def stands(ref: str) -> Standing:
    number = int(ref.partition("〕")[2].removesuffix("号"))
    return Standing.objects.get(issue__number=number, to_at=None, assignment=None, task=None)


def end_of(town: Town, ref: str) -> Clock:
    return Clock.objects.get(issue=town.issue(ref), kind="end", stopped_at=None)


def pauses(town: Town, ref: str, until: str, reason: str = "awaiting_enterprise") -> None:
    town.desk.does("pause", ref, reason=reason, until=until)


def test_a_pause_moves_every_clock_and_is_grey_until_its_day(town: Town) -> None:
    ref = working(town)
    town.on("2023-10-31 07:50")
    pauses(town, ref, "2023-11-03")  # Tuesday, Wednesday, Thursday do not count
    matter = town.issue(ref)
    running = Clock.objects.filter(issue=matter, stopped_at=None)
    assert {(c.kind, str(c.due_on)) for c in running} == {
        ("end", "2023-11-15"),
        ("task", "2023-11-15"),
    }
    assert str(matter.promised_on) == "2023-11-15"
    assert light(stands(ref), clock.now()) == "grey"
    assert lines_for(town.desk.person).with_light("grey", clock.now()).count() == 1
    town.on("2023-11-03 00:00")
    assert light(stands(ref), clock.now()) == "green"
    assert lines_for(town.desk.person).with_light("grey", clock.now()).count() == 0


def test_the_date_explains_itself_by_the_pause(town: Town) -> None:
    ref = working(town)
    town.on("2023-10-31 07:50")
    pauses(town, ref, "2023-11-03")
    why = reckoned(end_of(town, ref))
    assert str(why.on) == "2023-11-15"
    assert len(why.pauses) == 1


def test_resumed_early_only_what_stood_does_not_count(town: Town) -> None:
    ref = working(town)
    town.on("2023-10-31 07:50")
    pauses(town, ref, "2023-11-03")
    town.on("2023-11-01 07:50")
    town.desk.does("resume", ref)
    assert str(end_of(town, ref).due_on) == "2023-11-13"  # Tuesday alone
    assert light(stands(ref), clock.now()) == "green"
    with pytest.raises(StepNotOpen):
        town.desk.does("resume", ref)


def test_a_pause_has_a_reason_from_the_list_and_a_longest_time(town: Town) -> None:
    ref = working(town)
    for fields, wrong in (
        ({"reason": "忙", "until": "2023-11-03"}, "reason"),
        ({"reason": "awaiting_enterprise", "until": "2023-10-30"}, "until"),
        ({"reason": "awaiting_enterprise", "until": "2023-11-14"}, "until"),
        ({"reason": "force_majeure", "until": "2023-12-15"}, "until"),
    ):
        with pytest.raises(Incomplete) as refusal:
            town.desk.does("pause", ref, **fields)
        assert set(refusal.value.fields) == {wrong}, fields
    pauses(town, ref, "2023-11-13")
    with pytest.raises(StepNotOpen):
        pauses(town, ref, "2023-11-10")


def test_two_pauses_count_once_each(town: Town) -> None:
    ref = working(town)
    town.on("2023-10-31 07:50")
    pauses(town, ref, "2023-11-01")
    town.on("2023-11-02 07:50")
    pauses(town, ref, "2023-11-03")
    assert str(end_of(town, ref).due_on) == "2023-11-14"


def test_a_report_ends_the_pause(town: Town) -> None:
    ref = working(town)
    pauses(town, ref, "2023-11-03")
    town.market_regulation.does(
        "report-result", ref, kind="partly", text="办好一半", basis="条例", evidence=["1 号"],
        finish=[1],
    )  # fmt: skip
    assert town.issue(ref).pauses.get().ended_at is not None
    assert light(stands(ref), clock.now()) != "grey"


def holds(town: Town, ref: str, **fields: object) -> None:
    told = {"kind": "project", "reason": "等立项", "next_on": "2023-11-20", "answers": "管网二期"}
    town.desk.does("hold", ref, **(told | fields))


def test_a_hold_stops_the_end_clock_and_its_placer_owes_the_next_reply(town: Town) -> None:
    ref = working(town, "2023-11-30")
    holds(town, ref)
    matter = town.issue(ref)
    assert not Clock.objects.filter(issue=matter, kind="end", stopped_at=None).exists()
    reply = Clock.objects.get(issue=matter, kind="next_reply", stopped_at=None)
    assert str(reply.due_on) == "2023-11-20"
    row = stands(ref)
    assert (row.clock_kind, row.turn) == ("next_reply", "desk")
    assert matter.state == "listed"


def test_released_the_held_time_does_not_count(town: Town) -> None:
    ref = working(town, "2023-11-30")
    town.on("2023-10-31 07:50")
    holds(town, ref)
    town.on("2023-11-02 07:50")
    town.desk.does("release", ref)
    assert str(end_of(town, ref).due_on) == "2023-12-04"  # two working days more
    assert str(town.issue(ref).promised_on) == "2023-12-04"
    with pytest.raises(StepNotOpen):
        town.desk.does("release", ref)


def test_the_same_hold_again_is_its_review_another_one_is_refused(town: Town) -> None:
    ref = working(town, "2023-11-30")
    holds(town, ref)
    with pytest.raises(StepNotOpen):
        holds(town, ref, kind="lifted", addressee="市政府", sent_on="2023-10-30")
    holds(town, ref, next_on="2023-11-24", reason="还在评审")
    hold = town.issue(ref).holds.get()
    assert str(hold.next_on) == "2023-11-24"


def test_each_kind_names_what_it_needs_and_a_day_within_thirty(town: Town) -> None:
    ref = working(town, "2023-11-30")
    for fields, wrong in (
        ({"answers": ""}, "answers"),
        ({"kind": "lifted", "sent_on": "2023-10-30"}, "addressee"),
        ({"kind": "lifted", "addressee": "市政府"}, "sent_on"),
        ({"next_on": "2023-11-18"}, "next_on"),
        ({"next_on": "2023-11-30"}, "next_on"),
        ({"next_on": "2023-10-30"}, "next_on"),
        ({"reason": ""}, "reason"),
        ({"kind": "forever"}, "kind"),
    ):
        with pytest.raises(Incomplete) as refusal:
            holds(town, ref, **fields)
        assert set(refusal.value.fields) == {wrong}, fields


def test_carrying_is_the_linked_leaders_alone(town: Town) -> None:
    ref = working(town, "2023-11-30")
    with pytest.raises(NotAllowed):
        holds(town, ref, kind="carried")
    town.assistant.does("hold", ref, kind="carried", reason="历史遗留", next_on="2023-11-20")
    assert stands(ref).turn == "leader"
    with pytest.raises(NotAllowed):
        town.desk.does("release", ref)
    town.leader.does("release", ref)


def test_a_result_ends_the_hold_and_the_end_clock_runs_on(town: Town) -> None:
    ref = working(town, "2023-11-30")
    town.on("2023-10-31 07:50")
    holds(town, ref)
    town.on("2023-11-01 07:50")
    town.market_regulation.does(
        "report-result", ref, kind="partly", text="办好一半", basis="条例", evidence=["1 号"],
        finish=[1],
    )  # fmt: skip
    matter = town.issue(ref)
    assert not matter.held
    assert str(end_of(town, ref).due_on) == "2023-12-01"
