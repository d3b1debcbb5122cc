"""Who may see and do what: read from the OpenAPI document itself, so that a new route cannot be forgotten here."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from elistit import ports
from elistit.accounts.data_models import DataExport
from elistit.accounts.models import ApiKey
from elistit.api.application import document
from elistit.api.models import WebhookDelivery
from elistit.api.webhooks import delivering
from elistit.delivery.models import PrintDraft
from elistit.listings.models import EtsyShop
from elistit.projects import form_templates
from elistit.projects.models import Project, Upload
from tests.api.conftest import ORDER, Caller, problem
from tests.conformance.conftest import World
from tests.delivery.gelato_server import SMALL
from tests.delivery.prints import PERSON, PLACE

OPERATIONS = [(method.upper(), path) for path, methods in document()["paths"].items() for method in methods]
OWNED = [(method, path) for method, path in OPERATIONS if "_id}" in path]
SHOP = "50000001"
BODIES = {
    "/api/v1/projects/{public_id}/listing": {
        "title": "Fox",
        "tags": ["fox"],
        "description": "A fox.",
        "price_cents": 300,
    },
    "/api/v1/projects/{public_id}/items/{number}/choose": {"round": 1},
    "/api/v1/projects": ORDER,
    "/api/v1/quotes": ORDER,
    "/api/v1/batches": {"rows": [ORDER], "launch": False},
    "/api/v1/webhooks": {"url": "https://example.com/"},
    "/api/v1/projects/{public_id}": {"name": "Mine"},
    "/api/v1/shops/{shop_id}": {"label": "Mine"},
    "/api/v1/projects/{public_id}/shop": {"shop": SHOP},
    "/api/v1/projects/{public_id}/plan": {},
    "/api/v1/shops/{shop_id}/template": {"closing": "Mine"},
    "/api/v1/shops/{shop_id}/schedule": {"enabled": True},
    "/api/v1/projects/{public_id}/titles": {"title": "Mine"},
    "/api/v1/brand-kits": {"name": "Mine"},
    "/api/v1/brand-kits/{kit_id}": {"name": "Mine"},
    "/api/v1/templates/{template_id}/launch": {"idea": "Mine"},
    "/api/v1/projects/{public_id}/translations": {"languages": ["de"]},
    "/api/v1/account/exports": {"files": False},
    "/api/v1/projects/{public_id}/print-drafts": {"size": SMALL, **PLACE},
    "/api/v1/projects/{public_id}/print-drafts/{print_id}/create": PERSON,
}


FULL_ONLY = {"/api/v1/account/exports/{export_id}/file"}
"""Reading that takes a key with full access, because everything about a person is in it."""


@pytest.fixture
def theirs(api: Caller, world: World) -> dict[str, str]:
    """Everything of one seller that a path can name."""
    batch = api.post("/batches", BODIES["/api/v1/batches"]).json()["id"]
    kit = api.post("/brand-kits", {"name": "Theirs"}).json()["id"]
    template, _ = form_templates.save(api.user, "Theirs", {"product": "sticker", "idea": "owl"})
    webhook = api.post("/webhooks", {"url": "https://example.com/hook"}).json()["id"]
    world.clock.advance(1)
    project = world.to_gate()
    delivering.collect()
    file = project.files.first()
    assert file is not None
    upload = Upload.objects.create(
        owner=api.user, name="art.png", kind="png", path="uploads/a.png", preview="uploads/p.webp", width=9, height=9, bytes=1, alpha=True
    )  # fmt: skip
    EtsyShop.objects.create(
        owner=api.user, shop_id=int(SHOP), shop_name="Theirs", access_token=b"x", refresh_token=b"x",
        expires_at=world.clock.now(),
    )  # fmt: skip
    print_draft = PrintDraft.objects.create(
        reference=ports.new_id(), owner=api.user, project=project.pk, file=file.pk, file_name=file.name, product=SMALL,
        size="30 × 45 cm", dpi=300, destination=PLACE, price="1.00", currency="USD", shipping=[], link_until=world.clock.now(),
    )  # fmt: skip
    return {
        "shop_id": SHOP, "public_id": project.pk, "number": "1", "file_id": str(file.pk), "webhook_id": webhook,
        "delivery_id": WebhookDelivery.objects.get().pk, "upload_id": upload.pk, "batch_id": batch, "template_id": template.pk, "language": "de",
        "export_id": DataExport.objects.create(owner=api.user).pk,
        "kit_id": kit, "kit": "shopify", "print_id": print_draft.pk,
    }  # fmt: skip


def fill(path: str, values: dict[str, str]) -> str:
    return re.sub(r"{(\w+)}", lambda found: values[found[1]], path)


def test_the_document_names_the_promised_paths() -> None:
    promised = {
        "/quotes", "/projects", "/projects/{public_id}", "/projects/{public_id}/activity", "/projects/{public_id}/files",
        "/projects/{public_id}/items", "/projects/{public_id}/approve", "/projects/{public_id}/retry-draft", "/projects/{public_id}/make-print-ready",
        "/projects/{public_id}/skip-draft", "/projects/{public_id}/items/{number}/keep",
        "/projects/{public_id}/items/{number}/drop", "/projects/{public_id}/items/{number}/remake", "/credits",
        "/credits/transactions", "/prices", "/models", "/products",
    }  # fmt: skip
    assert {f"/api/v1{path}" for path in promised} <= set(document()["paths"])
    assert ("DELETE", "/api/v1/projects/{public_id}") in OPERATIONS


def test_another_sellers_things_are_not_there(
    subtests: pytest.Subtests, theirs: dict[str, str], stranger: Caller, api: Caller, world: World
) -> None:
    before = api.get(f"/projects/{theirs['public_id']}").json()
    assert OWNED
    for method, path in OWNED:
        with subtests.test(method=method, path=path):
            problem(stranger(method, fill(path, theirs), BODIES.get(path)), "not-found", 404)
            assert api.get(f"/projects/{theirs['public_id']}").json() == before
            assert Project.objects.get(pk=theirs["public_id"]).owner == world.user


def test_a_file_is_found_only_under_its_own_project(theirs: dict[str, str], stranger: Caller) -> None:
    own = stranger.launch()["public_id"]
    problem(stranger.get(f"/projects/{own}/files/{theirs['file_id']}"), "not-found", 404)


def test_without_a_good_key_nothing_is_answered(subtests: pytest.Subtests, theirs: dict[str, str], api: Caller) -> None:
    good = api.key
    revoked = ApiKey.issue(api.user)
    assert ApiKey.revoke(api.user, ApiKey.objects.get(hint=revoked[:10]).pk)
    headers = (
        "",
        "Bearer",
        "Bearer ",
        "Bearer elk_wrong",
        f"Basic {good}",
        f"Bearer {revoked}",
        f"Bearer {'x' * 9999}",
        good,
    )
    before = api.get(f"/projects/{theirs['public_id']}").json()
    for method, path in OPERATIONS:
        with subtests.test(method=method, path=path):
            for header in headers:
                response = api(method, fill(path, theirs), BODIES.get(path), Authorization=header)
                problem(response, "unauthorized", 401)
                assert response["WWW-Authenticate"].startswith("Bearer")
            assert Project.objects.count() == 1
            assert api.get(f"/projects/{theirs['public_id']}").json() == before


def test_a_read_only_key_only_reads(subtests: pytest.Subtests, theirs: dict[str, str], api: Caller) -> None:
    reader = Caller(api.user, ApiKey.Scope.READ)
    before = api.get(f"/projects/{theirs['public_id']}").json()
    for method, path in OPERATIONS:
        with subtests.test(method=method, path=path):
            response = reader(method, fill(path, theirs), BODIES.get(path))
            if path in FULL_ONLY:
                problem(response, "action-not-allowed", 403)
            elif method == "GET":
                # A kit of a project that waits for approval isn't there yet.
                # So are its prints, and no Gelato is set up here.
                early = path.endswith("/print-sizes") or "/kits/" in path
                early = early and response.status_code == 409
                assert early or response.status_code in (200, 503), response.content
            else:
                problem(response, "read-only-key", 403)
            assert api.get(f"/projects/{theirs['public_id']}").json() == before


def test_somebody_who_was_shut_out_has_no_key(api: Caller) -> None:
    get_user_model().objects.filter(pk=api.user.pk).update(is_active=False)
    problem(api.get("/credits"), "unauthorized", 401)


def test_one_cannot_revoke_the_key_of_another(api: Caller, stranger: Caller) -> None:
    assert not ApiKey.revoke(stranger.user, ApiKey.objects.get(user=api.user).pk)
    assert api.get("/credits").status_code == 200


def test_a_key_needs_no_csrf_token_and_a_session_is_no_key(api: Caller) -> None:
    signed_in = Client(enforce_csrf_checks=True)
    signed_in.force_login(api.user)
    problem(signed_in.get("/api/v1/credits"), "unauthorized", 401)
    problem(signed_in.post("/api/v1/projects", ORDER, "application/json"), "unauthorized", 401)
    assert api.post("/projects", ORDER).status_code == 201


def test_neither_the_key_nor_its_digest_is_ever_answered(api: Caller, theirs: dict[str, str]) -> None:
    kept = ApiKey.objects.get(user=api.user)
    assert kept.digest != api.key and api.key not in str(vars(kept))
    for method, path in OPERATIONS:
        if method == "GET" and "file_id" not in path:
            text = api.get(fill(path, theirs)).content.decode()
            assert api.key not in text and kept.digest not in text and "whsec_" not in text
