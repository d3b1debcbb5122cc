"""The list of maintenance tasks.

Each is isolated: a failing task, row, plan or folder never stops another. A task that waits for mail, Stripe or a
bucket runs on its own thread like every other, so it must never delay requeueing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from elistit.credits import ledger, plans
from elistit.credits.faults import Report
from elistit.maintenance import (
    delete_files,
    drive_copies,
    old_rows,
    planned_drafts,
    print_drafts,
    rebuild_files,
    requested_launches,
    requeue_lost,
    rescue_workers,
    retention,
    retry_drafts,
    rule_checks,
    stuck_jobs,
    translations,
    unused_rows,
)
from elistit.maintenance.backups import schedule
from elistit.maintenance.own_data import ending, exporting
from elistit.maintenance.task import Run, Task, registered
from elistit.maintenance.traces.sending import tasks as traces
from elistit.payments import reconciling
from elistit.projects import finding

HOUR = 3600.0
WORDS_AT_ONCE = 500


def all_tasks() -> tuple[Task, ...]:
    """Every maintenance task, the most urgent first."""
    return (*_LOOK_FIRST, *_TASKS, *traces(), *registered())


def _rescue_orphans(run: Run) -> int:
    # On SQLite there is only one worker: what it left is recovered when the next one starts.
    if run.worker.only_worker or not run.worker.fit_to_judge():
        return 0
    if not rescue_workers.orphans(run.worker.name):
        return 0
    run.act()
    return rescue_workers.recover_orphans(run.worker.name)


def _rebuild(run: Run) -> int:
    assert run.worker.context is not None, "a task that needs a context runs in a worker"
    return rebuild_files.rebuild_due(run.worker.context, run)


def _write_words(run: Run) -> int:
    return run.each(finding.unwritten(WORDS_AT_ONCE), finding.write_words)


def _expire_grants(run: Run) -> int:
    return run.reported(lambda report: ledger.expire_due(report=report))


def _renew_plans(run: Run) -> int:
    return run.reported(lambda report: plans.renew_due(report=report))


def _stripe(act: Callable[[Report], int], run: Run) -> int:
    if act is reconciling.hear_missed_messages and reconciling.configured():
        run.act()  # It asks Stripe before it knows whether there is something to do.
    return run.reported(act)


_LOOK_FIRST = tuple(
    replace(task, looks_first=True)
    for task in (
        Task("rescue-orphans", 15, _rescue_orphans, "resumed orphaned work"),
        Task("requeue-lost", 15, requeue_lost.reconcile, "requeued lost work"),
        Task("cancel-leftovers", 15, requeue_lost.cancel_leftovers, "cancelled leftovers"),
        Task("stuck-jobs", 15, stuck_jobs.note_stuck, "noted stuck jobs"),
        # A killed worker keeps its lease for the time limit, and the list waits that long.
        Task("launch-lists", 2, requested_launches.launch_due, "requested launches settled", 20),
        Task("expire-grants", 60, _expire_grants, "expired grants", needs_clock=True),
        Task("renew-plans", 60, _renew_plans, "renewed plans", needs_clock=True),
        *(
            Task(f"stripe-{act.__name__.replace('_', '-')}", 60, partial(_stripe, act), "purchases settled", 300)
            for act in reconciling.TASKS
        ),
        Task("retry-drafts", 60, retry_drafts.retry_due, "drafts retried"),
        Task("planned-drafts", 60, planned_drafts.release_due, "planned drafts sent", needs_clock=True),
        Task("drive-copies", 3, drive_copies.copy_due, "copies made on Google Drive", HOUR),
        Task("translate-listings", 5, translations.translate_due, "translations written or uploaded", HOUR),
        Task("rebuild-files", 3, _rebuild, "rebuilt files", HOUR, needs_context=True),
        Task("write-search-words", 3, _write_words, "projects made searchable", 120),
        Task(
            "delete-files", 60, delete_files.delete_projects, "deleted files of deleted projects", 600, needs_clock=True
        ),
        Task("retention", 60, retention.delete_expired, "expired finished files", 600, needs_clock=True),
        Task("delete-uploads", 60, delete_files.delete_uploads, "deleted unused uploads", 600, needs_clock=True),
        Task("delete-scenes", 60, delete_files.delete_scenes, "deleted removed scenes", 600, needs_clock=True),
        Task("delete-print-drafts", 300, print_drafts.delete_drafts, "deleted print drafts of deleted projects", 600),
        Task("delete-print-quotes", HOUR, print_drafts.delete_quotes, "deleted old print quotes", needs_clock=True),
        Task(
            "delete-work-folders", 60, delete_files.delete_work_folders, "deleted work folders", 600, needs_clock=True
        ),
        Task("build-exports", 5, exporting.build_due, "data exports built", HOUR),
        Task("expire-exports", 900, exporting.expire_due, "data exports expired", 600, needs_clock=True),
        Task("erase-accounts", 60, ending.run_due, "accounts erased", HOUR, needs_clock=True),
        Task("backup", 900, schedule.run_due, "backups taken", 6 * HOUR),
        Task("audit", 900, rule_checks.audit_due, "audits", HOUR),
        Task("purge-engine", 60, old_rows.purge_engine, "purged engine rows", needs_clock=True),
        Task("delete-sessions", HOUR, old_rows.delete_sessions, "deleted expired sessions", needs_clock=True),
        Task(
            "delete-keys",
            HOUR,
            unused_rows.delete_keys,
            "deleted revoked API keys and old daily counts",
            needs_clock=True,
        ),
        Task("delete-cache", HOUR, unused_rows.delete_cache, "deleted expired cache entries", needs_clock=True),
        Task("forget-answers", HOUR, old_rows.forget_answers, "emptied old provider answers", needs_clock=True),
        Task("delete-quotes", 300, old_rows.delete_quotes, "deleted quotes that were never launched", needs_clock=True),
    )
)
_TASKS = (
    # It asks the file storage what there is.
    Task(
        "delete-unfinished-files",
        6 * HOUR,
        delete_files.delete_parts,
        "deleted unfinished files",
        600,
        needs_clock=True,
    ),
)
