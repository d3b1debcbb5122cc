"""How wall art is finished: five print files, one for each ratio."""

from __future__ import annotations

from elistit.artwork import jobs, mockup_jobs
from elistit.projects.models import Item, ProjectFile
from elistit.stages import files
from elistit.stages.finishing.base import DPI, Finish, Kept, Work, redrawn, stored

RATIO_NAMES = ("2x3", "3x4", "4x5", "11x14", "ISO-A")
RATIO_WORDS = ("2:3", "3:4", "4:5", "11:14", "ISO A")
_PRINT = (
    "Print the file whose shape fits your frame, at home or at a print shop. It prints at its full size or smaller."
)


def _wall_art_item(work: Work, item: Item) -> Kept:
    made = work.context.run(
        jobs.ratio_set, str(redrawn(work, item)), str(work.folder), files.base(work.job, work.title), timeout=400
    )
    return [work.keep(p["path"], "print", item=item) for p in made]


def _wall_art_whole(work: Work) -> Kept:
    [image, *_] = stored(work, "image")
    rows = ProjectFile.objects.filter(project=work.job.project_id, role="print")
    prints = [
        {"ratio": ratio, "inches": [(f.width or 0) / DPI, (f.height or 0) / DPI]}
        for ratio in RATIO_NAMES
        for f in rows
        if f"-{ratio}-" in f.name
    ]
    made = work.context.run(
        mockup_jobs.wall_art_mockups, str(work.folder), work.drawn_title, str(image), prints, timeout=300
    )
    return [work.keep(p, "mockup") for p in made]


def _wall_art_facts(count: int) -> list[tuple[str, str]]:
    return [("Prints", f"Five JPG files: {', '.join(RATIO_WORDS)}"), ("Resolution", f"{DPI} DPI"), ("Color", "sRGB")]


FINISH = Finish(_wall_art_item, _wall_art_whole, _wall_art_facts, _PRINT, RATIO_WORDS)
