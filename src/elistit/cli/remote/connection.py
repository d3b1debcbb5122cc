"""The studio a remote command asks, and what it refuses in the words and exit codes of the command line."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import click

from elistit import config
from elistit.cli.errors import BadInput, Failed
from elistit.cli.remote.address import address_of
from elistit_client import Studio, StudioError
from elistit_client.studio import new_key

KEY = "ELISTIT_API_KEY"


@contextlib.contextmanager
def studio() -> Iterator[Studio]:
    """The studio named with --remote, and the seller whose key is in the environment: a command line can be read by everyone
    on the machine. What the studio refuses ends the command in one sentence."""
    url = str(click.get_current_context().find_root().params["remote"])
    key = config.current().people.api_key.get_secret_value().strip()
    if not key:
        raise BadInput(f"Set {KEY} to your API key of that studio (Settings → Developers → API keys).")
    with Studio(address_of(url), key, agent="elistit-cli") as found:
        try:
            yield found
        except StudioError as error:
            raise _refused(error) from error


@contextlib.contextmanager
def charging(given: str | None) -> Iterator[str]:
    """The idempotency key of an action that costs. When it isn't known whether it was done, the refusal says how to send it
    again without being charged twice."""
    key = given or new_key()
    try:
        yield key
    except StudioError as error:
        if error.refused or (error.before and not given):
            raise
        words = f"{error} It may have been done. Run the command again with --key {key}: it is charged at most once."
        raise Failed(words, key=key) from error


def _refused(error: StudioError) -> BadInput | Failed:
    extra: dict[str, Any] = {"problem": error.problem} if error.problem else {}
    return (BadInput if error.bad_order else Failed)(str(error), **extra)
