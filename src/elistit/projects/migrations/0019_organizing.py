"""Labels, saved filters, archived and favorite projects, and the words projects are found by. Additive: the columns are null
and without default, so no table is rebuilt (and no trigger lost), and the version before goes on writing projects."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import elistit.ports


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0018_listing_translations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Label",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("folded", models.CharField(max_length=120)),
            ],
            options={
                "ordering": ["folded"],
            },
        ),
        migrations.CreateModel(
            name="ProjectLabel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=600)),
                ("created_at", models.DateTimeField(default=elistit.ports.now)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=40)),
            ],
        ),
        migrations.AddField(
            model_name="project",
            name="archived_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="project",
            name="favorite_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="project",
            name="searchable_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("draft", "failed"), ("text", "failed"), _connector="OR"),
                fields=["project"],
                name="listing_needs_seller",
            ),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(
                condition=models.Q(("archived_at__isnull", True)),
                fields=["owner", "-public_id"],
                name="project_listed_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(
                condition=models.Q(("archived_at__isnull", True)),
                fields=["owner", "stage", "-public_id"],
                name="project_listed_stage",
            ),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(
                condition=models.Q(("archived_at__isnull", True)),
                fields=["owner", "-stage_since", "-public_id"],
                name="project_listed_changed",
            ),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(
                models.F("owner"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("archived_at__isnull", True)),
                name="project_listed_name",
            ),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(
                condition=models.Q(("archived_at__isnull", False)),
                fields=["owner", "-public_id"],
                name="project_archived",
            ),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(
                condition=models.Q(("favorite_at__isnull", False)),
                fields=["owner", "-public_id"],
                name="project_favorite",
            ),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(
                condition=models.Q(("searchable_at__isnull", True)),
                fields=["owner", "public_id"],
                name="project_unsearchable",
            ),
        ),
        migrations.AddField(
            model_name="label",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="labels", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="projectlabel",
            name="label",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="placed", to="projects.label"
            ),
        ),
        migrations.AddField(
            model_name="projectlabel",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="placed_labels", to="projects.project"
            ),
        ),
        migrations.AddField(
            model_name="savedfilter",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="saved_filters", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="searchword",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="searchword",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="search_words", to="projects.project"
            ),
        ),
        migrations.AddConstraint(
            model_name="label",
            constraint=models.UniqueConstraint(fields=("owner", "folded"), name="label_once"),
        ),
        migrations.AddConstraint(
            model_name="projectlabel",
            constraint=models.UniqueConstraint(fields=("label", "project"), name="project_label_once"),
        ),
        migrations.AddConstraint(
            model_name="savedfilter",
            constraint=models.UniqueConstraint(fields=("owner", "name"), name="saved_filter_once"),
        ),
        migrations.AddIndex(
            model_name="searchword",
            index=models.Index(
                fields=["owner", "word", "project"],
                name="search_word_of_owner",
                opclasses=["", "varchar_pattern_ops", ""],
            ),
        ),
    ]
