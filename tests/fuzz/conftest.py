"""A town in which every word tells whose it is."""

import pytest

from fuzz.marked import Marked, marked
from town import Town


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def matters(town: Town) -> Marked:
    return marked(town)
