"""The entry of the web server: streams of live pages as plain ASGI, everything else through Django in threads.

Measured before it was built so (docs/decisions/0013-live-pages.md): a stream through Django's own ASGI handler holds a
thread and a database connection; here it holds neither.
"""

from __future__ import annotations

from typing import Any

from elistit import handover, lifeline

# First of all, so that no child is left behind by a main process that dies while this one is still loading.
lifeline.end_with_named(handover.take(handover.WEB_MAIN))

from elistit import config  # noqa: E402
from elistit.bridge import Bridge  # noqa: E402
from elistit.wsgi import application as pages  # noqa: E402

# Django must be set up, by the import above, before its models are imported.
from elistit.studio import api_streams, streams  # noqa: E402  # isort: skip

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
