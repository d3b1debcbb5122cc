"""Steps with orders that several test files take: checking one, booking one, and what was written."""

from __future__ import annotations

from typing import Any

import pytest

from elistit.projects import errors, orders
from elistit.projects import launch as launching
from elistit.projects.models import Item, Job, Project
from elistit.projects.orders import LaunchSpec

from .conftest import World

CLIPART = LaunchSpec("clipart", "woodland animals", 15)


def checked(product: str, idea: str = "boho sun", **said: Any) -> LaunchSpec:
    return orders.check(LaunchSpec(product, idea, **said))


def refused(product: str, idea: str = "boho sun", **said: Any) -> dict[str, str]:
    with pytest.raises(errors.InvalidSpec) as error:
        checked(product, idea, **said)
    return error.value.errors


def launched(world: World, spec: LaunchSpec = CLIPART, key: str = "k", **more: Any) -> Job:
    job, new = launching.launch(world.user, spec, idempotency_key=key, **more)
    assert new
    return job


def nothing_written(world: World) -> bool:
    return not (Project.objects.exists() or Job.objects.exists() or Item.objects.exists()) and world.balance() == 100
