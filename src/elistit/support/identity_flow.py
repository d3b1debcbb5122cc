"""The way to the identity server and back, by allauth's OpenID Connect provider: authorization code with PKCE and state.

Loaded when somebody signs in this way. It must never accept claims about one person for another: the ID token and the
server's answer about the person must name the same one, and an address counts as verified only when the server says so.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from requests import RequestException

from elistit import config

BROKEN = (RequestException, OAuth2Error, ValueError, KeyError, TypeError)
"""What comes of a server that is down or doesn't answer as OpenID Connect does."""
VERIFIED = (True, "true")
"""Some servers write the claim as text. Anything else, such as the text “false”, is no."""


def app() -> SocialApp:
    """The identity server of the settings, as the library wants it."""
    oidc = config.current().oidc
    return SocialApp(
        provider="openid_connect", provider_id="oidc", name=oidc.name, client_id=oidc.client_id,
        secret=oidc.client_secret.get_secret_value(),
        settings={"server_url": oidc.issuer.rstrip("/"), "oauth_pkce_enabled": True},
    )  # fmt: skip


class StudioAdapter(OpenIDConnectOAuth2Adapter):
    """Comes back to the studio's own address, and compares what the server says in its two places."""

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("identity-callback"))

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> Any:
        if self.openid_config.get("issuer", "").rstrip("/") != app.settings["server_url"]:
            raise OAuth2Error("the server names another issuer")
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("the server sent no ID token")
        login = super().complete_login(request, app, token, **kwargs)
        reported = login.account.extra_data
        if reported["userinfo"]["sub"] != reported["id_token"]["sub"]:
            raise OAuth2Error("the ID token and the answer about the person name two people")
        return login


class StudioProvider(OpenIDConnectProvider):
    """allauth's provider, strict about verified addresses."""

    oauth2_adapter_class = StudioAdapter

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        claims = data.get("userinfo") or {}
        email = str(claims.get("email") or "").strip().lower()
        verified = claims.get("email_verified") in VERIFIED
        return [EmailAddress(email=email, verified=verified, primary=True)] if email else []


def begin(request: HttpRequest) -> HttpResponse:
    """Send somebody to the identity server. Raises one of `BROKEN`. Nothing of the request's own is passed on."""
    provider = StudioProvider(request, app())
    answer: HttpResponse = provider.redirect(
        request, process=AuthProcess.LOGIN, scope=["openid", "email", "profile"], auth_params={}
    )
    return answer


def finish(request: HttpRequest) -> HttpResponse:
    """Somebody comes back from it. Raises one of `BROKEN`."""
    answer: HttpResponse = OAuth2CallbackView.adapter_view(StudioAdapter(request, "oidc"))(request)
    return answer
