"""Which providers this installation has, by the first part of a model's code (`builtin/watercolor` → `builtin`).

The built-in artist is always there; a provider outside is there while its key (or address) is in the environment. Adding one is a folder
beside this file and a line here. Each provider outside stands behind its circuit breaker (`health`). A provider's key must
never be read anywhere but in its own folder.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from elistit.providers import http, tools
from elistit.providers.base import ImageProvider, ModelInfo
from elistit.providers.builtin import patterns, subjects
from elistit.providers.builtin.provider import NAME, BuiltinArtist
from elistit.providers.comfyui.client import ComfyUi
from elistit.providers.comfyui.client import configured as _comfyui
from elistit.providers.health import Guarded, Health
from elistit.providers.openai.client import OpenAi
from elistit.providers.openai.client import configured as _openai
from elistit.providers.recraft.client import Recraft
from elistit.providers.recraft.client import configured as _recraft
from elistit.providers.replicate.client import Replicate
from elistit.providers.replicate.client import configured as _replicate

Outside = Replicate | OpenAi | Recraft | ComfyUi
_PROVIDERS: dict[str, ImageProvider] = {p.name: p for p in (BuiltinArtist(),)}
_OUTSIDE: dict[str, Callable[[], Outside | None]] = {
    "replicate": _replicate, "openai": _openai, "recraft": _recraft, "comfyui": _comfyui,
}  # fmt: skip

_lock = threading.Lock()
_guarded: dict[str, tuple[object, Guarded]] = {}


def provider_for(model: str) -> ImageProvider:
    """The provider of a model. Raises KeyError for a model of a provider this installation does not have."""
    name = model.split("/")[0]
    return _PROVIDERS[name] if name in _PROVIDERS else outside()[name]


def providers() -> dict[str, ImageProvider]:
    return {**_PROVIDERS, **outside()}


def outside() -> dict[str, Guarded]:
    """The providers outside whose keys are configured, each behind its breaker, which lives as long as its settings do."""
    with _lock:
        for name, configured in _OUTSIDE.items():
            try:
                client = configured()
            except http.BadSettings:
                client = None
            if client is None:
                _guarded.pop(name, None)
            elif name not in _guarded or _guarded[name][0] != _settings(client):
                _guarded[name] = (_settings(client), Guarded(client, client.title))
        return {name: guarded for name, (_, guarded) in _guarded.items()}


def _settings(client: Outside) -> object:
    return client.settings if isinstance(client, ComfyUi) else client.service


def problems() -> list[str]:
    """What is wrong with the settings of providers and tools, one sentence each, for the operator. A provider with such a
    fault is not offered."""
    found = list(tools.problems().values())
    for configured in _OUTSIDE.values():
        try:
            configured()
        except http.BadSettings as bad:
            found.append(str(bad))
    return found


def health() -> dict[str, Health]:
    """How each provider outside has been working in this process."""
    return {name: guarded.health for name, guarded in outside().items()}


def models() -> list[ModelInfo]:
    return [m for p in providers().values() for m in p.models()]


def drawn_subject(model: str, art: dict[str, Any]) -> str:
    """What an image shows, from what was drawn rather than from any prompt; "" where only the model knows (external models)."""
    if model.split("/")[0] != NAME:
        return ""
    return patterns.subject_of(art) or subjects.subject_of(art)


def offered(product: str) -> list[str]:
    """The codes of the models this installation can make a product type with, the built-in ones first."""
    return [m.code for m in models() if product in m.products]
