"""The table of accepted requests, and from when on every charge has one.

What was charged before stays answered by the keys it left (`Job.idempotency_key`, `Item.art`). The version before may go
on charging while it is being replaced: an installation that has charged gets an hour for that.
"""

import datetime as dt

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from elistit import ports

HANDOVER = dt.timedelta(hours=1)


def since(apps, editor):
    charged = apps.get_model("credits", "CreditTransaction").objects.filter(type="SPEND_CREDIT")
    if charged.exists():
        apps.get_model("projects", "AcceptedSince").objects.create(at=ports.now() + HANDOVER)


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0006_owner_stage_index"),
        ("credits", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AcceptedSince",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="AcceptedRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("act", models.CharField(max_length=30)),
                ("digest", models.CharField(max_length=64)),
                ("answer", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField(default=ports.now)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("owner", "key"), name="accepted_key_once")],
            },
        ),
        migrations.CreateModel(
            name="AcceptedCharge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("posting", models.CharField(max_length=26, unique=True)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charges",
                        to="projects.acceptedrequest",
                    ),
                ),
            ],
        ),
        migrations.RunPython(since, migrations.RunPython.noop),
    ]
