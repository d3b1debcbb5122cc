"""Processing: the kept images become print-ready files, one attempt each, then the files that need all of them (rules
§4). It must never ask which product type it works on; that is `finishing`."""

from __future__ import annotations

from pathlib import Path

from elistit.chain.attempt_key import AttemptKey
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects.gate import items_of
from elistit.projects.models import Job
from elistit.stages.context import StageContext
from elistit.stages.finishing import DPI, Kept, Stop, Work, finish_of, listing_video, own_scene

PICTURES = (".png", ".jpg")


def run(this: AttemptKey, job: Job, context: StageContext) -> Outcome:
    """Finish one item, or the set, with the finish of its product type. Running it again makes the same files."""
    with context.workplace() as folder:
        work = Work(context, job, Path(folder), this)
        try:
            kept = _item(work, this.item) if this.item else _whole(work)
        except Stop as stopped:
            return stopped.failure
        except ValueError as refused:
            return Failure(Kind.REJECTED, str(refused)[:400])
    return _checked(kept)


def _item(work: Work, number: int) -> Kept:
    return finish_of(work.job).item(work, items_of(work.job.project).get(number=number))


def _whole(work: Work) -> Kept:
    """The files of the set: mockups, and the video of them where one was ordered."""
    made = [*finish_of(work.job).whole(work), *own_scene(work)]
    return [*made, *listing_video(work, made)]


def _checked(kept: Kept) -> Outcome:
    for file in kept:
        if file["role"] == "print" and file["name"].endswith(PICTURES) and file.get("dpi") != DPI:
            return Failure(Kind.TRANSIENT, f"A print file came out at {file.get('dpi')} DPI instead of {DPI}.")
    return Made({"files": kept})
