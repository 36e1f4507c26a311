"""Deadlines by D9: written examples, a day-by-day oracle, and what always holds."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingdan.foundations.kernel.clock import COUNTY_ZONE, date_of
from qingdan.foundations.workdays.calendar import OFFICE_HOURS, OfficeHours, official
from qingdan.foundations.workdays.due import (
    OutOfCalendar,
    distance,
    due,
    due_on_date,
    yellow_from,
)
from qingdan.foundations.workdays.limits import Limit, NotALimit, parse_limit
from qingdan.foundations.workdays.pauses import PauseBackwards, merged
from qingdan.foundations.workdays.words import in_words

OFFICIAL = official()
QUARTER = timedelta(minutes=15)
few = settings(max_examples=120, deadline=None)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=COUNTY_ZONE)


def ends(start: str, limit: str, *pauses: tuple[str, str]) -> str:
    spans = [(at(since), at(until)) for since, until in pauses]
    found = due(at(start), limit, OFFICIAL, spans)
    assert found.at.tzinfo is UTC
    assert found.on == date_of(found.at)
    return f"{found.at.astimezone(COUNTY_ZONE):%Y-%m-%d %H:%M}"


# ------------------------------------------------------------------ written examples


@pytest.mark.parametrize(
    ("start", "n", "on"),
    [
        ("2023-10-30", 5, "2023-11-06"),
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-04-03", 1, "2026-04-07"),
        ("2026-04-30", 3, "2026-05-08"),
        ("2026-05-08", 1, "2026-05-09"),
        ("2026-09-18", 1, "2026-09-20"),
        ("2026-09-18", 3, "2026-09-22"),
        ("2026-09-24", 1, "2026-09-28"),
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-11-23", 10, "2026-12-07"),
        ("2026-11-23", 15, "2026-12-14"),
        ("2026-11-23", 25, "2026-12-28"),
    ],
)
@pytest.mark.parametrize("hour", ["00:00", "10:12", "17:30", "23:59"])
def test_working_days_end_where_the_rules_say_whatever_the_hour_of_receipt(start, n, on, hour):
    assert ends(f"{start}T{hour}", f"{n}wd") == f"{on} 17:30"


@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        # what comes on a day off is received on the next working day
        ("2026-11-21T09:00", "1wd", "2026-11-24 17:30"),  # Saturday: Tuesday
        ("2026-11-22T23:59", "1wd", "2026-11-24 17:30"),
        ("2026-10-03T12:00", "1wd", "2026-10-09 17:30"),
        ("2026-09-19T12:00", "1wd", "2026-09-21 17:30"),  # received on a worked Sunday
        # nothing at all: the day of receipt, but never before it came
        ("2026-11-24T09:00", "0wd", "2026-11-24 17:30"),
        ("2026-11-24T17:29", "0wd", "2026-11-24 17:30"),
        ("2026-11-24T17:30", "0wd", "2026-11-25 17:30"),
        ("2026-11-27T20:00", "0wd", "2026-11-30 17:30"),
        ("2026-11-28T09:00", "0wd", "2026-11-30 17:30"),
        # office hours
        ("2026-11-24T09:00", "2wh", "2026-11-24 11:00"),
        ("2026-11-24T11:00", "2wh", "2026-11-24 15:30"),
        ("2026-11-24T11:00", "1wh", "2026-11-24 12:00"),
        ("2026-11-24T12:00", "1wh", "2026-11-24 15:30"),
        ("2026-11-24T16:30", "1wh", "2026-11-24 17:30"),
        ("2026-11-24T16:30", "2wh", "2026-11-25 09:00"),
        ("2026-11-27T17:00", "7wh", "2026-11-30 17:00"),
        ("2026-11-28T10:00", "7wh", "2026-11-30 17:30"),
        ("2026-11-24T10:00", "0wh", "2026-11-24 10:00"),
        ("2026-11-24T12:30", "0wh", "2026-11-24 14:30"),
        ("2026-11-27T18:00", "0wh", "2026-11-30 08:00"),
        # elapsed hours, day and night
        ("2026-11-27T17:00", "24h", "2026-11-28 17:00"),
        ("2026-11-27T17:00", "0h", "2026-11-27 17:00"),
        # calendar days, moved to the next working day if off
        ("2026-11-24T23:00", "3d", "2026-11-27 17:30"),
        ("2026-11-24T23:00", "4d", "2026-11-30 17:30"),
        ("2026-09-21T08:00", "10d", "2026-10-08 17:30"),
        ("2026-09-18T08:00", "2d", "2026-09-20 17:30"),  # a Sunday that is worked
        ("2026-11-24T10:00", "0d", "2026-11-24 17:30"),
        ("2026-11-24T20:00", "0d", "2026-11-25 17:30"),
        # calendar months
        ("2026-07-31T10:00", "1m", "2026-08-31 17:30"),
        ("2026-08-31T10:00", "1m", "2026-09-30 17:30"),
        ("2026-01-31T10:00", "1m", "2026-02-28 17:30"),  # a Saturday that is worked
        ("2024-01-31T10:00", "1m", "2024-02-29 17:30"),
        ("2026-02-28T10:00", "1m", "2026-03-30 17:30"),  # Saturday 28 March is off
        ("2025-11-30T10:00", "3m", "2026-02-28 17:30"),
        ("2026-01-31T10:00", "12m", "2027-02-01 17:30"),
        ("2026-11-24T10:00", "0m", "2026-11-24 17:30"),
    ],
)
def test_each_kind_of_limit_ends_where_d9_says(start, limit, end):
    assert ends(start, limit) == end


@pytest.mark.parametrize(
    ("start", "limit", "pauses", "end"),
    [
        # a day paused through all its office hours does not count, a partly paused one does
        ("11-23T10:00", "2wd", [("11-24T00:00", "11-25T00:00")], "11-26 17:30"),
        ("11-23T10:00", "2wd", [("11-24T08:00", "11-24T17:30")], "11-26 17:30"),
        ("11-23T10:00", "2wd", [("11-24T08:01", "11-25T00:00")], "11-25 17:30"),
        ("11-23T10:00", "2wd", [("11-24T08:00", "11-24T17:29")], "11-25 17:30"),
        # the midday break is no office hour
        (
            "11-23T10:00",
            "2wd",
            [("11-24T08:00", "11-24T12:00"), ("11-24T14:30", "11-24T17:30")],
            "11-26 17:30",
        ),
        # overlapping pauses count once, in whatever order they come
        (
            "11-23T10:00",
            "2wd",
            [("11-25T00:00", "11-27T00:00"), ("11-24T00:00", "11-26T00:00")],
            "11-30 17:30",
        ),
        # touching pauses are one
        (
            "11-23T10:00",
            "2wd",
            [("11-24T08:00", "11-24T10:00"), ("11-24T10:00", "11-24T17:30")],
            "11-26 17:30",
        ),
        # what was paused before receipt, or on its day, changes nothing
        ("11-23T10:00", "2wd", [("11-16T00:00", "11-24T00:00")], "11-25 17:30"),
        # a pause over days off alone
        ("11-27T10:00", "1wd", [("11-28T00:00", "11-30T00:00")], "11-30 17:30"),
        # [A,B): it ends where the next day begins
        ("11-23T10:00", "1wd", [("11-24T00:00", "11-24T00:00")], "11-24 17:30"),
        # the day due is paused: the next one
        ("11-23T10:00", "1wd", [("11-24T00:00", "11-28T00:00")], "11-30 17:30"),
        ("11-24T10:00", "0wd", [("11-24T00:00", "11-25T00:00")], "11-25 17:30"),
        # hours lose exactly the paused time
        ("11-24T09:00", "2wh", [("11-24T10:00", "11-24T10:20")], "11-24 11:20"),
        ("11-24T09:00", "2wh", [("11-24T10:00", "11-24T14:40")], "11-24 15:40"),
        ("11-24T09:00", "2wh", [("11-24T10:00", "11-25T10:00")], "11-25 11:00"),
        ("11-24T09:00", "2wh", [("11-24T11:00", "11-24T15:00")], "11-24 11:00"),
        ("11-24T09:00", "2wh", [("11-24T08:00", "11-24T09:30")], "11-24 11:30"),
        ("11-24T09:00", "5h", [("11-24T10:00", "11-24T10:20")], "11-24 14:20"),
        ("11-24T09:00", "5h", [("11-24T14:00", "11-24T15:00")], "11-24 14:00"),
        ("11-24T09:00", "0h", [("11-24T08:00", "11-24T10:00")], "11-24 10:00"),
        ("11-24T09:00", "0wh", [("11-24T08:00", "11-24T13:00")], "11-24 14:30"),
        # calendar days and months likewise, by whole days
        ("11-23T10:00", "2d", [("11-24T00:00", "11-26T00:00")], "11-27 17:30"),
        ("11-23T10:00", "2d", [("11-24T10:00", "11-25T10:00")], "11-25 17:30"),
        ("11-27T10:00", "2d", [("11-27T17:30", "11-30T08:00")], "12-01 17:30"),
        # Sunday 29 November is off, and Monday is paused throughout
        ("11-27T10:00", "2d", [("11-30T00:00", "12-01T00:00")], "12-01 17:30"),
        ("11-24T10:00", "0d", [("11-24T00:00", "11-25T00:00")], "11-25 17:30"),
        ("10-24T10:00", "1m", [("11-02T00:00", "11-04T00:00")], "11-26 17:30"),
    ],
)
def test_paused_time_does_not_count(start, limit, pauses, end):
    spans = [(f"2026-{since}", f"2026-{until}") for since, until in pauses]
    assert ends(f"2026-{start}", limit, *spans) == f"2026-{end}"


def test_a_year_without_a_notice_makes_a_date_provisional():
    def provisional(start: str, limit: str) -> bool:
        return due(at(start), limit, OFFICIAL).provisional

    assert not provisional("2026-11-23T10:00", "25wd")
    assert provisional("2026-11-23T10:00", "30wd")
    assert provisional("2026-12-31T17:00", "1wh")
    assert not provisional("2026-12-31T16:00", "1wh")
    assert not provisional("2026-11-30T10:00", "1m")
    assert provisional("2026-12-01T10:00", "1m")
    assert due(at("2022-12-01T10:00"), "30d", OFFICIAL).asked == (2022, 2023), "moved over it"
    assert provisional("2019-12-30T10:00", "3wd")
    assert not provisional("2026-12-31T17:00", "24h"), "elapsed hours ask no calendar"
    assert due_on_date(date(2027, 1, 4), OFFICIAL).provisional
    assert not due_on_date(date(2026, 12, 31), OFFICIAL).provisional


@pytest.mark.parametrize("limit", ["5wd", "30wd", "7wh", "100h", "60d", "14m", "99999wd", "9999m"])
@pytest.mark.parametrize("start", ["1900-01-01T10:00", "2200-06-30T23:00", "1988-07-01T10:00"])
def test_dates_far_away_are_answered(start, limit):
    found = due(at(start), limit, OFFICIAL, [(at("1800-01-01T00:00"), at("2300-01-01T00:00"))])
    assert found.at > at("2300-01-01T00:00")
    assert found.explanation
    assert due(at(start), limit, OFFICIAL).at < found.at


@pytest.mark.parametrize(
    ("start", "limit"),
    [
        ("9999-12-31T10:00", "1wd"),
        ("9999-12-31T10:00", "1d"),
        ("9999-12-31T10:00", "99h"),
        ("9999-12-31T10:00", "99wh"),
        ("9999-12-31T10:00", "1m"),
        ("9999-12-31T23:00", "0wd"),
        ("0001-01-01T00:00", "1wd"),
    ],
)
def test_beyond_the_calendar_is_refused_with_a_sentence(start, limit):
    with pytest.raises(OutOfCalendar):
        due(at(start), limit, OFFICIAL)


@pytest.mark.parametrize(
    "text", ["", "5", "wd", "5 wd", "-1wd", "1.5h", "5WD", "5x", "５wd", "1wd2h"]
)
def test_what_is_no_limit_is_refused_and_the_forms_are_named(text):
    with pytest.raises(NotALimit) as refused:
        parse_limit(text)
    assert "5wd (working days)" in str(refused.value)
    assert text in str(refused.value)


def test_limits_are_read_and_written_alike():
    assert parse_limit(" 5wd ") == Limit(5, "wd")
    assert str(parse_limit("012m")) == "12m"


def test_a_pause_that_ends_before_it_begins_is_refused():
    with pytest.raises(PauseBackwards):
        ends("2026-11-24T10:00", "1wd", ("2026-11-26T00:00", "2026-11-25T00:00"))


def test_an_instant_without_a_zone_is_a_bug_of_the_caller():
    bare = datetime(2026, 11, 24, 10)  # noqa: DTZ001 - what must not be
    with pytest.raises(ValueError, match="needs a zone"):
        due(bare, "1wd", OFFICIAL)


def test_other_office_hours_give_other_ends():
    summer = OfficeHours(((time(8), time(12)), (time(15), time(18))))
    start = at("2026-07-01T11:00")
    assert due(start, "1wd", OFFICIAL, hours=summer).at == at("2026-07-02T18:00")
    assert due(start, "2wh", OFFICIAL, hours=summer).at == at("2026-07-01T16:00")
    assert due_on_date(date(2026, 7, 3), OFFICIAL, hours=summer).at == at("2026-07-03T18:00")


# ------------------------------------------------------------------ promised dates


def test_a_promised_date_ends_with_its_office_hours_even_on_a_day_off():
    friday = due_on_date(date(2023, 11, 3), OFFICIAL)
    assert (friday.at, friday.on, friday.provisional) == (at("2023-11-03T17:30"), friday.on, False)
    assert due_on_date(date(2023, 11, 4), OFFICIAL).on == date(2023, 11, 4)


def test_a_promised_date_moves_by_the_working_days_that_were_paused():
    def moved(*pauses: tuple[str, str]) -> date:
        spans = [(at(since), at(until)) for since, until in pauses]
        day = date(2026, 11, 27)
        return due_on_date(day, OFFICIAL, start=at("2026-11-23T10:00"), pauses=spans).on

    assert moved() == date(2026, 11, 27)
    assert moved(("2026-11-24T00:00", "2026-11-26T00:00")) == date(2026, 12, 1)
    assert moved(("2026-11-24T09:00", "2026-11-25T00:00")) == date(2026, 11, 27)
    assert moved(("2026-11-16T00:00", "2026-11-21T00:00")) == date(2026, 11, 27), "before it began"
    assert moved(("2026-11-28T00:00", "2026-12-05T00:00")) == date(2026, 11, 27), "after its end"


# ------------------------------------------------------------------ against counting day by day

quarters = st.integers(0, 6 * 365 * 96).map(lambda n: at("2020-01-01T00:00") + n * QUARTER)
"""A quarter of an hour from 2020 to the end of 2025, so that most ends fall into a known year."""


@st.composite
def paused(draw: st.DrawFn) -> tuple[datetime, list[tuple[datetime, datetime]]]:
    """A start and up to four pauses around and after it, on quarters of an hour."""
    start = draw(quarters)
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        since = start + draw(st.integers(-4 * 96, 25 * 96)) * QUARTER
        length = draw(st.sampled_from([1, 7, 30, 38, 60, 96, 200, 500]) | st.integers(0, 960))
        pauses.append((since, since + length * QUARTER))
    return start, pauses


def works(day: date) -> bool:
    return chinese_calendar.is_workday(day) if day.year < 2027 else OFFICIAL.is_working(day)


def quarters_of(day: date) -> list[datetime]:
    return [datetime.combine(day, time(0), COUNTY_ZONE) + n * QUARTER for n in range(96)]


def open_at(moment: datetime) -> bool:
    clock = moment.astimezone(COUNTY_ZONE).time()
    return time(8) <= clock < time(12) or time(14, 30) <= clock < time(17, 30)


def is_paused(moment: datetime, pauses) -> bool:
    return any(since <= moment < until for since, until in pauses)


def is_lost(day: date, pauses) -> bool:
    """Paused through all its office hours, quarter by quarter."""
    return bool(pauses) and all(is_paused(q, pauses) for q in quarters_of(day) if open_at(q))


def closing(day: date) -> datetime:
    return datetime.combine(day, time(17, 30), COUNTY_ZONE)


def by_working_days(start: datetime, n: int, pauses) -> datetime:
    day = date_of(start)
    while not works(day):
        day += timedelta(1)
    if n == 0:
        while not works(day) or is_lost(day, pauses) or closing(day) <= start:
            day += timedelta(1)
    while n:
        day += timedelta(1)
        n -= works(day) and not is_lost(day, pauses)
    return closing(day)


def by_quarters(start: datetime, hours: int, pauses, counts) -> datetime:
    left, moment = hours * 4, start
    while left:
        left -= counts(moment) and not is_paused(moment, pauses)
        moment += QUARTER
    return moment


def by_calendar(start: datetime, nominal: date, pauses) -> datetime:
    day = date_of(start)
    left = (nominal - day).days
    while left:
        day += timedelta(1)
        left -= not is_lost(day, pauses)
    if not works(day):
        while not works(day) or is_lost(day, pauses):
            day += timedelta(1)
    return closing(day)


@few
@given(paused(), st.integers(0, 30))
def test_working_days_end_where_counting_day_by_day_ends(case, n):
    start, pauses = case
    assert due(start, f"{n}wd", OFFICIAL, pauses).at == by_working_days(start, n, pauses)


@few
@given(paused(), st.integers(1, 40))
def test_office_hours_end_where_counting_quarters_ends(case, n):
    start, pauses = case

    def counts(moment: datetime) -> bool:
        return open_at(moment) and works(date_of(moment))

    assert due(start, f"{n}wh", OFFICIAL, pauses).at == by_quarters(start, n, pauses, counts)


@few
@given(paused(), st.integers(1, 200))
def test_hours_end_where_counting_quarters_ends(case, n):
    start, pauses = case
    end = by_quarters(start, n, pauses, lambda _: True)
    assert due(start, f"{n}h", OFFICIAL, pauses).at == end


@few
@given(paused(), st.integers(1, 60))
def test_calendar_days_end_where_counting_day_by_day_ends(case, n):
    start, pauses = case
    nominal = date_of(start) + timedelta(n)
    assert due(start, f"{n}d", OFFICIAL, pauses).at == by_calendar(start, nominal, pauses)


@few
@given(paused(), st.integers(1, 8))
def test_calendar_months_end_on_the_same_day_or_on_the_last(case, n):
    start, pauses = case
    first = date_of(start)
    month = first.replace(day=1)
    for _ in range(n):
        month = (month + timedelta(32)).replace(day=1)
    nominal = month.replace(day=min(first.day, monthrange(month.year, month.month)[1]))
    assert due(start, f"{n}m", OFFICIAL, pauses).at == by_calendar(start, nominal, pauses)


# ------------------------------------------------------------------ what always holds

units = st.sampled_from(["wd", "wh", "h", "d", "m"])


@few
@given(paused(), units, st.integers(0, 40))
def test_a_longer_limit_never_ends_earlier_and_nothing_ends_before_it_came(case, unit, n):
    start, pauses = case
    shorter, longer = (due(start, f"{k}{unit}", OFFICIAL, pauses) for k in (n, n + 1))
    assert start <= shorter.at <= longer.at


@few
@given(paused(), st.sampled_from(["wd", "wh", "d", "m"]), st.integers(0, 40))
def test_nothing_but_elapsed_hours_ends_on_a_day_off(case, unit, n):
    start, pauses = case
    assert works(due(start, f"{n}{unit}", OFFICIAL, pauses).on)


@few
@given(paused(), units, st.integers(0, 40))
def test_a_pause_never_brings_a_date_forward(case, unit, n):
    start, pauses = case
    for fewer in range(len(pauses)):
        sooner = due(start, f"{n}{unit}", OFFICIAL, pauses[:fewer]).at
        assert sooner <= due(start, f"{n}{unit}", OFFICIAL, pauses[: fewer + 1]).at


@few
@given(paused(), units, st.integers(0, 40))
def test_pauses_count_once_in_whatever_order_and_pieces_they_come(case, unit, n):
    start, pauses = case
    pieces = [
        half
        for since, until in reversed(pauses)
        for half in [(since, since + (until - since) / 2), (since + (until - since) / 2, until)]
    ]
    once = due(start, f"{n}{unit}", OFFICIAL, pauses).at
    assert due(start, f"{n}{unit}", OFFICIAL, pieces).at == once
    assert due(start, f"{n}{unit}", OFFICIAL, [*pieces, *pauses]).at == once
    assert due(start, f"{n}{unit}", OFFICIAL, merged(pauses)).at == once


@few
@given(quarters, quarters, st.integers(0, 40))
def test_who_comes_later_never_ends_earlier(one, other, n):
    first, second = sorted((one, other))
    for unit in ("wd", "wh", "h", "d", "m"):
        assert due(first, f"{n}{unit}", OFFICIAL).at <= due(second, f"{n}{unit}", OFFICIAL).at


# ------------------------------------------------------------------ yellow


@pytest.mark.parametrize(
    ("start", "limit", "yellow"),
    [
        ("2023-10-30T10:12", "5wd", "2023-11-03 08:00"),  # the last two of five
        ("2023-10-30T10:12", "1wd", "2023-10-31 08:00"),
        ("2023-10-30T10:12", "2wd", "2023-11-01 08:00"),
        ("2023-10-30T10:12", "3wd", "2023-11-02 08:00"),
        ("2023-10-30T10:12", "15wd", "2023-11-14 08:00"),  # the last five: 14 to 20 November
        ("2023-10-30T10:12", "0wd", "2023-10-30 10:12"),  # at once
        ("2026-09-30T10:00", "3wd", "2026-10-10 08:00"),  # a Saturday that is worked
        ("2026-11-21T10:00", "1wd", "2026-11-24 08:00"),
        ("2026-11-24T11:00", "2wh", "2026-11-24 14:50"),  # 40 minutes of 120 are left
        ("2026-11-24T08:00", "3wh", "2026-11-24 10:00"),
        ("2026-11-24T08:00", "24h", "2026-11-25 00:00"),
        ("2026-11-24T08:00", "0h", "2026-11-24 08:00"),
        ("2026-11-24T08:00", "3d", "2026-11-27 08:00"),
        ("2026-11-24T08:00", "30d", "2026-12-15 08:00"),  # the last ten of thirty
        ("2026-11-24T08:00", "4d", "2026-11-29 08:00"),  # six days to Monday 30th: the last two
    ],
)
def test_yellow_begins_where_a_third_is_left(start, limit, yellow):
    found = yellow_from(due(at(start), limit, OFFICIAL))
    assert f"{found.astimezone(COUNTY_ZONE):%Y-%m-%d %H:%M}" == yellow


@pytest.mark.parametrize(
    ("start", "day", "yellow"),
    [
        ("2023-10-30T10:00", "2023-10-31", "2023-10-31 08:00"),
        ("2023-10-30T10:00", "2023-11-06", "2023-11-03 08:00"),
        ("2023-10-30T10:00", "2023-10-30", "2023-10-30 10:00"),
        ("2023-10-28T10:00", "2023-10-30", "2023-10-28 10:00"),  # received on the very date
    ],
)
def test_a_promised_date_is_yellow_in_its_last_third(start, day, yellow):
    found = due_on_date(date.fromisoformat(day), OFFICIAL, start=at(start))
    assert f"{yellow_from(found).astimezone(COUNTY_ZONE):%Y-%m-%d %H:%M}" == yellow
    late = due_on_date(date.fromisoformat(day), OFFICIAL)
    assert yellow_from(late, start=at(start)) == yellow_from(found)
    with pytest.raises(ValueError, match="when its clock began"):
        yellow_from(late)


def test_paused_days_are_not_among_those_that_the_third_is_of():
    pause = [(at("2023-10-31T00:00"), at("2023-11-04T00:00"))]
    found = due(at("2023-10-30T10:00"), "5wd", OFFICIAL, pause)
    assert found.on == date(2023, 11, 10)
    assert yellow_from(found) == at("2023-11-09T08:00")
    pause = [(at("2026-11-25T00:00"), at("2026-11-28T00:00"))]
    found = due(at("2026-11-24T10:00"), "6d", OFFICIAL, pause)
    assert found.on == date(2026, 12, 3)
    assert yellow_from(found) == at("2026-12-02T08:00")


@few
@given(paused(), units, st.integers(0, 40))
def test_yellow_lies_between_start_and_date(case, unit, n):
    start, pauses = case
    found = due(start, f"{n}{unit}", OFFICIAL, pauses)
    assert start <= yellow_from(found) <= found.at


@few
@given(paused(), st.integers(1, 40))
def test_from_yellow_on_a_third_of_the_days_that_count_is_left(case, n):
    start, pauses = case
    found = due(start, f"{n}wd", OFFICIAL, pauses)
    yellow = yellow_from(found).astimezone(COUNTY_ZONE)
    days = [yellow.date() + timedelta(k) for k in range((found.on - yellow.date()).days + 1)]
    left = [day for day in days if works(day) and not is_lost(day, pauses)]
    assert len(left) == -(-n // 3)
    assert yellow.time() == OFFICE_HOURS.opens
    assert works(yellow.date())


# ------------------------------------------------------------------ why


@few
@given(paused(), units, st.integers(0, 60))
def test_every_date_explains_itself_in_both_languages(case, unit, n):
    start, pauses = case
    found = due(start, f"{n}{unit}", OFFICIAL, pauses)
    for lang in ("en", "zh-hans"):
        sentences = [in_words(sentence, lang) for sentence in found.explanation]
        assert all(sentences)
        assert not any("%(" in sentence for sentence in sentences)
    if found.provisional:
        assert "暂定" in sentences[-1]
    assert all(note.due == (note.day == found.on) for note in found.days)


@few
@given(paused(), st.sampled_from(["wd", "d"]), st.integers(1, 60))
def test_the_days_of_the_small_calendar_count_up_to_the_limit(case, unit, n):
    start, pauses = case
    notes = due(start, f"{n}{unit}", OFFICIAL, pauses).days
    assert [note.count for note in notes if note.count is not None] == list(range(1, n + 1))
    for note in notes:
        assert note.off == (not works(note.day))
        assert note.why != "paused" or is_lost(note.day, pauses)
        assert unit == "d" or note.count is None or not note.off


# ------------------------------------------------------------------ as people say it


@pytest.mark.parametrize(
    ("now", "then", "kind", "n"),
    [
        ("2023-11-03T10:24", "2023-11-01T17:30", "overdue", 2),
        ("2023-11-02T08:00", "2023-11-01T17:30", "overdue", 1),
        ("2023-11-01T17:30", "2023-11-01T17:30", "overdue_today", 0),
        ("2023-11-01T16:00", "2023-11-01T10:20", "overdue_today", 0),
        ("2023-11-05T16:00", "2023-11-03T17:30", "overdue_today", 0),  # a weekend later
        ("2023-11-03T10:24", "2023-11-03T17:30", "today", 0),
        ("2023-11-03T00:00", "2023-11-03T17:30", "today", 0),
        ("2023-11-03T10:24", "2023-11-03T15:30", "today_at", 0),
        ("2023-11-03T10:24", "2023-11-06T17:30", "left", 1),
        ("2023-11-04T10:24", "2023-11-06T17:30", "left", 1),
        ("2023-11-03T10:24", "2023-11-23T17:30", "left", 14),
        ("2023-11-03T10:24", "2023-12-01T17:30", "date", 20),
        ("2023-11-03T20:00", "2023-11-04T09:00", "date", 0),  # hours end on a day off
    ],
)
def test_a_date_is_said_as_people_say_it(now, then, kind, n):
    said = distance(at(now), at(then), OFFICIAL)
    assert (said.kind, said.n) == (kind, n)
    assert (said.on, said.at) == (date_of(at(then)), at(then))
