"""Provider webhooks: the address a provider reports to, and where its report is recorded.

A message is a faster poll and nothing more: it is kept beside the call, for the one that waits for that call or takes it over,
and the same table judges it (`calls`, the provider's `outcomes`). Nothing is decided, moved or bought here, and a message
that is not signed, not about that call, or not the first leaves no trace.
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
"""The providers that can notify us."""


class NotHere(Exception):
    """This installation has no account with that provider."""


def webhook_for(provider: str, key: str) -> Hook | None:
    """The hook of a call; None where the provider cannot tell, or where it could not reach this installation."""
    if provider not in TELLING or not _public(settings.BASE_URL):
        return None
    return Hook(f"{settings.BASE_URL}/hooks/{provider}/{quote(key, safe=':.')}/", lambda: _news(key))


def _public(url: str) -> bool:
    """Whether others can reach this address: https, and not this machine."""
    return urlsplit(url).scheme == "https" and not loopback(url)


def _news(key: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = ProviderCall.objects.values_list("news", flat=True).filter(pk=key).first()
    return found or None


def receive(key: str, headers: Mapping[str, str], body: bytes) -> str:
    """Take in a message of Replicate's about the call of a key, in any process. What was done with it, in one word.

    The same message again, or one that comes late, changes nothing. Raises NotHere, Forged, NoSecret; then nothing was
    written.
    """
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
