"""Print on demand in the pages: offered only where it is set up and a file is there, by plain forms, in plain words."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.conf import settings
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.actions import print_drafts
from elistit.delivery import print_link
from elistit.delivery.models import PrintDraft
from elistit.projects import changes
from elistit.projects.models import Project
from elistit.projects.states import Stage
from tests.delivery.gelato_server import SMALL, FakeGelato
from tests.delivery.prints import PERSON, PLACE, gelato, poster, quoted
from tests.studio.conftest import add_file, booked, bring_to

__all__ = ["gelato", "poster"]
pytestmark = pytest.mark.django_db


def shown(page: Client, address: str, status: int = 200) -> str:
    answer = page.get(address)
    assert answer.status_code == status, answer.status_code
    return html.unescape(answer.content.decode())


def test_sellers_see_nothing_until_it_is_set_up(
    page: Client, poster: Project, alice: User, gelato: FakeGelato, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = quoted(alice, poster)
    assert "Print on demand" in shown(page, f"/projects/{poster.pk}/downloads/")
    monkeypatch.delenv("ELISTIT_GELATO_KEY")
    assert "Print on demand" not in shown(page, f"/projects/{poster.pk}/downloads/")
    shown(page, f"/projects/{poster.pk}/print/", 404)
    shown(page, f"/projects/{poster.pk}/print/{row.pk}/", 404)


def test_a_bundle_and_an_unfinished_poster_offer_no_prints(
    page: Client, alice: User, gelato: FakeGelato, finished: Project
) -> None:
    add_file(finished, "print", "x.png", b"x", 1)
    assert "Print on demand" not in shown(page, f"/projects/{finished.pk}/downloads/")


def test_from_size_to_draft_to_deletion(page: Client, poster: Project, alice: User, gelato: FakeGelato) -> None:
    at = f"/projects/{poster.pk}/print/"
    first = shown(page, at)
    assert "30 × 45 cm (11.8 × 17.7 in), 609 DPI" in first and "60 × 90 cm" in first
    assert "140 × 210" not in first, "it would print below 150 DPI"
    answer = page.post(at, {"size": SMALL, **PLACE})
    row = PrintDraft.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"{at}{row.pk}/"
    quote = shown(page, f"{at}{row.pk}/")
    assert "11.50 USD" in quote and "4.05 USD" in quote and "Courier" in quote and "New York, NY, 11203, US" in quote
    page.post(f"{at}{row.pk}/", {**PERSON, "shipping": "courier"})
    draft = shown(page, f"{at}{row.pk}/")
    assert (
        "Nothing is printed until it is submitted there" in draft and "Ada Recipient" in draft and "9.90 USD" in draft
    )
    gelato.orders[PrintDraft.objects.get().order_id]["fulfillmentStatus"] = "pending_approval"
    page.post(f"{at}{row.pk}/status/")
    assert "(Gelato: pending_approval)" in shown(page, f"{at}{row.pk}/")
    assert "Draft" in shown(page, at)
    page.post(f"{at}{row.pk}/delete/")
    assert gelato.orders == {} and "Deleted" in shown(page, at)
    assert "Ada" not in shown(page, f"{at}{row.pk}/")


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    page: Client, poster: Project, alice: User, gelato: FakeGelato
) -> None:
    at = f"/projects/{poster.pk}/print/"
    answer = page.post(at, {"size": SMALL, **PLACE, "country": "Narnia"})
    text = html.unescape(answer.content.decode())
    assert answer.status_code == 422 and 'id="country-error"' in text and 'value="New York"' in text
    row = quoted(alice, poster)
    answer = page.post(f"{at}{row.pk}/", {**PERSON, "email": "ada", "shipping": "courier"})
    text = html.unescape(answer.content.decode())
    assert answer.status_code == 422 and 'id="email-error"' in text and 'value="451 Clarkson Ave"' in text
    assert re.search(r'value="courier" checked', text)
    gelato.refuse = {"create": (400, {"message": "The <b>postal code</b> is unknown."}, {})}
    answer = page.post(f"{at}{row.pk}/", {**PERSON, "shipping": "courier"})
    assert answer.status_code == 422 and "&lt;b&gt;postal code" in answer.content.decode()
    again = shown(page, f"{at}{row.pk}/")
    assert 'value="451 Clarkson Ave"' in again and "so it wasn't created" in again


def test_while_gelato_is_down_the_page_says_so(page: Client, poster: Project, gelato: FakeGelato) -> None:
    gelato.refuse = {"catalog": (503, b"", {})}
    text = shown(page, f"/projects/{poster.pk}/print/")
    assert "Gelato had a problem. Try again in a minute." in text and "Get a quote" not in text


def test_an_unconfirmed_draft_offers_only_to_check(
    page: Client, poster: Project, alice: User, gelato: FakeGelato
) -> None:
    row = quoted(alice, poster)
    gelato.lose = {"create": "after"}
    page.post(f"/projects/{poster.pk}/print/{row.pk}/", PERSON)
    text = shown(page, f"/projects/{poster.pk}/print/{row.pk}/")
    assert "Not confirmed" in text and "Check status" in text and "Create a draft order" not in text
    gelato.lose = {}
    page.post(f"/projects/{poster.pk}/print/{row.pk}/status/")
    assert '<strong id="print-state">Draft</strong>' in shown(page, f"/projects/{poster.pk}/print/{row.pk}/")


def fetched(row: PrintDraft) -> str:
    return print_drafts.link(row).removeprefix(settings.BASE_URL)


def test_gelato_fetches_the_file_without_signing_in(
    client: Client, poster: Project, alice: User, gelato: FakeGelato, clock: ports.FixedClock
) -> None:
    row = print_drafts.create(alice, poster.pk, quoted(alice, poster).pk, PERSON)
    sent = gelato.orders[row.order_id]["items"][0]["files"][0]["url"]
    assert sent == print_drafts.link(row) and sent.endswith("/print.png")
    answer = client.get(fetched(row))
    assert answer.status_code == 200 and answer["Content-Type"] == "image/png" and "no-store" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined]
    assert client.post(fetched(row)).status_code == 405
    clock.advance(print_link.DAYS * 86_400 - 5)
    assert client.get(fetched(row)).status_code == 200
    clock.advance(5)
    assert client.get(fetched(row)).status_code == 404


def test_the_address_opens_nothing_else(client: Client, poster: Project, alice: User, gelato: FakeGelato) -> None:
    row, other = quoted(alice, poster), quoted(alice, poster)
    right = fetched(row)
    token = right.split("/")[4]
    later = int((row.link_until + dt.timedelta(days=1)).timestamp())
    for wrong in (
        right.replace(row.pk, other.pk), right.replace(token, "A" * 27), right.replace(str(int(row.link_until.timestamp())), str(later)),
    ):  # fmt: skip
        assert wrong != right and client.get(wrong).status_code == 404
    assert client.get(right).status_code == 200
    print_drafts.delete(alice, poster.pk, row.pk)
    assert client.get(right).status_code == 404, "deleted"
    changes.move_stage(poster.pk, Stage.DELETED)
    assert client.get(fetched(other)).status_code == 404, "the project is deleted"


def test_another_persons_quote_is_not_there(
    bobs: Client, bob: User, alice: User, poster: Project, gelato: FakeGelato
) -> None:
    row = quoted(alice, poster)
    own = bring_to(booked(bob), Stage.AWAITING_APPROVAL)
    for pk in (poster.pk, own.pk):
        for end in ("", "status/", "delete/"):
            answer = bobs.post(f"/projects/{pk}/print/{row.pk}/{end}", PERSON)
            assert answer.status_code == 404
    row.refresh_from_db()
    assert row.state == "quoted"
