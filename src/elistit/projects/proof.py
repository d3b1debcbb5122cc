"""A proof of making as a file: its canonical form, and what holds of it, checked offline.

`problems` needs nothing but the bytes: no database, no network, no trust in the person who hands the file over. It must never say that
something is proved which only someone's word vouches for.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from elistit.credits import chain

FORMAT = "elistit-proof-of-making/1"
KEYS_FORMAT = "elistit-proof-keys/1"
KEYS_PATH = "/.well-known/elistit-proof-keys.json"
ALGORITHM = "Ed25519"
_PARTS = {"format", "body", "signature"}
_SIGNED_BY = {"algorithm", "key_id", "public_key", "value"}


def canonical(document: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8: the same content is the same bytes."""
    return chain.canonical(document).encode("utf-8")


def message(body: Mapping[str, Any]) -> bytes:
    """What is signed: the name of the format, so that a signature can't be taken for one of something else, and the body."""
    return FORMAT.encode("ascii") + b"\n" + canonical(body)


def to_bytes(document: Mapping[str, Any]) -> bytes:
    """The file: its one canonical spelling and a line end."""
    return canonical(document) + b"\n"


def problems(document: Mapping[str, Any], data: bytes, keys: Mapping[str, Any] | None = None) -> list[str]:
    """What is wrong with a proof, one sentence each; empty when it holds. `data` are the bytes of the file; `keys` is the document
    a studio publishes at `KEYS_PATH`, where the key has to be in then. Never raises for what a file can contain."""
    try:
        return _problems(document, data, keys)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return ["The file isn't a proof of making as this program writes them."]


def _problems(document: Mapping[str, Any], data: bytes, keys: Mapping[str, Any] | None) -> list[str]:
    if document.get("format") != FORMAT:
        return [f"This isn't a proof of the format {FORMAT}."]
    signature = document.get("signature")
    if not isinstance(signature, Mapping) or not signature.get("value"):
        return ["The signature was removed, so nothing is proved."]
    found = []
    if set(document) != _PARTS or set(signature) != _SIGNED_BY or to_bytes(document) != data:
        found.append("The file was changed: it is no longer in the form in which it was written.")
    found += _signature_problems(document["body"], signature)
    if keys is not None:
        found += _key_problems(signature, keys)
    return found + _ledger_problems(document["body"]["ledger"])


def _signature_problems(body: Mapping[str, Any], signature: Mapping[str, Any]) -> list[str]:
    try:
        public = base64.b64decode(signature["public_key"], validate=True)
        value = base64.b64decode(signature["value"], validate=True)
        key = Ed25519PublicKey.from_public_bytes(public)
    except (binascii.Error, ValueError):
        return ["The signature or its key can't be read."]
    found = []
    if signature["algorithm"] != ALGORITHM:
        found.append(f"The signature says that it is {signature['algorithm']}, not {ALGORITHM}.")
    if hashlib.sha256(public).hexdigest() != signature["key_id"]:
        found.append("The key isn't the one it is named as.")
    try:
        key.verify(value, message(body))
    except InvalidSignature:
        found.append("The signature doesn't match: something in the file was changed after it was signed.")
    return found


def _key_problems(signature: Mapping[str, Any], keys: Mapping[str, Any]) -> list[str]:
    if keys.get("format") != KEYS_FORMAT:
        return [f"The list of keys isn't of the format {KEYS_FORMAT}."]
    listed = {k["key_id"]: k["public_key"] for k in keys["keys"]}
    if listed.get(signature["key_id"]) != signature["public_key"]:
        return ["The key isn't among those the studio publishes, so someone else signed this file."]
    return []


def _ledger_problems(ledger: Mapping[str, Any]) -> list[str]:
    found, hashes = [], dict(ledger["chain"])
    for row in ledger["rows"]:
        seq = row["seq"]
        if row["hash"] != chain.row_hash(row):
            found.append(f"Ledger row {seq} was changed: its hash doesn't match what it says.")
        if hashes.get(seq) != row["hash"] or row["previous_hash"] != hashes.get(seq - 1, row["previous_hash"]):
            found.append(f"Ledger row {seq} is out of order in the hash chain.")
    return found


def proved(document: Mapping[str, Any], listed: bool) -> list[str]:
    """What a proof that holds proves, in words. `listed`: its key was found among those the studio publishes."""
    body, by = document["body"], document["signature"]
    files, rows, calls = (len(x) for x in (body["files"], body["ledger"]["rows"], body["provider_calls"]))
    whose = f"The studio at {body['studio']['address']}" if listed else f"The holder of the key {by['key_id'][:16]}…"
    return [
        f"{whose} signed this file on {body['made_at'][:10]}. It has not been changed since.",
        f"It recorded {_many(files, 'file')} of project {body['project']['public_id']} by SHA-256: a file of yours with the same "
        "digest is that file, byte for byte.",
        f"{_many(rows, 'ledger row')} match their hashes, and the hash chain from the first to the last is unbroken.",
        f"It recorded the idea, the storyboard, the prompts, the decisions at approval and {_many(calls, 'provider call')}.",
    ]


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def not_proved(document: Mapping[str, Any], listed: bool) -> list[str]:
    """What no proof of making proves, in words."""
    address = document["body"]["studio"]["address"]
    who = [] if listed else [
        f"Whose key it is. Download {address}{KEYS_PATH} from the studio yourself and add --keys FILE."
    ]  # fmt: skip
    return [
        *who,
        "That the studio's ledger is true, or that its clock was right: it signs its own records.",
        "That a provider did what it is said to have done: only the provider can confirm its ids.",
        "That the work is original, or that no one else holds rights in it.",
    ]
