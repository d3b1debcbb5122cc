from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "elistit.support"
    label = "support"

    def ready(self) -> None:
        from elistit.support import logs

        logs.configure()
