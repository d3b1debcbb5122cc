"""Kinds of values a setting can have: each reads a text of the environment and says in words what it takes.

`read` raises ValueError with what follows the setting's name in the sentence that refuses it: “should begin with https://.”.
It must never repeat the value of a secret.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from elistit.addresses import loopback

SHOWN_MAX = 40
"""So much of a value that is refused is repeated."""


class Kind(Protocol):
    """A kind of value. `takes` is the words of the settings' page."""

    @property
    def takes(self) -> str: ...

    def read(self, text: str) -> Any: ...


@dataclass(frozen=True)
class Text:
    """Any text, without spaces around it."""

    takes: str = "text"

    def read(self, text: str) -> str:
        return text.strip()


@dataclass(frozen=True)
class Exactly:
    """Any text, exactly as it is: a key that has worked with a space at its end must continue working."""

    takes: str = "text"

    def read(self, text: str) -> str:
        return text


@dataclass(frozen=True)
class Folder:
    """A path, made absolute from the folder the command was started in."""

    takes: str = "folder"

    def read(self, text: str | Path) -> Path:
        return Path(text).absolute()


@dataclass(frozen=True)
class Words:
    """Several texts, separated by `by` (None: by white space). Empty ones are left out."""

    by: str | None
    takes: str

    def read(self, text: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in text.split(self.by) if part.strip())


@dataclass(frozen=True)
class Choice:
    """One of a few words, or of those that are taken `also` and not named. `any_case`: capitals don't matter."""

    words: tuple[str, ...]
    also: tuple[str, ...] = ()
    any_case: bool = False

    @property
    def takes(self) -> str:
        return _either([f"`{word}`" for word in self.words])

    def read(self, text: str) -> str:
        word = text.strip().lower() if self.any_case else text.strip()
        if word not in (*self.words, *self.also):
            raise ValueError(f"is “{_shown(text)}”; it can be {_either(self.words)}.")
        return word


@dataclass(frozen=True)
class Switch:
    """On or off."""

    takes: str = "`1` or `0`"

    def read(self, text: str) -> bool:
        if text.strip() not in ("0", "1"):
            raise ValueError(f"is “{_shown(text)}”; it can be 1 for on or 0 for off.")
        return text.strip() == "1"


@dataclass(frozen=True)
class Whole:
    """A whole number in a range, in `unit`. `refusal` replaces the words about the range."""

    least: int
    most: int
    unit: str = ""
    refusal: str = ""

    @property
    def takes(self) -> str:
        return f"{self.least:,} to {self.most:,} {self.unit}".strip()

    def read(self, text: str) -> int:
        number = text.strip()
        if not (number.isascii() and number.isdigit() and len(number) < 20 and self.least <= int(number) <= self.most):
            wanted = self.refusal or f"a whole number from {self.least:,} to {self.most:,}"
            raise ValueError(f"is “{_shown(text)}”; it should be {wanted}.")
        return int(number)


@dataclass(frozen=True)
class Above0:
    """A number above 0, not necessarily whole, in `unit`."""

    unit: str = ""

    @property
    def takes(self) -> str:
        return f"number above 0 {f'({self.unit})' if self.unit else ''}".strip()

    def read(self, text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = 0.0
        if not 0 < number < float("inf"):
            raise ValueError(f"is “{_shown(text)}”; it should be a number above 0.")
        return number


@dataclass(frozen=True)
class Address:
    """An address with one of some schemes. `guarded`: it is sent secrets, so it is https or of this machine."""

    schemes: tuple[str, ...] = ("http", "https")
    guarded: bool = False

    @property
    def takes(self) -> str:
        return "address" if self.schemes == Address.schemes else f"address ({', '.join(self.schemes)})"

    def read(self, text: str) -> str:
        url = text.strip()
        try:
            parts = urlsplit(url)
            port_is_number = parts.port is None or parts.port >= 0
        except ValueError:
            raise ValueError(
                f"is not an address that can be read; it should begin with {self.schemes[0]}://."
            ) from None
        needs_host = self.schemes[0] == "http"
        if parts.scheme not in self.schemes or not port_is_number or (needs_host and not parts.netloc):
            raise ValueError(f"should begin with {' or '.join(s + '://' for s in self.schemes)}.")
        if self.guarded and parts.scheme == "http" and not loopback(url):
            raise ValueError("must be an https address, or an http address of this machine.")
        return url


@dataclass(frozen=True)
class Key:
    """A key or token. They travel in headers, which hold plain characters only; a stray one is from copying."""

    takes: str = "secret"

    def read(self, text: str) -> str:
        key = text.strip()
        if re.search(r"[^!-~]", key):
            raise ValueError("holds a character that no key has; copy it again.")
        return key


@dataclass(frozen=True)
class Headers:
    """Headers of requests, `name=value`, separated by commas. Their values are secrets."""

    takes: str = "secret (`name=value,name=value`)"

    def read(self, text: str) -> str:
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if not all(re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+ *= *[ -~]+", part) for part in parts):
            raise ValueError("should be name=value, with a comma between two headers.")
        return ",".join(parts)


@dataclass(frozen=True)
class Family:
    """A setting for each of something, as for each provider: `prefix` and a name. Reads the texts by that name, in lower
    case, into a value by it."""

    prefix: str
    each: Kind

    @property
    def takes(self) -> str:
        return self.each.takes

    def read(self, texts: Mapping[str, str]) -> dict[str, Any]:
        found = {}
        for name, text in texts.items():
            try:
                found[name.lower()] = self.each.read(text)
            except ValueError as wrong:
                raise MemberRefused(f"{self.prefix}{name}", str(wrong)) from None
        return found


class MemberRefused(ValueError):
    """One name of a family can't be read: `name` is whole, `words` what follows it."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(words)
        self.name, self.words = name, words


def _shown(text: str) -> str:
    return text[:SHOWN_MAX]


def _either(words: tuple[str, ...] | list[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
