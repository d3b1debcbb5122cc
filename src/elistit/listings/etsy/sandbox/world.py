"""What the sandbox knows: people, shops, tokens, drafts, and a journal of requests. In memory, or kept in a folder.

It holds nothing real: its tokens open only this sandbox. Every public method is one step under one lock, so two
requests at once see whole states only. The journal never holds a header, a token or a body.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

CODE_SECONDS = 600
TOKEN_SECONDS = 3600
# Images are kept in memory for the page without a folder; beyond this the oldest are deleted (drafts stay).
PICTURE_BYTES_KEPT = 128_000_000
JOURNAL_KEPT = 2000


class World:
    """The state of one sandbox. `clock` gives seconds since 1970; `folder` keeps drafts and tokens over restarts; new shops
    sell in `currency`."""

    def __init__(
        self, folder: Path | None = None, clock: Callable[[], float] = time.time, currency: str = "USD"
    ) -> None:
        self.currency = currency
        self.lock = threading.RLock()
        self.clock = clock
        self.folder = folder
        self.token_seconds = TOKEN_SECONDS
        self.journal: deque[dict[str, Any]] = deque(maxlen=JOURNAL_KEPT)
        self.counts: Counter[str] = Counter()
        self.codes: dict[str, dict[str, Any]] = {}
        self._pictures: dict[str, bytes] = {}
        self._empty()
        if folder is not None:
            (folder / "blobs").mkdir(parents=True, exist_ok=True)
            self._load()

    def _empty(self) -> None:
        self.users: dict[str, dict[str, Any]] = {}
        self.access: dict[str, dict[str, Any]] = {}
        self.refresh: dict[str, dict[str, Any]] = {}
        self.listings: dict[int, dict[str, Any]] = {}
        self.next_id = 1_500_000_001

    # --- people and tokens --------------------------------------------------------------------------------------------

    def user(self, name: str) -> dict[str, Any]:
        """The person of a name, with their shop; made on first sight."""
        with self.lock:
            if name not in self.users:
                number = len(self.users) + 1
                shop = {"user_id": 90_000_000 + number, "shop_id": 50_000_000 + number}
                about = {"shop_name": f"SandboxShop{number}", "currency": self.currency}
                self.users[name] = {**shop, **about, "created": int(self.clock())}
                self.save()
            return self.users[name]

    def owner_of(self, shop_id: int) -> dict[str, Any] | None:
        with self.lock:
            return next((u for u in self.users.values() if u["shop_id"] == shop_id), None)

    def sell_in(self, shop_id: int, currency: str) -> bool:
        """Let a shop sell in another currency from now on. False when there is no such shop."""
        with self.lock:
            owner = self.owner_of(shop_id)
            if owner is not None:
                owner["currency"] = currency
                self.save()
            return owner is not None

    def new_code(self, **granted: Any) -> str:
        with self.lock:
            code = secrets.token_urlsafe(24)
            self.codes[code] = {**granted, "until": self.clock() + CODE_SECONDS}
            return code

    def new_tokens(self, user_id: int, client_id: str, scopes: list[str]) -> dict[str, Any]:
        """A new pair. Any access token made before stays good until it ends, as on the real service. A day after its end it is
        forgotten."""
        with self.lock:
            ended = self.clock() - 86_400
            self.access = {token: grant for token, grant in self.access.items() if grant["until"] > ended}
            access = f"{user_id}.{secrets.token_urlsafe(48)}"
            refresh = f"{user_id}.{secrets.token_urlsafe(48)}"
            grant = {"user_id": user_id, "client_id": client_id, "scopes": scopes}
            self.access[access] = {**grant, "until": self.clock() + self.token_seconds}
            self.refresh[refresh] = grant
            self.save()
            return {
                "access_token": access,
                "token_type": "Bearer",
                "expires_in": self.token_seconds,
                "refresh_token": refresh,
            }

    def expire_access(self) -> None:
        with self.lock:
            for grant in self.access.values():
                grant["until"] = 0
            self.save()

    def revoke_all(self) -> None:
        """What a changed password does: every token is gone."""
        with self.lock:
            self.access.clear()
            self.refresh.clear()
            self.save()

    # --- drafts -------------------------------------------------------------------------------------------------------

    def new_id(self) -> int:
        with self.lock:
            self.next_id += 1
            return self.next_id

    def keep_blob(self, body: bytes, *, picture: bool) -> str:
        """Keep bytes by their digest. Without a folder only images are kept: the page shows them."""
        digest = hashlib.sha256(body).hexdigest()
        with self.lock:
            if self.folder is not None:
                _write(self.folder / "blobs" / digest, body)
            elif picture:
                self._pictures[digest] = body
                while sum(map(len, self._pictures.values())) > PICTURE_BYTES_KEPT and len(self._pictures) > 1:
                    self._pictures.pop(next(iter(self._pictures)))
        return digest

    def blob(self, digest: str) -> bytes | None:
        if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            return None
        if self.folder is not None:
            file = self.folder / "blobs" / digest
            return file.read_bytes() if file.is_file() else None
        with self.lock:
            return self._pictures.get(digest)

    def drafts(self) -> list[dict[str, Any]]:
        """Every listing, oldest first, as plain data: fields, images and files with digests."""
        with self.lock:
            return json.loads(json.dumps(list(self.listings.values())))

    # --- journal, reset, keeping --------------------------------------------------------------------------------------

    def note(self, operation: str, method: str, path: str, status: int, fault: str) -> None:
        with self.lock:
            self.counts[operation] += 1
            entry = {"at": round(self.clock(), 3), "operation": operation, "method": method, "path": path}
            self.journal.append({**entry, "status": status, "fault": fault})

    def reset(self) -> None:
        with self.lock:
            self._empty()
            self.codes.clear()
            self.journal.clear()
            self.counts.clear()
            self._pictures.clear()
            self.save()

    def save(self) -> None:
        if self.folder is None:
            return
        with self.lock:
            names = ("users", "access", "refresh", "listings", "next_id")
            _write(self.folder / "sandbox.json", json.dumps({n: getattr(self, n) for n in names}).encode())

    def _load(self) -> None:
        assert self.folder is not None
        file = self.folder / "sandbox.json"
        if not file.is_file():
            return
        kept = json.loads(file.read_text())
        self.users, self.access, self.refresh = kept["users"], kept["access"], kept["refresh"]
        self.listings = {int(number): listing for number, listing in kept["listings"].items()}
        self.next_id = kept["next_id"]


def _write(path: Path, body: bytes) -> None:
    """Whole or not at all, readable by the owner only."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(body)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
