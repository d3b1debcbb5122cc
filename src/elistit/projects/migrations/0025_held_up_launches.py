"""When a requested launch was first held up, and an index for those that ended without a launch. A column that may be empty, on a
table without triggers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0024_requested_launches")]

    operations = [
        migrations.AddField("requestedlaunch", "held_up_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddIndex(
            "requestedlaunch",
            models.Index(
                condition=models.Q(("state", "not_launched")),
                fields=["ended_at"],
                name="requested_launch_refused",
            ),
        ),
    ]
