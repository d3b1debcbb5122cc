"""How each model is doing, shown beside it before a launch: paused, down, or how quick it has been lately.

From this installation's own newest attempts and calls, and nothing else. It decides nothing: what counts as failing is
`chain.model_availability`, whether a model may be used is decided where a project is launched (`actions.commands`).
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from elistit import ports
from elistit.chain import model_availability
from elistit.chain.models import Attempt
from elistit.credits.prices import ModelPrice
from elistit.projects.states import Stage
from elistit.studio.estimate import span

NEWEST = 300
"""Attempts looked at, over all models; one query however long the history is."""
AMONG = 5_000
"""…found among so many of the newest of every kind."""
LATELY = dt.timedelta(hours=24)
EACH = 20
ENOUGH = 3


@dataclass(frozen=True)
class ModelHealth:
    """`words` is one sentence for the form, or nothing where nothing is known. `paused` models cannot be launched with."""

    price: ModelPrice
    words: str = ""
    paused: bool = False
    failing: bool = False


def of_models(models: Iterable[ModelPrice]) -> list[ModelHealth]:
    """Each model with how it is doing now, in the order given."""
    paused, failing, attempts = model_availability.paused(), model_availability.degraded(), _newest_attempts()
    return [_one(m, paused.get(m.provider), failing.get(m.code), attempts[m.code]) for m in models]


def _newest_attempts() -> dict[str, list[float]]:
    """By model, how many seconds each of its newest images took, newest first."""
    since, found = ports.now() - LATELY, defaultdict[str, list[float]](list)
    newest = Attempt.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    rows = (
        Attempt.objects.filter(
            pk__gt=newest - AMONG,
            stage=Stage.GENERATING,
            item__gt=0,
            note=False,
            outcome="made",
            ended_at__isnull=False,
        )
        .order_by("-id")
        .values_list("job__project__model", "started_at", "ended_at")
    )
    for model, started, ended in rows[:NEWEST]:
        if ended is not None and started > since and len(found[model]) < EACH:
            found[model].append((ended - started).total_seconds())
    return found


def _one(model: ModelPrice, pause: str | None, problem: str | None, took: list[float]) -> ModelHealth:
    if pause is not None:
        return ModelHealth(model, f"Not working right now: {pause}", paused=True)
    if problem:
        return ModelHealth(model, f"Not working right now: {problem}", failing=True)
    if len(took) < ENOUGH:
        return ModelHealth(model)
    usual = statistics.median(took)
    quick = f"about {round(usual)} seconds" if 1.5 <= usual < 10 else "about a second" if usual < 1.5 else span(usual)
    return ModelHealth(model, f"{quick.capitalize()} per image lately.")
