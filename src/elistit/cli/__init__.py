"""The command line: the one way Elistit is started and operated.

Every command answers in plain words or, with --json, as one JSON document on standard output. Exit codes are 0 done,
1 failed, 2 bad input. An expected mistake is one sentence on standard error, never a traceback, and a command refused
for bad input has written nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from elistit import handover

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code."""
    handover.preset("DJANGO_SETTINGS_MODULE", "elistit.settings")
    from elistit.cli.commands import elistit
    from elistit.cli.frame import run

    return run(elistit, list(sys.argv[1:] if arguments is None else arguments))
