"""Projects from the command line: look, approve, the Etsy draft, delete. Every action goes through
`actions.commands`, exactly as from the pages; nothing here changes a project on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from elistit.cli import preflight
from elistit.cli.errors import BadInput, Failed
from elistit.cli.frame import answer_json, refusals_reported, table, with_json
from elistit.cli.order_words import show_quote
from elistit.cli.people import acting_for, user_option

if TYPE_CHECKING:
    from elistit.projects.models import Project


def find_project(public_id: str) -> Project:
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
        project = find_project(public_id)
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
    project = find_project(public_id)
    from elistit.actions import commands, queries

    with refusals_reported():
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
    project = find_project(public_id)
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
@click.option("--key", default=None, help="An idempotency key: a repeated command with the same key charges once.")
@click.option("--quote", "quote_only", is_flag=True, help="Show the exact price and change nothing.")
@with_json
def print_ready_command(public_id: str, key: str | None, quote_only: bool, as_json: bool) -> None:
    """Make the design of a poster print-ready: a second job with its own price, taken from the balance now."""
    project = find_project(public_id)
    from elistit import ports
    from elistit.credits import prices
    from elistit.projects import further_jobs

    lines = further_jobs.print_ready_lines(project)
    if quote_only:
        show_quote(lines, as_json)
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
    project = find_project(public_id)
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
