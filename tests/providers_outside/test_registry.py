"""A provider is there while its key is; its models are offered only then."""

from __future__ import annotations

import pytest

from elistit.ports import Failure, Kind
from elistit.projects.products import PRODUCTS
from elistit.providers import registry
from elistit.providers.health import Guarded
from elistit.providers.openai.models import MODELS as OPENAI
from elistit.providers.recraft.models import MODELS as RECRAFT
from elistit.providers.replicate.models import MODELS as REPLICATE
from tests.providers_outside.asking import KEY
from tests.providers_outside.fakes import FakeImages

KEYS = {
    "replicate": "ELISTIT_REPLICATE_TOKEN",
    "openai": "ELISTIT_OPENAI_KEY",
    "recraft": "ELISTIT_RECRAFT_KEY",
}
FIRST = {"replicate": "replicate/flux-schnell", "openai": "openai/gpt-image", "recraft": "recraft/v4-1"}
ALL = {**REPLICATE, **OPENAI, **RECRAFT}


def test_without_keys_there_is_only_the_artist_that_needs_none() -> None:
    assert list(registry.providers()) == ["builtin"]
    assert {m.provider for m in registry.models()} == {"builtin"}
    for model in FIRST.values():
        with pytest.raises(KeyError):
            registry.provider_for(model)


@pytest.mark.parametrize("name", KEYS)
def test_a_key_brings_its_provider_and_taking_it_away_removes_it(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(KEYS[name], KEY)
    assert list(registry.providers()) == ["builtin", name]
    assert registry.provider_for(FIRST[name]).name == name
    assert FIRST[name] in [m.code for m in registry.models()]
    monkeypatch.setenv(KEYS[name], "  ")
    assert name not in registry.providers()


def test_models_are_offered_for_the_products_they_suit(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in KEYS.values():
        monkeypatch.setenv(key, KEY)
    assert registry.offered("svg")[-1:] == ["recraft/v4-1-vector"]
    assert "replicate/sticker-maker" in registry.offered("sticker")
    assert "replicate/sticker-maker" not in registry.offered("clipart")
    assert registry.offered("clipart")[0].startswith("builtin/")
    assert not [code for code in registry.offered("custom") if code in ALL]


def test_a_breaker_lives_as_long_as_the_settings_it_was_made_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEYS["openai"], KEY)
    first = registry.provider_for("openai/gpt-image")
    assert isinstance(first, Guarded)
    assert registry.provider_for("openai/gpt-image") is first
    assert registry.health()["openai"] is first.health
    monkeypatch.setenv(KEYS["openai"], KEY + "-new")
    assert registry.provider_for("openai/gpt-image") is not first


def test_an_address_that_cannot_be_used_is_a_problem_and_not_a_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEYS["recraft"], KEY)
    monkeypatch.setenv("ELISTIT_RECRAFT_API_URL", "http://example.com")
    assert "recraft" not in registry.providers()
    assert registry.problems() == [
        "ELISTIT_RECRAFT_API_URL must be an https address, or an http address of this machine."
    ]


@pytest.mark.parametrize("code", ALL)
def test_every_model_says_what_it_is(code: str) -> None:
    model = ALL[code]
    assert model.info.code == code
    assert model.info.provider == code.split("/")[0]
    assert model.info.products <= {p.value for p in PRODUCTS}
    assert model.info.name and model.info.note.endswith(".")
    assert model.cost_micros > 0


@pytest.mark.parametrize("name", KEYS)
def test_a_model_that_is_not_offered_is_refused_and_a_redraw_too(
    monkeypatch: pytest.MonkeyPatch, images: FakeImages, name: str, tmp_path: object
) -> None:
    from pathlib import Path

    from tests.providers_outside.asking import asked_for, run

    monkeypatch.setenv(KEYS[name], KEY)
    monkeypatch.setenv(KEYS[name].rsplit("_", 1)[0] + "_URL", images.url)
    provider = registry.provider_for(FIRST[name])
    request = asked_for(Path(str(tmp_path)), f"{name}/unknown")
    for outcome in (provider.generate(request, run, lambda _: None), provider.redraw(request, run)):
        assert isinstance(outcome, Failure)
        assert outcome.kind == Kind.REJECTED
    assert provider.can_redraw is False
    assert images.asked == []
