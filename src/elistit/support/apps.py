from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "elistit.support"
    label = "support"

    def ready(self) -> None:
        from allauth.account.signals import email_confirmed
        from allauth.mfa.signals import authenticator_added

        from elistit.support import entering, logs

        logs.configure()
        email_confirmed.connect(entering.address_confirmed, dispatch_uid="elistit.trial")
        authenticator_added.connect(entering.factor_added, dispatch_uid="elistit.factor")
