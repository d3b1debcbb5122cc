"""Two requests with one key at one moment, and the further jobs of a project (rules §4, §7)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pytest
from django.db import IntegrityError

from elistit.actions import commands
from elistit.credits import ledger, prices
from elistit.credits.models import CreditTransaction
from elistit.ports import Kind
from elistit.projects import errors, further_jobs, idempotency
from elistit.projects import launch as launching
from elistit.projects.models import Item, Job, Listing, Project, Scene
from elistit.projects.orders import LaunchSpec
from tests.conformance.order_steps import CLIPART, launched

from .conftest import PRICE, World

# ---- two requests at one moment -----------------------------------------------------------------------------------------------


def blind_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first look for a known key finds nothing: the other request has not committed yet."""
    look, seen = idempotency.find, []

    def looked(owner: int, key: str) -> idempotency.AcceptedRequest | None:
        seen.append(key)
        return None if len(seen) == 1 else look(owner, key)

    monkeypatch.setattr(idempotency, "find", looked)
    for module in (launching, further_jobs):
        monkeypatch.setattr(module, "answer_before", lambda *_: None)


def failed_listing(world: World) -> Project:
    world.fails("listing", 0, Kind.REJECTED, times=1)
    return world.to_end()


def test_the_slower_of_two_requests_with_one_key_is_answered_with_the_others_job(
    seller: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = launched(seller)
    blind_once(monkeypatch)
    again, new = launching.launch(seller.user, CLIPART, idempotency_key="k")
    assert (again.pk, new) == (job.pk, False)
    assert len(seller.rows()) == 1 and Project.objects.count() == 1


def test_the_slower_of_two_further_jobs_with_one_key_is_answered_with_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = failed_listing(world)
    job, new = further_jobs.book_listing_again(world.user, project, idempotency_key="again")
    assert new
    # Between the other's look and its booking the listing failed once more: the key alone tells them apart.
    Listing.objects.update(text=Listing.Text.FAILED)
    monkeypatch.setattr(further_jobs.changes, "move_stage", lambda *_: True)
    blind_once(monkeypatch)
    same, new = further_jobs.book_listing_again(world.user, project, idempotency_key="again")
    assert (same.pk, new) == (job.pk, False)
    assert [row for row in world.rows() if row[1] == -2] == [("SPEND_CREDIT", -2, None)]


@pytest.mark.parametrize("act", ["launch", "listing"])
def test_a_fault_of_the_database_is_a_fault_and_books_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    project = failed_listing(world)
    before = world.rows()

    def broken(*_: object, **__: object) -> None:
        raise IntegrityError("some other promise of the database")

    monkeypatch.setattr(Job.objects, "create", broken)
    acts: dict[str, Callable[[], object]] = {
        "launch": lambda: launching.launch(world.user, CLIPART, idempotency_key="new"),
        "listing": lambda: further_jobs.book_listing_again(world.user, project, idempotency_key="new"),
    }
    with pytest.raises(IntegrityError, match="some other promise"):
        acts[act]()
    assert world.rows() == before
    assert Listing.objects.get(project=project).text == "failed"


# ---- further jobs of a project ------------------------------------------------------------------------------------------------


def test_writing_the_listing_again_is_a_job_of_its_own(world: World) -> None:
    project = failed_listing(world)
    job, new = further_jobs.book_listing_again(world.user, project, idempotency_key="again")
    row = CreditTransaction.objects.order_by("-seq").first()
    assert new and row is not None
    assert (job.kind, job.project_id, job.idempotency_key) == ("listing", project.pk, f"listing:{world.user.pk}:again")
    assert job.request_digest == hashlib.sha256(json.dumps({"project": project.pk}).encode()).hexdigest()
    assert [(line["action"], line["credits"]) for line in job.quote.lines] == [("listing", 2)]
    assert (job.quote.product, job.quote.model, job.quote.count) == ("clipart", project.model, project.count)
    assert (row.amount, row.job, row.project, row.idempotency_key) == (-2, job.pk, project.pk, f"job:{job.pk}:charge")
    assert (row.reason, row.actor) == ("Write the listing again", world.user.reference)
    listing = Listing.objects.get(project=project)
    assert (listing.text, listing.text_reason) == ("none", "")
    assert Project.objects.get(pk=project.pk).stage == "listing"
    same, new = further_jobs.book_listing_again(world.user, project, idempotency_key="again")
    assert (same.pk, new) == (job.pk, False)
    with pytest.raises(errors.NotPossible) as refusal:
        further_jobs.book_listing_again(world.user, project, idempotency_key="other")
    assert str(refusal.value) == "This project's listing is already written or being written."
    with pytest.raises(ledger.IdempotencyConflict):
        further_jobs.book_listing_again(world.user, launched(world).project, idempotency_key="again")


def test_a_listing_of_another_project_is_left_alone(world: World) -> None:
    first, second = failed_listing(world), launched(world, key="second").project
    with pytest.raises(errors.NotPossible):
        further_jobs.book_listing_again(world.user, second, idempotency_key="again")
    assert Listing.objects.get(project=first).text == "failed"
    assert world.rows()[-1][1] == -PRICE, "and nothing was charged for it"


def test_a_listing_that_is_written_is_not_charged_again(world: World) -> None:
    project = world.to_end()
    with pytest.raises(errors.NotPossible):
        further_jobs.book_listing_again(world.user, project, idempotency_key="again")
    assert (Listing.objects.get(project=project).text, Project.objects.get(pk=project.pk).stage) == (
        "written",
        "completed",
    )
    assert world.rows() == [("SPEND_CREDIT", -PRICE, None)]


def test_the_listing_of_a_deleted_project_is_not_written_again(world: World) -> None:
    project = failed_listing(world)
    commands.delete(world.user, project.pk)
    before = world.rows()
    with pytest.raises(errors.NotPossible):
        further_jobs.book_listing_again(world.user, project, idempotency_key="again")
    assert (Listing.objects.get(project=project).text, world.rows()) == ("failed", before)


def test_a_design_is_made_print_ready_at_the_price_of_the_model_that_made_it(seller: World) -> None:
    offered = [model for model in prices.models("poster") if model.upscale]
    launched(seller, LaunchSpec("poster", "another one"), "k2")
    project = launched(seller, LaunchSpec("poster", "boho sun")).project
    Item.objects.filter(job__project=project).update(art={"made_model": offered[0].code})
    (upscale,) = [line for line in further_jobs.print_ready_lines(project) if line.action == "upscale"]
    assert (upscale.credits, project.model) == (offered[0].upscale, "builtin/watercolor")


def test_making_a_design_print_ready_is_a_job_of_its_own(world: World) -> None:
    project = commands.launch(world.user, LaunchSpec("poster", "boho sun"), idempotency_key="k")
    with pytest.raises(errors.NotPossible) as refusal:
        further_jobs.book_print_ready(world.user, project, idempotency_key="early")
    assert str(refusal.value) == "This project has no design waiting to be made print-ready."
    world.engine.run()
    project.refresh_from_db()
    assert [(line.action, line.quantity) for line in further_jobs.print_ready_lines(project)] == [
        ("upscale", 1), ("mockups", 3), ("listing", 1),
    ]  # fmt: skip
    job, new = further_jobs.book_print_ready(world.user, project, idempotency_key="p")
    row = CreditTransaction.objects.order_by("-seq").first()
    assert new and row is not None
    assert (job.kind, job.idempotency_key) == ("print_ready", f"print_ready:{world.user.pk}:p")
    assert (row.amount, row.reason) == (-job.quote.total, "Make print-ready")
    assert Project.objects.get(pk=project.pk).stage == "processing"
    assert further_jobs.book_print_ready(world.user, project, idempotency_key="p") == (job, False)


def test_a_poster_for_a_scene_gets_its_further_picture_with_the_print(seller: World) -> None:
    scene = Scene.objects.create(
        owner=seller.user, name="Room", path="p", preview="q", width=9, height=9, corners=[[0, 0]] * 4
    )
    project = launched(seller, LaunchSpec("poster", "boho sun", scene=scene.pk)).project
    assert [(line.quantity, line.credits) for line in further_jobs.print_ready_lines(project) if line.action == "mockups"] == [
        (3, 0), (1, 1),
    ]  # fmt: skip
