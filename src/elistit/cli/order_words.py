"""Orders on a terminal, for the studio on this machine and for one elsewhere: design options as they are typed, storyboards and
prices as they are read.

Pure: it must never ask a database or a studio.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from elistit.cli.errors import BadInput
from elistit.cli.frame import answer_json, table

Command = TypeVar("Command", bound=Callable[..., Any])


def design_options(given: tuple[str, ...]) -> dict[str, str]:
    """Design options from `NAME=TEXT`. Raises BadInput for what isn't written so."""
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise no_option(text)
        found[name.strip()] = value
    return found


def no_option(text: str) -> BadInput:
    """The refusal of a text that names no design option."""
    return BadInput(f"“{text[:60]}” is not a design option; write it as NAME=TEXT, for example mood=calm.")


def show_storyboard(board: dict[str, Any], notice: str) -> None:
    """Print a storyboard as the API shows it: every subject, and what the seller should know before paying. `notice`: that fewer
    images are made than were ordered; empty when there are as many."""
    subjects = board["subjects"]
    click.echo(f"Storyboard: {board['title']}")
    for item in subjects:
        click.echo(f"  {item['number']:>3}. {item['subject']}" + (" (beyond the idea)" if item["beyond_idea"] else ""))
    if board["not_drawn"]:
        click.echo(f"Not drawn: {', '.join(board['not_drawn'])}")
    if notice:
        click.echo(notice)
    elif subjects and board["distinct"] < len(subjects):
        click.echo(f"{board['distinct']} of {len(subjects)} look different.")
    if board["needs_confirmation"]:
        click.echo("The main subject of the idea won't be drawn. To launch anyway, add --confirm-not-drawn.")


def show_price(lines: list[tuple[str, int, int, int]], total: int) -> None:
    """Print an itemized price: label, quantity, price of one and credits of every line, and the total."""
    table(["", "quantity", "each", "credits"], [*map(list, lines), ["total", "", "", total]], right=(1, 2, 3))


def product_options(command: Command) -> Command:
    """The options some product types have: ratio, a poster's mode, a greeting card's words."""
    for option in (
        click.option("--words-inside", default="", help="Greeting card: the message inside."),
        click.option("--words-front", default="", help="Greeting card: the words on the front."),
        click.option("--mode", default="", help="Poster: design or production.  [default: design]"),
        click.option("--ratio", default=None, help="The ratio, where the product has a choice."),
    ):
        command = option(command)
    return command


def edit_options(command: Command) -> Command:
    """What `elistit edit` can change: name, labels, archive, favorite."""
    for option in (
        click.option(
            "--favorite/--no-favorite", "favorite", default=None, help="Add it to your favorites, or remove it."
        ),
        click.option("--archive/--unarchive", "archived", default=None, help="Archive the project, or unarchive it."),
        click.option("--remove-label", "remove", multiple=True, help="A label to remove. May be repeated."),
        click.option("--label", "add", multiple=True, help="A label to add. May be repeated."),
        click.option("--name", default=None, help="The new name."),
    ):
        command = option(command)
    return command


image_option = click.option(
    "--image", "images", multiple=True, metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
    help="An image of your own, for the product type custom. Can be repeated.",
)  # fmt: skip


def card_words(front: str, inside: str) -> dict[str, str]:
    """A greeting card's words as a launch takes them; empty when none were given."""
    return {place: text for place, text in (("front", front), ("inside", inside)) if text}


def show_quote(lines: list[Any], as_json: bool, **more: Any) -> None:
    """An itemized price, as a table or as JSON with whatever else belongs to it."""
    total = sum(line.credits for line in lines)
    if as_json:
        answer_json({"total": total, "lines": [_line(line) for line in lines], **more})
        return
    show_price([(x.label, x.quantity, x.unit_price, x.credits) for x in lines], total)


def _line(line: Any) -> dict[str, Any]:
    return {"action": line.action, "quantity": line.quantity, "unit_price": line.unit_price, "credits": line.credits}
