"""`check` runs the buyer's trial on anyone's ZIP files. It must never write or unpack anything to disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from elistit.cli import preflight
from elistit.cli.errors import DONE, FAILED, BadInput, Failed
from elistit.cli.frame import answer_json, with_json

SECONDS = 900


@click.command("check", short_help="Open a delivery ZIP as a buyer would.")
@click.argument("zips", metavar="DELIVERY.zip...", nargs=-1, required=True, type=click.Path(path_type=Path))
@with_json
def check_command(zips: tuple[Path, ...], as_json: bool) -> int:
    """Open ZIP files and everything in them as a buyer on Windows or macOS would, and report what doesn't hold.

    Give all parts of one delivery together. Needs no database. Exit 1 when a check failed.
    """
    for path in zips:
        _readable(path)
    preflight.load()
    report = _examined([str(p) for p in zips])
    if as_json:
        answer_json(report)
    else:
        _print(report)
    return DONE if report["ok"] else FAILED


def _readable(path: Path) -> None:
    try:
        if path.is_dir():
            raise BadInput(f"{path} is a folder, not a ZIP file.")
        with path.open("rb") as file:
            file.read(1)
    except OSError as refused:
        raise BadInput(f"{path} cannot be read ({refused.strerror}).") from refused


def _examined(paths: list[str]) -> dict[str, Any]:
    """The report, made in a subprocess of bounded memory and time: the files may be anyone's."""
    from elistit.runtime.cpu import Cpu
    from elistit.trial import buyer

    cpu = Cpu(1)
    try:
        report: dict[str, Any] = cpu.run(buyer.examine, paths, timeout=SECONDS)
    except buyer.NotAZip as not_one:
        raise BadInput(str(not_one)) from not_one
    except OSError as refused:
        if isinstance(refused, TimeoutError):
            raise Failed(f"Checking it took more than {SECONDS // 60} minutes.") from refused
        raise BadInput(f"{paths[0]} cannot be read ({refused.strerror}).") from refused
    except (MemoryError, RuntimeError) as stopped:
        raise Failed("Checking it needs more memory than a check gets.") from stopped
    finally:
        cpu.close()
    return report


def _print(report: dict[str, Any]) -> None:
    for check in report["checks"]:
        found = f": {check['found']}" if check["found"] and check["ok"] else ""
        click.echo(f"{'ok    ' if check['ok'] else 'FAILED'}  {check['title']}{found}")
        for problem in check["problems"]:
            click.echo(f"        {problem['file']}: {problem['words']}")
    bad = sum(not check["ok"] for check in report["checks"])
    total = len(report["checks"])
    click.echo(f"All {total} checks passed." if not bad else f"{bad} of {total} checks failed.")
