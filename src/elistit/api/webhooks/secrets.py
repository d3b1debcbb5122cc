"""The signing secret of an endpoint, and the signature made with it (Standard Webhooks, `v1`).

Secrets are kept as ciphertext under a key derived from the secret key of this installation, because signing needs them
back; they are shown once and never logged.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from elistit.accounts.vault import Secret, Unreadable, Vault

__all__ = ["PREFIX", "VAULT", "Unreadable", "new", "seal", "sign", "unseal"]

PREFIX = "whsec_"
VAULT = Vault("elistit webhook secrets v1", "signing secret")


def new() -> str:
    """A new secret, as its owner sees it: 32 random bytes in base64 behind `whsec_`."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def seal(secret: str) -> str:
    return VAULT.encrypt(Secret(secret)).decode("ascii")


def unseal(kept: str) -> str:
    """The secret of what `seal` made. Raises Unreadable."""
    return VAULT.decrypt(kept.encode()).reveal()


def sign(secret: str, message_id: str, timestamp: int, body: str) -> str:
    """The value of `webhook-signature`: HMAC-SHA256 over `id.timestamp.body`."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = hmac.new(key, f"{message_id}.{timestamp}.{body}".encode(), hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()
