"""`config`: the configuration as it holds now, each value with where it comes from, secrets hidden."""

from __future__ import annotations

import os

import click

from elistit.cli import environment
from elistit.cli.frame import answer_json, table, with_json


@click.command("config", short_help="Show the effective configuration, secrets hidden.")
@with_json
def config_command(as_json: bool) -> None:
    """Show every setting, its value and whether it comes from the environment. Secrets are never printed."""
    rows = []
    for name in environment.NAMES:
        given = os.environ.get(name.name, "")
        rows.append(
            {
                "name": name.name,
                "value": environment.shown(given, name.secret) if given else name.default,
                "from": "environment" if given else "default",
                "meaning": name.meaning,
            }
        )
    wrong = environment.problems()
    if as_json:
        answer_json({"settings": rows, "problems": [{"name": p.name, "problem": p.words} for p in wrong]})
        return
    table(["name", "value", "from"], [[r["name"], r["value"], r["from"]] for r in rows])
    for problem in wrong:
        click.echo(f"Problem: {problem.words}")
