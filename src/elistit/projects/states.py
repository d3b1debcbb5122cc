"""Where a project and a job may stand and where they may go from there: the one transition table.

The database triggers (migration `projects.0002`), the guarded updates in `projects` and `chain`, the diagram in
`chain/README.md` and the tests are all made from the two tables here. A change of state that is not in them is
refused by the database itself.
"""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """The state of a project (rules §2)."""

    QUEUED = "queued"
    BRIEFING = "briefing"
    GENERATING = "generating"
    AWAITING_APPROVAL = "awaiting_approval"
    DESIGN_READY = "design_ready"
    PROCESSING = "processing"
    DELIVERING = "delivering"
    LISTING = "listing"
    DRAFTING = "drafting"
    COMPLETED = "completed"
    FAILED = "failed"
    DELETED = "deleted"


class JobStatus(StrEnum):
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    WAITING = "WAITING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class ItemState(StrEnum):
    PENDING = "pending"
    MADE = "made"
    BLOCKED = "blocked"
    FAILED = "failed"
    DROPPED = "dropped"


S = Stage
STAGE_TRANSITIONS: dict[Stage, frozenset[Stage]] = {
    S.QUEUED: frozenset({S.BRIEFING, S.FAILED, S.DELETED}),
    S.BRIEFING: frozenset({S.GENERATING, S.PROCESSING, S.FAILED, S.DELETED}),
    S.GENERATING: frozenset({S.AWAITING_APPROVAL, S.DESIGN_READY, S.PROCESSING, S.FAILED, S.DELETED}),
    S.AWAITING_APPROVAL: frozenset({S.GENERATING, S.PROCESSING, S.FAILED, S.DELETED}),
    S.DESIGN_READY: frozenset({S.PROCESSING, S.DELETED}),
    S.PROCESSING: frozenset({S.DELIVERING, S.DESIGN_READY, S.FAILED, S.DELETED}),
    S.DELIVERING: frozenset({S.LISTING, S.DESIGN_READY, S.FAILED, S.DELETED}),
    S.LISTING: frozenset({S.DRAFTING, S.COMPLETED, S.DELETED}),
    S.DRAFTING: frozenset({S.COMPLETED, S.DELETED}),
    S.COMPLETED: frozenset({S.LISTING, S.DELETED}),
    S.FAILED: frozenset({S.DELETED}),
    S.DELETED: frozenset(),
}

J = JobStatus
JOB_TRANSITIONS: dict[JobStatus, frozenset[JobStatus]] = {
    J.QUEUED: frozenset({J.RUNNING, J.FAILED, J.CANCELLED}),
    J.RUNNING: frozenset({J.WAITING, J.SUCCEEDED, J.FAILED, J.CANCELLED}),
    J.WAITING: frozenset({J.RUNNING, J.FAILED, J.CANCELLED}),
    J.SUCCEEDED: frozenset(),
    J.FAILED: frozenset(),
    J.CANCELLED: frozenset(),
}

ACTIVE_JOB = (JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.WAITING)
TERMINAL_JOB = (JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED)
TERMINAL_STAGE = (Stage.COMPLETED, Stage.FAILED, Stage.DELETED)


def stages_before(after: Stage) -> list[Stage]:
    """Every stage from which `after` may be reached; what a guarded UPDATE puts in its WHERE."""
    return [before for before, targets in STAGE_TRANSITIONS.items() if after in targets]


def statuses_before(after: JobStatus) -> list[JobStatus]:
    return [before for before, targets in JOB_TRANSITIONS.items() if after in targets]
