"""Brand kits, series, templates of the launch form, and what a project took over from them. Additive: the new columns are null and
without default, so no table is rebuilt (and no trigger lost), and the version before goes on writing projects."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import elistit.ports


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0020_file_source_type"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="brand",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("folded", models.CharField(max_length=180)),
                ("look", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField(default=elistit.ports.now)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="series", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["folded"],
                "constraints": [models.UniqueConstraint(fields=("owner", "folded"), name="series_once")],
            },
        ),
        migrations.AddField(
            model_name="project",
            name="series",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="projects",
                to="projects.series",
            ),
        ),
        migrations.CreateModel(
            name="BrandKit",
            fields=[
                (
                    "public_id",
                    models.CharField(
                        default=elistit.ports.new_id, editable=False, max_length=26, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("folded", models.CharField(max_length=180)),
                ("is_default", models.BooleanField(default=False)),
                ("shop_name", models.CharField(blank=True, default="", max_length=80)),
                ("license_text", models.TextField(blank=True, default="")),
                ("closing_text", models.TextField(blank=True, default="")),
                ("palette", models.CharField(blank=True, default="", max_length=200)),
                ("styles", models.JSONField(blank=True, default=list)),
                ("scenes", models.JSONField(blank=True, default=list)),
                ("pricing", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField(default=elistit.ports.now)),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="brand_kits",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["folded"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=("owner", "folded"),
                        name="brand_kit_name_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at__isnull", True), ("is_default", True)),
                        fields=("owner",),
                        name="brand_kit_one_default",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormTemplate",
            fields=[
                (
                    "public_id",
                    models.CharField(
                        default=elistit.ports.new_id, editable=False, max_length=26, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("folded", models.CharField(max_length=180)),
                ("fields", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField(default=elistit.ports.now)),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="form_templates",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["folded"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=("owner", "folded"),
                        name="form_template_once",
                    )
                ],
            },
        ),
    ]
