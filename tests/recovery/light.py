"""In place of the bounded subprocesses, for pictures that are known to be good: starts none, and measures nothing.

For tests and measurements of what happens around the work, where a second of real checking would only be in the way.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from elistit.artwork import jobs


def light_run(function: Callable[..., Any], *args: Any, timeout: float = 0.0) -> Any:
    """What the automatic checks answer about a picture without a fault. Only for those checks."""
    if function is jobs.examine:
        shutil.copy(Path(args[0]), Path(args[1]))
        return {"flags": [], "signature": "00" * 8}
    assert function is jobs.unusable, function
    return ""
