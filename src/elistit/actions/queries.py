"""What is shown of a project: its description for the API, its activity and its failure in plain English.

Read-only. Every sentence about money is made from ledger rows, never from what was supposed to happen (rules §5.9).
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from elistit.actions import calendar, pricing, shops
from elistit.chain import outcomes, retry
from elistit.chain.models import Attempt
from elistit.credits import ledger, samples
from elistit.credits.models import CreditTransaction
from elistit.prepared import prepared
from elistit.projects import buyer_link, gate, remove, rounds, storyboard
from elistit.projects.models import BuyerTrial, FileRole, Item, Job, JobKind, Listing, Project, ProjectFile
from elistit.projects.products import product_type
from elistit.projects.serving import Serving
from elistit.projects.states import JobStatus, Stage
from elistit.providers import registry

OF_A_ROUND = (FileRole.IMAGE, FileRole.PREVIEW, FileRole.SOURCE, FileRole.RECEIVED)
STAGE_WORDS = {
    Stage.QUEUED: "Queued", Stage.BRIEFING: "Writing the brief", Stage.GENERATING: "Making the images",
    Stage.AWAITING_APPROVAL: "Your approval", Stage.DESIGN_READY: "Your decision", Stage.PROCESSING: "Making print files",
    Stage.DELIVERING: "Packing the files", Stage.LISTING: "Writing the listing", Stage.DRAFTING: "Creating the Etsy draft",
    Stage.COMPLETED: "Done", Stage.FAILED: "Failed", Stage.DELETED: "Deleted",
}  # fmt: skip


def describe(project: Project) -> dict[str, Any]:
    """A project as the API shows it."""
    jobs = list(project.jobs.select_related("quote").order_by("public_id"))
    job = next(j for j in jobs if j.kind == JobKind.LAUNCH)
    money = ledger.jobs_money([j.pk for j in jobs])
    items = list(job.items.all())
    serving = Serving(project)
    listing = Listing.objects.select_related("project__trial").get(project=project.pk)
    refunds, made = _item_refunds(job), versions(project, serving)
    kept = storyboard.find(job.quote_id)
    return {
        "public_id": project.pk,
        "name": project.name,
        "product": project.product,
        "idea": project.idea,
        "stage": project.stage,
        "created_at": project.created_at.isoformat(),
        "brief": project.brief,
        "model": project.model,
        "failover": project.failover,
        "video": project.video,
        "job": _job(job, money),
        "jobs": (shown_jobs := [{**_job(j, money), "kind": j.kind, "quoted": j.quote.total} for j in jobs]),
        "current_job": shown_jobs[-1],
        "quote": {"total": job.quote.total, "lines": [_quote_line(line) for line in job.quote.lines]},
        "asked": kept[0].asked if kept else project.count,
        "notice": kept[0].fewer if kept else "",
        "items": [_item(i, refunds, gate.maker_of(project, i), made.get(i.number, [])) for i in items],
        "files": [_file(f) for f in current_files(project, serving)],
        "buyer_link": buyer_link.address(project.pk) if buyer_link.files(project) else None,
        "trial": _trial(getattr(listing.project, "trial", None)),
        "shop": _shop(project),
        "listing": _listing(listing),
    }  # fmt: skip


def _shop(project: Project) -> dict[str, Any] | None:
    shop, entry = shops.of_project(project), calendar.planned(project)
    return {**shop, "planned_for": entry.at.isoformat()} if shop and entry else shop


def trial(project: Project) -> dict[str, Any] | None:
    """The report of the newest buyer's trial: `ok`, `checks` and the time. None if there is none yet."""
    return _trial(BuyerTrial.objects.filter(project=project.pk).first())


def _trial(row: BuyerTrial | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"ok": row.ok, "checked_at": row.created_at.isoformat(), "checks": row.report["checks"]}


def _job(job: Job, money: dict[str, ledger.JobMoney]) -> dict[str, Any]:
    sums = money[job.pk]
    return {
        "id": job.pk,
        "status": job.status,
        "charged": sums.charged,
        "refunded": sums.refunded,
        "failure": _failure(job),
    }


def _failure(job: Job) -> dict[str, str] | None:
    if job.status != JobStatus.FAILED:
        return None
    return {"kind": job.failure_kind, "reason": job.failure_reason, "stage": job.failure_stage}


def _quote_line(line: dict[str, Any]) -> dict[str, Any]:
    return {k: line[k] for k in ("action", "label", "quantity", "unit_price", "credits")}


def _item_refunds(job: Job) -> dict[int, int]:
    found: dict[int, int] = {}
    rows = CreditTransaction.objects.filter(job=job.pk, type="REFUND_CREDIT").exclude(item=None)
    for item, amount in rows.values_list("item", "amount"):
        found[item or 0] = found.get(item or 0, 0) + amount
    return found


def _item(item: Item, refunds: dict[int, int], maker: str, made: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "number": item.number, "prompt": item.prompt, "subject": item.subject, "state": item.state, "round": item.round,
        "flags": item.flags, "reason": item.reason, "refunded": refunds.get(item.number, 0),
        "model": item.model or maker,
        "versions": [{**v, "preview": v["preview"].pk if v["preview"] else None} for v in made],
    }  # fmt: skip


def current_files(project: Project, serving: Serving | None = None) -> list[ProjectFile]:
    """The files that may be served (`projects.serving`): for each item and role those of the chosen version, and
    everything of the whole set."""
    serving = serving or Serving(project)
    return [
        f for f in _files.objects(project.pk)
        if not (f.role in OF_A_ROUND and (item := serving.items.get(f.item or 0)) and f.round != item.art.get("made_round"))
        and serving.may(f)
    ]  # fmt: skip


@prepared
def _files(project_id: str) -> QuerySet[ProjectFile]:
    return ProjectFile.objects.filter(project=project_id).order_by("role", "name")


def versions(project: Project, serving: Serving | None = None) -> dict[int, list[dict[str, Any]]]:
    """The versions of every item that has several, by number: `round`, `chosen`, `prompt`, `flags` in words, `charged`,
    `refunded` and the `preview` file (None once it is deleted)."""
    serving = serving or Serving(project)
    several = {n: made for n, rows in serving.rounds.items() if len(made := rounds.versions(rows)) > 1}
    if not several:
        return {}
    rows = ProjectFile.objects.filter(project=project, role=FileRole.PREVIEW, item__in=list(several))
    previews = {(f.item, f.round): f for f in rows}
    return {
        number: [
            {
                "round": r.number, "chosen": r.number == serving.items[number].art.get("made_round"), "prompt": r.prompt,
                "flags": r.flags, "charged": r.charged, "refunded": r.returned, "preview": previews.get((number, r.number)),
            }
            for r in made
        ]
        for number, made in several.items()
    }  # fmt: skip


def _file(f: ProjectFile) -> dict[str, Any]:
    return {
        "id": f.pk, "role": f.role, "name": f.name, "item": f.item, "bytes": f.bytes, "sha256": f.sha256, "width": f.width,
        "height": f.height, "dpi": f.dpi, "url": f"/projects/{f.project_id}/files/{f.pk}/{f.name}",
    }  # fmt: skip


def _listing(listing: Listing) -> dict[str, Any]:
    return {
        "state": listing.text, "reason": listing.text_reason, "title": listing.title, "tags": listing.tags,
        "description": listing.description, "price": pricing.currency_of(listing).plain(listing.price_cents),
        "currency": pricing.currency_of(listing).code, "notes": listing.notes or [],
        "draft": {"state": listing.draft, "url": listing.draft_url, "id": listing.draft_id, "reason": listing.draft_reason},
    }  # fmt: skip


def activity(project: Project) -> list[dict[str, Any]]:
    """Every attempt and note of a project, oldest first, in plain English (the worker log)."""
    rows = Attempt.objects.filter(job__project=project).order_by("id")
    return [
        {
            "at": a.started_at.isoformat(), "ended_at": a.ended_at.isoformat() if a.ended_at else None, "stage": a.stage,
            "item": a.item or None, "try": a.number, "outcome": a.outcome, "text": _words(a),
            "next_try_at": a.next_try_at.isoformat() if a.next_try_at else None, "worker": a.worker, "note": a.note,
        }
        for a in rows
    ]  # fmt: skip


def _words(a: Attempt) -> str:
    if a.note:
        return a.reason
    what = STAGE_WORDS[Stage(a.stage)] + (f", item {a.item}" if a.item else "")
    words = outcomes.attempt_words(a.outcome, a.reason, what, a.number, retry.MAX_ATTEMPTS)
    if a.next_try_at and not a.counted:
        return f"{words} We wait as asked; this doesn’t use up an attempt."
    return words


def failure_words(project: Project) -> dict[str, Any] | None:
    """The content of a failure page (rules §5.9). None unless the newest job of the project failed."""
    job = project.jobs.order_by("-public_id").first()
    if job is None or job.status != JobStatus.FAILED:
        return None
    meaning = outcomes.MEANINGS.get(job.failure_kind) or outcomes.MEANINGS["transient"]
    cause = meaning.cause(service_of(job))
    attempts = job.attempts.filter(stage=job.failure_stage, note=False).order_by("id")
    return {
        "kind": job.failure_kind,
        "what": job.failure_reason or meaning.what,
        "side": f"Cause: {cause}",
        "cause": cause,
        "stage": STAGE_WORDS[Stage(job.failure_stage)] if job.failure_stage else "",
        "tries": [
            {"at": a.started_at.isoformat(), "item": a.item or None, "try": a.number, "text": _words(a)}
            for a in attempts
        ],
        "money": money_words(job),
        "refunds": [
            {"id": t.pk, "amount": t.amount, "reason": t.reason, "at": t.created_at.isoformat(), "item": t.item}
            for t in CreditTransaction.objects.filter(job=job.pk, type="REFUND_CREDIT").order_by("seq")
        ],
        "now": list(meaning.again),
    }


def service_of(job: Job) -> str:
    """The name of the service that a job's failed stage worked with."""
    if job.failure_stage == Stage.GENERATING:
        name = job.project.model.split("/")[0]
        if name == "builtin":
            return "the built-in artist"
        outside = registry.outside().get(name)
        return outside.title.replace("This", "this", 1) if outside else outcomes.A_SERVICE
    names = {
        Stage.BRIEFING: "the language model", Stage.LISTING: "the language model", Stage.DELIVERING: "file storage",
        Stage.DRAFTING: "Etsy",
    }  # fmt: skip
    return names.get(Stage(job.failure_stage), outcomes.A_SERVICE) if job.failure_stage else outcomes.A_SERVICE


def money_words(job: Job) -> str:
    """What a job has cost, from the ledger rows."""
    money = ledger.job_money(job.pk)
    if money.charged == 0:
        return "You were not charged: this job cost no credits."
    if money.net == 0:
        return f"You were not charged: all {money.charged} credits are back in your balance."
    given = samples.words(job.project.owner_id, job.project_id, money.net)
    said = f"{money.charged} credits were used."
    if money.refunded:
        said = f"{money.refunded} of {money.charged} credits are back in your balance; {money.net} were used."
    return f"{said} {given}".strip()


def loss_on_delete(project: Project) -> int:
    """Credits that won't be refunded if the project is deleted now."""
    return remove.loss(project)


def price_of_remake(project: Project, number: int, prompt: str | None = None) -> int:
    """The current price of a remake in credits, with the item's prompt or with another one."""
    return gate.remake_price(project, gate.launch_job(project).items.get(number=number), prompt)


def stage_line(project: Project, job: Job | None = None) -> list[dict[str, str]]:
    """The stages of this project in order, each `done`, `now`, `todo` or `failed`. Pass the launch as `job` to save a query.

    A finished project whose text couldn't be written or whose draft Etsy rejected shows that at the stage, and one
    without a draft has no such stage.
    """
    gate_stage = product_type(project.product).gate
    line = [
        Stage.QUEUED, Stage.BRIEFING, Stage.GENERATING, *([Stage(gate_stage)] if gate_stage else []), Stage.PROCESSING,
        Stage.DELIVERING, Stage.LISTING, Stage.DRAFTING, Stage.COMPLETED,
    ]  # fmt: skip
    stage = Stage(project.stage)
    job = job or gate.launch_job(project)
    at = Stage(job.failure_stage) if stage == Stage.FAILED and job.failure_stage else stage
    position = line.index(at) if at in line else 0
    states = ["done" if i < position or stage == Stage.COMPLETED else "todo" for i in range(len(line))]
    if stage != Stage.COMPLETED:
        states[position] = "failed" if stage == Stage.FAILED else "now"
    shown = dict(zip(line, states, strict=True))
    if stage == Stage.COMPLETED:
        listing: Listing | None = getattr(project, "listing", None)
        if listing is None or listing.draft in (Listing.Draft.NONE, Listing.Draft.SKIPPED):
            del shown[Stage.DRAFTING]
        elif listing.draft == Listing.Draft.FAILED:
            shown[Stage.DRAFTING] = "failed"
        if listing and listing.text == Listing.Text.FAILED:
            shown[Stage.LISTING] = "failed"
    return [{"stage": s.value, "label": STAGE_WORDS[s], "state": state} for s, state in shown.items()]
