"""How an SVG product is finished: layered SVG, PDF, PNG and a cut file of every drawing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elistit.artwork import jobs
from elistit.on_use import OnUse
from elistit.ports import Failure
from elistit.projects.gate import maker_of
from elistit.projects.models import Item, Job, Project
from elistit.providers import registry
from elistit.stages import files, generating
from elistit.stages.finishing.base import Finish, Kept, Stop, Work, item_files, kept_items, listing_mockups, stored
from elistit.stages.finishing.vector_files import PX, kept_vector, vector_files

if TYPE_CHECKING:
    from elistit.artwork import fewer_colors
else:
    fewer_colors = OnUse("elistit.artwork.fewer_colors")

_ASKED = re.compile(r"\b(\d{1,2})[ -]colou?rs?\b", re.IGNORECASE)
_OPEN = (
    "Open the SVG in your design or cutting program; its layers are named by color. PNG and PDF show the same drawing."
)


def colors_of(project: Project) -> int:
    """The maximum number of colors of a project's drawings: six, or the number that the order states (“in 10 colors”)."""
    said = " ".join([project.options.get("color_palette", ""), project.options.get("art_medium", ""), project.idea])
    asked = _ASKED.search(said)
    return min(fewer_colors.COLORS_MOST, max(1, int(asked[1]))) if asked else fewer_colors.COLORS


def cutting(job: Job) -> list[dict[str, Any]]:
    """The cutting measurements of a job's kept drawings, as far as they exist."""
    return [item.art["cutting"] for item in kept_items(job) if item.art.get("cutting")]


def _measured(job: Job) -> list[tuple[str, str]]:
    found = cutting(job)
    if not found:
        return []
    pieces, parts = [f["pieces"] for f in found], [f["smallest_part_mm"] for f in found]
    gaps = [f["smallest_gap_mm"] for f in found if f["smallest_gap_mm"] is not None]
    each = f"{min(pieces)}" if min(pieces) == max(pieces) else f"{min(pieces)} to {max(pieces)}"
    said = f"{each} pieces in at most {max(f['colors'] for f in found)} colors; smallest part {min(parts):.1f} mm"
    return [("Cutting", said + (f", smallest gap {min(gaps):.1f} mm" if gaps else "") + ", at the size of the file")]


def _svg_item(work: Work, item: Item) -> Kept:
    stem = files.final_stem(item)
    out = work.folder / "source.svg"
    request = generating.redraw_request(work.job, item, f"{work.job.pk}:{item.number}:svg", out)
    provider: Any = registry.provider_for(maker_of(work.job.project, item))
    title = item.subject or work.title
    drawing: Path | None
    if hasattr(provider, "draw_svg"):
        outcome = provider.draw_svg(request, work.context.run)
        if isinstance(outcome, Failure):
            raise Stop(outcome)
        drawing = out
    else:
        drawing = next(iter(item_files(work, item, "source")), None)
    if drawing is not None:
        return vector_files(work, item, drawing, colors_of(work.job.project))
    [image] = item_files(work, item, "image")
    made = work.context.run(
        jobs.trace_vector, str(image), str(work.folder), stem, title, PX, colors_of(work.job.project), timeout=300
    )
    return kept_vector(work, item, made)


def _svg_whole(work: Work) -> Kept:
    prints = [str(p) for p in stored(work, "print")]
    subtitle = f"{len(prints)} layered SVGs · PNG and PDF · Cut files"
    facts = [["SVG", "layered, by color"], ["PNG + PDF", "of every drawing"], ["Cut file", "for cutting machines"]]
    return [work.keep(p, "mockup") for p in listing_mockups(work, subtitle, prints, prints[0], facts)]


def _svg_facts(count: int) -> list[tuple[str, str]]:
    return [
        ("Drawings", f"{count}, each as layered SVG, PDF and transparent PNG"),
        ("Cut files", "An SVG for each drawing, its layers closed outlines that do not overlap"),
        ("For makers", "Sheets by color with registration marks, a one-color silhouette, and DXF in millimeters"),
    ]


FINISH = Finish(_svg_item, _svg_whole, _svg_facts, _OPEN, measured=_measured)
