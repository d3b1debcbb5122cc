"""Templates of the launch form over the API: listed with their orders, and launched with another idea."""

from __future__ import annotations

from elistit.projects import form_templates
from elistit.projects.models import Project
from tests.api.conftest import Caller, problem
from tests.conformance.conftest import World

FIELDS = {
    "product": "sticker", "count": "1", "model": "builtin/kawaii", "options.mood": "calm", "mode": "design", "scene": "gone",
    "words.front": "Hello", "series": "Forest",
}  # fmt: skip


def test_a_template_is_launched_with_an_idea_and_once_per_key(api: Caller, world: World) -> None:
    row, _ = form_templates.save(api.user, "Nursery", FIELDS)
    (listed,) = api.get("/templates").json()["items"]
    order = listed["order"]
    assert listed == api.get(f"/templates/{row.pk}").json() and listed["name"] == "Nursery"
    assert (order["product"], order["count"], order["options"], order["series"]) == (
        "sticker",
        1,
        {"mood": "calm"},
        "Forest",
    )
    # What a sticker has no use for is no part of its order.
    assert (order["mode"], order["scene"], order["words"]) == ("", "", {})
    address = f"/templates/{row.pk}/launch"
    told = problem(api.post(address, {}), "invalid-request", 422)
    assert [e["field"] for e in told["errors"]] == ["idea"]
    first, again = (api.post(address, {"idea": "red fox"}, Idempotency_Key="t") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201), first.content
    project = Project.objects.get()
    assert first.json()["public_id"] == again.json()["public_id"] == project.pk
    assert (project.idea, project.count, project.model) == ("red fox", 1, "builtin/kawaii")
    assert project.options["mood"] == "calm" and project.series is not None and project.series.name == "Forest"
    problem(api.post(address, {"idea": "owl"}, Idempotency_Key="t"), "idempotency-conflict", 409)


def test_what_a_template_names_that_is_gone_is_refused(api: Caller, world: World) -> None:
    row, _ = form_templates.save(
        api.user, "Old", {**FIELDS, "idea": "fox", "model": "builtin/none", "brand_kit": "Acme"}
    )
    told = problem(api.post(f"/templates/{row.pk}/launch", {}), "invalid-request", 422)
    assert told["errors"][0]["detail"] == "You have no brand kit named “Acme”."
    assert not Project.objects.exists()


def test_another_sellers_template_is_not_there(api: Caller, stranger: Caller) -> None:
    row, _ = form_templates.save(api.user, "Nursery", FIELDS)
    assert stranger.get("/templates").json() == {"items": []}
    problem(stranger.get(f"/templates/{row.pk}"), "not-found", 404)
    problem(stranger.post(f"/templates/{row.pk}/launch", {"idea": "fox"}), "not-found", 404)
