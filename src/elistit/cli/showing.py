"""How a project reads on a terminal: stage, money, items that need a word, files, listing and the last attempts."""

from __future__ import annotations

from typing import Any

import click

from elistit.cli.frame import table


def project(document: dict[str, Any], activity: list[dict[str, Any]]) -> None:
    """Print one project from its JSON shape and its activity."""
    job = document["job"]
    click.echo(f"{document['name']} ({document['public_id']})")
    click.echo(
        f"Stage: {document['stage']}, job {job['status']}; "
        f"charged {job['charged']:,}, refunded {job['refunded']:,} credits"
    )
    if failure := job.get("failure"):
        click.echo(f"What happened: {failure['reason']}")
    states: dict[str, int] = {}
    for item in document["items"]:
        states[item["state"]] = states.get(item["state"], 0) + 1
    if states:
        click.echo("Images: " + ", ".join(f"{n} {state}" for state, n in states.items()))
    printed = [f for f in document["files"] if f["role"] not in ("image", "preview")]
    if printed:
        click.echo("")
        table(
            ["file", "kind", "size", "bytes"],
            [[f["name"], f["role"], pixels(f), f["bytes"]] for f in printed],
            right=(3,),
        )
    listing = document.get("listing") or {}
    if listing.get("title"):
        click.echo(f"\nListing: {listing['title']}")
        draft = listing.get("draft") or {}
        click.echo(f"Etsy draft: {draft.get('state')} {draft.get('url') or ''}".rstrip())
    if activity:
        click.echo("\nLatest:")
        for entry in activity[-8:]:
            click.echo(f"  {entry['at']}  {entry['text']}")


def pixels(file: dict[str, Any]) -> str:
    if not file.get("width"):
        return ""
    return f"{file['width']} × {file['height']} px" + (f", {file['dpi']} DPI" if file.get("dpi") else "")
