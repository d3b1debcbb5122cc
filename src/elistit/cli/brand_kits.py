"""`elistit brand-kits`: list, make, edit and delete brand kits from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from elistit.cli import preflight
from elistit.cli.errors import BadInput
from elistit.cli.frame import LazyGroup, answer_json, refusals_reported, table, with_json
from elistit.cli.people import acting_for

user_option = click.option("--user", "email", default=None, help="Whose brand kits, when there are several sellers.")


@click.group("brand-kits", cls=LazyGroup)
def brand_kits_command() -> None:
    """Brand kits: license, closing text, palette, styles, prices."""


def _fields(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what a brand kit has."""
    options = (
        click.option("--default/--no-default", "is_default", default=None, help="Preselect it on the launch form."),
        click.option("--shop-name", default=None, help="The name on the product card."),
        click.option("--license", "license_text", default=None, help="The license of your files; @FILE reads a file."),
        click.option("--closing", "closing_text", default=None, help="The end of every listing; @FILE reads a file."),
        click.option("--palette", default=None, help="Color words, such as “sage green and blush”."),
        click.option("--style", "styles", multiple=True, help="A model's code. May be repeated."),
        click.option("--scene", "scenes", multiple=True, help="A scene's id. May be repeated."),
        click.option("--minimum-price", default=None, help="The lowest suggested price, such as 4.50."),
        click.option("--price-ending", default=None, help="Round suggested prices up to this ending, such as 99."),
        click.option("--price", "prices", multiple=True, metavar="PRODUCT=PRICE", help="A price for a product type."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _given(owner: Any, values: dict[str, Any]) -> Any:
    """The options as the fields of a brand kit. Raises BadInput for a price that is none."""
    from elistit.actions.brand_kits import KitFields, currency_of

    currency = currency_of(owner)

    def cents(text: str) -> int:
        found = 0 if text.strip() in ("", "0") else currency.parsed(text)
        if found is None:
            raise BadInput(f"“{text[:40]}” isn't a price in {currency.code}; write it like {currency.plain(499)}.")
        return found

    pairs = [text.partition("=") for text in values["prices"]]
    if wrong := next((product for product, equals, _ in pairs if not equals), ""):
        raise BadInput(f"“{wrong[:60]}” isn't a price; write it as PRODUCT=PRICE, for example poster=9.99.")
    return KitFields(
        **{name: values[name] for name in ("name", "is_default", "shop_name", "palette", "price_ending")},
        license_text=_text(values["license_text"]),
        closing_text=_text(values["closing_text"]),
        styles=tuple(values["styles"]) or None,
        scenes=tuple(values["scenes"]) or None,
        minimum_price=None if values["minimum_price"] is None else cents(values["minimum_price"]),
        prices={product.strip(): cents(price) for product, _, price in pairs} or None,
    )


def _text(values: str | None) -> str | None:
    if values is None or not values.startswith("@"):
        return values
    try:
        return Path(values[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{values[1:]} can't be read: {error}.") from error


def _kit(owner: Any, wanted: str) -> Any:
    """The brand kit with this id or name. Raises BadInput."""
    from elistit.projects import brand_kits

    found = next((k for k in brand_kits.of(owner) if wanted.strip().casefold() in (k.pk.casefold(), k.folded)), None)
    if found is None:
        raise BadInput(f"There is no brand kit “{wanted[:60]}”. “elistit brand-kits list” shows yours.")
    return found


def kit_id(owner: Any, wanted: str) -> str:
    """What an order takes for a brand kit's name or id: its id, or `default`. Raises BadInput."""
    return wanted if not wanted or wanted == "default" else str(_kit(owner, wanted).pk)


def _done(kit: Any, words: str, as_json: bool) -> None:
    from elistit.actions import brand_kits as acting

    if as_json:
        answer_json(acting.shown(kit))
    else:
        click.echo(words.format(name=kit.name))


@brand_kits_command.command("list")
@user_option
@with_json
def list_command(email: str | None, as_json: bool) -> None:
    """List the brand kits."""
    preflight.ready()
    from elistit.actions import brand_kits as acting
    from elistit.projects import brand_kits

    kits = list(brand_kits.of(acting_for(email)))
    if as_json:
        answer_json({"items": [acting.shown(kit) for kit in kits]})
    elif kits:
        rows = [[k.name, "default" if k.is_default else "", k.palette, k.shop_name, k.pk] for k in kits]
        table(["brand kit", "", "palette", "shop", "id"], rows)
    else:
        click.echo("No brand kits yet. Make one with: elistit brand-kits add NAME")


@brand_kits_command.command("show")
@click.argument("kit")
@user_option
@with_json
def show_command(kit: str, email: str | None, as_json: bool) -> None:
    """Show one brand kit, by its name or id."""
    preflight.ready()
    from elistit.actions import brand_kits as acting

    shown = acting.shown(_kit(acting_for(email), kit))
    if as_json:
        answer_json(shown)
    else:
        for name, value in shown.items():
            if value not in ("", [], {}, 0):
                click.echo(f"{name}: {value}")


@brand_kits_command.command("add")
@click.argument("name")
@_fields
@user_option
@with_json
def add_command(email: str | None, as_json: bool, **values: Any) -> None:
    """Make a brand kit. The first one becomes the default."""
    preflight.ready()
    from elistit.actions import brand_kits as acting

    owner = acting_for(email)
    with refusals_reported():
        made = acting.add(owner, _given(owner, values))
    _done(made, "Made the brand kit “{name}”.", as_json)


@brand_kits_command.command("edit")
@click.argument("kit")
@click.option("--name", default=None, help="The new name.")
@_fields
@user_option
@with_json
def edit_command(kit: str, email: str | None, as_json: bool, **values: Any) -> None:
    """Change a brand kit, by its name or id. Projects that were launched with it stay as they are."""
    preflight.ready()
    from elistit.actions import brand_kits as acting

    owner = acting_for(email)
    with refusals_reported():
        made = acting.edit(owner, _kit(owner, kit).pk, _given(owner, values))
    _done(made, "Changed the brand kit “{name}”.", as_json)


@brand_kits_command.command("delete")
@click.argument("kit")
@user_option
@with_json
def delete_command(kit: str, email: str | None, as_json: bool) -> None:
    """Delete a brand kit, by its name or id. Projects that were launched with it stay as they are."""
    preflight.ready()
    from elistit.projects import brand_kits

    owner = acting_for(email)
    with refusals_reported():
        made = brand_kits.delete(owner, _kit(owner, kit).pk)
    _done(made, "Deleted the brand kit “{name}”.", as_json)
