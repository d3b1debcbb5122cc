"""Work on an image by an outside tool: recorded before it is bought, never bought twice, stored once it arrives.

The operator chooses the tools (`chain.tools`). A tool's failure is a failed attempt by the rules: it must never be
replaced by work on this machine. A bought result is stored under its round, so that it is used again whatever happens
afterwards.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from elistit.artwork import jobs, provenance
from elistit.chain.attempt_key import AttemptKey
from elistit.chain.models import ProviderPause
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects.models import Item, Job
from elistit.providers import registry
from elistit.providers.base import ImageRequest
from elistit.purchases import calls
from elistit.stages import files
from elistit.stages.context import StageContext

CUT, LARGE = "cut", "large"
"""Prefixes of the request keys of tools; the purchase of the image itself has none."""


def cut_out(
    context: StageContext, this: AttemptKey, job: Job, item: Item, code: str, source: Path, out: Path
) -> Outcome:
    """The image without its background, stored as the item's image: `file` in the outcome's data. The size doesn't change."""
    width, height = context.run(jobs.size, str(source), timeout=60)
    request = _request(calls.call_key(this, CUT), code, item, source, out, width, height)

    def accept(made: Made) -> Outcome:
        broken = context.run(jobs.unusable, str(out), width, height, timeout=60) or context.run(
            jobs.not_cut_out, str(out), timeout=60
        )
        if broken:
            return _useless(f"We couldn't remove the background: {broken}", made)
        kept = files.keep(
            context, job, out, "image", f"{files.stem(item)}.png", round_=this.round, item=item.number,
            marks=provenance.read(source),
        )  # fmt: skip
        return Made({"file": kept}, made.cost_micros, made.provider_id)

    return _used(context, this, job, request, CUT, accept)


def enlarge(
    context: StageContext, this: AttemptKey, job: Job, item: Item, tool: tuple[str, int], image: Path, out: Path
) -> Failure | None:
    """Write the image, `tool[1]` times as large, to `out`, at 300 DPI with its transparency. Returns None on success.
    Only color is sent to the tool: transparency is enlarged here, so that no tool can lose it or darken its edge."""
    code, factor = tool
    width, height = (side * factor for side in context.run(jobs.size, str(image), timeout=60))
    color, large = out.with_name("color.png"), out.with_name("large.png")
    context.run(jobs.color_only, str(image), str(color), timeout=120)
    request = _request(calls.call_key(this, LARGE), code, item, color, large, width, height)
    request = dataclasses.replace(request, art={"factor": factor})

    def accept(made: Made) -> Outcome:
        if broken := context.run(jobs.unusable, str(large), width, height, timeout=120):
            return _useless(f"The enlarged image couldn't be used: {broken}", made)
        kept = files.keep(context, job, large, "master", f"{files.stem(item)}.png", round_=this.round, item=item.number)
        return Made({"file": kept}, made.cost_micros, made.provider_id)

    outcome = _used(context, this, job, request, LARGE, accept)
    if isinstance(outcome, Failure):
        return outcome
    bought = context.store.local_path(outcome.data["file"]["path"])
    context.run(jobs.with_alpha, str(bought), str(image), str(out), timeout=300)
    return None


def _request(key: str, code: str, item: Item, source: Path, out: Path, width: int, height: int) -> ImageRequest:
    return ImageRequest(
        key=key, model=code, prompt=item.prompt, negative="", width=width, height=height, seed=item.number,
        transparent=False, out=out, source=source,
    )  # fmt: skip


def _useless(reason: str, made: Made) -> Failure:
    return Failure(Kind.TRANSIENT, reason, cost_micros=made.cost_micros)


def _used(
    context: StageContext, this: AttemptKey, job: Job, request: ImageRequest, action: str, accept: calls.Accept
) -> Outcome:
    """Have the tool do it, unless its provider is paused or gone. Its failures name the tool's provider."""
    name = request.model.split("/")[0]
    try:
        provider = registry.provider_for(request.model)
    except KeyError:
        words = "A tool this studio uses is no longer set up."
        return Failure(Kind.OPERATOR, words, detail=f"no account for {request.model}"[:200], service=name)
    if pause := ProviderPause.objects.filter(pk=name).first():
        return Failure(Kind.OPERATOR, pause.reason, detail="paused", service=name)
    outcome = calls.buy_once(provider, request, this, job, context.run, accept, action=action)
    return dataclasses.replace(outcome, service=name) if isinstance(outcome, Failure) else outcome
