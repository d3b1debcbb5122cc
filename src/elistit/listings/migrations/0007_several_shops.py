"""Several shops for a seller: the owner is no longer unique, the pair of owner and shop is. The version before reads and writes
these rows as ever: what is new has a default in the database. No other table refers to this one, and it has no trigger."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listings", "0006_keywords"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AlterField(
            "etsyshop",
            "owner",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="etsy_shops", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            "etsyshop", "label", models.CharField(blank=True, db_default="", default="", max_length=60)
        ),
        migrations.AddField("etsyshop", "is_default", models.BooleanField(db_default=False, default=False)),
        migrations.AddConstraint(
            "etsyshop", models.UniqueConstraint(fields=("owner", "shop_id"), name="etsy_shop_once")
        ),
        migrations.AddConstraint(
            "etsyshop",
            models.UniqueConstraint(
                condition=models.Q(("is_default", True)), fields=("owner",), name="etsy_shop_one_default"
            ),
        ),
    ]
