from django.apps import AppConfig


class ChainConfig(AppConfig):
    name = "elistit.chain"
    label = "pipeline"
    default_auto_field = "django.db.models.BigAutoField"
