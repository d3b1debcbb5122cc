"""What a person may do with a project, for the pages, the API and the command line.

Each action is one transaction of `projects`, and the work that follows is queued when it commits. If the queueing is
lost (a crash in between), recovery finds the job and queues it: the same id twice has no effect. Pages and commands
must never change a project in any other way.
"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from elistit import config
from elistit.accounts.models import User
from elistit.actions import finished_files, pricing, protected_names
from elistit.actions import shops as own_shops
from elistit.artwork import encoder
from elistit.chain import disk_space, model_availability, refunds, tools
from elistit.chain.due import drafting_job
from elistit.chain.models import ProviderPause
from elistit.listings import rules
from elistit.listings.etsy import shops
from elistit.payments import actions as buying
from elistit.payments.client import StripeProblem
from elistit.projects import (
    draft_plans,
    further_jobs,
    gate,
    idempotency,
    interrupted,
    listing_text,
    listing_titles,
    orders,
    remove,
    storyboard,
)
from elistit.projects import launch as launching
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.idempotency import Action
from elistit.projects.interrupted import Interrupted
from elistit.projects.listing_text import Text
from elistit.projects.models import Job, Listing, Project
from elistit.projects.orders import LaunchSpec
from elistit.projects.request_models import AcceptedRequest
from elistit.providers import registry
from elistit.runtime import engine
from elistit.stages import copywriting, listing_notes, presets, storyboards

__all__ = [
    "Interrupted",
    "InvalidSpec",
    "LaunchSpec",
    "NotFound",
    "NotPossible",
    "approve",
    "checkout",
    "choose",
    "delete",
    "drop",
    "edit_listing",
    "keep",
    "launch",
    "make_files_again",
    "make_print_ready",
    "remake",
    "retry_draft",
    "retry_drive",
    "skip_draft",
    "write_listing_again",
]  # fmt: skip

log = logging.getLogger(__name__)


def start_on_commit(job: str, occasion: str) -> None:
    """Have a worker look at a job once the current transaction commits."""
    _on_commit(lambda: engine.queue.start(job, occasion), job)


def start_all_on_commit(jobs: Sequence[str], occasion: str) -> None:
    """What `start_on_commit` does, for all jobs of a list at once."""
    if jobs:
        _on_commit(lambda: engine.queue.start_all(jobs, occasion), ", ".join(jobs))


def _on_commit(start: Callable[[], None], jobs: str) -> None:
    def attempt() -> None:
        try:
            start()
        except Exception:
            # The charge is committed; recovery queues the work within seconds of the engine being reachable again.
            log.exception("work could not be queued now: %s", jobs)

    transaction.on_commit(attempt)


def launch(
    owner: User,
    spec: LaunchSpec,
    *,
    idempotency_key: str,
    quote_id: str | None = None,
    confirm_trademarks: bool = False,
) -> Project:
    """Launch a project (see `projects.launch.launch`). Also raises NotPossible when the chosen model's provider is
    paused, InvalidSpec for protected names that were not confirmed (confirmed ones are stored with the project), and
    Interrupted when an error on our side came in between (see `projects.interrupted.run`)."""

    def action() -> Project:
        if launching.is_known(owner, idempotency_key):
            job, booked = launching.launch(owner, spec, idempotency_key=idempotency_key, quote_id=quote_id)
        else:
            order = own_shops.placed(owner, _permitted(presets.resolve(owner, spec), confirm_trademarks))
            kept = storyboard.find(quote_id) if quote_id else None
            board = storyboards.accepted(owner, orders.check(order), kept)
            with disk_space.required():
                job, booked = launching.launch(
                    owner, spec, idempotency_key=idempotency_key, quote_id=quote_id, board=board, resolved=order
                )
        if booked:
            start_on_commit(job.pk, "launch:0")
        return job.project

    return interrupted.run(owner.pk, idempotency_key, action)


def _permitted(spec: LaunchSpec, confirm_trademarks: bool) -> LaunchSpec:
    """A new order that may be launched now, with the protected names its seller confirmed."""
    checked = orders.check(spec)
    refuse_unavailable(checked)
    protected = protected_names.of_order(checked)
    protected_names.require_confirmation(protected, confirm_trademarks)
    return dataclasses.replace(spec, trademarks=tuple(f.as_dict() for f in protected))


def refuse_unavailable(spec: LaunchSpec) -> None:
    """Raises InvalidSpec or NotPossible when something that an order needs isn't available now: its model, a tool, the
    video encoder. Only for new orders: a request that was accepted before gets its original answer, whatever has
    happened since."""
    if spec.video and (reason := encoder.missing(config.current().workers.ffmpeg)):
        raise InvalidSpec(
            {"video": f"This studio can't make listing videos: {reason}. Turn the listing video off to launch."}
        )
    if spec.model and spec.model not in {m.code for m in model_availability.models(spec.product)}:
        raise InvalidSpec({"model": "This studio has no account with this model's provider. Choose another model."})
    wanted = tools.needed(spec.product, spec.model)
    if missing := [code for code in wanted if code.split("/")[0] not in registry.outside()]:
        raise NotPossible(f"This model isn't available right now: the tool “{missing[0]}” isn't set up on this studio.")
    needed = [spec.model.split("/")[0], *(code.split("/")[0] for code in wanted)]
    if spec.model and (chat := copywriting.brief_writer(spec.model)):
        needed.append(chat.name)
    if pause := ProviderPause.objects.filter(pk__in=needed).first():
        raise NotPossible(
            f"This model isn't available right now: {pause.reason} Choose another model or try again later."
        )


def approve(owner: User, public_id: str) -> Project:
    """Approve the kept items (see `projects.gate.approve`). Approving again changes nothing."""
    job, approved = gate.approve(owner, public_id)
    if approved:
        start_on_commit(job.pk, "finish:1")
    return gate.own_project(owner, public_id)


def keep(owner: User, public_id: str, number: int) -> Project:
    """Keep an item (see `projects.gate.keep`). Idempotent."""
    gate.keep(owner, public_id, number)
    return gate.own_project(owner, public_id)


def drop(owner: User, public_id: str, number: int) -> Project:
    """Drop an item (see `projects.gate.drop`). Idempotent."""
    gate.drop(owner, public_id, number)
    return gate.own_project(owner, public_id)


def choose(owner: User, public_id: str, number: int, round_: int) -> Project:
    """Choose another version of an item (see `projects.gate.choose`). Free and idempotent."""
    gate.choose(owner, public_id, number, round_)
    return gate.own_project(owner, public_id)


def remake(
    owner: User,
    public_id: str,
    number: int,
    *,
    prompt: str | None = None,
    idempotency_key: str,
    price: int | None = None,
    confirm_trademarks: bool = False,
) -> Project:
    """Remake an item (see `projects.gate.remake`). Also raises InvalidSpec for protected names in an edited prompt that
    were not confirmed (confirmed ones are stored with the project), and Interrupted."""

    def action() -> Project:
        with _room_unless_known(owner, idempotency_key):
            named: list[dict[str, Any]] = []
            if not AcceptedRequest.objects.filter(owner=owner, key=idempotency_key).exists():
                protected = protected_names.of_remake(gate.own_project(owner, public_id), prompt)
                protected_names.require_confirmation(protected, confirm_trademarks)
                named = [f.as_dict() for f in protected]
            round_, asked = gate.remake(
                owner, public_id, number, prompt=prompt, idempotency_key=idempotency_key, price=price, named=named
            )
        project = _accepted_project(owner, public_id)
        if asked:
            start_on_commit(gate.launch_job(project).pk, f"remake:{number}:{round_}")
        return project

    return interrupted.run(owner.pk, idempotency_key, action)


def _room_unless_known(owner: User, key: str) -> contextlib.AbstractContextManager[None]:
    """Refuse a new action while the disk is full; a request that was accepted before still gets its answer."""
    known = AcceptedRequest.objects.filter(owner=owner, key=key).exists()
    return contextlib.nullcontext() if known else disk_space.required()


def _accepted_project(owner: User, public_id: str) -> Project:
    """The owner's project, even if deleted: an accepted request still gets its answer."""
    project = Project.objects.filter(pk=public_id, owner=owner).first()
    if project is None:
        raise NotFound("There is no such project.")
    return project


def make_print_ready(owner: User, public_id: str, *, idempotency_key: str) -> Project:
    """Make a poster's design print-ready: a second job with its own quote and charge (rules §4). Also raises Interrupted."""
    return _second_job(owner, public_id, idempotency_key, further_jobs.book_print_ready)


def _second_job(owner: User, public_id: str, key: str, book: Callable[..., tuple[Job, bool]]) -> Project:
    def action() -> Project:
        with _room_unless_known(owner, key):
            job, booked = book(owner, _accepted_project(owner, public_id), idempotency_key=key)
        if booked:
            start_on_commit(job.pk, "launch:0")
        return _accepted_project(owner, public_id)

    return interrupted.run(owner.pk, key, action)


def checkout(owner: User, kind: str, code: str, *, idempotency_key: str, address: Callable[[str], str]) -> str:
    """Start buying a pack (`kind` top_up) or a plan (`plan`) and return the address of Stripe's payment page; the same
    key returns the same page. Raises IdempotencyConflict, InvalidSpec and what `payments.actions` raises.

    The purchase is accepted before Stripe is called, and Stripe knows it by the purchase's id: if anything is lost in
    between, calling it again leads to the same page.
    """

    def begin(request: AcceptedRequest) -> dict[str, str]:
        return {"payment": buying.begin(owner, kind, code, form_key=request.key).pk}

    def action() -> str:
        accepted = idempotency.accept(owner.pk, idempotency_key, Action.CHECKOUT, {"kind": kind, "code": code}, begin)
        return buying.page_of(accepted.answer["payment"], address)

    return interrupted.run(owner.pk, idempotency_key, action, refusals=(buying.CannotBuy, StripeProblem))


def delete(owner: User, public_id: str) -> None:
    """Delete a project; nothing is refunded and nothing more is bought (rules §5.4). Raises NotFound."""
    with transaction.atomic():
        jobs = remove.delete(owner, public_id)
        refunds.close_attempts(jobs, "Stopped because the project was deleted.")

    def stop() -> None:
        for job in jobs:
            try:
                engine.queue.cancel(job)
            except Exception:
                log.exception("job %s could not be cancelled in the engine now; recovery will", job)

    transaction.on_commit(stop)


def retry_draft(owner: User, public_id: str) -> Project:
    """Retry the Etsy draft, free (rules §5.4). Raises NotPossible unless the draft failed or was skipped."""
    with transaction.atomic():
        project = gate.own_project(owner, public_id)
        if finished_files.files_are_gone(project):
            raise NotPossible(
                "This project's finished files have been deleted. Rebuild them first, then retry the draft."
            )
        failed = Listing.objects.filter(
            project=project,
            text=Listing.Text.WRITTEN,
            draft__in=[Listing.Draft.FAILED, Listing.Draft.SKIPPED, Listing.Draft.NONE],
        )
        listing = failed.first()
        if (
            project.stage != "completed"
            or listing is None
            or not failed.update(draft=Listing.Draft.PENDING, draft_reason="", draft_round=listing.draft_round + 1)
        ):
            raise NotPossible("There is no failed draft to retry.")
        draft_plans.stop_waiting(project)
        if listing.draft == Listing.Draft.NONE and (shop := shops.default(owner.pk)) is not None:
            # Launched before a shop was connected: it goes where a new project would.
            draft_plans.keep(project, shop.shop_id, str(shop))
    start_on_commit(drafting_job(project), f"draft:{listing.draft_round + 1}")
    return project


def skip_draft(owner: User, public_id: str) -> Project:
    """Skip the failed draft, free. `retry_draft` undoes it."""
    with transaction.atomic():
        project = gate.own_project(owner, public_id)
        if not Listing.objects.filter(project=project, draft=Listing.Draft.FAILED).update(draft=Listing.Draft.SKIPPED):
            raise NotPossible("There is no failed draft to skip.")
    return project


def make_files_again(owner: User, public_id: str) -> Project:
    """Request a check of the files, and a rebuild of missing or damaged ones from the originals, free (rules §7)."""
    finished_files.request_rebuild(owner, public_id)
    return gate.own_project(owner, public_id)


def retry_drive(owner: User, public_id: str) -> Project:
    """Retry the copy on Google Drive, free."""
    finished_files.retry_drive_copy(owner, public_id)
    return gate.own_project(owner, public_id)


def edit_listing(owner: User, public_id: str, text: Text) -> Project:
    """Change the listing's text while no draft of it is on Etsy. Free. A price without a currency is in the shop's.
    Raises InvalidSpec with every rule of Etsy's that it would break, by field; NotFound, NotPossible."""
    listing = Listing.objects.select_related("project").filter(project=gate.own_project(owner, public_id)).first()
    if listing is None:
        raise NotPossible(listing_text.ON_ETSY)
    if not text.currency:
        text = dataclasses.replace(text, currency=pricing.currency_to_edit(listing).code)
    errors: dict[str, str] = {}
    for problem in rules.check(text.title, text.tags, text.description, text.price_cents, currency=text.currency):
        errors[problem.field] = f"{errors[problem.field]} {problem.words}" if problem.field in errors else problem.words
    if errors:
        raise InvalidSpec(errors)
    notes = listing_notes.notes(listing.project, text.title, text.tags, text.description)
    return listing_titles.save_text(owner, listing, text, notes)


def write_listing_again(owner: User, public_id: str, *, idempotency_key: str) -> Project:
    """Write the listing again after it failed and was refunded (rules §5.5). Charged its price line once. Also raises
    Interrupted."""
    return _second_job(owner, public_id, idempotency_key, further_jobs.book_listing_again)
