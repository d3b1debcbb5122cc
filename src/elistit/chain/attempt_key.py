"""Attempt keys: job, stage, item, round and number. Pure; it must never read a table.

The key is also the engine's workflow id, so the id must stay the same across versions of the code.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class AttemptKey:
    """One attempt at one unit of work. `item` 0 means the whole set; `wait` numbers the uncounted pauses of the
    attempt; `delay` is in seconds from now."""

    job: str
    stage: str
    item: int
    round: int
    number: int
    wait: int
    delay: float = 0.0

    @property
    def id(self) -> str:
        """The engine's workflow id for this attempt, always the same for the same attempt. It doesn't depend on `delay`."""
        pause = f".{self.wait}" if self.wait else ""
        return f"job:{self.job}:{self.stage}:{self.item}:{self.round}:{self.number}{pause}"

    @classmethod
    def of(cls, data: dict[str, Any]) -> AttemptKey:
        """The key that `as_dict` wrote, in this version or a later one. Unknown fields are ignored, so that an
        installation that was rolled back can run what the newer version queued."""
        return cls(**{f.name: data[f.name] for f in fields(cls) if f.name in data})

    def as_dict(self) -> dict[str, Any]:
        """The key as plain JSON for the engine's queue, without `delay`."""
        return {k: v for k, v in asdict(self).items() if k != "delay"}
