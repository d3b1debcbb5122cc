"""What the pages promise about messages is what this installation does: with mail, without it, and for this person."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from django.core import mail as outbox
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.projects.models import Project
from elistit.support import due, mail, mailbox
from elistit.support.models import MailPreference

pytestmark = pytest.mark.django_db
NOTIFICATIONS = "/settings/notifications/"


def said(client: Client, address: str) -> str:
    text = client.get(address).content.decode().split("<main")[1]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


WAYS = [
    ("smtp://mail.example.com", mailbox.Way.SENT, "Sent to alice@example.com."),
    ("smtps://mail.example.com", mailbox.Way.SENT, "Sent to alice@example.com."),
    ("file:///tmp/mail", mailbox.Way.KEPT, "only stored on the operator's computer"),
    ("console:", mailbox.Way.KEPT, "only stored on the operator's computer"),
    ("off:", mailbox.Way.OFF, "this studio doesn't send e-mail"),
]


@pytest.mark.parametrize(("url", "way", "words"), WAYS)
def test_the_page_says_what_happens_to_messages_here(
    page: Client, monkeypatch: pytest.MonkeyPatch, url: str, way: mailbox.Way, words: str
) -> None:
    monkeypatch.setenv("ELISTIT_EMAIL_URL", url)
    assert mailbox.way() is way and words in said(page, NOTIFICATIONS)


def test_without_a_setting_mail_is_kept_locally_and_off_in_production(
    page: Client, monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path
) -> None:
    monkeypatch.delenv("ELISTIT_EMAIL_URL", raising=False)
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    assert mailbox.way() is mailbox.Way.KEPT and not (tmp_path / "mail").exists(), "asking makes nothing"
    settings.PRODUCTION = True  # type: ignore[attr-defined]
    assert mailbox.way() is mailbox.Way.OFF and mailbox.connection() is None


def test_an_address_no_mail_arrives_at_is_said(page: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "smtp://mail.example.com")
    User.objects.filter(pk=alice.pk).update(email="seller@localhost")
    assert "can't receive e-mail" in said(page, NOTIFICATIONS)


def test_the_page_lists_the_webhooks_that_are_called(page: Client, alice: User, bob: User) -> None:
    assert "None. Add a webhook" in said(page, NOTIFICATIONS)
    for owner, url, off in (
        (alice, "https://a.example/hook", None),
        (alice, "https://old.example", ports.now()),
        (bob, "https://b.example", None),
    ):
        owner.webhook_endpoints.create(url=url, events=["project.completed"], secret="x", disabled_at=off)
    shown = said(page, NOTIFICATIONS)
    assert "https://a.example/hook (project.completed)" in shown
    assert "old.example" not in shown and "b.example" not in shown


def test_get_help_promises_a_mail_exactly_when_one_is_sent(
    page: Client, failed: Project, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/projects/{failed.pk}/help/"
    by_mail, here = "on this page and by e-mail to alice@example.com", "It isn't sent by e-mail, so check back here."
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "off:")
    assert here in said(page, address) and by_mail not in said(page, address)
    asked = page.post(address, {"expected": "Fifteen images, please.", "key": ports.new_id()}, follow=True)
    assert "Sent. You&#x27;ll get the answer on this page. It isn&#x27;t sent by e-mail" in asked.content.decode()
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "memory:")
    assert by_mail in said(page, address) and here not in said(page, address)
    request = alice.help_requests.get()
    mail.send_due()
    outbox.outbox = []
    request.answer, request.answered_at = "Launch it again.", ports.now()
    request.save()
    assert mail.send_due() == 1 and outbox.outbox[0].to == ["alice@example.com"]
    MailPreference.objects.create(pk=alice.pk, off=[due.ANSWERED])
    assert here in said(page, address)
