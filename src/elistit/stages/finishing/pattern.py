"""How a set of seamless tiles is finished: 12 × 12 in seamless JPEGs, SVG tiles for vector styles, a scale sheet."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from elistit.artwork import jobs, mockup_jobs
from elistit.ports import Failure, Kind
from elistit.projects.gate import maker_of
from elistit.projects.models import Item
from elistit.projects.products import product_type
from elistit.providers import registry
from elistit.stages import files, generating
from elistit.stages.finishing.base import (
    DPI,
    Finish,
    Kept,
    Stop,
    Work,
    drawn_again,
    enlarging,
    item_files,
    kept_items,
    places,
    stored,
)

_USE = "Print the JPG files as 12 × 12 in papers, or fill any area with one: the tiles repeat without a visible seam."
_VECTOR_STYLES = ("flat", "kawaii")


def _pattern_item(work: Work, item: Item) -> Kept:
    stem = files.final_stem(item)
    jpg = work.folder / f"{stem}.jpg"
    side, _ = product_type(work.job.project.product).print_size(work.job.project.ratio)
    made = work.context.run(jobs.tile_print, str(_master(work, item)), str(jpg), side, timeout=180)
    if not made["seamless"] and not _known(item):
        # The approved tile was seamless: the seam appeared on our side, on the way to print size.
        raise Stop(Failure(Kind.TRANSIENT, "The print file of this tile doesn’t join at its edges.", detail=str(made)))
    return [work.keep(jpg, "print", item=item), *_vector(work, item, stem)]


def _known(item: Item) -> bool:
    """Whether the seller kept a tile although it was flagged as not seamless."""
    return any(f.get("code") == "seam" for f in item.flags)


def _master(work: Work, item: Item) -> Path:
    """The approved tile at print size: drawn again by an artist that can, else enlarged together with its repeated
    surroundings."""
    out, product = work.folder / "master.png", product_type(work.job.project.product)
    if drawn_again(work, item, out) is None:
        # Never with an outside tool: it would enlarge a tile as if nothing continued beyond its edges.
        [image] = item_files(work, item, "image")
        work.context.run(jobs.enlarge_tile, str(image), str(out), product.print_scale, **enlarging(), timeout=600)
    width, height = product.print_size(work.job.project.ratio)
    if broken := work.context.run(jobs.unusable, str(out), width, height, timeout=120):
        raise Stop(Failure(Kind.TRANSIENT, f"The print file could not be used: {broken}"))
    return out


def _vector(work: Work, item: Item, stem: str) -> Kept:
    """The repeating SVG, where the tile was drawn as vectors."""
    model = maker_of(work.job.project, item)
    provider: Any = registry.provider_for(model)
    if not hasattr(provider, "draw_svg") or model.partition("/")[2] not in _VECTOR_STYLES:
        return []
    out = work.folder / f"{stem}.svg"
    request = generating.redraw_request(work.job, item, f"{work.job.pk}:{item.number}:svg", out)
    outcome = provider.draw_svg(request, work.context.run)
    if isinstance(outcome, Failure):
        raise Stop(outcome)
    if broken := work.context.run(jobs.repeats, str(out), timeout=180):
        raise Stop(Failure(Kind.TRANSIENT, broken))
    return [work.keep(out, "vector", item=item)]


def _pattern_whole(work: Work) -> Kept:
    items = kept_items(work.job)
    prints = [str(p) for p in stored(work, "print")]
    names = [f"{files.place(i):02d}  {i.subject}" for i in items]
    stem = f"{files.base(work.job, work.title)}-scale-sheet"
    sheets = work.context.run(jobs.scale_sheets, prints, names, str(work.folder), stem, work.drawn_title, timeout=300)
    seamless = all(not _known(i) for i in items)
    side, _ = product_type(work.job.project.product).print_size(work.job.project.ratio)
    subtitle = f"{len(prints)} {'seamless tiles' if seamless else 'tiles'} · 12 × 12 in · {DPI} DPI"
    facts = [["12 × 12 in", f"{side} px at {DPI} DPI"], ["Seamless", "repeats without a seam"]]
    formats = "JPG + SVG" if stored(work, "vector") else "JPG"
    facts = [*itertools.compress(facts, (True, seamless)), [formats, "digital paper, sRGB"]]
    images = [str(p) for p in stored(work, "image")]
    made = work.context.run(
        mockup_jobs.tile_mockups, str(work.folder), work.drawn_title, subtitle, images, facts, places(work), timeout=300
    )
    return [*(work.keep(sheet, "sheet") for sheet in sheets), *(work.keep(p, "mockup") for p in made)]


def _pattern_facts(count: int) -> list[tuple[str, str]]:
    return [
        ("Digital paper", f"{count} JPG tiles, 12 × 12 in each"),
        ("Resolution", f"{DPI} DPI"),
        ("Color", "sRGB"),
        ("Scale sheet", "A PDF with every tile at its real size beside a ruler"),
    ]


FINISH = Finish(_pattern_item, _pattern_whole, _pattern_facts, _USE, ("12 × 12 in",))
