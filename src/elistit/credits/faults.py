"""Isolation of bad rows: passes over many rows catch an error, report it and continue.

A pass works on each row in a separate transaction inside `caught`. A row that fails is reported to the caller and left
as it was, and the remaining rows are still processed. It must never hide a database outage: that stops the pass,
because every further row would fail for the same reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from django.db import InterfaceError, OperationalError, connection

log = structlog.get_logger(__name__)

Report = Callable[[str, Exception], None]
"""Receives the row in words (“plan of seller 7”) and the error."""


def log_fault(row: str, error: Exception) -> None:
    """Log a row that failed, for callers that don't collect reports."""
    log.error("a row could not be processed", row=row, error=f"{type(error).__name__}: {error}"[:300])


@contextmanager
def caught(row: str, report: Report, but: Callable[[Exception], bool] = lambda error: False) -> Iterator[None]:
    """Report an exception inside the block and continue after it. Re-raises only exceptions that mean a database
    outage, and those for which `but` returns True because every further row would meet them."""
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
