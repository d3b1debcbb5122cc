"""Prints what a demo made, each promise with whether it held, and the ledger; or all of it as JSON. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from elistit.cli.demo_collect import Result
from elistit.cli.demo_progress import lines_of
from elistit.cli.frame import answer_json


def report(result: Result, out: Path, as_json: bool) -> None:
    """Print what was made, each promise with whether it held, and the ledger."""
    ok = all(c.ok for c in result.checks)
    if as_json:
        answer_json(
            {
                "ok": ok,
                "out": str(out),
                "seconds": round(result.seconds, 1),
                "project": result.project,
                "checks": [c.as_dict() for c in result.checks],
                "draft": {k: v for k, v in (result.draft or {}).items() if k != "images"} or None,
                "ledger": result.ledger,
                "audit": result.audit,
            }
        )
        return
    for line in _report_lines(result, out):
        click.echo(line)
    click.echo("\nPromises")
    lines_of(result.checks)
    click.echo(f"\n{'Everything held' if ok else 'Not everything held'}; {result.seconds:.0f} s.")


def _report_lines(result: Result, out: Path) -> Iterator[str]:
    yield ""
    if result.pictures:
        yield from _file_lines(result, out)
    yield "Ledger"
    for row in result.ledger:
        yield f"  {row['type']:<16} {row['amount']:>+6,}  balance {row['balance_after']:>5,}  {row['reason']}"


def _file_lines(result: Result, out: Path) -> Iterator[str]:
    listing = result.project["listing"]
    yield f"Files in {out}"
    for p in result.pictures:
        yield f"  images/{p.name}  {p.width} × {p.height} px, {p.dpi} DPI, {p.bytes / 1e6:.1f} MB"
    for file in result.others:
        yield f"  {file.relative_to(out)}  {file.stat().st_size / 1e3:,.0f} kB"
    for file in [*result.zips, *result.downloads]:
        yield f"  {file.relative_to(out)}  {file.stat().st_size / 1e6:.1f} MB"
    yield "  product-card.pdf, listing.txt, mockups/"
    yield f"\nListing\n  {listing['title']}\n  {', '.join(listing['tags'])}"
    draft = listing.get("draft") or {}
    yield f"\nDraft on the Etsy sandbox\n  {draft.get('url') or draft.get('state')}"
    yield ""
