"""The database refuses every change of state that is not in the transition table."""

from django.db import migrations

from elistit.projects import guards


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: guards.install(editor), lambda apps, editor: guards.remove(editor), atomic=True
        )
    ]
