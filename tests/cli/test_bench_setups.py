"""The measurements whose tables and rows are their own still fit the product: each is run at its smallest."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def ran(script: str, *arguments: str, data: Path | None = None) -> str:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("ELISTIT_", "DATABASE_URL"))}
    if data is not None:
        env |= {"ELISTIT_DATA": str(data), "DJANGO_SETTINGS_MODULE": "elistit.settings"}
    command = [sys.executable, f"bench/{script}.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_the_books_are_measured_against_every_other_way() -> None:
    figures = json.loads(ran("ledger", "--only", "sqlite", "--seconds", "0.02", "--rounds", "1", "--json"))
    assert set(figures["sqlite"]) == {"by hand, sqlite3", "the product's posting", "Django idiom"}
    assert all(rate > 0 for by_clients in figures["sqlite"].values() for rate in by_clients.values())


def test_the_audit_is_measured_on_books_it_finds_right() -> None:
    assert "| SQLite" in ran("audit", "--only", "sqlite", "--transactions", "60")


def test_a_grown_studio_can_be_filled(tmp_path: Path) -> None:
    ran("growth", "--fill", "--projects", "20", data=tmp_path)
    assert (tmp_path / "elistit.sqlite3").exists()
