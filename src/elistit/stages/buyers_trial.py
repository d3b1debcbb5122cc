"""The buyer's trial in the chain: a delivery is opened before it is stored, and a listing compared with it before it is
shown (rules §3).

A failed trial is a failure on our side: it is retried like any other, then the job is refunded, and the reason names
the file and the check. It must never write one of our tables.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elistit.on_use import OnUse
from elistit.ports import TRIAL, Failure, Kind
from elistit.projects import buyer_link
from elistit.projects.models import BuyerTrial, FileRole, ProjectFile
from elistit.projects.products import Product
from elistit.stages.finishing import BUYER_ROLES, Work, kept_items, places
from elistit.stages.finishing.svg import colors_of
from elistit.trial.report import first_problem

if TYPE_CHECKING:
    from elistit.trial import buyer, claims
else:
    claims = OnUse("elistit.trial.claims")
    buyer = OnUse("elistit.trial.buyer")

SECONDS = 600
"""How long opening a delivery may take, in seconds. Beyond it the attempt has hit our own limit (rules §5.8)."""

_ONE_IMAGE = (Product.WALL_ART, Product.POSTER, Product.GREETING_CARD)
# How much of the problems of one check is kept in the report of a failed trial.
_PROBLEMS_KEPT = 20


def of_delivery(work: Work, made: Sequence[Sequence[str]]) -> dict[str, Any] | Failure:
    """Open packed files, pairs of role and local path, in bounded subprocesses. Returns the report, or the failure."""
    parts = [path for role, path in made if role == FileRole.ZIP]
    downloads = [path for role, path in made if role == FileRole.DOWNLOAD]
    promised, shares = promise(work, bool(downloads)), work.context.at_once
    tasks = [
        partial(work.context.run, buyer.look, parts, promised, downloads, share, shares, timeout=SECONDS)
        for share in range(shares if shares > 1 else 0)
    ]
    looked_at = [one for found in work.context.side_by_side(tasks) for one in found]
    report: dict[str, Any] = work.context.run(buyer.examine, parts, promised, downloads, looked_at, timeout=SECONDS)
    return report if report["ok"] else _failure(report, "The finished files failed our check")


def of_listing(
    work: Work, report: dict[str, Any] | None, title: str, tags: list[str], description: str
) -> Failure | None:
    """Compare a listing's text with the files that the trial found. None when every claim is true, or when there is no
    report."""
    if report is None:
        return None
    count = len(kept_items(work.job))
    found = claims.check(
        title, tags, description, report, count, {"product": work.job.project.product, "files": _files(work)}
    )
    return None if found["ok"] else _failure(found, "The listing failed our check")


def report_of(work: Work) -> dict[str, Any] | None:
    """The report of the buyer's trial of a project's delivery; None for a delivery packed by a version without the trial."""
    row = BuyerTrial.objects.filter(project=work.job.project_id, ok=True).first()
    return None if row is None else dict(row.report)


def sizes(work: Work, report: dict[str, Any] | None) -> set[tuple[int, int]]:
    """Width and height in pixels of every print file as delivered, which may be smaller than it was made."""
    if report is None:
        made = [f for f in _files(work) if f["role"] == FileRole.PRINT]
        return {(f["width"] or 0, f["height"] or 0) for f in made}
    return {(f["width"], f["height"]) for f in _prints(work, report)}


def transparent(work: Work, report: dict[str, Any] | None, planned: bool) -> bool:
    """Whether every delivered print file has both transparent and opaque parts; `planned` if there is no report."""
    if report is None:
        return planned
    found = [f["alpha"] for f in _prints(work, report)]
    return bool(found) and all(alpha == "real" for alpha in found)


def _prints(work: Work, report: dict[str, Any]) -> list[dict[str, Any]]:
    print_names = {f["name"] for f in _files(work) if f["role"] == FileRole.PRINT}
    return [f for f in report["files"] if f.get("width") and Path(f["name"]).name in print_names]


def promise(work: Work, link: bool) -> dict[str, Any]:
    """What a project promises its buyer, as plain values (`trial.promises`)."""
    project = work.job.project
    return {
        "product": project.product,
        "numbers": [] if project.product in _ONE_IMAGE else places(work),
        "link": buyer_link.address(project.pk) if link else "",
        "colors": colors_of(project) if project.product == Product.SVG else None,
        "source_type": work.set_marks.source,
        "files": _files(work),
    }


def _files(work: Work) -> list[dict[str, Any]]:
    """Everything made for the buyer of the kept items and of the whole set."""
    items = {i.number: i for i in kept_items(work.job)}
    rows = ProjectFile.objects.filter(project=work.job.project_id, role__in=BUYER_ROLES).order_by("name")
    return [
        {
            "name": f.name,
            "role": f.role,
            "sha256": f.sha256,
            "width": f.width,
            "height": f.height,
            "source_type": f.source_type,
            "flagged": f.item in items and bool(items[f.item].flags),
        }
        for f in rows
        if f.item is None or f.item in items
    ]


def _failure(report: dict[str, Any], begins: str) -> Failure:
    bad = [{**c, "problems": c["problems"][:_PROBLEMS_KEPT]} for c in report["checks"]]
    detail = f"{TRIAL}: {json.dumps({'ok': False, 'checks': bad}, ensure_ascii=False)}"
    return Failure(Kind.TRANSIENT, f"{begins}. {first_problem(report)}"[:400], detail=detail)
