"""The transition tables as database triggers, so that no code path can change a state in a way they do not allow.

Made from `states` alone; used by the migration and compared with the database by a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from elistit.projects.states import JOB_TRANSITIONS, STAGE_TRANSITIONS

GUARDS: tuple[tuple[str, str, str, Mapping[Any, frozenset[Any]]], ...] = (
    ("project_stage_guard", "projects_project", "stage", STAGE_TRANSITIONS),
    ("job_status_guard", "projects_job", "status", JOB_TRANSITIONS),
)


def allowed_sql(column: str, table: Mapping[Any, frozenset[Any]]) -> str:
    """A SQL condition that holds for the changes of `column` the table allows, on OLD and NEW."""
    parts = []
    for before, targets in table.items():
        if targets:
            names = ", ".join(f"'{after}'" for after in sorted(targets))
            parts.append(f"(OLD.{column} = '{before}' AND NEW.{column} IN ({names}))")
    return f"(OLD.{column} = NEW.{column} OR {' OR '.join(parts)})"


def install(editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers, on SQLite or PostgreSQL."""
    for name, relation, column, table in GUARDS:
        allowed = allowed_sql(column, table)
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"RAISE EXCEPTION '{relation}.{column} cannot change from % to %', OLD.{column}, NEW.{column} "
                f"USING ERRCODE = 'check_violation'; END $$",
                params=None,
            )
            editor.execute(
                f"CREATE TRIGGER {name} BEFORE UPDATE ON {relation} FOR EACH ROW WHEN (NOT {allowed}) EXECUTE FUNCTION {name}()"
            )
        else:
            editor.execute(
                f"CREATE TRIGGER {name} BEFORE UPDATE OF {column} ON {relation} WHEN NOT {allowed} "
                f"BEGIN SELECT RAISE(ABORT, '{relation}.{column} may not change that way'); END"
            )


def remove(editor: BaseDatabaseSchemaEditor) -> None:
    for name, relation, _, _ in GUARDS:
        suffix = f" ON {relation}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")
