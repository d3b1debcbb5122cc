"""The practice shop of `elistit up`: the bundled Etsy sandbox beside the pages, so that the whole way to a draft works at once.

It listens on this machine only and keeps its state in ELISTIT_DATA/practice-shop. It must never run in production or where
anything of Etsy's own is configured, and a shop of the real Etsy is never touched here.
"""

from __future__ import annotations

import socket
import time
from pathlib import Path

from elistit.cli import preflight
from elistit.cli.supervisor import Child

FOLDER, PORT_FILE = "practice-shop", "port"
OFF = "The practice shop is switched off."


def wanted(asked: bool) -> bool:
    """Whether this studio starts with the practice shop: it was not left out, Etsy isn't configured, and it isn't production."""
    from django.conf import settings

    from elistit import config

    return asked and not settings.PRODUCTION and not config.current().etsy.configured


def begin(asked: bool, wait: float) -> str:
    """Open the practice shop where it is wanted, else leave it out. Returns its address, empty when it stays out."""
    if wanted(asked):
        return open_shop(wait)
    close_shop()
    return ""


def open_shop(wait: float) -> str:
    """Settle on the practice shop's address and lead the shops connected to it there. Returns the address.

    The port of the last start is taken again, so that links to drafts stay right; when something else has it for longer than
    `wait` seconds, another one is chosen and the connected shops move with it (links to older drafts then don't)."""
    from elistit.listings.models import EtsyShop

    before = _port()
    port = before if before and _free(before, wait) else _any_port()
    folder = _folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / PORT_FILE).write_text(f"{port}\n")
    shops = EtsyShop.objects.filter(sandbox_url=_address(before or port))
    shops.filter(disconnected_reason=OFF).update(disconnected_reason="")
    shops.update(sandbox_url=_address(port))
    return _address(port)


def close_shop() -> None:
    """The practice shop stays out: shops connected to it say so instead of failing at an address where no one answers.
    Idempotent; `open_shop` takes it back."""
    from elistit.listings.models import EtsyShop

    if before := _port():
        EtsyShop.objects.filter(sandbox_url=_address(before), disconnected_reason="").update(disconnected_reason=OFF)


def child(address: str) -> Child:
    """The process that serves it. It stops last: a worker that is stopping may still be sending a draft."""
    port = address.rpartition(":")[2]
    return Child("The practice shop", ["sandbox", "etsy", "--port", port, "--folder", str(_folder())], last=True)


def _folder() -> Path:
    return preflight.data_dir() / FOLDER


def _address(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _port() -> int:
    """The port of the last start; 0 when there was none."""
    try:
        written = (_folder() / PORT_FILE).read_text().strip()
    except OSError:
        return 0
    return int(written) if written.isascii() and written.isdigit() and 0 < int(written) < 65536 else 0


def _free(port: int, wait: float) -> bool:
    until = time.monotonic() + wait
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                if time.monotonic() >= until:
                    return False
            else:
                return True
        time.sleep(0.1)


def _any_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
