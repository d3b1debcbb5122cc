"""The app of support: signing in, mail and help, joined to the libraries and to maintenance when Django starts.

Every process passes here, so it must never import what only a worker needs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from elistit.maintenance.task import Task


class SupportConfig(AppConfig):
    name = "elistit.support"
    label = "support"

    def ready(self) -> None:
        # Models can be imported only from here on.
        from allauth.account.signals import email_confirmed, user_signed_up
        from allauth.mfa.signals import authenticator_added
        from django.contrib.auth.signals import user_logged_out

        from elistit.accounts import rotation
        from elistit.maintenance import task
        from elistit.maintenance.own_data import remembering
        from elistit.support import entering, identity, logs, push_keys, push_subscriptions, trials

        logs.configure()
        rotation.register("second factors", "mfa.Authenticator", "data", entering.reseal_factor)
        rotation.register("key for push notifications", "support.PushKey", "sealed", rotation.of_bytes(push_keys.VAULT))
        task.register(self.name, _tasks)
        remembering.before_forgetting(trials.remember)
        user_logged_out.connect(push_subscriptions.signed_out, dispatch_uid="elistit.push")
        email_confirmed.connect(entering.address_confirmed, dispatch_uid="elistit.trial")
        user_signed_up.connect(identity.signed_up, dispatch_uid="elistit.identity")
        authenticator_added.connect(entering.factor_added, dispatch_uid="elistit.factor")


def _tasks() -> Iterable[Task]:
    # Mail asks for a project's whole story, and with it for the artist and the engine.
    from elistit.maintenance.task import Task
    from elistit.support import mail, old_mail, push, trials, unconfirmed

    yield Task("delete-mail", 3600, old_mail.delete_old, "deleted old mail", needs_clock=True, looks_first=True)
    yield Task(
        "delete-sign-ups",
        3600,
        unconfirmed.delete_sign_ups,
        "deleted sign-ups that were never confirmed",
        needs_clock=True,
        looks_first=True,
    )
    yield Task(
        "delete-previews",
        3600,
        unconfirmed.delete_previews,
        "deleted bulk actions that were never confirmed",
        needs_clock=True,
        looks_first=True,
    )
    yield Task(
        "delete-trial-counts",
        3600,
        trials.delete_old_places,
        "deleted daily counts of trials",
        needs_clock=True,
        looks_first=True,
    )
    yield Task("send-mail", 60, mail.send_due, "mails sent", 600, looks_first=True)
    yield Task("send-push", 30, push.send_due, "push notifications sent", 600, looks_first=True)
