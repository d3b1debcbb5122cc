"""Drafts that wait for their shop's schedule. Columns with a default in the database, on a table without triggers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0022_draft_plans")]

    operations = [
        migrations.AddField("draftplan", "planned", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("draftplan", "planned_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("draftplan", "day", models.DateField(blank=True, null=True)),
        migrations.AddField("draftplan", "released_on", models.DateField(blank=True, null=True)),
        migrations.AddIndex(
            "draftplan",
            models.Index(condition=models.Q(("planned", True)), fields=["shop"], name="draft_planned"),
        ),
        migrations.AddIndex(
            "draftplan",
            models.Index(
                condition=models.Q(("released_on__isnull", False)),
                fields=["shop", "released_on"],
                name="draft_released",
            ),
        ),
    ]
