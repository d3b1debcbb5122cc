"""The ledger's hash chain: one canonical JSON document per row, linked by `previous_hash` to the row before.

Pure and small, because three places must agree on it: the posting, the one-statement posting inside PostgreSQL, and the
offline check of a statement. The audit has its own implementation on purpose. It must never change for rows that are
already written.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

# The hashed fields of a row. `entries` is a list of [grant, amount, drawn_from or null], in posting order.
FIELDS = (
    "account",
    "actor",
    "amount",
    "balance_after",
    "contra",
    "created_at",
    "entries",
    "id",
    "idempotency_key",
    "item",
    "job",
    "previous_hash",
    "project",
    "reason",
    "request_digest",
    "seq",
    "type",
)


def canonical(document: Mapping[str, Any]) -> str:
    """JSON with sorted keys, without spaces or escaped characters (UTF-8)."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(text: str) -> str:
    """The SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def row_hash(row: Mapping[str, Any]) -> str:
    """The hash of a row, 64 hexadecimal digits. Raises KeyError when one of `FIELDS` is missing."""
    return sha256(canonical({field: row[field] for field in FIELDS}))


def stamp(moment: dt.datetime) -> str:
    """A time in the format that is hashed: UTC, always with six decimals, e.g. 2026-11-22T09:00:00.000000Z."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
