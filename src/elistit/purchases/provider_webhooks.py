"""Provider webhooks: the address a provider reports to, and where its report is recorded.

A webhook only replaces polling: its report is stored with the call, for the worker that waits for the call or takes it
over, and is judged by the same table (`calls`, the provider's `outcomes`). It must never decide, move or buy anything,
and a message that isn't signed, isn't about that call or isn't the first must have no effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

from elistit import ports
from elistit.addresses import loopback
from elistit.chain.models import ProviderCall
from elistit.providers import registry
from elistit.providers.base import Hook
from elistit.providers.replicate import client, hooks
from elistit.providers.replicate.hooks import Forged, NoSecret

__all__ = ["Forged", "NoSecret", "NotHere", "receive", "webhook_for"]
TELLING = (client.NAME,)
"""The providers that can send us webhooks."""


class NotHere(Exception):
    """This installation has no account with that provider."""


def webhook_for(provider: str, key: str) -> Hook | None:
    """The webhook of a call; None when the provider doesn't support webhooks or can't reach this installation."""
    if provider not in TELLING or not _public(settings.BASE_URL):
        return None
    return Hook(f"{settings.BASE_URL}/hooks/{provider}/{quote(key, safe=':.')}/", lambda: _news(key))


def _public(url: str) -> bool:
    """Whether outside services can reach this address: https, and not this machine."""
    return urlsplit(url).scheme == "https" and not loopback(url)


def _news(key: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = ProviderCall.objects.values_list("news", flat=True).filter(pk=key).first()
    return found or None


def receive(key: str, headers: Mapping[str, str], body: bytes) -> str:
    """Process a webhook of Replicate's about the call of a key, in any process. Returns what was done with it, in one
    word. Repeated and late messages change nothing. Raises NotHere, Forged, NoSecret, with nothing written."""
    guarded = registry.outside().get(client.NAME)
    if guarded is None:
        raise NotHere
    replicate = guarded.provider
    assert isinstance(replicate, client.Replicate)
    prediction = hooks.verified(headers, body, replicate.secret)
    call = ProviderCall.objects.filter(pk=key, provider=client.NAME).first()
    if call is None or not client.is_of(prediction, call.provider_id):
        return "unknown"
    kept = hooks.ended(prediction)
    if kept is None:
        return "ignored"
    first = ProviderCall.objects.filter(pk=key, news_at=None).exclude(state=ProviderCall.State.ANSWERED)
    return "noted" if first.update(news=kept, news_at=ports.now(), provider_id=kept["id"]) else "known"
