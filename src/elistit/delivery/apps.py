from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "elistit.delivery"
    label = "delivery"

    def ready(self) -> None:
        from elistit.accounts import rotation
        from elistit.delivery.google_drive.config import VAULT

        for column, what in (("access_token", "access tokens"), ("refresh_token", "refresh tokens")):
            rotation.register(f"Google Drive {what}", "delivery.DriveAccount", column, rotation.of_bytes(VAULT))
        rotation.register("Google Drive uploads", "delivery.DriveUpload", "session", rotation.of_bytes(VAULT))
