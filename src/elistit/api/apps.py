from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "elistit.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from elistit.accounts import rotation
        from elistit.api.webhooks.secrets import VAULT

        rotation.register("webhook secrets", "api.WebhookEndpoint", "secret", rotation.of_text(VAULT))
