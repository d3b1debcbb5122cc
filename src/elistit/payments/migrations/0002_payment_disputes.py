from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [migrations.AddField("payment", "disputes", models.JSONField(null=True))]
