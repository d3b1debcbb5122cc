"""Delivering: the product card, the licenses and the delivery ZIP, stored for the seller to download (rules §3, §4). It
must never change the originals."""

from __future__ import annotations

import logging
import time
from functools import partial
from pathlib import Path
from typing import Any

from elistit import packs
from elistit.artwork import packing_jobs, parts
from elistit.chain.attempt_key import AttemptKey
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects import buyer_link
from elistit.projects.gate import maker_of
from elistit.projects.models import Job, ProjectFile
from elistit.stages import branding, buyers_trial, content_credentials, files
from elistit.stages.context import StageContext
from elistit.stages.finishing import BUYER_ROLES, Work, finish_of, kept_items, stored

LICENCE = (
    "Personal and small-business use of the finished goods you make with these files. "
    "The files themselves may not be resold, shared or given away as they are."
)
HOW_TO = [
    "On Etsy, open Purchases and reviews and choose Download files beside this order.",
    "Save every ZIP part, then unzip it: double-click on a Mac, right-click and Extract all on Windows.",
]
LINK_HOW_TO = [
    "These files are too large for Etsy. Open the download link on this card in a browser; no account is needed.",
    HOW_TO[1],
]
FIT_SECONDS = 600
"""How long shrinking files to Etsy's limits may take, in seconds."""

log = logging.getLogger(__name__)

OWN_ART = "drawn by this studio’s built-in artist; no third-party drawing is in it"


def run(this: AttemptKey, job: Job, context: StageContext) -> Outcome:
    """Pack everything the buyer gets and open it as a buyer would; a delivery that fails this trial isn't stored. The
    originals are never changed."""
    with context.workplace() as folder:
        work = Work(context, job, Path(folder))
        gets = [*(p for role in BUYER_ROLES for p in stored(work, role)), *_of_the_set(work)]
        pictures = [str(p) for p in gets if p.suffix in (".png", ".jpg")]
        others = [str(p) for p in gets if str(p) not in pictures]
        previews = [str(p) for p in stored(work, "preview")]
        about = _about(work)
        try:
            _make_smaller(context, folder, about, pictures, others)
            made = context.run(packing_jobs.pack, folder, about, pictures, previews, others, timeout=FIT_SECONDS)
        except ValueError as refused:
            return Failure(Kind.REJECTED, str(refused))
        except (TimeoutError, MemoryError, RuntimeError):
            # Shrinking the files took too long: a delivery never fails because of its size (rules §3).
            log.warning("the files of %s are packed with a link: fitting them ran into our limit", job.pk)
            made = context.run(packing_jobs.pack_with_link, folder, about, pictures, previews, others, timeout=600)
        report = buyers_trial.of_delivery(work, made)
        if isinstance(report, Failure):
            return report
        kept = [work.keep(path, role) for role, path in made]
    return Made({"files": kept, "trial": report})


def _make_smaller(
    context: StageContext, folder: str, about: dict[str, Any], pictures: list[str], others: list[str]
) -> None:
    """Make the smaller copies of a set that doesn't fit an Etsy listing in all subprocesses of this worker; packing takes
    those that are there, and would make them one after the other. Raises TimeoutError after `FIT_SECONDS`."""
    if context.at_once < 2 or not parts.need_link([Path(p).stat().st_size for p in (*pictures, *others)]):
        return
    until = time.monotonic() + FIT_SECONDS
    while found := context.run(packing_jobs.wanted, folder, pictures, others, 2 * context.at_once, timeout=FIT_SECONDS):
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"making {len(pictures)} images smaller took more than {FIT_SECONDS} s")
        shares = [found["pairs"][n :: context.at_once] for n in range(context.at_once)]
        context.side_by_side(
            [
                partial(context.run, packing_jobs.make_smaller, share, found["px"], about["signing"], timeout=left)
                for share in shares
                if share
            ]
        )


def _of_the_set(work: Work) -> list[Path]:
    """Files of the whole set that the buyer gets, such as print sheets."""
    rows = ProjectFile.objects.filter(project=work.job.project_id, role__in=BUYER_ROLES, item=None).order_by("name")
    return [work.context.store.local_path(f.path) for f in rows]


def _about(work: Work) -> dict[str, Any]:
    order = content_credentials.order(work.context, work.job, None, work.set_marks)
    shop = branding.shop_name(work.job.project)
    return {
        "title": work.drawn_title,
        "base": files.base(work.job, work.title),
        "licence": branding.license_text(work.job.project) or LICENCE,
        "licences": licence_text(work.job),
        "how_to": [*HOW_TO, finish_of(work.job).use],
        "link": buyer_link.address(work.job.project_id),
        "link_how_to": [*LINK_HOW_TO, finish_of(work.job).use],
        "facts": [
            *finish_of(work.job).facts(len(kept_items(work.job))),
            *finish_of(work.job).measured(work.job),
            *([("Shop", shop)] if shop else []),
        ],
        "marks": work.set_marks.plain(),
        "signing": order.plain() if order else None,
    }


def licence_text(job: Job) -> str:
    """The origin of each image, for the buyer and the seller (included in the ZIP)."""
    lines = [*_sellers(job), f"Artwork of “{job.project.name}”", "", "Image: source and licence", ""]
    for item in kept_items(job):
        source = item.art.get("redraw", {}).get("source") or _maker(maker_of(job.project, item))
        lines.append(f"{files.final_stem(item)}: {source}")
    drawn = [figure for i in kept_items(job) for figure in _figures(i.art.get("redraw", {}))]
    used = {str(figure.get("subject", "")).partition(":")[0] for figure in drawn}
    notices = [packs.notice(name) for name in packs.PACKS if packs.PACKS[name].art and name in used]
    return "\n".join([*lines, *(f"\n{text}" for text in notices)]) + "\n"


def _sellers(job: Job) -> list[str]:
    """The seller's part at the top: the shop's name and the seller's own license."""
    shop, text = branding.shop_name(job.project), branding.license_text(job.project)
    said = [f"From {shop}", ""] if shop else []
    said += ["License", "", text, ""] if text else []
    return said


def _figures(art: dict[str, Any]) -> list[dict[str, Any]]:
    """The figures of a drawing: the drawing itself, or those on a tile."""
    return [art, *art.get("figures", [])]


def _maker(model: str) -> str:
    """The origin of images of a model, if the image states nothing itself."""
    if model.startswith("builtin/"):
        return OWN_ART
    return f"made with the generative AI model {model} for the seller, from the seller’s prompts"
