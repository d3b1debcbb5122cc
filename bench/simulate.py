"""How fast histories are lived on tables in memory and on SQLite, in one run, and after how many projects planted bugs are found.

    python bench/simulate.py [--seconds 30] [--markdown]

One process after the other on one core, the two worlds in turns, so that both meet the same machine. Nothing outlives the run.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

from elistit.simulator import running

TURNS = 3


def measure(seconds: float, seed: int, memory: bool) -> tuple[int, int, float]:
    """Projects, statements and seconds of processor time of histories from `seed` on."""
    projects = statements = 0
    began, until = time.process_time(), time.monotonic() + seconds
    with running.staying_in_memory() if memory else running.world():
        while time.monotonic() < until:
            result = running.history(seed, memory=memory)
            assert not result.violations, result.violations
            projects, statements, seed = projects + result.projects, statements + result.statements, seed + 1
    return projects, statements, time.process_time() - began


def worlds(seconds: float) -> dict[str, tuple[int, int, float]]:
    sums: dict[str, Any] = {"SQLite": (0, 0, 0.0), "memory": (0, 0, 0.0)}
    for turn in range(TURNS):
        for name in sums:
            found = measure(seconds / TURNS, 1000 * (turn + 1), name == "memory")
            sums[name] = tuple(a + b for a, b in zip(sums[name], found, strict=True))
            print(f"{name}: {found[0]} projects in {found[2]:.1f} s", file=sys.stderr)
    return sums


def planted() -> dict[str, int]:
    """Projects lived until each planted bug was found."""
    from elistit.simulator.planted import BUGS

    found = {}
    with running.staying_in_memory():
        for name, bug in BUGS.items():
            with bug.plant():
                projects = 0
                for seed in range(100_000):
                    result = running.history(seed, memory=True)
                    projects += result.projects
                    if result.violations:
                        break
                found[name] = projects
            print(f"{name}: {projects}", file=sys.stderr)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--markdown", action="store_true")
    wanted = parser.parse_args()
    running.prepare()
    sums, bugs = worlds(wanted.seconds), planted()
    rates = {name: projects / spent for name, (projects, _, spent) in sums.items()}
    print("## The simulator\n" if wanted.markdown else "The simulator")
    print(
        f"`python bench/simulate.py --seconds {wanted.seconds:g} --markdown`: the same product code over tables in memory and on SQLite, "
        "per second of processor time of one core, in turns.\n"
    )
    print("| world | projects | statements | projects a second and core | ratio |\n| --- | --- | --- | --- | --- |")
    for name, (projects, statements, _) in sums.items():
        print(f"| {name} | {projects:,} | {statements:,} | {rates[name]:,.1f} | {rates[name] / rates['SQLite']:.0f} |")
    print(f"\nAll {len(bugs)} planted bugs were found, each within so many projects:\n")
    print("| planted bug | projects |\n| --- | --- |")
    for name, projects in sorted(bugs.items(), key=lambda found: found[1]):
        print(f"| {name} | {projects:,} |")


if __name__ == "__main__":
    main()
