from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "elistit.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only from here on.
        from elistit.accounts import rotation, sessions

        rotation.register("sessions", "sessions.Session", "session_data", sessions.reseal)
