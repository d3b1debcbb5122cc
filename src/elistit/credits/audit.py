"""Audit of the ledger, alone and against the projects (rules §7): `elistit audit`.

Everything is recomputed with separate SQL and hashing that share no code with the ledger, so that one mistake can't
hide another. Read-only, in one consistent snapshot, row by row, so that memory doesn't grow with the ledger. It must
never correct anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from elistit import ports
from elistit.credits import audit_books, audit_drafts, audit_projects, audit_requests
from elistit.credits.audit_reading import Finding, HeldDraft, StoreCheck, WorkCheck

MOST_SHOWN = 100  # Violations listed per check; further ones are counted.

Check = Callable[[], Iterator[Finding]]


def checks(
    store_check: StoreCheck | None = None,
    work_check: WorkCheck | None = None,
    held: Iterable[HeldDraft] | None = None,
) -> dict[str, Check]:
    """Every check by its name. A check yields, for the rows it looked at, how many are right or what is wrong with one."""
    found = {**audit_books.CHECKS, **audit_projects.CHECKS, **audit_drafts.CHECKS, **audit_requests.CHECKS}
    if store_check is not None:
        found["the bytes of every file match its digest"] = lambda: audit_projects.file_bytes(store_check)
    if work_check is not None:
        found["every running job has its next attempt queued"] = lambda: audit_projects.active_jobs_have_work(
            work_check, ports.now()
        )
    if held is not None:
        found["each project has at most one draft in the Etsy shops"] = lambda: audit_drafts.shops_hold_one(held)
    return found


def run(
    store_check: StoreCheck | None = None,
    work_check: WorkCheck | None = None,
    held: Iterable[HeldDraft] | None = None,
) -> dict[str, Any]:
    """Run every check and return `{"ok", "checks": [{"name", "ok", "checked", "violations": [sentence, …]}]}`, JSON-safe.

    `store_check(path, sha256)`, if given, is called for every file of a project that isn't deleted, and returns whether
    file storage has exactly these bytes. `work_check(job)`, if given, returns whether the engine has work for a job; it
    is called only for jobs that should be running and have been silent for a minute. `held`, if given, lists the drafts
    in the connected shops, read beforehand, because nothing may wait for a network inside the snapshot.
    """
    with _snapshot():
        results = [_run_one(name, check) for name, check in checks(store_check, work_check, held).items()]
    return {"ok": all(result["ok"] for result in results), "checks": results}


def _run_one(name: str, check: Check) -> dict[str, Any]:
    checked, wrong, shown = 0, 0, list[str]()
    for finding in check():
        checked += finding if isinstance(finding, int) else 1
        if isinstance(finding, str):
            wrong += 1
            if len(shown) < MOST_SHOWN:
                shown.append(finding)
    if wrong > len(shown):
        shown.append(f"and {wrong - len(shown)} more")
    return {"name": name, "ok": wrong == 0, "checked": checked, "violations": shown}


@contextmanager
def _snapshot() -> Iterator[None]:
    """One snapshot of the database for all checks, so that concurrent work causes no false alarm. Takes no lock that a
    posting would wait for; inside a caller's transaction it reads what that transaction sees."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                # It locks nothing, and may spend a long time on a large file between two rows.
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            yield
