"""Every single fault, one run each: `python bench/points.py [--step 1] [--jobs 1] [--folder DIR] [--markdown]`.

One small project of each product type on each of three ways (the whole one with every act of a person, one that fails, one
that is deleted), once for each point at which a process can die and once for each way each call outside can end, on SQLite
in memory and on a PostgreSQL of its own; every run is judged by the simulator's checkers, the auditor, and the undisturbed
run. `--step N` takes every N-th point. `--processes N` also kills real worker processes with SIGKILL at every N-th point of a
sticker project, on both databases. Each product type's answer is kept in the folder, and a run that was stopped goes on
with those that are missing. Exits with 1 when a promise broke.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.lib import parts

ROOT = Path(__file__).resolve().parents[1]
# A sticker project of two passes a few more points than this in real processes; a death after its end would prove nothing. SQLite
# has a point more for each BEGIN.
LAST_REAL_POINT = {"SQLite": 240, "PostgreSQL": 218}
MEMORY = "/dev/shm"
DATABASES = tuple(LAST_REAL_POINT)
PRODUCTS = ("clipart", "sticker", "wall_art", "poster", "svg", "greeting_card", "pattern", "custom")


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--step", type=int, default=1)
    ask.add_argument("--jobs", type=int, default=1, help="processes at once")
    ask.add_argument("--processes", type=int, default=0, help="every n-th point in real processes; 0: none")
    ask.add_argument("--only", choices=DATABASES, help="on one database only")
    ask.add_argument("--folder", type=Path, help="where the answers are kept [default: a temporary folder]")
    ask.add_argument("--markdown", action="store_true")
    asked = ask.parse_args()
    databases = [asked.only] if asked.only else list(DATABASES)
    with parts.folder(asked.folder) as folder:
        done = {database: simulated(database, asked.step, asked.jobs, folder) for database in databases}
    real = {database: killed(database, asked.processes) for database in databases} if asked.processes else {}
    print(
        markdown(done, real, asked) if asked.markdown else json.dumps({"simulated": done, "processes": real}, indent=1)
    )
    whole = all(not found["violations"] for found in done.values()) and all(not r["failed"] for r in real.values())
    return 0 if whole else 1


def environment() -> dict[str, str]:
    """Of the machine's own, and with the databases in its memory where that is offered as a folder: here nothing has to outlive
    it, and a database is copied for every point."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_") and k != "DATABASE_URL"}
    return {**kept, **({"TMPDIR": MEMORY} if os.access(MEMORY, os.W_OK) else {})}


def simulated(database: str, step: int, jobs: int, folder: Path) -> dict[str, Any]:
    """The answers of all product types on one database, added up."""
    found = [part(database, product, step, jobs, folder) for product in PRODUCTS]
    return {
        "by_product": {name: n for one in found for name, n in one["by_product"].items()},
        **{name: sum(one[name] for one in found) for name in ("points", "seconds")},
        "violations": [f"{one['where']}: {words}" for one in found for words in one["violations"]],
    }


def part(database: str, product: str, step: int, jobs: int, folder: Path) -> dict[str, Any]:
    """The answer of one product type, from the folder or walked now."""
    command = [sys.executable, "-m", "elistit.cli", "simulate", "--every-point", "--json", "--product", product]
    command += ["--step", str(step), "--jobs", str(jobs)]
    print(f"{database}: {' '.join(command[2:])}", file=sys.stderr)
    if database == "PostgreSQL":
        shell = 'exec "$@" --database "$DATABASE_URL"'  # the address is known only inside
        command = [sys.executable, str(ROOT / "scripts" / "on_postgresql.py"), "sh", "-c", shell, "sh", *command]
    found = parts.part(folder / f"{database}-{product}-{step}.json", command, environment(), ROOT)
    for words in found["violations"]:
        print(f"{database}: {found['where']}: {words}", file=sys.stderr)
    return found


def killed(database: str, step: int) -> dict[str, Any]:
    points = range(1, LAST_REAL_POINT[database] + 1, step)
    with tempfile.NamedTemporaryFile(suffix=".xml") as report:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            f"--junitxml={report.name}",
            "tests/recovery/test_killed_at_points.py",
        ]
        if database == "PostgreSQL":
            command = [sys.executable, str(ROOT / "scripts" / "on_postgresql.py"), *command]
        env = {**environment(), "POINTS_OF_DEATH": ",".join(map(str, points))}
        began = time.monotonic()
        subprocess.run(command, cwd=ROOT, env=env, stdout=sys.stderr, check=False)
        head = Path(report.name).read_text()[:600]
    numbers = {name: int(n) for name, n in re.findall(r'(tests|failures|errors)="(\d+)"', head)}
    failed = (
        numbers.get("failures", 0) + numbers.get("errors", 0) if numbers.get("tests") == len(points) else len(points)
    )
    return {"points": len(points), "failed": failed, "seconds": round(time.monotonic() - began, 1)}


def markdown(done: dict[str, Any], real: dict[str, Any], asked: argparse.Namespace) -> str:
    said = " ".join(
        f"--{name} {getattr(asked, name)}" for name in ("step", "processes") if getattr(asked, name) > (name == "step")
    )
    products = next(iter(done.values()))["by_product"]
    lines = [
        "## Every single fault",
        "",
        f"`python bench/points.py {said + ' ' if said else ''}--markdown`: one run for each point at which a process can die (before each",
        "statement, after each that commits itself, before and after each commit; workers, recovery and every act of a person) and",
        "for each way each call outside can end. Judged by the checkers, the auditor, and, after a death, the undisturbed run.",
        "",
        "| product type | " + " | ".join(f"points on {database}" for database in done) + " |",
        "| --- |" + " ---: |" * len(done),
    ]
    for product in products:
        lines.append(
            f"| {product} | " + " | ".join(f"{found['by_product'][product]:,}" for found in done.values()) + " |"
        )
    lines.append("| together | " + " | ".join(f"{found['points']:,}" for found in done.values()) + " |")
    lines.append("| promises broken | " + " | ".join(str(len(found["violations"])) for found in done.values()) + " |")
    lines.append("| seconds | " + " | ".join(f"{found['seconds']:,.0f}" for found in done.values()) + " |")
    if real:
        lines += [
            "",
            "Real worker processes, SIGKILL at every "
            + f"{asked.processes}th point of a sticker project, another worker going on:",
            "",
        ]
        for database, found in real.items():
            lines.append(
                f"* {database}: {found['points']} deaths, {found['failed']} with a trace, {found['seconds']:,.0f} s"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
