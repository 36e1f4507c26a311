"""Working days against the notices, against two other calendars, and against counting."""

from datetime import date, time, timedelta
from itertools import pairwise

import chinese_calendar
import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingdan.foundations.workdays.calendar import Calendar, Notice, OfficeHours, Year, official

OFFICIAL = official()
YEARS = range(2020, 2027)
days = st.dates(date(1990, 1, 1), date(2060, 12, 31))


def every_day(first: date, last: date):
    return (first + timedelta(n) for n in range((last - first).days + 1))


def test_every_day_from_2020_to_2026_is_as_chinesecalendar_has_it():
    for day in every_day(date(2020, 1, 1), date(2026, 12, 31)):
        assert OFFICIAL.is_working(day) == chinese_calendar.is_workday(day), day


def test_every_day_from_2020_to_2026_is_as_holidays_has_it():
    china = holidays.country_holidays("CN", years=YEARS)
    for day in every_day(date(2020, 1, 1), date(2026, 12, 31)):
        assert OFFICIAL.is_working(day) == china.is_working_day(day), day


@pytest.mark.parametrize(
    ("year", "working"),
    [(2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)],
)
def test_a_year_has_as_many_working_days_as_its_notice_leaves(year, working):
    before, last = date(year - 1, 12, 31), date(year, 12, 31)
    assert OFFICIAL.working_days_between(before, last) == working


def test_months_of_2026_have_as_many_working_days_as_published():
    firsts = [date(2026, month, 1) for month in range(1, 13)] + [date(2027, 1, 1)]
    ends = [first - timedelta(1) for first in firsts]
    counts = [OFFICIAL.working_days_between(a, b) for a, b in pairwise(ends)]
    assert counts == [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]


def test_a_year_is_announced_by_its_notice_and_provisional_without_one():
    for year in YEARS:
        assert OFFICIAL.status(year) == "announced"
        assert OFFICIAL.notices(year)
    assert [n.number for n in OFFICIAL.notices(2023)] == ["国办发明电〔2022〕16号"]
    assert len(OFFICIAL.notices(2020)) == 2
    for year in (1900, 2019, 2027, 2200):
        assert OFFICIAL.status(year) == "provisional"
        assert OFFICIAL.notices(year) == ()


def test_2027_rests_on_its_statutory_days_until_the_notice_comes():
    off = [date(2027, 1, 1), date(2027, 2, 5), date(2027, 2, 8), date(2027, 10, 1)]
    assert not any(map(OFFICIAL.is_working, off))
    assert OFFICIAL.is_working(date(2027, 2, 9))
    assert not OFFICIAL.is_working(date(2027, 2, 6))


def test_ordinals_count_one_by_one_and_lead_back():
    count = OFFICIAL.ordinal(date(2018, 12, 31))
    for day in every_day(date(2019, 1, 1), date(2028, 12, 31)):
        count += OFFICIAL.is_working(day)
        assert OFFICIAL.ordinal(day) == count
        if OFFICIAL.is_working(day):
            assert OFFICIAL.day_of(count) == day


@settings(max_examples=60, deadline=None)
@given(st.integers(1, OFFICIAL.ordinal(date.max)))
def test_any_ordinal_of_nine_thousand_years_is_a_working_day(ordinal):
    day = OFFICIAL.day_of(ordinal)
    assert OFFICIAL.is_working(day)
    assert OFFICIAL.ordinal(day) == ordinal


@settings(max_examples=60, deadline=None)
@given(days)
def test_the_next_working_day_is_the_first_from_there_on(day):
    found = OFFICIAL.next_working_day(day)
    assert OFFICIAL.is_working(found)
    assert not any(map(OFFICIAL.is_working, every_day(day, found - timedelta(1))))


@pytest.mark.parametrize("ordinal", [0, -1, 10**9])
def test_there_are_no_days_beyond_the_calendar(ordinal):
    with pytest.raises(OverflowError):
        OFFICIAL.day_of(ordinal)


def test_a_notice_that_arrives_makes_another_calendar_and_leaves_the_first():
    notice = Notice("通知", "国办发明电〔2026〕9号", date(2026, 11, 30))
    known = OFFICIAL.having(
        Year(2027, "announced", (notice,), frozenset({date(2027, 1, 4)}), frozenset())
    )
    assert known.status(2027) == "announced"
    assert not known.is_working(date(2027, 1, 4))
    assert OFFICIAL.is_working(date(2027, 1, 4))
    assert known != OFFICIAL
    assert Calendar(OFFICIAL.years) == OFFICIAL


def test_days_that_contradict_their_year_are_refused():
    with pytest.raises(ValueError, match="no weekday of 2026"):
        Year(2026, "provisional", (), frozenset({date(2026, 1, 3)}))
    with pytest.raises(ValueError, match="no weekday of 2026"):
        Year(2026, "provisional", (), frozenset({date(2025, 1, 1)}))
    with pytest.raises(ValueError, match="no weekend day of 2026"):
        Year(2026, "provisional", (), frozenset(), frozenset({date(2026, 1, 5)}))
    with pytest.raises(ValueError, match="without a notice"):
        Year(2026, "announced")


def test_office_hours_are_windows_in_their_order():
    with pytest.raises(ValueError, match="in their order"):
        OfficeHours(((time(8), time(12)), (time(11), time(17))))
    with pytest.raises(ValueError, match="in their order"):
        OfficeHours(())
