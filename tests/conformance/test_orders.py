"""What an order may say, what is filled in, and what every refusal reads like (rules §3, §7); and booking it, exactly once."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError

from elistit.actions import commands
from elistit.credits import ledger, prices
from elistit.credits.models import CreditTransaction, Quote
from elistit.ports import FixedClock, Kind
from elistit.projects import errors, further_jobs, idempotency, orders
from elistit.projects import launch as launching
from elistit.projects.models import Item, Job, Listing, Project, Scene, Upload
from elistit.projects.orders import LaunchSpec

from .conftest import PRICE, World

CLIPART = LaunchSpec("clipart", "woodland animals", 15)


@pytest.fixture
def seller(db: None, clock: FixedClock) -> World:
    """A seller whose orders are booked and never worked on, so that a test need not commit."""
    return World(clock)


def checked(product: str, idea: str = "boho sun", **said: Any) -> LaunchSpec:
    return orders.check(LaunchSpec(product, idea, **said))


def refused(product: str, idea: str = "boho sun", **said: Any) -> dict[str, str]:
    with pytest.raises(errors.InvalidSpec) as error:
        checked(product, idea, **said)
    return error.value.errors


# ---- what is filled in --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("product", "count", "model", "ratio", "mode"),
    [
        ("clipart", 15, "builtin/watercolor", "1:1", ""),
        ("sticker", 12, "builtin/sticker", "1:1", ""),
        ("wall_art", 1, "builtin/watercolor", "3:4", ""),
        ("poster", 1, "builtin/watercolor", "2:3", "design"),
        ("svg", 6, "builtin/flat", "1:1", ""),
        ("greeting_card", 1, "builtin/watercolor", "5:7", ""),
        ("pattern", 12, "builtin/watercolor", "1:1", ""),
        ("custom", 1, "", "original", ""),
    ],
)
def test_what_an_order_does_not_say_is_filled_in(product: str, count: int, model: str, ratio: str, mode: str) -> None:
    spec = checked(product)
    assert (spec.product, spec.count, spec.ratio, spec.mode) == (product, count, ratio, mode)
    assert spec.model == (model if product in ("custom",) else prices.models(product)[0].code)
    assert (spec.idea, spec.name, spec.options, spec.words, spec.uploads, spec.scene) == (
        "boho sun", "Boho sun", {}, {}, (), "",
    )  # fmt: skip


def test_what_an_order_says_is_kept_and_tidied() -> None:
    spec = checked(
        "wall_art", "  boho \n sun ", ratio="4:3", model="builtin/ink", name=" My \t sun ", scene="s1",
        options={"mood": " very \n calm ", "setting": "  "},
    )  # fmt: skip
    assert spec == LaunchSpec(
        "wall_art", "boho sun", 1, "builtin/ink", "4:3", {"mood": "very calm"}, "My sun", "", {}, (), "s1"
    )
    card = checked("greeting_card", words={"front": " Happy \n day ", "inside": " "})
    assert card.words == {"front": "Happy\nday"}
    assert checked("poster", mode="production").mode == "production"
    assert orders.check(spec) == spec, "checking again changes nothing"


def test_no_project_is_without_a_name() -> None:
    """A letter under more accents than a name holds is not cut in two, and leaves nothing to call the project by."""
    piled = "e" + "\u0323" * 130
    assert checked("wall_art", piled).name == "Wall art"
    assert checked("wall_art", "🦊").name == "🦊"
    assert checked("wall_art", "ß" * 60).name == "SS" + "ß" * 59


def test_a_project_is_named_after_its_idea_cut_at_a_word() -> None:
    assert checked("clipart", "élan vital").name == "Élan vital"
    assert checked("clipart", "x" * 60).name == "X" + "x" * 59
    assert checked("clipart", "word " * 11 + "another").name == "Word" + " word" * 10, "62 characters"
    assert checked("clipart", "word " * 10 + "a long one!").name == "Word" + " word" * 9 + " a long", "61"
    assert checked("clipart", "word " * 12 + "last one").name == "Word" + " word" * 11
    assert checked("clipart", "y" * 70).name == "Y" + "y" * 59


# ---- what is refused ----------------------------------------------------------------------------------------------------------


def test_an_unknown_product_is_answered_with_those_there_are() -> None:
    known = "wall_art, poster, clipart, sticker, svg, greeting_card, pattern, custom"
    assert refused("jigsaw") == {"product": f"There is no product type “jigsaw”. Choose one of: {known}."}
    assert "“" + "z" * 40 + "”" in refused("z" * 50)["product"]


def test_every_wrong_field_is_named_at_once_with_what_is_wrong() -> None:
    errors = refused(
        "clipart", " ", count=14, ratio="3:4" * 10, options={"smell" * 9: "x", "mood": "y" * 201}, model="oil" * 30,
        mode="design", words={"front" * 9: "Hi"}, name="n" * 121, uploads=("u",), scene="s",
    )  # fmt: skip
    offered = ", ".join(m.code for m in prices.models("clipart"))
    assert errors == {
        "idea": "Describe your idea in a few words.",
        "uploads": "Clipart bundle is made from the idea; only your own images take uploads.",
        "count": "Clipart bundle: choose between 15 and 100 images, not 14.",
        "ratio": "Clipart bundle is made in 1:1, not 3:43:43:43:43:43:43:, because the files are cut from it.",
        "options." + ("smell" * 9)[:40]: f"There is no design option “{('smell' * 9)[:40]}”.",
        "options.mood": "Mood: at most 200 characters fit.",
        "model": f"The model “{('oil' * 30)[:60]}” does not make clipart bundles. Choose one of: {offered}.",
        "mode": "Only a poster is made in design or production mode.",
        "words." + ("front" * 9)[:40]: "Words are only for the front and the inside of a greeting card.",
        "name": "The name is 121 characters long; at most 120 fit.",
        "scene": "Clipart bundle can't have a mockup with your own photo; wall art, posters, cards and your own images can.",
    }


@pytest.mark.parametrize(
    ("product", "said", "errors"),
    [
        ("clipart", {"idea": "x" * 1001}, {"idea": "The idea is 1,001 characters long; at most 1,000 fit."}),
        ("clipart", {"count": 101}, {"count": "Clipart bundle: choose between 15 and 100 images, not 101."}),
        ("clipart", {"count": 0}, {"count": "Clipart bundle: choose between 15 and 100 images, not 0."}),
        ("wall_art", {"ratio": "1:1"}, {"ratio": "Wall art is made in 3:4 or 4:3, not 1:1, because the files are cut from it."}),
        ("poster", {"mode": "both"}, {"mode": "A poster is made in design mode or in production mode."}),
        ("greeting_card", {"words": {"front": "x" * 61}}, {"words.front": "At most 60 characters fit there."}),
        ("greeting_card", {"words": {"back": "x"}}, {"words.back": "Words are only for the front and the inside of a greeting card."}),
        ("wall_art", {"words": {"front": "x"}}, {"words.front": "Words are only for the front and the inside of a greeting card."}),
        ("custom", {"uploads": ("a", "b", "a")}, {"uploads": "An upload is named twice."}),
        ("custom", {"uploads": ("a", "b"), "count": 3}, {"count": "There are 2 uploads, not 3."}),
        ("custom", {"failover": True}, {"failover": "No model makes your own images, so none can step in."}),
        ("custom", {"count": 101}, {"count": "Your own images: choose between 1 and 100 images, not 101."}),
    ],
)  # fmt: skip
def test_one_wrong_field_is_refused_alone(product: str, said: dict[str, Any], errors: dict[str, str]) -> None:
    assert refused(product, **{"idea": "boho sun", **said}) == errors


def test_as_much_as_fits_is_taken() -> None:
    assert len(checked("clipart", "x" * 1000).idea) == 1000
    assert len(checked("clipart", name="n" * 120).name) == 120
    assert checked("clipart", count=100).count == 100
    assert len(checked("clipart", options={"mood": "m" * 200}).options["mood"]) == 200
    assert len(checked("greeting_card", words={"front": "f" * 60, "inside": "i" * 300}).words) == 2


def test_uploads_say_how_many_images_there_are() -> None:
    assert checked("custom", uploads=("a", "b", "c")).count == 3
    assert checked("custom", uploads=("a", "b"), count=2).uploads == ("a", "b")
    assert checked("custom", count=5).count == 5, "priced before anything was sent"


def test_a_product_nobody_makes_yet_is_said_to_have_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = dataclasses.replace(prices.price_list(), models=())
    monkeypatch.setattr(prices, "price_list", lambda: empty)
    assert refused("svg") == {"model": "The model “” does not make svgs. Choose one of: none yet."}


# ---- what it costs ------------------------------------------------------------------------------------------------------------


def test_a_price_follows_the_order() -> None:
    def priced(spec: LaunchSpec) -> list[tuple[str, int, int]]:
        return [(line.action, line.quantity, line.credits) for line in orders.price(spec)]

    assert priced(CLIPART) == [("generate", 15, 15), ("upscale", 15, 0), ("mockups", 3, 0), ("listing", 1, 2)]
    assert priced(LaunchSpec("poster", "sun")) == [("generate", 1, 1)], "a design alone"
    assert [action for action, *_ in priced(LaunchSpec("poster", "sun", mode="production"))] == [
        "generate", "upscale", "mockups", "listing",
    ]  # fmt: skip
    assert priced(LaunchSpec("wall_art", "sun", scene="s"))[-2:] == [("mockups", 1, 1), ("listing", 1, 2)]
    assert priced(LaunchSpec("custom", "sun", count=3)) == [("upscale", 3, 3), ("mockups", 3, 0), ("listing", 1, 2)]
    with pytest.raises(errors.InvalidSpec):
        orders.price(LaunchSpec("clipart", "sun", count=1))


def test_a_quote_freezes_the_price_of_the_order(seller: World) -> None:
    quote = launching.quote(seller.user, CLIPART)
    assert (quote.owner_id, quote.product, quote.model, quote.count, quote.total) == (
        seller.user.pk, "clipart", "builtin/watercolor", 15, PRICE,
    )  # fmt: skip
    with pytest.raises(errors.InvalidSpec):
        launching.quote(seller.user, LaunchSpec("clipart", ""))


# ---- booking ------------------------------------------------------------------------------------------------------------------


def launched(world: World, spec: LaunchSpec = CLIPART, key: str = "k", **more: Any) -> Job:
    job, new = launching.launch(world.user, spec, idempotency_key=key, **more)
    assert new
    return job


def nothing_written(world: World) -> bool:
    return not (Project.objects.exists() or Job.objects.exists() or Item.objects.exists()) and world.balance() == 100


def test_a_booked_order_is_written_down_as_it_was_given(seller: World) -> None:
    scene = Scene.objects.create(
        owner=seller.user, name="Room", path="p", preview="q", width=9, height=9, corners=[[0, 0]] * 4
    )
    spec = LaunchSpec(
        "greeting_card", "boho sun", words={"front": "Hi"}, options={"mood": "calm"}, scene=scene.pk, name="Sun",
        failover=True,
    )  # fmt: skip
    job = launched(seller, spec)
    project, row = job.project, CreditTransaction.objects.get(type="SPEND_CREDIT")
    assert (project.owner_id, project.name, project.product, project.idea, project.options, project.ratio) == (
        seller.user.pk, "Sun", "greeting_card", "boho sun", {"mood": "calm"}, "5:7",
    )  # fmt: skip
    assert (project.count, project.model, project.mode, project.words, project.scene_id) == (
        1, "builtin/watercolor", "", {"front": "Hi"}, scene.pk,
    )  # fmt: skip
    assert project.failover
    assert project.seed == int.from_bytes(hashlib.sha256(project.pk.encode()).digest()[:6], "big")
    assert (job.kind, job.status, job.idempotency_key) == ("launch", "QUEUED", f"launch:{seller.user.pk}:k")
    assert (row.job, row.project, row.item, row.idempotency_key) == (job.pk, project.pk, None, f"job:{job.pk}:charge")
    assert (row.reason, row.actor, -row.amount) == ("Project launched", seller.user.reference, job.quote.total)
    assert [(i.number, i.price, i.state) for i in job.items.all()] == [(1, 1, "pending")]
    assert Listing.objects.get().project_id == project.pk
    assert not launched(seller, CLIPART, "k2").project.failover, "only when it was asked for"


def test_own_images_are_claimed_in_the_order_given_and_once(seller: World) -> None:
    ids = [
        Upload.objects.create(
            owner=seller.user,
            name=f"{n}.png",
            kind="png",
            path=f"{n}",
            preview="p",
            width=1,
            height=1,
            bytes=1,
            alpha=False,
        ).pk
        for n in range(2)
    ]
    spec = LaunchSpec("custom", "my cats", uploads=(ids[1], ids[0]))
    job = launched(seller, spec)
    claimed = Upload.objects.filter(project=job.project).order_by("number").values_list("pk", "number")
    assert list(claimed) == [(ids[1], 1), (ids[0], 2)]
    assert [item.price for item in job.items.order_by("number")] == [1, 1]
    with pytest.raises(errors.NotPossible, match="One of these uploads was deleted"):
        launched(seller, spec, "k2")
    assert Project.objects.count() == 1 and len(seller.rows()) == 1
    with pytest.raises(errors.InvalidSpec) as empty:
        launched(seller, LaunchSpec("custom", "my cats"), "k3")
    assert empty.value.errors == {"uploads": "Add at least one image of your own."}


def test_a_scene_that_is_gone_refuses_the_order_and_charges_nothing(seller: World) -> None:
    with pytest.raises(errors.NotPossible, match="That scene was deleted"):
        launched(seller, LaunchSpec("wall_art", "sun", scene="gone"))
    assert nothing_written(seller)


@pytest.mark.parametrize("key", ["", "  ", "k" * 81])
def test_a_key_has_1_to_80_characters(seller: World, key: str) -> None:
    with pytest.raises(errors.InvalidSpec) as wrong:
        launched(seller, key=key)
    assert wrong.value.errors == {"idempotency_key": "An idempotency key has 1 to 80 characters."}
    assert nothing_written(seller)


def test_a_key_is_the_sellers_own_and_known_from_then_on(seller: World) -> None:
    assert not launching.is_known(seller.user, "k")
    job = launched(seller, key=" k ")
    assert launching.is_known(seller.user, "k")
    assert not launching.is_known(World(seller.clock, "bob@example.com").user, "k")
    assert launched(seller, key="k" * 80).pk != job.pk
    again, new = launching.launch(seller.user, CLIPART, idempotency_key="k")
    assert (again.pk, new) == (job.pk, False)


@pytest.mark.parametrize(
    "other",
    [{"idea": "foxes"}, {"count": 16}, {"name": "Other"}, {"model": "builtin/ink"}, {"options": {"mood": "calm"}}],
)
def test_a_key_stands_for_everything_the_order_says(seller: World, other: dict[str, Any]) -> None:
    launched(seller)
    with pytest.raises(ledger.IdempotencyConflict):
        launching.launch(seller.user, dataclasses.replace(CLIPART, **other), idempotency_key="k")
    with pytest.raises(ledger.IdempotencyConflict):
        launching.launch(seller.user, CLIPART, idempotency_key="k", quote_id="q")
    assert len(seller.rows()) == 1


def test_the_digest_of_an_order_is_the_one_it_always_had(seller: World) -> None:
    """Keys booked before uploads and scenes existed must still be answered, so these stand in a digest only when given."""
    said = {
        "product": "clipart", "idea": "woodland animals", "count": 15, "model": "builtin/watercolor", "ratio": "1:1",
        "options": {}, "name": "Woodland animals", "mode": "", "words": {},
    }  # fmt: skip
    body = json.dumps({"spec": said, "quote": None}, sort_keys=True, ensure_ascii=False)
    assert launched(seller).request_digest == hashlib.sha256(body.encode()).hexdigest()
    umlaut = launched(seller, dataclasses.replace(CLIPART, idea="Bäume", name="Bäume"), "k2")
    said |= {"idea": "Bäume", "name": "Bäume"}
    body = json.dumps({"spec": said, "quote": None}, sort_keys=True, ensure_ascii=False)
    assert umlaut.request_digest == hashlib.sha256(body.encode()).hexdigest()


def test_a_launch_by_quote_costs_what_was_shown_or_nothing(seller: World, monkeypatch: pytest.MonkeyPatch) -> None:
    quote = launching.quote(seller.user, CLIPART)
    with pytest.raises(errors.NotPossible, match=r"^That quote doesn't exist\. Request a new quote\.$"):
        launched(seller, quote_id="nothing")
    for other in ({"model": "builtin/ink"}, {"count": 16}):
        with pytest.raises(errors.NotPossible, match=r"^That quote is for a different order\. Request a new quote\.$"):
            launched(seller, dataclasses.replace(CLIPART, **other), quote_id=quote.pk)  # type: ignore[arg-type]
    dearer = dataclasses.replace(prices.price_list(), listing_price=3)
    with monkeypatch.context() as now:
        now.setattr(prices, "price_list", lambda: dearer)
        with pytest.raises(errors.NotPossible) as changed:
            launched(seller, quote_id=quote.pk)
    assert str(changed.value) == "The price has changed since that quote. Check the new price and launch again."
    assert nothing_written(seller)
    assert launched(seller, quote_id=quote.pk).quote_id == quote.pk
    assert Quote.objects.count() == 1


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
