"""A code by e-mail lets its owner in once, tells nobody who has an account, and cannot be guessed."""

from __future__ import annotations

import re

import pytest
from django.core import mail as outbox
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import ledger
from elistit.support import entering
from elistit.support.models import EntryCode

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "memory:")
    monkeypatch.delenv("ELISTIT_SIGNUP", raising=False)
    outbox.outbox = []


def ask(client: Client, email: str) -> object:
    return client.post("/enter/code/", {"email": email}, follow=True)


def code() -> str:
    found = re.search(r"\b[0-9]{6}\b", outbox.outbox[-1].body)
    assert found
    return found[0]


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_code_signs_its_owner_in_once_and_leads_where_they_wanted(client: Client, alice: User) -> None:
    client.get("/enter/?next=/settings/billing/")
    ask(client, " Alice@Example.com ")
    right = code()
    answer = client.post("/enter/code/check/", {"code": f" {right[:3]} {right[3:]} "})
    assert answer["Location"] == "/settings/billing/" and signed_in(client)
    other = Client()
    session = other.session
    session["entry_email"] = "alice@example.com"
    session.save()
    assert other.post("/enter/code/check/", {"code": right}).status_code == 422


def test_who_has_an_account_is_not_told(client: Client, alice: User) -> None:
    known = ask(client, "alice@example.com").content.decode()  # type: ignore[attr-defined]
    unknown = ask(Client(), "nobody@example.com").content.decode()  # type: ignore[attr-defined]
    alike = re.compile(r'csrfmiddlewaretoken" value="[^"]+"')
    assert alike.sub("", known).replace("alice@", "nobody@") == alike.sub("", unknown)
    assert len(outbox.outbox) == 1 and not User.objects.filter(email="nobody@example.com").exists()


def test_a_new_address_becomes_a_seller_with_the_trial_only_where_sign_up_is_open(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELISTIT_SIGNUP", "open")
    ask(client, "new@example.com")
    assert not User.objects.filter(email="new@example.com").exists(), "not before the address is shown to be theirs"
    client.post("/enter/code/check/", {"code": code()})
    person = User.objects.get(email="new@example.com")
    assert ledger.balance(person.pk) == 30 and signed_in(client) and not person.is_staff
    assert not person.has_usable_password()


def test_a_code_is_good_for_five_tries(client: Client, alice: User) -> None:
    ask(client, "alice@example.com")
    right = code()
    wrong = "000000" if right != "000000" else "000001"
    for _ in range(5):
        assert client.post("/enter/code/check/", {"code": wrong}).status_code == 422
    assert client.post("/enter/code/check/", {"code": right}).status_code == 422 and not signed_in(client)


def test_a_code_is_good_for_ten_minutes_and_only_the_newest(
    client: Client, alice: User, clock: ports.FixedClock
) -> None:
    ask(client, "alice@example.com")
    first = code()
    ask(client, "alice@example.com")
    if first != code():
        assert entering.redeem("alice@example.com", first) is None
    clock.advance(601)
    assert entering.redeem("alice@example.com", code()) is None
    clock.advance(3600)
    ask(client, "alice@example.com")
    assert entering.redeem("alice@example.com", code()) == alice


def test_few_codes_can_be_asked_for(client: Client, alice: User, clock: ports.FixedClock) -> None:
    for _ in range(3):
        ask(client, "alice@example.com")
    assert ask(client, "alice@example.com").status_code == 429  # type: ignore[attr-defined]
    assert len(outbox.outbox) == 3
    for number in range(17):
        ask(client, f"n{number}@example.com")
    assert ask(client, "one-more@example.com").status_code == 429  # type: ignore[attr-defined]
    clock.advance(3601)
    assert ask(client, "alice@example.com").status_code == 200  # type: ignore[attr-defined]


def test_a_code_of_one_person_is_nothing_to_another(client: Client, alice: User, bob: User) -> None:
    ask(client, "alice@example.com")
    hers = code()
    ask(Client(), "bob@example.com")
    if hers != code():
        assert entering.redeem("bob@example.com", hers) is None


def test_somebody_shut_out_stays_out(client: Client, alice: User) -> None:
    ask(client, "alice@example.com")
    User.objects.update(is_active=False)
    assert entering.redeem("alice@example.com", code()) is None


def test_no_code_and_no_address_of_the_asker_is_stored(client: Client, alice: User) -> None:
    ask(client, "alice@example.com")
    row = EntryCode.objects.values().get()
    assert code() not in str(row) and "127.0.0.1" not in str(row)


@pytest.mark.parametrize(
    "typed", ["", "nobody", "a@b", "a b@example.com", "a@example.com\nBcc: x@example.com", "a@x.y,b@x.yy"]
)
def test_what_is_no_address_is_refused_and_nothing_is_sent(client: Client, typed: str) -> None:
    assert ask(client, typed).status_code == 422  # type: ignore[attr-defined]
    assert not outbox.outbox and not EntryCode.objects.exists()


def test_without_mail_there_is_no_such_page_and_the_door_says_how_to_get_a_link(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "/enter/code/" in client.get("/enter/").content.decode()
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "off:")
    assert client.get("/enter/code/").status_code == 404
    assert client.get("/enter/code/check/").status_code == 404
    assert "elistit users link" in client.get("/enter/").content.decode()


def test_a_mail_server_that_is_away_is_said_so(client: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "smtp://127.0.0.1:1?tls=no")
    answer = ask(client, "alice@example.com")
    assert answer.status_code == 503  # type: ignore[attr-defined]
    assert b"our mail server did not answer" in answer.content  # type: ignore[attr-defined]
