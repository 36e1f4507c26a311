"""Reading the county's data: four files, one row a line."""

import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@cache
def read(name: str) -> Any:
    """`county`, `enterprises`, `matters` or `outings`."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
