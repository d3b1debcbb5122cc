"""A real worker process for the recovery tests: the product's worker with quick work in place of painting.

Every piece of work done is appended to WORK_LOG, one JSON line each, so that a test can count what ran how often. With
HOLD=stage[.item] the first time that work is reached it writes the file HOLD_FILE and then waits to be killed; HOLD_SECONDS
makes it go on by itself after so long.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import django

django.setup()

from elistit.pipeline import stages, worker  # noqa: E402
from elistit.pipeline.chain import Try  # noqa: E402
from elistit.pipeline.stages import generating  # noqa: E402
from elistit.ports import Made, Outcome  # noqa: E402
from elistit.projects.models import Job  # noqa: E402
from elistit.providers import registry  # noqa: E402
from elistit.providers.base import ImageRequest, Run  # noqa: E402

LOG = Path(os.environ["WORK_LOG"])
HOLD = os.environ.get("HOLD", "")
HOLD_FILE = Path(os.environ.get("HOLD_FILE", "/nonexistent"))


def log(**what: object) -> None:
    line = json.dumps({**what, "at": time.time(), "pid": os.getpid()}) + "\n"
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
        time.sleep(float(os.environ.get("HOLD_SECONDS", "60")))


class QuickProvider:
    """Answers at once with a ready picture, and logs each call that would have cost money."""

    name = "builtin"
    can_redraw = True

    def models(self) -> list:  # type: ignore[type-arg]
        return []

    def generate(self, request: ImageRequest, run: Run, sent: object) -> Outcome:
        hold(f"generating.{request.key.split(':')[1]}")
        log(call=request.key)
        request.out.write_bytes(Path(os.environ["PICTURE"]).read_bytes())
        return Made({"art": {}})

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        log(look_up=request.key)
        return None


def quick(self: stages.Kit, this: Try, job: Job) -> Outcome:
    """The stages without their heavy work; generating is the product's own."""
    from elistit.pipeline import faults

    def work() -> Outcome:
        if this.stage == "generating":
            return generating.run(this, job, self)
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
            "drafting": {"listing_id": "1", "url": "u"},
        }  # fmt: skip
        return Made(answers[this.stage])

    asked = faults.parse(faults.active())
    return work() if this.stage == "generating" else faults.play(this, asked, work)


registry._PROVIDERS["builtin"] = QuickProvider()  # type: ignore[assignment]
stages.Kit.run_try = quick  # type: ignore[method-assign]
generating._twin = lambda *a: None  # every picture is the same file here

if __name__ == "__main__":
    worker.run(2)
