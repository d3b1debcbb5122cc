"""Whether a file may be served: the one answer for pages, API, kits, ZIPs, Drive copies and direct addresses (rules §5.3).

What is refunded isn't kept. Small previews stay, as evidence. An order (a paid round and its free remakes) gives its seller
one image: until the approval decides which, an order with a choice is shown as previews. It must never change a row.
"""

from __future__ import annotations

from elistit.projects import rounds
from elistit.projects.models import FileRole, Item, ItemRound, JobKind, Project, ProjectFile
from elistit.projects.states import ItemState, JobStatus, Stage

UNDECIDED = frozenset({Stage.QUEUED, Stage.BRIEFING, Stage.GENERATING, Stage.AWAITING_APPROVAL})
ORIGINALS = frozenset({FileRole.IMAGE, FileRole.SOURCE, FileRole.RECEIVED})


class Serving:
    """The answers for one project, read in three queries. `may` is pure after that."""

    def __init__(self, project: Project) -> None:
        self.deleted = project.stage == Stage.DELETED
        self.undecided = project.stage in UNDECIDED
        jobs = list(project.jobs.all())
        self.failed = {job.pk for job in jobs if job.status == JobStatus.FAILED}
        launch = next(job for job in jobs if job.kind == JobKind.LAUNCH)
        items = list(launch.items.all())
        self.items: dict[int, Item] = {item.number: item for item in items}
        self.rounds = rounds.of_job(launch, items)

    def may(self, file: ProjectFile) -> bool:
        """Whether a file of this project may be served to its owner now."""
        if self.deleted:
            return False
        if file.role == FileRole.PREVIEW:
            return True
        if file.job_id in self.failed:
            return False
        item = self.items.get(file.item or 0)
        if item is None:
            return True
        if item.state in (ItemState.BLOCKED, ItemState.FAILED):
            return False
        if file.role in ORIGINALS:
            return self._is_the_image(item, file.round)
        return item.state == ItemState.MADE

    def _is_the_image(self, item: Item, number: int) -> bool:
        """Whether a round made the one image its order gives."""
        rows = self.rounds[item.number]
        row = next((r for r in rounds.versions(rows) if r.number == number), None)
        if row is None or row.returned:
            return False
        made = [r for r in rounds.versions(rows) if r.order == row.order]
        if self.undecided:
            return len(made) == 1 and not row.flags
        return row is _the_image(item, made)


def _the_image(item: Item, made: list[ItemRound]) -> ItemRound:
    """Of the versions of one order: the chosen one, else the one our check did not flag, else the last."""
    kept = rounds.chosen(item, made)
    return kept or next((r for r in reversed(made) if not r.flags), made[-1])


def may_serve(file: ProjectFile) -> bool:
    """Whether a file may be served to its owner now. For many files of one project, use one `Serving`."""
    return Serving(file.project).may(file)
