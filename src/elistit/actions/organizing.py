"""Actions on several projects at once, and a seller's labels and archive, for the pages, the API and the command line.

Each bulk action has two halves: what it would do, project by project, for the confirmation page; and doing it. It must
do to each project exactly what the single action does, and nothing to a project that the confirmation didn't name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from elistit.accounts.models import User
from elistit.actions import commands, finished_files
from elistit.credits import ledger
from elistit.projects import gate, organizing
from elistit.projects.errors import NotFound, NotPossible
from elistit.projects.models import FileRole, Item, Job, Listing, Project, ProjectFile
from elistit.projects.organizing import add_label, archive, favorite, remove_label, rename, set_labels
from elistit.projects.states import ACTIVE_JOB, ItemState, Stage

__all__ = [
    "Changed",
    "Step",
    "add_label",
    "approvals",
    "approve_all",
    "archive",
    "delete_all",
    "deletions",
    "draft_retries",
    "favorite",
    "kits",
    "remove_label",
    "rename",
    "retry_drafts",
    "set_labels",
]

MOST = 200
"""The maximum number of projects in one bulk action."""


@dataclass(frozen=True)
class Step:
    """What a bulk action does to one project. `refusal` says why it can't, otherwise empty.

    `number` depends on the action: images that are kept, credits that won't be refunded, bytes to export. `returning`
    are the credits an approval refunds.
    """

    project: Project
    refusal: str = ""
    number: int = 0
    returning: int = 0

    @property
    def seen(self) -> str:
        """A text for the confirmation that stays the same only while the action would do the same."""
        return f"{self.project.pk}:{self.number}:{self.returning}"


class Changed(NotPossible):
    """Something changed since the confirmation was shown. Nothing was done."""

    def __init__(self) -> None:
        super().__init__("Something changed since you opened this page. Nothing was done. Check the list again.")


def _chosen(owner: User, public_ids: Iterable[str]) -> list[Project]:
    return list(organizing.own(owner, list(public_ids)[:MOST]).order_by("-public_id"))


def _hold(steps: Sequence[Step], seen: Iterable[str]) -> list[Step]:
    """The steps that can be done, if they are exactly the confirmed ones. Raises Changed."""
    doing = [step for step in steps if not step.refusal]
    if {step.seen for step in doing} != set(seen):
        raise Changed
    return doing


# ---- approving ------------------------------------------------------------------------------------------------------------


def approvals(owner: User, public_ids: Iterable[str]) -> list[Step]:
    """Approving the kept images of each project: how many there are, and what is refunded for dropped ones."""
    found = []
    for project in _chosen(owner, public_ids):
        if project.stage != Stage.AWAITING_APPROVAL:
            words = "It isn't waiting for your approval."
            if project.stage == Stage.DESIGN_READY:
                words = "Making a poster print-ready has its own price. Open it to decide."
            found.append(Step(project, words))
            continue
        job = gate.launch_job(project)
        kept = Item.objects.filter(job=job, state=ItemState.MADE).count()
        refusal = "" if kept else "No image is kept. Keep at least one, or delete the project."
        found.append(Step(project, refusal, kept, gate.refund_on_approval(job).total))
    return found


def approve_all(owner: User, public_ids: Sequence[str], seen: Iterable[str]) -> tuple[list[Step], list[Step]]:
    """Approve each project as confirmed. Returns the approved ones, and those that refused in the meantime. Raises Changed."""
    return _each(_hold(approvals(owner, public_ids), seen), lambda pk: commands.approve(owner, pk))


def _each(steps: Iterable[Step], action: Callable[[str], object]) -> tuple[list[Step], list[Step]]:
    done, refused = [], []
    for step in steps:
        try:
            action(step.project.pk)
            done.append(step)
        except (NotPossible, NotFound) as late:
            refused.append(Step(step.project, str(late)))
    return done, refused


# ---- deleting -------------------------------------------------------------------------------------------------------------


def deletions(owner: User, public_ids: Iterable[str]) -> list[Step]:
    """Deleting each project: the credits that won't be refunded, as the page of a single project states them (rules §5.4)."""
    projects = _chosen(owner, public_ids)
    jobs = dict(Job.objects.filter(project__in=projects, status__in=ACTIVE_JOB).values_list("pk", "project_id"))
    lost = dict.fromkeys((p.pk for p in projects), 0)
    for job, money in ledger.jobs_money(list(jobs)).items():
        lost[jobs[job]] += money.net
    return [Step(p, number=lost[p.pk]) for p in projects]


def delete_all(owner: User, public_ids: Sequence[str], seen: Iterable[str]) -> list[Step]:
    """Delete the projects as confirmed, all or none. Nothing is refunded. Raises Changed."""
    with transaction.atomic():
        doing = _hold(deletions(owner, public_ids), seen)
        for step in doing:
            try:
                commands.delete(owner, step.project.pk)
            except NotFound as gone:
                raise Changed from gone
        return doing


# ---- drafts and kits ------------------------------------------------------------------------------------------------------


def draft_retries(owner: User, public_ids: Iterable[str]) -> list[Step]:
    """Retrying the Etsy draft of each, free."""
    projects = _chosen(owner, public_ids)
    listings = {row.project_id: row for row in Listing.objects.filter(project__in=projects)}
    found = []
    for project in projects:
        listing = listings.get(project.pk)
        failed = listing is not None and listing.draft in (Listing.Draft.FAILED, Listing.Draft.SKIPPED)
        refusal = "" if failed and project.stage == Stage.COMPLETED else "It has no failed draft."
        if not refusal and finished_files.files_are_gone(project):
            refusal = "Its finished files have been deleted. Rebuild them first."
        found.append(Step(project, refusal))
    return found


def retry_drafts(owner: User, public_ids: Sequence[str], seen: Iterable[str]) -> tuple[list[Step], list[Step]]:
    """Retry the drafts as confirmed. Returns those that are retried, and those that refused in the meantime. Raises Changed."""
    return _each(_hold(draft_retries(owner, public_ids), seen), lambda pk: commands.retry_draft(owner, pk))


def kits(owner: User, public_ids: Iterable[str]) -> list[Step]:
    """The upload kits of each project, with the size in bytes of their content: mockups and ZIPs."""
    projects = _chosen(owner, public_ids)
    written = set(
        Listing.objects.filter(project__in=projects, text=Listing.Text.WRITTEN).values_list("project", flat=True)
    )
    sizes: dict[str, int] = {}
    packed = set()
    rows = ProjectFile.objects.filter(project__in=projects, role__in=(FileRole.MOCKUP, FileRole.ZIP))
    for pk, role, size in rows.values_list("project", "role", "bytes"):
        sizes[pk] = sizes.get(pk, 0) + size
        packed |= {pk} if role == FileRole.ZIP else set()
    return [
        Step(p, "", sizes[p.pk])
        if p.pk in written and p.pk in packed and p.stage == Stage.COMPLETED
        else Step(p, "Its files aren't packed yet.")
        for p in projects
    ]
