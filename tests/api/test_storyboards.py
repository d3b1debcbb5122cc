"""The storyboard over the API: with every quote, confirmed at launch, edited, searched."""

from __future__ import annotations

from tests.api.conftest import ORDER, Caller, problem
from tests.conformance.conftest import World


def test_a_quote_shows_what_will_be_made(api: Caller, world: World) -> None:
    board = api.post("/quotes", {**ORDER, "idea": "a hedgehog and a knight"}).json()["storyboard"]
    assert set(board) == {"title", "subjects", "not_drawn", "distinct", "needs_confirmation"}
    assert [s["number"] for s in board["subjects"]] == list(range(1, 16))
    assert {s["subject"] for s in board["subjects"] if not s["beyond_idea"]} == {"hedgehog"}
    assert board["not_drawn"] == ["knight"] and board["needs_confirmation"] is False
    assert 1 <= board["distinct"] <= 15
    assert world.balance() == 100


def test_a_launch_that_needs_a_tick_is_refused_naming_the_words(api: Caller, world: World) -> None:
    order = {**ORDER, "idea": "accordion with a typewriter"}
    assert api.post("/quotes", order).json()["storyboard"]["needs_confirmation"] is True
    told = problem(api.post("/projects", order), "invalid-request", 422)
    assert (
        told["errors"][0]["field"] == "confirm_not_drawn"
        and "accordion" in told["detail"]
        and "typewriter" in told["detail"]
    )
    assert world.balance() == 100
    assert api.post("/projects", {**order, "confirm_not_drawn": True}).status_code == 201


def test_the_seller_may_edit_the_storyboard(api: Caller, world: World) -> None:
    mine = [{"subject": s} for s in ["red fox", "barn owl"] * 9]
    order = {"product": "clipart", "idea": "woodland", "storyboard": mine}
    quote = api.post("/quotes", order).json()
    assert (quote["count"], quote["total"]) == (18, 20)
    assert [s["subject"] for s in quote["storyboard"]["subjects"]] == ["red fox", "barn owl"] * 9
    assert api.post("/projects", {**order, "quote_id": quote["id"]}).status_code == 201
    told = problem(
        api.post("/quotes", {**order, "storyboard": [*mine, {"subject": "zeppelin"}]}), "invalid-request", 422
    )
    assert "zeppelin" in told["detail"]
    problem(api.post("/quotes", {**order, "count": 15}), "invalid-request", 422)


def test_what_the_artist_knows_can_be_searched(api: Caller, world: World) -> None:
    found = [s["subject"] for s in api.get("/subjects?q=cat").json()["items"]]
    assert "black cat" in found and "red fox" not in found
    assert api.get("/subjects?q=zeppelin").json()["items"] == []
    assert len(api.get("/subjects?limit=60").json()["items"]) == 60
    problem(api.get("/subjects?limit=61"), "invalid-request", 422)


def test_an_order_without_an_idea_has_a_price_and_no_storyboard(api: Caller, world: World) -> None:
    assert api.post("/quotes", {"product": "clipart"}).json()["storyboard"] is None


def test_lettering_of_a_pattern_is_refused_before_anything_is_spent(api: Caller) -> None:
    order = {
        "product": "pattern",
        "idea": "bees",
        "count": 6,
        "model": "builtin/flat",
        "options": {"lettering": "be kind"},
    }
    said = problem(api.post("/quotes", order), "invalid-request", 422)
    assert "Patterns have no lettering." in said["detail"]
    assert api.get("/credits/transactions").json()["items"][0]["type"] == "GRANT_CREDIT"


def test_lettering_is_shown_with_the_quote_and_refused_by_name(api: Caller, world: World) -> None:
    order = {
        "product": "svg",
        "count": 2,
        "idea": "a quote",
        "options": {"lettering": "be kind", "lettering_style": "Pacifico"},
    }
    board = api.post("/quotes", order).json()["storyboard"]
    assert all(s["subject"].startswith("“be kind” in Pacifico") for s in board["subjects"]) and board["distinct"] == 2
    assert board["needs_confirmation"] is False
    for path in ("/quotes", "/projects"):
        told = problem(api.post(path, {**order, "options": {"lettering": "Fun 😀"}}), "invalid-request", 422)
        assert told["errors"][0]["field"] == "options.lettering" and "“😀” (grinning face)" in told["detail"]
    assert world.balance() == 100
    assert api.post("/projects", order).status_code == 201
