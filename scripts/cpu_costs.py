"""What each test file costs in CPU seconds (tests/costs.json), and which files `./test --fast` runs because of it.

The files that cost least run, as many as fit into `FAST_SECONDS`; a file that isn't in the table yet waits until it is measured.
`./test --record` measures every file and writes the table, `./test --record FILE…` these files.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "tests/costs.json"
FOLDER = "TEST_COSTS"
"""The environment variable that names the folder in which test processes leave what they measured (tests/costs.py)."""
FAST_SECONDS = 60.0
"""What the tests of `./test --fast` may cost together. With lint, types and the start of two test processes it takes less than
170 CPU seconds, so 90 seconds on two cores."""


def table() -> dict[str, float]:
    """CPU seconds of each file when the table was written."""
    costs: dict[str, float] = json.loads(TABLE.read_text(encoding="utf-8"))
    return costs


def fast(files: Iterable[str], costs: dict[str, float], budget: float = FAST_SECONDS) -> list[str]:
    """The files that `./test --fast` runs, by name: the cheapest ones whose costs together stay within `budget` seconds."""
    chosen, left = [], budget
    for cost, file in sorted((costs[file], file) for file in files if file in costs):
        if cost > left:
            break
        chosen.append(file)
        left -= cost
    return sorted(chosen)


def measured(folder: Path) -> Counter[str]:
    """What the test processes that have ended left in `folder`: CPU seconds by file."""
    total: Counter[str] = Counter()
    for left in folder.glob("costs-*.json"):
        total.update(json.loads(left.read_text(encoding="utf-8")))
    return total


def write(costs: dict[str, float]) -> None:
    """Write the table, by name and rounded, so that two versions compare line by line."""
    rounded = {file: round(costs[file], 1) for file in sorted(costs)}
    TABLE.write_text(json.dumps(rounded, indent=0) + "\n", encoding="utf-8")
