"""Key rotation: seal everything in the vault again with the secret key in use now.

Each package that seals something registers it here (`register`), so a kind of secret can't be forgotten by a list kept elsewhere.
A row that another process changes meanwhile is left as that process wrote it. It must never show, log or count anything of a
secret's content, and never touch what it can't read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from elistit.accounts.vault import Unreadable, Vault

BATCH = 500

Reseal = Callable[[Any], Any]
"""The stored value sealed again with the key in use; None when it is already. Raises Unreadable."""


@dataclass(frozen=True)
class Sealed:
    """One column that holds sealed values. `model` is `app.Model`."""

    name: str
    model: str
    column: str
    reseal: Reseal


@dataclass
class Count:
    """What happened to the values of one column. `unreadable` ones were sealed with a key nobody has named."""

    name: str
    rotated: int = 0
    current: int = 0
    unreadable: int = 0
    changed_meanwhile: int = 0


_sealed: dict[str, Sealed] = {}


def register(name: str, model: str, column: str, reseal: Reseal) -> None:
    """Have a column rotated. Again with the same name replaces it, so registering twice is harmless."""
    _sealed[name] = Sealed(name, model, column, reseal)


def of_bytes(vault: Vault) -> Reseal:
    """For a column of ciphertext in bytes; an empty value is nothing sealed."""
    return lambda stored: vault.reseal(bytes(stored)) if stored else None


def of_text(vault: Vault) -> Reseal:
    """For a column of ciphertext as text."""

    def reseal(stored: str) -> str | None:
        fresh = vault.reseal(stored.encode()) if stored else None
        return None if fresh is None else fresh.decode("ascii")

    return reseal


def rotate() -> list[Count]:
    """Seal every registered value again. Counts by column. Safe to run at any time, any number at once."""
    return [_rotate(sealed) for sealed in _sealed.values()]


def _rotate(sealed: Sealed) -> Count:
    count, after = Count(sealed.name), None
    rows = apps.get_model(sealed.model)._default_manager.order_by("pk").values_list("pk", sealed.column)
    while batch := list((rows.filter(pk__gt=after) if after is not None else rows)[:BATCH]):
        for pk, stored in batch:
            _rotate_row(sealed, count, pk, stored)
        after = batch[-1][0]
    return count


def _rotate_row(sealed: Sealed, count: Count, pk: Any, stored: Any) -> None:
    try:
        fresh = sealed.reseal(stored)
    except Unreadable:
        count.unreadable += 1
        return
    if fresh is None:
        count.current += 1
        return
    same = apps.get_model(sealed.model)._default_manager.filter(pk=pk, **{sealed.column: stored})
    if same.update(**{sealed.column: fresh}):
        count.rotated += 1
    else:  # Sealed by another process, with the key that one knows: the next run looks again.
        count.changed_meanwhile += 1
