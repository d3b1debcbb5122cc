import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import elistit.ports


class Migration(migrations.Migration):
    dependencies = [
        ("credits", "0003_plan_paid_by"),
        ("projects", "0012_item_rounds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Nullable and without a default: SQLite adds the column in place and keeps the table's triggers.
        migrations.AddField(
            model_name="project",
            name="paused_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "public_id",
                    models.CharField(
                        default=elistit.ports.new_id, editable=False, max_length=26, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("launched", "Launched")], default="draft", max_length=10
                    ),
                ),
                ("notes", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField(default=elistit.ports.now)),
                ("launched_at", models.DateTimeField(blank=True, null=True)),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batches",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["owner", "-public_id"], name="batch_owner_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "launched"])), name="batch_state_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("line", models.IntegerField(default=0)),
                ("order", models.JSONField(blank=True, default=dict)),
                ("included", models.BooleanField(default=True)),
                ("problems", models.JSONField(blank=True, default=dict)),
                ("warnings", models.JSONField(blank=True, default=dict)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="projects.batch"
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="credits.quote",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "number"), name="batch_row_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1), ("number__lte", 200)), name="batch_row_number_in_range"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchLaunch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.IntegerField()),
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batch_launch",
                        to="projects.project",
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="launches", to="projects.batchrow"
                    ),
                ),
            ],
            options={
                "ordering": ["round"],
                "constraints": [models.UniqueConstraint(fields=("row", "round"), name="batch_row_round_once")],
            },
        ),
    ]
