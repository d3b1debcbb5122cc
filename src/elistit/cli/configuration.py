"""`config`: the configuration as it holds now, each value with where it comes from, secrets hidden."""

from __future__ import annotations

import click

from elistit.cli.frame import answer_json, table, with_json


@click.command("config", short_help="Show the effective configuration, secrets hidden.")
@with_json
def config_command(as_json: bool) -> None:
    """Show every setting, its value and whether it comes from the environment. Secrets are never printed."""
    from elistit import config
    from elistit.cli import environment

    given, settings = config.read().given, {one.name: one for one in config.settings()}
    # Of a setting that each provider has, the page shows one; here those that are set are listed too.
    each = [(name, config.family_of(name)) for name in sorted(given) if name not in settings]
    rows = [
        {
            "name": name,
            "value": environment.shown(given[name], one.secret) if name in given else one.default,
            "from": "environment" if name in given else "default",
            "takes": one.takes,
            "secret": one.secret,
            "meaning": one.meaning,
        }
        for name, one in [*settings.items(), *each]
    ]
    wrong = environment.problems()
    if as_json:
        answer_json({"settings": rows, "problems": [{"name": p.name, "problem": p.words} for p in wrong]})
        return
    table(["name", "value", "from"], [[r["name"], r["value"], r["from"]] for r in rows])
    for problem in wrong:
        click.echo(f"Problem: {problem.words}")
