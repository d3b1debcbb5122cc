"""`elistit --help`: complete, and quick because it imports nothing of what it lists."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from elistit.cli.commands import COMMANDS, REMOTE, elistit

HEAVY = ("django", "numpy", "httpx", "dbos", "elistit_artist", "elistit.settings")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_a_command_what_its_own_help_says(name: str) -> None:
    command = elistit.get_command(click.Context(elistit), name)
    assert command is not None
    assert command.get_short_help_str(200) == COMMANDS[name][1]


@pytest.mark.parametrize("name", REMOTE)
def test_the_remote_list_says_what_each_command_says(name: str) -> None:
    context = click.Context(elistit)
    context.params["remote"] = "http://studio"
    command = elistit.get_command(context, name)
    assert command is not None
    assert command.get_short_help_str(200) == REMOTE[name][1]


def test_help_lists_every_command_and_imports_none() -> None:
    asked = (
        f"import sys; from elistit.cli import main; main(['--help']); print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    listed = told[told.index("Commands:") :].split()
    assert set(COMMANDS) <= set(listed)
    assert told.splitlines()[-1] == "[]", "imported for help alone"


def test_a_group_within_lists_its_commands() -> None:
    users = elistit.get_command(click.Context(elistit), "users")
    assert isinstance(users, click.Group)
    told = users.get_help(click.Context(users, info_name="users"))
    assert all(name in told for name in ("add", "list", "key"))
