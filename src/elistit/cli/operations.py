"""What operators run by hand: making the tables, a round of recovery, and the bundled Etsy sandbox to practise with."""

from __future__ import annotations

from pathlib import Path

import click

from elistit import handover
from elistit.cli import preflight
from elistit.cli.frame import BadInput, Failed, LazyGroup, answer_json, with_json
from elistit.cli.serve import port_must_be_free, tie_to_parent


@click.command("migrate", short_help="Create or upgrade the database tables, then exit.")
@with_json
def migrate_command(as_json: bool) -> None:
    """Create or upgrade the tables of the product and the engine, then exit. `web` and `worker` do this automatically when they
    start; a deployment of many runs it once before them. Several at once wait for each other; doing it again does nothing."""
    preflight.ready()
    if as_json:
        answer_json({"migrated": True})
    else:
        click.echo("The database tables are up to date.")


@click.command("recover", short_help="Find and resume stuck work once.")
@click.option("--accept-clock", is_flag=True, help="Confirm that this machine's clock is right after it jumped.")
@with_json
def recover_command(accept_clock: bool, as_json: bool) -> None:
    """Run one round of recovery: resume what a dead worker left, queue what was never queued, end what cannot continue.
    Every running worker does this automatically; running it again changes nothing.

    When the clock has jumped, renewals, expiry and deletion wait. Check the clock first, then confirm it with
    --accept-clock."""
    preflight.ready()
    from elistit.maintenance import clock_guard, service

    if accept_clock:
        try:
            moment = clock_guard.accept()
        except ValueError as wrong:
            raise Failed(str(wrong)) from wrong
        if not as_json:
            click.echo(f"Clock confirmed: {moment}.")
    report = service.recover_once()
    clock = clock_guard.refusal()
    if as_json:
        answer_json({**report, "clock": clock or "ok"})
        return
    for task, error in report["errors"].items():
        click.echo(f"Failed: {task}: {error}")
    if clock:
        click.echo(f"Renewals, expiry and deletion wait: {clock}")
    for words, number in report["done"].items():
        click.echo(f"{words}: {number:,}")
    for work in report["stuck"]:
        click.echo("No progress: " + ", ".join(f"{k} {v}" for k, v in work.items()))
    if not report["done"] and not report["stuck"] and not report["errors"]:
        click.echo("No stuck work found.")


@click.group("sandbox", cls=LazyGroup)
def sandbox_command() -> None:
    """Stand-ins for outside services, for practice and tests."""


@sandbox_command.command("etsy")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8090, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option("--currency", default="USD", show_default=True, help="The currency of its shops: EUR, JPY, VND, …")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep drafts and connections there across restarts.  [default: in memory]",
)
@with_json
def etsy_command(host: str, port: int, currency: str, folder: Path | None, as_json: bool) -> None:
    """Serve a sandbox that answers like Etsy and keeps its drafts in memory, or in --folder. Nothing leaves this machine."""
    supervised = bool(handover.read(handover.LIFELINE))
    # It needs no Django; the environment was checked by `up`.
    if not supervised:
        preflight.load()
    port_must_be_free(host, port)
    tie_to_parent()
    from elistit.listings.etsy import sandbox

    if currency not in sandbox.CURRENCIES:
        raise BadInput(f"--currency is one of: {', '.join(sandbox.CURRENCIES)}.")
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    if as_json:
        answer_json({"url": url})
    elif not supervised:
        click.echo(f"The Etsy sandbox is at {url}. Stop with Ctrl-C.")
    sandbox.serve(port, host, folder=folder, currency=currency)
