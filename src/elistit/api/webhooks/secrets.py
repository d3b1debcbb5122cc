"""The signing secret of an endpoint, and the signature made with it (Standard Webhooks, `v1`).

Secrets are kept as ciphertext under a key derived from the secret key of this installation, because signing needs them
back; they are shown once and never logged.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PREFIX = "whsec_"
_PURPOSE = b"elistit webhook secrets v1"


class Unreadable(Exception):
    """The secret was kept under another secret key than this installation has now."""


def new() -> str:
    """A new secret, as its owner sees it: 32 random bytes in base64 behind `whsec_`."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def seal(secret: str) -> str:
    return _box().encrypt(secret.encode()).decode()


def unseal(kept: str) -> str:
    """The secret of what `seal` made. Raises Unreadable."""
    try:
        return _box().decrypt(kept.encode()).decode()
    except InvalidToken:
        raise Unreadable("The signing secret cannot be read with this installation's secret key.") from None


def sign(secret: str, message_id: str, timestamp: int, body: str) -> str:
    """The value of `webhook-signature`: HMAC-SHA256 over `id.timestamp.body`."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = hmac.new(key, f"{message_id}.{timestamp}.{body}".encode(), hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *getattr(settings, "SECRET_KEY_FALLBACKS", [])]
    return MultiFernet([Fernet(_derive(str(key))) for key in keys])


def _derive(key: str) -> bytes:
    hkdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_PURPOSE)
    return base64.urlsafe_b64encode(hkdf.derive(key.encode()))
