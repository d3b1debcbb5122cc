"""A million projects: `python bench/million.py [--projects 1000000] [--jobs 2] [--folder DIR] [--markdown]`.

`elistit simulate` in parts of 40,000 projects, each with seeds of its own and as often at once as `--jobs` says; each part's
answer is kept in the folder, and a run that was stopped goes on with the parts that are missing. Exits with 1 when a
promise broke; the part's answer then tells the history.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.lib import parts

PART = 40_000
FIRST_SEED, SEEDS_APART = 100_000_000, 10_000_000
SHOWN = 20


def part(number: int, folder: Path) -> dict[str, Any]:
    """The answer of one part, from the folder or lived now."""
    seed = FIRST_SEED + number * SEEDS_APART
    command = [sys.executable, "-m", "elistit.cli", "simulate", "--projects", str(PART), "--seed", str(seed)]
    env = {k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_") and k != "DATABASE_URL"}
    found = parts.part(folder / f"{number}.json", [*command, "--jobs", "1", "--json"], env)
    print(f"part {number}: {found['projects']:,} projects, {len(found['violations'])} violations", file=sys.stderr)
    return found


def added(found: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("projects", "histories", "steps", "statements", "seconds")
    sums: dict[str, Any] = {name: sum(p[name] for p in found) for name in names}
    for name in ("ended", "faults"):
        sums[name] = dict(sum((Counter(p[name]) for p in found), Counter()).most_common())
    return {**sums, "violations": [words for p in found for words in p["violations"]]}


def markdown(found: dict[str, Any], projects: int, jobs: int) -> str:
    ended = ", ".join(f"{n:,} {stage.replace('_', ' ')}" for stage, n in found["ended"].items())
    faults = list(found["faults"].items())
    return "\n".join(
        [
            "## A million projects",
            "",
            f"`python bench/million.py --projects {projects} --jobs {jobs} --markdown`: histories of sellers, projects, dying workers and failing",
            "services, lived by the product's own rules on tables in memory and judged after each by every checker.",
            "",
            "| | |",
            "| --- | ---: |",
            f"| projects, each brought to its end | {found['projects']:,} |",
            f"| … which was | {ended} |",
            f"| histories; pieces of work; statements | {found['histories']:,}; {found['steps']:,}; {found['statements']:,} |",
            f"| things that went wrong on the way | {sum(n for _, n in faults):,} |",
            f"| **promises broken** | **{len(found['violations'])}** |",
            f"| hours of one process | {found['seconds'] / 3600:.1f} |",
            "",
            "What went wrong most: " + ", ".join(f"{name} {n:,}" for name, n in faults[:SHOWN]) + ".",
        ]
    )


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--projects", type=int, default=1_000_000)
    ask.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    ask.add_argument("--folder", type=Path, help="where the parts' answers are kept [default: a temporary folder]")
    ask.add_argument("--markdown", action="store_true")
    asked = ask.parse_args()
    with parts.folder(asked.folder) as folder, ThreadPoolExecutor(asked.jobs) as pool:
        found = added(list(pool.map(lambda n: part(n, folder), range(-(-asked.projects // PART)))))
    print(markdown(found, asked.projects, asked.jobs) if asked.markdown else json.dumps(found, indent=1))
    return 1 if found["violations"] else 0


if __name__ == "__main__":
    sys.exit(main())
