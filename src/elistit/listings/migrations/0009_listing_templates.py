"""What every listing of a shop has. A new table; the version before neither reads nor writes it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listings", "0008_shop_schedules"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="ListingTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shop_id", models.BigIntegerField()),
                ("title_opening", models.CharField(blank=True, default="", max_length=60)),
                ("title_closing", models.CharField(blank=True, default="", max_length=60)),
                ("opening", models.TextField(blank=True, default="")),
                ("closing", models.TextField(blank=True, default="")),
                ("tags", models.JSONField(blank=True, default=list)),
                ("section", models.BigIntegerField(default=0)),
                ("who_made", models.CharField(default="i_did", max_length=12)),
                ("renews", models.BooleanField(default=False)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listing_templates",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "shop_id"), name="listing_template_once"),
                ],
            },
        ),
    ]
