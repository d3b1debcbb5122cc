"""Every command and subcommand says whose work it is, and a key from elsewhere is offered a seller's alone."""

from __future__ import annotations

from collections.abc import Iterator

import click

from elistit.accounts.roles import Role
from elistit.cli.commands import COMMANDS, LEAST_ROLE, REMOTE, elistit, least_role

OWNERS_SUBCOMMANDS = {
    "credits grant",
    *(f"users {name}" for name in ("add", "role", "list", "key", "link", "export", "erase")),
    *(f"secrets {name}" for name in ("rotate", "new-signing-key")),
    *(f"packs {name}" for name in ("list", "add", "remove")),
    "sandbox etsy",
}


def every_path() -> Iterator[str]:
    """Every command, and every subcommand by both names, as the command line itself has them."""
    context = click.Context(elistit)
    for name in elistit.list_commands(context):
        yield name
        command = elistit.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from (f"{name} {inner}" for inner in command.commands)


def test_every_command_declares_its_role_and_nothing_else_does() -> None:
    paths = list(every_path())
    assert set(COMMANDS) <= set(paths) and len(paths) > len(COMMANDS) + 20
    assert set(COMMANDS) <= set(LEAST_ROLE) <= set(paths)
    assert {path for path in paths if " " in path and least_role(path) == Role.OWNER} == OWNERS_SUBCOMMANDS
    assert all(isinstance(least_role(path), Role) for path in paths)


def test_a_key_from_elsewhere_is_offered_no_owners_command() -> None:
    """`--remote` runs with a seller's key. What only it has (keep, drop, download) is in the API for sellers."""
    assert {name for name in REMOTE if least_role(name if name in COMMANDS else "status") != Role.SELLER} == set()
    context = click.Context(elistit)
    context.params["remote"] = "http://studio"
    for path in (path for path in LEAST_ROLE if LEAST_ROLE[path] == Role.OWNER):
        group, _, inner = path.partition(" ")
        if not inner:
            assert elistit.get_command(context, group) is None
            continue
        command = elistit.get_command(context, group)
        assert not isinstance(command, click.Group) or inner not in command.commands


def test_the_help_lists_an_owners_commands_apart() -> None:
    lines = elistit.get_help(click.Context(elistit, info_name="elistit")).partition("owner:\n")[2]
    listed = {line.split()[0] for line in lines.splitlines() if line.startswith("  ") and line[2] != " "}
    assert listed == {name for name in COMMANDS if least_role(name) == Role.OWNER}
