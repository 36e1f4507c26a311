"""Reference numbers: gapless for each county and year, however many press at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from qingdan.foundations.kernel.numbers import Reference, next_number, parse_reference


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("耒企〔2023〕123号", (2023, 123)),
        ("〔2023〕123", (2023, 123)),
        ("耒企[2023]123号", (2023, 123)),
        ("123", (2024, 123)),
        (" 7 ", (2024, 7)),
        ("耒企〔2023〕", None),
        ("abc", None),
        ("", None),
        ("１２３", None),
    ],
)
def test_a_reference_is_read_as_people_write_it(
    written: str, means: tuple[int, int] | None
) -> None:
    assert parse_reference(written, this_year=2024) == means


def test_a_reference_is_short_in_lists_and_whole_on_papers() -> None:
    ref = Reference("耒企", 2023, 7)
    assert (ref.short, str(ref)) == ("007", "耒企〔2023〕7号")
    assert parse_reference(str(ref), this_year=2024) == (2023, 7)


def test_a_number_outside_the_transaction_that_uses_it_is_a_mistake(
    transactional_db: None,
) -> None:
    with pytest.raises(RuntimeError):
        next_number("430481", "issue", 2023)


@pytest.mark.db
def test_a_rollback_gives_the_number_back(db: None) -> None:
    with transaction.atomic():
        assert next_number("430481", "issue", 2023) == 1
    try:
        with transaction.atomic():
            next_number("430481", "issue", 2023)
            raise ValueError
    except ValueError:
        pass
    with transaction.atomic():
        assert next_number("430481", "issue", 2023) == 2
        assert next_number("430481", "issue", 2024) == 1
        assert next_number("430482", "issue", 2023) == 1


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_eight_at_once_take_numbers_without_a_gap() -> None:
    def take(_: int) -> int:
        try:
            with transaction.atomic():
                return next_number("430481", "issue", 2023)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, range(40)))
    assert sorted(taken) == list(range(1, 41))
