"""Shops over the API and the command line: listed, named, chosen for an order and for a draft."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from elistit.accounts.models import User
from elistit.api.application import document
from elistit.cli.commands import elistit
from elistit.cli.frame import run
from elistit.listings.models import EtsyShop
from elistit.projects import draft_plans
from tests.api.conftest import ORDER, Caller, problem
from tests.conformance.conftest import World


def connected(owner: User, number: int, name: str, world: World) -> EtsyShop:
    return EtsyShop.objects.create(
        owner=owner, shop_id=number, shop_name=name, access_token=b"secret-a", refresh_token=b"secret-r", currency="USD",
        expires_at=world.clock.now(),
    )  # fmt: skip


@pytest.fixture
def two(api: Caller, world: World) -> tuple[EtsyShop, EtsyShop]:
    return connected(api.user, 50000001, "Meadow", world), connected(api.user, 50000002, "Harbor", world)


def test_shops_are_listed_named_and_made_the_default(api: Caller, two: tuple[EtsyShop, EtsyShop]) -> None:
    listed = api.get("/shops")
    assert b"secret" not in listed.content
    assert [(s["id"], s["name"], s["default"]) for s in listed.json()["items"]] == [
        ("50000001", "Meadow", True), ("50000002", "Harbor", False),
    ]  # fmt: skip
    changed = api("PATCH", "/shops/50000002", {"label": "Prints", "default": True}).json()
    assert (changed["label"], changed["default"]) == ("Prints", True)
    assert [s["id"] for s in api.get("/shops").json()["items"]] == ["50000002", "50000001"]
    problem(api("PATCH", "/shops/50000001", {"label": "prints"}), "invalid-request", 422)
    problem(api("PATCH", "/shops/0", {"default": True}), "not-found", 404)
    problem(api("PATCH", "/shops/nonsense", {"default": True}), "not-found", 404)


def test_an_order_names_its_shop_and_a_project_is_moved(api: Caller, two: tuple[EtsyShop, EtsyShop]) -> None:
    made = api.post("/projects", {**ORDER, "shop": "harbor"}).json()
    assert made["shop"] == {"id": "50000002", "name": "Harbor", "connected": True, "planned_for": None}
    refused = problem(api.post("/projects", {**ORDER, "shop": "elsewhere"}), "invalid-request", 422)
    assert "Harbor" in json.dumps(refused)
    moved = api.post(f"/projects/{made['public_id']}/shop", {"shop": "50000001"}).json()
    assert moved["shop"]["name"] == "Meadow"
    problem(api.post(f"/projects/{made['public_id']}/shop", {"shop": "elsewhere"}), "invalid-request", 422)


def test_an_order_without_a_shop_is_the_order_it_was(api: Caller, world: World) -> None:
    """A repetition sent by a client of before, with a shop connected meanwhile, is still the same order."""
    first = api.post("/projects", ORDER, **{"Idempotency-Key": "one"}).json()
    assert first["shop"] is None
    connected(api.user, 50000001, "Meadow", world)
    assert api.post("/projects", ORDER, **{"Idempotency-Key": "one"}).json()["public_id"] == first["public_id"]


def test_a_schedule_is_set_and_a_day_is_chosen(api: Caller, two: tuple[EtsyShop, EtsyShop], world: World) -> None:
    body = {"enabled": True, "per_day": 2, "at": "09:00", "zone": "Europe/Berlin"}
    assert api("PUT", "/shops/50000001/schedule", body).json()["schedule"] == body
    problem(api("PUT", "/shops/50000001/schedule", {**body, "per_day": 0}), "invalid-request", 422)
    project = api.launch()["public_id"]
    day = (world.clock.now() + dt.timedelta(days=3)).date()
    assert api.post(f"/projects/{project}/plan", {"day": day.isoformat()}).status_code == 200
    assert draft_plans.of(project).day == day  # type: ignore[union-attr]
    problem(api.post(f"/projects/{project}/plan", {"day": "2020-01-01"}), "invalid-request", 422)
    problem(api("DELETE", f"/projects/{project}/plan"), "not-possible", 409)
    assert api.get("/calendar?first=2026-11-01&last=2026-11-30").json() == {"items": []}
    problem(api.get("/calendar?first=2026-11-01&last=2028-11-30"), "invalid-request", 422)
    problem(api.get("/calendar?first=2026-11-02&last=2026-11-01"), "invalid-request", 422)


def test_the_document_names_the_paths() -> None:
    assert {"/api/v1/shops", "/api/v1/shops/{shop_id}", "/api/v1/projects/{public_id}/shop"} <= set(document()["paths"])


def test_the_command_line_does_the_same(
    api: Caller, two: tuple[EtsyShop, EtsyShop], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("elistit.cli.preflight.ready", lambda: None)
    project = api.post("/projects", ORDER).json()["public_id"]

    def says(*words: str) -> tuple[int, str]:
        code = run(elistit, [*words])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    who = ("--user", api.user.email)
    assert says("shops", "edit", "50000002", "--name", "Prints", "--default", *who)[0] == 0
    code, listed = says("shops", "list", "--json", *who)
    assert code == 0 and [s["label"] for s in json.loads(listed)["items"]] == ["Prints", ""]
    assert "Prints" in says("shops", "list", *who)[1]
    assert says("shops", "choose", project, "prints") == (0, f"The draft of “{_name(project)}” goes to Prints.\n")
    assert draft_plans.number_of(project) == 50000002
    assert says("shops", "choose", project, "elsewhere")[0] == 2
    assert (
        "At most 3 a day from 08:30 on (Asia/Tokyo)."
        in says("shops", "schedule", "50000002", "--per-day", "3", "--at", "08:30", "--zone", "Asia/Tokyo", *who)[1]
    )
    assert says("shops", "schedule", "50000002", "--zone", "Moon", *who)[0] == 2
    assert says("shops", "plan", project)[0] == 0 and says("shops", "plan", project, "--day", "soon")[0] == 2
    assert says("shops", "calendar", *who) == (0, "No drafts are planned.\n")
    assert says("shops", "edit", "7", "--default", *who)[0] == 2
    assert says("shops", "edit", "50000002", *who)[0] == 2


def _name(project: str) -> str:
    from elistit.projects.models import Project

    return Project.objects.get(pk=project).name
