"""The work of each stage, one module each: `run(this, job, kit) -> Outcome`.

A stage does its work on files and outside services and answers with what it made; it writes none of our tables except its
provider calls. What follows from the answer is written by `settling`.
"""

from __future__ import annotations

import dataclasses
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from elistit.delivery.store import STORAGE, Store, StoreFailure, open_store
from elistit.pipeline import disk_space, faults
from elistit.pipeline.chain import Try
from elistit.pipeline.turns import Limit
from elistit.ports import Failure, Kind, Outcome
from elistit.projects.models import Job
from elistit.projects.states import Stage
from elistit.providers import registry
from elistit.providers.base import Run

PER_MINUTE = "ELISTIT_CALLS_PER_MINUTE_"


@dataclass
class Kit:
    """What a stage is given: `run` does heavy work in a bounded subprocess (see `pipeline.cpu`)."""

    run: Run

    @property
    def store(self) -> Store:
        return open_store(settings.STORAGE_URL)

    def run_try(self, this: Try, job: Job) -> Outcome:
        """Do the work of one try. Answers a Failure for everything that can be expected to go wrong."""
        from elistit.pipeline.stages import briefing, delivering, drafting, generating, listing, processing

        works: dict[str, Callable[[Try, Job, Kit], Outcome]] = {
            Stage.BRIEFING: briefing.run, Stage.GENERATING: generating.run, Stage.PROCESSING: processing.run,
            Stage.DELIVERING: delivering.run, Stage.LISTING: listing.run, Stage.DRAFTING: drafting.run,
        }  # fmt: skip
        asked = faults.parse(faults.active())
        try:
            if this.stage == Stage.GENERATING:
                return works[this.stage](this, job, self)
            return faults.play(this, asked, lambda: works[this.stage](this, job, self))
        except StoreFailure as stored:
            if disk_space.no_room():
                raise  # nobody's failure: the work waits for room
            return dataclasses.replace(stored.failure, service=STORAGE)
        except TimeoutError as late:
            return Failure(Kind.TRANSIENT, "This step took too long and was stopped.", detail=str(late))
        except RuntimeError as died:
            return Failure(Kind.TRANSIENT, "This step stopped unexpectedly.", detail=str(died))

    def workplace(self) -> tempfile.TemporaryDirectory[str]:
        """A folder for files in the making, gone with the `with` block."""
        base = Path(settings.DATA_DIR) / "work"
        base.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(dir=base, prefix="try-", ignore_cleanup_errors=True)


def provider_limits(slots: int) -> dict[str, Limit]:
    """How much of each provider's queue is taken. Of an outside one `ELISTIT_CALLS_<NAME>` calls at once, by default 8, and
    `ELISTIT_CALLS_PER_MINUTE_<NAME>` begun in a minute, by default as many as there are: both for all workers together,
    because a provider counts the account and not our machines. The built-in artist paints on this machine's `slots` cores;
    twice as many tries are taken, so that the next picture is at hand when one is done."""

    def limit(name: str) -> Limit:
        if name == "builtin":
            return Limit(slots * 2)
        at_once = int(os.environ.get(f"ELISTIT_CALLS_{name.upper()}", "8"))
        return Limit(at_once, shared=True, per_minute=int(os.environ.get(f"{PER_MINUTE}{name.upper()}", "0")))

    return {name: limit(name) for name in registry.providers()}
