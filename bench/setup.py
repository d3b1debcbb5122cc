"""How long `./run` takes to set itself up: `python bench/setup.py [--markdown]`.

Takes the files of this project's last commit into an empty folder, runs `./run config` there (which installs the locked
packages, checked by hash) and then again. Packages come from the machine's cache or its package index, as they would for anyone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from lib import report

ROOT = Path(__file__).resolve().parents[1]


def timed(folder: Path) -> float:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("ELISTIT_", "DATABASE_URL"))}
    began = time.perf_counter()
    subprocess.run(
        [str(folder / "run"), "config"], check=True, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return time.perf_counter() - began


def main() -> None:
    report.parser(__doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix="elistit-bench-") as name:
        folder = Path(name)
        archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
        subprocess.run(["tar", "-x", "-C", name], input=archive, check=True)
        first = timed(folder)
        report.say(f"first {first:.1f} s")
        again = min(timed(folder) for _ in range(5))
    report.section(
        "Setting up",
        "`python bench/setup.py`: `./run config` in an empty folder, and again when nothing is left to do (the least of five).",
        report.table(["", "seconds"], [["first, with its packages", f"{first:.0f}"], ["again", f"{again:.2f}"]]),
    )


if __name__ == "__main__":
    main()
