"""Who may sign in and up, and how: our rules for the library that does it (docs/decisions/0012-signing-in.md).

People sign in with a code sent by e-mail, a password, a passkey, or the one-time link of an operator. Sign-up asks for
an address and makes a seller of the person who can read its mail. Whether an address has an account is never disclosed. Secrets of
second factors are stored encrypted, and nothing here may log a code, a password or a token.
"""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from elistit import config
from elistit.accounts.models import User
from elistit.accounts.vault import Secret, Vault
from elistit.credits.models import CreditAccount
from elistit.support import mailbox, operators, trials

log = logging.getLogger(__name__)

NEXT = "entry_next"
"""Where in the session the studio notes where somebody wanted to go before they were asked to sign in."""

_FACTORS = Vault("elistit second factors v1", "second factor")
_SEALED_OF_FACTORS = ("secret", "seed", "migrated_codes")
"""What an authenticator app and recovery codes hold sealed. A passkey holds nothing secret."""


def reseal_factor(data: dict[str, Any]) -> dict[str, Any] | None:
    """A second factor's data with its secrets sealed under the key in use; None when they are already. Raises Unreadable."""
    fresh = {name: value for name in _SEALED_OF_FACTORS if (value := _reseal(data.get(name))) is not None}
    return {**data, **fresh} if fresh else None


def _reseal(sealed: Any) -> Any:
    if isinstance(sealed, list):
        again = [_reseal(one) for one in sealed]
        return [new or old for new, old in zip(again, sealed, strict=True)] if any(again) else None
    fresh = _FACTORS.reseal(sealed.encode()) if isinstance(sealed, str) else None
    return None if fresh is None else fresh.decode("ascii")


def offered() -> bool:
    """Whether people can get codes by e-mail: only where the operator set up mail."""
    url = config.current().people.email_url.get_secret_value()
    return bool(url) and not url.startswith("off:")


def sign_up_open() -> bool:
    """Whether strangers may become sellers with the trial credits (ELISTIT_SIGNUP=open). Needs mail."""
    return offered() and config.current().people.signup == "open"


def start_trial(user: User) -> bool:
    """Open the account of a person an operator adds, with the trial credits when this person never had them (rules §7).
    False when they had. Safe to call again and at once twice."""
    return trials.start(user)


def identity_confirmed(request: HttpRequest, user: User) -> None:
    """A new person came from the identity server, which says their address is verified: as if they had confirmed it here. The
    operator's own server vouches for them, so domain and network don't count."""
    _welcome(user, request)
    if not trials.start(user):
        messages.warning(request, trials.refusal(user))


def address_confirmed(email_address: EmailAddress, request: HttpRequest | None = None, **_: Any) -> None:
    """Somebody proved that an address is theirs. The first proof of a new seller starts the trial, or tells them why not; a
    later one, after a change of address, only notes that this address belongs to a person who had theirs. The first person
    of a studio is its operator (rules §10)."""
    user = email_address.user
    if CreditAccount.objects.filter(owner=user).exists():
        trials.note(email_address.email)
        return
    _welcome(user, request)
    if not trials.start(user, ip=_ip(request), vouched=False) and request is not None:
        messages.warning(request, trials.refusal(user))


def _welcome(user: User, request: HttpRequest | None) -> None:
    """Make the first person of a studio its operator, and lead them to the setup page."""
    if operators.claim(user) and request is not None:
        messages.success(
            request,
            "You're the first person here, so you are the studio operator. This page shows what is set up and what "
            "isn't yet. You can come back to it from the console.",
        )
        request.session[NEXT] = reverse("console-setup")


def _ip(request: HttpRequest | None) -> str:
    """Who sent a request, as far as our own proxies say."""
    if request is None:
        return ""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return ""


class Doorkeeper(DefaultAccountAdapter):
    """The account rules: sign-up only where it is open, mail through our own mailbox, back to where people were."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": "Too many attempts. Wait a few minutes, or until tomorrow after many in one day. "
        "You can also sign in another way.",
        "rate_limited": "Too many attempts. Wait a few minutes, or until tomorrow after many in one day.",
        "incorrect_code": "That code is wrong or has expired. Request a new one.",
        "email_password_mismatch": "Wrong e-mail address or password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return sign_up_open()

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        target = request.session.pop(NEXT, "")
        safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
        return target if target and safe else "/"

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Answers with a plain page when the mail server does not: nothing was changed, and trying again is right."""
        connection = mailbox.connection()
        if connection is None:
            return
        facts = {**context, "email": email, "request": self.request}
        subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", facts).split())
        body = render_to_string(f"{template_prefix}_message.txt", facts).strip() + "\n"
        page = render_to_string("account/email/frame.html", {"paragraphs": body.strip().split("\n\n")})
        message = EmailMultiAlternatives(
            subject, body, mailbox.sender(), [email], connection=connection,
            headers={"Auto-Submitted": "auto-generated"},
        )  # fmt: skip
        message.attach_alternative(page, "text/html")
        try:
            message.send()
        except Exception as trouble:
            log.warning("a sign-in message couldn't be sent: %s", type(trouble).__name__)
            raise ImmediateHttpResponse(render(self.request, "account/mail_away.html", status=503)) from None


def factor_added(request: HttpRequest, authenticator: Authenticator, **_: Any) -> None:
    """Who has just shown a new passkey or a code of a new app has shown that it is them, and is not asked for it again at
    once. Adding one asks for the others first, so this lets nobody in who was not."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        post_authentication(request, authenticator, reauthenticated=True)


class FactorKeeper(DefaultMFAAdapter):
    """Second factors: named after the studio, their secrets encrypted with this installation's key."""

    def get_totp_issuer(self) -> str:
        return "Elistit"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Elistit"}

    def encrypt(self, text: str) -> str:
        return _FACTORS.encrypt(Secret(text)).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        return _FACTORS.decrypt(encrypted_text.encode()).reveal()
