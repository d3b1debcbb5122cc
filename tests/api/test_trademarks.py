"""A launch with a protected name needs the seller's word, from the API, the pages and the command line alike."""

from __future__ import annotations

import json
from typing import Any

import pytest

from elistit.projects.models import Project
from tests.api.conftest import ORDER, Caller, problem
from tests.conformance.conftest import PRICE, World

NAMED = {**ORDER, "idea": "Pokémon and Barbie's horses"}


def test_a_quote_names_what_is_protected_and_why(api: Caller, world: World) -> None:
    quote = api.post("/quotes", NAMED).json()
    assert [(t["name"], t["category"]) for t in quote["trademarks"]] == [("Barbie", "film"), ("Pokemon", "game")]
    assert "license" in quote["trademarks"][0]["words"] and quote["total"] == PRICE
    assert api.post("/quotes", ORDER).json()["trademarks"] == []
    assert api.post("/quotes", {"product": "clipart", "count": 15}).json()["trademarks"] == []


def test_a_launch_without_the_sellers_word_spends_nothing(api: Caller, world: World) -> None:
    refused = problem(api.post("/projects", NAMED), "invalid-request", 422)
    assert [e["field"] for e in refused["errors"]] == ["confirm_trademarks"]
    assert "Barbie" in json.dumps(refused) and "Pokemon" in json.dumps(refused)
    assert (world.balance(), Project.objects.count()) == (100, 0)


def test_with_the_sellers_word_it_is_launched_and_kept(api: Caller, world: World) -> None:
    body = api.post("/projects", {**NAMED, "confirm_trademarks": True, "confirm_not_drawn": True}).json()
    assert [t["name"] for t in Project.objects.get(pk=body["public_id"]).trademarks or []] == ["Barbie", "Pokemon"]
    assert world.balance() == 100 - PRICE
    plain = api.launch(confirm_trademarks=True)
    assert Project.objects.get(pk=plain["public_id"]).trademarks is None


@pytest.mark.parametrize(
    "changed",
    [{"idea": "horses", "name": "Barbie dream"}, {"idea": "horses", "options": {"mood": "Star Wars"}},
     {"product": "greeting_card", "count": None, "idea": "a card", "words": {"front": "Happy Disney day"}}],
)  # fmt: skip
def test_every_text_of_an_order_is_looked_at(api: Caller, changed: dict[str, Any]) -> None:
    problem(api.post("/projects", {**ORDER, **changed}), "invalid-request", 422)


def test_what_is_to_be_left_out_is_no_use_of_a_name(api: Caller) -> None:
    assert api.launch(options={"negative": "nothing like Disney"})["stage"] == "queued"


def test_an_order_that_is_booked_is_answered_as_it_was_when_the_list_grows(
    api: Caller, world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    first = api.post("/projects", ORDER, Idempotency_Key="k")
    own = tmp_path / "own.txt"
    own.write_text(ORDER["idea"].split()[0] + "\n")
    monkeypatch.setenv("ELISTIT_TRADEMARKS", str(own))
    again = api.post("/projects", ORDER, Idempotency_Key="k")
    assert (again.status_code, again.json()) == (201, first.json())
    assert world.balance() == 100 - PRICE
    problem(api.post("/projects", ORDER, Idempotency_Key="other"), "invalid-request", 422)
