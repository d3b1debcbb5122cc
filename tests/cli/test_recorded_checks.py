"""What `elistit audit` and `elistit simulate --record` leave in the installation's database, read with SQL of our own."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.conftest import Run


def kept(data: Path) -> dict[str, tuple[object, ...]]:
    with closing(sqlite3.connect(data / "elistit.sqlite3")) as db:
        rows = db.execute("SELECT name, ok, checked, violations, seed FROM maintenance_checkresult").fetchall()
    return {row[0]: row[1:] for row in rows}


def test_an_audit_and_a_recorded_simulation_are_kept(elistit: Run, data: Path) -> None:
    audit = elistit("audit", "--json", ELISTIT_DATA=str(data))
    assert audit.returncode == 0, audit.stderr
    checks = len(json.loads(audit.stdout)["checks"])
    assert kept(data) == {"audit": (1, checks, 0, None)}
    plain = elistit("simulate", "--projects", "3", "--jobs", "1", "--seed", "5", "--json", ELISTIT_DATA=str(data))
    assert plain.returncode == 0 and set(kept(data)) == {"audit"}
    done = elistit(
        "simulate", "--projects", "3", "--jobs", "1", "--seed", "41", "--record", "--json", ELISTIT_DATA=str(data)
    )
    assert done.returncode == 0, done.stderr
    assert kept(data)["simulate"] == (1, json.loads(done.stdout)["projects"], 0, 41)


def test_a_planted_bug_is_never_recorded(elistit: Run, data: Path) -> None:
    refused = elistit("simulate", "--planted", "rejected-again", "--record", ELISTIT_DATA=str(data))
    assert refused.returncode == 2 and "--record" in refused.stderr and not data.exists()


def test_a_result_that_cannot_be_kept_is_said(elistit: Run, data: Path) -> None:
    data.write_text("a file where the folder should be")
    done = elistit("simulate", "--projects", "1", "--jobs", "1", "--record", ELISTIT_DATA=str(data))
    assert done.returncode == 2 and "couldn't be kept" in done.stderr
