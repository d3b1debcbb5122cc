"""Keywords from the command line: import a keyword tool's CSV file, list, delete."""

from __future__ import annotations

from pathlib import Path

import click

from elistit.cli import preflight
from elistit.cli.errors import BadInput
from elistit.cli.frame import LazyGroup, answer_json, table, with_json
from elistit.cli.people import acting_for

user_option = click.option("--user", "email", default=None, help="Whose keywords, when there are several sellers.")


@click.group("keywords", cls=LazyGroup)
def keywords_command() -> None:
    """Search terms with their volume, for titles and tags."""


@keywords_command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@user_option
@with_json
def import_command(file: Path, email: str | None, as_json: bool) -> None:
    """Import keywords from a CSV file, as eRank, Marmalead, EverBee, Sale Samurai and others export it."""
    preflight.ready()
    from elistit.listings import keyword_list, keywords

    owner = acting_for(email)
    with file.open("rb") as stream:
        content = stream.read(keywords.BYTES_MAX + 1)
    try:
        done = keyword_list.add_file(owner, content)
    except keywords.BadFile as bad:
        raise BadInput(f"{file.name}: {bad}") from bad
    count = keyword_list.count(owner.pk)
    if as_json:
        answer_json({"added": done.added, "updated": done.updated, "count": count, "notes": list(done.notes)})
        return
    click.echo(f"{done.added:,} added, {done.updated:,} updated; {count:,} keywords in all.")
    for note in done.notes:
        click.echo(note)


@keywords_command.command("list")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many.")
@user_option
@with_json
def list_command(limit: int, email: str | None, as_json: bool) -> None:
    """List the keywords, most searched first."""
    preflight.ready()
    from elistit.listings import keyword_list

    owner = acting_for(email)
    found = keyword_list.of(owner.pk, limit)
    if as_json:
        answer_json(
            {"count": keyword_list.count(owner.pk), "items": [{"term": k.term, "volume": k.volume} for k in found]}
        )
        return
    if not found:
        click.echo("No keywords yet. Import a file with: elistit keywords import FILE")
        return
    table(
        ["keyword", "searches a month"],
        [[k.term, f"{k.volume:,}" if k.volume else "unknown"] for k in found],
        right=(1,),
    )


@keywords_command.command("delete")
@user_option
@with_json
def delete_command(email: str | None, as_json: bool) -> None:
    """Delete all keywords of a seller."""
    preflight.ready()
    from elistit.listings import keyword_list

    deleted = keyword_list.clear(acting_for(email))
    if as_json:
        answer_json({"deleted": deleted})
    else:
        click.echo(f"{deleted:,} keywords deleted.")
