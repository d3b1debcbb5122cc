"""The keys a studio signs proofs of making with. A new table; nothing else changes."""

from django.db import migrations, models

import elistit.ports


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_api_key_actions_and_daily_cap")]

    operations = [
        migrations.CreateModel(
            name="ProofKey",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("algorithm", models.CharField(default="Ed25519", max_length=20)),
                ("public_key", models.CharField(max_length=64)),
                ("sealed", models.BinaryField()),
                ("created_at", models.DateTimeField(default=elistit.ports.now)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["algorithm"], condition=models.Q(retired_at__isnull=True), name="proof_key_one_signs"
                    )
                ],
            },
        )
    ]
