"""The facts about a project's files, with which its listing is compared: read from rows and files, never from what was ordered.

Read-only. It must never use the idea, the options or the brief: those are what a listing might wrongly repeat.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from elistit.listings.truth import Facts
from elistit.projects import gate
from elistit.projects.models import BuyerTrial, FileRole, Item, Project, ProjectFile
from elistit.projects.products import Product, product_type
from elistit.projects.states import ItemState
from elistit.stages.finishing import FINISHES

_BUYER_ROLES = (FileRole.PRINT, FileRole.VECTOR, FileRole.CUT, FileRole.MAKER, FileRole.SHEET)


def of(project: Project, colors: Iterable[str] | None = None) -> Facts:
    """The facts about a project whose files are made. `colors` are the names of colors measured in its images, if any."""
    kind, own = product_type(project.product), not project.model
    items = list(gate.items_of(project).filter(state=ItemState.MADE))
    numbers = [i.number for i in items]
    files = [
        f
        for f in ProjectFile.objects.filter(project=project, role__in=[*_BUYER_ROLES, FileRole.ZIP])
        if f.item is None or f.item in numbers
    ]
    prints = [f for f in files if f.role == FileRole.PRINT]
    counts = {len([f for f in files if f.role == role]) for role in (*_BUYER_ROLES, FileRole.ZIP)}
    buyers = [f for f in files if f.role != FileRole.ZIP]
    pixels = with_pixels(project, files)
    vectors = {f.item for f in files if f.role == FileRole.VECTOR and f.name not in pixels}
    see_through = all(i.art.get("plan", {}).get("alpha") for i in items) if own else kind.transparent
    return Facts(
        count=len(items),
        files=frozenset({*counts, len(buyers)} - {0}),
        pixels=frozenset((f.width, f.height) for f in prints if f.width and f.height),
        dpi=frozenset(f.dpi for f in prints if f.dpi) or frozenset({300} if prints else ()),
        sizes=FINISHES[Product(project.product)].sizes,
        formats=frozenset({f.name.rpartition(".")[2].upper().replace("JPEG", "JPG") for f in buyers if "." in f.name})
        or frozenset(kind.formats),
        transparent=bool(items) and see_through,
        seamless=kind.seamless and bool(items) and all(_joins(i) for i in items),
        vector=bool(vectors) and vectors >= set(numbers),
        cut_lines=any(f.role == FileRole.CUT for f in files),
        by_hand=own,
        no_ai=own or project.model.startswith("builtin/"),
        colors=None if colors is None else frozenset(colors),
        shown=None if own else tuple(_shows(i, project.model) for i in items),
    )


def with_pixels(project: Project, files: Iterable[ProjectFile]) -> set[str]:
    """The names of PDFs and SVGs that contain raster images: documents to print, not vector files (rules §3). From the
    report of the buyer's trial; without a report, from the product type."""
    named = {f.name for f in files if f.name.lower().endswith((".pdf", ".svg"))}
    trial = BuyerTrial.objects.filter(project=project, ok=True).first()
    found = {PurePath(f["name"]).name: f.get("images") for f in trial.report.get("files", ())} if trial else {}
    card = project.product == Product.GREETING_CARD
    return {name for name in named if found.get(name) or (found.get(name) is None and card)}


def _joins(item: Item) -> bool:
    """Whether a tile was measured to be seamless; false for one that the seller kept despite its flag."""
    return "seam" in item.art and not any(f.get("code") == "seam" for f in item.flags)


def _shows(item: Item, model: str) -> str:
    """What an image shows. The built-in artist's own prompt describes exactly what it drew; a prompt for another model,
    or one the seller wrote, is only a request."""
    as_planned = (
        model.startswith("builtin/") and not item.model and item.art.get("plan", {}).get("prompt") == item.prompt
    )
    return f"{item.subject}, {item.prompt}" if as_planned else item.subject
