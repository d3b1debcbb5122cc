import django.db.models.deletion
from django.db import migrations, models

import elistit.ports


class Migration(migrations.Migration):
    dependencies = [("projects", "0017_listing_titles")]

    operations = [
        migrations.CreateModel(
            name="ListingTranslation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=5)),
                ("state", models.CharField(default="pending", max_length=10)),
                ("round", models.IntegerField(default=0)),
                ("title", models.CharField(blank=True, default="", max_length=200)),
                ("tags", models.JSONField(blank=True, default=list)),
                ("description", models.TextField(blank=True, default="")),
                ("source", models.CharField(blank=True, default="", max_length=64)),
                ("model", models.CharField(blank=True, default="", max_length=80)),
                ("uploaded_to", models.CharField(blank=True, default="", max_length=40)),
                ("tries", models.IntegerField(default=0)),
                ("waits", models.IntegerField(default=0)),
                ("reason", models.CharField(blank=True, default="", max_length=400)),
                ("next_try_at", models.DateTimeField(default=elistit.ports.now)),
                ("lease", models.CharField(blank=True, default="", max_length=26)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="translations",
                        to="projects.project",
                    ),
                ),
            ],
            options={
                "ordering": ["language"],
                "indexes": [models.Index(fields=["state", "next_try_at"], name="translation_due")],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "language"), name="listing_translation_once"),
                ],
            },
        ),
    ]
