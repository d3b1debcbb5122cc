"""On PostgreSQL a spend does less work for the same promises (docs/decisions/0072). SQLite has no such functions.

The SQL is in `sql/0007_postgresql.sql`. It replaces two functions under the same names and signatures, so that the release
before works with them too, and locks no table.
"""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


def replace(apps, editor):
    """Replace the functions. Each statement may be run again."""
    for script in SQL.glob(f"0007_{editor.connection.vendor}.sql"):
        for statement in script.read_text(encoding="utf-8").split("\n-- next\n"):
            editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("credits", "0006_found_by_job_and_project"),
    ]

    operations = [migrations.RunPython(replace)]
