from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "elistit.support"
    label = "support"

    def ready(self) -> None:
        from allauth.account.signals import email_confirmed
        from allauth.mfa.signals import authenticator_added

        from elistit.maintenance import service
        from elistit.support import entering, logs, mail

        logs.configure()
        service.register("mails sent", mail.send_due)
        email_confirmed.connect(entering.address_confirmed, dispatch_uid="elistit.trial")
        authenticator_added.connect(entering.factor_added, dispatch_uid="elistit.factor")
