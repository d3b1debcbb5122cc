"""Briefing: the idea, the design options and the ratio become a brief and one distinct prompt per item (rules §4). It
must never call an image provider."""

from __future__ import annotations

from pathlib import PurePath

from elistit import names
from elistit.artwork import typesetting
from elistit.chain.attempt_key import AttemptKey
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects import storyboard, uploads
from elistit.projects.models import Job, Project
from elistit.projects.orders import LaunchSpec
from elistit.projects.products import ModelChoice, product_type
from elistit.stages import copywriting, storyboards
from elistit.stages.context import StageContext


def run(this: AttemptKey, job: Job, context: StageContext) -> Outcome:
    """Return the brief and the prompts of the storyboard that was accepted at launch. If a language model writes
    prompts for external models, it is called now. A second attempt gives the same result."""
    outcome = _plan(this, job)
    if isinstance(outcome, Made) and (said := title_note(outcome.data["brief"]["title"], job.project)):
        outcome.data["brief"]["note"] = f"{outcome.data['brief'].get('note', '')} {said}".strip()
    return outcome


def title_note(title: str, project: Project) -> str:
    """The note about a title with characters our typefaces lack: what is drawn instead. Empty when they have them all."""
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
    kept = storyboard.find(job.quote_id)
    # A project launched before storyboards existed is planned here.
    board = kept[0] if kept else storyboards.plan(project.owner, _order(project), repeats=True)
    assert board is not None
    if not board.items and (chat := copywriting.brief_writer(project.model)):
        return copywriting.brief(chat, this, job)
    prompts = [item.prompt for item in board.items]
    if len(prompts) != project.count or len(set(prompts)) != len(prompts):
        return Failure(
            Kind.TRANSIENT,
            "The brief did not give one distinct prompt for each image.",
            detail=f"{len(set(prompts))} of {project.count}",
        )
    return Made(data=storyboards.brief_of(board))


def _order(project: Project) -> LaunchSpec:
    return LaunchSpec(
        project.product, project.idea, project.count, project.model, project.ratio, dict(project.options), project.name
    )


def _of_uploads(project: Project) -> Outcome:
    """The brief of a seller's own images: nothing is planned, each image keeps its name."""
    given = uploads.of(project)
    if len(given) != project.count:
        return Failure(
            Kind.REJECTED,
            "Some of the uploaded images have been deleted.",
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
    note = "These are your own images. Nothing is generated; only their size changes."
    brief = {"title": project.name, "theme": project.idea, "used": [], "unused": [], "note": note}
    return Made(data={"brief": brief, "items": items})
