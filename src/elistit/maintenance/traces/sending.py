"""The maintenance task that sends spans, and where it continues.

The cursor is the end of what was sent and an id below every attempt that may still end. A collector that is down keeps the
cursor where it is, for a day; older spans are left out. Sending begins when tracing is first on: what ended before isn't sent.
"""

from __future__ import annotations

import datetime as dt
import threading

from elistit import config, ports
from elistit.config import Config
from elistit.maintenance.task import Run, Task
from elistit.maintenance.traces import otlp, reading

INTERVAL = 5.0
LONGEST = dt.timedelta(days=1)
"""Spans that ended longer ago are no longer sent."""
OVERLAP = dt.timedelta(seconds=30)
"""What ended so long before the last look is read again: its transaction may have ended after it."""


def tasks() -> tuple[Task, ...]:
    """The task, where a collector is set."""
    return (
        (Task("send-traces", INTERVAL, send_due, "spans sent", looks_first=True),)
        if config.current().tracing.url
        else ()
    )


def send_due(run: Run) -> int:
    """Send the spans of what has ended since the last run. How many were sent. Raises NotSent, and continues there next time."""
    now = ports.now()
    since, above = _continued(run.cursor, now)
    if not run.cursor:
        run.cursor = _cursor(now, reading.lowest_id(now - OVERLAP, 0))
        return 0
    send = otlp.sender(*_collector(config.current()))
    behind = reading.lowest_id(now - OVERLAP, above)
    position, jobs_until, sent = (since - OVERLAP, 0), since - OVERLAP, 0
    while not run.expired():
        rows = reading.attempts(above, position, now)
        full = len(rows) == reading.ROWS
        until = rows[-1].ended_at if full else now
        assert until is not None, "only attempts that have ended are read"
        spans = [*reading.of_attempts(rows), *reading.of_jobs(jobs_until, until)]
        fresh = [span for span in spans if not _sent.knows(span.id)]
        if fresh:
            run.act()
            send(fresh)
            _sent.add([span.id for span in fresh], now)
            sent += len(fresh)
        if not full:
            # While nothing ends the cursor stays: what is read from it again is nothing, and storing it is a write.
            if spans or now - since > LONGEST / 2:
                run.cursor = _cursor(now, behind)
            break
        position, jobs_until = (until, rows[-1].pk), until
        run.cursor = _cursor(max(since, until), above)
    return sent


class _Sent:
    """The ids this process has sent lately, so that what is read again isn't sent again. A new process sends some twice,
    under the same ids."""

    def __init__(self) -> None:
        self._at: dict[int, dt.datetime] = {}
        self._guard = threading.Lock()

    def knows(self, span: int) -> bool:
        return span in self._at

    def add(self, ids: list[int], now: dt.datetime) -> None:
        with self._guard:
            self._at = {span: at for span, at in self._at.items() if now - at <= 4 * OVERLAP}
            self._at |= dict.fromkeys(ids, now)


_sent = _Sent()


def _collector(settings: Config) -> tuple[str, tuple[tuple[str, str], ...]]:
    return settings.tracing.url, headers(settings.tracing.headers.get_secret_value())


def headers(text: str) -> tuple[tuple[str, str], ...]:
    """The headers of `name=value,name=value`, as the setting was checked."""
    pairs = (part.partition("=") for part in text.split(",") if part)
    return tuple((name.strip().lower(), value.strip()) for name, _, value in pairs)


def _cursor(at: dt.datetime, above: int) -> str:
    return f"{at.isoformat()} {above}"


def _continued(cursor: str, now: dt.datetime) -> tuple[dt.datetime, int]:
    """Where to continue. A moment that is yet to come was written by a clock that was ahead."""
    if not cursor:
        return now, 0
    at, above = cursor.split(" ")
    return min(now, max(dt.datetime.fromisoformat(at), now - LONGEST)), int(above)
