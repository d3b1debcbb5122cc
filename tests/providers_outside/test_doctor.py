"""`elistit doctor` asks each provider that is set up, buys nothing, and says what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from elistit.support.setup import services
from tests.providers_outside.asking import KEY
from tests.providers_outside.fakes import FakeComfy, FakeReplicate
from tests.providers_outside.loopback import Reply, closed_port


def test_every_provider_that_is_set_up_is_asked(
    replicate: FakeReplicate, comfy: FakeComfy, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    assert services.image_providers()[:2] == (True, "the built-in artist; others not configured")
    monkeypatch.setenv("ELISTIT_REPLICATE_TOKEN", KEY)
    monkeypatch.setenv("ELISTIT_REPLICATE_API_URL", replicate.url)
    monkeypatch.setenv("ELISTIT_COMFYUI_URL", comfy.url)
    monkeypatch.setenv("ELISTIT_COMFYUI_CHECKPOINT", "sdxl.safetensors")
    assert services.image_providers()[:2] == (True, "replicate, comfyui answer and accept our key")
    assert [a.path for a in replicate.asked] == ["/account"], "its secret matters only where it can reach us"
    settings.BASE_URL = "https://studio.example"
    assert services.image_providers()[0]
    assert replicate.asked[-1].path == "/webhooks/default/secret"
    assert replicate.bought == comfy.bought == 0


def test_what_is_wrong_is_said_for_each(
    replicate: FakeReplicate, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.BASE_URL = "https://studio.example"
    monkeypatch.setenv("ELISTIT_REPLICATE_TOKEN", KEY)
    monkeypatch.setenv("ELISTIT_REPLICATE_API_URL", replicate.url)
    monkeypatch.setenv("ELISTIT_COMFYUI_URL", closed_port())
    monkeypatch.setenv("ELISTIT_COMFYUI_CHECKPOINT", "sdxl.safetensors")
    monkeypatch.setenv("ELISTIT_CUTOUT", "remotely")
    real = replicate.handle

    def handle(method: str, path: str, body: Any) -> Reply:
        return Reply(500, {}) if path.startswith("/webhooks") else real(method, path, body)

    replicate.handle = handle  # type: ignore[method-assign]
    good, said, fix = services.image_providers()
    assert not good
    for words in (
        "ELISTIT_CUTOUT is “remotely”",
        "secret that proves its messages",
        "comfyui: This studio’s image server could not",
    ):
        assert words in said
    assert "ELISTIT_COMFYUI_URL" in fix and KEY not in said
