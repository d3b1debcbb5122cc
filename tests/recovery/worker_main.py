"""A real worker process for the recovery tests: the product's worker with quick work in place of painting.

Every piece of work done is appended to WORK_LOG, one JSON line each, so that a test can count what ran how often. With
HOLD=stage[.item] the first time that work is reached it writes the file HOLD_FILE and then waits to be killed; HOLD_SECONDS
makes it go on by itself after so long, RELEASE_FILE as soon as that file is there. With DIE_AT=n it kills itself with
SIGKILL at the n-th point of its tries: before a statement, after one that commits itself, before or after a COMMIT (see
`simulator.deaths`).

With LIGHT=1 pictures are not checked, which starts no subprocess. With TILL neither, and the provider keeps books of its own and
can be asked (`till.Till`); PACE is how many seconds a picture takes, and MOST a file with the number of pictures it sells until
that file is gone. With REDRAWS=0 it doesn't make the same picture again for free, and with MUTE=1 it can't be asked what it sold.
With VERSION=2 the worker is of a next version, which queues and answers with fields that this version does not know.
"""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

import django

django.setup()

from elistit.chain import attempts, due, settle, variety  # noqa: E402
from elistit.chain.attempt_key import AttemptKey  # noqa: E402
from elistit.maintenance.service import WorkerMaintenance  # noqa: E402
from elistit.ports import Failure, Kind, Made, Outcome  # noqa: E402
from elistit.projects.models import Job  # noqa: E402
from elistit.providers import registry  # noqa: E402
from elistit.providers.base import ImageRequest, Run  # noqa: E402
from elistit.runtime import quarantine, worker, workflows  # noqa: E402
from elistit.simulator.deaths import Deaths  # noqa: E402
from elistit.stages import generating  # noqa: E402
from elistit.stages.context import StageContext  # noqa: E402
from tests.recovery.light import light_run  # noqa: E402
from tests.recovery.till import Till  # noqa: E402

LOG = Path(os.environ["WORK_LOG"])
HOLD = os.environ.get("HOLD", "")
HOLD_FILE = Path(os.environ.get("HOLD_FILE", "/nonexistent"))
RELEASE_FILE = Path(os.environ.get("RELEASE_FILE", "/nonexistent"))
TILL = Till(Path(os.environ["TILL"])) if "TILL" in os.environ else None
LIGHT = TILL is not None or os.environ.get("LIGHT") == "1"
PACE = float(os.environ.get("PACE", "0"))
MOST = Path(os.environ.get("MOST", "/nonexistent"))
VERSION = int(os.environ.get("VERSION", "1"))


def log(**what: object) -> None:
    line = json.dumps({**what, "at": time.time(), "pid": os.getpid(), "version": VERSION}) + "\n"
    fd = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(fd, line.encode())
    os.close(fd)


def hold(where: str) -> None:
    """Stop here once, until killed."""
    if HOLD and where in (HOLD, HOLD.split(".")[0]) and ("." not in HOLD or where == HOLD):
        try:
            os.close(os.open(HOLD_FILE, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return
        until = time.monotonic() + float(os.environ.get("HOLD_SECONDS", "240"))
        while time.monotonic() < until and not RELEASE_FILE.exists():
            time.sleep(0.05)


def most_sales() -> float:
    """How many pictures the provider sells at present."""
    try:
        return int(MOST.read_text())
    except FileNotFoundError:
        return float("inf")


class QuickProvider:
    """Answers at once with a ready picture, and logs each call that would have cost money."""

    name = "builtin"
    can_redraw = os.environ.get("REDRAWS", "1") == "1"
    selling = threading.Lock()

    def models(self) -> list:  # type: ignore[type-arg]
        return []

    def generate(self, request: ImageRequest, run: Run, sent: object) -> Outcome:
        time.sleep(PACE)
        if TILL:
            self.sell(TILL, request.key)
        hold(f"generating.{request.key.split(':')[1]}")
        log(call=request.key)
        request.out.write_bytes(Path(os.environ["PICTURE"]).read_bytes())
        return Made({"art": {}})

    def sell(self, till: Till, key: str) -> None:
        # One at a time: two calls that both saw one picture left would sell one too many, and a test would wait for ever.
        with self.selling:
            while till.sales() >= most_sales():
                time.sleep(0.05)
            till.sell(key)

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        log(look_up=request.key)
        if os.environ.get("MUTE"):
            return Failure(Kind.UNKNOWN, "It cannot be asked.")
        if TILL is None or not TILL.has_sold(request.key):
            return None
        request.out.write_bytes(Path(os.environ["PICTURE"]).read_bytes())
        return Made({"art": {}})


def quick(context: StageContext, this: AttemptKey, job: Job) -> Outcome:
    """The stages without their heavy work; generating is the product's own."""
    from elistit.stages import faults

    def work() -> Outcome:
        if this.stage == "generating":
            return generating.run(this, job, dataclasses.replace(context, run=light_run) if LIGHT else context)
        hold(f"{this.stage}.{this.item}")
        log(stage=this.stage, item=this.item)
        n = job.project.count
        file = {
            "path": f"{job.pk}/{this.stage}/{this.item}",
            "role": "print",
            "name": "a",
            "bytes": 1,
            "sha256": "0" * 64,
        }
        answers = {
            "briefing": {"brief": {"title": "T", "theme": "t"}, "items": [{"prompt": f"p{i}", "subject": "fox", "art": {}} for i in range(n)]},
            "processing": {"files": [file]},
            "delivering": {"files": [{**file, "role": "zip"}]},
            "listing": {"title": "T", "tags": [], "description": "D", "price_cents": 500, "shop": True},
            "drafting": {"listing_id": job.project_id, "url": "u"},
        }  # fmt: skip
        return Made(answers[this.stage])

    asked = faults.parse(faults.active())
    return work() if this.stage == "generating" else faults.play(this, asked, work)


def mortal(deaths: Deaths) -> None:
    """Every step of a try is done by a process that may die at a point of all of them together. One step at a time, so that the
    same number is the same place again; heartbeats and queues have connections of their own and are not counted."""
    one = threading.Lock()

    def watched(step: Any) -> Any:
        def run(*args: Any) -> Any:
            with one, deaths.watching():
                return step(*args)

        return run

    for module, name in ((due, "start"), (attempts, "run"), (settle, "settle")):
        setattr(module, name, watched(getattr(module, name)))


class Stopped(Deaths):
    """The process is stopped, as with its whole machine, at the first COMMIT after so many points, and holds its locks."""

    def _commit_point(self, where: str, undo: bool) -> None:
        self.seen += 1
        if undo and 0 < self.at < self.seen:
            self.at = 0
            os.kill(os.getpid(), signal.SIGSTOP)


registry._PROVIDERS["builtin"] = QuickProvider()  # type: ignore[assignment]
worker.run_attempt = quick
variety.twin = lambda *a, **named: None  # every picture is the same file here


def be_of_the_next_version() -> None:
    """A field more in every try that is queued, and in every outcome that is recorded."""
    as_dict, to_json = AttemptKey.as_dict, workflows.outcome_to_json
    AttemptKey.as_dict = lambda self: {**as_dict(self), "lane": "fast"}  # type: ignore[method-assign]
    workflows.outcome_to_json = lambda outcome: (found := to_json(outcome)) and {**found, "grade": 1}


if VERSION > 1:
    be_of_the_next_version()

if at := int(os.environ.get("DIE_AT", "0")):
    mortal(Deaths(at, die=lambda where: os.kill(os.getpid(), signal.SIGKILL)))
if stop_at := int(os.environ.get("STOP_AT") or 0):
    mortal(Stopped(stop_at))

quarantine.COMMAND = (sys.executable, __file__, "quarantined")
if __name__ == "__main__" and sys.argv[1:] == ["quarantined"]:
    log(quarantined=True)
    quarantine.answer(
        partial(quick, StageContext(lambda function, *args, timeout=0.0, **named: function(*args, **named)))
    )
elif __name__ == "__main__":
    worker.run(WorkerMaintenance(), 2)
