"""The days that an order on the spot offers: worked ones, the limit of the spot among them."""

from datetime import date

import pytest

from qingdan.domain.ledger.rules.policy import track_and_grade
from qingdan.foundations.workdays.calendar import official
from qingdan.interfaces.field.days import offered, proposed
from town import at


@pytest.mark.parametrize(
    ("now", "first", "last"),
    [
        ("2023-10-30 09:00", "2023-10-31", "2023-11-08"),
        ("2023-10-30 19:00", "2023-10-31", "2023-11-08"),
        ("2023-11-04 10:00", "2023-11-06", "2023-11-14"),  # a Saturday
        ("2023-09-28 10:00", "2023-10-07", "2023-10-13"),  # before the holidays
    ],
)
def test_the_next_seven_working_days_stand_in_the_row(now: str, first: str, last: str) -> None:
    days = [day.value for day in offered(at(now))]
    assert (len(days), days[0], days[-1]) == (7, first, last)


def test_on_every_day_of_a_year_the_proposal_is_on_the_spot_and_stands_in_the_row() -> None:
    calendar = official()
    for ordinal in range(date(2023, 1, 1).toordinal(), date(2024, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        last = proposed(at(f"{day} 10:00")).on
        assert track_and_grade(calendar.working_days_between(day, last))[0] == "on_site"
        row = [date.fromisoformat(one.value) for one in offered(at(f"{day} 10:00"))]
        assert last in row
        assert all(calendar.is_working(one) and one > day for one in row)
