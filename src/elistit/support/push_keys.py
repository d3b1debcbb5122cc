"""The key pair by which push services know this studio (VAPID, RFC 8292): made when first needed, the private half in the vault.

It is never replaced: browsers subscribe for its public half, and another key would silence every one of them. It must never give
out, log or print the private half.
"""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import IntegrityError, transaction

from elistit.accounts.vault import Secret, Vault
from elistit.support.models import PushKey

VAULT = Vault("elistit/push-key/1", "key for push notifications")
_CURVE = ec.SECP256R1()


def encode(raw: bytes) -> str:
    """Base64 as Web Push writes it: URL-safe, without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """The bytes of `encode`, with or without padding. Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def public_key() -> str:
    """What a browser subscribes for: the uncompressed point, base64. The first call of an installation makes the key."""
    return _row().public_key


def private_key() -> ec.EllipticCurvePrivateKey:
    """The key to sign with. Raises Unreadable when the secret key of this installation no longer opens it."""
    raw = decode(VAULT.decrypt(_row().sealed).reveal())
    return ec.derive_private_key(int.from_bytes(raw, "big"), _CURVE)


def _row() -> PushKey:
    for _ in range(3):
        if row := PushKey.objects.filter(pk=PushKey.ONE).first():
            return row
        try:
            with transaction.atomic():
                return _make()
        except IntegrityError:  # another process was faster; its key is the one
            continue
    raise RuntimeError("no key for push notifications could be made")


def _make() -> PushKey:
    key = ec.generate_private_key(_CURVE)
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    raw = key.private_numbers().private_value.to_bytes(32, "big")
    return PushKey.objects.create(public_key=encode(point), sealed=VAULT.encrypt(Secret(encode(raw))))
