"""Which providers this installation has, by the first part of a model's code (`builtin/watercolor` → `builtin`).

Adding a provider is a folder beside this file and a line here. Faults asked for with `ELISTIT_FAULTS` are put around a
provider here and nowhere else.
"""

from __future__ import annotations

from elistit.providers.base import ImageProvider, ModelInfo
from elistit.providers.builtin.provider import BuiltinArtist

_PROVIDERS: dict[str, ImageProvider] = {p.name: p for p in (BuiltinArtist(),)}


def provider_for(model: str) -> ImageProvider:
    """The provider of a model. Raises KeyError for a model of a provider this installation does not have."""
    return _PROVIDERS[model.split("/")[0]]


def providers() -> dict[str, ImageProvider]:
    return dict(_PROVIDERS)


def models() -> list[ModelInfo]:
    return [m for p in _PROVIDERS.values() for m in p.models()]
