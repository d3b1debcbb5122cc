"""`elistit kit`: a project as another shop takes it, as one ZIP."""

from __future__ import annotations

from pathlib import Path

import click

from elistit.cli.errors import BadInput, Failed
from elistit.cli.frame import answer_json, refusals_reported, with_json


@click.command("kit", short_help="Write a project's kit for Shopify or Gumroad.")
@click.argument("public_id")
@click.argument("shop", type=click.Choice(["shopify", "gumroad", "etsy"]))
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), default=None, help="The file.  [default: in this folder]"
)
@with_json
def kit_command(public_id: str, shop: str, out: Path | None, as_json: bool) -> None:
    """Write a finished project for a SHOP as a ZIP: Shopify's product CSV with images and files, text and images for Gumroad's
    form, or Etsy's upload kit. Free."""
    from elistit.cli.projects import find_project

    project = find_project(public_id)
    from elistit.actions import shop_kits, upload_kit
    from elistit.delivery.store import StoreFailure

    target = out or Path(f"{project.pk}-{shop}.zip")
    write = upload_kit.write if shop == "etsy" else shop_kits.KITS[shop][1]
    try:
        with refusals_reported():
            write(project, target)
    except StoreFailure as lost:
        raise Failed(lost.failure.reason) from lost
    except OSError as refused:
        raise BadInput(f"{target} can't be written ({refused.strerror}).") from refused
    if as_json:
        answer_json({"file": str(target), "bytes": target.stat().st_size})
    else:
        click.echo(f"{target}: “{project.name}” for {shop.capitalize()}.")
