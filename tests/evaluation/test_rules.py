"""Who answers a suggestion, until when, and what is kept of the page it was written on."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingdan.domain.evaluation.rules import (
    answers,
    is_late,
    matter_on,
    may_answer,
    page_kept,
    plain_path,
)
from qingdan.domain.evaluation.states import SUGGESTION_LIFE, Heard
from qingdan.domain.people.rules import Person, system
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel.errors import StepNotOpen
from qingdan.foundations.kernel.numbers import parse_reference

NOW = datetime(2023, 10, 30, 1, tzinfo=UTC)
PARTS = st.one_of(
    st.from_regex(r"[a-z-]{1,30}", fullmatch=True),
    st.integers(0, 10**12).map(str),
    st.text(max_size=60),
)
PATHS = st.one_of(st.text(max_size=300), st.lists(PARTS, max_size=12).map("/".join))


def person(role: Role, user: int = 1) -> Person:
    return Person(county="430481", role=role, holder="", post_id=1, user_id=user)


@given(PATHS)
def test_no_number_no_query_and_no_secret_stays_in_the_page(path: str) -> None:
    kept = page_kept(path)
    assert not re.search(r"[\d?#]", kept)
    assert len(kept) <= 220
    assert all(len(part) <= 24 for part in kept.split("/"))
    assert page_kept(kept) == kept


@given(PATHS)
def test_a_plain_path_is_plain_and_stays_the_same(path: str) -> None:
    plain = plain_path(path)
    assert re.fullmatch(r"/([a-z0-9-]+/)*", plain)
    assert plain_path(plain) == plain


def test_the_secret_of_a_link_is_not_kept() -> None:
    assert plain_path("/portal/l/dGhlX3NlY3JldA/?x=1") == "/portal/l/-/"
    assert plain_path("/desk/2023/1/?queue=work") == "/desk/2023/1/"
    assert page_kept("/desk/2023/1/") == "/desk/-/-/"


@given(st.integers(1000, 9999), st.integers(1, 999_999_999))
def test_the_matter_of_a_page_reads_like_a_reference(year: int, number: int) -> None:
    ref = matter_on(f"/portal/{year}/{number}/do/rate/")
    assert parse_reference(ref, this_year=2000) == (year, number)
    assert matter_on(f"/board/enterprises/{number}/") == ""


@pytest.mark.parametrize("role", Role)
def test_the_desk_and_the_supervision_offices_answer_and_nobody_else(role: Role) -> None:
    expected = role in (Role.DESK, Role.SUPERVISION)
    assert answers(person(role)) is expected
    assert may_answer(person(role), "user:2") is expected
    assert not may_answer(person(role), "user:1"), "nobody answers himself"


def test_the_clock_itself_answers_nothing() -> None:
    assert not answers(system("430481"))


@given(st.sampled_from(Heard), st.timedeltas(), st.timedeltas(timedelta(0), timedelta(999)))
def test_only_what_is_open_is_late_and_late_stays_late(
    state: Heard, due_in: timedelta, more: timedelta
) -> None:
    due_in = max(min(due_in, timedelta(99999)), timedelta(-99999))
    late = is_late(state, NOW + due_in, NOW)
    assert late == (state == Heard.OPEN and due_in <= timedelta(0))
    assert not late or is_late(state, NOW + due_in, NOW + more)


def test_each_step_goes_from_where_the_table_says_and_from_nowhere_else() -> None:
    table = {
        ("answer", Heard.OPEN): Heard.ANSWERED,
        ("understood", Heard.ANSWERED): Heard.CLOSED,
        ("again", Heard.ANSWERED): Heard.OPEN,
    }
    for step in SUGGESTION_LIFE:
        for state in Heard:
            if target := table.get((step.name, state)):
                assert SUGGESTION_LIFE.take(step.name, state).target == target
            else:
                with pytest.raises(StepNotOpen):
                    SUGGESTION_LIFE.take(step.name, state)
