"""Briefing: the idea, the design options and the ratio become a brief and one distinct prompt per item (rules §4)."""

from __future__ import annotations

import dataclasses
from pathlib import PurePath

from elistit import names
from elistit.artwork import typesetting
from elistit.chain.attempt_key import AttemptKey
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects import uploads
from elistit.projects.models import Job, Project
from elistit.projects.products import ModelChoice, product_type
from elistit.providers.builtin import brief as builtin_brief
from elistit.stages import copywriting
from elistit.stages.context import StageContext


def run(this: AttemptKey, job: Job, context: StageContext) -> Outcome:
    """The brief and the prompts: for a model outside by the language model where one is configured, otherwise by the
    built-in writer. That is deterministic: a second try gives the same."""
    outcome = _plan(this, job)
    if isinstance(outcome, Made) and (said := title_note(outcome.data["brief"]["title"], job.project)):
        outcome.data["brief"]["note"] = f"{outcome.data['brief'].get('note', '')} {said}".strip()
    return outcome


def title_note(title: str, project: Project) -> str:
    """What the seller is told of a title our typefaces cannot set: what is drawn instead. Empty when they can."""
    missing = typesetting.cannot_set(title or project.name)
    if not missing:
        return ""
    kind = product_type(project.product).name
    return (
        f"Our typefaces can’t set {typesetting.listed(missing)} in the title, so the mockups and the product card say "
        f"“{kind}” instead. The listing text isn’t affected."
    )


def _plan(this: AttemptKey, job: Job) -> Outcome:
    project = job.project
    if product_type(project.product).model == ModelChoice.NONE:
        return _of_uploads(project)
    if chat := copywriting.brief_writer(project.model):
        return copywriting.brief(chat, this, job)
    style = project.model.split("/", 1)[-1]
    brief = builtin_brief.plan(
        project.idea,
        dict(project.options),
        project.count,
        project.seed,
        style,
        product=project.product,
        ratio=project.ratio,
    )
    prompts = [pick.prompt for pick in brief.picks]
    if len(prompts) != project.count or len(set(prompts)) != len(prompts):
        return Failure(
            Kind.TRANSIENT,
            "The brief did not give one distinct prompt for each image.",
            detail=f"{len(set(prompts))} of {project.count}",
        )
    return Made(
        data={
            "brief": {
                "title": brief.title,
                "theme": brief.theme,
                "used": brief.used,
                "unused": brief.unused,
                "note": brief.note,
            },
            "items": [
                {**dataclasses.asdict(pick), "subject": copywriting.words_of(pick.subject)} for pick in brief.picks
            ],
        }
    )


def _of_uploads(project: Project) -> Outcome:
    """The brief of a seller's own images: nothing is thought up, each image keeps the name it came with."""
    given = uploads.of(project)
    if len(given) != project.count:
        return Failure(
            Kind.REJECTED,
            "Not every uploaded picture is there any more.",
            detail=f"{len(given)} of {project.count}",
        )
    items = [
        {
            "prompt": f"Your image {u.number}: {u.name}",
            "subject": names.cut(PurePath(u.name).stem, 120),
            "art": {"upload": u.pk, "kind": u.kind, "flat": u.flat, "alpha": u.alpha},
        }
        for u in given
    ]
    note = "These are your own images. Nothing is generated and nothing in them is changed but their size."
    brief = {"title": project.name, "theme": project.idea, "used": [], "unused": [], "note": note}
    return Made(data={"brief": brief, "items": items})
