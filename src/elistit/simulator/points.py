"""Every single point: one walk of each product type for each point at which a process can die and each way a call can end.

On SQLite in memory or on a PostgreSQL database of its own, made beside the one that was named and dropped afterwards. After
each walk the checkers, the auditor and, after a death, the undisturbed walk itself are the judges: a death may change
neither the books nor what happened to the project.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from elistit import ports
from elistit.simulator import databases
from elistit.simulator.branches import Branches

WAYS = ("whole", "failed", "deleted")
PRODUCTS = ("clipart", "sticker", "wall_art", "poster", "svg", "greeting_card", "pattern", "custom")
# How a call can end badly. Only a provider's call can be blocked or its answer lost.
WORK_ENDS = ("transient", "throttled", "rejected", "killed_after")
PROVIDER_ENDS = (
    "transient", "throttled", "throttled_long", "blocked_prompt", "blocked_output", "rejected", "operator", "unknown_made",
    "unknown_lost", "killed_after",
)  # fmt: skip


@dataclass(frozen=True)
class Point:
    """Where one walk goes wrong: at the point numbered `dies`, or with the call numbered `call` ending so. Neither: nowhere."""

    product: str
    way: str = "whole"
    dies: int = 0
    call: int = 0
    end: str = ""

    def __str__(self) -> str:
        what = f"a process dies at point {self.dies}" if self.dies else f"call {self.call} ends {self.end}"
        return f"{self.product}, {self.way}: {what if self.dies or self.call else 'nothing goes wrong'}"


@dataclass
class Walked:
    """What came of a walk. `books` is what a death may not change; `passed` and `asked` the points and calls there were, `begun`
    how many of each there had been when each piece of work began."""

    violations: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    books: Any = None
    passed: int = 0
    asked: list[str] = field(default_factory=list)
    begun: list[tuple[int, int]] = field(default_factory=list)


def walk(point: Point, branches: Branches | None = None, calm: Walked | None = None) -> Walked:
    """Walk once in an empty world and judge it. Needs `databases.database` around it. With `branches`, a copy of this process
    takes the turn of every point and is judged as well: made at the point itself where the world is in memory, else where the
    piece of work begins in which the point is known, from the `calm` walk, to lie."""
    from elistit.simulator.walk import Walk

    with databases.world():
        town = Walk(point.product, point.way, point.dies, (point.call, point.end))
        town.chance.seed(0)
        begun: list[tuple[int, int]] = []
        town.deaths.beginning = lambda: begun.append((town.deaths.seen, town.script.calls))
        if branches is not None and calm is not None:
            _branch_where_work_begins(town, point, calm, branches)
        elif branches is not None:
            _branch(town, point, branches)
        broken: list[str] = []
        try:
            town.go()
        except Exception as fault:
            broken.append(f"the program does not break: {type(fault).__name__}: {fault}")
        walked = Walked(broken, town.told, town.books, town.deaths.seen, town.script.asked, begun)
        if branches is not None:
            branches.end(lambda: _with(walked, _judged(town)))
        return _with(walked, _judged(town))


def _with(walked: Walked, words: Iterator[str]) -> Walked:
    walked.violations += words
    return walked


def _branch(town: Any, point: Point, branches: Branches) -> None:
    def called(number: int, stage: str) -> str:
        ends = _ends(point.product, stage)
        return next((e for e in ends if branches(Point(point.product, point.way, call=number, end=e))), "")

    town.deaths.here = lambda number: branches(Point(point.product, point.way, dies=number))
    town.script.elsewhere = called


def _branch_where_work_begins(town: Any, point: Point, calm: Walked, branches: Branches) -> None:
    ends = [*calm.begun[1:], (calm.passed, len(calm.asked))]
    pieces = iter(zip(calm.begun, ends, strict=True))

    def beginning() -> None:
        (dead, called), (died, calls) = next(pieces)
        here = [Point(point.product, point.way, dies=n) for n in range(dead + 1, died + 1)]
        here += [
            Point(point.product, point.way, call=n, end=end)
            for n in range(called + 1, calls + 1)
            for end in _ends(point.product, calm.asked[n - 1])
        ]
        for one in here:
            if branches(one):
                town.deaths.at, town.script.at, town.script.end = one.dies, one.call, one.end
                town.deaths.beginning = lambda: None
                return

    town.deaths.beginning = beginning


def _judged(town: Any) -> Iterator[str]:
    from elistit.credits import audit
    from elistit.simulator import checkers

    yield from checkers.violations(town)
    with ports.use_clock(town.clock):
        for check in audit.run()["checks"]:
            for words in check["violations"]:
                yield f"the auditor, {check['name']}: {words}"


def every_point(product: str, step: int = 1, first: int = 1) -> Iterator[tuple[Point, Walked]]:
    """The points of a product, each with what came of it; the undisturbed walks come first. `step` takes every n-th
    from the `first`, counted over all of them. They branch off one undisturbed walk; where a process cannot be copied, each is
    walked from its beginning."""
    number = 0
    for way in WAYS:
        calm = walk(Point(product, way))
        yield Point(product, way), calm
        if hasattr(os, "fork"):
            in_memory = databases.in_memory()
            branches = Branches(step, first, number, None if in_memory else databases.Clones())
            walk(Point(product, way), branches, None if in_memory else calm)
            number, walks = branches.number, iter(branches.found)
        else:
            points = [*_deaths(product, way, calm), *_calls(product, way, calm)]
            walks = ((p, walk(p)) for n, p in enumerate(points, number + 1) if (n - first) % step == 0)
            number += len(points)
        for point, told in walks:
            walked = told or Walked([f"the walk comes to its end: {point}"])
            if point.dies and walked.books != calm.books:
                walked.violations.append(f"a death changes nothing: {_difference(calm.books, walked.books)}")
            yield point, walked


def _deaths(product: str, way: str, calm: Walked) -> Iterator[Point]:
    for n in range(1, calm.passed + 1):
        yield Point(product, way, dies=n)


def _calls(product: str, way: str, calm: Walked) -> Iterator[Point]:
    for n, stage in enumerate(calm.asked, 1):
        for end in _ends(product, stage):
            yield Point(product, way, call=n, end=end)


def _ends(product: str, stage: str) -> tuple[str, ...]:
    return PROVIDER_ENDS if stage == "generating" and product != "custom" else WORK_ENDS


def _difference(calm: Any, other: Any) -> str:
    if other is None:
        return "the walk did not come to its end"
    return "; ".join(f"{was} became {now}" for was, now in zip(calm, other, strict=True) if was != now)
