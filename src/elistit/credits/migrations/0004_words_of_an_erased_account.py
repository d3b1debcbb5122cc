"""While an account is being erased, the words of its rows may be replaced, and nothing else of them (docs/decisions/0058).

The SQL is in `sql/0004_postgresql.sql` and `sql/0004_sqlite.sql`. A later migration that rebuilds a table of the books on
SQLite must run it after `sql/0002_sqlite.sql`.
"""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


def guard(apps, editor):
    """Replace the two guards. Each statement may be run again."""
    for statement in (SQL / f"0004_{editor.connection.vendor}.sql").read_text(encoding="utf-8").split("\n-- next\n"):
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("credits", "0003_plan_paid_by"),
        ("accounts", "0005_data_exports_and_erasures"),
    ]

    operations = [migrations.RunPython(guard)]
