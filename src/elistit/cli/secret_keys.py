"""`secrets`: rotating the signing key of proofs of making, and the key that seals shop connections, second factors, webhook secrets and sessions.

It must never print a key or a secret, and never remove an earlier key unasked.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import click

from elistit.cli import preflight
from elistit.cli.errors import DONE, FAILED, BadInput
from elistit.cli.frame import LazyGroup, answer_json, table, with_json

KEPT_FOR = (
    "Download links printed on product cards are signed with the key of their day: they work while that key is listed. So does "
    "the record of who had a trial."
)


@click.group("secrets", cls=LazyGroup, short_help="Rotate the secret key.")
def secrets_command() -> None:
    """The secret key of this installation, and what is sealed with it."""


@secrets_command.command("rotate", short_help="Encrypt everything again with the current key.")
@click.option(
    "--new-key", is_flag=True, help="First step, without ELISTIT_SECRET_KEY: create a new key and keep the old one."
)
@with_json
def rotate_command(new_key: bool, as_json: bool) -> int:
    """Seal everything in the vault again with the key in use, so that earlier keys aren't needed to read it.

    With ELISTIT_SECRET_KEY: set a new one, move the old one to ELISTIT_SECRET_KEY_FALLBACKS, restart, and run this. Without
    it: run this with --new-key, restart, and run it again without. Safe while the studio works; running it again changes
    nothing. Exit 1 when something can't be read with any key that is known.
    """
    preflight.ready()
    if new_key:
        return _make_new(as_json)
    from django.conf import settings

    from elistit.accounts import rotation

    counts = rotation.rotate()
    unreadable, earlier = sum(c.unreadable for c in counts), len(settings.SECRET_KEY_FALLBACKS)
    again = sum(c.changed_meanwhile for c in counts)
    answer: dict[str, Any] = {
        "ok": not unreadable, "earlier_keys": earlier, "changed_meanwhile": again,
        "sealed": [{"name": c.name, "rotated": c.rotated, "current": c.current, "unreadable": c.unreadable} for c in counts],
    }  # fmt: skip
    if as_json:
        answer_json(answer)
        return FAILED if unreadable else DONE
    table(
        ["sealed", "rotated", "current", "unreadable"],
        [[c.name, c.rotated, c.current, c.unreadable] for c in counts], right=(1, 2, 3),
    )  # fmt: skip
    if again:
        click.echo(f"{again} changed while this ran. Run it again.")
    if unreadable:
        click.echo(
            "What can't be read was encrypted with a key that isn't listed: name it in ELISTIT_SECRET_KEY_FALLBACKS."
        )
    elif earlier and not again:
        click.echo(f"The vault no longer needs any earlier key. {KEPT_FOR}")
    return FAILED if unreadable else DONE


@secrets_command.command("new-signing-key", short_help="Sign proofs of making with a new key from now on.")
@with_json
def new_signing_key_command(as_json: bool) -> int:
    """Make a new key for proofs of making and retire the one in use.

    What the old key signed stays verifiable: its public key is published permanently.
    """
    preflight.ready()
    from elistit.accounts import proof_keys

    key = proof_keys.replace()
    if as_json:
        answer_json({"ok": True, "key_id": key.pk, "public_key": key.public_key})
    else:
        click.echo(f"Proofs of making are signed with the key {key.pk[:16]}… from now on.")
    return DONE


def _make_new(as_json: bool) -> int:
    """Replace the key in the data folder; the one before is kept in `secret.key.old`, which the studio reads as well."""
    from elistit import config

    if config.current().general.secret_key:
        raise BadInput(
            "ELISTIT_SECRET_KEY is set, so the key is yours to change: move it to ELISTIT_SECRET_KEY_FALLBACKS, set a new one, "
            "restart, and run “elistit secrets rotate”."
        )
    folder = preflight.data_dir()
    file, kept = folder / "secret.key", folder / "secret.key.old"
    before = [file.read_text().strip(), *(kept.read_text().split() if kept.is_file() else [])]
    # The old one first: a crash in between leaves a key that is listed twice, never one that is lost.
    _write(kept, "\n".join(before) + "\n")
    _write(file, secrets.token_urlsafe(64))
    if as_json:
        answer_json({"ok": True, "new_key": True, "earlier_keys": len(before)})
    else:
        click.echo(f"{file} holds a new key. Restart web and worker now, then run: elistit secrets rotate")
    return DONE


def _write(file: Path, text: str) -> None:
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    os.replace(fresh, file)
