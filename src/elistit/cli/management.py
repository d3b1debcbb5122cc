"""`django`: Django's own management commands with this installation's settings, for developers.

It must never make or change anything on its own: no folder, secret or table. What a management command does is that
command's business.
"""

from __future__ import annotations

import contextlib
import io

import click

from elistit.cli import preflight
from elistit.cli.frame import answer_json, with_json


@click.command(
    "django",
    short_help="Run a Django management command, for developers.",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@with_json
def django_command(arguments: tuple[str, ...], as_json: bool) -> int:
    """Run a Django management command with this installation's settings, for example `elistit django makemigrations
    projects -n NAME`, `elistit django showmigrations` or `elistit django shell`. Without arguments it lists the commands.

    It doesn't create the tables: `elistit migrate` does, for the product and the engine together. --json comes before
    the command's name and answers with its exit code and what it printed. Exits with the command's own code."""
    preflight.load()
    preflight.check()
    from django.core.management import ManagementUtility

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed) if as_json else contextlib.nullcontext():
        try:
            ManagementUtility(["elistit django", *arguments]).execute()
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    if as_json:
        answer_json({"exit": code, "output": printed.getvalue()})
    return code
