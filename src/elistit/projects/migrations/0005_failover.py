from django.db import migrations, models

from elistit.projects import guards


def guard_again(apps, editor):
    """SQLite makes a table anew to give it a column, and the triggers on it are gone then."""
    guards.remove(editor)
    guards.install(editor)


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0004_scenes"),
    ]

    operations = [
        migrations.AddField(
            model_name="item",
            name="model",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="project",
            name="failover",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(guard_again, guard_again),
    ]
