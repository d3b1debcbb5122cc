"""Shops from the command line: list, name, choose the default, the shop of a project's draft, and when drafts go out."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import click

from elistit.cli import preflight
from elistit.cli.errors import BadInput
from elistit.cli.frame import LazyGroup, answer_json, refusals_reported, table, with_json
from elistit.cli.people import acting_for

user_option = click.option("--user", "email", default=None, help="Whose shops, when there are several sellers.")


@click.group("shops", cls=LazyGroup)
def shops_command() -> None:
    """Etsy shops: list, name, choose, schedule. A shop is connected in the browser, under Settings → Shops."""


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
@click.option("--name", "label", default=None, help="What you call it. Leave empty to use its name on Etsy.")
@click.option("--default", "default", is_flag=True, help="New projects go to this shop.")
@user_option
@with_json
def edit_command(shop_id: str, label: str | None, default: bool, email: str | None, as_json: bool) -> None:
    """Name a shop, or make it the default."""
    if label is None and not default:
        raise BadInput("Choose what to change: --name or --default.")
    preflight.ready()
    from elistit.actions import shops

    owner = acting_for(email)
    with refusals_reported():
        shops.change(owner, shop_id, label=label, default=default)
    if as_json:
        answer_json({"items": shops.describe(owner)})
    else:
        click.echo(f"{shops.own(owner, shop_id)} was changed.")


@shops_command.command("choose")
@click.argument("public_id")
@click.argument("shop")
@click.option(
    "--confirm-no-draft", is_flag=True, help="You checked that no draft is left in the shop it was sent to before."
)
@with_json
def choose_command(public_id: str, shop: str, confirm_no_draft: bool, as_json: bool) -> None:
    """Choose the SHOP (id or name) that the draft of a project goes to, until it is on Etsy. Free."""
    from elistit.cli.projects import find_project

    project = find_project(public_id)
    from elistit.actions import queries, shops

    with refusals_reported():
        shops.move(project.owner, project.pk, shop, confirm_no_draft=confirm_no_draft)
    if as_json:
        answer_json(queries.describe(project))
    else:
        found = shops.of_project(project)
        click.echo(f"The draft of “{project.name}” goes to {found['name'] if found else shop}.")


@shops_command.command("schedule")
@click.argument("shop_id")
@click.option("--on/--off", "enabled", default=True, help="Whether new drafts wait for the schedule.")
@click.option("--per-day", type=int, default=None, help="Maximum number of drafts a day.")
@click.option("--at", "at", default="", metavar="HH:MM", help="The time of day.")
@click.option("--zone", default="", help="The time zone, e.g. Europe/Berlin.")
@user_option
@with_json
def schedule_command(
    shop_id: str, enabled: bool, per_day: int | None, at: str, zone: str, email: str | None, as_json: bool
) -> None:
    """Let the drafts of a shop go out by a schedule."""
    preflight.ready()
    from elistit.actions import calendar, shops

    owner = acting_for(email)
    with refusals_reported():
        plan = calendar.change_schedule(owner, shop_id, enabled=enabled, per_day=per_day, at=at, zone=zone)
    if as_json:
        answer_json({"items": shops.describe(owner)})
    elif plan.enabled:
        click.echo(f"At most {plan.per_day} a day from {plan.at:%H:%M} on ({plan.zone}).")
    else:
        click.echo("New drafts are created at once. Drafts that are already planned keep their days.")


@shops_command.command("plan")
@click.argument("public_id")
@click.option("--day", default="", metavar="YYYY-MM-DD", help="The day.  [default: the next one with room]")
@click.option("--cancel", "cancel", is_flag=True, help="Take the draft off the calendar.")
@with_json
def plan_command(public_id: str, day: str, cancel: bool, as_json: bool) -> None:
    """Choose the day a project's draft goes out. Free. “elistit retry-draft” creates it now."""
    from elistit.cli.projects import find_project

    try:
        wanted = dt.date.fromisoformat(day) if day else None
    except ValueError:
        raise BadInput("Write the day as year, month and day, for example 2026-12-24.") from None
    project = find_project(public_id)
    from elistit.actions import calendar, queries

    with refusals_reported():
        calendar.cancel(project.owner, project.pk) if cancel else calendar.plan(project.owner, project.pk, wanted)
    entry = calendar.planned(project)
    if as_json:
        answer_json(queries.describe(project))
    else:
        click.echo(f"The draft of “{project.name}” is planned for {entry.words}." if entry else "The plan was changed.")


@shops_command.command("calendar")
@click.option("--days", type=click.IntRange(1, 366), default=31, show_default=True, help="How many days from today on.")
@user_option
@with_json
def calendar_command(days: int, email: str | None, as_json: bool) -> None:
    """List the drafts that are planned."""
    preflight.ready()
    from elistit import ports
    from elistit.actions import calendar

    today = ports.now().date()
    found = calendar.entries(acting_for(email), today - dt.timedelta(days=1), today + dt.timedelta(days=days))
    if as_json:
        answer_json({"items": [{**vars(e), "day": e.day, "at": e.at} for e in found]})
    elif not found:
        click.echo("No drafts are planned.")
    else:
        table(
            ["day", "time", "project", "name", "shop", "state"],
            [
                [e.day.isoformat(), e.time, e.project, e.name, e.shop_name, "sent" if e.sent else "paused" if e.paused else "planned"]
                for e in found
            ],
        )  # fmt: skip


@shops_command.command("template")
@click.argument("shop_id")
@click.option("--title-opening", default=None, help="Words before every title.")
@click.option("--title-closing", default=None, help="Words after every title.")
@click.option("--opening", default=None, help="The opening of every description.")
@click.option("--closing", default=None, help="The closing of every description.")
@click.option("--tags", default=None, help="Tags in every listing, separated by commas.")
@click.option("--section", type=int, default=None, help="The number of the shop section; 0 for none.")
@click.option("--who-made", type=click.Choice(["i_did", "collective"]), default=None, help="Who made it.")
@click.option("--renews/--expires", "renews", default=None, help="Whether Etsy renews listings, for its fee.")
@user_option
@with_json
def template_command(
    shop_id: str, email: str | None, as_json: bool, tags: str | None, **given: str | int | bool | None
) -> None:
    """Show the listing template of a shop, or change what is given."""
    preflight.ready()
    from elistit.actions import shops

    owner = acting_for(email)
    changed: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if tags is not None:
        changed["tags"] = tuple(tags.split(","))
    with refusals_reported():
        found = shops.template(owner, shop_id)
        if changed:
            found = shops.save_template(owner, shop_id, dataclasses.replace(found, **changed))
    shown = dataclasses.asdict(found)
    if as_json:
        answer_json({**shown, "tags": list(found.tags)})
    else:
        table(["field", "value"], [[n, ", ".join(v) if n == "tags" else str(v)] for n, v in shown.items()])
