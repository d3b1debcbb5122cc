from __future__ import annotations

from typing import Any

from django.db import migrations, models


def keep_what_was_known(apps: Any, schema_editor: Any) -> None:
    """Until now a payment knew one dispute and not its id: the next message about one takes its place."""
    payments = apps.get_model("payments", "Payment").objects
    for payment in payments.filter(models.Q(dispute_closed=True) | models.Q(disputed_cents__gt=0)).iterator():
        payment.disputes = {"": {"cents": payment.disputed_cents, "closed": payment.dispute_closed}}
        payment.save(update_fields=["disputes"])


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [
        migrations.AddField("payment", "disputes", models.JSONField(default=dict)),
        migrations.RunPython(keep_what_was_known, migrations.RunPython.noop),
        migrations.RemoveField("payment", "dispute_closed"),
    ]
