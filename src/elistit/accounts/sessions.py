"""Sessions kept in the database, encrypted: a copy of the database shows neither the codes nor the drafts in them.

A session that cannot be read any more (another secret key, a changed row) is an empty one: its owner signs in again.
"""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db

from elistit.accounts.vault import Secret, Unreadable, Vault

_VAULT = Vault("elistit sessions v1", "session")


def reseal(stored: str) -> str | None:
    """A session sealed and signed with the key in use; None when it is already. Raises Unreadable."""
    if _VAULT.reseal(stored.encode()) is None:
        return None
    session = SessionStore()
    return session.encode(session.decode(stored))


class SessionStore(db.SessionStore):
    def encode(self, session_dict: dict[str, Any]) -> str:
        return _VAULT.encrypt(Secret(super().encode(session_dict))).decode("ascii")

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        try:
            return super().decode(
                _VAULT.decrypt(session_data if isinstance(session_data, bytes) else session_data.encode()).reveal()
            )
        except Unreadable:
            return {}
