from django.apps import AppConfig


class ChainConfig(AppConfig):
    name = "elistit.chain"
    label = "pipeline"  # tables and migrations keep the package's former name
    default_auto_field = "django.db.models.BigAutoField"
