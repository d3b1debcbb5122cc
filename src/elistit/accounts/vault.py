"""Secrets of people that must be readable again: encrypted with a key derived from the secret key of this installation.

Each use has a purpose of its own, so that what was sealed for one service can never be opened as another's. Nothing here
may log, print or put a secret into an exception. `Secret` exists so that a token that does end up in a traceback, a log
line or a debugger shows as dots.
"""

from __future__ import annotations

import base64
import functools
from typing import NoReturn

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """A stored secret cannot be decrypted: the secret key of this installation is another one now."""


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


class Vault:
    """Seals and opens the secrets of one purpose. The purpose is part of the key and must never change."""

    def __init__(self, purpose: str, what: str) -> None:
        self._purpose, self._what = purpose.encode(), what

    def encrypt(self, secret: Secret) -> bytes:
        """The secret as authenticated ciphertext, under the current key."""
        return self._box().encrypt(secret.reveal().encode())

    def decrypt(self, stored: bytes | memoryview) -> Secret:
        """The secret of a ciphertext made under the current key or one in `SECRET_KEY_FALLBACKS`. Raises Unreadable."""
        try:
            return Secret(self._box().decrypt(bytes(stored)).decode())
        except (InvalidToken, UnicodeDecodeError):
            raise Unreadable(f"A stored {self._what} cannot be read with this installation's secret key.") from None

    def reseal(self, stored: bytes) -> bytes | None:
        """The same secret under the current key; None when it is under that key already. Raises Unreadable."""
        try:
            _fernet(self._purpose, str(settings.SECRET_KEY)).decrypt(stored)
        except InvalidToken:
            return self.encrypt(self.decrypt(stored))
        return None

    def _box(self) -> MultiFernet:
        keys = [settings.SECRET_KEY, *getattr(settings, "SECRET_KEY_FALLBACKS", [])]
        return MultiFernet([_fernet(self._purpose, str(key)) for key in keys])


@functools.lru_cache(maxsize=64)
def _fernet(purpose: bytes, key: str) -> Fernet:
    """What seals with the key of one purpose. Derived once: every page opens a session."""
    hkdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose)
    return Fernet(base64.urlsafe_b64encode(hkdf.derive(key.encode())))
