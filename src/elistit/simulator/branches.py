"""Many walks for the price of little more than one: at each point of an undisturbed walk a copy of the process continues as if
something had gone wrong there, and tells this one what came of it.

A world in the memory of this process is copied with it; one outside is copied by `World`. Copies make no copies.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from typing import Any, Protocol


class World(Protocol):
    """What of the world lies outside the process: `make` copies it before the process is copied, the copy of the process
    `enter`s it, and it is `drop`ped when that is gone."""

    def make(self) -> None: ...
    def enter(self) -> None: ...
    def drop(self) -> None: ...


class Branches:
    """`one_in` takes every n-th point, from the `first`; `number` counts them all. `found` holds what the copies reported,
    in the order of the points, as (point, reported). `world` is what lies outside the process, when something does."""

    def __init__(self, one_in: int = 1, first: int = 1, number: int = 0, world: World | None = None) -> None:
        self.one_in, self.first, self.number, self.world = one_in, first, number, world
        self.found: list[tuple[Any, Any]] = []
        self._mouth: int | None = None

    def __call__(self, point: Any) -> bool:
        """Whether it goes wrong here: once, in the copy that is made for it; never in the first process."""
        if self._mouth is not None:
            return False
        self.number += 1
        if (self.number - self.first) % self.one_in:
            return False
        ear, mouth = os.pipe()
        if self.world:
            self.world.make()
        copy = os.fork()
        if not copy:
            os.close(ear)
            self._mouth = mouth
            if self.world:
                self.world.enter()
            return True
        os.close(mouth)
        with os.fdopen(ear, "rb") as heard:
            sent = heard.read()
        os.waitpid(copy, 0)
        if self.world:
            self.world.drop()
        self.found.append((point, pickle.loads(sent) if sent else None))
        return False

    def end(self, tell: Callable[[], Any]) -> None:
        """At the end of a walk. A copy tells the first process what came of it and is gone, even when `tell` breaks; then it
        has reported nothing. In the first process nothing happens."""
        if self._mouth is None:
            return
        try:
            with os.fdopen(self._mouth, "wb") as mouth:
                mouth.write(pickle.dumps(tell()))
        finally:
            os._exit(0)
