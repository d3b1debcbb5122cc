from django.db import migrations, models

from elistit.projects import guards


def guard_again(apps, editor):
    """SQLite may rebuild a table to add a column, and drops its triggers then."""
    guards.remove(editor)
    guards.install(editor)


class Migration(migrations.Migration):
    dependencies = [("projects", "0008_maintenance_indexes")]

    operations = [
        migrations.AddField(
            "listing", "currency", models.CharField(blank=True, db_default="", default="", max_length=3)
        ),
        migrations.AddField("listing", "notes", models.JSONField(blank=True, null=True)),
        migrations.AddField("project", "trademarks", models.JSONField(blank=True, null=True)),
        migrations.RunPython(guard_again, guard_again),
    ]
