"""The commands that stay up: `up` (pages and one worker), `web`, `worker`.

`up` is a small supervisor: it starts the other two as processes of their own, brings a dead worker back with growing
pauses, and stops both gracefully. It never touches a project itself; work in progress is the engine's to hand back.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable

import click

from elistit import handover
from elistit.cli import preflight
from elistit.cli.announcing import announce
from elistit.cli.errors import Failed
from elistit.cli.frame import answer_json, with_json
from elistit.cli.people import first_user, remember_address

ORPHAN_SECONDS = 5.0
"""How long a process whose supervisor was killed may take to finish what it does."""
PORT_SECONDS = ORPHAN_SECONDS + 1.0
"""How long `up` waits for a port that a killed `up` may still be giving back."""

host_option = click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
port_option = click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on."
)
processes_option = click.option(
    "--processes", type=click.IntRange(1, 64), help="Processes that answer requests.  [default: ELISTIT_WEB_PROCESSES]"
)
concurrency_option = click.option(
    "--concurrency", type=click.IntRange(1, 64), help="Heavy tasks to run at once.  [default: one per processor]"
)


def own_address(host: str, port: int) -> str:
    """Where a person on this machine reaches a server on `host`: ELISTIT_BASE_URL when it is set."""
    from elistit import config

    if given := config.current().general.base_url:
        return given.rstrip("/")
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{name}:{port}"


def port_must_be_free(host: str, port: int, wait: float = 0.0) -> None:
    """Raises Failed when nothing can listen there, after waiting up to `wait` seconds for a port in use."""
    until, announced = time.monotonic() + wait, False
    while (refused := _refusal(host, port)) is not None:
        if refused.errno != errno.EADDRINUSE or time.monotonic() >= until:
            raise Failed(
                f"Can't listen on {host}:{port} ({refused.strerror or refused}). Choose another --port."
            ) from refused
        if not announced:
            click.echo(f"Port {port} is in use; waiting up to {wait:g} s for it.", err=True)
            announced = True
        time.sleep(0.1)


def _refusal(host: str, port: int) -> OSError | None:
    """Why nothing can listen there; None when something can."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with contextlib.closing(socket.socket(family, kind, proto)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as refused:
        return refused
    return None


def tie_to_parent(orphaned: Callable[[], None] | None = None, grace: float = ORPHAN_SECONDS) -> None:
    """End this process gracefully when the supervisor that started it is gone, however it went, and by force when that
    takes longer than `grace` seconds: the next `up` wants the port and the worker's lock. `orphaned` is called first.

    The supervisor holds the other end of a pipe and never writes to it; the end of the pipe is the supervisor's end.
    """
    given = handover.take(handover.LIFELINE)
    if not given:
        return

    def watch(descriptor: int) -> None:
        with contextlib.suppress(OSError):
            os.read(descriptor, 1)
        try:
            if orphaned:
                orphaned()
        finally:
            # However that went: an orphan that stays holds the port or the lock for ever.
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(grace)
            os._exit(1)

    # Not for the grandchildren: they end with us.
    os.set_inheritable(int(given), False)
    threading.Thread(target=watch, args=(int(given),), name="lifeline", daemon=True).start()


def sign_in_link(base: str) -> tuple[str, str] | None:
    """A fresh one-time link for a one-person installation: (e-mail, address). None when there are several people, and
    in production: there a terminal or a log is no proof of who reads it."""
    from django.conf import settings

    from elistit.accounts import links
    from elistit.accounts.models import User

    first_user()
    people = list(User.objects.filter(is_active=True).order_by("pk")[:2])
    if len(people) != 1 or settings.PRODUCTION:
        return None
    return people[0].email, links.address(links.make_link(people[0]), base)


@click.command("web", short_help="Start the web server.")
@host_option
@port_option
@processes_option
@with_json
def web_command(host: str, port: int, processes: int | None, as_json: bool) -> None:
    """Start the web server. Work is done by `elistit worker` beside it; `elistit up` is both in one."""
    supervised = bool(handover.read(handover.LIFELINE))
    tie_to_parent()
    # `up` has prepared everything and says where the pages are. This process only starts the one that answers, and stays small.
    if not supervised:
        processes = _prepare_pages(host, port, as_json, processes)
    handover.hand(handover.WEB_MAIN, str(os.getpid()))

    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "elistit.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=processes or 1,
        websockets=False,
        # Its only warning here is advice on the number of threads, which wait on the database most of the time.
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=20,
    ).serve()


def _prepare_pages(host: str, port: int, as_json: bool, processes: int | None) -> int:
    """Prepare everything that `up` has otherwise prepared. How many processes answer."""
    from elistit import config

    preflight.ready(thorough=True)
    base = own_address(host, port)
    config.change({"ELISTIT_BASE_URL": base})
    remember_address(base)
    port_must_be_free(host, port)
    announce(base, sign_in_link(base), as_json)
    _close_connections()
    return processes or config.current().people.web_processes


@click.command("worker", short_help="Start a worker.")
@concurrency_option
@with_json
def worker_command(concurrency: int | None, as_json: bool) -> None:
    """Do the work of launched projects until stopped. On SQLite one worker process runs at a time; on PostgreSQL any
    number, on any number of machines. SIGTERM or Ctrl-C hands back the running work without counting the attempt."""
    supervised = bool(handover.read(handover.LIFELINE))
    tie_to_parent(_stop_soon, grace=4 * ORPHAN_SECONDS)
    preflight.ready(thorough=not supervised)
    if as_json and not supervised:
        answer_json({"state": "working", "process": os.getpid()})
    _close_connections()

    from elistit.api.webhooks import delivering
    from elistit.maintenance.service import WorkerMaintenance
    from elistit.runtime import worker

    delivering.start()
    try:
        worker.run(WorkerMaintenance(), concurrency)
    except worker.AlreadyRunning as other:
        raise Failed(str(other)) from other


def _stop_soon() -> None:
    """The worker of a killed `up` hands back its work in seconds: the next `up` has a worker that waits for the lock. One that
    is still starting has nothing to hand back, and must not be imported from a second thread."""
    stop_within = getattr(sys.modules.get("elistit.runtime.worker"), "stop_within", None)
    if stop_within:
        stop_within(ORPHAN_SECONDS)


def _close_connections() -> None:
    """Before a server starts processes or threads of its own: none of them may inherit our connection, nor the pool it came
    from. A copied pool has no threads: it would hand out one connection, shared with us, until the database restarts, and
    then none."""
    from django.db import connections

    # It is loaded only where it made its tables.
    if engine := sys.modules.get("elistit.runtime.engine"):
        engine.queue.close()
    connections.close_all()
    for connection in connections.all(initialized_only=True):
        if hasattr(connection, "close_pool"):
            connection.close_pool()


@click.command("up", short_help="Start the web server and the workers, in one command.")
@host_option
@port_option
@concurrency_option
@click.option("--practice/--no-practice", default=True, help="Start with a practice shop, unless Etsy is configured.")
@with_json
def up_command(host: str, port: int, concurrency: int | None, practice: bool, as_json: bool) -> None:
    """Serve the pages and run one worker, for one's own machine and small shops. Ctrl-C stops both.

    Unless Etsy is configured, a practice shop that answers like Etsy runs beside them, on this machine only."""
    from elistit import config
    from elistit.cli import practice as practice_shop
    from elistit.cli import supervise
    from elistit.cli.supervisor import Child

    preflight.ready(thorough=True)
    port_must_be_free(host, port, PORT_SECONDS)
    base = own_address(host, port)
    remember_address(base)
    link = sign_in_link(base)
    shop = practice_shop.begin(practice, PORT_SECONDS)
    _close_connections()
    answering = ["--host", host, "--port", str(port), "--processes", str(config.current().people.web_processes)]
    work = ["worker", *(["--concurrency", str(concurrency)] if concurrency else [])]
    supervise.become(
        supervise.Order(
            children=[
                Child("The web server", ["web", *answering], essential=True),
                Child("The worker", work),
                *([practice_shop.child(shop)] if shop else []),
            ],
            environment={"ELISTIT_BASE_URL": base, handover.PRACTICE_SHOP: shop},
            host=host,
            port=port,
            base=base,
            link=link,
            practice_shop=shop,
            as_json=as_json,
        )
    )
