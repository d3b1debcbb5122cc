"""The ledger's hash chain: one canonical JSON document per row, linked by `previous_hash` to the row before.

Pure and small, because three places must agree on it: the posting, the one-statement posting inside PostgreSQL, and the
offline check of a statement. The audit has its own implementation on purpose. It must never change for rows that are
already written.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
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


_quote: Callable[[str], str] = json.encoder.encode_basestring


def canonical(document: Mapping[str, Any]) -> str:
    """JSON with sorted keys, without spaces or escaped characters (UTF-8)."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(text: str) -> str:
    """The SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def request_digest(body: Mapping[str, str | int | None]) -> str:
    """`sha256(canonical(body))` of a flat document without booleans, in half the time."""
    values = [
        f"{_quote(name)}:{_quote(value) if isinstance(value, str) else 'null' if value is None else value}"
        for name, value in sorted(body.items())
    ]
    return sha256(f"{{{','.join(values)}}}")


def row_hash(row: Mapping[str, Any]) -> str:
    """The hash of a row, 64 hexadecimal digits. Raises KeyError when one of `FIELDS` is missing."""
    return sha256(canonical({field: row[field] for field in FIELDS}))


def posted_hash(row: Mapping[str, Any]) -> str:
    """What `row_hash` says of a row that is being posted, in a seventh of the time: its document is spelled out here.
    Only for values of the posting's own types; a document from elsewhere may hold anything and takes `row_hash`."""
    entries = [
        f"[{_quote(grant)},{amount},{'null' if drawn_from is None else _quote(drawn_from)}]"
        for grant, amount, drawn_from in row["entries"]
    ]
    item = "null" if row["item"] is None else row["item"]
    return sha256(
        f'{{"account":{row["account"]},"actor":{_quote(row["actor"])},"amount":{row["amount"]}'
        f',"balance_after":{row["balance_after"]},"contra":{_quote(row["contra"])}'
        f',"created_at":{_quote(row["created_at"])},"entries":[{",".join(entries)}],"id":{_quote(row["id"])}'
        f',"idempotency_key":{_quote(row["idempotency_key"])},"item":{item},"job":{_quote(row["job"])}'
        f',"previous_hash":{_quote(row["previous_hash"])},"project":{_quote(row["project"])}'
        f',"reason":{_quote(row["reason"])},"request_digest":{_quote(row["request_digest"])},"seq":{row["seq"]}'
        f',"type":{_quote(row["type"])}}}'
    )


def stamp(moment: dt.datetime) -> str:
    """A time in the format that is hashed: UTC, always with six decimals, e.g. 2026-11-22T09:00:00.000000Z."""
    return f"{moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
