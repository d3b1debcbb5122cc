"""How a poster is finished: exactly one print file."""

from __future__ import annotations

from elistit.artwork import jobs, mockup_jobs
from elistit.projects.models import Item
from elistit.projects.products import product_type
from elistit.stages import files
from elistit.stages.finishing.base import DPI, Finish, Kept, Work, redrawn, stored

POSTER_INCHES = (24.0, 36.0)
_PRINT = (
    "Print the file whose shape fits your frame, at home or at a print shop. It prints at its full size or smaller."
)


def _poster_item(work: Work, item: Item) -> Kept:
    ratio = work.job.project.ratio
    tall = ratio == product_type(work.job.project.product).default_ratio
    inches = POSTER_INCHES if tall else POSTER_INCHES[::-1]
    out = work.folder / f"{files.base(work.job, work.title)}-{inches[0]:g}x{inches[1]:g}in.jpg"
    work.context.run(jobs.poster_print, str(redrawn(work, item)), str(out), ratio, list(inches), timeout=400)
    return [work.keep(out, "print", item=item)]


def _poster_whole(work: Work) -> Kept:
    made = work.context.run(mockup_jobs.poster_mockups, str(work.folder), str(stored(work, "image")[0]), timeout=300)
    return [work.keep(p, "mockup") for p in made]


def _poster_facts(count: int) -> list[tuple[str, str]]:
    return [
        ("Print", "One JPG file, 24 × 36 in; it prints at any size of the same shape"),
        ("Resolution", f"{DPI} DPI"),
        ("Color", "sRGB"),
    ]


FINISH = Finish(_poster_item, _poster_whole, _poster_facts, _PRINT, ("24 × 36 in",))
