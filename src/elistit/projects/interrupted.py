"""Actions that an error interrupted: what was charged, nothing was, or it isn't known yet (rules §7).

The answer comes from the ledger's rows alone, read over a new connection. It must never say that nothing was charged unless
the database says so.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

from elistit.projects.idempotency import REFUSALS

log = logging.getLogger(__name__)
T = TypeVar("T")

LOOKUP_TIMEOUT_MS = 3_000
"""How long a lookup waits for a running transaction that holds the key."""


@dataclass(frozen=True)
class Found:
    """A request that is recorded: its answer, and what it was charged, in credits."""

    answer: dict[str, Any]
    charged: int


class NotKnown(Exception):
    """The database can't say now whether a request was accepted."""


class Outcome(StrEnum):
    """What is known about an action that an error interrupted."""

    ACCEPTED = "accepted"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


class Interrupted(Exception):
    """An error of ours interrupted an action. `outcome` is what the ledger says; the message is for the seller."""

    def __init__(self, outcome: Outcome, key: str, found: Found | None = None) -> None:
        self.outcome, self.key, self.found = outcome, key, found
        super().__init__(self.sentence("Retry with the same Idempotency-Key"))

    def sentence(self, again: str) -> str:
        """What the ledger says, in words for the seller. `again` says how to repeat the request, as the beginning of a sentence."""
        if self.outcome == Outcome.NOTHING:
            return "This is our fault. You weren't charged for this request."
        if self.found is None:
            return f"We don't know yet whether this went through. {again}: you can't be charged twice."
        credits = "1 credit was" if self.found.charged == 1 else f"{self.found.charged:,} credits were"
        project = self.found.answer.get("project")
        of = f" for project {project}" if project else ""
        return (
            f"This is our fault. The request was accepted and {credits} charged{of}. {again} to see it: you can't be "
            "charged twice."
        )


def run(owner_id: int, key: str, action: Callable[[], T], *, refusals: tuple[type[Exception], ...] = ()) -> T:
    """Run an action that goes through `idempotency.accept`; if an error interrupts it, find out whether it went through.

    If it was accepted, it is called again, which returns the stored answer. If it wasn't, the error is raised with the
    outcome attached (`interruption_of`). If that can't be found out, or the stored answer can't be read, Interrupted is
    raised from the error. Refusals are raised unchanged. Inside a caller's transaction nothing is known until it ends:
    the code that opened the transaction calls this.
    """
    if connection.in_atomic_block:
        return action()
    passed_on: tuple[type[Exception], ...] = (*REFUSALS, *refusals, Interrupted)
    try:
        return action()
    except passed_on:
        raise
    except Exception as fault:
        log.exception("an action that costs credits was interrupted")
        raised = outcome_of(owner_id, key)
        if raised.outcome == Outcome.ACCEPTED:
            connection.close()
            try:
                return action()
            except Exception:
                log.exception("the answer of an accepted action couldn't be read")
        elif raised.outcome == Outcome.NOTHING:
            fault.interrupted = raised  # type: ignore[attr-defined]
            raise
        raise raised from fault


def interruption_of(fault: BaseException) -> Interrupted | None:
    """What `run` found out about the action an error interrupted; None for any other error."""
    found = fault if isinstance(fault, Interrupted) else getattr(fault, "interrupted", None)
    return found if isinstance(found, Interrupted) else None


def outcome_of(owner_id: int, key: str) -> Interrupted:
    """What happened to an interrupted action, as an exception whose message says it."""
    try:
        found = look_up(owner_id, key)
    except NotKnown:
        return Interrupted(Outcome.UNKNOWN, key)
    return Interrupted(Outcome.ACCEPTED if found else Outcome.NOTHING, key, found)


def look_up(owner_id: int, key: str) -> Found | None:
    """Find a recorded request over a new connection. None means it isn't recorded and no running transaction can still
    record it. Raises NotKnown when the database can't say."""
    fresh = _fresh()
    try:
        if fresh.vendor == "postgresql" and _free(fresh, owner_id, key.strip()):
            return None
        return _recorded(fresh, owner_id, key.strip())
    except Error as problem:
        log.warning("an interrupted request couldn't be looked up: %s", type(problem).__name__)
        raise NotKnown from problem
    finally:
        try:
            fresh.close()
        except Error:
            log.debug("a connection couldn't be closed", exc_info=True)


def _fresh() -> BaseDatabaseWrapper:
    """A new connection outside the pool, so that nothing is left of the broken one."""
    known = connection.settings_dict
    options = {k: v for k, v in known["OPTIONS"].items() if k != "pool"}
    if connection.vendor == "postgresql":
        options["connect_timeout"] = min(5, int(options.get("connect_timeout", 5)))
    wrapper: type[BaseDatabaseWrapper] = load_backend(known["ENGINE"]).DatabaseWrapper
    return wrapper({**known, "OPTIONS": options}, DEFAULT_DB_ALIAS)


def _free(fresh: BaseDatabaseWrapper, owner_id: int, key: str) -> bool:
    """Whether no request has this key, and no running transaction can still commit one.

    PostgreSQL may still be busy with a COMMIT whose client is gone. Inserting the key waits on the unique index
    until that transaction ends. The insert itself is always rolled back.
    """
    fresh.set_autocommit(False)
    try:
        with fresh.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {LOOKUP_TIMEOUT_MS}")
            cursor.execute(
                "INSERT INTO projects_acceptedrequest (owner_id, key, act, digest, answer, created_at)"
                " VALUES (%s, %s, 'look', '', '{}', now()) ON CONFLICT (owner_id, key) DO NOTHING",
                [owner_id, key],
            )
            return bool(cursor.rowcount)
    finally:
        fresh.rollback()


def _recorded(fresh: BaseDatabaseWrapper, owner_id: int, key: str) -> Found | None:
    with fresh.cursor() as cursor:
        cursor.execute(
            "SELECT r.answer, (SELECT COALESCE(SUM(-t.amount), 0) FROM projects_acceptedcharge c"
            "  JOIN credits_credittransaction t ON t.id = c.posting WHERE c.request_id = r.id)"
            " FROM projects_acceptedrequest r WHERE r.owner_id = %s AND r.key = %s",
            [owner_id, key],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    answer = json.loads(row[0]) if isinstance(row[0], str | bytes) else row[0]
    return Found(answer, int(row[1]))
