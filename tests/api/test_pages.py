"""Settings → Webhooks: added and shown once, refused in the same words as over the API, sent again, gone when deleted."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from elistit.api import pages
from elistit.api.models import WebhookDelivery, WebhookEndpoint
from elistit.api.webhooks import delivering
from elistit.network.sending import Answer
from tests.api.conftest import Caller
from tests.conformance.conftest import World

HERE = "/settings/webhooks/"


@pytest.fixture
def page(api: Caller, world: World) -> Client:
    client = Client()
    client.force_login(api.user)
    return client


@pytest.fixture
def other(stranger: Caller) -> Client:
    client = Client()
    client.force_login(stranger.user)
    return client


def add(page: Client, url: str = "https://example.com/hook") -> WebhookEndpoint:
    page.post(HERE, {"url": url, "event": list(pages.EVENT_WORDS)})
    return WebhookEndpoint.objects.get(url=url)


def test_the_secret_is_shown_once_and_the_webhook_stays(page: Client) -> None:
    answer = page.post(HERE, {"url": " https://example.com/hook ", "event": ["project.failed"]})
    shown = answer.content.decode()
    assert re.search(r"whsec_\S{20,}", shown) and "no-store" in answer["Cache-Control"]
    later = page.get(HERE).content.decode()
    assert "https://example.com/hook" in later and "whsec_" not in later
    assert WebhookEndpoint.objects.get().events == ["project.failed"]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"url": "http://127.0.0.1/", "event": ["project.failed"]}, "example.com/here"),
        ({"url": "not an address", "event": ["project.failed"]}, "Enter the URL of your endpoint"),
        ({"url": "https://example.com/here"}, "Choose at least one event"),
        ({"url": "https://example.com/here", "event": ["nonsense"]}, "Choose at least one event"),
    ],
)
def test_what_cannot_be_added_is_said_beside_its_field(page: Client, sent: dict[str, object], words: str) -> None:
    answer = page.post(HERE, sent)
    shown = answer.content.decode()
    assert answer.status_code == 422 and 'id="url-error"' in shown and str(sent["url"]) in shown
    assert words in shown or words == "example.com/here"
    assert not WebhookEndpoint.objects.exists()


def test_the_log_shows_every_try_and_a_delivery_is_sent_again(
    page: Client, other: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = add(page)
    world.clock.advance(1)
    project = world.to_gate()
    monkeypatch.setattr(delivering, "_post", lambda delivery, timestamp: Answer(500, 12, "The receiver answered 500."))
    assert delivering.deliver_due() == 1
    delivery = WebhookDelivery.objects.get()
    log = page.get(f"{HERE}{hook.pk}/").content.decode()
    assert (
        "The receiver answered 500." in log and project.pk in log and delivery.pk in log and "Not delivered yet" in log
    )
    again = f"{HERE}{hook.pk}/deliveries/{delivery.pk}/resend/"
    assert other.post(again).status_code == 404 and page.get(again).status_code == 405
    page.post(again)
    monkeypatch.setattr(delivering, "_post", lambda delivery, timestamp: Answer(204, 3, "Delivered."))
    assert delivering.deliver_due() == 1
    assert "Not delivered yet" not in page.get(f"{HERE}{hook.pk}/").content.decode()
    delivery.refresh_from_db()
    assert delivery.state == WebhookDelivery.State.DELIVERED and delivery.tries == 2


def test_a_webhook_that_was_switched_off_sends_nothing_again(page: Client, world: World) -> None:
    hook = add(page)
    world.clock.advance(1)
    world.to_gate()
    delivering.collect()
    delivery = WebhookDelivery.objects.get()
    WebhookEndpoint.objects.update(disabled_at=hook.created_at, disabled_reason="The endpoint answered 410 Gone.")
    assert "410 Gone" in page.get(f"{HERE}{hook.pk}/").content.decode()
    answer = page.post(f"{HERE}{hook.pk}/deliveries/{delivery.pk}/resend/", follow=True)
    assert "is disabled" in answer.content.decode()


def test_another_persons_webhook_is_not_there(page: Client, other: Client) -> None:
    hook = add(page)
    for method, end in (("get", ""), ("post", "delete/")):
        assert getattr(other, method)(f"{HERE}{hook.pk}/{end}").status_code == 404
    assert hook.url not in other.get(HERE).content.decode()
    page.post(f"{HERE}{hook.pk}/delete/")
    assert not WebhookEndpoint.objects.exists()
