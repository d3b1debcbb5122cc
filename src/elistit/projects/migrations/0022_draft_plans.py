"""The shop the draft of a project goes to. A new table; the version before neither reads nor writes it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0021_presets")]

    operations = [
        migrations.CreateModel(
            name="DraftPlan",
            fields=[
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="draft_plan",
                        serialize=False,
                        to="projects.project",
                    ),
                ),
                ("shop", models.BigIntegerField()),
                ("shop_name", models.CharField(blank=True, default="", max_length=80)),
                ("sent_to", models.BigIntegerField(db_default=0, default=0)),
            ],
        ),
    ]
