"""The process that does the work of one quarantined attempt (see `quarantine`) and ends. It must never take work from a
queue."""

from __future__ import annotations

import json
from functools import partial

import django

django.setup()

from elistit import config, handover  # noqa: E402
from elistit.runtime import quarantine  # noqa: E402
from elistit.runtime.cpu import Cpu  # noqa: E402
from elistit.runtime.subprocess_entry import enter  # noqa: E402
from elistit.stages.context import StageContext  # noqa: E402
from elistit.stages.dispatch import run_attempt  # noqa: E402


def main() -> None:
    """Do the work of the attempt on standard input and write its outcome, then end."""
    enter(json.loads(handover.read(handover.QUARANTINE))[0], config.current().workers.task_memory_bytes)
    cpu = Cpu(1)
    try:
        quarantine.answer(partial(run_attempt, StageContext(cpu.run)))
    finally:
        cpu.close()


if __name__ == "__main__":
    main()
