"""Six ideas from the paste to six drafts, with the only worker killed in the middle. bench/batch_day.py does the same with fifty."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1200)]
ROOT = Path(__file__).resolve().parents[2]
ROWS = 6


def test_a_batch_whose_worker_is_killed_ends_with_every_draft_and_no_double_charge(tmp_path: Path) -> None:
    command = [sys.executable, "bench/batch_day.py", "--rows", str(ROWS), "--folder", str(tmp_path), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout)
    assert "killing the worker" in done.stderr and found["drafts"] == ROWS
    with contextlib.closing(sqlite3.connect(tmp_path / "data" / "elistit.sqlite3")) as books:
        spent = books.execute(
            "select job, amount from credits_credittransaction where type = 'SPEND_CREDIT' order by job"
        ).fetchall()
        jobs = books.execute("select public_id from projects_job order by public_id").fetchall()
        drafts = books.execute("select count(distinct draft_id) from projects_listing where draft_id <> ''").fetchone()[
            0
        ]
    assert [job for job, _ in spent] == [job for (job,) in jobs] and len(spent) == ROWS
    assert -sum(amount for _, amount in spent) == found["price"]
    assert drafts == ROWS
