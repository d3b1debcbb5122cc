"""The files of a drawing of flat shapes: layered SVG, PNG, PDF and cut file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from elistit.artwork import jobs
from elistit.projects.models import Item
from elistit.stages import files
from elistit.stages.finishing.base import Kept, Work


def vector_files(work: Work, item: Item, drawing: Path) -> Kept:
    """Layered SVG, PNG, PDF and cut file of a drawing of flat shapes."""
    text, title = drawing.read_text(encoding="utf-8"), item.subject or work.title
    return kept_vector(
        work,
        item,
        work.context.run(jobs.finish_vector, text, str(work.folder), files.final_stem(item), title, timeout=180),
    )


def kept_vector(work: Work, item: Item, made: dict[str, Any]) -> Kept:
    roles = {"svg": "vector", "cut": "cut", "png": "print", "pdf": "vector"}
    return [work.keep(path, roles[kind], item=item) for kind, path in made["files"].items()]
