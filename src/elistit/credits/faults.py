"""Isolation of bad rows: passes over many rows catch a fault, report it and continue.

A pass works on each row in its own transaction inside `caught`. What fails is reported to the caller and left as it
was; the rows after it are worked on anyway. It must never hide that the database itself is lost: that stops the
pass, because every further row would fail for the same reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from django.db import InterfaceError, OperationalError, connection

log = structlog.get_logger(__name__)

Report = Callable[[str, Exception], None]
"""Receives the row in words (“plan of seller 7”) and what went wrong with it."""


def log_fault(row: str, error: Exception) -> None:
    """Report a row that failed to the log, where no caller wants to know of it."""
    log.error("a row could not be processed", row=row, error=f"{type(error).__name__}: {error}"[:300])


@contextmanager
def caught(row: str, report: Report, but: Callable[[Exception], bool] = lambda error: False) -> Iterator[None]:
    """Report what goes wrong inside and continue after it. Raises only what means that the database is lost, and what `but` says
    every further row would meet."""
    try:
        yield
    except InterfaceError:
        raise
    except OperationalError as error:
        if not connection.is_usable():
            raise
        report(row, error)
    except Exception as error:
        if but(error):
            raise
        report(row, error)
