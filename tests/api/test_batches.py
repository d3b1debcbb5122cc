"""Batches over the API: accepted at once and launched by a worker, all rows or none, problems named by row, drafts free, the same key
the same answer."""

from __future__ import annotations

from typing import Any

import pytest

from elistit.actions import batch_planning
from elistit.maintenance import requested_launches
from elistit.ports import Kind
from elistit.projects.batch_models import Batch
from elistit.projects.models import Project
from tests.api.conftest import Caller, problem
from tests.conformance.conftest import PRICE, World

IDEAS = ("woodland animals", "sea creatures", "cute dinosaurs")


@pytest.fixture(autouse=True)
def a_long_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small lists are planned in one slice, however slow the machine is. Slices have their own tests."""
    monkeypatch.setattr(batch_planning, "SLICE_SECONDS", 600.0)


def a_list(*ideas: str, **more: Any) -> dict[str, Any]:
    return {"defaults": {"product": "clipart", "count": 15}, "rows": [{"idea": i} for i in ideas or IDEAS], **more}


def launched(api: Caller, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    """A list that was accepted and that a worker has seen to, as GET shows it."""
    response = api.post("/batches", body, **headers)
    assert response.status_code == 201, response.content
    assert requested_launches.launch_due() == 1
    return dict(api.get(f"/batches/{response.json()['id']}").json())


def test_a_list_is_accepted_in_one_request_and_launched_by_a_worker(api: Caller, world: World) -> None:
    body = a_list(name="May")
    body["rows"][1] |= {"count": 16, "options": {"mood": "calm"}, "name": "Sea"}
    body["rows"][2] |= {"product": "wall_art", "model": "builtin/ink"}
    response = api.post("/batches", body)
    assert response.status_code == 201, response.content
    taken = response.json()
    assert response["Location"] == f"/api/v1/batches/{taken['id']}"
    assert (taken["state"], taken["launch"]["state"], taken["charged"]) == ("planning", "waiting", 0)
    assert (world.balance(), Project.objects.count()) == (100, 0)
    requested_launches.launch_due()
    made = api.get(f"/batches/{taken['id']}").json()
    assert (made["launch"]["state"], made["launch"]["problem"], made["launch"]["reason"]) == ("launched", None, "")
    assert (made["state"], made["name"], made["counts"]["running"]) == ("running", "May", 3)
    assert [(r["number"], r["product"], r["count"], r["model"]) for r in made["rows"]] == [
        (1, "clipart", 15, "builtin/watercolor"), (2, "clipart", 16, "builtin/watercolor"), (3, "wall_art", 1, "builtin/ink"),
    ]  # fmt: skip
    assert made["charged"] == made["total"] == 100 - world.balance() == sum(r["credits"] for r in made["rows"])
    second = api.get(f"/projects/{made['rows'][1]['project']['public_id']}").json()
    assert second["name"] == "Sea" and second["current_job"]["charged"] == 18
    assert [b["id"] for b in api.get("/batches").json()["items"]] == [made["id"]]


def test_the_same_key_launches_once_and_another_list_is_a_conflict(api: Caller, world: World) -> None:
    first, again = (api.post("/batches", a_list(), Idempotency_Key="b-1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201) and first.json() == again.json()
    requested_launches.launch_due()
    later = api.post("/batches", a_list(), Idempotency_Key="b-1").json()
    assert (later["id"], later["launch"]["state"]) == (first.json()["id"], "launched")
    assert (Project.objects.count(), world.balance()) == (3, 100 - 3 * PRICE)
    problem(api.post("/batches", a_list("foxes"), Idempotency_Key="b-1"), "idempotency-conflict", 409)
    problem(api.post("/batches", a_list(max_credits=9), Idempotency_Key="b-1"), "idempotency-conflict", 409)
    problem(
        api.post("/projects", {"product": "clipart", "idea": "x"}, Idempotency_Key="b-1"), "idempotency-conflict", 409
    )


def test_too_few_credits_for_all_rows_launch_none_and_say_so(api: Caller, world: World) -> None:
    told = launched(api, a_list(*IDEAS, *IDEAS))
    assert (told["state"], told["launch"]["state"], told["launch"]["problem"]) == (
        "draft", "not_launched", "insufficient-credits",
    )  # fmt: skip
    assert str(6 * PRICE) in told["launch"]["reason"] and told["total"] == 6 * PRICE
    assert (world.balance(), Project.objects.count()) == (100, 0)
    assert api("DELETE", f"/batches/{told['id']}").status_code == 200


def test_a_list_that_costs_more_than_allowed_stays_a_draft_and_is_launched_by_rows(api: Caller, world: World) -> None:
    told = launched(api, a_list(max_credits=3 * PRICE - 1))
    assert (told["launch"]["problem"], told["launch"]["max_credits"]) == ("above-maximum", 3 * PRICE - 1)
    assert world.balance() == 100
    done = api.post(f"/batches/{told['id']}/launch", {"rows": [1, 2]}).json()
    assert (done["state"], done["charged"]) == ("running", 2 * PRICE)
    problem(api.post("/batches", a_list(launch=False, max_credits=9)), "invalid-request", 422)
    problem(api.post("/batches", a_list(max_credits=-1)), "invalid-request", 422)


def test_a_row_that_needs_a_confirmation_is_named_and_nothing_is_launched(api: Caller, world: World) -> None:
    told = launched(api, a_list("woodland animals", "accordion with a typewriter"))
    assert told["launch"]["problem"] == "invalid-request" and world.balance() == 100
    assert [e["field"] for e in told["launch"]["errors"]] == ["rows.2.confirm_not_drawn"]
    body = a_list("woodland animals", "accordion with a typewriter")
    body["rows"][1]["confirm_not_drawn"] = True
    assert launched(api, body)["charged"] == 2 * PRICE


def test_what_waits_is_not_launched_by_hand_and_can_be_discarded(api: Caller, world: World) -> None:
    address = f"/batches/{api.post('/batches', a_list()).json()['id']}"
    api.get(address)
    told = problem(api.post(f"{address}/launch"), "not-possible", 409)
    assert "launches automatically" in told["detail"]
    assert api("DELETE", address).status_code == 200
    assert requested_launches.launch_due() == 0 and world.balance() == 100


def test_what_is_wrong_is_named_by_row(api: Caller, world: World) -> None:
    body = a_list()
    body["rows"][1]["count"] = 3
    body["rows"][2] |= {"ratio": "9:16", "model": "nobody/nothing"}
    told = problem(api.post("/batches", body), "invalid-request", 422)
    assert [e["field"] for e in told["errors"]] == ["rows.2.count", "rows.3.ratio", "rows.3.model"]
    assert all(e["detail"].startswith(f"Row {e['field'][5]}: ") for e in told["errors"])
    assert world.balance() == 100 and not Batch.objects.exists()


def test_a_malformed_row_is_named_by_its_number_too(api: Caller) -> None:
    body = a_list()
    body["rows"][2]["count"] = "many"
    body["rows"][1]["colour"] = "red"
    told = problem(api.post("/batches", body), "invalid-request", 422)
    assert sorted(e["field"] for e in told["errors"]) == ["rows.2.colour", "rows.3.count"]
    assert {e["detail"][:7] for e in told["errors"]} == {"Row 2: ", "Row 3: "}


@pytest.mark.parametrize("count", [0, 201])
def test_a_list_has_1_to_200_rows(api: Caller, count: int) -> None:
    told = problem(api.post("/batches", {"rows": [{"idea": "foxes"}] * count}), "invalid-request", 422)
    assert told["errors"][0]["field"] == "rows"


def test_a_draft_is_priced_costs_nothing_and_is_launched_by_rows(api: Caller, world: World) -> None:
    body = a_list("woodland animals", "accordion with a typewriter", "cute dinosaurs", launch=False)
    body["rows"][2]["count"] = 1
    draft = api.post("/batches", body).json()
    assert (draft["state"], draft["total"], draft["charged"], world.balance()) == ("draft", 2 * PRICE, 0, 100)
    assert draft["rows"][1]["storyboard"]["needs_confirmation"] and draft["rows"][2]["problems"][0]["field"] == "count"
    address = f"/batches/{draft['id']}"
    told = problem(api.post(f"{address}/launch"), "invalid-request", 422)
    assert [e["field"] for e in told["errors"]] == ["rows.2.confirm_not_drawn", "rows.3.count"]
    launched = api.post(f"{address}/launch", {"rows": [1]}, Idempotency_Key="l").json()
    assert launched["charged"] == PRICE and launched["counts"]["not_launched"] == 2
    assert api.post(f"{address}/launch", {"rows": [1]}, Idempotency_Key="l").json() == launched
    problem(api.post(f"{address}/launch", {"rows": [1]}), "not-possible", 409)
    problem(api("DELETE", address), "not-possible", 409)


def test_a_draft_can_be_discarded_and_has_nothing_to_pause(api: Caller) -> None:
    address = f"/batches/{api.post('/batches', a_list(launch=False)).json()['id']}"
    problem(api.post(f"{address}/pause"), "not-possible", 409)
    assert api("DELETE", address).status_code == 200
    problem(api.get(address), "not-found", 404)


def test_a_batch_is_paused_resumed_and_its_failed_rows_launched_again(api: Caller, world: World) -> None:
    world.fails("briefing", 0, Kind.REJECTED, times=1)
    address = f"/batches/{launched(api, a_list())['id']}"
    assert api.post(f"{address}/pause").json()["state"] == "paused"
    world.engine.run()
    assert api.get(address).json()["counts"]["running"] == 3
    assert api.post(f"{address}/resume").json()["state"] == "running"
    world.engine.run()
    shown = api.get(address).json()
    assert (shown["counts"]["failed"], shown["counts"]["waiting"], shown["refunded"]) == (1, 2, PRICE)
    assert shown["rows"][0]["project"]["failure"]["reason"] == "It was rejected."
    again = api.post(f"{address}/launch", {"rows": [1]}, Idempotency_Key="again").json()
    assert (again["charged"], again["refunded"]) == (4 * PRICE, PRICE)
    assert again["rows"][0]["earlier"][0]["refunded"] == PRICE


def test_another_sellers_batch_is_not_there(api: Caller, stranger: Caller) -> None:
    address = f"/batches/{api.post('/batches', a_list()).json()['id']}"
    for method, path in (("GET", ""), ("POST", "/launch"), ("POST", "/pause"), ("POST", "/resume"), ("DELETE", "")):
        problem(stranger(method, address + path), "not-found", 404)
    problem(api.get("/batches/nonsense"), "not-found", 404)
    assert stranger.get("/batches").json()["items"] == []


def test_a_draft_is_planned_a_slice_at_a_time_and_launched_when_it_is(
    api: Caller, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_planning, "SLICE_SECONDS", 0.0)
    draft = api.post("/batches", a_list(launch=False)).json()
    assert (draft["state"], draft["total"]) == ("planning", PRICE)
    assert [(r["planned"], r["credits"]) for r in draft["rows"]] == [(True, PRICE), (False, 0), (False, 0)]
    address = f"/batches/{draft['id']}"
    told = problem(api.post(f"{address}/launch"), "not-possible", 409)
    assert told["detail"] == "2 of the chosen rows are still being planned. Launch when every chosen row has its price."
    assert world.balance() == 100 and not Project.objects.exists()
    assert [api.get(address).json()["state"] for _ in range(3)] == ["planning", "draft", "draft"]
    assert api.post(f"{address}/launch").json()["charged"] == 3 * PRICE


def test_chosen_rows_are_launched_while_others_are_being_planned(
    api: Caller, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_planning, "SLICE_SECONDS", 0.0)
    address = f"/batches/{api.post('/batches', a_list(launch=False)).json()['id']}"
    problem(api.post(f"{address}/launch", {"rows": [1, 2]}), "not-possible", 409)
    launched = api.post(f"{address}/launch", {"rows": [1]}).json()
    assert (launched["charged"], launched["state"], launched["counts"]["not_launched"]) == (PRICE, "running", 2)
    for _ in range(2):
        api.get(address)
    assert api.post(f"{address}/launch", {"rows": [2, 3]}).json()["charged"] == 3 * PRICE
