"""Delivering: the product card, the licences and the delivery ZIP, put where the seller can get them (rules §3, §4)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from elistit.artwork import jobs
from elistit.pipeline.chain import Try
from elistit.pipeline.stages import files, processing
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects.models import Job

if TYPE_CHECKING:
    from elistit.pipeline.stages import Kit

LICENCE = (
    "Personal and small-business use of the finished goods you make with these files. "
    "The files themselves may not be resold, shared or given away as they are."
)
HOW_TO = [
    "On Etsy, open Purchases and reviews and choose Download files beside this order.",
    "Save every ZIP part, then unzip it: double-click on a Mac, right-click and Extract all on Windows.",
    "Place the PNG files in your design program. The backgrounds are transparent.",
]


def run(this: Try, job: Job, kit: Kit) -> Outcome:
    """Pack everything the buyer gets. The originals in the store are never changed."""
    prints = processing.images(job, kit, "print")
    with kit.workplace() as folder:
        try:
            previews = [str(p) for p in processing.images(job, kit, "preview")]
            made = kit.run(jobs.pack, folder, _about(job, prints), [str(p) for p in prints], previews, timeout=600)
        except ValueError as too_big:
            return Failure(Kind.REJECTED, str(too_big))
        kept = [files.keep(kit, job, Path(path), role, Path(path).name) for role, path in made]
    return Made({"files": kept})


def _about(job: Job, prints: list[Path]) -> dict[str, Any]:
    title = job.project.brief.get("title") or job.project.name
    return {
        "title": title,
        "base": files.slug(title),
        "licence": LICENCE,
        "licences": licence_text(job),
        "how_to": HOW_TO,
        "facts": [
            ("Images", f"{len(prints)} PNG files, each on a transparent background"),
            ("Resolution", "300 DPI"),
            ("Color", "sRGB"),
        ],
    }


def licence_text(job: Job) -> str:
    """Where each picture comes from, for the buyer and the seller (travels in the ZIP)."""
    lines = [f"Artwork of “{job.project.name}”", "", "Image: source and licence", ""]
    for item in processing.kept_items(job):
        source = (
            item.art.get("redraw", {}).get("source")
            or "drawn by this studio’s built-in artist; no third-party drawing is in it"
        )
        lines.append(f"{files.stem(item)}.png: {source}")
    return "\n".join(lines) + "\n"
