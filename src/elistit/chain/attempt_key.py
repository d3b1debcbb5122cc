"""Attempt keys: job, stage, item, round and number. Pure; it must never read a table.

The key is also the engine's workflow id, so work queued by another version of the code keeps its name.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class AttemptKey:
    """One attempt at one unit of work. `item` 0 means the whole set; `delay` is in seconds from now."""

    job: str
    stage: str
    item: int
    round: int
    number: int
    wait: int
    delay: float = 0.0

    @property
    def id(self) -> str:
        """The engine's id of this attempt: the same whenever the same attempt is queued."""
        pause = f".{self.wait}" if self.wait else ""
        return f"job:{self.job}:{self.stage}:{self.item}:{self.round}:{self.number}{pause}"

    @classmethod
    def of(cls, data: dict[str, Any]) -> AttemptKey:
        """The key that `as_dict` described, here or in a later version, whose further fields are ignored: a rolled back
        installation continues with what the newer one has queued."""
        return cls(**{f.name: data[f.name] for f in fields(cls) if f.name in data})

    def as_dict(self) -> dict[str, Any]:
        return {k: v for k, v in asdict(self).items() if k != "delay"}
