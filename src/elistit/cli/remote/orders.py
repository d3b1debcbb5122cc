"""Launching on a studio elsewhere: the storyboard first, then the order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from elistit.cli.errors import BadInput
from elistit.cli.frame import answer_json, with_json
from elistit.cli.order_words import design_options, no_option, show_price, show_storyboard
from elistit.cli.remote.connection import charging, studio
from elistit_client import Studio, models

FIELDS = ("count", "model", "ratio", "mode", "name", "shop", "brand_kit", "series")


@click.command("launch", short_help="Launch a project.")
@click.argument("idea_argument", metavar="[IDEA]", required=False)
@click.option("--idea", default=None, help="What to make, in a sentence.")
@click.option("--product", default="clipart", show_default=True, help="The product type.")
@click.option("--count", type=int, default=None, help="How many images.  [default: the product's]")
@click.option("--model", default=None, help="The model; see the studio's prices.")
@click.option("--ratio", default=None, help="The ratio, where the product has a choice.")
@click.option("--mode", default=None, help="Poster: design or production.  [default: design]")
@click.option("--words-front", default=None, help="Greeting card: the words on the front.")
@click.option("--words-inside", default=None, help="Greeting card: the message inside.")
@click.option(
    "--option", "options", multiple=True, metavar="NAME=TEXT", help="A design option, e.g. mood=calm. May be repeated."
)
@click.option(
    "--image", "images", multiple=True, metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
    help="An image of your own, for the product type custom. May be repeated.",
)  # fmt: skip
@click.option(
    "--subject",
    "subjects",
    multiple=True,
    metavar="SUBJECT",
    help="A subject of your own storyboard, one for each image.",
)
@click.option("--name", default=None, help="The project's name.  [default: from the idea]")
@click.option(
    "--shop", default=None, help="The shop its draft goes to: its number or name.  [default: the default shop]"
)
@click.option("--brand-kit", default=None, help="A brand kit's id, or “default”.")
@click.option("--series", default=None, help="The series it belongs to. The first project starts it.")
@click.option("--failover", is_flag=True, help="Let another model, never more expensive, step in for one that is down.")
@click.option("--video", is_flag=True, help="Make a listing video from the images and mockups. Free.")
@click.option("--confirm-not-drawn", is_flag=True, help="Launch even if the main subject of the idea won't be drawn.")
@click.option("--confirm-trademarks", is_flag=True, help="You may use the protected names in the idea.")
@click.option("--key", default=None, help="An idempotency key: a repeated command with the same key launches once.")
@click.option(
    "--quote",
    "--dry-run",
    "quote_only",
    is_flag=True,
    help="Show the exact price and the storyboard, and launch nothing.",
)
@with_json
def launch_command(idea_argument: str | None, as_json: bool, **given: Any) -> None:
    """Launch a project: the exact price is taken from the balance and the work begins."""
    idea = idea_argument if idea_argument is not None else given["idea"]
    if idea_argument is not None and given["idea"] is not None:
        raise BadInput("Give the idea once: as an argument or with --idea.")
    if given["images"] and given["product"] != "custom":
        raise BadInput("--image is for your own images: add --product custom.")
    with studio() as there:
        order = _order(there, idea or "", given)
        quote = there.quote(models.QuoteRequest(**_without(order, "confirm_trademarks")))
        if given["quote_only"]:
            return _show_quote(quote, as_json)
        if not as_json:
            _show_storyboard(quote)
        with charging(given["key"]) as key:
            # Without the quote: with --key, a command that is run again must send the same order.
            made = there.launch(models.LaunchRequest(**order), key=key)
    if as_json:
        answer_json(made.model_dump(mode="json"))
    else:
        click.echo(f"Launched “{made.name}” for {made.job.charged:,} credits: {made.public_id}")
    return None


def _order(there: Studio, idea: str, given: dict[str, Any]) -> dict[str, Any]:
    """The order as the API takes it; what was left out is left out."""
    fields: dict[str, Any] = {name: given[name] for name in FIELDS}
    fields |= {name: given[name] or None for name in ("failover", "video", "confirm_not_drawn", "confirm_trademarks")}
    fields["words"] = {"front": given["words_front"], "inside": given["words_inside"]}
    fields["words"] = {place: text for place, text in fields["words"].items() if text} or None
    options = design_options(given["options"])
    for name in options.keys() - models.DesignOptions.model_fields.keys():
        raise no_option(name)
    fields["options"] = options or None
    fields["storyboard"] = [{"subject": subject} for subject in given["subjects"]] or None
    fields["uploads"] = [there.upload(path).id for path in given["images"]] or None
    return {"product": given["product"], "idea": idea, **_without(fields, *(n for n, v in fields.items() if v is None))}


def _without(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in names}


def _show_quote(quote: models.Quote, as_json: bool) -> None:
    if as_json:
        answer_json(quote.model_dump(mode="json"))
        return
    _show_storyboard(quote)
    show_price([(line.label, line.quantity, line.unit_price, line.credits) for line in quote.lines], quote.total)
    click.echo(f"Your balance: {quote.balance:,} credits.")
    for name in quote.trademarks:
        click.echo(name.words)


def _show_storyboard(quote: models.Quote) -> None:
    if quote.storyboard is not None:
        show_storyboard(quote.storyboard.model_dump(), quote.notice)
