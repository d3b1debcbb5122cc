"""Sessions kept in the database, encrypted: a copy of the database shows neither the codes nor the drafts in them.

A session that cannot be read any more (another secret key, a changed row) is an empty one: its owner signs in again.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from elistit import prepared
from elistit.accounts.vault import Secret, Unreadable, Vault

_VAULT = Vault("elistit sessions v1", "session")


def reseal(stored: str) -> str | None:
    """A session sealed and signed with the key in use; None when it is already. Raises Unreadable."""
    if _VAULT.reseal(stored.encode()) is None:
        return None
    session = SessionStore()
    return session.encode(session.decode(stored))


@prepared.prepared
def _kept(key: str, now: dt.datetime) -> QuerySet[Session, Any]:
    return Session.objects.filter(session_key=key, expire_date__gt=now).values_list("session_data")


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        """What the session holds; nothing when it is not there or over, and then it gets another key. Each page opens one."""
        if found := _kept.rows(str(self.session_key), timezone.now()):
            return self.decode(found[0][0])
        self._session_key = None
        return {}

    def encode(self, session_dict: dict[str, Any]) -> str:
        return _VAULT.encrypt(Secret(super().encode(session_dict))).decode("ascii")

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        try:
            return super().decode(
                _VAULT.decrypt(session_data if isinstance(session_data, bytes) else session_data.encode()).reveal()
            )
        except Unreadable:
            return {}
