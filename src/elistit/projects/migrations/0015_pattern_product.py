"""The product type `pattern` among the choices of a project. The database keeps the codes as text without a check: nothing in it
changes, no table is rebuilt (so no trigger is lost), and the version before goes on working."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0014_buyer_trial")]

    operations = [
        migrations.AlterField(
            model_name="project",
            name="product",
            field=models.CharField(
                choices=[
                    ("wall_art", "wall_art"),
                    ("poster", "poster"),
                    ("clipart", "clipart"),
                    ("sticker", "sticker"),
                    ("svg", "svg"),
                    ("greeting_card", "greeting_card"),
                    ("pattern", "pattern"),
                    ("custom", "custom"),
                ],
                max_length=20,
            ),
        )
    ]
