"""`elistit templates`: list the templates of the launch form, and launch one with another idea."""

from __future__ import annotations

from typing import Any

import click

from elistit.cli import preflight
from elistit.cli.frame import LazyGroup, answer_json, refusals_reported, table, with_json
from elistit.cli.order_words import show_storyboard
from elistit.cli.people import acting_for

user_option = click.option("--user", "email", default=None, help="Whose templates, when there are several sellers.")


@click.group("templates", cls=LazyGroup)
def templates_command() -> None:
    """Templates of the launch form: list them, launch one."""


@templates_command.command("list")
@user_option
@with_json
def list_command(email: str | None, as_json: bool) -> None:
    """List the templates. They are saved on the launch form."""
    preflight.ready()
    from elistit.actions import form_templates as acting
    from elistit.projects import form_templates

    found = [(t, acting.order_of(t)) for t in form_templates.of(acting_for(email))]
    if as_json:
        answer_json({"items": [{"id": t.pk, "name": t.name, "order": order} for t, order in found]})
    elif found:
        rows = [[t.name, order["product"], order["count"] or "", order["idea"][:60], t.pk] for t, order in found]
        table(["template", "product", "images", "idea", "id"], rows, right=(2,))
    else:
        click.echo("No templates yet. Save one on the launch form: New project, Save as template.")


@templates_command.command("launch")
@click.argument("template")
@click.argument("idea", required=False, default="")
@click.option("--name", default="", help="The project's name.  [default: after the idea]")
@click.option("--quote", "quote_only", is_flag=True, help="Only show the price and the storyboard. Free.")
@click.option("--confirm-not-drawn", is_flag=True, help="Launch even though the main subject won't be drawn.")
@click.option("--confirm-trademarks", is_flag=True, help="You may use the protected names in the idea.")
@click.option("--key", default=None, help="An idempotency key: the same key launches once.")
@user_option
@with_json
def launch_command(
    template: str,
    idea: str,
    name: str,
    quote_only: bool,
    confirm_not_drawn: bool,
    confirm_trademarks: bool,
    key: str | None,
    email: str | None,
    as_json: bool,
) -> None:
    """Launch a project from a template, by its name or id, with its own idea or another one."""
    preflight.ready()
    from elistit import ports
    from elistit.actions import commands, form_templates, queries
    from elistit.stages import storyboards

    owner = acting_for(email)
    with refusals_reported():
        order = form_templates.spec(
            form_templates.find(owner, template), idea=idea, name=name, confirm_not_drawn=confirm_not_drawn
        )
        if quote_only:
            quote, board = storyboards.quote(owner, order)
            _show_quote(quote, board, as_json)
            return
        project = commands.launch(
            owner, order, idempotency_key=key or ports.new_id(), confirm_trademarks=confirm_trademarks
        )
    if as_json:
        answer_json(queries.describe(project))
        return
    click.echo(f"Launched “{project.name}”: {project.public_id}")
    click.echo(f"Watch it with: elistit status {project.public_id}")


def _show_quote(quote: Any, board: Any, as_json: bool) -> None:
    from elistit.projects import storyboard

    shown = storyboard.shown(board) if board is not None else None
    if as_json:
        answer_json({"total": quote.total, "lines": quote.lines, "storyboard": shown})
        return
    if shown is not None:
        show_storyboard(shown, board.fewer)
    click.echo(f"Total: {quote.total:,} credits")
