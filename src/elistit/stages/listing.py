"""Listing: title, tags, description and price, checked against Etsy's rules before anyone sees them (rules §4). It must
never publish or send anything."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elistit.chain.attempt_key import AttemptKey
from elistit.listings import currencies, keyword_list, product_facts, rules, schedule, templates, truth, writer
from elistit.listings.etsy import shops
from elistit.on_use import OnUse
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects import draft_plans
from elistit.projects.models import Job, Project, ProjectFile
from elistit.projects.products import product_type
from elistit.providers.chat import client
from elistit.stages import branding, buyers_trial, copywriting, listing_notes
from elistit.stages import facts as made
from elistit.stages.context import StageContext
from elistit.stages.finishing import DPI, Work, finish_of, kept_items, stored

if TYPE_CHECKING:
    from elistit.artwork import color_names
else:
    color_names = OnUse("elistit.artwork.color_names")


def run(this: AttemptKey, job: Job, context: StageContext) -> Outcome:
    """Write the listing: with the language model if one is configured, otherwise by rule. The draft follows only if the
    project's shop is connected."""
    project = job.project
    work = Work(context, job, Path())
    trial = buyers_trial.report_of(work)
    source, facts = _known(work, trial)

    def refuted(line: str) -> bool:
        claimed = truth.check("", (), line, facts) or buyers_trial.of_listing(work, trial, "", [], line)
        return bool(line.strip() and claimed)

    source = dataclasses.replace(source, license=branding.listing_license(project, refuted))
    chat = client.configured()
    text = copywriting.listing(chat, this, job, source, facts, project.idea) if chat else writer.write(source, facts)
    if isinstance(text, Failure):
        return text
    text = branding.finish(text, project, facts, refuted)
    text = _with_template(project, text, facts, work, trial)
    if failed := _failed(text, facts, work, trial):
        return failed
    shop = shops.chosen(project.owner_id, draft_plans.number_of(project.pk))
    return Made(
        {
            "title": text.title,
            "tags": text.tags,
            "description": text.description,
            "price_cents": text.price_cents,
            "currency": text.currency,
            "notes": listing_notes.notes(project, text.title, text.tags, text.description, text.notes),
            "shop": shop is not None and not shop.disconnected_reason,
            **_planned(project),
        }
    )


def _known(work: Work, trial: dict[str, Any] | None) -> tuple[product_facts.WriterInput, truth.Facts]:
    """What the listing is written from, and the facts with which it is compared: of the delivered files, as the buyer's
    trial found them."""
    job, project = work.job, work.job.project
    kind = product_type(project.product)
    items = kept_items(job)
    own = not project.model
    delivered = buyers_trial.sizes(work, trial)
    planned = all(i.art["plan"].get("alpha") for i in items) if own else kind.transparent
    clear = planned and buyers_trial.transparent(work, trial, planned)
    # A size is stated only if every delivered file has it.
    width, height = next(iter(delivered)) if len(delivered) == 1 else (0, 0)
    source = product_facts.WriterInput(
        product=project.product,
        theme=project.brief.get("theme", ""),
        title=project.brief.get("title", ""),
        style=project.model.partition("/")[2],
        subjects=[i.subject for i in items],
        count=len(items),
        width_px=width,
        height_px=height,
        dpi=DPI,
        formats=_formats(job) or kind.formats,
        transparent=clear,
        sizes=finish_of(job).sizes,
        downloads=ProjectFile.objects.filter(project=project, role="zip").count(),
        currency=shops.known_currency(project.owner_id, draft_plans.number_of(project.pk)),
        keywords=keyword_list.of(project.owner_id),
        disclosure="own" if own else "software" if project.model.startswith("builtin/") else "ai",
    )
    previews = [str(p) for p in stored(work, "preview")]
    facts = made.of(project, work.context.run(color_names.of, previews, timeout=120) if previews else None)
    if trial is not None:
        facts = dataclasses.replace(facts, pixels=frozenset(delivered), transparent=clear)
    return source, facts


def _failed(text: writer.ListingText, facts: truth.Facts, work: Work, trial: dict[str, Any] | None) -> Failure | None:
    """Why a text can't be this project's listing: it breaks a rule of Etsy's, or isn't true of the files. None when it can."""
    # There is no suggestion in an unknown currency: the seller sets the price before the draft.
    price = text.price_cents or currencies.get(text.currency).minimum
    if problems := rules.check(text.title, text.tags, text.description, price, currency=text.currency):
        return Failure(Kind.TRANSIENT, "The text breaks a rule of Etsy’s.", detail=str(problems))
    if false := truth.check(text.title, text.tags, text.description, facts):
        words = "The text says something that isn’t true of the files."
        return Failure(Kind.TRANSIENT, words, detail=" ".join(f.words for f in false)[:500])
    return buyers_trial.of_listing(work, trial, text.title, list(text.tags), text.description)


def _with_template(
    project: Project, text: writer.ListingText, facts: truth.Facts, work: Work, trial: dict[str, Any] | None
) -> writer.ListingText:
    """The text with the additions of its shop's template, if it still passes every check of the text itself."""
    shop = shops.chosen(project.owner_id, draft_plans.number_of(project.pk))
    template = templates.of(project.owner_id, shop.shop_id) if shop else templates.Template()
    if template == templates.Template():
        return text
    added = templates.apply(text, template, facts)
    if _failed(added, facts, work, trial):
        note = "Your shop's listing template was left out, because the listing didn't pass our checks with it."
        return dataclasses.replace(text, notes=(*text.notes, note))
    return added


def _planned(project: Project) -> dict[str, object]:
    """The shop whose schedule the draft waits for; empty when the draft is created at once. A disconnected shop keeps
    its schedule."""
    plan = draft_plans.of(project.pk)
    if plan is None or not (plan.day or schedule.of(project.owner_id, plan.shop).enabled):
        return {}
    return {"planned": [plan.shop, plan.shop_name]}


def _formats(job: Job) -> list[str]:
    """The formats in which a seller's own images were delivered, read from the files: PNG, and SVG, PDF and DXF for
    drawings."""
    names = ProjectFile.objects.filter(project=job.project_id, role__in=["print", "vector", "maker"]).values_list(
        "name", flat=True
    )
    found = {name.rpartition(".")[2].upper() for name in names}
    return [f for f in ("PNG", "SVG", "PDF", "DXF") if f in found]
