"""Many histories in several processes: in order, added up as they come, stopped at the first that breaks a promise.

What is kept does not grow with the number of histories. Needs nothing set up; every process prepares its own world.
"""

from __future__ import annotations

import contextlib
import signal
import sys
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from elistit.simulator import databases, running
from elistit.simulator import planted as bugs

BATCH = 100
BATCH_ON_SQLITE = 10
NUMBERS = ("projects", "histories", "steps", "statements")
COUNTS = ("ended", "faults")


@dataclass(frozen=True)
class How:
    """What the histories are lived with: a profile's name, `memory`, `sqlite` or `both`, and a bug's name or nothing."""

    faults: str = "usual"
    worlds: str = "memory"
    planted: str = ""


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_ignore_interrupts)


def _ignore_interrupts() -> None:
    """Ctrl-C is for the process that hands out the work; the others finish what they do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def histories(projects: int, seed: int, jobs: int, how: How, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Live histories from `seed` on until so many projects have come to their end. What was counted, and, when a promise
    broke, `violations` with the seed and the story of the smallest history. `stopped`: Ctrl-C came first."""
    done: dict[str, Any] = {**dict.fromkeys(NUMBERS, 0), **{name: Counter() for name in COUNTS}}
    size = BATCH if how.worlds == "memory" else BATCH_ON_SQLITE
    ends: dict[str, Any] = {"violations": [], "seed": None, "told": [], "stopped": False}
    following = seed
    waiting: deque[Future[dict[str, Any]]] = deque()
    with _pool(jobs) as pool:
        try:
            while done["projects"] < projects:
                while len(waiting) < jobs * 2:
                    waiting.append(pool.submit(batch, following, size, how, projects - done["projects"]))
                    following += size
                answer = waiting.popleft().result()
                _add(done, answer)
                progress(done["projects"], len(answer["violations"]))
                if answer["violations"]:
                    ends |= {name: answer[name] for name in ("violations", "seed", "told")}
                    break
        except KeyboardInterrupt:
            ends["stopped"] = True
        for other in waiting:
            other.cancel()
    return {**done, **{name: dict(done[name].most_common()) for name in COUNTS}, **ends}


def _add(done: dict[str, Any], answer: dict[str, Any]) -> None:
    for name in NUMBERS:
        done[name] += answer[name]
    for name in COUNTS:
        done[name].update(answer[name])


def batch(first: int, size: int, how: How, enough: int) -> dict[str, Any]:
    """Live some histories in this process, until there are `enough` projects or one breaks a promise, which is made smaller."""

    running.prepare(tables=how.worlds != "memory")
    done: dict[str, Any] = {**dict.fromkeys(NUMBERS, 0), **{name: Counter() for name in COUNTS}}
    broken: dict[str, Any] = {"violations": [], "seed": None, "told": []}
    with contextlib.ExitStack() as around:
        if how.planted:
            around.enter_context(bugs.BUGS[how.planted].plant())
        if how.worlds == "memory":
            around.enter_context(running.staying_in_memory())
        live = _both if how.worlds == "both" else running.history
        for seed in range(first, first + size):
            result = live(seed, memory=how.worlds == "memory", faults=how.faults)
            counted = {
                "projects": result.projects,
                "histories": 1,
                "steps": result.steps,
                "statements": result.statements,
            }
            _add(done, {**counted, "ended": result.ends, "faults": result.faults})
            if result.violations:
                small = running.smaller(result) if how.worlds != "both" else result
                broken = {"violations": small.violations, "seed": seed, "told": small.told}
                break
            if done["projects"] >= enough:
                break
    return {**done, **broken}


def _both(seed: int, memory: bool, faults: str) -> Any:
    """One history in both worlds; where they differ is its violation."""
    from elistit.simulator import worlds

    result, differences = worlds.compared(seed, faults)
    result.violations += [f"both worlds are the same: {words}" for words in differences]
    assert isinstance(result, running.Result)
    return result


def every_point(products: list[str], jobs: int, database: str = "", step: int = 1) -> dict[str, Any]:
    """Every single fault for one project of each product (see `points.every_point`), counted."""
    with _pool(jobs) as pool:
        shares = [pool.submit(points, products, database, step * jobs, 1 + step * n) for n in range(jobs)]
        answers = [share.result() for share in shares]
    counts = {product: sum(a["by_product"][product] for a in answers) for product in products}
    first = next((a for a in answers if a["violations"]), answers[0])
    told = {name: first[name] for name in ("violations", "where", "told")}
    return {"points": sum(counts.values()), "by_product": counts, "seed": None, **told}


def points(products: list[str], database: str, step: int, first: int) -> dict[str, Any]:
    """A share of the points in this process; stops at the first that breaks a promise. The undisturbed walks are no points and
    are judged anyway. Tells stderr of each product that is through."""
    from elistit.simulator import points as every

    counts = dict.fromkeys(products, 0)
    with databases.database(database):
        for product in products:
            for point, walked in every.every_point(product, step, first):
                counts[product] += bool(point.dies or point.call)
                if walked.violations:
                    told = {"violations": walked.violations, "where": str(point), "told": walked.told}
                    return {"by_product": counts, **told}
            sys.stderr.write(f"{product}: {counts[product]:,} points, every promise held\n")
    return {"by_product": counts, "violations": [], "where": "", "told": []}
