"""Projects on a studio elsewhere: look, review, approve, the Etsy draft, files, delete."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from elistit.cli import showing
from elistit.cli.errors import BadInput, Failed
from elistit.cli.frame import answer_json, table, with_json
from elistit.cli.order_words import edit_options
from elistit.cli.remote.connection import charging, studio
from elistit_client import Studio, models

key_option = click.option(
    "--key", default=None, help="An idempotency key: a repeated command with the same key charges once."
)
NUMBER = click.IntRange(1, 100_000)


@click.command("status", short_help="Show the status of projects.")
@click.argument("public_id", required=False)
@click.option(
    "--limit", type=click.IntRange(1, 100), default=20, show_default=True, help="How many of the newest to list."
)
@click.option("--search", "text", default=None, help="Only projects with these words.")
@click.option("--label", default=None, help="Only projects with this label.")
@click.option("--archived", is_flag=True, help="Only archived projects. Otherwise they are left out.")
@with_json
def status_command(
    public_id: str | None, limit: int, text: str | None, label: str | None, archived: bool, as_json: bool
) -> None:
    """The state of a project, with its last attempts, or a list of the newest projects."""
    with studio() as there:
        if public_id:
            found = there.project(public_id).model_dump(mode="json")
            activity = [entry.model_dump(mode="json") for entry in there.activity(public_id)]
            if as_json:
                answer_json({**found, "activity": activity})
            else:
                showing.project(found, activity)
            return
        rows = there.projects(limit=limit, q=text, label=label, archived=True if archived else None)
    if as_json:
        answer_json({"projects": [row.model_dump(mode="json") for row in rows]})
    elif rows:
        table(["project", "stage", "name", "launched"], [[r.public_id, r.stage, r.name, r.created_at] for r in rows])
    else:
        click.echo("No projects yet. Launch one with: elistit --remote URL launch “…”")


def _act(public_id: str, action: Callable[[Studio], models.Project], done: str, as_json: bool) -> None:
    """Do one action on a project and print the project's new state."""
    with studio() as there:
        made = action(there)
    _answer(made, done.format(name=made.name), as_json)


def _answer(made: models.Project | models.Deleted, done: str, as_json: bool) -> None:
    if as_json:
        answer_json(made.model_dump(mode="json"))
    else:
        click.echo(done)


@click.command("approve", short_help="Approve the images of a project.")
@click.argument("public_id")
@with_json
def approve_command(public_id: str, as_json: bool) -> None:
    """Approve the kept images of a project that waits for approval; work continues."""
    _act(public_id, lambda there: there.approve(public_id), "Approved “{name}”; work continues.", as_json)


@click.command("keep", short_help="Keep an image.")
@click.argument("public_id")
@click.argument("number", type=NUMBER)
@with_json
def keep_command(public_id: str, number: int, as_json: bool) -> None:
    """Keep image NUMBER while its project waits for approval, or take a drop back. Free."""
    _act(public_id, lambda there: there.keep(public_id, number), f"Image {number} of “{{name}}” is kept.", as_json)


@click.command("drop", short_help="Drop an image.")
@click.argument("public_id")
@click.argument("number", type=NUMBER)
@with_json
def drop_command(public_id: str, number: int, as_json: bool) -> None:
    """Leave image NUMBER out. It can be kept again until the approval."""
    _act(public_id, lambda there: there.drop(public_id, number), f"Image {number} of “{{name}}” is dropped.", as_json)


@click.command("choose", short_help="Keep another version of an image.")
@click.argument("public_id")
@click.argument("number", type=NUMBER)
@click.argument("round_", metavar="ROUND", type=click.IntRange(0, 100_000))
@with_json
def choose_command(public_id: str, number: int, round_: int, as_json: bool) -> None:
    """Keep another version of image NUMBER while its project waits for approval. Free."""
    done = f"Image {number} of “{{name}}” is the one of round {round_} now."
    _act(public_id, lambda there: there.choose(public_id, number, round_), done, as_json)


@click.command("remake", short_help="Remake an image.")
@click.argument("public_id")
@click.argument("number", type=NUMBER)
@click.option("--prompt", default=None, help="A new prompt.  [default: the same one]")
@click.option("--confirm-trademarks", is_flag=True, help="You may use the protected names in the prompt.")
@key_option
@click.option("--quote", "quote_only", is_flag=True, help="Show the price and protected names, and change nothing.")
@with_json
def remake_command(
    public_id: str, number: int, prompt: str | None, confirm_trademarks: bool, key: str | None, quote_only: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Remake image NUMBER while its project waits for approval: the price is taken from the balance now."""
    with studio() as there:
        price = there.remake_price(public_id, number, prompt)
        if quote_only:
            if as_json:
                answer_json({"number": number, **price.model_dump(mode="json")})
            else:
                click.echo(f"A remake of image {number} costs {price.credits} credits.")
            return
        order = models.RemakeRequest(
            prompt=prompt, price=price.credits, confirm_trademarks=True if confirm_trademarks else None
        )
        with charging(key) as used:
            made = there.remake(public_id, number, order, key=used)
    _answer(made, f"Image {number} of “{made.name}” is being remade for {price.credits} credits.", as_json)


@click.command("print-ready", short_help="Make a poster's design print-ready.")
@click.argument("public_id")
@key_option
@with_json
def print_ready_command(public_id: str, key: str | None, as_json: bool) -> None:
    """Make the design of a poster print-ready: a second job with its own price, taken from the balance now."""
    with studio() as there, charging(key) as used:
        made = there.make_print_ready(public_id, key=used)
    _answer(made, f"“{made.name}” is being made print-ready for {made.current_job.charged:,} credits.", as_json)


@click.command("retry-draft", short_help="Retry the Etsy draft. Free.")
@click.argument("public_id")
@with_json
def retry_draft_command(public_id: str, as_json: bool) -> None:
    """Retry a failed Etsy draft. Free, however often."""
    _act(public_id, lambda there: there.retry_draft(public_id), "Retrying the Etsy draft of “{name}”.", as_json)


@click.command("skip-draft", short_help="Skip the Etsy draft.")
@click.argument("public_id")
@with_json
def skip_draft_command(public_id: str, as_json: bool) -> None:
    """Skip a project's Etsy draft. Its files and listing text stay."""
    _act(public_id, lambda there: there.skip_draft(public_id), "“{name}” will have no Etsy draft.", as_json)


@click.command("edit", short_help="Rename, label or archive a project.")
@click.argument("public_id")
@edit_options
@with_json
def edit_command(
    public_id: str, name: str | None, add: tuple[str, ...], remove: tuple[str, ...], archived: bool | None,
    favorite: bool | None, as_json: bool,
) -> None:  # fmt: skip
    """Change the name, the labels, the archive or the favorites of a project. Free; it has no influence on what runs."""
    if name is None and not add and not remove and archived is None and favorite is None:
        raise BadInput("Choose what to change: --name, --label, --remove-label, --archive or --favorite.")

    def change(there: Studio) -> models.Project:
        labels = None
        if add or remove:
            removed = {label.casefold() for label in remove}
            labels = [x for x in dict.fromkeys([*there.project(public_id).labels, *add]) if x.casefold() not in removed]
        wanted = models.OrganizeRequest(name=name, labels=labels, archived=archived, favorite=favorite)
        return there.organize(public_id, wanted)

    _act(public_id, change, "“{name}” was changed.", as_json)


@click.command("download", short_help="Download the files of a project.")
@click.argument("public_id")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Where to; the files go in a folder with the project's id.  [default: here]",
)
@with_json
def download_command(public_id: str, folder: Path, as_json: bool) -> None:
    """Download the files of a project, each checked against its SHA-256. Files that are there already aren't downloaded again."""
    with studio() as there:
        project = there.project(public_id)
        saved = there.save_all(project.public_id, folder / project.public_id)
    if as_json:
        answer_json({"files": [{"path": str(s.path), "sha256": s.file.sha256, "bytes": s.file.bytes} for s in saved]})
    elif saved:
        click.echo(f"{len(saved)} files are in {saved[0].path.parent}.")
    else:
        click.echo("There are no files yet.")


@click.command("delete", short_help="Delete a project.")
@click.argument("public_id")
@click.option("--yes", is_flag=True, help="Don't ask.")
@with_json
def delete_command(public_id: str, yes: bool, as_json: bool) -> None:
    """Delete a project and its files. Credits spent on running work aren't refunded.

    The exact number is shown first.
    """
    with studio() as there:
        project = there.project(public_id)
        lost = project.loss_on_delete
        if not yes and as_json:
            raise BadInput(f"Deleting “{project.name}” loses {lost:,} credits. Repeat with --yes.", credits_lost=lost)
        question = f"Delete “{project.name}”?" + (f" {lost:,} credits won't be refunded." if lost else "")
        if not yes and not click.confirm(question):
            raise Failed("Nothing was deleted.")
        deleted = there.delete(public_id)
    _answer(deleted, f"Deleted “{project.name}”.", as_json)


@click.command("credits", short_help="Show the balance and the newest transactions.")
@click.option(
    "--limit", type=click.IntRange(1, 100), default=20, show_default=True, help="How many transactions to list."
)
@with_json
def credits_command(limit: int, as_json: bool) -> None:
    """The balance, and the newest rows of the ledger."""
    with studio() as there:
        held, rows = there.credits(), there.transactions(limit)
    if as_json:
        answer_json({**held.model_dump(mode="json"), "transactions": [row.model_dump(mode="json") for row in rows]})
        return
    click.echo(f"Balance: {held.balance:,} credits")
    if rows:
        table(
            ["at", "type", "credits", "reason"], [[r.created_at, r.type, r.amount, r.reason] for r in rows], right=(2,)
        )
