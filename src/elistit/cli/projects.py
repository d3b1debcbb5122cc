"""Projects from the command line: launch, look, approve, the Etsy draft, delete. Every act goes through
`actions.commands`, exactly as from the pages; nothing here changes a project on its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from elistit.cli import preflight
from elistit.cli.batch_file import launch_file
from elistit.cli.brand_kits import kit_id
from elistit.cli.errors import BadInput, Failed
from elistit.cli.frame import acts, answer_json, table, with_json
from elistit.cli.order_words import design_options, show_price, show_storyboard
from elistit.cli.people import acting_for, first_user

if TYPE_CHECKING:
    from elistit.projects.models import Project

Command = TypeVar("Command", bound=Callable[..., Any])
user_option = click.option("--user", "email", default=None, help="Whose project, when there are several sellers.")


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


image_option = click.option(
    "--image", "images", multiple=True, metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
    help="An image of your own, for the product type custom. Can be repeated.",
)  # fmt: skip


def card_words(front: str, inside: str) -> dict[str, str]:
    """A greeting card's words as a launch takes them; empty when none were given."""
    return {place: text for place, text in (("front", front), ("inside", inside)) if text}


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
@click.option("--series", "series_name", default="", help="The series it belongs to. The first project begins it.")
@click.option("--confirm-trademarks", is_flag=True, help="You may use the protected names in the idea.")
@click.option("--key", default=None, help="An idempotency key: launching twice with it launches once.")
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
def launch_command(
    idea_argument: str | None, idea: str | None, product: str, count: int | None, model: str, ratio: str | None,
    mode: str, words_front: str, words_inside: str, options: tuple[str, ...], images: tuple[Path, ...], batch_file: Path | None, name: str,
    failover: bool, video: bool, shop: str, brand_kit: str, series_name: str, confirm_trademarks: bool, key: str | None,
    quote_only: bool, subjects: tuple[str, ...],
    confirm_not_drawn: bool, email: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Launch a project: the exact price is taken from the balance and the work begins.

    The work is done by a running worker (`elistit up` or `elistit worker`).
    """
    if idea_argument is not None and idea is not None:
        raise BadInput("Give the idea once: as an argument or with --idea.")
    if batch_file is not None:
        if idea_argument or idea or images or subjects or failover or video:
            raise BadInput(
                "With --batch, ideas come from the file; leave out the idea, --image, --subject, --failover and --video."
            )
        told = {"confirm_trademarks": confirm_trademarks, "confirm_not_drawn": confirm_not_drawn}
        defaults = {
            "product": product, "count": count, "model": model, "ratio": ratio, "mode": mode, "options": design_options(options), "shop": shop,
            "series": series_name,
        }  # fmt: skip
        launch_file(
            batch_file, defaults, [name_ for name_, given in told.items() if given],
            name=name, key=key, email=email, quote_only=quote_only, as_json=as_json, brand_kit=brand_kit,
        )  # fmt: skip
        return
    preflight.load()
    from elistit import ports
    from elistit.actions import commands, protected_names, queries
    from elistit.cli import own_images
    from elistit.credits import prices
    from elistit.projects import orders, storyboard
    from elistit.stages import presets, storyboards

    if images and product != "custom":
        raise BadInput("--image is for your own images: add --product custom.")
    with acts():
        asked = orders.LaunchSpec(
            product, idea_argument or idea or "", count if count or not images else len(images), model, ratio,
            design_options(options), name, mode, card_words(words_front, words_inside), failover=failover,
            storyboard=subjects, confirm_not_drawn=confirm_not_drawn, video=video, shop=shop, series=series_name,
        )  # fmt: skip
        if brand_kit or series_name:
            # What these fill in depends on the seller, who has to be there.
            preflight.ready()
            seller = acting_for(email)
            asked = dataclasses.replace(asked, brand_kit=kit_id(seller, brand_kit))
            spec = orders.check(presets.resolve(seller, asked))
        else:
            spec = orders.check(asked)
        storyboards.check_lettering(spec)
        if not quote_only:
            protected_names.require_confirmation(protected_names.of_order(spec), confirm_trademarks)
    if quote_only:
        with acts():
            board = storyboards.preview(spec, email)
        if board is not None and not as_json:
            show_storyboard(storyboard.shown(board), board.fewer)
        more = {"asked": board.asked, "notice": board.fewer} if board else {}
        lines = orders.price(spec, board)
        _show_quote(lines, as_json, storyboard=storyboard.shown(board) if board else None, **more)
        return
    preflight.check()
    preflight.prepare()
    first_user()
    owner = acting_for(email)
    with acts():
        board = storyboards.plan(owner, spec)
    if board is not None and not as_json:
        show_storyboard(storyboard.shown(board), board.fewer)
    with acts(), own_images.taken_in(owner, images) as taken:
        # As it was asked for: what a brand kit and a series fill in is no part of what a repeated key is held against.
        ordered = dataclasses.replace(asked if brand_kit or series_name else spec, uploads=taken)
        project = commands.launch(
            owner, ordered, idempotency_key=key or ports.new_id(), confirm_trademarks=confirm_trademarks
        )
    if as_json:
        answer_json(queries.describe(project))
    else:
        total = prices.total(orders.price(spec, board))
        click.echo(f"Launched “{project.name}” for {total:,} credits: {project.public_id}")
        click.echo(f"Watch it with: elistit status {project.public_id}")


def _show_quote(lines: list[Any], as_json: bool, **more: Any) -> None:
    """An itemised price, as a table or as JSON with whatever else belongs to it."""
    total = sum(line.credits for line in lines)
    if as_json:
        answer_json({"total": total, "lines": [_line(line) for line in lines], **more})
        return
    show_price([(x.label, x.quantity, x.unit_price, x.credits) for x in lines], total)


def _line(line: Any) -> dict[str, Any]:
    return {"action": line.action, "quantity": line.quantity, "unit_price": line.unit_price, "credits": line.credits}


def _project(public_id: str) -> Project:
    """The project of an id, no matter who owns it: the command line is the operator's. Raises BadInput."""
    preflight.ready()
    from elistit.projects.models import Project

    found = Project.objects.select_related("owner").filter(public_id=public_id.strip().upper()).first()
    if found is None:
        raise BadInput(f"There is no project {public_id[:40]}. “elistit status” lists the newest.")
    return found


@click.command("status", short_help="Show the status of projects.")
@click.argument("public_id", required=False)
@click.option(
    "--limit", type=click.IntRange(1, 500), default=20, show_default=True, help="How many of the newest to list."
)
@click.option("--search", "text", default="", help="Only projects with these words.")
@click.option("--label", default="", help="Only projects with this label.")
@click.option("--series", "series_name", default="", help="Only projects of this series.")
@click.option("--archived", is_flag=True, help="Archived projects too.")
@user_option
@with_json
def status_command(
    public_id: str | None,
    limit: int,
    text: str,
    label: str,
    series_name: str,
    archived: bool,
    email: str | None,
    as_json: bool,
) -> None:
    """The state of a project, with its last attempts, or a list of the newest projects."""
    from elistit.cli import showing

    if public_id:
        project = _project(public_id)
        from elistit.actions import queries

        document = queries.describe(project)
        if as_json:
            answer_json({**document, "activity": queries.activity(project)})
        else:
            showing.project(document, queries.activity(project))
        return
    preflight.ready()
    from elistit.projects.models import Project

    projects = Project.objects.select_related("owner").order_by("-public_id")
    if not archived:
        projects = projects.filter(archived_at=None)
    owner = acting_for(email) if email or text or label or series_name else None
    if owner is not None:
        from elistit.projects import finding, series

        projects = projects.filter(owner=owner)
        if label:
            projects = projects.filter(pk__in=finding.labeled(owner.pk, label))
        if series_name:
            projects = projects.filter(series=series.find(owner, series_name) or -1)
        if text:
            projects = finding.search(projects, owner.pk, text)
    rows = [
        {
            "public_id": p.public_id,
            "name": p.name,
            "product": p.product,
            "stage": str(p.stage),
            "owner": p.owner.email,
            "created_at": p.created_at,
        }
        for p in projects[:limit]
    ]
    if as_json:
        answer_json({"projects": rows})
    elif rows:
        table(
            ["project", "stage", "name", "seller", "launched"],
            [[r["public_id"], r["stage"], r["name"], r["owner"], r["created_at"]] for r in rows],
        )
    else:
        click.echo("No projects yet. Launch one with: elistit launch --idea “…”")


def _act(public_id: str, name: str, done: str, as_json: bool, **more: Any) -> None:
    """Do one action on a project and print the project's new state."""
    project = _project(public_id)
    from elistit.actions import commands, queries

    with acts():
        getattr(commands, name)(project.owner, project.public_id, **more)
    project.refresh_from_db()
    if as_json:
        answer_json(queries.describe(project))
    else:
        click.echo(done.format(name=project.name))


@click.command("approve", short_help="Approve the images of a project.")
@click.argument("public_id")
@with_json
def approve_command(public_id: str, as_json: bool) -> None:
    """Approve the kept images of a project that waits for approval; work continues."""
    _act(public_id, "approve", "Approved “{name}”; work continues.", as_json)


@click.command("choose", short_help="Keep another version of an image.")
@click.argument("public_id")
@click.argument("number", type=click.IntRange(1, 100_000))
@click.argument("round_", metavar="[ROUND]", type=click.IntRange(0, 100_000), required=False)
@with_json
def choose_command(public_id: str, number: int, round_: int | None, as_json: bool) -> None:
    """Keep another version of image NUMBER while its project waits for approval. Free. Without ROUND, list the versions."""
    if round_ is not None:
        done = f"Image {number} of “{{name}}” is the one of round {round_} now."
        _act(public_id, "choose", done, as_json, number=number, round_=round_)
        return
    project = _project(public_id)
    from elistit.actions import queries

    found = [
        {**v, "preview": v["preview"].pk if v["preview"] else None} for v in queries.versions(project).get(number, [])
    ]
    if as_json:
        answer_json({"versions": found})
    elif not found:
        click.echo(f"Image {number} has one version.")
    else:
        table(
            ["round", "", "flagged", "credits", "prompt"],
            [
                [v["round"], "kept" if v["chosen"] else "", "yes" if v["flags"] else "", v["charged"], v["prompt"][:60]]
                for v in found
            ],
            right=(0, 3),
        )


@click.command("print-ready", short_help="Make a poster's design print-ready.")
@click.argument("public_id")
@click.option("--key", default=None, help="An idempotency key: asking twice with it charges once.")
@click.option("--quote", "quote_only", is_flag=True, help="Show the exact price and change nothing.")
@with_json
def print_ready_command(public_id: str, key: str | None, quote_only: bool, as_json: bool) -> None:
    """Make the design of a poster print-ready: a second job with its own price, taken from the balance now."""
    project = _project(public_id)
    from elistit import ports
    from elistit.credits import prices
    from elistit.projects import further_jobs

    lines = further_jobs.print_ready_lines(project)
    if quote_only:
        _show_quote(lines, as_json)
        return
    done = f"“{{name}}” is being made print-ready for {prices.total(lines):,} credits."
    _act(public_id, "make_print_ready", done, as_json, idempotency_key=key or ports.new_id())


@click.command("retry-draft", short_help="Retry the Etsy draft. Free.")
@click.argument("public_id")
@with_json
def retry_draft_command(public_id: str, as_json: bool) -> None:
    """Retry a failed Etsy draft. Free, however often."""
    _act(public_id, "retry_draft", "Retrying the Etsy draft of “{name}” again.", as_json)


@click.command("skip-draft", short_help="Skip the Etsy draft.")
@click.argument("public_id")
@with_json
def skip_draft_command(public_id: str, as_json: bool) -> None:
    """Skip a project's Etsy draft. Its files and listing text stay."""
    _act(public_id, "skip_draft", "“{name}” will have no Etsy draft.", as_json)


@click.command("delete", short_help="Delete a project.")
@click.argument("public_id")
@click.option("--yes", is_flag=True, help="Don't ask for confirmation.")
@with_json
def delete_command(public_id: str, yes: bool, as_json: bool) -> None:
    """Delete a project and its files. Credits spent on running work aren't refunded.

    The exact number is shown first.
    """
    project = _project(public_id)
    from elistit.actions import queries

    lost = queries.loss_on_delete(project)
    if not yes:
        if as_json:
            raise BadInput(
                f"Deleting “{project.name}” loses {lost:,} credits. Repeat with --yes.",
                credits_lost=lost,
            )
        question = (
            f"Delete “{project.name}”? {lost:,} credits won't be refunded." if lost else f"Delete “{project.name}”?"
        )
        if not click.confirm(question):
            raise Failed("Nothing was deleted.")
    _act(public_id, "delete", "Deleted “{name}”.", as_json)
