"""The app of maintenance. It tells the ledger whether the clock can be trusted, which is known only here."""

from __future__ import annotations

from django.apps import AppConfig


class MaintenanceConfig(AppConfig):
    name = "elistit.maintenance"
    label = "maintenance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only from here on.
        from elistit.credits import ledger
        from elistit.maintenance import clock_guard

        ledger.believes_clock = clock_guard.believed
