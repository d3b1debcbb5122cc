"""Keys limited to some actions and to so many credits a day: what they may, what they may not, and that the cap can't be raced."""

from __future__ import annotations

import datetime as dt
import json
import threading
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from elistit.accounts.models import ApiKey, ApiKeyDay
from elistit.api.application import api as application
from elistit.cli.users import ACTIONS
from elistit.credits import ledger
from elistit.projects.models import Project
from elistit.projects.request_models import AcceptedRequest
from tests.api.conftest import ORDER, Caller, problem
from tests.conformance.conftest import PRICE, World


def limited(api: Caller, *acts: str, cap: int | None = None) -> Caller:
    """The same seller with another key."""
    other = Caller(api.user)
    other.key = ApiKey.issue(api.user, "limited", actions=acts, daily_cap=cap)
    return other


def test_a_key_does_what_it_is_for_and_nothing_else(api: Caller, world: World, at_gate: Project) -> None:
    reviewer, at = limited(api, "review"), f"/projects/{at_gate.pk}"
    before = ledger.balance(world.user.pk)
    asked: list[tuple[str, str, Any]] = [
        ("POST", "/projects", ORDER), ("POST", f"{at}/items/1/remake", {}), ("DELETE", at, None),
        ("POST", "/webhooks", {"url": "https://example.com/"}), ("POST", f"{at}/make-print-ready", None),
        ("PUT", f"{at}/listing", {"title": "T", "tags": [], "description": "D", "price_cents": 100}),
        ("POST", f"{at}/files-again", None), ("POST", f"{at}/write-listing-again", None),
    ]  # fmt: skip
    for method, path, body in asked:
        refused = problem(reviewer(method, path, body), "action-not-allowed", 403)
        assert refused["detail"] == "This key's permissions are limited to: Keep, drop and approve.", path
    assert ledger.balance(world.user.pk) == before and not AcceptedRequest.objects.filter(act="remake").exists()

    assert reviewer.post("/quotes", ORDER).status_code == 200
    assert reviewer.post(f"{at}/items/2/drop").status_code == 200
    assert reviewer.post(f"{at}/approve").json()["stage"] == "processing"
    assert limited(api, "delete")("DELETE", at).status_code == 200


def test_every_operation_that_changes_something_asks_for_an_action() -> None:
    named, seen = set(ApiKey.Action.values) | {"free", "other"}, 0
    for _, router in application._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                if operation.methods != ["GET"]:
                    acts = {auth.action for auth in operation.auth_callbacks}
                    assert acts and acts <= named, path
                    seen += 1
    assert seen >= 19


def test_a_cap_holds_for_the_day_and_a_refusal_leaves_nothing(api: Caller, world: World) -> None:
    spender = limited(api, "launch", cap=2 * PRICE - 1)
    assert spender.post("/projects", ORDER, Idempotency_Key="a").status_code == 201
    refused = problem(spender.post("/projects", ORDER, Idempotency_Key="b"), "daily-cap", 403)
    assert f"costs {PRICE} credits, and this key may spend {PRICE - 1} more today" in refused["detail"]
    assert (Project.objects.count(), ledger.balance(world.user.pk)) == (1, 100 - PRICE)
    assert not AcceptedRequest.objects.filter(key="b").exists()
    # What was accepted is answered again, and isn't counted again.
    assert spender.post("/projects", ORDER, Idempotency_Key="a").status_code == 201
    assert ApiKeyDay.objects.get().spent == PRICE
    # Another key, and the pages, have nothing to do with it.
    assert api.post("/projects", ORDER, Idempotency_Key="c").status_code == 201
    assert ApiKeyDay.objects.count() == 1

    world.clock.advance(dt.timedelta(days=1).total_seconds())
    assert spender.post("/projects", ORDER, Idempotency_Key="b").status_code == 201
    assert [day.spent for day in ApiKeyDay.objects.order_by("day")] == [PRICE, PRICE]


def test_a_cap_of_nothing_allows_only_what_is_free(api: Caller, world: World, at_gate: Project) -> None:
    nothing = limited(api, cap=0)
    problem(nothing.post(f"/projects/{at_gate.pk}/items/1/remake"), "daily-cap", 403)
    assert nothing.post(f"/projects/{at_gate.pk}/approve").status_code == 200
    assert not ApiKeyDay.objects.exists()


def test_launches_at_once_do_not_exceed_the_cap(api: Caller, world: World) -> None:
    spender = limited(api, "launch", cap=2 * PRICE)
    statuses: list[int] = []

    def launch(number: int) -> None:
        try:
            client = Client()
            answer = client.generic(
                "POST", "/api/v1/projects", json.dumps(ORDER), "application/json",
                headers={"Authorization": f"Bearer {spender.key}", "Idempotency-Key": f"k{number}"},
            )  # fmt: skip
            statuses.append(answer.status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=launch, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(statuses) == [201, 201, 403, 403, 403]
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(-amount) FROM credits_credittransaction WHERE type = 'SPEND_CREDIT'")
        assert cursor.fetchone()[0] == 2 * PRICE == ApiKeyDay.objects.get().spent


def test_the_page_makes_a_limited_key(api: Caller) -> None:
    page = Client()
    page.force_login(api.user)
    form = {"name": "shop", "scope": "full", "action": ["review", "remake", "nonsense"], "daily_cap": "12", "key": "x"}
    made = page.post("/settings/keys/", form)
    key = ApiKey.objects.get(name="shop")
    assert (made.status_code, key.actions, key.daily_cap) == (200, "review,remake", 12)
    assert (
        "up to 12 credits a day" in made.content.decode()
        and "Keep, drop and approve, Remake images" in made.content.decode()
    )
    page.post(
        "/settings/keys/", {**form, "name": "all", "action": list(ApiKey.Action.values), "daily_cap": "", "key": "y"}
    )
    assert (ApiKey.objects.get(name="all").actions, ApiKey.objects.get(name="all").daily_cap) == ("", None)
    refused = page.post("/settings/keys/", {**form, "name": "bad", "daily_cap": "-1", "key": "z"})
    assert refused.status_code == 422 and not ApiKey.objects.filter(name="bad").exists()


def test_the_command_line_knows_every_action() -> None:
    assert set(ACTIONS) == set(ApiKey.Action.values)
    with pytest.raises(ValueError):
        ApiKey.issue(None, actions=["nonsense"])  # type: ignore[arg-type]
