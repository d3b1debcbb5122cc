"""A seller with a shop on a sandbox of the test's own, pictures and files to upload, and a server that misbehaves."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from elistit.accounts.models import User
from elistit.listings.etsy.connect import connect_sandbox
from elistit.listings.etsy.draft_request import DraftRequest
from elistit.listings.etsy.sandbox import Sandbox
from elistit.listings.etsy.wire import Timeouts
from elistit.listings.models import EtsyShop

# For servers that hang: short, yet long enough for an answer from a sandbox on a busy machine.
IMPATIENT = Timeouts(connect=1, read=0.7, write=1, whole=1, whole_upload=1)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture(autouse=True)
def _no_etsy_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_URL", "AUTH_URL", "TOKEN_URL", "KEYSTRING", "SHARED_SECRET", "WHEN_MADE"):
        monkeypatch.delenv(f"ELISTIT_ETSY_{name}", raising=False)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """One that takes more requests than a test sends, so that only the tests of the limits meet them."""
    with Sandbox(per_second=1000) as running:
        yield running


@pytest.fixture
def seller(db: None) -> User:
    return User.objects.create_user("seller@example.com")


@pytest.fixture
def shop(seller: User, sandbox: Sandbox) -> EtsyShop:
    return connect_sandbox(seller, sandbox.url)


@pytest.fixture
def wanted(tmp_path: Path) -> DraftRequest:
    """A draft with three pictures and two files."""
    images = [tmp_path / f"picture-{n}.png" for n in (1, 2, 3)]
    for number, path in enumerate(images):
        path.write_bytes(PNG + bytes([number]))
    files = [tmp_path / "Woodland Animals.zip", tmp_path / "product-card.pdf"]
    files[0].write_bytes(b"PK" + b"z" * 5000)
    files[1].write_bytes(b"%PDF-1.7 card")
    return DraftRequest(
        marker="01JD0000000000000000000001",
        title="Woodland Animals Watercolor Clipart, 15 Transparent PNGs",
        description="Fifteen animals.\n\nDesigned with software.",
        tags=["woodland animals png", "watercolor clipart", "baby shower"],
        price_cents=499,
        images=images,
        files=files,
    )


Behaviour = Callable[[socket.socket], None]


class Misbehaving:
    """A raw server on loopback. Each connection is handed to `behave`; `seen` counts them."""

    def __init__(self, behave: Behaviour) -> None:
        self.seen = 0
        self._behave = behave
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.seen += 1
            with connection:
                try:
                    self._behave(connection)
                except OSError:
                    continue

    def stop(self) -> None:
        # A blocked accept keeps the port open after close alone.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture
def misbehaving() -> Iterator[Callable[[Behaviour], Misbehaving]]:
    running: list[Misbehaving] = []

    def start(behave: Behaviour) -> Misbehaving:
        running.append(Misbehaving(behave))
        return running[-1]

    yield start
    for server in running:
        server.stop()


def tear(connection: socket.socket) -> None:
    """End a connection with RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def closed_port() -> str:
    """The address of a port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as once:
        return f"http://127.0.0.1:{once.getsockname()[1]}"
