from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "elistit.delivery"
    label = "delivery"

    def ready(self) -> None:
        from elistit.accounts import rotation
        from elistit.delivery.google_drive.config import VAULT

        for column in ("access_token", "refresh_token"):
            rotation.register(f"Google Drive {column}s", "delivery.DriveAccount", column, rotation.of_bytes(VAULT))
        rotation.register("Google Drive uploads", "delivery.DriveUpload", "session", rotation.of_bytes(VAULT))
