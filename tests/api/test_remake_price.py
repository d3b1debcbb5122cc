"""A remake that names its price costs exactly that, or nothing happens."""

from __future__ import annotations

import pytest

from elistit.credits import ledger
from elistit.projects.models import Item, ItemRound, Project
from tests.api.conftest import Caller, problem
from tests.conformance.conftest import World


def balance(world: World) -> int:
    return sum(grant.remaining for grant in ledger.grants(world.user.pk))


def test_the_price_of_a_remake_is_told_and_holds(api: Caller, stranger: Caller, world: World, at_gate: Project) -> None:
    at = f"/projects/{at_gate.pk}/items/1"
    before = balance(world)
    assert api.get(f"{at}/remake-price").json() == {"number": 1, "credits": 1, "trademarks": []}
    for wrong in (0, 2):
        refused = problem(api.post(f"{at}/remake", {"price": wrong}), "invalid-request", 422)
        assert refused["errors"] == [{"field": "price", "detail": f"This remake costs 1 credits, not {wrong}."}]
    assert balance(world) == before and api.get(f"/projects/{at_gate.pk}").json()["stage"] == "awaiting_approval"

    assert api.post(f"{at}/remake", {"price": 1}, Idempotency_Key="k").status_code == 200
    assert api.post(f"{at}/remake", {"price": 1}, Idempotency_Key="k").status_code == 200
    problem(api.post(f"{at}/remake", {"price": 2}, Idempotency_Key="k"), "idempotency-conflict", 409)
    assert balance(world) == before - 1

    problem(stranger.get(f"{at}/remake-price"), "not-found", 404)
    problem(api.get(f"/projects/{at_gate.pk}/items/999/remake-price"), "not-found", 404)


@pytest.mark.parametrize(("prompt", "costs"), [(None, 0), ("something else", 1)])
def test_a_flagged_image_is_free_only_unchanged(
    api: Caller, world: World, at_gate: Project, prompt: str | None, costs: int
) -> None:
    flags = [{"code": "halo", "words": "A halo."}]
    Item.objects.filter(job__project=at_gate, number=2).update(flags=flags)
    ItemRound.objects.filter(item__job__project=at_gate, item__number=2).update(flags=flags)
    query = f"?prompt={prompt}" if prompt else ""
    assert api.get(f"/projects/{at_gate.pk}/items/2/remake-price{query}").json()["credits"] == costs
    before = balance(world)
    body = {"price": costs, **({"prompt": prompt} if prompt else {})}
    assert api.post(f"/projects/{at_gate.pk}/items/2/remake", body).status_code == 200
    assert balance(world) == before - costs
