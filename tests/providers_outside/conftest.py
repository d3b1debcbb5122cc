"""Fixtures of the tests of outside providers: a loopback stand-in for each service, and no keys in the environment."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.providers_outside.fakes import FakeComfy, FakeImages, FakeReplicate


@pytest.fixture(autouse=True)
def _no_keys_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REPLICATE_API_URL", "REPLICATE_TOKEN", "REPLICATE_MODELS", "REPLICATE_WEBHOOK_SECRET", "OPENAI_API_URL",
                 "OPENAI_KEY", "OPENAI_MODEL", "RECRAFT_API_URL", "RECRAFT_KEY", "CUTOUT", "UPSCALE", "POSTER_UPSCALE",
                 "COMFYUI_URL", "COMFYUI_KEY", "COMFYUI_WORKFLOW", "COMFYUI_CHECKPOINT"):  # fmt: skip
        monkeypatch.delenv(f"ELISTIT_{name}", raising=False)


@pytest.fixture
def replicate() -> Iterator[FakeReplicate]:
    with FakeReplicate() as server:
        yield server


@pytest.fixture
def comfy() -> Iterator[FakeComfy]:
    with FakeComfy() as server:
        yield server


@pytest.fixture
def images() -> Iterator[FakeImages]:
    with FakeImages() as server:
        yield server
