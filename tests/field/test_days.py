"""The days that an order on the spot offers: worked ones, and never later than on the spot is."""

from datetime import date

import pytest

from qingdan.domain.ledger.rules.policy import track_and_grade
from qingdan.foundations.workdays.calendar import official
from qingdan.interfaces.field.days import offered, proposed
from town import at


@pytest.mark.parametrize(
    ("now", "days"),
    [
        ("2023-10-30 09:00", ["2023-10-31", "2023-11-02", "2023-11-06"]),
        ("2023-10-30 19:00", ["2023-10-31", "2023-11-02", "2023-11-06"]),
        ("2023-11-04 10:00", ["2023-11-06", "2023-11-08", "2023-11-10"]),  # a Saturday
        ("2023-09-28 10:00", ["2023-10-07", "2023-10-09", "2023-10-11"]),  # before the holidays
    ],
)
def test_three_days_up_to_the_last_one_on_the_spot(now: str, days: list[str]) -> None:
    last = proposed(at(now))
    assert [day.value for day in offered(at(now), last.on)] == days


def test_on_every_day_of_a_year_the_proposal_is_on_the_spot_and_worked() -> None:
    calendar = official()
    for ordinal in range(date(2023, 1, 1).toordinal(), date(2024, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        last = proposed(at(f"{day} 10:00")).on
        assert track_and_grade(calendar.working_days_between(day, last))[0] == "on_site"
        for one in offered(at(f"{day} 10:00"), last):
            assert calendar.is_working(date.fromisoformat(one.value))
