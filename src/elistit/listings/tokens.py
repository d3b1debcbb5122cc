"""How Etsy tokens are kept: encrypted with a key derived from the secret key of this installation.

Nothing here may log, print or put a secret into an exception. `Secret` exists so that a token that does end up in a
traceback, a log line or a debugger shows as dots.
"""

from __future__ import annotations

import base64
from typing import NoReturn

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"elistit etsy tokens v1"


class Unreadable(Exception):
    """A stored token cannot be decrypted: the secret key of this installation is another one now."""


class Secret:
    """A text that never shows itself. Only `reveal()` gives it back."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret is not to be serialized.")


def encrypt(secret: Secret) -> bytes:
    """The secret as authenticated ciphertext, under the current key."""
    return _box().encrypt(secret.reveal().encode())


def decrypt(stored: bytes | memoryview) -> Secret:
    """The secret of a ciphertext made under the current key or one in `SECRET_KEY_FALLBACKS`. Raises Unreadable."""
    try:
        return Secret(_box().decrypt(bytes(stored)).decode())
    except (InvalidToken, UnicodeDecodeError):
        raise Unreadable("A stored Etsy token cannot be read with this installation's secret key.") from None


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *getattr(settings, "SECRET_KEY_FALLBACKS", [])]
    return MultiFernet([Fernet(_derive(str(key))) for key in keys])


def _derive(key: str) -> bytes:
    hkdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_PURPOSE)
    return base64.urlsafe_b64encode(hkdf.derive(key.encode()))
