"""`elistit packs`: what can be added to the studio, adding it, taking it away."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from elistit.cli import preflight
from elistit.cli.errors import BadInput, Failed
from elistit.cli.frame import LazyGroup, answer_json, table, with_json

if TYPE_CHECKING:
    from elistit.packs import Pack


@click.group("packs", cls=LazyGroup, short_help="Optional packs: a sharper upscaler, more drawings.")
def packs_command() -> None:
    """Manage optional packs, each pinned and verified. The studio works without any."""


@packs_command.command("list", short_help="List the packs and which are installed.")
@with_json
def list_command(as_json: bool) -> None:
    """List the packs, what they add, and which are installed."""
    preflight.load()
    from elistit import packs

    rows = [
        {
            "name": p.name, "title": p.title, "gives": p.gives, "package": p.package, "version": p.version,
            "licence": p.licence, "installed": packs.installed(p.name),
        }
        for p in packs.PACKS.values()
    ]  # fmt: skip
    if as_json:
        answer_json({"packs": rows})
    else:
        table(
            ["pack", "installed", "licence", "what it gives"],
            [[r["name"], "yes" if r["installed"] else "no", r["licence"], r["gives"]] for r in rows],
        )


@packs_command.command("add", short_help="Download, verify and install a pack.")
@click.argument("name")
@click.option(
    "--from", "archive", default=None, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Install from this archive instead of downloading it.",
)  # fmt: skip
@with_json
def add_command(name: str, archive: Path | None, as_json: bool) -> None:
    """Fetch a pack with this machine's package managers, check every file against its digest, and install it."""
    preflight.load()
    from elistit.packs import fetch

    pack = _pack(name)
    try:
        added = fetch.add(pack, archive)
    except fetch.NotFetched as missing:
        raise Failed(str(missing)) from missing
    if as_json:
        answer_json({"name": pack.name, "installed": True, "changed": added})
    else:
        click.echo(f"{pack.title} {pack.version} is {'installed' if added else 'installed already'} ({pack.licence}).")


@packs_command.command("remove", short_help="Remove a pack.")
@click.argument("name")
@with_json
def remove_command(name: str, as_json: bool) -> None:
    """Remove a pack. Projects that were planned with its drawings and are not finished would fail and be refunded."""
    preflight.load()
    from elistit.packs import fetch

    pack = _pack(name)
    removed = fetch.remove(pack)
    if as_json:
        answer_json({"name": pack.name, "installed": False, "changed": removed})
    else:
        click.echo(f"{pack.title} is {'removed' if removed else 'not installed'}.")


def _pack(name: str) -> Pack:
    from elistit.packs import PACKS

    if name not in PACKS:
        raise BadInput(f"There is no pack “{name[:40]}”. Choose one of: {', '.join(PACKS)}.")
    return PACKS[name]
