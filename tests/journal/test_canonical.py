"""Facts become text in one way only, so that the text can be hashed."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingdan.foundations.journal.canonical import canonical, digest, instant, salted

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
FACTS = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)
BODIES = st.dictionaries(TEXT, FACTS, max_size=6)


@given(BODIES)
def test_what_was_written_reads_back_and_is_written_the_same_again(body):
    text = canonical(body)
    assert json.loads(text) == body
    assert canonical(json.loads(text)) == text


@given(BODIES, st.randoms())
def test_the_order_in_which_facts_were_named_does_not_matter(body, chance):
    names = list(body)
    chance.shuffle(names)
    assert canonical({name: body[name] for name in names}) == canonical(body)


@given(BODIES, BODIES)
def test_different_facts_are_different_texts(one, other):
    def as_json(body):  # Python finds True and 1 equal, JSON does not
        return json.dumps(body, sort_keys=True)

    assert (as_json(one) == as_json(other)) == (canonical(one) == canonical(other))


@given(st.datetimes(), st.integers(-12, 14))
def test_an_instant_is_the_same_text_in_every_zone(moment, hours):
    elsewhere = timezone(timedelta(hours=hours))
    try:
        there = moment.replace(tzinfo=UTC).astimezone(elsewhere)
    except OverflowError:
        return
    assert instant(there) == instant(moment.replace(tzinfo=UTC))
    assert datetime.fromisoformat(instant(there)) == there


def test_the_text_has_sorted_keys_no_blanks_and_chinese_as_it_is():
    at = datetime(2023, 10, 30, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    body = {"b": [True, None, "耒阳"], "a": at, "c": date(2023, 10, 31), "d": (1, 2)}
    assert canonical(body) == (
        '{"a":"2023-10-30T01:00:00Z","b":[true,null,"耒阳"],"c":"2023-10-31","d":[1,2]}'
    )


def test_an_enumeration_is_written_as_its_value():
    class State(StrEnum):
        LISTED = "listed"

    assert canonical({State.LISTED: State.LISTED}) == '{"listed":"listed"}'


@pytest.mark.parametrize("value", [1.0, Decimal("1"), {1, 2}, b"x", object(), {1: "x"}])
@pytest.mark.parametrize("wrap", [lambda v: v, lambda v: [v], lambda v: {"in": {"in": v}}])
def test_what_two_machines_could_write_differently_is_refused(value, wrap):
    with pytest.raises(TypeError):
        canonical({"amount": wrap(value)})


def test_an_instant_without_a_zone_and_half_a_character_are_refused():
    with pytest.raises(ValueError, match="zone"):
        canonical({"at": datetime(2023, 10, 30)})  # noqa: DTZ001
    with pytest.raises(ValueError, match="surrogate"):
        canonical({"text": "\ud800"})


def test_a_digest_tells_nothing_without_its_salt():
    assert salted("a", "0734-4332211") != salted("b", "0734-4332211")
    assert salted("a", "0734-4332211") != digest("0734-4332211")
