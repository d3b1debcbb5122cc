"""A quote that was never launched may be deleted once it is old (docs/decisions/0065); every other one stays.

The SQL is in `sql/0005_postgresql.sql` and `sql/0005_sqlite.sql`. A later migration that rebuilds a table of the books on
SQLite must run it after `sql/0004_sqlite.sql`.
"""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


def guard(apps, editor):
    """Replace the guard. Each statement may be run again."""
    for statement in (SQL / f"0005_{editor.connection.vendor}.sql").read_text(encoding="utf-8").split("\n-- next\n"):
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("credits", "0004_words_of_an_erased_account"),
        ("projects", "0013_batches"),
    ]

    operations = [migrations.RunPython(guard)]
