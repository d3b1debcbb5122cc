"""`proof` writes a project's proof of making; `verify` (in `books`) says what one proves.

It must never say that a proof holds without having read every byte of it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import click

from elistit.cli import preflight
from elistit.cli.errors import DONE, FAILED, BadInput
from elistit.cli.frame import answer_json, refusals_reported, with_json


@click.command("proof", short_help="Write a project's proof of making.")
@click.argument("public_id")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), default=None, help="The file.  [default: in this folder]"
)
@with_json
def proof_command(public_id: str, out: Path | None, as_json: bool) -> None:
    """Write the signed proof of how a project was made: idea, storyboard, prompts, decisions, models, file digests, ledger rows.

    Check it with `elistit verify FILE`.
    """
    preflight.ready()
    from elistit.actions import proofs
    from elistit.projects.models import Project

    project = Project.objects.filter(pk=public_id.strip().upper()).first()
    if project is None:
        raise BadInput("There is no such project.")
    target = out or Path(proofs.file_name(project))
    with refusals_reported():
        made = proofs.signed(project)
    try:
        target.write_bytes(made)
    except OSError as refused:
        raise BadInput(f"{target} can't be written ({refused.strerror}).") from refused
    if as_json:
        answer_json({"file": str(target), "bytes": len(made), "sha256": hashlib.sha256(made).hexdigest()})
    else:
        click.echo(f"{target}: the proof of making of {project.name}. Verify it with: elistit verify {target}")


def verify(
    file: Path, document: dict[str, Any], keys: dict[str, Any] | None, folder: Path | None, as_json: bool
) -> int:
    """Say whether a proof holds, what it proves and what it doesn't. The exit code."""
    from elistit.projects import proof

    problems = proof.problems(document, file.read_bytes(), keys)
    if problems:
        if as_json:
            answer_json({"ok": False, "file": str(file), "problems": problems})
        else:
            click.echo("\n".join([f"{file} does not hold:", *(f"  {p}" for p in problems)]))
        return FAILED
    listed = keys is not None
    found = _looked_up(document, folder) if folder else None
    proved, not_proved = proof.proved(document, listed), proof.not_proved(document, listed)
    left_out = document["body"]["left_out"]
    if as_json:
        more = {} if found is None else {"files": found}
        answer_json({
            "ok": True, "file": str(file), "problems": [], "proved": proved, "not_proved": not_proved, "left_out": left_out,
            **more,
        })  # fmt: skip
        return DONE
    click.echo(f"{file} holds.")
    for title, lines in (("Proved:", proved), ("Not proved:", not_proved), ("Not in it:", left_out)):
        click.echo("\n".join([title, *(f"  {line}" for line in lines)]))
    for name, recorded in (found or {}).items():
        click.echo(f"{'recorded' if recorded else 'UNKNOWN '}  {name}{f' as {recorded}' if recorded else ''}")
    return DONE


def _looked_up(document: dict[str, Any], folder: Path) -> dict[str, str]:
    """What each file of a folder is called in the proof, found by its SHA-256; empty for one that isn't in it."""
    recorded = {f["sha256"]: f"{f['role']}/{f['name']}" for f in document["body"]["files"]}
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        with path.open("rb") as file:
            found[str(path.relative_to(folder))] = recorded.get(hashlib.file_digest(file, "sha256").hexdigest(), "")
    return found
