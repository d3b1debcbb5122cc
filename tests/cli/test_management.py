"""`elistit django`: Django's management commands see our settings, and the models are what the migrations make."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_the_models_are_what_the_migrations_make(elistit: Run, shop: Path) -> None:
    done = elistit("django", "makemigrations", "--check", "--dry-run", ELISTIT_DATA=str(shop))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No changes detected" in done.stdout


def test_it_runs_on_the_installations_own_tables(elistit: Run, shop: Path) -> None:
    done = elistit("django", "--json", "showmigrations", "projects", ELISTIT_DATA=str(shop))
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["exit"]) == (0, 0)
    assert "[X] 0001_initial" in answer["output"]
    assert "[ ]" not in answer["output"]


def test_options_behind_the_name_are_the_commands_own(elistit: Run, data: Path) -> None:
    done = elistit("django", "migrate", "--help", ELISTIT_DATA=str(data))
    assert done.returncode == 0
    assert "usage: elistit django migrate" in done.stdout
    assert not data.exists()


def test_what_the_command_refuses_is_a_failure(elistit: Run, data: Path) -> None:
    done = elistit("django", "no-such-command", ELISTIT_DATA=str(data))
    assert done.returncode == 1
    assert "no-such-command" in done.stderr
    assert not data.exists()
