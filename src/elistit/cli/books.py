"""`audit` proves the books against the projects; `verify` checks an exported statement without any database."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from elistit.cli import preflight
from elistit.cli.errors import DONE, FAILED, BadInput
from elistit.cli.frame import answer_json, with_json

if TYPE_CHECKING:
    from elistit.credits.audit_reading import HeldDraft

STATEMENT_MAX_BYTES = 500_000_000


@click.command("audit", short_help="Check the ledger against the projects.")
@click.option("--files", is_flag=True, help="Also read every stored file and compare its digest.")
@click.option("--etsy", is_flag=True, help="Also check the drafts in every connected shop.")
@with_json
def audit_command(files: bool, etsy: bool, as_json: bool) -> int:
    """Check every promise about credits with queries of its own, sharing no code with the ledger.

    Exit 1 when one is broken, or when a shop could not be asked with --etsy. The result is kept for the fairness page.
    """
    preflight.ready()
    from django.db import DatabaseError

    from elistit.credits import audit
    from elistit.maintenance import rule_checks

    report = audit.run(store_check() if files else None, work_check(), held_drafts() if etsy else None)
    try:
        rule_checks.keep_audit(report)
    except DatabaseError as refused:
        # What the audit found counts for more than that it can't be kept, as on a full disk.
        click.echo(f"The result couldn't be kept for the fairness page ({refused}).", err=True)
    if as_json:
        answer_json(report)
    else:
        for check in report["checks"]:
            click.echo(f"{'ok    ' if check['ok'] else 'BROKEN'}  {check['name']} ({check['checked']:,} checked)")
            for violation in check["violations"][:20]:
                click.echo(f"        {violation}")
        click.echo("The audit passed." if report["ok"] else "The audit failed; see above.")
    return DONE if report["ok"] else FAILED


def store_check() -> Callable[[str, str], bool]:
    """Whether the store holds exactly the recorded bytes of a path; for the audit."""
    from django.conf import settings

    from elistit.delivery.store import open_store

    return open_store(settings.STORAGE_URL).check


def held_drafts() -> list[HeldDraft]:
    """What every connected shop on Etsy holds with a mark of ours; for the audit. A shop that was disconnected is left out."""
    from elistit.credits.audit_reading import HeldDraft
    from elistit.listings.etsy import draft
    from elistit.listings.models import EtsyShop
    from elistit.ports import Failure

    held = []
    for shop in EtsyShop.objects.filter(disconnected_reason="").order_by("pk"):
        found = draft.held_drafts(shop)
        if isinstance(found, Failure):
            held.append(HeldDraft(shop.owner_id, problem=found.reason))
        else:
            held += [HeldDraft(shop.owner_id, mark, str(listing)) for mark, listing in found]
    return held


def work_check() -> Callable[[str], bool]:
    """Whether the engine has something of a job queued, delayed or running; for the audit. The engine is asked once, at
    the first question."""
    from elistit.runtime import engine

    @cache
    def at_work() -> frozenset[str]:
        return frozenset(engine.queue.jobs_at_work())

    return lambda job: job in at_work()


@click.command("verify", short_help="Check a statement or a proof of making, offline.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--keys", "keys_file", type=click.Path(dir_okay=False, path_type=Path), default=None,
    help="For a proof of making: the public keys, downloaded from the studio that signed it.",
)  # fmt: skip
@click.option(
    "--files", "folder", type=click.Path(file_okay=False, exists=True, path_type=Path), default=None,
    help="For a proof of making: a folder of files to look up in it by SHA-256.",
)  # fmt: skip
@with_json
def verify_command(file: Path, keys_file: Path | None, folder: Path | None, as_json: bool) -> int:
    """Check a statement exported with `elistit credits history --statement`, or a proof of making.

    Of a statement: the hash chain and the sums. Of a proof: the signature and the ledger rows, and what it does and doesn't prove.
    Needs no database and no network.
    """
    document = _read(file)
    preflight.load()
    from elistit.cli import proofs
    from elistit.credits import statement

    if str(document.get("format", "")).startswith("elistit-proof"):
        return proofs.verify(file, document, _read(keys_file) if keys_file else None, folder, as_json)
    if keys_file or folder:
        raise BadInput(f"{file} isn't a proof of making: --keys and --files are for those.")
    problems = statement.verify(document)
    if as_json:
        answer_json({"ok": not problems, "file": str(file), "problems": problems})
    elif problems:
        click.echo(f"{file} does not hold:")
        for problem in problems:
            click.echo(f"  {problem}")
    else:
        click.echo(f"{file} is valid: no row was changed.")
    return FAILED if problems else DONE


def _read(file: Path) -> dict[str, object]:
    try:
        if file.stat().st_size > STATEMENT_MAX_BYTES:
            raise BadInput(f"{file} is too large to be a statement.")
        document = json.loads(file.read_text(encoding="utf-8"))
    except OSError as refused:
        raise BadInput(f"{file} cannot be read ({refused.strerror}).") from refused
    except (ValueError, RecursionError) as wrong:
        raise BadInput(f"{file} is not a statement: it is not JSON.") from wrong
    if not isinstance(document, dict):
        raise BadInput(f"{file} is not a statement.")
    return document
