"""The digital source type each file states. A column that may be null and has no default: added without rebuilding the table, so
no trigger is lost, and the version before writes rows without it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0019_organizing")]

    operations = [
        migrations.AddField(
            model_name="projectfile",
            name="source_type",
            field=models.CharField(blank=True, max_length=120, null=True),
        )
    ]
