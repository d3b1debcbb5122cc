"""`disk`: what takes room, largest first. It only reads."""

from __future__ import annotations

from dataclasses import asdict

import click

from elistit.cli import preflight
from elistit.cli.frame import answer_json, table, with_json


@click.command("disk", short_help="Show what takes room.")
@with_json
def disk_command(as_json: bool) -> None:
    """Show what takes room: the data folder, the database with its largest tables, and the files of projects by what they are
    for. docs/operations/backup.md says which setting makes each smaller."""
    preflight.ready()
    from elistit.maintenance import disk

    found = disk.look()
    if as_json:
        answer_json(asdict(found))
        return
    click.echo(f"{found.data}: {_bytes(found.free_bytes)} free of {_bytes(found.total_bytes)}.")
    click.echo(f"Database: {_bytes(found.database_bytes)}.")
    for title, rooms, what in (
        ("data folder", found.folders, "files"), ("files of projects", found.roles, "files"),
        ("largest tables", found.tables, "rows"), ("largest projects", found.projects, "files"),
    ):  # fmt: skip
        if rooms:
            click.echo()
            table([title, "size", what], [[r.name, _bytes(r.bytes), r.count or None] for r in rooms], right=(1, 2))


def _bytes(size: int) -> str:
    for unit, step in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= step:
            return f"{size / step:,.1f} {unit}"
    return f"{size} B"
