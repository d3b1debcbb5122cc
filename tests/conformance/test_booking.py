"""Booking an order: written down as it was given, once for each key, at the price that was shown (rules §7)."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import Any

import pytest

from elistit.credits import ledger, prices
from elistit.credits.models import CreditTransaction, Quote
from elistit.projects import errors
from elistit.projects import launch as launching
from elistit.projects.models import Listing, Project, Scene, Upload
from elistit.projects.orders import LaunchSpec
from tests.conformance.order_steps import CLIPART, launched, nothing_written

from .conftest import World


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
