"""One running studio for the programs that use it from outside, and a seller's key."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.recovery.studio import Studio

ORDER = {"product": "sticker", "idea": "a red fox and a hedgehog", "count": 2}


@dataclass(frozen=True)
class Shop:
    """A seller of a running studio."""

    studio: Studio
    email: str
    key: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.studio.port}"

    def balance(self) -> int:
        """The sum of the seller's ledger, read past the product."""
        with contextlib.closing(sqlite3.connect(self.studio.data / "elistit.sqlite3", timeout=30)) as books:
            rows = books.execute(
                "SELECT sum(t.amount) FROM credits_credittransaction t JOIN credits_creditaccount a ON a.id = t.account_id "
                "JOIN accounts_user u ON u.id = a.owner_id WHERE u.email = ?",
                [self.email],
            )
            return int(rows.fetchone()[0])

    def audit(self) -> dict[str, Any]:
        return dict(self.studio.cli("audit"))


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = Path(tmp_path_factory.mktemp("programs"))
    studio = Studio(folder)
    try:
        studio.up()
        studio.wait(studio.ready, "a worker", 90)
        added = studio.cli("users", "add", "seller@example.com", "--credits", "200")
        yield Shop(studio, "seller@example.com", added["api_key"])
    finally:
        studio.kill()
