"""Processing: the kept images become print-ready files, one try each, then the pictures for the listing (rules §4)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from elistit.artwork import jobs
from elistit.pipeline.chain import Try
from elistit.pipeline.stages import files, generating
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects.gate import items_of
from elistit.projects.models import Item, Job, ProjectFile
from elistit.projects.products import product_type
from elistit.projects.states import ItemState
from elistit.providers import registry

if TYPE_CHECKING:
    from elistit.pipeline.stages import Kit

DPI = 300


def run(this: Try, job: Job, kit: Kit) -> Outcome:
    return _item(this, job, kit) if this.item else _set(job, kit)


def _item(this: Try, job: Job, kit: Kit) -> Outcome:
    """One image at print size. Art the provider can draw again is drawn again, which is sharper than any enlargement."""
    item = items_of(job.project).get(number=this.item)
    provider = registry.provider_for(job.project.model)
    if not provider.can_redraw:
        return Failure(Kind.REJECTED, "This model’s images cannot be brought to print size by this installation.")
    with kit.workplace() as folder:
        out = Path(folder) / "print.png"
        request = generating.redraw_request(job, item, f"{job.pk}:{item.number}:print", out)
        outcome = provider.redraw(request, kit.run)
        if isinstance(outcome, Failure):
            return outcome
        if broken := kit.run(jobs.unusable, str(out), request.width, request.height, timeout=120):
            return Failure(Kind.TRANSIENT, f"The print file could not be used: {broken}")
        kept = files.keep(kit, job, out, "print", f"{files.stem(item)}.png", item=item.number)
    if kept["dpi"] != DPI:
        return Failure(Kind.TRANSIENT, f"The print file came out at {kept['dpi']} DPI instead of {DPI}.")
    return Made({"files": [kept]})


def kept_items(job: Job) -> list[Item]:
    return list(items_of(job.project).filter(state=ItemState.MADE).order_by("number"))


def images(job: Job, kit: Kit, role: str) -> list[Path]:
    """The files of one role for the kept items, in order, on this machine."""
    rows = {(f.item, f.round): f.path for f in ProjectFile.objects.filter(job=job, role=role)}
    found = []
    for item in kept_items(job):
        made_in = item.art["made_round"]
        path = rows.get((item.number, made_in)) or rows.get((item.number, item.round)) or rows[item.number, 0]
        found.append(kit.store.local_path(path))
    return found


def _set(job: Job, kit: Kit) -> Outcome:
    """The pictures for the listing: a cover, everything at a glance, and a close look."""
    project = job.project
    pictures = images(job, kit, "image")
    title = project.brief.get("title") or project.name
    kind = product_type(project.product)
    px = kind.sizes[project.ratio][0] * kind.print_scale
    subtitle = f"{len(pictures)} transparent PNGs · {px} px · {DPI} DPI"
    with kit.workplace() as folder:
        made = kit.run(
            jobs.listing_pictures,
            folder,
            title,
            subtitle,
            [str(p) for p in pictures],
            str(images(job, kit, "print")[0]),
            timeout=300,
        )
        kept = [files.keep(kit, job, Path(p), "mockup", Path(p).name) for p in made]
    return Made({"files": kept})
