"""The decisions of a history: drawn by a seed, kept, and played again. 0 always means the calm thing happens.

A history is nothing but its decisions, so a failing one is made smaller by making decisions calm, as long as it still fails.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Sequence
from functools import cache
from itertools import accumulate


def every(arts: Sequence[object], limit: int | None = None) -> list[int]:
    """`chain.variety.different` for a world that draws nothing: all items look different there."""
    return list(range(len(arts)))[:limit]


class Choices:
    """A source of decisions. Drawn from `seed`, or replayed from `given` with calm ones after its end."""

    def __init__(self, seed: int = 0, given: Sequence[int] | None = None) -> None:
        self.random = random.Random(seed)
        self.given = given
        self.made: list[int] = []

    def pick(self, weights: Sequence[float]) -> int:
        """One of so many ways, the first being the calm one, chosen by weight."""
        if self.given is not None:
            at = len(self.made)
            chosen = self.given[at] if at < len(self.given) else 0
            chosen = chosen if 0 <= chosen < len(weights) else 0
        else:
            sums = _sums(tuple(weights))
            chosen = bisect(sums, self.random.random() * sums[-1], 0, len(sums) - 1)
        self.made.append(chosen)
        return chosen

    def happens(self, chance: float) -> bool:
        return bool(self.pick((1 - chance, chance)))

    def number(self, most: int) -> int:
        """A whole number from 0 to `most`, all alike."""
        return self.pick([1.0] * (most + 1))


@cache
def _sums(weights: tuple[float, ...]) -> list[float]:
    return list(accumulate(weights))
