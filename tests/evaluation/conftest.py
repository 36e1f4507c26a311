import pytest

from town import Town


@pytest.fixture
def town(db: None) -> Town:
    return Town()
