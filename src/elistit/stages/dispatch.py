"""Which module does the work of which stage: one module each, with `run(this, job, context) -> Outcome`.

A stage works with files and outside services and returns its outcome. It must never write one of our tables except its
provider calls; `chain.settle` writes the consequences.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable

from elistit.chain import disk_space
from elistit.chain.attempt_key import AttemptKey
from elistit.delivery.store import STORAGE, StoreFailure
from elistit.ports import OVER_LIMIT, Failure, Kind, Outcome
from elistit.projects.models import Job
from elistit.projects.states import Stage
from elistit.stages import briefing, delivering, drafting, faults, generating, listing, processing
from elistit.stages.context import StageContext

log = logging.getLogger(__name__)

_STAGES: dict[str, Callable[[AttemptKey, Job, StageContext], Outcome]] = {
    Stage.BRIEFING: briefing.run,
    Stage.GENERATING: generating.run,
    Stage.PROCESSING: processing.run,
    Stage.DELIVERING: delivering.run,
    Stage.LISTING: listing.run,
    Stage.DRAFTING: drafting.run,
}


def run_attempt(context: StageContext, this: AttemptKey, job: Job) -> Outcome:
    """Do the work of one attempt. Returns a Failure for everything that can be expected to go wrong."""
    asked = faults.parse(faults.active())
    try:
        if this.stage == Stage.GENERATING:
            return _STAGES[this.stage](this, job, context)
        return faults.play(this, asked, lambda: _STAGES[this.stage](this, job, context))
    except StoreFailure as stored:
        if disk_space.no_room():
            raise  # no failure: the work waits for free disk space
        return dataclasses.replace(stored.failure, service=STORAGE)
    except (TimeoutError, MemoryError, RuntimeError) as stopped:
        return _over_limit(this, stopped)


def _over_limit(this: AttemptKey, stopped: BaseException) -> Failure:
    """The failure of a step that took too long, needed more memory than a step may use, or whose process was killed or
    crashed for that reason. It is retried once, then refused, so that no input can occupy the studio for hours (rules
    §5.8)."""
    log.warning("attempt %s ran into our own limit: %s", this.id, stopped)
    what = f"Image {this.item}" if this.item else "This project"
    needs = "more time" if isinstance(stopped, TimeoutError) else "more memory"
    words = f"{what} needs {needs} at this step than this studio gives one. Use a smaller or simpler image."
    return Failure(Kind.TRANSIENT, words, detail=OVER_LIMIT)
