"""The books guard themselves: checks, triggers, views and the one-statement posting of a spend.

The SQL is in `sql/0002_postgresql.sql` and `sql/0002_sqlite.sql`. A later migration that rebuilds a table of the books
on SQLite must run the SQLite file again, because SQLite drops a table's triggers with the table; `elistit audit` checks
that every guard is there.
"""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).parent / "sql"


def guard(apps, editor):
    """Install the guards. Each statement may be run again."""
    for statement in (SQL / f"0002_{editor.connection.vendor}.sql").read_text(encoding="utf-8").split("\n-- next\n"):
        editor.execute(statement, params=None)


def leaner(apps, editor):
    """On PostgreSQL drop the extra indexes for LIKE searches that Django adds to text keys: nobody searches the books
    by part of a key, and each of them would be written with every posting."""
    if editor.connection.vendor != "postgresql":
        return
    with editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND indexname LIKE %s AND tablename IN (%s, %s, %s)",
            [r"%\_like", "credits_credittransaction", "credits_creditentry", "credits_creditgrant"],
        )
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        editor.execute(f'DROP INDEX "{name}"')


class Migration(migrations.Migration):
    dependencies = [
        ("credits", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="creditentry",
            name="drawn_from",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="credits.creditgrant",
            ),
        ),
        migrations.AlterField(
            model_name="creditentry",
            name="grant",
            field=models.ForeignKey(
                db_index=False,
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="credits.creditgrant",
            ),
        ),
        migrations.AlterField(
            model_name="creditgrant",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grants",
                to="credits.creditaccount",
            ),
        ),
        migrations.AlterField(
            model_name="credittransaction",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="transactions",
                to="credits.creditaccount",
            ),
        ),
        migrations.AddIndex(
            model_name="creditentry",
            index=models.Index(fields=["grant", "amount"], name="credit_entry_grant"),
        ),
        migrations.RemoveIndex(model_name="creditgrant", name="credit_grant_burn_order"),
        migrations.AddIndex(
            model_name="creditgrant",
            index=models.Index(fields=["account", "expires_at", "id"], name="credit_grant_burn_order"),
        ),
        migrations.AlterField(
            model_name="creditentry",
            name="transaction",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="credits.credittransaction",
            ),
        ),
        migrations.RunPython(leaner),
        migrations.RunPython(guard),
    ]
