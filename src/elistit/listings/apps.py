from django.apps import AppConfig


class ListingsConfig(AppConfig):
    name = "elistit.listings"
    label = "listings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from elistit.accounts import rotation
        from elistit.listings.tokens import VAULT

        for column in ("access_token", "refresh_token"):
            rotation.register(f"Etsy {column}s", "listings.EtsyShop", column, rotation.of_bytes(VAULT))
