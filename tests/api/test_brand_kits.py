"""Brand kits and series over the API: made, used by orders, edited without changing what was launched."""

from __future__ import annotations

import pytest

from elistit.api.shapes.brand_kits import ProductPrices
from elistit.maintenance import requested_launches
from elistit.projects.models import Project
from elistit.projects.products import Product
from tests.api.conftest import ORDER, Caller, problem
from tests.conformance.conftest import World

KIT = {
    "name": "Fern & Fox", "shop_name": "Fern & Fox", "license_text": "Personal use only.", "closing_text": "Bye.",
    "palette": "sage green", "styles": ["builtin/gouache"], "minimum_price": 600, "price_ending": "99", "prices": {"poster": 900},
}  # fmt: skip


@pytest.fixture
def order(world: World) -> dict[str, object]:
    return {k: v for k, v in ORDER.items() if k not in ("model", "options")}


def test_a_brand_kit_is_made_read_changed_and_deleted(api: Caller) -> None:
    made = api.post("/brand-kits", KIT)
    assert made.status_code == 201 and made.headers["Location"] == f"/api/v1/brand-kits/{made.json()['id']}"
    kit = made.json()
    assert kit["is_default"] and {k: kit[k] for k in KIT} == KIT and kit["currency"] == "USD"
    assert api.get("/brand-kits").json()["items"] == [kit] == [api.get(f"/brand-kits/{kit['id']}").json()]
    changed = api("PATCH", f"/brand-kits/{kit['id']}", {"palette": "pastel", "prices": {"poster": 0}})
    assert changed.json() == {**kit, "palette": "pastel", "prices": {}}
    other = api.post("/brand-kits", {"name": "Other", "is_default": True}).json()
    assert other["is_default"] and not api.get(f"/brand-kits/{kit['id']}").json()["is_default"]
    assert api("DELETE", f"/brand-kits/{kit['id']}").json() == {"id": kit["id"]}
    problem(api.get(f"/brand-kits/{kit['id']}"), "not-found", 404)
    assert [k["id"] for k in api.get("/brand-kits").json()["items"]] == [other["id"]]


def test_a_wrong_field_is_named(api: Caller) -> None:
    refused = api.post("/brand-kits", {"name": "A", "minimum_price": 1, "styles": ["x/none"]})
    assert {e["field"] for e in refused.json()["errors"]} == {"minimum_price", "styles"} and refused.status_code == 422
    assert api.get("/brand-kits").json() == {"items": []}


def test_an_order_uses_a_brand_kit_and_keeps_what_it_was(api: Caller, order: dict[str, object]) -> None:
    kit = api.post("/brand-kits", KIT).json()
    wanted = {**order, "brand_kit": kit["id"], "series": "Forest"}
    quote = api.post("/quotes", wanted).json()
    assert quote["model"] == "builtin/gouache"
    made = api.post("/projects", {**wanted, "quote_id": quote["id"]}, Idempotency_Key="k").json()
    assert made["brand_kit"] == {"id": kit["id"], "name": "Fern & Fox"} and made["series"] == "Forest"
    assert made["quote"]["total"] == quote["total"]
    project = Project.objects.get(pk=made["public_id"])
    assert project.options["color_palette"] == "sage green"
    api("PATCH", f"/brand-kits/{kit['id']}", {"name": "New", "palette": "red"})
    again = api.post("/projects", {**wanted, "quote_id": quote["id"]}, Idempotency_Key="k").json()
    assert again["public_id"] == made["public_id"] and again["brand_kit"]["name"] == "Fern & Fox"
    problem(
        api.post("/projects", {**wanted, "quote_id": quote["id"], "brand_kit": ""}, Idempotency_Key="k"),
        "idempotency-conflict",
        409,
    )


def test_a_series_is_listed_filtered_by_and_fixes_the_look(
    api: Caller, stranger: Caller, order: dict[str, object], world: World
) -> None:
    api.post("/projects", {**order, "series": "Forest", "options": {"color_palette": "sage"}})
    world.clock.advance(1)
    second = api.post("/projects", {**order, "idea": "garden birds", "series": "FOREST"}).json()
    assert second["series"] == "Forest"
    world.clock.advance(1)
    api.post("/projects", order)
    listed = api.get("/projects?series=forest").json()["items"]
    assert {p["series"] for p in listed} == {"Forest"} and len(listed) == 2
    assert api.get("/projects?series=none").json()["items"] == []
    [entry] = api.get("/series").json()["items"]
    assert (entry["name"], entry["projects"], entry["options"]) == ("Forest", 2, {"color_palette": "sage"})
    assert (
        stranger.get("/series").json() == {"items": []}
        and stranger.get("/projects?series=Forest").json()["items"] == []
    )
    refused = api.post("/projects", {**order, "series": "Forest", "options": {"color_palette": "red"}})
    assert [e["field"] for e in refused.json()["errors"]] == ["options.color_palette"] and refused.status_code == 422


def test_rows_of_a_batch_use_the_brand_kit_of_its_defaults(api: Caller, order: dict[str, object]) -> None:
    kit = api.post("/brand-kits", KIT).json()
    rows = [{"idea": "red fox"}, {"idea": "barn owl"}]
    defaults = {"product": "sticker", "count": 1, "brand_kit": kit["id"], "series": "Forest"}
    done = api.post("/batches", {"defaults": defaults, "rows": rows})
    assert done.status_code == 201, done.content
    requested_launches.launch_due()
    made = list(Project.objects.order_by("public_id"))
    assert len(made) == 2 and {p.brand["id"] for p in made if p.brand} == {kit["id"]}
    assert {p.options["color_palette"] for p in made} == {"sage green"} and len({p.series_id for p in made}) == 1


def test_a_row_of_a_batch_names_its_brand_kit_and_one_that_is_not_there_is_refused_by_row_and_name(
    api: Caller, order: dict[str, object]
) -> None:
    api.post("/brand-kits", KIT)
    sticker = {"product": "sticker", "count": 1}
    body = {
        "defaults": sticker,
        "rows": [{"idea": "owl", "brand_kit": "FERN & fox"}, {"idea": "fox", "brand_kit": "Acme"}],
    }
    refused = api.post("/batches", body)
    assert refused.status_code == 422 and refused.json()["errors"] == [
        {"field": "rows.2.brand_kit", "detail": "Row 2: You have no brand kit named “Acme”."}
    ]
    assert not Project.objects.exists()
    body["rows"].pop()  # type: ignore[attr-defined]
    assert api.post("/batches", body).status_code == 201
    requested_launches.launch_due()
    assert Project.objects.get().brand["name"] == "Fern & Fox"  # type: ignore[index]


def test_another_sellers_brand_kit_is_not_there_for_an_order(
    api: Caller, stranger: Caller, order: dict[str, object]
) -> None:
    kit = api.post("/brand-kits", KIT).json()
    refused = stranger.post("/projects", {**order, "brand_kit": kit["id"]})
    assert refused.status_code == 422 and [e["field"] for e in refused.json()["errors"]] == ["brand_kit"]
    assert stranger.get("/brand-kits").json() == {"items": []}
    assert not Project.objects.exists()


def test_every_product_type_can_have_a_price() -> None:
    assert set(ProductPrices.model_fields) == {product.value for product in Product}
