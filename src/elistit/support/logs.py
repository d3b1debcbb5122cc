"""One JSON line per log record when ELISTIT_LOG_FORMAT=json, with the project and the job it is about.

The ids come from what the code bound (`about`), from the record's own `extra`, or from the message where it names them.
Addresses, e-mails and secrets are never added here; a line holds what the call site wrote and these ids.
"""

from __future__ import annotations

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog
from django.core.signals import request_finished, request_started

from elistit import config

ULID = "[0-9A-HJKMNP-TV-Z]{26}"
NAMED = re.compile(rf"\b(job|project)s?[ :/]({ULID})")
EXTRAS = structlog.stdlib.ExtraAdder(allow=["job", "project", "stage", "item", "worker"])


def about(**ids: str) -> None:
    """Name the project or job that this request or piece of work is about, for every line that follows in it."""
    structlog.contextvars.bind_contextvars(**ids)


def _ids(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add `job` and `project` when the message names them and nothing else has."""
    for what, found in NAMED.findall(str(event.get("event", ""))):
        event.setdefault(what, found)
    return event


def formatter() -> logging.Formatter:
    """The formatter of one JSON object per line: time (UTC), level, logger, event, ids, and the traceback if any."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            EXTRAS,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _ids,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(sort_keys=True, ensure_ascii=False),
        ],
    )


def configure() -> None:
    """Switch the root's handlers to JSON when the environment asks for it. Safe to call again."""
    request_started.connect(_forget, dispatch_uid="elistit-logs-started")
    request_finished.connect(_forget, dispatch_uid="elistit-logs-finished")
    if config.current().general.log_format != "json":
        return
    for handler in logging.getLogger().handlers:
        handler.setFormatter(formatter())


def _forget(**_: Any) -> None:
    # A server thread answers many requests; the ids of one must not appear in the lines of the next.
    structlog.contextvars.clear_contextvars()
