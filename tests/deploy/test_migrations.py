"""Migrations work both ways: the version before goes on working on the tables of the next one, so that a rolling deploy and a
rollback need no stop (docs/operations/scale.md)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelManagers,
    AlterModelOptions,
    CreateModel,
    RemoveIndex,
    RunPython,
)
from django.db.migrations.operations.base import Operation

# Where each app stood when this promise was made; what came before ran nowhere in many processes.
BEFORE = {
    "accounts": 2, "api": 1, "credits": 3, "delivery": 1, "listings": 3, "maintenance": 0, "payments": 1, "pipeline": 3,
    "projects": 5, "support": 4,
}  # fmt: skip
# Changes that were looked at by hand, with what the version before makes of them.
EXAMINED = {
    "listings.0007_several_shops": "It writes one shop for a seller, as before, and finds the first of several: the draft that "
    "it makes there is looked for there (docs/decisions/0054).",
}
HARMLESS = (AddIndex, AlterModelManagers, AlterModelOptions, CreateModel, RemoveIndex, RunPython)


def breaks_the_version_before(operation: Operation) -> str | None:
    """What the code of the version before could not live with, in words; None when it can.

    New tables, indexes and data are nothing to it, and an index that is gone makes it slower at most. A new column is, when its rows
    must give it a value: only a column that may be empty, or whose default is the database's own, can be left out by code that
    does not know it.
    """
    if isinstance(operation, AddField):
        field = operation.field
        can_be_left_out = field.null or field.db_default is not models.NOT_PROVIDED or field.many_to_many
        return (
            None if can_be_left_out else f"{operation.name} must be given by code that does not know it; use db_default"
        )
    if isinstance(operation, HARMLESS) or is_only_words(operation):
        return None
    if isinstance(operation, AddConstraint):
        return f"{operation.constraint.name} may refuse what the version before writes"
    return f"{operation.describe()} takes away or changes what the version before uses; do it one version later"


def is_only_words(operation: Operation) -> bool:
    """Whether a column gets other choices and stays the same column: the database knows nothing of choices."""
    if not isinstance(operation, AlterField):
        return False
    state = MigrationLoader(None, ignore_no_migrations=True).project_state().apps
    [model] = [m for m in state.get_models() if m._meta.model_name == operation.model_name_lower]
    now = model._meta.get_field(operation.name).deconstruct()[3]
    then = operation.field.deconstruct()[3]
    return "choices" in then and {**now, "choices": None} == {**then, "choices": None}


def later_operations() -> Iterator[tuple[str, Operation]]:
    for (app, name), migration in MigrationLoader(None, ignore_no_migrations=True).disk_migrations.items():
        if app in BEFORE and int(name[:4]) > BEFORE[app]:
            # A table of the same migration is unknown to the version before, whatever its columns ask for.
            new = {o.name_lower for o in migration.operations if isinstance(o, CreateModel)}
            for operation in migration.operations:
                if getattr(operation, "model_name_lower", "") not in new and f"{app}.{name}" not in EXAMINED:
                    yield f"{app}.{name}", operation


def test_no_migration_breaks_the_version_before() -> None:
    broken = [f"{where}: {words}" for where, o in later_operations() if (words := breaks_the_version_before(o))]
    assert broken == []


def test_every_app_of_ours_is_looked_at() -> None:
    found = {app for app, _ in MigrationLoader(None).disk_migrations}
    ours = {a for a in found if (MigrationLoader(None).migrations_module(a)[0] or "").startswith("elistit.")}
    assert ours == set(BEFORE)


@pytest.mark.parametrize(
    ("operation", "breaks"),
    [
        (AddField("project", "colour", models.CharField(max_length=9, default="")), True),
        (AddField("project", "colour", models.CharField(max_length=9, db_default="")), False),
        (AddField("project", "colour", models.CharField(max_length=9, null=True)), False),
        (AddConstraint("project", models.CheckConstraint(condition=models.Q(count__gt=0), name="some")), True),
    ],
)
def test_the_judge_can_tell(operation: Operation, breaks: bool) -> None:
    assert bool(breaks_the_version_before(operation)) is breaks
