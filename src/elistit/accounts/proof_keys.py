"""The studio's signing keys for proofs of making: made when first needed, sealed in the vault, replaced when the operator says so.

A retired key signs nothing more, and its public key stays published, so that what it signed is verified for ever. It must never
give out, log or print a private key, and never sign with a retired one.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, transaction

from elistit import ports
from elistit.accounts.models import ProofKey
from elistit.accounts.vault import Secret, Vault

VAULT = Vault("elistit/proof-signing-key/1", "signing key")
ALGORITHM = "Ed25519"


@dataclass(frozen=True)
class Signature:
    """A signature and the public key it is checked with, both in base64."""

    key_id: str
    public_key: str
    value: str


def sign(message: bytes) -> Signature:
    """Sign with the key in use; the first call of an installation makes it. The same message and key give the same signature.
    Raises Unreadable when the secret key of this installation no longer opens it."""
    row = _in_use()
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(VAULT.decrypt(row.sealed).reveal()))
    return Signature(row.pk, row.public_key, base64.b64encode(key.sign(message)).decode("ascii"))


def _in_use() -> ProofKey:
    for _ in range(3):
        if row := ProofKey.objects.filter(retired_at=None).first():
            return row
        try:
            with transaction.atomic():
                return _make()
        except IntegrityError:  # another process was faster; its key is the one
            continue
    raise RuntimeError("no signing key could be made")


def _make() -> ProofKey:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    sealed = VAULT.encrypt(Secret(base64.b64encode(key.private_bytes_raw()).decode("ascii")))
    return ProofKey.objects.create(
        id=hashlib.sha256(public).hexdigest(), public_key=base64.b64encode(public).decode("ascii"), sealed=sealed
    )


def replace() -> ProofKey:
    """Retire the key in use and make a new one, in one transaction. The new key. What the old one signed stays verifiable."""
    with transaction.atomic():
        ProofKey.objects.filter(retired_at=None).update(retired_at=ports.now())
        return _make()


def published() -> list[ProofKey]:
    """Every key this studio has ever signed with, the one in use first."""
    return sorted(ProofKey.objects.all(), key=lambda k: (k.retired_at is not None, -k.created_at.timestamp()))
