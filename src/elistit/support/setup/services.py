"""What lies outside the studio: one harmless question to each service that is configured.

Asked by `elistit doctor` and by the console's setup page. Nothing is bought, made or changed there. A service that is not
configured is not asked and not reported as wrong. An answer must never show a key.
"""

from __future__ import annotations

import os
import smtplib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from elistit import config
from elistit.addresses import loopback
from elistit.delivery import address
from elistit.delivery.gelato import outcomes as gelato_outcomes
from elistit.delivery.gelato import sizes as gelato_sizes
from elistit.delivery.gelato.client import GelatoClient
from elistit.delivery.gelato.config import GelatoConfig
from elistit.delivery.google_drive.config import GoogleConfig
from elistit.delivery.store import StoreFailure, open_store
from elistit.listings.etsy import practice
from elistit.listings.etsy.config import EtsyConfig
from elistit.payments.client import Stripe, StripeProblem
from elistit.payments.config import StripeConfig
from elistit.payments.setup import endpoint_problem
from elistit.payments.shapes import API_VERSION
from elistit.providers import http, registry
from elistit.providers.chat import client as chat_client
from elistit.providers.replicate.client import Replicate
from elistit.purchases import provider_webhooks
from elistit.support import mailbox

Finding = tuple[bool, str, str]
NOT_SET = "not configured"
SECONDS = 10


def storage() -> Finding:
    """The bucket can be reached with these credentials; a folder is looked at by the check of the data folder."""
    place = address.parse(settings.STORAGE_URL)
    if isinstance(place, Path):
        if place.exists() and not os.access(place, os.W_OK | os.X_OK):
            return False, f"{place} can't be written to", "Correct the folder's rights or ELISTIT_STORAGE_URL."
        return True, "a folder of this machine", ""
    store = open_store(settings.STORAGE_URL)
    try:
        store.ask()  # type: ignore[attr-defined]
    except StoreFailure as failed:
        fix = "Look at ELISTIT_STORAGE_URL, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        return False, f"{failed.failure.reason} {failed.failure.detail}".strip()[:300], fix
    return True, f"the bucket {urlsplit(settings.STORAGE_URL).netloc} answers", ""


def image_providers() -> Finding:
    """Every provider that is set up takes its key, has its model, and can be believed when it tells us something."""
    wrong = registry.problems()
    good = []
    for name, guarded in registry.outside().items():
        provider = guarded.provider
        failure = provider.check()  # type: ignore[attr-defined]
        if failure is not None:
            wrong.append(f"{name}: {failure.reason} {failure.detail}".strip()[:200])
            continue
        good.append(name)
        if isinstance(provider, Replicate):
            wrong += _unheard(provider)
    if wrong:
        fix = (
            "Look at the settings of these providers: ELISTIT_REPLICATE_TOKEN, ELISTIT_OPENAI_KEY, ELISTIT_RECRAFT_KEY, "
            "ELISTIT_COMFYUI_URL and what belongs to them."
        )
        return False, " ".join(wrong), fix
    return (
        True,
        f"{', '.join(good)} answer and accept our key" if good else f"the built-in artist; others {NOT_SET}",
        "",
    )


def _unheard(replicate: Any) -> list[str]:
    """What keeps Replicate's messages from being believed, where it could send any."""
    if provider_webhooks.webhook_for(replicate.name, "doctor") is None:
        return []
    try:
        replicate.secret.current()
    except provider_webhooks.NoSecret:
        return ["replicate: the secret that proves its messages cannot be had."]
    return []


def words() -> Finding:
    """The language model, where one is configured, is there and takes its key."""
    try:
        chat = chat_client.configured()
    except http.BadAddress as bad:
        return False, str(bad), "Look at ELISTIT_LLM_URL."
    if chat is None:
        return True, "written by rule on this machine; ELISTIT_LLM_MODEL is not set", ""
    if failure := chat.check():
        detail = f"{failure.reason} {failure.detail}".strip()[:300]
        return False, detail, "Look at ELISTIT_LLM_URL, ELISTIT_LLM_KEY and ELISTIT_LLM_MODEL."
    return True, f"the language model {chat.model} answers", ""


def etsy() -> Finding:
    """Etsy knows the app's keystring; without an app, the practice shop answers where one is running."""
    app = EtsyConfig.from_environment()
    if not app.ready and (here := practice.address()):
        app = EtsyConfig.from_environment(here)
    if not app.ready:
        return True, NOT_SET, ""
    try:
        key = f"{app.keystring}:{app.secret.reveal()}"
        answer = httpx.get(f"{app.api_url}/openapi-ping", headers={"x-api-key": key}, timeout=SECONDS)
    except httpx.HTTPError as error:
        fix = "Look at the network of this machine and ELISTIT_ETSY_API_URL."
        return False, f"Etsy does not answer: {type(error).__name__}", fix
    if answer.status_code in (401, 403):
        return False, "Etsy does not know this app", "Look at ELISTIT_ETSY_KEYSTRING and ELISTIT_ETSY_SHARED_SECRET."
    if answer.status_code == 429:
        return (
            False,
            "Etsy accepts no more requests from this app right now",
            "Try again later; drafts wait until then.",
        )
    if answer.status_code >= 500:
        return False, f"Etsy answers ({answer.status_code})", "Try again later: Etsy has a problem."
    if answer.status_code != 200 or "application_id" not in _object(answer):
        return False, f"something answers that is not Etsy ({answer.status_code})", "Look at ELISTIT_ETSY_API_URL."
    if app.sandbox:
        return True, "the practice shop answers; nothing reaches Etsy", ""
    return True, "Etsy knows this app", ""


def _object(answer: Any) -> dict[str, Any]:
    """The JSON object of an answer; empty for anything else."""
    try:
        data = answer.json()
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def google_drive() -> Finding:
    """Google knows the OAuth client: an exchange of a code that is none is refused for the code, not for the client."""
    google = GoogleConfig.from_environment()
    if not google.ready:
        return True, NOT_SET, ""
    form = {
        "grant_type": "refresh_token", "refresh_token": "doctor", "client_id": google.client_id,
        "client_secret": google.secret.reveal(),
    }  # fmt: skip
    try:
        answer = httpx.post(google.token_url, data=form, timeout=SECONDS)
    except httpx.HTTPError as error:
        return False, f"Google does not answer: {type(error).__name__}", "Look at the network of this machine."
    error_code = str(_object(answer).get("error", ""))
    if error_code == "invalid_grant":
        return True, "Google knows this client", ""
    if answer.status_code >= 500 or answer.status_code == 429:
        return False, f"Google answers ({answer.status_code})", "Try again later: Google has a problem."
    fix = "Look at ELISTIT_GOOGLE_CLIENT_ID and ELISTIT_GOOGLE_CLIENT_SECRET."
    return False, f"Google refused the client ({error_code or answer.status_code})", fix


def print_on_demand() -> Finding:
    """Gelato accepts the key and sells posters on the paper that is set, and can fetch files from this studio. Creates nothing."""
    gelato = GelatoConfig.from_environment()
    if not gelato.ready:
        return True, NOT_SET, ""
    answer = GelatoClient(gelato).posters("ver")
    if not answer.good or answer.data is None:
        theirs = answer.status >= 500 or answer.status == 429
        if not answer.status:
            return False, f"Gelato does not answer: {answer.problem}", "Look at the network of this machine."
        fix = "Try again later: Gelato has a problem." if theirs else "Look at ELISTIT_GELATO_KEY."
        return (
            False,
            f"Gelato refuses the key or the request ({answer.status}). {gelato_outcomes.failure(answer).reason}",
            fix,
        )
    products = answer.data.get("products")
    found = gelato_sizes.sheets(products if isinstance(products, list) else [])
    if not found:
        return False, f"Gelato sells no poster on the paper {gelato.paper!r}", "Look at ELISTIT_GELATO_PAPER."
    if loopback(settings.BASE_URL) and not loopback(gelato.order_url):
        fix = "Set ELISTIT_BASE_URL to the public address of this studio."
        return False, "Gelato accepts the key, but can't fetch print files from an address of this machine", fix
    return True, f"Gelato accepts the key; {len(found)} posters in portrait format", ""


def payments() -> Finding:
    """Stripe takes the key, and its messages come here in a shape that is understood."""
    account = StripeConfig.from_environment()
    if problem := account.problem:
        return False, problem, "Set both or neither: ELISTIT_STRIPE_KEY and ELISTIT_STRIPE_WEBHOOK_SECRET."
    if not account.ready:
        return True, NOT_SET, ""
    client = Stripe(account)
    try:
        client.check()
    except StripeProblem as wrong:
        theirs = wrong.whose == "stripe"
        return (
            False,
            str(wrong),
            "Try again later: Stripe has a problem." if theirs else "Look at ELISTIT_STRIPE_KEY.",
        )
    if endpoint := endpoint_problem(client):
        return False, endpoint.what, endpoint.fix
    message = f"Stripe accepts the key; its endpoint for this studio needs API version {API_VERSION} or later"
    return True, message, ""


def mail() -> Finding:
    """The mail server takes a connection and the name and password, as the studio itself would use it; nothing is sent."""
    url = urlsplit(config.current().people.email_url.get_secret_value())
    if url.scheme not in ("smtp", "smtps"):
        return True, f"no mail server ({url.scheme or 'mail is written to a folder'})", ""
    try:
        server = mailbox.connection()
        if server is not None:
            server.open()
            server.close()
    except mailbox.BadAddress as bad:
        return False, str(bad), "Look at ELISTIT_EMAIL_URL."
    except smtplib.SMTPNotSupportedError:
        fix = "Use smtps:// in ELISTIT_EMAIL_URL, or a server that offers STARTTLS and a log-in."
        return False, f"{url.hostname} offers no encryption or no log-in, so the password was not sent", fix
    except smtplib.SMTPAuthenticationError as refused:
        fix = "Look at the name and the password in ELISTIT_EMAIL_URL."
        return False, f"{url.hostname} refuses the name or the password ({refused.smtp_code})", fix
    except (OSError, smtplib.SMTPException) as error:
        return False, f"the mail server rejects our connection: {type(error).__name__}", "Look at ELISTIT_EMAIL_URL."
    return True, f"{url.hostname} takes mail from us", ""


def identity_server() -> Finding:
    """The identity server describes itself under the issuer that is set, and does what signing in needs."""
    issuer = config.current().oidc.issuer.rstrip("/")
    if not config.current().oidc.configured:
        return True, NOT_SET, ""
    try:
        answer = httpx.get(f"{issuer}/.well-known/openid-configuration", timeout=SECONDS)
    except httpx.HTTPError as error:
        fix = "Look at the network of this machine and ELISTIT_OIDC_ISSUER."
        return False, f"the identity server does not answer: {type(error).__name__}", fix
    found = _object(answer)
    if answer.status_code >= 500:
        return (
            False,
            f"the identity server answers ({answer.status_code})",
            "Try again later: the server has a problem.",
        )
    needed = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
    if answer.status_code != 200 or not all(found.get(name) for name in needed):
        return False, f"no identity server answers there ({answer.status_code})", "Look at ELISTIT_OIDC_ISSUER."
    if str(found.get("issuer", "")).rstrip("/") != issuer:
        return (
            False,
            "the identity server calls itself something else",
            f"Set ELISTIT_OIDC_ISSUER to {found.get('issuer')}",
        )
    return True, "the identity server answers; its client and secret are tried when somebody signs in", ""


CHECKS: dict[str, Callable[[], Finding]] = {
    "storage": storage,
    "image providers": image_providers,
    "words": words,
    "Etsy": etsy,
    "Google Drive": google_drive,
    "print on demand": print_on_demand,
    "payments": payments,
    "mail": mail,
    "identity server": identity_server,
}
