"""`elistit launch`: the order as it was typed, its price and storyboard, the launch.

Booked by `actions.commands`, exactly as from the pages; it must never do the work itself, which a worker does.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from elistit.cli import preflight
from elistit.cli.batch_file import launch_file
from elistit.cli.brand_kits import kit_id
from elistit.cli.errors import BadInput
from elistit.cli.frame import answer_json, refusals_reported, with_json
from elistit.cli.order_words import (
    card_words,
    design_options,
    image_option,
    product_options,
    show_quote,
    show_storyboard,
)
from elistit.cli.people import acting_for, first_user, user_option

if TYPE_CHECKING:
    from elistit.projects.orders import LaunchSpec


@dataclasses.dataclass(frozen=True)
class Given:
    """What was typed: the options of the command, by their names in it."""

    idea: str
    product: str
    count: int | None
    model: str
    ratio: str | None
    mode: str
    words_front: str
    words_inside: str
    options: tuple[str, ...]
    images: tuple[Path, ...]
    batch_file: Path | None
    name: str
    failover: bool
    video: bool
    shop: str
    brand_kit: str
    series_name: str
    confirm_trademarks: bool
    key: str | None
    quote_only: bool
    subjects: tuple[str, ...]
    confirm_not_drawn: bool
    email: str | None
    as_json: bool

    @property
    def presets(self) -> bool:
        """Whether a brand kit or a series fills in what was left out."""
        return bool(self.brand_kit or self.series_name)


@click.command("launch", short_help="Launch a project.")
@click.argument("idea_argument", metavar="[IDEA]", required=False)
@click.option("--idea", default=None, help="What to make, in a sentence.")
@click.option("--product", default="clipart", show_default=True, help="The product type.")
@click.option("--count", type=int, default=None, help="How many images.  [default: the product's]")
@click.option("--model", default="", help="The model; see “elistit credits prices”.")
@product_options
@click.option(
    "--option", "options", multiple=True, metavar="NAME=TEXT", help="A design option, e.g. mood=calm. May be repeated."
)
@image_option
@click.option(
    "--batch",
    "batch_file",
    default=None,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Launch every row of a CSV file, all or none. The other options are for rows that don't have their own.",
)
@click.option("--name", default="", help="The project's name.  [default: from the idea]")
@click.option("--failover", is_flag=True, help="Let another model, never more expensive, step in for one that is down.")
@click.option("--video", is_flag=True, help="Make a listing video from the images and mockups. Free.")
@click.option("--shop", default="", help="The shop its draft goes to: its number or name.  [default: the default shop]")
@click.option("--brand-kit", default="", help="A brand kit's name or id, or “default”.")
@click.option("--series", "series_name", default="", help="The series it belongs to. The first project starts it.")
@click.option("--confirm-trademarks", is_flag=True, help="You may use the protected names in the idea.")
@click.option("--key", default=None, help="An idempotency key: a repeated command with the same key launches once.")
@click.option(
    "--quote",
    "--dry-run",
    "quote_only",
    is_flag=True,
    help="Show the exact price and the storyboard, and launch nothing.",
)
@click.option(
    "--subject",
    "subjects",
    multiple=True,
    metavar="SUBJECT",
    help="A subject of your own storyboard, one for each image. May be repeated.",
)
@click.option("--confirm-not-drawn", is_flag=True, help="Launch even if the main subject of the idea won't be drawn.")
@user_option
@with_json
def launch_command(idea_argument: str | None, idea: str | None, as_json: bool, **options: Any) -> None:
    """Launch a project: the exact price is taken from the balance and the work begins.

    The work is done by a running worker (`elistit up` or `elistit worker`).
    """
    if idea_argument is not None and idea is not None:
        raise BadInput("Give the idea once: as an argument or with --idea.")
    given = Given(idea=idea_argument or idea or "", as_json=as_json, **options)
    if given.batch_file is not None:
        _launch_batch(given.batch_file, given)
        return
    if given.images and given.product != "custom":
        raise BadInput("--image is for your own images: add --product custom.")
    preflight.load()
    order, spec = _checked(given)
    if given.quote_only:
        _quote(spec, given)
    else:
        _launch(order, spec, given)


def _launch_batch(batch_file: Path, given: Given) -> None:
    """Every row of a CSV file, with the other options for rows that have none of their own."""
    if given.idea or given.images or given.subjects or given.failover or given.video:
        raise BadInput(
            "With --batch, ideas come from the file; leave out the idea, --image, --subject, --failover and --video."
        )
    confirmed = {"confirm_trademarks": given.confirm_trademarks, "confirm_not_drawn": given.confirm_not_drawn}
    defaults = {
        "product": given.product, "count": given.count, "model": given.model, "ratio": given.ratio, "mode": given.mode,
        "options": design_options(given.options), "shop": given.shop, "series": given.series_name,
    }  # fmt: skip
    launch_file(
        batch_file, defaults, [name for name, yes in confirmed.items() if yes], name=given.name, key=given.key,
        email=given.email, quote_only=given.quote_only, as_json=given.as_json, brand_kit=given.brand_kit,
    )  # fmt: skip


def _checked(given: Given) -> tuple[LaunchSpec, LaunchSpec]:
    """The order as it was typed, and checked with what its brand kit and series fill in. Raises what `refusals_reported` reports."""
    from elistit.actions import protected_names
    from elistit.projects import orders
    from elistit.stages import presets, storyboards

    with refusals_reported():
        order = orders.LaunchSpec(
            given.product, given.idea, given.count if given.count or not given.images else len(given.images), given.model,
            given.ratio, design_options(given.options), given.name, given.mode,
            card_words(given.words_front, given.words_inside), failover=given.failover, storyboard=given.subjects,
            confirm_not_drawn=given.confirm_not_drawn, video=given.video, shop=given.shop, series=given.series_name,
        )  # fmt: skip
        if given.presets:
            # What these fill in depends on the seller, who has to be there.
            preflight.ready()
            seller = acting_for(given.email)
            order = dataclasses.replace(order, brand_kit=kit_id(seller, given.brand_kit))
            spec = orders.check(presets.resolve(seller, order))
        else:
            spec = orders.check(order)
        storyboards.check_lettering(spec)
        if not given.quote_only:
            protected_names.require_confirmation(protected_names.of_order(spec), given.confirm_trademarks)
    return order, spec


def _quote(spec: LaunchSpec, given: Given) -> None:
    """Show the price and the storyboard of an order; nothing is launched."""
    from elistit.projects import orders, storyboard
    from elistit.stages import storyboards

    with refusals_reported():
        board = storyboards.preview(spec, given.email)
    if board is not None and not given.as_json:
        show_storyboard(storyboard.shown(board), board.fewer)
    more = {"asked": board.asked, "notice": board.fewer} if board else {}
    lines = orders.price(spec, board)
    show_quote(lines, given.as_json, storyboard=storyboard.shown(board) if board else None, **more)


def _launch(order: LaunchSpec, spec: LaunchSpec, given: Given) -> None:
    """Launch an order, and say what it costs and where to watch it."""
    from elistit import ports
    from elistit.actions import commands, queries
    from elistit.cli import own_images
    from elistit.credits import prices
    from elistit.projects import orders, storyboard
    from elistit.stages import storyboards

    preflight.check()
    preflight.prepare()
    first_user()
    owner = acting_for(given.email)
    with refusals_reported():
        board = storyboards.plan(owner, spec)
    if board is not None and not given.as_json:
        show_storyboard(storyboard.shown(board), board.fewer)
    with refusals_reported(), own_images.taken_in(owner, given.images) as taken:
        # As it was asked for: what a brand kit and a series fill in is no part of what a repeated key is held against.
        ordered = dataclasses.replace(order if given.presets else spec, uploads=taken)
        project = commands.launch(
            owner, ordered, idempotency_key=given.key or ports.new_id(), confirm_trademarks=given.confirm_trademarks
        )
    if given.as_json:
        answer_json(queries.describe(project))
    else:
        total = prices.total(orders.price(spec, board))
        click.echo(f"Launched “{project.name}” for {total:,} credits: {project.public_id}")
        click.echo(f"Watch it with: elistit status {project.public_id}")
