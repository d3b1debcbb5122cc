"""Search: many sequences of a greedy seller, half of them grown from those that came nearest to a gain.

In this process and on tables in memory. The same seed and number of sequences give the same search.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from elistit.simulator import running
from elistit.simulator.choices import Choices
from elistit.simulator.greedy import gain
from elistit.simulator.greedy.world import Greedy
from elistit.simulator.memory import world as behind

POOL = 24
MUTATED = 0.5
SHRINK_ATTEMPTS = 300


@dataclass
class Sequence:
    """What came of one sequence: its decisions, what it gained in words, and how near it came in credits."""

    choices: list[int]
    violations: list[str]
    told: list[str]
    score: int
    acts: int = 0
    served: int = 0


@dataclass
class Found:
    """A search so far."""

    sequences: int = 0
    acts: int = 0
    served: int = 0
    seed: int | None = None
    best: Sequence | None = None
    pool: list[Sequence] = field(default_factory=list)


def sequence(seed: int, given: list[int] | None = None) -> Sequence:
    """Live one sequence on tables in memory and judge it."""
    with running.in_memory():
        greedy = Greedy(Choices(seed, given))
        broken: list[str] = []
        try:
            greedy.live()
        except Exception as fault:  # a fault of the product's own code is a finding too
            broken.append(f"the program broke: {type(fault).__name__}: {fault}")
        broken += gain.violations(greedy)
        return Sequence(
            greedy.choices.made, broken, greedy.told, gain.score(greedy), len(greedy.told), len(greedy.held)
        )


def search(first: int, count: int, look: Callable[[int], None] = lambda done: None) -> Found:
    """Live sequences from seed `first` on, stopping at the first that gains something, which is made shorter."""
    found = Found()
    chance = random.Random(first)
    with _in_memory():
        for seed in range(first, first + count):
            given = None
            if found.pool and chance.random() < MUTATED:
                given = _mutated(chance.choice(found.pool).choices, chance)
            lived = sequence(seed, given)
            found.sequences += 1
            found.acts += lived.acts
            found.served += lived.served
            if lived.violations:
                found.seed, found.best = seed, shorter(seed, lived)
                return found
            _remember(found.pool, lived)
            look(found.sequences)
    return found


def _in_memory() -> contextlib.AbstractContextManager[object]:

    return contextlib.nullcontext() if behind.active() is not None else running.staying_in_memory()


def _remember(pool: list[Sequence], lived: Sequence) -> None:
    """Keep the sequences that came nearest to a gain; among equals the newer, so that the pool moves on."""
    pool.append(lived)
    pool.sort(key=lambda s: s.score, reverse=True)
    if len(pool) > POOL:
        pool.pop()


def _mutated(choices: list[int], chance: random.Random) -> list[int]:
    """Some decisions made otherwise, a stretch left out or repeated."""
    made = list(choices)
    for _ in range(1 + chance.randrange(4)):
        at = chance.randrange(len(made) or 1)
        match chance.randrange(4):
            case 0:
                made[at : at + 1] = [chance.randrange(8)]
            case 1:
                made[at:at] = [chance.randrange(8) for _ in range(1 + chance.randrange(5))]
            case 2:
                del made[at : at + 1 + chance.randrange(5)]
            case _:
                made[at:at] = made[at : at + 1 + chance.randrange(8)]
    return made + [chance.randrange(8) for _ in range(6)]


def shorter(seed: int, lived: Sequence) -> Sequence:
    """A shorter or calmer sequence with the same kind of gain."""
    best, attempts, size = lived, 0, max(1, len(lived.choices) // 2)
    while size >= 1 and attempts < SHRINK_ATTEMPTS:
        at = 0
        while at < len(best.choices) and attempts < SHRINK_ATTEMPTS:
            for fewer in (best.choices[:at] + best.choices[at + size :], _calmed(best.choices, at, size)):
                attempts += 1
                if (
                    fewer != best.choices
                    and (other := sequence(seed, fewer)).violations
                    and len(other.told) <= len(best.told)
                ):
                    best = other
                    break
            else:
                at += size
                continue
            if not any(best.choices[at : at + size]):
                at += size
        size //= 2
    return best


def _calmed(choices: list[int], at: int, size: int) -> list[int]:
    return [*choices[:at], *[0] * len(choices[at : at + size]), *choices[at + size :]]
