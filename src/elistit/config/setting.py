"""What one setting is: its name in the environment, its kind of value, its meaning; and the base of the groups they stand in.

A group is a typed model. A field is one setting: `Annotated[type, Setting(name, kind, meaning)] = default`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, SecretStr, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from elistit.config.values import Family, Kind, MemberRefused

REFUSED = "setting"
"""The type of a validation error that holds a setting's `name` and the `words` after it."""


@dataclass(frozen=True)
class Setting:
    """One setting. `default` is what holds when it is not set, in words, where the field's own default does not say it.
    `shown`: although it is kept as a secret its value may be shown, without the password in it."""

    name: str
    kind: Kind
    meaning: str
    default: str = ""
    shown: bool = False

    @property
    def prefix(self) -> str:
        """What the names of a family begin with; empty for a single setting."""
        return self.kind.prefix if isinstance(self.kind, Family) else ""


@dataclass(frozen=True)
class Described:
    """A setting with what its field adds: the default in words, and whether its value is a secret."""

    setting: Setting
    default: str
    secret: bool
    group: str

    @property
    def name(self) -> str:
        return self.setting.name

    @property
    def meaning(self) -> str:
        return self.setting.meaning

    @property
    def takes(self) -> str:
        return self.setting.kind.takes

    @property
    def prefix(self) -> str:
        """What the names of a family begin with; empty for a single setting."""
        return self.setting.prefix


class Group(BaseModel):
    """Settings of one topic. Frozen; secrets are `SecretStr`, which no text form shows."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    title: ClassVar[str]

    @field_validator("*", mode="before")
    @classmethod
    def _read(cls, text: Any, info: Any) -> Any:
        setting = setting_of(cls.model_fields[info.field_name])
        try:
            return setting.kind.read(text)
        except MemberRefused as wrong:
            raise _refused(wrong.name, wrong.words) from None
        except ValueError as wrong:
            raise _refused(setting.name, str(wrong)) from None

    @classmethod
    def described(cls) -> Iterator[Described]:
        """Every setting of this group, in order."""
        for field in cls.model_fields.values():
            setting = setting_of(field)
            yield Described(setting, setting.default or _in_words(field.default), _is_secret(field), cls.title)


def setting_of(field: FieldInfo) -> Setting:
    """The setting a field is."""
    return next(one for one in field.metadata if isinstance(one, Setting))


def _refused(name: str, words: str) -> PydanticCustomError:
    # The sentence is a value of the template, never the template itself: it may hold braces.
    return PydanticCustomError(REFUSED, "{name} {words}", {"name": name, "words": words})


def _is_secret(field: FieldInfo) -> bool:
    return field.annotation is SecretStr and not setting_of(field).shown


def _in_words(default: Any) -> str:
    if isinstance(default, SecretStr) or default in ("", None, ()) or default == {}:
        return "not set"
    if isinstance(default, bool):
        return "1" if default else "0"
    if isinstance(default, tuple):
        return ",".join(default)
    if isinstance(default, Path):
        return f"./{default}"
    return f"{default:g}" if isinstance(default, float) else str(default)
