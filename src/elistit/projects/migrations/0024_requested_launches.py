"""Launches that were requested together with a list: a new table, which code from before doesn't know and doesn't need."""

import django.db.models.deletion
from django.db import migrations, models

import elistit.ports


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_seller_limits"),
        ("projects", "0023_planned_drafts"),
    ]

    operations = [
        migrations.CreateModel(
            name="RequestedLaunch",
            fields=[
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="requested_launch",
                        serialize=False,
                        to="projects.batch",
                    ),
                ),
                ("max_credits", models.BigIntegerField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("launched", "Launched"),
                            ("not_launched", "Not launched"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("problem", models.CharField(blank=True, default="", max_length=40)),
                ("reason", models.TextField(blank=True, default="")),
                ("errors", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField(default=elistit.ports.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "api_key",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.apikey",
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.acceptedrequest",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["created_at"],
                        name="requested_launch_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "launched", "not_launched"])),
                        name="requested_launch_state_known",
                    )
                ],
            },
        ),
    ]
