"""The files of a drawing of flat shapes: layered SVG, PNG, PDF and cut file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from elistit.artwork import jobs
from elistit.projects.models import FileRole, Item
from elistit.stages import files
from elistit.stages.finishing.base import Kept, Work

# The longest side of the PNG, in pixels.
PX = 4096


def vector_files(work: Work, item: Item, drawing: Path, colors: int | None = None) -> Kept:
    """Layered SVG, PNG, PDF, cut file and the files for makers of a drawing of flat shapes, in at most `colors` colors."""
    text, title = drawing.read_text(encoding="utf-8"), item.subject or work.title
    return kept_vector(
        work,
        item,
        work.context.run(
            jobs.finish_vector, text, str(work.folder), files.final_stem(item), title, PX, colors, timeout=180
        ),
    )


def kept_vector(work: Work, item: Item, made: dict[str, Any]) -> Kept:
    roles = {"svg": "vector", "cut": "cut", "png": "print", "pdf": "vector"}
    kept = [work.keep(path, roles[kind], item=item) for kind, path in made["files"].items()]
    more = [work.keep(path, FileRole.MAKER, item=item) for path in made["makers"]["files"].values()]
    # How the drawing cuts is stored with its item (`chain.success`), for the pages and the product card.
    return [*kept, *({**file, "cutting": made["makers"]["facts"]} for file in more)]
