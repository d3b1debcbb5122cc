"""Integrations, API keys and the first visit: only what works is offered, secrets are shown once, a press is one act."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client

from elistit.accounts.models import ApiKey, User, digest
from elistit.credits import ledger
from elistit.listings.etsy.sandbox import Sandbox
from elistit.listings.models import EtsyShop
from elistit.projects.models import Project

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_etsy_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_URL", "AUTH_URL", "TOKEN_URL", "KEYSTRING", "SHARED_SECRET"):
        monkeypatch.delenv(f"ELISTIT_ETSY_{name}", raising=False)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# ---- Etsy -----------------------------------------------------------------------------------------------------------


def test_without_a_keystring_nothing_is_offered_and_it_says_why(page: Client) -> None:
    shown = text(page, "/settings/integrations/")
    assert "Etsy is not set up on this studio" in shown
    assert "/etsy/connect/" not in shown
    answer = page.post("/settings/integrations/etsy/connect/", follow=True)
    assert b"Etsy is not set up on this installation yet." in answer.content
    assert not EtsyShop.objects.exists()


def test_only_an_operator_reads_what_to_set(page: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_FAULTS", "generating=transient*all")
    for name in ("CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.delenv(f"ELISTIT_GOOGLE_{name}", raising=False)
    shown = text(page, "/settings/integrations/")
    assert "ELISTIT_" not in shown and "The studio operator can set it up." in shown
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    shown = text(page, "/settings/integrations/")
    for name in ("ELISTIT_FAULTS", "ELISTIT_ETSY_KEYSTRING", "ELISTIT_GOOGLE_CLIENT_ID"):
        assert name in shown


@pytest.mark.parametrize("practices", [True, False])
def test_every_page_says_when_nothing_reaches_etsy(
    page: Client, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, practices: bool
) -> None:
    monkeypatch.delenv("ELISTIT_PRACTICE_SHOP", raising=False)
    if practices:
        monkeypatch.setenv("ELISTIT_PRACTICE_SHOP", sandbox.url)
    for address in ("/", "/new/", "/settings/integrations/", "/settings/billing/"):
        assert ("Practice shop</strong> — nothing reaches Etsy." in text(page, address)) is practices
    assert ("Connect a practice shop" in text(page, "/settings/integrations/")) is practices
    page.post("/settings/integrations/etsy/connect/")
    assert [shop.sandbox_url for shop in EtsyShop.objects.all()] == ([sandbox.url] if practices else [])


def with_keystring(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    """The sandbox stands in for Etsy by its consent and token addresses; the API's own name is not loopback, as with
    Etsy itself, until the exchange asks for it."""
    monkeypatch.setenv("ELISTIT_ETSY_KEYSTRING", "our-keystring")
    monkeypatch.setenv("ELISTIT_ETSY_SHARED_SECRET", "our-secret")
    monkeypatch.setenv("ELISTIT_ETSY_AUTH_URL", sandbox.url)
    monkeypatch.setenv("ELISTIT_ETSY_TOKEN_URL", sandbox.url)


def consent(answer: object) -> dict[str, str]:
    """What Etsy sends back through the browser after the seller agreed."""
    assert answer.status_code == 302  # type: ignore[attr-defined]
    location = httpx.get(answer["Location"], follow_redirects=False, trust_env=False).headers["location"]  # type: ignore[index]
    assert urlsplit(location).path == "/integrations/etsy/back/"
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def test_a_shop_is_connected_through_etsys_own_page(
    page: Client, alice: User, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_keystring(monkeypatch, sandbox)
    answer = page.get("/settings/integrations/")
    assert b"Connect your Etsy shop" in answer.content
    assert f"form-action 'self' {sandbox.url};" in answer["Content-Security-Policy"]
    brought = consent(page.post("/settings/integrations/etsy/connect/"))
    monkeypatch.setenv("ELISTIT_ETSY_API_URL", sandbox.url)
    done = page.get("/integrations/etsy/back/", brought, follow=True)
    shop = EtsyShop.objects.get(owner=alice)
    assert f"{shop} is connected" in done.content.decode()
    again = page.get("/integrations/etsy/back/", brought, follow=True)
    assert b"was not started here, or is already complete" in again.content


def test_a_consent_that_was_not_started_here_connects_nothing(
    page: Client, bobs: Client, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_keystring(monkeypatch, sandbox)
    brought = consent(bobs.post("/settings/integrations/etsy/connect/"))
    page.post("/settings/integrations/etsy/connect/")
    monkeypatch.setenv("ELISTIT_ETSY_API_URL", sandbox.url)
    answer = page.get("/integrations/etsy/back/", brought, follow=True)
    assert b"This sign-in was not started here." in answer.content
    assert not EtsyShop.objects.exists()
    assert b"not started here" in page.get("/integrations/etsy/back/?code=x&state=", follow=True).content


def test_a_seller_who_says_no_is_told_that_nothing_was_connected(
    page: Client, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_keystring(monkeypatch, sandbox)
    state = consent(page.post("/settings/integrations/etsy/connect/"))["state"]
    answer = page.get("/integrations/etsy/back/", {"error": "access_denied", "state": state}, follow=True)
    assert b"nothing was connected" in answer.content and not EtsyShop.objects.exists()


def test_a_sandbox_on_this_machine_offers_a_practice_shop(
    page: Client, alice: User, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELISTIT_ETSY_API_URL", sandbox.url)
    assert "Connect a practice shop" in text(page, "/settings/integrations/")
    page.post("/settings/integrations/etsy/connect/")
    shop = EtsyShop.objects.get(owner=alice)
    assert shop.sandbox_url == sandbox.url
    shown = text(page, "/settings/integrations/")
    assert str(shop) in shown and "practice shop on this machine" in shown
    page.post(f"/settings/shops/{shop.shop_id}/disconnect/")
    assert not EtsyShop.objects.exists()
    sandbox.stop()
    assert b"could not be reached" in page.post("/settings/integrations/etsy/connect/", follow=True).content


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("ELISTIT_ETSY_API_URL", "https://openapi.etsy.com"),
        ("ELISTIT_ETSY_API_URL", "https://10.0.0.5:9000"),
        ("ELISTIT_PRACTICE_SHOP", "http://10.0.0.5:9000"),
        ("ELISTIT_PRACTICE_SHOP", "http://example.com"),
        ("ELISTIT_PRACTICE_SHOP", "nonsense"),
    ],
)
def test_another_machine_is_never_taken_for_the_sandbox(
    page: Client, monkeypatch: pytest.MonkeyPatch, name: str, url: str
) -> None:
    monkeypatch.setenv(name, url)
    assert "practice shop" not in text(page, "/settings/integrations/")


def test_a_connection_that_ended_says_why_and_what_to_do(
    page: Client, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELISTIT_ETSY_API_URL", sandbox.url)
    page.post("/settings/integrations/etsy/connect/")
    EtsyShop.objects.update(disconnected_reason="Etsy does not accept this connection any more.")
    shown = text(page, "/settings/integrations/")
    assert "is no longer connected" in shown and "Etsy does not accept this connection any more." in shown
    assert "Reconnect" in shown


def test_another_persons_shop_is_neither_shown_nor_disconnected(
    page: Client, bobs: Client, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELISTIT_ETSY_API_URL", sandbox.url)
    page.post("/settings/integrations/etsy/connect/")
    assert "Disconnect" not in text(bobs, "/settings/integrations/")
    number = EtsyShop.objects.get().shop_id
    bobs.post(f"/settings/shops/{number}/disconnect/")
    assert bobs.post(f"/settings/shops/{number}/", {"label": "Mine"}).status_code == 404
    shop = EtsyShop.objects.get()
    assert shop.label == ""


def test_no_token_is_ever_on_the_page(page: Client, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_ETSY_API_URL", sandbox.url)
    page.post("/settings/integrations/etsy/connect/")
    shown = text(page, "/settings/integrations/")
    for token in (*sandbox.world.access, *sandbox.world.refresh):
        assert token not in shown and token.split(".")[1] not in shown


# ---- API keys -------------------------------------------------------------------------------------------------------


def test_a_key_is_shown_once_and_works_until_it_is_revoked(page: Client, alice: User) -> None:
    answer = page.post("/settings/keys/", {"name": "My script", "scope": "read"})
    secret = re.search(r"elk_[A-Za-z0-9_-]{43}", answer.content.decode())
    assert secret and "no-store" in answer["Cache-Control"]
    key = ApiKey.objects.get(user=alice)
    assert (key.digest, key.name, key.scope) == (digest(secret[0]), "My script", "read")
    shown = text(page, "/settings/keys/")
    assert secret[0] not in shown and "My script" in shown and "Read-only" in shown
    page.post(f"/settings/keys/{key.pk}/revoke/")
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert "My script" not in text(page, "/settings/keys/")


def test_a_key_needs_a_name_and_an_unknown_scope_is_the_smaller_one(page: Client) -> None:
    assert page.post("/settings/keys/", {"name": "  "}).status_code == 422
    assert not ApiKey.objects.exists()
    page.post("/settings/keys/", {"name": "x", "scope": "everything-and-more"})
    assert ApiKey.objects.get().scope == "read"


def test_there_is_an_end_to_how_many_keys_one_has(page: Client, alice: User) -> None:
    for number in range(20):
        ApiKey.issue(alice, f"key {number}")
    assert page.post("/settings/keys/", {"name": "one more", "scope": "full"}).status_code == 422
    assert ApiKey.objects.count() == 20


def test_another_persons_key_is_not_there(page: Client, bobs: Client, alice: User) -> None:
    ApiKey.issue(alice, "hers")
    key = ApiKey.objects.get()
    assert bobs.post(f"/settings/keys/{key.pk}/revoke/").status_code == 404
    assert "hers" not in text(bobs, "/settings/keys/")
    key.refresh_from_db()
    assert key.revoked_at is None


# ---- the first visit ------------------------------------------------------------------------------------------------


def sample_form(client: Client) -> dict[str, str]:
    form = text(client, "/").split('action="/welcome/sample/"')[1].split("</form>")[0]
    return dict(re.findall(r'name="(seen|key)" value="([^"]+)"', form))


def test_the_first_project_can_be_a_sample_on_the_house(page: Client, alice: User) -> None:
    before = ledger.balance(alice.pk)
    shown = text(page, "/")
    assert "free sample" in shown and "Launch the free sample" in shown and f"you keep your {before} credits" in shown
    form = sample_form(page)
    answers = {page.post("/welcome/sample/", form)["Location"] for _ in range(2)}
    answers |= {page.post("/welcome/sample/", {**form, "key": "another-page-of-the-same-0001"})["Location"]}
    project = Project.objects.get()
    assert answers == {f"/projects/{project.pk}/"} and project.count == 15 and project.owner == alice
    assert ledger.job_money(project.jobs.get().pk).charged == 17 and ledger.balance(alice.pk) == before
    assert "Launch the free sample" not in text(page, "/")
    history = text(page, "/settings/billing/")
    assert "Your free sample project" in history and "Project launched" in history and project.name in history


def a_first_project(alice: User) -> None:
    """One that came before, and was deleted since."""
    Project.objects.create(
        owner=alice, name="Before", product="clipart", idea="x", ratio="1:1", count=1, seed=1, stage="deleted"
    )


def test_later_it_costs_what_it_costs(page: Client, alice: User) -> None:
    free = sample_form(page)
    a_first_project(alice)
    before = ledger.balance(alice.pk)
    assert b"only free as your first project" in page.post("/welcome/sample/", free, follow=True).content
    assert "Launch the sample for 17 credits" in text(page, "/")
    page.post("/welcome/sample/", sample_form(page))
    assert ledger.balance(alice.pk) == before - 17


def test_the_sample_is_not_launched_at_a_price_nobody_saw(page: Client) -> None:
    form = sample_form(page)
    for changed in ({"seen": "3"}, {"seen": ""}, {"key": "x"}):
        answer = page.post("/welcome/sample/", {**form, **changed}, follow=True)
        assert b"The price has changed" in answer.content
    assert not Project.objects.exists()
    assert page.get("/welcome/sample/").status_code == 405


def test_a_balance_that_does_not_cover_a_second_sample_is_told_so(page: Client, alice: User) -> None:
    a_first_project(alice)
    ledger.adjust(alice.pk, -20, reason="A test", actor="test", idempotency_key="less")
    shown = text(page, "/")
    assert "You have 10 credits, which isn't enough." in shown and "launch-sample" not in shown


@pytest.mark.parametrize(
    "address", ["/settings/integrations/", "/settings/keys/", "/settings/notifications/", "/integrations/etsy/back/"]
)
def test_settings_are_for_those_who_signed_in(client: Client, address: str) -> None:
    assert client.get(address)["Location"].startswith("/enter/?next=")
