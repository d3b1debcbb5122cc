"""Shops from the command line: list, name, choose the default, and choose the shop of a project's draft."""

from __future__ import annotations

import click

from elistit.cli import preflight
from elistit.cli.errors import BadInput
from elistit.cli.frame import LazyGroup, acts, answer_json, table, with_json
from elistit.cli.people import acting_for

user_option = click.option("--user", "email", default=None, help="Whose shops, when there are several sellers.")


@click.group("shops", cls=LazyGroup)
def shops_command() -> None:
    """Etsy shops: list, name, choose. A shop is connected in the browser, under Settings → Shops."""


@shops_command.command("list")
@user_option
@with_json
def list_command(email: str | None, as_json: bool) -> None:
    """List the connected shops, the default first."""
    preflight.ready()
    from elistit.actions import shops

    found = shops.describe(acting_for(email))
    if as_json:
        answer_json({"items": found})
    elif not found:
        click.echo("No shop is connected. Connect one under Settings → Shops.")
    else:
        table(
            ["shop", "name", "called", "currency", "state"],
            [
                [
                    s["id"], s["name"], s["label"], s["currency"],
                    ("default, " if s["default"] else "") + ("connected" if s["connected"] else "disconnected"),
                ]
                for s in found
            ],
        )  # fmt: skip


@shops_command.command("edit")
@click.argument("shop_id")
@click.option("--name", "label", default=None, help="What you call it. Empty for its name on Etsy.")
@click.option("--default", "default", is_flag=True, help="New projects go to this shop.")
@user_option
@with_json
def edit_command(shop_id: str, label: str | None, default: bool, email: str | None, as_json: bool) -> None:
    """Name a shop, or make it the default."""
    if label is None and not default:
        raise BadInput("Say what to change: --name or --default.")
    preflight.ready()
    from elistit.actions import shops

    owner = acting_for(email)
    with acts():
        shops.change(owner, shop_id, label=label, default=default)
    if as_json:
        answer_json({"items": shops.describe(owner)})
    else:
        click.echo(f"{shops.own(owner, shop_id)} was changed.")


@shops_command.command("choose")
@click.argument("public_id")
@click.argument("shop")
@click.option("--confirm-no-draft", is_flag=True, help="No draft is left in the shop it was sent to before.")
@with_json
def choose_command(public_id: str, shop: str, confirm_no_draft: bool, as_json: bool) -> None:
    """Choose the SHOP (id or name) that the draft of a project goes to, until it is on Etsy. Free."""
    from elistit.cli.projects import _project

    project = _project(public_id)
    from elistit.actions import queries, shops

    with acts():
        shops.move(project.owner, project.pk, shop, confirm_no_draft=confirm_no_draft)
    if as_json:
        answer_json(queries.describe(project))
    else:
        found = shops.of_project(project)
        click.echo(f"The draft of “{project.name}” goes to {found['name'] if found else shop}.")
