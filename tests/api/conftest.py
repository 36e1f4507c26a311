import pytest

from api.caller import Caller, Calls, caller
from town import Town


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def calls(town: Town) -> Calls:
    made: dict[str, Caller] = {}

    def of(code: str) -> Caller:
        if code not in made:
            made[code] = caller(code)
        return made[code]

    return of
