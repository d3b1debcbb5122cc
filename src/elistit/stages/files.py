"""Where a project's files are in the store and how they are named. It must never name two files of a project alike."""

from __future__ import annotations

import re
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from elistit import names
from elistit.artwork import provenance
from elistit.artwork.provenance import Marks
from elistit.artwork.signing import Order
from elistit.chain.models import Attempt
from elistit.on_use import OnUse
from elistit.projects.models import FileRole, Item, Job, ProjectFile
from elistit.projects.states import ItemState, Stage
from elistit.stages import content_credentials
from elistit.stages.context import StageContext

if TYPE_CHECKING:
    from elistit.artwork import export
else:
    export = OnUse("elistit.artwork.export")

PICTURES = {".png", ".jpg", ".webp"}
_PART = re.compile(r" part \d+ of \d+$")


def slug(text: str, instead: str = "image") -> str:
    """A plain file name from words (`names.slug`)."""
    return names.slug(text, instead)


def base(job: Job, title: str) -> str:
    """The base name of a project's files: its title, else its product and the end of its public id. Rebuilt files get
    the same name."""
    packed = ProjectFile.objects.filter(project=job.project_id, role=FileRole.ZIP).order_by("name").first()
    if packed:
        return _PART.sub("", PurePath(packed.name).stem)
    return slug(title, f"{job.project.product}-{job.project_id[-6:]}")


def stem(item: Item) -> str:
    """The name of an item's originals: its number and subject, else its number and product."""
    return f"{item.number:02d}-{slug(item.subject, item.job.project.product)}"


def final_stem(item: Item) -> str:
    """The name of the buyer's files of an item: its place among the kept items and its subject, so that a set with
    dropped items is numbered from 1 without gaps.

    An item that is lost in processing leaves a gap, because the files after it may exist already. Rebuilt files get the
    same names.
    """
    made = ProjectFile.objects.filter(project=item.job.project_id, role=FileRole.PRINT, item=item.number).first()
    if made:
        return PurePath(made.name).stem
    begun = Attempt.objects.filter(job=item.job_id, stage=Stage.PROCESSING, item__gt=0).values("item")
    kept = Q(state=ItemState.MADE) | Q(number__in=begun)
    place = Item.objects.filter(kept, job=item.job_id, number__lte=item.number).count()
    return f"{place:02d}-{slug(item.subject, item.job.project.product)}"


def place(item: Item) -> int:
    """The number in an item's file names (`final_stem`)."""
    return int(final_stem(item).partition("-")[0])


def key(job: Job, role: str, name: str, round_: int | None = None) -> str:
    made_in = f"round-{round_}/" if round_ is not None else ""
    return f"projects/{job.project_id}/{role}/{made_in}{name}"


def _marked(path: Path, wanted: Marks | None) -> Marks:
    """What a file states about how it was made, after writing `wanted` into it."""
    if wanted is not None:
        return provenance.write(path, wanted)
    return provenance.read(path) if path.suffix in provenance.SUFFIXES else Marks()


def keep(
    context: StageContext,
    job: Job,
    path: Path,
    role: str,
    name: str,
    *,
    round_: int | None = None,
    item: int | None = None,
    marks: Marks | None = None,
    order: Order | None = None,
) -> dict[str, Any]:
    """Store a file and return its description for `settle`. Storing the same bytes again changes nothing.

    `marks` is the provenance written into the file first; None leaves the file as it is (someone else's, or stored
    already). `order` says how it is signed after that; a file that can't be signed is stored unsigned, and `unsigned`
    in the description says why. Raises StoreFailure.
    """
    stated = _marked(path, marks)
    where, unsigned = key(job, role, name, round_), ""
    if order:
        path, where, unsigned = content_credentials.kept(context, path, where, order)
    stored = context.store.put(path, where)
    described: dict[str, Any] = {
        "path": stored.key,
        "role": role,
        "name": name,
        "bytes": stored.bytes,
        "sha256": stored.sha256,
        "source_type": stated.source,
    }
    if unsigned:
        described["unsigned"] = unsigned
    if path.suffix in PICTURES:
        info = export.info(path)
        described |= {"width": info.width, "height": info.height, "dpi": info.dpi or None}
    return described
