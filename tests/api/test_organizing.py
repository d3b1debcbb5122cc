"""Organizing projects over the API: PATCH, the filters of the list, and keys that may do that alone."""

from __future__ import annotations

import pytest

from elistit.accounts.models import ApiKey
from elistit.projects.models import Listing
from tests.conformance.conftest import World

from .conftest import Caller, problem


def names(api: Caller, query: str = "") -> list[str]:
    return [p["name"] for p in api.get(f"/projects{query}").json()["items"]]


def test_a_project_is_renamed_labeled_archived_and_made_a_favorite(api: Caller) -> None:
    at = f"/projects/{api.launch(name='Foxes')['public_id']}"
    api.launch(name="Owls")
    changed = api("PATCH", at, {"name": "Fall foxes", "labels": ["Fall", "Animals"], "favorite": True})
    assert changed.status_code == 200
    seen = changed.json()
    assert (seen["name"], seen["labels"], seen["favorite"], seen["archived"]) == (
        "Fall foxes", ["Animals", "Fall"], True, False,
    )  # fmt: skip
    assert names(api, "?label=fall") == names(api, "?favorite=true") == ["Fall foxes"]
    assert names(api, "?favorite=false") == ["Owls"] and names(api, "?q=fox") == ["Fall foxes"]
    assert api("PATCH", at, {"archived": True}).json()["labels"] == ["Animals", "Fall"], "what is left out stays"
    assert names(api) == ["Owls"] and names(api, "?archived=true") == ["Fall foxes"]
    assert api("PATCH", at, {"archived": False, "labels": [], "favorite": False}).json()["labels"] == []
    assert sorted(names(api)) == ["Fall foxes", "Owls"]


def test_projects_that_need_their_seller(api: Caller, world: World) -> None:
    waiting = world.to_gate()
    assert names(api, "?needs_you=true&limit=1") == [waiting.name]
    done = world.to_end()
    assert names(api, "?needs_you=true") == []
    Listing.objects.filter(project=done).update(draft="failed")
    assert names(api, "?needs_you=true") == [done.name]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"), ({"name": "x" * 121}, "name"), ({"labels": ["x" * 41]}, "labels"),
        ({"labels": [""]}, "labels"), ({"labels": [f"l{n}" for n in range(21)]}, "labels"), ({"stage": "failed"}, "stage"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_of_it_done(api: Caller, body: dict[str, object], field: str) -> None:
    at = f"/projects/{api.launch(name='Foxes')['public_id']}"
    refused = problem(api("PATCH", at, {"favorite": True, **body}), "invalid-request", 422)
    assert any(e["field"].startswith(field) for e in refused["errors"]), refused
    assert api.get(at).json()["favorite"] is False and api.get(at).json()["name"] == "Foxes"


def test_another_sellers_project_is_not_there(api: Caller, stranger: Caller) -> None:
    at = f"/projects/{api.launch()['public_id']}"
    problem(stranger("PATCH", at, {"name": "Mine"}), "not-found", 404)


def test_a_key_may_be_for_organizing_alone(api: Caller) -> None:
    at = f"/projects/{api.launch()['public_id']}"
    tidy = Caller(api.user)
    tidy.key = ApiKey.issue(api.user, "tidy", actions=["organize"])
    assert tidy("PATCH", at, {"favorite": True}).status_code == 200
    problem(tidy("DELETE", at), "action-not-allowed", 403)
    tidy.key = ApiKey.issue(api.user, "reviewer", actions=["review"])
    problem(tidy("PATCH", at, {"favorite": True}), "action-not-allowed", 403)
