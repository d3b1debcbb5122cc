"""What is asked rightly and cannot be done: exit 1, one sentence, nothing changed."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import sqlite3
from pathlib import Path

from tests.cli.conftest import Run, one_sentence

from elistit.cli import preflight


def test_a_short_balance_is_refused_with_the_shortfall_and_nothing_is_written(elistit: Run, shop: Path) -> None:
    done = elistit("launch", "a fox", "--json", ELISTIT_DATA=str(shop))
    answer = json.loads(done.stdout)
    assert done.returncode == 1
    assert (answer["needed"], answer["balance"], answer["shortfall"]) == (17, 5, 12)
    assert "17 credits" in one_sentence(done.stderr)
    with contextlib.closing(sqlite3.connect(shop / "elistit.sqlite3")) as db:
        assert db.execute("SELECT count(*) FROM projects_project").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM credits_quote").fetchone() == (0,)
        assert db.execute("SELECT balance FROM credits_creditaccount").fetchone() == (5,)


def test_a_file_that_is_no_database_is_named_and_left_alone(elistit: Run, data: Path) -> None:
    data.mkdir()
    file = data / "elistit.sqlite3"
    file.write_bytes(b"this was a database once " * 400)
    before = file.read_bytes()
    done = elistit("status", ELISTIT_DATA=str(data))
    assert done.returncode == 1
    assert str(file) in one_sentence(done.stderr)
    assert "damaged" in done.stderr
    assert file.read_bytes() == before
    assert [f.name for f in data.iterdir()] == ["elistit.sqlite3"]


def test_damage_inside_the_file_is_found_by_the_thorough_look(shop: Path, tmp_path: Path) -> None:
    file = tmp_path / "elistit.sqlite3"
    shutil.copy(shop / "elistit.sqlite3", file)
    assert preflight._sqlite_problem(file, thorough=True) is None
    raw = bytearray(file.read_bytes())
    # Everything behind the schema's first pages: what a failing disk leaves.
    raw[40_960:] = b"\xa5" * (len(raw) - 40_960)
    file.write_bytes(raw)
    problem = preflight._sqlite_problem(file, thorough=True)
    assert problem is not None
    assert "damaged" in problem


def test_an_unreachable_server_is_named_without_its_password(elistit: Run, data: Path) -> None:
    url = "postgresql://seller:hunter2@127.0.0.1:1/shop"
    done = elistit("status", ELISTIT_DATA=str(data), DATABASE_URL=url)
    assert done.returncode == 1
    assert "127.0.0.1:1/shop cannot be reached" in one_sentence(done.stderr)
    assert "hunter2" not in done.stderr + done.stdout
    assert not data.exists()


def test_a_port_in_use_is_said_in_one_sentence(elistit: Run, shop: Path) -> None:
    with contextlib.closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = elistit("web", "--port", port, ELISTIT_DATA=str(shop))
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in one_sentence(done.stderr)


def test_a_changed_statement_does_not_verify(elistit: Run, shop: Path, tmp_path: Path) -> None:
    file = tmp_path / "statement.json"
    assert elistit("credits", "history", "--statement", str(file), ELISTIT_DATA=str(shop)).returncode == 0
    assert elistit("verify", str(file)).returncode == 0
    file.write_text(file.read_text().replace("Credits to begin with", "Credits to begin without"))
    done = elistit("verify", str(file), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["problems"]
