import django.db.models.deletion
from django.db import migrations, models

import elistit.ports


class Migration(migrations.Migration):
    dependencies = [("projects", "0016_listing_video")]

    operations = [
        migrations.CreateModel(
            name="ListingTitle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("text", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(default=elistit.ports.now)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("used", models.JSONField(blank=True, default=list)),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="titles", to="projects.project"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "number"), name="listing_title_number_once"),
                    models.UniqueConstraint(fields=("project", "text"), name="listing_title_text_once"),
                ],
            },
        ),
    ]
