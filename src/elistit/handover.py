"""What processes of ours hand each other in the environment, and the environment of the programs they start.

These names are no settings: no one sets them, and no page lists them. Settings are `elistit.config`; the two are the only
modules that touch the environment. It must never read a setting, and imports nothing of ours: children load it first.
"""

from __future__ import annotations

import os

LIFELINE = "ELISTIT_LIFELINE"
"""The end of the pipe by which a child of `elistit up` notices that its supervisor is gone: a file descriptor."""

WEB_MAIN = "ELISTIT_WEB_MAIN"
"""The process number of `elistit web`, for the children that answer its requests."""

QUARANTINE = "ELISTIT_QUARANTINE"
"""The worker and the descriptor to answer on, for the process of a quarantined attempt: JSON."""

PRACTICE_SHOP = "ELISTIT_PRACTICE_SHOP"
"""The address of the practice shop of `elistit up`, for its pages."""


def child_environment(**more: str) -> dict[str, str]:
    """The environment of a program that is started: ours, with `more`."""
    return {**os.environ, **more}


def read(name: str) -> str:
    """What was handed to this process under a name, without spaces around it; empty when nothing was."""
    return os.environ.get(name, "").strip()


def take(name: str) -> str:
    """As `read`, and the processes this one starts don't get it."""
    return os.environ.pop(name, "").strip()


def hand(name: str, value: str) -> None:
    """Hand something to every process this one starts from now on."""
    os.environ[name] = value


def preset(name: str, value: str) -> None:
    """A value for a library that reads the environment itself, where no one has set one."""
    os.environ.setdefault(name, value)
