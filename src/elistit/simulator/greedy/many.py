"""Searches of a greedy seller in several processes, added up as they come, stopped at the first gain.

Needs nothing set up; every process prepares its own world.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from elistit.simulator import planted_greedy as bugs
from elistit.simulator import running

BATCH = 500


def searches(
    sequences: int, seed: int, jobs: int, planted: str, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """Live so many sequences from `seed` on. `sequences`, `acts` and `served` (files downloaded) are counted, `cpu_seconds`
    is what all processes used for it; `violations`, `seed` and `told` are of the shortest gain, when there was one."""
    done: dict[str, Any] = {"sequences": 0, "acts": 0, "served": 0, "cpu_seconds": 0.0}
    ends: dict[str, Any] = {"violations": [], "seed": None, "told": [], "stopped": False}
    waiting: deque[Future[dict[str, Any]]] = deque()
    begun = 0
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        try:
            while done["sequences"] < sequences:
                while len(waiting) < jobs * 2 and begun < sequences:
                    size = min(BATCH, sequences - begun)
                    waiting.append(pool.submit(batch, seed + begun, size, planted))
                    begun += size
                answer = waiting.popleft().result()
                for name in done:
                    done[name] += answer[name]
                progress(done["sequences"], len(answer["violations"]))
                if answer["violations"]:
                    ends |= {name: answer[name] for name in ("violations", "seed", "told")}
                    break
        except KeyboardInterrupt:
            ends["stopped"] = True
        for other in waiting:
            other.cancel()
    return {**done, **ends}


def batch(first: int, size: int, planted: str) -> dict[str, Any]:
    """One search in this process."""

    running.prepare(tables=False)
    from elistit.simulator.greedy.search import search

    began = time.process_time()
    with bugs.GREEDY[planted].plant() if planted else contextlib.nullcontext():
        found = search(first, size)
    best = found.best
    return {
        "sequences": found.sequences, "acts": found.acts, "served": found.served,
        "cpu_seconds": time.process_time() - began, "violations": best.violations if best else [],
        "seed": found.seed, "told": best.told if best else [],
    }  # fmt: skip
