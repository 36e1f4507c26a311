"""What runs when: the table of life.md, as properties of one function."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingdan.domain.ledger.rules.clocks import MatterFacts, PartFacts, TaskFacts, wanted
from qingdan.domain.ledger.rules.lights import light
from qingdan.domain.ledger.rules.policy import policy
from qingdan.domain.ledger.states import (
    OPEN,
    A,
    ClockKind,
    Grade,
    Handling,
    Light,
    Part,
    S,
    Track,
)

T0 = datetime(2023, 10, 30, 1, 0, tzinfo=UTC)
instants = st.integers(0, 700 * 24 * 60).map(lambda minutes: T0 + timedelta(minutes=minutes))


@st.composite
def matters(draw: st.DrawFn) -> MatterFacts:
    """Any facts that the acts can bring about."""
    state = draw(st.sampled_from([*S]))
    fresh = state == S.REGISTERED
    track = "" if fresh else draw(st.sampled_from([t.value for t in Track]))
    parts = ()
    tasks = ()
    if state in (S.TRIAGED, S.LISTED):
        lead = PartFacts(1, Part.LEAD, draw(st.sampled_from([A.ASSIGNED, A.WORKING])), T0, False)
        parts = (lead,)
    if state == S.LISTED:
        tasks = (TaskFacts(1, 1, date(2023, 11, 6), T0, T0),)
    return MatterFacts(
        state=state.value,
        track=track,
        grade="" if fresh else draw(st.sampled_from([g.value for g in Grade])),
        handling=Handling.NORMAL,
        round=draw(st.integers(0, 3)),
        registered_at=T0,
        waiting_from=T0,
        triaged_at=None if fresh else T0,
        replied_at=None if fresh else T0,
        reported_at=T0,
        confirm_from=T0,
        redo_from=None if fresh else T0,
        parts=parts,
        tasks=tasks,
    )


@given(matters())
def test_every_open_matter_has_a_running_clock_and_no_other_has_one(matter: MatterFacts) -> None:
    assert bool(wanted(matter, policy())) == (matter.state in OPEN)


@given(matters())
def test_no_clock_runs_twice(matter: MatterFacts) -> None:
    keys = [w.key for w in wanted(matter, policy())]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("state", "kinds"),
    [
        (S.REGISTERED, {"triage"}),
        (S.TRIAGED, {"answer", "end", "acknowledge", "first_contact"}),
        (S.LISTED, {"end", "acknowledge", "first_contact", "task"}),
        (S.REPORTED, {"end", "verify"}),
        (S.VERIFIED, {"confirm"}),
        (S.ANSWERED, set()),
        (S.ENDED, set()),
    ],
)
def test_the_first_way_through_runs_the_clocks_of_the_table(state: S, kinds: set[str]) -> None:
    at_work = state in (S.TRIAGED, S.LISTED)
    matter = MatterFacts(
        state=state.value,
        track="" if state == S.REGISTERED else Track.SCHEDULED.value,
        grade="" if state == S.REGISTERED else Grade.B.value,
        handling=Handling.NORMAL,
        round=0,
        registered_at=T0,
        waiting_from=T0,
        triaged_at=T0,
        replied_at=T0,
        reported_at=T0,
        confirm_from=T0,
        parts=(PartFacts(1, Part.LEAD, A.ASSIGNED, T0, False),) if at_work else (),
        tasks=(TaskFacts(1, 1, date(2023, 11, 6), T0, T0),) if state == S.LISTED else (),
    )
    assert {w.kind.value for w in wanted(matter, policy())} == kinds


def test_common_and_long_term_matters_owe_a_next_reply_and_have_no_end_date() -> None:
    for track in (Track.COMMON, Track.LONG_TERM):
        matter = MatterFacts(
            state=S.LISTED,
            track=track,
            grade=Grade.A,
            handling=Handling.NORMAL,
            round=0,
            registered_at=T0,
            waiting_from=T0,
            triaged_at=T0,
            replied_at=T0,
        )
        assert [w.kind for w in wanted(matter, policy())] == [ClockKind.NEXT_REPLY]


class Row:
    """A standing's columns, as light() reads them."""

    def __init__(self, kind: str, yellow: datetime, red: datetime) -> None:
        self.clock_kind, self.yellow_at, self.red_at = kind, yellow, red
        self.paused_until: datetime | None = None


WORSE = [Light.OFF, Light.GREEN, Light.YELLOW, Light.RED]


@given(
    st.sampled_from([k.value for k in ClockKind]),
    instants,
    st.timedeltas(timedelta(0), timedelta(days=30)),
    instants,
    st.timedeltas(timedelta(0), timedelta(days=60)),
)
def test_as_time_passes_and_nothing_is_done_a_light_only_gets_worse(
    kind: str, yellow: datetime, until_red: timedelta, now: datetime, later: timedelta
) -> None:
    row = Row(kind, yellow, yellow + until_red)
    assert WORSE.index(light(row, now)) <= WORSE.index(light(row, now + later))
