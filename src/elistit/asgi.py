"""The entry of the web server: streams of live pages as plain ASGI, everything else through Django in threads.

Measured before it was built so (docs/decisions/0013-live-pages.md): a stream through Django's own ASGI handler holds a
thread and a database connection; here it holds neither.
"""

from __future__ import annotations

import gc
from typing import Any

from elistit import handover, lifeline

# First of all, so that no child is left behind by a main process that dies while this one is still loading.
lifeline.end_with_named(handover.take(handover.WEB_MAIN))
# Nothing that is loaded goes away again: looking for what does was a fifth of the time it takes.
gc.disable()

from elistit import config  # noqa: E402
from elistit.bridge import Bridge  # noqa: E402
from elistit.wsgi import application as pages  # noqa: E402

# Django must be set up, by the import above, before its models are imported.
from django.db import DEFAULT_DB_ALIAS, connections  # noqa: E402  # isort: skip
from elistit.studio import api_streams, streams  # noqa: E402  # isort: skip

KEPT_OPEN = 60
"""Seconds a thread keeps its connection to the SQLite file from one request to the next: opening one, which reads all tables'
definitions, costs more than most pages. PostgreSQL's are in a pool."""


def _settle() -> None:
    """Set what only a process that answers one request after the other needs. Call it once, when everything is loaded."""
    database = connections.settings[DEFAULT_DB_ALIAS]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["CONN_MAX_AGE"] = KEPT_OPEN
        # Each thread has a cache of its own and pages come out of the kernel's as quickly: 2 MB instead of up to 32.
        database["OPTIONS"]["init_command"] += " PRAGMA cache_size=-2000;"
    # What is loaded stays, and a page leaves little behind that counting references doesn't free: the search for
    # unreachable objects begins with what requests make, and seldom. It was a tenth of a page.
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()


_settle()
_pages = Bridge(pages, threads=config.current().people.web_threads)
watch = streams.Watch()


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"].startswith(streams.PREFIX):
        await streams.serve(scope, receive, send, watch)
    elif scope["type"] == "http" and api_streams.project_of(scope) is not None:
        await api_streams.serve(scope, receive, send, watch, _pages)
    elif scope["type"] == "http":
        await _pages(scope, receive, send)


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            watch.close()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
