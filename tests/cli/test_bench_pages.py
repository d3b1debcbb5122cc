"""The measurement of the pages still fits the product: it is run at its smallest, with a flame graph."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]


def test_the_pages_are_measured_alone_and_behind_the_server(tmp_path: Path) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("ELISTIT_", "DATABASE_URL"))}
    smallest = ["--projects", "3", "--seconds", "0.2", "--rounds", "2", "--processes", "1", "--flame", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "bench/web.py", *smallest, "--markdown"], cwd=ROOT, env=env, check=False, capture_output=True,
        text=True, timeout=200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in done.stdout.splitlines() if line.startswith("| ")
    ]
    names = ["a bare Django view", "list of projects", "list, narrowed to finished", "one project", "credit history"]
    assert [row[0] for row in rows[2:]] == names
    assert all(float(row[1].removesuffix(" ms")) > 0 and int(row[3]) > 0 for row in rows[3:])
    for graph in (drawn := sorted(tmp_path.glob("*.svg"))):
        assert "elistit/studio/views" in "".join(ElementTree.parse(graph).getroot().itertext())
    assert len(drawn) == 4
