"""Launching, looking at and acting on projects over the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from elistit.actions import queries
from elistit.chain.models import ProviderPause
from elistit.credits import ledger
from elistit.credits.models import CreditTransaction, Quote
from elistit.ports import Kind
from elistit.projects.models import Item, Job, Listing, Project
from elistit.projects.products import DESIGN_OPTIONS
from tests.api.conftest import ORDER, Caller, problem
from tests.conformance.conftest import PRICE, World


def test_a_launch_answers_201_with_the_project_as_get_shows_it(api: Caller, world: World) -> None:
    response = api.post(
        "/projects", {**ORDER, "model": "builtin/watercolor", "options": {"mood": "calm"}, "ratio": None}
    )
    assert response.status_code == 201
    body = response.json()
    assert response["Location"] == f"/api/v1/projects/{body['public_id']}"
    assert body == api.get(f"/projects/{body['public_id']}").json()
    assert (body["stage"], body["job"]["charged"], body["job"]["refunded"]) == ("queued", PRICE, 0)
    assert body["quote"]["total"] == PRICE == sum(line["credits"] for line in body["quote"]["lines"])
    assert [i["number"] for i in body["items"]] == list(range(1, 16))
    assert (world.balance(), body["loss_on_delete"]) == (100 - PRICE, PRICE)


def test_everything_the_description_of_a_project_holds_reaches_the_seller(api: Caller, finished: Project) -> None:
    # The seller's own order of projects is told beside the description, which is the same for everyone who may read it.
    beside = ("brief", "loss_on_delete", "labels", "archived", "favorite", "brand_kit", "series")

    def keys(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: keys(inner) for name, inner in value.items() if name not in beside}
        return [keys(value[0])] if isinstance(value, list) and value else None

    assert keys(api.get(f"/projects/{finished.pk}").json()) == keys(queries.describe(finished))


def test_the_same_key_with_the_same_order_is_done_once(api: Caller, world: World) -> None:
    first = api.post("/projects", ORDER, Idempotency_Key="order-7")
    again = api.post("/projects", ORDER, Idempotency_Key="order-7")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (Project.objects.count(), world.balance()) == (1, 100 - PRICE)


def test_leave_for_another_model_is_part_of_the_order_and_off_when_left_out(api: Caller, world: World) -> None:
    plain, allowed = api.launch(), api.launch(failover=True)
    assert (plain["failover"], allowed["failover"]) == (False, True)
    assert {i["model"] for i in allowed["items"]} == {allowed["model"]} == {"builtin/watercolor"}
    assert api.post("/projects", {**ORDER, "failover": "yes"}).status_code == 422


def test_a_listing_video_is_part_of_the_order_and_refused_without_an_encoder(
    api: Caller, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, filmed = api.launch(), api.launch(video=True)
    assert (plain["video"], filmed["video"]) == (False, True)
    assert plain["quote"]["total"] == filmed["quote"]["total"]
    assert api.post("/projects", {**ORDER, "video": "yes"}).status_code == 422
    monkeypatch.setenv("ELISTIT_FFMPEG", "/nowhere/ffmpeg")
    before = world.balance()
    refused = api.post("/projects", {**ORDER, "video": True})
    assert refused.status_code == 422 and "can't make listing videos" in refused.content.decode()
    assert world.balance() == before


def test_the_same_key_with_another_order_is_a_conflict(api: Caller, world: World) -> None:
    api.post("/projects", ORDER, Idempotency_Key="order-7")
    problem(api.post("/projects", {**ORDER, "count": 16}, Idempotency_Key="order-7"), "idempotency-conflict", 409)
    assert (Project.objects.count(), world.balance()) == (1, 100 - PRICE)


def test_two_sellers_may_use_the_same_key(api: Caller, stranger: Caller) -> None:
    one = api.post("/projects", ORDER, Idempotency_Key="k").json()
    two = stranger.post("/projects", {**ORDER, "idea": "seaside"}, Idempotency_Key="k").json()
    assert one["public_id"] != two["public_id"]


def test_a_long_key_is_as_good_as_a_short_one(api: Caller) -> None:
    key = "x" * 255
    first, again = (api.post("/projects", ORDER, Idempotency_Key=key).json() for _ in range(2))
    assert first["public_id"] == again["public_id"]
    assert api.post("/projects", ORDER, Idempotency_Key=key[:-1] + "y").json()["public_id"] != first["public_id"]
    body = problem(api.post("/projects", ORDER, Idempotency_Key="x" * 256), "invalid-request", 422)
    assert body["errors"][0]["field"] == "Idempotency-Key"


def test_without_a_key_every_launch_is_a_project_of_its_own(api: Caller) -> None:
    assert api.launch()["public_id"] != api.launch()["public_id"]


def test_too_few_credits_answer_402_with_the_shortfall_and_write_nothing(api: Caller, world: World) -> None:
    def rows() -> list[int]:
        return [m.objects.count() for m in (Project, Job, Item, Listing, Quote, CreditTransaction)]

    before = rows()
    body = problem(api.post("/projects", {**ORDER, "count": 100}), "insufficient-credits", 402)
    assert (body["needed"], body["balance"], body["shortfall"]) == (102, 100, 2)
    assert (rows(), world.balance()) == (before, 100)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"count": 5}, "count"),
        ({"count": "15"}, "count"),
        ({"count": 10**30}, "count"),
        ({"product": "house"}, "product"),
        ({"product": "custom"}, "uploads"),
        ({"model": "builtin/oil"}, "model"),
        ({"ratio": "16:9"}, "ratio"),
        ({"idea": "   "}, "idea"),
        ({"idea": "x" * 1001}, "idea"),
        ({"idea": "a\x00b"}, "idea"),
        ({"idea": "\ud800"}, "idea"),
        ({"idea": None}, "idea"),
        ({"options": {"size": "big"}}, "options.size"),
        ({"options": {"mood": "x" * 201}}, "options.mood"),
        ({"cuont": 20}, "cuont"),
    ],
)
def test_a_field_that_is_not_right_is_named(api: Caller, changed: dict[str, Any], field: str) -> None:
    body = problem(api.post("/projects", {**ORDER, **changed}), "invalid-request", 422)
    assert [e["field"] for e in body["errors"]] == [field]
    assert body["errors"][0]["detail"].endswith(".")
    assert Project.objects.count() == 0


def test_a_missing_field_and_a_body_that_is_not_json_are_told_apart(api: Caller) -> None:
    assert problem(api.post("/projects", {"product": "clipart"}), "invalid-request", 422)["errors"] == [
        {"field": "idea", "detail": "This field is required."}
    ]
    problem(api.post("/projects", "{"), "malformed-request", 400)
    problem(api.post("/projects", b"\xff\xfe"), "malformed-request", 400)
    problem(api.post("/projects", "[]"), "invalid-request", 422)
    problem(api.post("/projects"), "invalid-request", 422)


def test_the_options_of_the_api_are_the_design_options(api: Caller) -> None:
    body = api.launch(options=dict.fromkeys(DESIGN_OPTIONS, "calm"))
    assert Project.objects.get(pk=body["public_id"]).options == dict.fromkeys(DESIGN_OPTIONS, "calm")


def test_a_model_that_is_paused_cannot_be_launched(api: Caller, world: World) -> None:
    ProviderPause.objects.create(provider="builtin", reason="It is being looked at.")
    assert "being looked at" in problem(api.post("/projects", ORDER), "not-possible", 409)["detail"]
    assert world.balance() == 100


def test_a_quote_spends_nothing_and_holds_the_price(api: Caller, world: World) -> None:
    response = api.post("/quotes", {"product": "clipart", "count": 100})
    body = response.json()
    assert (response.status_code, body["total"], body["balance"], body["shortfall"]) == (200, 102, 100, 2)
    assert [line["action"] for line in body["lines"]] == ["generate", "upscale", "mockups", "listing"]
    assert world.balance() == 100
    assert problem(api.post("/quotes", {"product": "clipart", "count": 1}), "invalid-request", 422)["errors"]


def test_a_launch_by_quote_is_charged_that_quote(api: Caller, stranger: Caller) -> None:
    quote = api.post("/quotes", ORDER).json()
    launched = api.launch(quote_id=quote["id"])
    assert Job.objects.get(pk=launched["job"]["id"]).quote_id == quote["id"]
    problem(api.post("/projects", {**ORDER, "count": 16, "quote_id": quote["id"]}), "not-possible", 409)
    problem(stranger.post("/projects", {**ORDER, "quote_id": quote["id"]}), "not-possible", 409)


def test_the_list_is_paged_newest_first_and_filtered(api: Caller, stranger: Caller, world: World) -> None:
    made = []
    for n in range(5):
        world.clock.advance(1)
        made.append(api.launch(idea=f"foxes {n}")["public_id"])
    stranger.launch()
    seen, cursor = [], ""
    for _ in range(3):
        response = api.get(f"/projects?limit=2{cursor}")
        page = response.json()
        seen += [p["public_id"] for p in page["items"]]
        if page["next"]:
            assert f"cursor={page['next']}" in response["Link"] and "limit=2" in response["Link"]
        cursor = f"&cursor={page['next']}"
    assert (seen, page["next"]) == (made[::-1], None)
    assert "Link" not in response
    api("DELETE", f"/projects/{made[0]}")
    assert len(api.get("/projects?stage=queued&product=clipart").json()["items"]) == 4
    assert api.get("/projects?stage=completed").json() == {"items": [], "next": None}
    assert problem(api.get("/projects?stage=nowhere"), "invalid-request", 422)["errors"][0]["field"] == "stage"
    assert problem(api.get("/projects?cursor=xyz"), "invalid-request", 422)["errors"][0]["field"] == "cursor"
    assert problem(api.get("/projects?limit=0"), "invalid-request", 422)["errors"][0]["field"] == "limit"


def test_the_life_of_a_project_through_its_gate(api: Caller, world: World, at_gate: Project) -> None:
    address = f"/projects/{at_gate.pk}"
    problem(api.post(f"{address}/items/99/drop"), "not-found", 404)
    assert api.post(f"{address}/items/3/drop").json()["items"][2]["state"] == "dropped"
    assert api.post(f"{address}/items/3/keep").json()["items"][2]["state"] == "made"
    assert api.post(f"{address}/items/3/drop").status_code == 200
    remade = api.post(f"{address}/items/1/remake", {"prompt": "a wren"}, Idempotency_Key="r1").json()
    assert (remade["stage"], remade["items"][0]["prompt"], remade["items"][0]["state"]) == (
        "generating",
        "a wren",
        "pending",
    )
    assert (
        api.post(f"{address}/items/1/remake", {"prompt": "a wren"}, Idempotency_Key="r1").json()["job"]["charged"]
        == PRICE + 1
    )
    problem(api.post(f"{address}/items/1/remake"), "not-possible", 409)
    problem(api.post(f"{address}/approve"), "not-possible", 409)
    world.engine.run()
    assert api.post(f"{address}/approve").json()["stage"] == "processing"
    assert api.post(f"{address}/approve").status_code == 200
    world.engine.run()
    done = api.get(address).json()
    assert (done["stage"], done["job"]["status"], done["loss_on_delete"]) == ("completed", "SUCCEEDED", 0)
    assert done["listing"]["draft"]["state"] == "created"
    assert api.get(f"{address}/items").json()["items"] == done["items"]
    assert api.get(f"{address}/files").json()["items"] == done["files"] != []
    entries = api.get(f"{address}/activity").json()["items"]
    assert (entries[0]["stage"], entries[0]["try"]) == ("briefing", 1)
    problem(api.post(f"{address}/items/1/keep"), "not-possible", 409)


def test_a_remake_is_refused_for_a_bad_prompt_or_too_few_credits(api: Caller, world: World, at_gate: Project) -> None:
    address = f"/projects/{at_gate.pk}/items/1/remake"
    assert problem(api.post(address, {"prompt": ""}), "invalid-request", 422)["errors"][0]["field"] == "prompt"
    problem(api.post(address, "nonsense"), "malformed-request", 400)
    api.launch(count=81)
    assert world.balance() == 0
    assert problem(api.post(address), "insufficient-credits", 402)["shortfall"] == 1


def test_a_failed_project_shows_its_failure_and_its_refund(api: Caller, world: World) -> None:
    world.fails("briefing", 0, Kind.TRANSIENT)
    failed = world.to_gate()
    job = api.get(f"/projects/{failed.pk}").json()["job"]
    assert (job["status"], job["charged"], job["refunded"]) == ("FAILED", PRICE, PRICE)
    assert job["failure"] == {"kind": "transient", "reason": "It was transient.", "stage": "briefing"}
    assert api.get("/projects?stage=failed").json()["items"][0]["job"] == job


def test_a_failed_draft_is_skipped_or_tried_again_for_nothing(api: Caller, world: World) -> None:
    world.fails("drafting", 0, Kind.REJECTED, times=1)
    project = world.to_end()
    address, before = f"/projects/{project.pk}", world.balance()
    assert api.post(f"{address}/skip-draft").json()["listing"]["draft"]["state"] == "skipped"
    problem(api.post(f"{address}/skip-draft"), "not-possible", 409)
    assert api.post(f"{address}/retry-draft").json()["listing"]["draft"]["state"] == "pending"
    world.engine.run()
    assert api.get(address).json()["listing"]["draft"]["state"] == "created"
    problem(api.post(f"{address}/retry-draft"), "not-possible", 409)
    assert world.balance() == before


def test_a_listing_that_failed_is_written_again_at_its_price(api: Caller, world: World) -> None:
    world.fails("listing", 0, Kind.REJECTED, times=1)
    project = world.to_end()
    address, before = f"/projects/{project.pk}/write-listing-again", world.balance()
    assert api.post(address, Idempotency_Key="w").json()["stage"] == "listing"
    assert api.post(address, Idempotency_Key="w").status_code == 200
    assert world.balance() == before - 2
    problem(api.post(address), "not-possible", 409)
    world.engine.run()
    assert api.get(f"/projects/{project.pk}").json()["listing"]["state"] == "written"


def test_deleting_tells_what_does_not_come_back(api: Caller, at_gate: Project, world: World) -> None:
    address = f"/projects/{at_gate.pk}"
    assert api.get(address).json()["loss_on_delete"] == PRICE
    gone = api("DELETE", address)
    assert (gone.status_code, gone.json()) == (
        200,
        {"public_id": at_gate.pk, "stage": "deleted", "not_refunded": PRICE},
    )
    assert world.balance() == 100 - PRICE
    problem(api("DELETE", address), "not-found", 404)
    problem(api.get(address), "not-found", 404)
    problem(api.post(f"{address}/approve"), "not-found", 404)


def test_deleting_a_finished_project_loses_nothing(api: Caller, finished: Project) -> None:
    assert api("DELETE", f"/projects/{finished.pk}").json()["not_refunded"] == 0


@pytest.mark.parametrize("public_id", ["x", "0" * 27, "01kapg7r3zj4x9m2v5t8w6q1yb", "%00" * 26, "☃", "0" * 26])
def test_what_is_no_project_is_not_found(api: Caller, public_id: str) -> None:
    problem(api.get(f"/projects/{public_id}"), "not-found", 404)
    problem(api.post(f"/projects/{public_id}/approve"), "not-found", 404)


def count_queries(api: Caller, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert api.get(path).status_code == 200
    return len(captured)


def test_the_list_takes_six_queries_however_long_it_is(api: Caller, world: World) -> None:
    api.launch()
    api.get("/projects")
    assert count_queries(api, "/projects") == 6
    for _ in range(3):
        api.launch()
    assert count_queries(api, "/projects") == 6


def test_a_project_takes_as_many_queries_with_100_items_as_with_15(api: Caller, world: World) -> None:
    small = world.to_gate()
    with_15 = count_queries(api, f"/projects/{small.pk}")
    ledger.grant(world.user.pk, 200, source="test", idempotency_key="more", reason="For the test")
    large = world.launch("k2", count=100)
    world.engine.run()
    assert count_queries(api, f"/projects/{large.pk}") == with_15 <= 20


CARD = {"product": "greeting_card", "idea": "sun", "count": 1}


def test_a_card_keeps_its_line_breaks_over_the_api(api: Caller) -> None:
    body = api.launch(
        **CARD, words={"inside": "Roses are red\r\nViolets are blue\n\nLove, Ann", "front": "生日快乐 🎉"}
    )
    assert Project.objects.get(pk=body["public_id"]).words == {
        "inside": "Roses are red\nViolets are blue\n\nLove, Ann", "front": "生日快乐 🎉",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"words": {"inside": "Hi 𓀀"}}, "words.inside", "can’t set “𓀀” (Egyptian)"),
        ({"words": {"front": "Hi ᏣᎳ", "inside": "Love"}}, "words.front", "can’t set “Ꮳ” “Ꮃ” (Cherokee)"),
        ({"words": {"front": "﷽" * 60}}, "words.front", "14 pt"),
        ({"idea": "\u200b\u200b\u2060"}, "idea", "Describe your idea"),
    ],
)
@pytest.mark.parametrize("path", ["/quotes", "/projects"])
def test_what_cannot_be_printed_is_422_naming_the_characters_and_free(
    api: Caller, world: World, path: str, changed: dict[str, Any], field: str, said: str
) -> None:
    answer = problem(api.post(path, {**CARD, **changed}), "invalid-request", 422)
    assert said in str(answer["errors"]) and field in str(answer["errors"])
    assert world.balance() == 100 and not Project.objects.exists()


def test_a_name_keeps_its_letters_and_loses_what_cannot_be_seen(api: Caller) -> None:
    body = api.launch(name="\u202egnp.exe\u200b łódź")
    assert Project.objects.get(pk=body["public_id"]).name == "gnp.exe łódź"
    hidden = api.launch(name="\u3164\u2060", idea="a  fox\u200d")
    project = Project.objects.get(pk=hidden["public_id"])
    assert (project.idea, project.name) == ("a fox", "A fox")
