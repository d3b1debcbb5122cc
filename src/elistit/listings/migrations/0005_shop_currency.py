from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listings", "0004_the_app_of_a_shop")]

    operations = [
        migrations.AddField(
            "etsyshop", "currency", models.CharField(blank=True, db_default="", default="", max_length=3)
        ),
        migrations.AddField("etsyshop", "currency_read_at", models.DateTimeField(blank=True, null=True)),
    ]
