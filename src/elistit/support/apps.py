from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "elistit.support"
    label = "support"

    def ready(self) -> None:
        from allauth.account.signals import email_confirmed
        from allauth.mfa.signals import authenticator_added

        from elistit.maintenance import tasks
        from elistit.maintenance.task import Task
        from elistit.support import entering, logs, mail

        logs.configure()
        tasks.register(Task("send-mail", 60, mail.send_due, "mails sent", 600))
        email_confirmed.connect(entering.address_confirmed, dispatch_uid="elistit.trial")
        authenticator_added.connect(entering.factor_added, dispatch_uid="elistit.factor")
