"""A warning about an upload; a version before this one leaves it empty."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0009_listing_currency_notes_trademarks"),
    ]

    operations = [
        migrations.AddField(
            "upload", "warning", models.CharField(blank=True, db_default="", default="", max_length=200)
        ),
    ]
