"""`Config`: every setting, in typed groups, and where pydantic-settings takes their values from.

The names are flat and fixed (operators have them in their files), the groups are ours; so one source finds each field by the
name of its `Setting`. Empty texts count as not set. It must never write a value anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from elistit.config.services import ComfyUi, Etsy, Gelato, Google, Llm, Oidc, OpenAi, Recraft, Replicate, Stripe
from elistit.config.setting import Group, setting_of
from elistit.config.studio import General, People, Practice, Signing, Storage, Tracing, Workers


class Config(BaseSettings):
    """The settings of this installation. Frozen."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    general: General = Field(default_factory=General)
    storage: Storage = Field(default_factory=Storage)
    workers: Workers = Field(default_factory=Workers)
    signing: Signing = Field(default_factory=Signing)
    etsy: Etsy = Field(default_factory=Etsy)
    google: Google = Field(default_factory=Google)
    gelato: Gelato = Field(default_factory=Gelato)
    replicate: Replicate = Field(default_factory=Replicate)
    comfyui: ComfyUi = Field(default_factory=ComfyUi)
    openai: OpenAi = Field(default_factory=OpenAi)
    recraft: Recraft = Field(default_factory=Recraft)
    llm: Llm = Field(default_factory=Llm)
    stripe: Stripe = Field(default_factory=Stripe)
    people: People = Field(default_factory=People)
    oidc: Oidc = Field(default_factory=Oidc)
    tracing: Tracing = Field(default_factory=Tracing)
    practice: Practice = Field(default_factory=Practice)

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *sources: PydanticBaseSettingsSource, **_: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (FlatNames(settings_cls),)

    @classmethod
    def of(cls, environment: Mapping[str, str] | None = None) -> Self:
        """The settings of an environment; of this process's without one. Raises pydantic's ValidationError."""
        # An argument of the constructor that pydantic-settings documents and the type checker, which knows fields, does not.
        return cls(_build_sources=((FlatNames(cls, environment),), {}))  # type: ignore[call-arg]


class FlatNames(EnvSettingsSource):
    """The environment, as pydantic-settings reads it, sorted into the groups."""

    def __init__(self, settings_cls: type[BaseSettings], environment: Mapping[str, str] | None = None) -> None:
        super().__init__(settings_cls, case_sensitive=True, env_ignore_empty=True)
        if environment is not None:
            self.env_vars = {name: text for name, text in environment.items() if text}

    def __call__(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for group, model in groups().items():
            texts = {field: text for field in model.model_fields if (text := self._text(model, field))}
            if texts:
                found[group] = texts
        return found

    def given(self) -> dict[str, str]:
        """The text of every setting that is set, by its name."""
        found: dict[str, str] = {}
        for model in groups().values():
            for field, info in model.model_fields.items():
                prefix, text = setting_of(info).prefix, self._text(model, field)
                if prefix and text:
                    found |= {f"{prefix}{name}": one for name, one in text.items()}
                elif text:
                    found[setting_of(info).name] = text
        return found

    def _text(self, model: type[Group], field: str) -> Any:
        """The text of a field; of a family the texts by the rest of each name. None when nothing is set."""
        info = model.model_fields[field]
        if not (prefix := setting_of(info).prefix):
            return self.env_vars.get(setting_of(info).name) or None
        longer = [p for other in model.model_fields.values() if len(p := setting_of(other).prefix) > len(prefix)]
        return {
            name.removeprefix(prefix): text
            for name, text in self.env_vars.items()
            if name.startswith(prefix) and not name.startswith(tuple(longer))
        } or None


def groups() -> dict[str, type[Group]]:
    """The groups by their field of `Config`, in the order of the page."""
    return {
        name: info.annotation
        for name, info in Config.model_fields.items()
        if isinstance(info.annotation, type) and issubclass(info.annotation, Group)
    }
