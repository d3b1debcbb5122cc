"""The proof that the world in memory is right: the same history lived on SQLite too, compared to the last row.

Compared are the decisions, the story, the number of statements, what broke, and every row of every table the rules know.
"""

from __future__ import annotations

from typing import Any

from elistit.simulator import running
from elistit.simulator.memory import world
from elistit.simulator.running import Result

Rows = dict[str, dict[Any, dict[str, Any]]]


BY_PROCESS = ("holder",)
"""Columns that name the process itself, and so are never the same in two worlds."""


def compared(seed: int, faults: str = "usual") -> tuple[Result, list[str]]:
    """The history as it was in memory, and everything in which SQLite did not agree. Needs `prepare` with tables."""
    on_sqlite: list[Rows] = []
    real = running.history(seed, faults=faults, look=lambda: on_sqlite.append(_rows()))
    in_memory: list[Rows] = []
    quick = running.history(seed, memory=True, faults=faults, look=lambda: in_memory.append(_rows()))
    found = [
        f"{name} is {str(getattr(quick, name))[:60]} in memory and {str(getattr(real, name))[:60]} on SQLite"
        for name in ("projects", "steps", "statements", "calls", "violations", "choices", "ends", "faults")
        if getattr(quick, name) != getattr(real, name)
    ]
    for ours, theirs in zip([*quick.told, ""], [*real.told, ""], strict=False):
        if ours != theirs:
            found.append(f"the story says “{ours}” in memory and “{theirs}” on SQLite")
            break
    return quick, found + _differences(in_memory[0], on_sqlite[0])


def _rows() -> Rows:
    """Every row of every table, as the models read them."""
    found: Rows = {}
    for model in world.MODELS:
        columns = [f.attname for f in model._meta.concrete_fields if f.attname not in BY_PROCESS]
        rows = model._default_manager.order_by("pk") if world.active() is None else model.objects.order_by("pk")  # type: ignore[attr-defined]
        found[model._meta.db_table] = {row[model._meta.pk.attname]: row for row in rows.values(*columns)}
    return found


def _differences(ours: Rows, theirs: Rows) -> list[str]:
    found = []
    for table, rows in ours.items():
        others = theirs[table]
        for key in sorted({*rows, *others}, key=str):
            if rows.get(key) != others.get(key):
                found.append(f"row {key} of {table} is {rows.get(key)} in memory and {others.get(key)} on SQLite")
    return found[:5]
