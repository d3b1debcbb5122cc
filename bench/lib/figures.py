"""docs/figures.md, made of what the bench scripts print: `bench/all [NAME …] [--long] [--compose]`.

Each script prints its own section with `--markdown`; it is kept in bench/results/NAME.md with the day it was measured, and
the paper is those sections in a fixed order. Without names everything runs that
fits in about half an hour; what takes longer runs when it is named, or with `--long`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "bench"
RESULTS = BENCH / "results"
PAPER = ROOT / "docs/figures.md"
HELPERS = {"bare", "farm", "light_worker"}
"""Files in bench/ that measure nothing themselves."""


@dataclass(frozen=True)
class Section:
    """One script and what it is run with for the paper. `long`: more than a few minutes."""

    name: str
    arguments: tuple[str, ...] = ()
    long: bool = False


# In the paper's order. What a machine has not measured yet is simply not in the paper.
SECTIONS = (
    Section("demo", ("--large",)),
    Section("batch_day", long=True),
    Section("clicks", long=True),
    Section("lists", long=True),
    Section("setup"),
    Section("start"),
    Section("engine"),
    Section("chain_and_celery"),
    Section("ledger"),
    Section("audit", long=True),
    Section("growth", long=True),
    Section("recovery", long=True),
    Section("soak", long=True),
    Section("storm", long=True),
    Section("many_workers", long=True),
    Section("simulate", long=True),
    Section("million", long=True),
    Section("greedy", long=True),
    Section("points", long=True),
    Section("mutation", long=True),
    Section("web"),
    Section("lighthouse", long=True),
    Section("artist"),
    Section("artwork", ("--full",)),
    Section("storyboards", long=True),
    Section("upscale"),
    Section("checks"),
    Section("svg_fuzz", ("--examples", "10000", "--seed", "11"), long=True),
    Section("words_fuzz", ("--examples", "20000", "--seed", "7"), long=True),
)
HEAD = """# Figures

What was measured, each with the command that measures it again. `bench/all` keeps what each script prints, with the machine and the day;
a section that came about in another way says so in its last line. Compare only inside one table; ratios mean more than absolute rates.
"""


def machine() -> str:
    """This machine in a few words, read from itself."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = os.cpu_count() or 1
    load = os.getloadavg()[0]
    # What else runs decides what the figures are worth.
    busy = f"load {load:.0f} when it began" if load >= 1.5 * cores else "otherwise idle"
    return f"{cores} cores, {memory:.0f} GB, {platform.system()}, Python {platform.python_version()}, {busy}"


def measure(section: Section) -> bool:
    """Run one script and keep its section. False when it failed; what was kept before then stays."""
    began, on = dt.datetime.now(dt.UTC), machine()
    print(f"{section.name}: measuring", file=sys.stderr, flush=True)
    command = [sys.executable, str(BENCH / f"{section.name}.py"), *section.arguments, "--markdown"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode or not done.stdout.startswith("## "):
        print(f"{section.name}: FAILED ({done.returncode}); nothing was kept of it", file=sys.stderr)
        return False
    took = (dt.datetime.now(dt.UTC) - began).total_seconds()
    keep(section.name, done.stdout, f"Measured {began:%Y-%m-%d} in {took:,.0f} s: {on}.")
    return True


def keep(name: str, printed: str, measured: str) -> None:
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(f"{printed.rstrip()}\n\n*{measured}*\n")


def compose() -> str:
    """The paper, out of the sections that are kept."""
    files = [RESULTS / f"{section.name}.md" for section in SECTIONS]
    return "\n".join([HEAD, *(file.read_text() for file in files if file.is_file())])


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench/all", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    there = [section.name for section in SECTIONS if (BENCH / f"{section.name}.py").is_file()]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to measure: {', '.join(there)}")
    parser.add_argument("--long", action="store_true", help="also what takes longer")
    parser.add_argument("--compose", action="store_true", help="measure nothing, only write the paper")
    given = parser.parse_args()
    if unknown := set(given.names) - set(there):
        parser.error(f"there is no bench script {', '.join(sorted(unknown))}")
    wanted = (
        []
        if given.compose
        else given.names or [s.name for s in SECTIONS if s.name in there and (given.long or not s.long)]
    )
    good = [measure(section) for section in SECTIONS if section.name in wanted]
    PAPER.write_text(compose())
    return 0 if all(good) else 1


if __name__ == "__main__":
    raise SystemExit(main())
