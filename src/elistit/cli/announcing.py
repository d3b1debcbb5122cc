"""What `up` and `web` print once they are ready: where the studio is and how to sign in.

It must never say so before the pages can be reached, and never need Django: the process that watches over the others prints it.
"""

from __future__ import annotations

import contextlib
import socket
import time

import click

from elistit.cli.frame import answer_json
from elistit.cli.supervisor import Supervisor


def announce(base: str, link: tuple[str, str] | None, as_json: bool, practice_shop: str | None = None) -> None:
    """Print where the studio is and how to sign in."""
    if as_json:
        found = {"url": base, "sign_in": link[1] if link else None, "email": link[0] if link else None}
        answer_json({**found, "practice_shop": practice_shop})
        return
    click.echo(f"Elistit is at {base}")
    if link:
        click.echo(f"Sign in as {link[0]} with this link. It works once, within 24 hours:\n  {link[1]}")
    else:
        click.echo("Create a sign-in link with: elistit users link EMAIL")
    if practice_shop:
        click.echo(f"Practice shop: connect it under {base}/settings/integrations/ — nothing reaches Etsy.")


def answers(host: str, port: int, supervisor: Supervisor, seconds: float = 60) -> bool:
    """Wait until the pages can be reached, so that the printed address works when it is read."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    until = time.monotonic() + seconds
    while time.monotonic() < until and not supervisor.stopping.is_set():
        with contextlib.suppress(OSError), contextlib.closing(socket.create_connection((target, port), timeout=1)):
            return True
        if not supervisor.look():
            return False
        time.sleep(0.1)
    return False
