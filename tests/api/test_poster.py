"""A poster over the API: the design, then making it print-ready as a second job, and what webhooks say of it."""

from __future__ import annotations

import json

from elistit.api.models import WebhookDelivery
from elistit.api.webhooks import delivering
from elistit.ports import Kind
from tests.api.conftest import Caller, problem
from tests.conformance import test_poster
from tests.conformance.conftest import World

posters = test_poster._posters

ORDER = {"product": "poster", "idea": "boho sun", "count": 1, "model": "builtin/poster", "ratio": "2:3"}


def told() -> list[tuple[str, str, int, int]]:
    """The events that say where a project stands; refunds and lost items have events of their own."""
    bodies = [json.loads(d.body) for d in WebhookDelivery.objects.order_by("created_at")]
    bodies = [b for b in bodies if b["type"].startswith("project.")]
    return [(b["type"], b["data"]["stage"], b["data"]["job"]["charged"], b["data"]["job"]["refunded"]) for b in bodies]


def test_a_design_is_made_print_ready_once_per_key(api: Caller, world: World) -> None:
    api.post("/webhooks", {"url": "https://example.com/"})
    world.clock.advance(1)
    address = f"/projects/{api.launch(**ORDER, mode='design')['public_id']}"
    problem(api.post(f"{address}/make-print-ready"), "not-possible", 409)
    world.engine.run()
    assert api.get(address).json()["stage"] == "design_ready"
    delivering.collect()
    world.clock.advance(1)
    before = world.balance()
    for _ in range(2):
        assert api.post(f"{address}/make-print-ready", Idempotency_Key="p").json()["stage"] == "processing"
    assert world.balance() == before - test_poster.PRINT
    world.engine.run()
    assert api.get(address).json()["stage"] == "completed"
    delivering.collect()
    assert told() == [
        ("project.awaiting_approval", "design_ready", test_poster.DESIGN, 0),
        ("project.completed", "completed", test_poster.PRINT, 0),
    ]


def test_print_ready_that_fails_is_told_with_its_refund_and_the_design_stays(api: Caller, world: World) -> None:
    address = f"/projects/{api.launch(**ORDER)['public_id']}"
    world.engine.run()
    world.clock.advance(1)
    api.post("/webhooks", {"url": "https://example.com/"})
    world.clock.advance(1)
    world.fails("processing", 1, Kind.REJECTED)
    world.fails("processing", 0, Kind.REJECTED)
    api.post(f"{address}/make-print-ready")
    world.engine.run()
    delivering.collect()
    assert told() == [("project.failed", "design_ready", test_poster.PRINT, test_poster.PRINT)]
    assert api.get(address).json()["stage"] == "design_ready"


def test_print_ready_needs_its_price(api: Caller, world: World) -> None:
    address = f"/projects/{api.launch(**ORDER)['public_id']}"
    world.engine.run()
    api.launch(count=94)
    assert problem(api.post(f"{address}/make-print-ready"), "insufficient-credits", 402)["shortfall"] == 3


def test_a_mode_or_words_for_another_product_are_refused(api: Caller) -> None:
    body = problem(
        api.post("/projects", {"product": "clipart", "idea": "x", "mode": "design", "words": {"front": "Hi"}}),
        "invalid-request", 422,
    )  # fmt: skip
    assert {e["field"] for e in body["errors"]} == {"mode", "words.front"}


def test_a_project_lists_every_job_and_names_the_newest_as_the_current_one(api: Caller, world: World) -> None:
    made = api.launch(**ORDER, mode="design")
    assert [j["kind"] for j in made["jobs"]] == ["launch"] and made["current_job"] == made["jobs"][0]
    address = f"/projects/{made['public_id']}"
    world.engine.run()
    world.clock.advance(1)
    second = api.post(f"{address}/make-print-ready", Idempotency_Key="p").json()
    assert [j["kind"] for j in second["jobs"]] == ["launch", "print_ready"]
    assert second["current_job"] == second["jobs"][1] and second["current_job"]["charged"] == test_poster.PRINT
    assert second["job"]["id"] == made["job"]["id"] == second["jobs"][0]["id"]
    world.fails("processing", 1, Kind.REJECTED)
    world.engine.run()
    ended = api.get(address).json()
    assert (ended["current_job"]["status"], ended["current_job"]["refunded"]) == ("FAILED", test_poster.PRINT)
    assert ended["job"]["status"] == "SUCCEEDED"
