"""Whom the operator's identity server lets in: our rules for the library that talks to it (docs/decisions/0052-identity-server.md).

The server is in the settings alone. An account that exists is linked only when the server says its address is verified; a
new one is made only where that is allowed, and needs a verified address too. Nothing here may log a code or a token.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from elistit import config
from elistit.accounts.models import User
from elistit.on_use import OnUse
from elistit.support import entering

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialApp, SocialLogin

    from elistit.support import identity_flow
else:
    # Its libraries take twenty megabytes, and most studios have no identity server.
    identity_flow = OnUse("elistit.support.identity_flow")

log = logging.getLogger(__name__)

NAME = "oidc"
"""How the accounts of the identity server are marked, whatever it is called on the button."""


def button() -> str:
    """The server's name on the sign-in button; empty where none is set up."""
    return config.current().oidc.name if config.current().oidc.configured else ""


def refuse(request: HttpRequest, why: str) -> HttpResponse:
    """The page that says why nobody was signed in. Nothing was changed."""
    status = {"unavailable": 503, "cancelled": 200}.get(why, 403)
    return render(request, "account/identity_refused.html", {"why": why, "server": button()}, status=status)


def signed_up(request: HttpRequest, user: User, sociallogin: SocialLogin | None = None, **_: Any) -> None:
    """A person just got an account. Those who come from the identity server have no address to confirm any more."""
    if sociallogin is not None:
        entering.identity_confirmed(request, user)


class IdentityKeeper(DefaultSocialAccountAdapter):
    """Knows the one identity server of the settings, and refuses what it doesn't vouch for."""

    def list_apps(
        self, request: HttpRequest | None, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The server of the settings; rows of the library's own table are never used."""
        if not config.current().oidc.configured or provider not in (None, NAME, "openid_connect"):
            return []
        return [identity_flow.app()]

    def list_providers(self, request: HttpRequest) -> list[Any]:
        return [identity_flow.StudioProvider(request, app) for app in self.list_apps(request)]

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        return identity_flow.StudioProvider(request, self.get_app(request, provider=provider, client_id=client_id))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return config.current().oidc.signup == "open"

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """Whose account an identity belongs to that hasn't been seen before: the one that proved the same address here. A
        sign-up nobody finished is taken over too; the library then drops its password and asks for the address's code."""
        for address in sociallogin.email_addresses:
            if not address.verified:
                continue
            here = EmailAddress.objects.filter(email__iexact=address.email)
            proved = here.filter(verified=True).select_related("user").first()
            if proved:
                return proved.user, address.email
            unfinished = User.objects.filter(email__iexact=address.email, last_login=None)
            if found := unfinished.exclude(emailaddress__verified=True).first():
                return found, address.email
        return None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            raise Http404
        if sociallogin.is_existing:
            return
        verified = [address.email for address in sociallogin.email_addresses if address.verified]
        if not verified:
            raise ImmediateHttpResponse(refuse(request, "unverified"))
        if User.objects.filter(email__iexact=verified[0]).exists():
            raise ImmediateHttpResponse(refuse(request, "unverified"))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        if exception is not None:
            log.warning("signing in through the identity server failed: %s", type(exception).__name__)
        raise ImmediateHttpResponse(refuse(request, "cancelled" if error == AuthError.CANCELLED else "failed"))
