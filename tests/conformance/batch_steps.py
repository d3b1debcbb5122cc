"""Steps with batches that several test files take: drafting, editing, launching, and what was written."""

from __future__ import annotations

from typing import Any

from elistit.actions import batch_planning, batch_queries, batches
from elistit.credits import audit
from elistit.credits.models import CreditTransaction
from elistit.projects.batch_list import ReadList, read_lines
from elistit.projects.batch_models import Batch, BatchLaunch, BatchRow
from elistit.projects.models import Job, Project
from elistit.projects.request_models import AcceptedRequest
from tests.conformance.conftest import World

IDEAS = "woodland animals\nsea creatures\ncute dinosaurs\n"


def drafted(world: World, text: str = IDEAS) -> Batch:
    return planned(world, read_lines(text, {"product": "clipart", "count": "15"}))


def planned(world: World, read: ReadList) -> Batch:
    batch = batches.draft(world.user, "", read)
    batch_planning.plan_all(world.user, batch.pk)
    return batch


def edited(world: World, batch: Batch, edit: batches.RowEdit) -> None:
    batches.edit(world.user, batch.pk, [edit])
    batch_planning.plan_all(world.user, batch.pk)


def launched(world: World, batch: Batch, *numbers: int, key: str = "b") -> Batch:
    return batches.launch(world.user, batch.pk, numbers or (1, 2, 3), idempotency_key=key)


def spent(world: World) -> list[int]:
    return [amount for kind, amount, _ in world.rows() if kind == "SPEND_CREDIT"]


def sound() -> None:
    assert [check for check in audit.run()["checks"] if not check["ok"]] == []


def shown_of(batch: Batch) -> dict[str, Any]:
    return batch_queries.describe(Batch.objects.get(pk=batch.pk))


def written() -> list[int]:
    models = (Project, Job, AcceptedRequest, CreditTransaction, BatchLaunch, Batch, BatchRow)
    return [model.objects.count() for model in models]
