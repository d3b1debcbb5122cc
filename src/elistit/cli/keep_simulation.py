"""Keep the result of a simulation, read as JSON from standard input, for the fairness page.

Its own process because a simulation runs with none of the installation's settings (`simulate --record` starts it).
It must never change anything but that one row.
"""

from __future__ import annotations

import json
import sys

from elistit.cli import preflight


def main() -> None:
    """Keep what standard input says. Ends with a traceback when the database can't be used."""
    found = json.load(sys.stdin)
    preflight.ready()
    from elistit.maintenance import rule_checks

    rule_checks.keep_simulation(found)


if __name__ == "__main__":
    main()
