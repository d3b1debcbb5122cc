"""A greedy seller: `python bench/greedy.py [--sequences 100000] [--jobs 2] [--folder DIR] [--markdown]`.

`elistit simulate --greedy` in parts of 5,000 sequences, each with seeds of its own and as often at once as `--jobs` says, and
then each rule of before once, planted, to see that the search finds what it yields. Each part's answer is kept in the folder,
and a run that was stopped goes on with the parts that are missing. Exits with 1 when a sequence gained anything, or when a
planted rule was not found.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.lib import parts

PART = 5_000
FIRST_SEED, SEEDS_APART = 200_000_000, 10_000_000
PLANTED_SEQUENCES = 2_000


def environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_") and k != "DATABASE_URL"}


def searched(number: int, sequences: int, folder: Path) -> dict[str, Any]:
    """The answer of one part, from the folder or searched now."""
    command = [sys.executable, "-m", "elistit.cli", "simulate", "--greedy", "--json", "--jobs", "1"]
    command += ["--sequences", str(sequences), "--seed", str(FIRST_SEED + number * SEEDS_APART)]
    found = parts.part(folder / f"greedy-{number}-{sequences}.json", command, environment())
    print(f"part {number}: {found['sequences']:,} sequences, {len(found['violations'])} gains", file=sys.stderr)
    return found


def planted(folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "elistit.cli", "simulate", "--greedy", "--json", "--jobs", "1", "--planted", "all"]
    command += ["--sequences", str(PLANTED_SEQUENCES)]
    return parts.part(folder / "greedy-planted.json", command, environment())


def markdown(found: list[dict[str, Any]], rules: dict[str, Any], asked: argparse.Namespace) -> str:
    total = {name: sum(part[name] for part in found) for name in ("sequences", "acts", "served", "cpu_seconds")}
    caught = [name for name, search in rules["planted"].items() if search["violations"]]
    return "\n".join(
        [
            "## A greedy seller",
            "",
            f"`python bench/greedy.py --sequences {asked.sequences} --jobs {asked.jobs} --markdown`: sequences of actions (launch, spoil, remake,",
            "drop, wait, fail on purpose, delete, register again) that search for more usable images, credits or lifetime of credits",
            "than were paid for, through the product's own interfaces on tables in memory.",
            "",
            "| | |",
            "| --- | ---: |",
            f"| sequences | {total['sequences']:,} |",
            f"| actions; of which not refused | {total['acts']:,}; {total['served']:,} |",
            f"| hours of one processor | {total['cpu_seconds'] / 3600:.1f} |",
            f"| **sequences that gained anything** | **{sum(len(part['violations']) for part in found)}** |",
            f"| rules of before, planted; found | {len(rules['planted'])}; {len(caught)} |",
        ]
    )


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--sequences", type=int, default=100_000)
    ask.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    ask.add_argument("--folder", type=Path, help="where the parts' answers are kept [default: a temporary folder]")
    ask.add_argument("--markdown", action="store_true")
    asked = ask.parse_args()
    sizes = [min(PART, asked.sequences - begun) for begun in range(0, asked.sequences, PART)]
    with parts.folder(asked.folder) as folder, ThreadPoolExecutor(asked.jobs) as pool:
        found = list(pool.map(lambda n: searched(n, sizes[n], folder), range(len(sizes))))
        rules = planted(folder)
    print(markdown(found, rules, asked) if asked.markdown else json.dumps({"parts": found, **rules}, indent=1))
    whole = not any(part["violations"] for part in found) and all(
        search["violations"] for search in rules["planted"].values()
    )
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
