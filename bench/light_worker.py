"""The product's worker with work that weighs next to nothing, for measurements of everything around the work.

Queues, tries, calls, money, recovery and the store are the product's own; every picture is one tiny file, sold by a provider
with books of its own (TILL). LIGHT_SECONDS is how long a picture takes; with LIGHT_FAULTS the provider and the later stages
fail the way outside services do, at rates drawn from each try's own id, so that a try that runs again fares the same.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import django  # noqa: E402

django.setup()

from bench.farm import NEVER_BRIEFED  # noqa: E402
from elistit.chain import variety  # noqa: E402
from elistit.chain.attempt_key import AttemptKey  # noqa: E402
from elistit.maintenance.service import WorkerMaintenance  # noqa: E402
from elistit.ports import Failure, Kind, Made, Outcome  # noqa: E402
from elistit.projects.models import Job  # noqa: E402
from elistit.providers import registry  # noqa: E402
from elistit.providers.base import ImageRequest, Run  # noqa: E402
from elistit.runtime import quarantine, worker  # noqa: E402
from elistit.stages import context, dispatch, files, generating  # noqa: E402
from tests.recovery.light import light_run  # noqa: E402
from tests.recovery.till import Till  # noqa: E402

TILL = Till(Path(os.environ["TILL"]))
SECONDS = float(os.environ.get("LIGHT_SECONDS", "0"))
FAULTS = bool(os.environ.get("LIGHT_FAULTS"))
CONCURRENCY = int(os.environ.get("LIGHT_CONCURRENCY", "2"))
PICTURE = Path(os.environ["PICTURE"])
QUARANTINED = "quarantined"


def chance(what: str) -> float:
    """A number from 0 to 1 that belongs to a key: the same whenever it is asked for."""
    return int.from_bytes(hashlib.sha256(what.encode()).digest()[:6], "big") / 2**48


class LightProvider:
    """Sells a ready image, and knows each sale by an id of its own. With faults: some requests are refused, some pauses asked
    for, some answers lost. What was bought is paid for, so it is never made again."""

    name = "builtin"
    can_redraw = False

    def models(self) -> list[Any]:
        return []

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        drawn = chance(request.key) if FAULTS else 1.0
        time.sleep(SECONDS * (0.5 + chance("pace" + request.key)))
        if drawn < 0.03:
            return Failure(Kind.TRANSIENT, "The service answered with an error.")
        if drawn < 0.04:
            return Failure(Kind.THROTTLED, "The service asked us to slow down.", retry_after=5.0)
        if drawn < 0.045:
            return Failure(Kind.BLOCKED_PROMPT, "The content filter rejected the prompt.")
        if drawn < 0.05:
            return Failure(Kind.REJECTED, "The request was refused as invalid.")
        if request.permit is not None and not request.permit():
            return Failure(Kind.UNKNOWN, "The request was held back.")
        TILL.sell(request.key)
        sent(request.key)
        if drawn < 0.07:
            return Failure(Kind.UNKNOWN, "The service took the request and never answered.")
        return self._image(request, request.key)

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        sold = provider_id or request.key
        return self._image(request, sold) if TILL.has_sold(sold) else None

    def redraw(self, request: ImageRequest, run: Run) -> Outcome:
        raise AssertionError("what is sold isn't made again")

    def _image(self, request: ImageRequest, sold: str) -> Outcome:
        request.out.write_bytes(PICTURE.read_bytes())
        return Made({"art": {}}, provider_id=sold)


def light(this: AttemptKey, job: Job, kit: context.StageContext) -> Outcome:
    """The work of an attempt: generating is the product's own, the rest puts one small file into the store."""
    if this.stage == "generating":
        return generating.run(this, job, dataclasses.replace(kit, run=light_run))
    if refused := _refused(this, job):
        return refused
    if this.stage == "briefing":
        plan = [{"prompt": f"p{n}", "subject": "fox", "art": {}} for n in range(job.project.count)]
        return Made({"brief": {"title": "T", "theme": "t"}, "items": plan})
    if this.stage == "listing":
        return Made({"title": "T", "tags": [], "description": "D", "price_cents": 500, "shop": True})
    if this.stage == "drafting":
        return Made({"listing_id": job.project_id, "url": f"https://shop.invalid/{job.project_id}"})
    return Made({"files": [_file(kit, this, job)]})


def _refused(this: AttemptKey, job: Job) -> Failure | None:
    if this.stage == "briefing" and job.project.idea == NEVER_BRIEFED:
        return Failure(Kind.REJECTED, "The words of the idea were refused.")
    drawn = chance(this.id) if FAULTS else 1.0
    if drawn < 0.02:
        return Failure(Kind.TRANSIENT, "The service answered with an error.")
    if drawn < 0.05 and this.stage in ("briefing", "drafting", "listing"):
        return Failure(Kind.REJECTED, "The request was refused as invalid.")
    return None


def _file(kit: context.StageContext, this: AttemptKey, job: Job) -> dict[str, Any]:
    role = "zip" if this.stage == "delivering" else "print" if this.item else "mockup"
    with kit.workplace() as folder:
        made = Path(folder) / "made.txt"
        made.write_text(f"{job.pk} {this.stage} {this.item}")
        return files.keep(kit, job, made, role, f"{this.stage}-{this.item}.txt")


registry._PROVIDERS["builtin"] = LightProvider()  # type: ignore[assignment]
# What a failing store or a full disk means to an attempt is decided by the product's own dispatch, around the light work.
dispatch._STAGES.update(dict.fromkeys(dispatch._STAGES, light))
variety.twin = lambda *a, **named: None  # every image is the same file here
quarantine.COMMAND = (sys.executable, __file__, QUARANTINED)

if __name__ == "__main__" and sys.argv[1:] == [QUARANTINED]:
    quarantine.answer(partial(dispatch.run_attempt, context.StageContext(light_run)))
elif __name__ == "__main__":
    worker.run(WorkerMaintenance(), CONCURRENCY)
