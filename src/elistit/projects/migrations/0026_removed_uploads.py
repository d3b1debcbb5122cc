"""When an upload was removed from its order, so that this can be undone. A column that may be empty, on a table without triggers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0025_held_up_launches")]

    operations = [migrations.AddField("upload", "removed_at", models.DateTimeField(blank=True, null=True))]
