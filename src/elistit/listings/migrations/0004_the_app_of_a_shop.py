from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listings", "0003_budget_and_categories")]

    operations = [
        migrations.AddField("etsyshop", "app", models.CharField(blank=True, db_default="", default="", max_length=64)),
    ]
