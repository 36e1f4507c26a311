"""How much is tried: little in CI, where each finding comes again; by command much, and anew."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings


def tried(few: int, many: int) -> Any:
    """Parametrise a test by how many examples it tries: `few`, and with mark heavy `many`."""
    heavy = pytest.param(many, id="many", marks=pytest.mark.heavy)
    return pytest.mark.parametrize("examples", [pytest.param(few, id="few"), heavy])


def sampling(examples: int) -> Callable[[Any], Any]:
    """Settings of hypothesis for so many examples. Few are always the same ones."""
    few = examples < 1000
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=few,
        phases=(Phase.generate,) if few else (Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
