from django.apps import AppConfig


class ListingsConfig(AppConfig):
    name = "elistit.listings"
    label = "listings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from elistit.accounts import rotation
        from elistit.listings.tokens import VAULT

        for column, what in (("access_token", "access tokens"), ("refresh_token", "refresh tokens")):
            rotation.register(f"Etsy {what}", "listings.EtsyShop", column, rotation.of_bytes(VAULT))
