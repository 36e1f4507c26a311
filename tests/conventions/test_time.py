"""Time comes from kernel.clock alone (D17)."""

import re
from pathlib import Path

import qingdan

ELSEWHERE = re.compile(
    r"datetime\.(now|utcnow|today)\(|timezone\.now\(|date\.today\(|time\.time\("
)


def test_nothing_else_asks_what_time_it_is() -> None:
    root = Path(qingdan.__file__).parent
    asks = [
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if ELSEWHERE.search(path.read_text(encoding="utf-8"))
    ]
    assert asks == ["foundations/kernel/clock.py"]
