"""Who may send a call and until when, and what was paid and not kept. The version before fills none of it, and what it sent
counts as sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pipeline", "0005_write_probe_and_clock_mark"),
        ("projects", "0008_maintenance_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="providercall",
            name="holder",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.AddField(
            model_name="providercall",
            name="permit_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="providercall",
            index=models.Index(
                condition=models.Q(
                    ("outcome", "not_kept"),
                    models.Q(("cost_micros__gt", 0), ("state", "unknown")),
                    _connector="OR",
                ),
                fields=["-sent_at"],
                name="provider_call_paid_unkept",
            ),
        ),
    ]
