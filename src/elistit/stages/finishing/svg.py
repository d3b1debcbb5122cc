"""How an SVG product is finished: layered SVG, PDF, PNG and a cut file of every drawing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from elistit.artwork import jobs
from elistit.ports import Failure
from elistit.projects.gate import maker_of
from elistit.projects.models import Item
from elistit.providers import registry
from elistit.stages import files, generating
from elistit.stages.finishing.base import Finish, Kept, Stop, Work, item_files, places, stored
from elistit.stages.finishing.vector_files import kept_vector, vector_files

_OPEN = (
    "Open the SVG in your design or cutting program; its layers are named by color. PNG and PDF show the same drawing."
)


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
        return vector_files(work, item, drawing)
    [image] = item_files(work, item, "image")
    made = work.context.run(jobs.trace_vector, str(image), str(work.folder), stem, title, timeout=300)
    return kept_vector(work, item, made)


def _svg_whole(work: Work) -> Kept:
    prints = [str(p) for p in stored(work, "print")]
    subtitle = f"{len(prints)} layered SVGs · PNG and PDF · Cut files"
    facts = [["SVG", "layered, by color"], ["PNG + PDF", "of every drawing"], ["Cut file", "for cutting machines"]]
    made = work.context.run(
        jobs.listing_pictures,
        str(work.folder),
        work.drawn_title,
        subtitle,
        prints,
        prints[0],
        facts,
        places(work),
        timeout=300,
    )
    return [work.keep(p, "mockup") for p in made]


def _svg_facts(count: int) -> list[tuple[str, str]]:
    return [
        ("Drawings", f"{count}, each as layered SVG, PDF and transparent PNG"),
        ("Cut files", "An SVG for each drawing, its layers closed outlines that do not overlap"),
    ]


FINISH = Finish(_svg_item, _svg_whole, _svg_facts, _OPEN)
