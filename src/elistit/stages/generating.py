"""Generating: one provider call per item, then the automatic checks (rules §4, §8). It must never buy an image twice."""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
from pathlib import Path
from typing import Any

from elistit.artwork import jobs, provenance
from elistit.chain import tools, variety
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import ProviderPause
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects.gate import items_of, maker_of, shows
from elistit.projects.models import Item, Job, Upload
from elistit.projects.products import product_type
from elistit.projects.states import ItemState
from elistit.providers import registry
from elistit.providers.base import ImageRequest
from elistit.purchases import calls
from elistit.stages import faults, files, tooling
from elistit.stages.context import StageContext

OWN_IMAGE = "the seller’s own image, as uploaded"


def request_for(job: Job, item: Item, key: str, out: Path) -> ImageRequest:
    """The request to a provider for an item. The seed depends only on project, item and round, so that repeating a
    round gives the same image and a remake a different one."""
    project = job.project
    width, height = product_type(project.product).sizes[project.ratio]
    seed = int.from_bytes(hashlib.sha256(f"{project.seed}:{item.number}:{item.round}".encode()).digest()[:6], "big")
    return ImageRequest(
        key=key,
        model=item.model or project.model,
        prompt=item.prompt,
        negative=project.options.get("negative", ""),
        width=width,
        height=height,
        seed=seed,
        transparent=product_type(project.product).transparent,
        out=out,
        art=_planned(item),
    )


def _planned(item: Item) -> dict[str, Any]:
    """The plan of an item. A remake is arranged differently from the storyboard; a remake of lettering is numbered,
    because nothing in its drawing is random."""
    plan = dict(item.art.get("plan", {}))
    if item.round:
        plan.pop("arrangement", None)
    return {**plan, "round": item.round} if plan.get("lettering") and item.round else plan


def redraw_request(job: Job, item: Item, key: str, out: Path) -> ImageRequest:
    """The request to draw an item's chosen image at print size, from what the provider recorded for that purpose."""
    width, height = product_type(job.project.product).print_size(job.project.ratio)
    request, maker = request_for(job, item, key, out), maker_of(job.project, item)
    return dataclasses.replace(request, model=maker, width=width, height=height, art=item.art["redraw"])


def run(this: AttemptKey, job: Job, context: StageContext) -> Outcome:
    """Make one image, store it and check it. An image that can't be used is a failed attempt (rules §5.8)."""
    project = job.project
    if not project.model:
        return faults.play(this, faults.parse(faults.active()), lambda: _taken_in(this, job, context))
    item = items_of(job.project).get(number=this.item)
    item.subject = shows(item)  # its files are named after this, unless the drawing says otherwise
    model = item.model or project.model
    provider = registry.provider_for(model)
    if pause := ProviderPause.objects.filter(pk=provider.name).first():
        return Failure(Kind.OPERATOR, pause.reason, detail="paused")
    provider = faults.around(provider, this, faults.parse(faults.active()))
    with context.workplace() as folder:
        request = request_for(job, item, calls.call_key(this), Path(folder) / "image.png")

        def accept(made: Made) -> Outcome:
            item.subject = registry.drawn_subject(model, made.data.get("art", {})) or item.subject
            # A model without transparency drew on a plain background, as requested.
            on_ground = request.transparent and made.data.get("alpha") is False
            if on_ground and not tools.cutter():
                _cut_out_here(context, request.out)
            if broken := context.run(jobs.unusable, str(request.out), request.width, request.height, timeout=60):
                return Failure(
                    Kind.TRANSIENT,
                    f"The image we received couldn't be used: {broken}",
                    cost_micros=made.cost_micros,
                )
            uncut = on_ground and bool(tools.cutter())
            role = "uncut" if uncut else "image"
            stem, stated = files.stem(item), provenance.made_by(model)
            kept = files.keep(
                context, job, request.out, role, f"{stem}.png", round_=this.round, item=this.item, marks=stated
            )
            drawing, source = request.out.with_suffix(".svg"), None
            if drawing.is_file():
                source = files.keep(
                    context, job, drawing, "source", f"{stem}.svg", round_=this.round, item=this.item, marks=stated
                )
            answer = {
                "file": kept, "drawing": source, "received": _as_received(context, job, item, this, request.out),
                "art": made.data.get("art", {}), "uncut": uncut,
            }  # fmt: skip
            return Made(answer, made.cost_micros, made.provider_id)

        outcome = calls.buy_once(provider, request, this, job, context.run, accept)
        if isinstance(outcome, Made) and outcome.data.get("uncut"):
            outcome = _cut_out(context, this, job, item, outcome, Path(folder))
        if isinstance(outcome, Failure):
            return outcome
        item.subject = registry.drawn_subject(model, outcome.data.get("art") or {}) or item.subject
        return _checked(context, job, item, this, outcome, Path(folder))


def _as_received(context: StageContext, job: Job, item: Item, this: AttemptKey, image: Path) -> dict[str, Any] | None:
    """The provider's file with its C2PA manifest, which our copies can't contain. None if it sent none."""
    found = provenance.received(image)
    if found is None:
        return None
    name = f"{files.stem(item)}-as-received{found.suffix}"
    return files.keep(context, job, found, "received", name, round_=this.round, item=this.item)


def _cut_out_here(context: StageContext, image: Path) -> None:
    bare = image.with_name("bare.png")
    context.run(jobs.cut_out, str(image), str(bare), timeout=120)
    bare.replace(image)


def _cut_out(context: StageContext, this: AttemptKey, job: Job, item: Item, bought: Made, folder: Path) -> Outcome:
    """A bought image without its background. The image is stored already, so a failing tool doesn't lose it."""
    source, out = context.store.local_path(bought.data["file"]["path"]), folder / "cut.png"
    cut: Outcome
    if code := tools.cutter():
        cut = tooling.cut_out(context, this, job, item, code, source, out)
    else:
        # Bought while a tool was configured that no longer is.
        shutil.copyfile(source, out)
        _cut_out_here(context, out)
        cut = Made(
            {
                "file": files.keep(
                    context,
                    job,
                    out,
                    "image",
                    f"{files.stem(item)}.png",
                    round_=this.round,
                    item=this.item,
                    marks=provenance.read(source),
                )
            }
        )
    if isinstance(cut, Failure):
        return cut
    data = {**bought.data, "file": cut.data["file"], "uncut": False}
    return Made(data, bought.cost_micros + cut.cost_micros, bought.provider_id)


def _checked(context: StageContext, job: Job, item: Item, this: AttemptKey, made: Made, folder: Path) -> Outcome:
    image = context.store.local_path(made.data["file"]["path"])
    kind = product_type(job.project.product)
    look = context.run(
        jobs.examine,
        str(image),
        str(folder / "preview.webp"),
        kind.transparent,
        kind.sizes[job.project.ratio][0],
        kind.seamless,
        timeout=120,
    )
    preview = files.keep(
        context, job, folder / "preview.webp", "preview", f"{files.stem(item)}.webp", round_=this.round, item=this.item
    )
    flags = look["flags"]
    if twin := _twin(job, item, look["signature"]):
        flags.append(variety.flag(twin))
    art = {
        "made_round": this.round, "made_model": item.model, "signature": look["signature"], "redraw": made.data["art"],
    }  # fmt: skip
    if "seam" in look:
        art["seam"] = look["seam"]
    if look.get("marks"):
        art["marks"] = look["marks"]
    kept = [f for f in (made.data["file"], made.data.get("drawing"), made.data.get("received"), preview) if f]
    return Made({"files": kept, "flags": flags, "art": art}, made.cost_micros, made.provider_id)


def _twin(job: Job, item: Item, signature: str) -> int | None:
    """The number of an earlier sibling that looks nearly the same."""
    if variety.is_lettered(item.art):
        return None
    others = items_of(job.project).filter(state__in=[ItemState.MADE, ItemState.DROPPED]).exclude(number=item.number)
    tiles = product_type(job.project.product).seamless
    return variety.twin(signature, [(o.number, o.art.get("signature") or "") for o in others], tiles=tiles)


def _taken_in(this: AttemptKey, job: Job, context: StageContext) -> Outcome:
    """Import one of the seller's own images into the project. Nothing is bought, so there is no provider call, and our
    checks don't judge the seller's work."""
    item = items_of(job.project).get(number=this.item)
    upload = Upload.objects.get(pk=item.art["plan"]["upload"], project=job.project_id)
    stem = files.stem(item)
    given = [("image", upload.path, ".png"), ("preview", upload.preview, ".webp"), ("source", upload.drawing, ".svg")]
    kept = [
        files.keep(context, job, context.store.local_path(path), role, stem + suffix, round_=this.round, item=this.item)
        for role, path, suffix in given
        if path
    ]
    art: dict[str, Any] = {"made_round": this.round, "redraw": {"source": OWN_IMAGE}}
    if stated := provenance.read(context.store.local_path(upload.path)).plain():
        art["marks"] = stated
    return Made({"files": kept, "flags": [], "art": art})
