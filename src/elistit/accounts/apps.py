from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "elistit.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only from here on.
        from elistit.accounts import proof_keys, rotation, sessions

        rotation.register("sessions", "sessions.Session", "session_data", sessions.reseal)
        rotation.register("signing keys", "accounts.ProofKey", "sealed", rotation.of_bytes(proof_keys.VAULT))
