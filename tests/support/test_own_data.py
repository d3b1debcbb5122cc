"""Settings → Your data: what the page promises is what is asked for, by the person alone and never by accident."""

from __future__ import annotations

import re

import pytest
from django.core import mail as outbox
from django.test import Client

from elistit import ports
from elistit.accounts.data_models import DataExport, Erasure
from elistit.accounts.models import User
from elistit.maintenance.own_data import exporting

pytestmark = pytest.mark.django_db
PAGE, ERASE = "/settings/data/", "/settings/data/erase/"


def text(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def shown(client: Client) -> str:
    found = re.search(r'name="shown" value="([^"]+)"', text(client, ERASE))
    assert found
    return found[1]


def test_an_export_is_asked_for_on_the_page_and_downloaded_by_its_owner_alone(
    page: Client, alice: User, bob: User
) -> None:
    assert "No exports yet" in text(page)
    page.post(PAGE + "export/", {"files": "on"})
    export = DataExport.objects.get()
    assert export.with_files and "Being prepared" in text(page) and "Download" not in text(page)
    address = f"/settings/data/exports/{export.pk}/"
    assert page.get(address).status_code == 302
    exporting.build_due()
    assert address in text(page)
    answer = page.get(address)
    assert answer["Content-Type"] == "application/zip" and answer["Cache-Control"] == "private, no-store"
    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    other = Client()
    other.force_login(bob)
    assert other.get(address).status_code == 404 and Client().get(address).status_code == 302


def test_erasing_takes_the_address_typed_and_the_figures_as_shown(page: Client, alice: User) -> None:
    assert "You lose 30 credits" in text(page, ERASE)
    figures = shown(page)
    for typed in ("", "bob@example.com"):
        answer = page.post(ERASE, {"email": typed, "shown": figures})
        assert answer.status_code == 422 and b"Type alice@example.com to confirm" in answer.content
    assert page.post(ERASE, {"email": "alice@example.com", "shown": "31:0:0"}).status_code == 422
    assert not Erasure.objects.exists()
    page.post(ERASE, {"email": " Alice@Example.com ", "shown": figures})
    erasure = Erasure.objects.get()
    assert (erasure.due_at - ports.now()).days == 7 and "Your account is being erased" in text(page)
    assert page.get(ERASE).status_code == 302
    page.post("/settings/data/withdraw/")
    erasure.refresh_from_db()
    assert erasure.withdrawn_at is not None and "Erase account" in text(page)


def test_a_request_is_mailed_so_that_nobody_else_can_make_it_unseen(
    page: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "memory:")
    outbox.outbox = []
    page.post(ERASE, {"email": "alice@example.com", "shown": shown(page)})
    (message,) = outbox.outbox
    assert message.to == ["alice@example.com"] and message.subject == "Your Elistit account will be erased"
    assert "/settings/data/" in message.body and "If it wasn't you" in message.body
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "smtp://127.0.0.1:9?tls=no")
    page.post("/settings/data/withdraw/")
    page.post(ERASE, {"email": "alice@example.com", "shown": shown(page)})
    assert Erasure.objects.filter(withdrawn_at=None).count() == 1


def test_who_has_a_password_shows_it_again(page: Client, alice: User) -> None:
    alice.set_password("a rather long phrase")
    alice.save()
    client = Client()
    client.force_login(alice)
    assert "reauthenticate" in client.get(ERASE)["Location"]
    answer = client.post(ERASE, {"email": "alice@example.com", "shown": "30:0:0"})
    assert "reauthenticate" in answer["Location"] and not Erasure.objects.exists()


def test_an_operator_is_told_why_not(page: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    assert "You work for this studio" in text(page, ERASE)
    page.post(ERASE, {"email": "alice@example.com", "shown": "30:0:0"}, follow=True)
    assert not Erasure.objects.exists()
