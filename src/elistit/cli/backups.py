"""`backup` and `restore`: the whole studio to a folder or a bucket while it works, and back.

They must never restore over a studio that holds people unless asked to.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import click

from elistit.cli import preflight
from elistit.cli.errors import DONE, FAILED, BadInput, Failed
from elistit.cli.frame import answer_json, table, with_json

PLACE_HELP = "DIR is a folder, or an address: file:///folder, s3://bucket/prefix?endpoint=…"


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    """What stops a backup, as one sentence."""
    from elistit.delivery.contract import StoreFailure
    from elistit.maintenance.backups.layout import BackupProblem

    try:
        yield
    except BackupProblem as problem:
        raise Failed(str(problem)) from problem
    except StoreFailure as failed:
        detail = f" ({failed.failure.detail[:200]})" if failed.failure.detail else ""
        raise Failed(f"{failed.failure.reason}{detail}") from failed


def _place(given: str | None) -> str:
    from elistit.maintenance.backups import schedule

    place = given or schedule.address()
    if not place:
        raise BadInput(f"Give a folder: elistit backup DIR, or set {schedule.URL}. {PLACE_HELP}")
    return place


@click.command("backup", short_help="Back up the whole studio while it runs.")
@click.argument("place", metavar="[DIR|s3://…]", required=False)
@click.option(
    "--keep", type=click.IntRange(0), help="Backups to keep there; 0 keeps all.  [default: ELISTIT_BACKUP_KEEP]"
)
@click.option(
    "--verify", is_flag=True, help="Then restore it into a temporary database, audit it, and read every file."
)
@click.option("--no-new", is_flag=True, help="With --verify: verify the newest existing backup instead of taking one.")
@with_json
def backup_command(place: str | None, keep: int | None, verify: bool, no_new: bool, as_json: bool) -> int:
    """Take a backup of database and files, consistent with each other, while the studio works. Files that a backup before has
    copied aren't copied again. DIR is a folder or an s3:// address; ELISTIT_BACKUP_URL when it is left out.

    Exit 1 when it could not be taken, when files were missing in the studio already, or when --verify found something wrong.
    """
    if no_new and not verify:
        raise BadInput("--no-new needs --verify.")
    preflight.ready()
    from elistit.maintenance.backups import schedule, taking, verifying

    where = _place(place)
    answer: dict[str, Any] = {"place": where}
    with _in_words():
        if not no_new:
            taken = taking.take(where, keep=schedule.kept() if keep is None else keep)
            answer |= _facts(taken.manifest) | {
                "copied": taken.copied, "copied_bytes": taken.copied_bytes, "removed": taken.removed,
            }  # fmt: skip
        if verify:
            proved = verifying.verify(where)
            answer |= _facts(proved.manifest)
            answer["verified"] = {"ok": proved.ok, "files": proved.files, "audit": proved.audit}
    good = not answer["missing"] and answer.get("verified", {"ok": True})["ok"]
    if as_json:
        answer_json({"ok": good, **answer})
    else:
        _say(answer)
    return DONE if good else FAILED


def _facts(manifest: Any) -> dict[str, Any]:
    return {
        "id": manifest.id, "taken_at": manifest.taken_at, "database": manifest.vendor,
        "database_bytes": manifest.database.bytes, "files": manifest.file_count, "file_bytes": manifest.file_bytes,
        "missing": manifest.missing, "secret": manifest.secret is not None,
    }  # fmt: skip


def _say(answer: dict[str, Any]) -> None:
    if "copied" in answer:
        click.echo(f"Backup {answer['id']} is complete at {answer['place']}.")
        click.echo(
            f"Database: {answer['database_bytes'] / 1e6:,.1f} MB. Files: {answer['files']:,} "
            f"({answer['file_bytes'] / 1e6:,.1f} MB), of which {answer['copied']:,} were new."
        )
        for id_ in answer["removed"]:
            click.echo(f"Removed the older backup {id_}.")
    for key in answer["missing"][:20]:
        click.echo(f"Missing in the studio: {key}")
    if "verified" in answer:
        verified = answer["verified"]
        broken = [c["name"] for c in verified["audit"]["checks"] if not c["ok"]]
        click.echo(
            f"Verified {answer['id']}: restored, {verified['files']:,} files read, audit: {', '.join(broken) or 'ok'}."
        )


@click.command("restore", short_help="Put a backup back.")
@click.argument("place", metavar="[DIR|s3://…]", required=False)
@click.option("--backup", "id_", default="", help="Which one.  [default: the newest]")
@click.option("--list", "only_list", is_flag=True, help="List the available backups, then exit.")
@click.option(
    "--replace", is_flag=True, help="Replace a database that has users; the old one is kept under another name."
)
@with_json
def restore_command(place: str | None, id_: str, only_list: bool, replace: bool, as_json: bool) -> int:
    """Put a backup back: check it, write its files, and put its database in place, all of it or nothing. Stop web and worker
    before, and start them afterwards. What was bought, drafted or paid since the backup is looked up before any of it is done
    again.

    Exit 1 when it could not be restored, or when the audit of the restored studio finds something wrong.
    """
    preflight.load()
    preflight.check_folder()
    where = _place(place)
    if only_list:
        return _list(where, as_json)
    from elistit.maintenance.backups import restoring

    preflight.data_dir().mkdir(mode=0o700, parents=True, exist_ok=True)
    with _in_words():
        done = restoring.restore(where, id_, replace=replace)
    preflight.prepare()
    from elistit.cli.books import store_check, work_check
    from elistit.credits import audit

    report = audit.run(store_check(), work_check())
    broken = [check for check in report["checks"] if not check["ok"]]
    if as_json:
        answer_json({
            "ok": report["ok"], **_facts(done.manifest), "place": where, "restored_at": done.restored_at,
            "written": done.written, "aside": done.aside, "warnings": done.warnings, "audit": report,
        })  # fmt: skip
        return DONE if report["ok"] else FAILED
    click.echo(f"Backup {done.manifest.id} is restored: {done.manifest.file_count:,} files, {done.written:,} written.")
    for kept in done.aside:
        click.echo(f"What it replaced is kept: {kept}")
    for words in done.warnings:
        click.echo(f"Note: {words}")
    for check in broken:
        click.echo(f"BROKEN  {check['name']}: {'; '.join(str(v) for v in check['violations'][:5])}")
    click.echo("Everyone has been signed out. Start the studio again: elistit up, or web and worker.")
    return DONE if report["ok"] else FAILED


def _list(where: str, as_json: bool) -> int:
    from elistit.maintenance.backups.layout import Place

    with _in_words():
        there = Place(where)
        found = [_facts(there.manifest(one)) for one in there.complete()]
    if as_json:
        answer_json({"place": where, "backups": found})
    else:
        rows = [[b["id"], b["taken_at"][:16].replace("T", " "), b["database"], b["files"]] for b in found]
        table(["backup", "taken (UTC)", "database", "files"], rows, right=(3,))
    return DONE
