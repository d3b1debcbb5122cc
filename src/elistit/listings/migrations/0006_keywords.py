import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import elistit.ports


class Migration(migrations.Migration):
    dependencies = [
        ("listings", "0005_shop_currency"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SellerKeyword",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.CharField(max_length=100)),
                ("key", models.CharField(max_length=200)),
                ("volume", models.BigIntegerField(default=0)),
                ("imported_at", models.DateTimeField(default=elistit.ports.now)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="keywords",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["owner", "-volume"], name="keyword_most_searched")],
                "constraints": [models.UniqueConstraint(fields=("owner", "key"), name="keyword_once")],
            },
        ),
    ]
