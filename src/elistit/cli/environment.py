"""Everything that is wrong with the settings of this installation, before anything is opened or written.

What can be seen from the settings alone is `elistit.config`'s; here what they name is looked into: files, tools, workflows,
storage addresses. Behind `elistit config`, `elistit doctor` and every command's start. Imports no Django; writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from elistit import config
from elistit.config import Config, Problem
from elistit.delivery import address
from elistit.listings import currencies, trademarks
from elistit.maintenance.traces import otlp
from elistit.providers import http, tools
from elistit.providers.comfyui import configuration as comfyui


def problems(environment: Mapping[str, str] | None = None) -> list[Problem]:
    """What is wrong with an environment, by default this process's."""
    read = config.read(environment)
    return [
        *read.problems,
        *_place_problems(read.config),
        *_table_problems(read.config),
        *_provider_problems(read.config),
        *_tracing_problems(read.config),
    ]


def _place_problems(settings: Config) -> list[Problem]:
    """What is wrong with the places of files and backups, and with the keys they need."""
    storage = settings.storage
    places = {"ELISTIT_STORAGE_URL": storage.storage_url, "ELISTIT_BACKUP_URL": storage.backup_url}
    return [
        Problem(name, wrong.replace("ELISTIT_STORAGE_URL", name))
        for name, place in places.items()
        if place and (wrong := address.problem(place, storage))
    ]


def _table_problems(settings: Config) -> list[Problem]:
    """What is wrong with files of the operator's own that settings name."""
    found = []
    if path := settings.etsy.currencies:
        try:
            currencies.read(Path(path))
        except currencies.BadTable as bad:
            found.append(Problem(currencies.SETTING, str(bad)))
    if path := settings.etsy.trademarks:
        try:
            trademarks.read(Path(path), own=True)
        except trademarks.BadList as wrong:
            found.append(Problem(trademarks.SETTING, str(wrong)))
    return found


def _provider_problems(settings: Config) -> list[Problem]:
    """What is wrong with the settings of tools and of a ComfyUI server, which are looked into before anything starts."""
    found = [Problem(name, words) for name, words in tools.problems(settings).items()]
    try:
        comfyui.read(settings)
    except http.BadSettings as bad:
        named = (one.name for one in config.settings() if one.name in str(bad))
        found.append(Problem(next(named, comfyui.URL_NAME), str(bad)))
    return found


def _tracing_problems(settings: Config) -> list[Problem]:
    """Whether a collector is named and what sends to it is missing."""
    return (
        [Problem("ELISTIT_OTLP_URL", f"ELISTIT_OTLP_URL {otlp.MISSING}")]
        if settings.tracing.url and not otlp.installed()
        else []
    )


def faults_problem(environment: Mapping[str, str] | None = None) -> Problem | None:
    """What is wrong with ELISTIT_FAULTS. Apart from `problems`, because its grammar names stages that only a loaded
    Django knows."""
    text = config.read(environment).config.practice.faults
    if not text:
        return None
    from elistit.stages import faults

    try:
        faults.parse(text)
    except ValueError as wrong:
        return Problem("ELISTIT_FAULTS", str(wrong))
    return None


def shown(value: str, secret: bool) -> str:
    """A value fit to be printed: secrets hidden, and the password inside an address."""
    if secret:
        return "set (hidden)" if value else "not set"
    if "://" not in value:
        return value
    try:
        parts = urlsplit(value)
        if parts.password is None:
            return value
        host = parts.hostname or ""
        host = f"[{host}]" if ":" in host else host
        port = f":{parts.port}" if parts.port else ""
        return urlunsplit(parts._replace(netloc=f"{parts.username}:(hidden)@{host}{port}"))
    except ValueError:
        return "(cannot be read)"
