"""A worker that really kills itself between two statements of its tries, or around a commit: the next one finishes, and neither
the books nor the files show it. One point here; `python bench/points.py --processes` takes every so-manieth of a whole project.
"""

from __future__ import annotations

import os
import signal

import pytest

from elistit.chain.models import Attempt, ProviderCall
from elistit.credits import audit
from elistit.projects.models import Item, Job

from .conftest import Farm

pytestmark = pytest.mark.processes

# `bench/points.py` asks for other points, e.g. 1,26,51.
POINTS = [int(n) for n in os.environ.get("POINTS_OF_DEATH", "163").split(",")]


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_that_dies_at_a_point_leaves_no_trace_in_the_books(farm: Farm, point: int) -> None:
    first = farm.worker(DIE_AT=str(point))
    project = farm.launch(product="sticker", count=2)
    second = None

    def ended() -> bool:
        nonlocal second
        if first.poll() is not None and second is None:
            assert first.returncode == -signal.SIGKILL, "it died as it was told, not of a fault"
            second = farm.worker()
        project.refresh_from_db()
        if project.stage == "awaiting_approval":
            farm.approve(project)
        return project.stage in ("completed", "failed")

    farm.wait(ended, 120, "the project to end")
    assert second is not None, f"a project has more than {point} points"
    assert project.stage == "completed"
    assert farm.rows() == [("SPEND_CREDIT", -4)]
    assert set(Job.objects.values_list("status", flat=True)) == {"SUCCEEDED"}
    assert set(Item.objects.values_list("state", flat=True)) == {"made"}
    assert not Attempt.objects.filter(note=False, ended_at=None).exists()
    assert not ProviderCall.objects.exclude(state="answered").exists()
    assert len({key.split(":")[0] for key in farm.counts() if ":" in key}) == 2
    assert audit.run()["ok"]
