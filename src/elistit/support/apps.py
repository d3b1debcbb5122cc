from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "elistit.support"
    label = "support"

    def ready(self) -> None:
        from allauth.account.signals import email_confirmed
        from allauth.mfa.signals import authenticator_added

        from elistit.accounts import rotation
        from elistit.maintenance import tasks
        from elistit.maintenance.task import Task
        from elistit.support import entering, logs, mail, old_mail

        logs.configure()
        rotation.register("second factors", "mfa.Authenticator", "data", entering.reseal_factor)
        tasks.register(Task("delete-mail", 3600, old_mail.delete_old, "deleted old mail", needs_clock=True))
        tasks.register(Task("send-mail", 60, mail.send_due, "mails sent", 600))
        email_confirmed.connect(entering.address_confirmed, dispatch_uid="elistit.trial")
        authenticator_added.connect(entering.factor_added, dispatch_uid="elistit.factor")
