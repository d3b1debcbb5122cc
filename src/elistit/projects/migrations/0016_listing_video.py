from django.db import migrations, models

from elistit.projects import guards


def guard_again(apps, editor):
    """SQLite may rebuild a table to add a column, and drops its triggers then."""
    guards.remove(editor)
    guards.install(editor)


class Migration(migrations.Migration):
    dependencies = [("projects", "0015_pattern_product")]

    operations = [
        # With a default of the database's own: the version before writes projects without it.
        migrations.AddField("project", "video", models.BooleanField(db_default=False, default=False)),
        migrations.RunPython(guard_again, guard_again),
    ]
