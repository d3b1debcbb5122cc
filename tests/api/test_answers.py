"""Credits, catalogue, files, and what every answer has in common."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import InternalError, connection
from django.test import Client

from elistit.accounts.models import ApiKey
from elistit.api import limits
from elistit.api.routes import credits as credit_routes
from elistit.chain.models import ProviderPause
from elistit.credits import ledger, prices
from elistit.delivery import store
from elistit.projects.models import Project
from tests.api.conftest import Caller, problem
from tests.conformance.conftest import PRICE, World


def test_the_balance_comes_with_its_grants(api: Caller, world: World) -> None:
    assert api.get("/credits").json() == {
        "balance": 100, "grants": [{"remaining": 100, "expires_at": None, "source": "test"}],
    }  # fmt: skip


def test_the_transactions_are_the_ledgers_rows_newest_first(api: Caller, finished: Project, stranger: Caller) -> None:
    body = api.get("/credits/transactions").json()
    assert body["next"] is None
    spent, granted = body["items"]
    assert (spent["type"], spent["amount"], spent["balance_after"]) == ("SPEND_CREDIT", -PRICE, 100 - PRICE)
    assert (spent["project"], granted["project"], granted["type"]) == (finished.pk, None, "GRANT_CREDIT")
    assert set(spent) == {"id", "type", "amount", "balance_after", "project", "item", "reason", "created_at"}
    assert api.get(f"/credits/transactions?project={finished.pk}").json()["items"] == [spent]
    assert api.get("/credits/transactions?type=GRANT_CREDIT").json()["items"] == [granted]
    assert [t["balance_after"] for t in stranger.get("/credits/transactions").json()["items"]] == [100]


def test_the_transactions_are_paged(api: Caller, world: World) -> None:
    for n in range(4):
        ledger.grant(world.user.pk, 1, source="test", idempotency_key=f"g{n}", reason="One more")
    seen, address = [], "/credits/transactions?limit=2"
    for _ in range(3):
        response = api.get(address)
        seen += [t["balance_after"] for t in response.json()["items"]]
        address = response.get("Link", "").split(">")[0].removeprefix("</api/v1")
    assert seen == [104, 103, 102, 101, 100]
    for bad in ("cursor=x", "cursor=-1", "cursor=٣", "limit=101", "type=GIFT", "project=1"):
        problem(api.get(f"/credits/transactions?{bad}"), "invalid-request", 422)


def test_the_price_list_is_the_file(api: Caller) -> None:
    body, listed = api.get("/prices").json(), prices.price_list()
    assert (body["version"], body["listing"], body["trial"]) == (
        listed.version,
        listed.listing_price,
        listed.trial_credits,
    )
    assert {m["code"]: m["image"] for m in body["models"]} == {m.code: m.image for m in listed.models}
    assert [p["credits"] for p in body["plans"]] == [240, 600, 1400]


def test_a_paused_model_says_so(api: Caller) -> None:
    assert all(m["available"] for m in api.get("/models?product=clipart").json()["items"])
    ProviderPause.objects.create(provider="builtin", reason="It is being looked at.")
    first = api.get("/models").json()["items"][0]
    assert (first["available"], first["reason"]) == (False, "It is being looked at.")


def test_the_products_say_what_they_take(api: Caller) -> None:
    clipart = next(p for p in api.get("/products").json()["items"] if p["code"] == "clipart")
    assert clipart["count"] == {"min": 15, "max": 100, "default": 15}
    assert clipart["ratios"] == [{"ratio": "1:1", "width": 1024, "height": 1024}]
    assert "builtin/watercolor" in clipart["models"] and clipart["gate"] == "awaiting_approval"
    pattern = next(p for p in api.get("/products").json()["items"] if p["code"] == "pattern")
    assert pattern["count"] == {"min": 6, "max": 24, "default": 12} and pattern["gate"] == "awaiting_approval"
    assert pattern["ratios"] == [{"ratio": "1:1", "width": 1200, "height": 1200}] and not pattern["transparent"]
    assert {"builtin/watercolor", "builtin/gouache", "builtin/flat"} <= set(pattern["models"])
    assert "builtin/lineart" not in pattern["models"]


def test_patterns_are_ordered_with_a_price_and_a_storyboard(api: Caller) -> None:
    order = {"product": "pattern", "idea": "foxes and mushrooms, gingham", "count": 6}
    quote = api.post("/quotes", order).json()
    assert quote["total"] == 6 * prices.model("builtin/watercolor").image + prices.price_list().listing_price
    board = quote["storyboard"]
    assert board["distinct"] == 6 and "gingham" in board["subjects"][0]["subject"], "asked for by name: it comes first"
    assert board["not_drawn"] == [] and not board["needs_confirmation"]
    made = api.launch(**order)
    assert made["product"] == "pattern" and made["quote"]["total"] == quote["total"]
    refused = problem(api.post("/quotes", {**order, "count": 5}), "invalid-request", 422)
    assert "between 6 and 24" in str(refused["errors"])
    assert "is made in 1:1" in str(
        problem(api.post("/quotes", {**order, "ratio": "3:4"}), "invalid-request", 422)["errors"]
    )


def test_a_file_is_downloaded_with_the_key_from_its_url(api: Caller, finished: Project, tmp_path: Path) -> None:
    listed = api.get(f"/projects/{finished.pk}/files").json()["items"][0]
    problem(api.get(listed["url"]), "file-unavailable", 503)
    row = finished.files.get(pk=listed["id"])
    (tmp_path / "a").write_bytes(b"!")
    store.open_store(settings.STORAGE_URL).put(tmp_path / "a", row.path)
    response = api.get(listed["url"])
    assert (response.status_code, b"".join(response.streaming_content)) == (200, b"!")  # type: ignore[attr-defined]
    assert response["Content-Disposition"] == f'attachment; filename="{row.name}"'
    assert (response["Content-Length"], response["ETag"]) == ("1", f'"{listed["sha256"]}"')
    problem(Client().get(listed["url"]), "unauthorized", 401)
    problem(api.get(f"/projects/{finished.pk}/files/999999"), "not-found", 404)
    problem(api.get(f"/projects/{finished.pk}/files/{10**30}"), "invalid-request", 422)


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1/", "/api/v1/nowhere", "/api/v1/projects/", "/api/v2/projects", "/api/v1/docs"]
)
def test_an_address_that_is_not_ours_is_a_problem_too(api: Caller, path: str) -> None:
    problem(api.get(path), "not-found", 404)
    problem(api.post(path), "not-found", 404)


def test_a_method_that_is_not_ours_is_a_problem_that_names_the_right_ones(api: Caller) -> None:
    response = api("PUT", "/projects")
    problem(response, "method-not-allowed", 405)
    assert set(response["Allow"].split(", ")) == {"GET", "POST"}
    problem(api.post("/openapi.json"), "method-not-allowed", 405)


def test_a_fault_of_ours_is_a_problem_that_tells_nothing(api: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(credit_routes.ledger, "grants", broken)
    api.client.raise_request_exception = False
    response = api.get("/credits")
    assert "secret detail" not in str(problem(response, "internal-error", 500))


@pytest.mark.parametrize("state", ["57P01", "25P03", "25006"])
def test_an_outage_of_the_database_is_a_problem_of_its_own(
    api: Caller, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    def away(*_: object) -> None:
        raise InternalError(state) from psycopg.errors.lookup(state)(state)

    monkeypatch.setattr(credit_routes.ledger, "grants", away)
    api.client.raise_request_exception = False
    response = api.get("/credits")
    problem(response, "database-unavailable", 503)
    assert response["Retry-After"].isdigit()


def test_every_answer_tells_the_allowance_and_is_kept_by_nobody(api: Caller) -> None:
    for response in (api.get("/credits"), api.get("/projects/x"), api.post("/projects", {})):
        assert all(response[f"RateLimit-{name}"].isdigit() for name in ("Limit", "Remaining", "Reset"))
        assert response["Cache-Control"] == "private, no-store"


def test_the_openapi_document_needs_no_key(client: Client) -> None:
    body = client.get("/api/v1/openapi.json").json()
    assert body["openapi"].startswith("3.1") and "bearer" in str(body["components"]["securitySchemes"])


def test_a_key_that_asks_too_much_waits_and_others_do_not(
    api: Caller, stranger: Caller, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BURST", 3)
    monkeypatch.setattr(limits, "PER_MINUTE", 30)
    left = [api.get("/prices")["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = api.get("/prices")
    assert problem(refused, "rate-limited", 429)["retry_after"] == 2 == int(refused["Retry-After"])
    assert (refused["RateLimit-Remaining"], refused["RateLimit-Reset"]) == ("0", "6")
    assert stranger.get("/prices").status_code == 200
    world.clock.advance(2)
    assert api.get("/prices").status_code == 200
    assert api.get("/prices").status_code == 429
    world.clock.advance(3600)
    assert [api.get("/prices").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_a_bucket_is_shared_exactly_by_any_number_of_threads(api: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BURST", 7)
    key = ApiKey.objects.get(user=api.user).pk

    def ask(_: int) -> bool:
        try:
            return limits.take(key).wait == 0
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(ask, range(20))) == 7
