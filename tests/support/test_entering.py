"""Ways in: a code, a password, a passkey's page; a new seller where sign-up is open; and nobody is told who is here."""

from __future__ import annotations

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.contrib.sessions.models import Session
from django.core import mail as outbox
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver

from elistit.accounts import links
from elistit.accounts.models import User
from elistit.credits import ledger
from elistit.support import entering

pytestmark = pytest.mark.django_db

GOOD = "a rather long phrase"


@pytest.fixture(autouse=True)
def _mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "memory:")
    monkeypatch.delenv("ELISTIT_SIGNUP", raising=False)
    outbox.outbox = []
    cache.clear()


def ask(client: Client, email: str) -> object:
    return client.post("/account/login/code/", {"email": email}, follow=True)


def code() -> str:
    found = re.search(r"\b[0-9]{6}\b", outbox.outbox[-1].body)
    assert found
    return found[0]


def confirm(client: Client, digits: str) -> object:
    return client.post("/account/login/code/confirm/", {"code": digits})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def sign_up(client: Client, email: str) -> object:
    client.post("/account/signup/", {"email": email})
    return client.post("/account/confirm-email/", {"code": code()})


def test_a_code_signs_its_owner_in_once_and_leads_where_they_wanted(client: Client, alice: User) -> None:
    client.get("/enter/?next=/settings/billing/")
    ask(client, " Alice@Example.com ")
    right = code()
    assert "Nobody from the studio" in outbox.outbox[-1].body and outbox.outbox[-1].alternatives
    answer = confirm(client, f" {right} ")
    assert answer["Location"] == "/settings/billing/" and signed_in(client)  # type: ignore[index]
    other = Client()
    ask(other, "bob@example.com")
    confirm(other, right)
    assert not signed_in(other)


def test_who_has_an_account_is_not_told(client: Client, alice: User) -> None:
    known = ask(client, "alice@example.com").content.decode()  # type: ignore[attr-defined]
    unknown = ask(Client(), "nobody@example.com").content.decode()  # type: ignore[attr-defined]
    alike = re.compile(r'csrfmiddlewaretoken" value="[^"]+"')
    assert alike.sub("", known).replace("alice@", "nobody@") == alike.sub("", unknown)
    assert len(outbox.outbox) == 1 and not User.objects.filter(email="nobody@example.com").exists()


def test_signing_up_with_an_address_that_is_here_tells_only_its_owner(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELISTIT_SIGNUP", "open")
    known = client.post("/account/signup/", {"email": "alice@example.com"}, follow=True).content.decode()
    assert "You have an account" in outbox.outbox[-1].subject and "/account/password/reset/" in outbox.outbox[-1].body
    fresh = Client().post("/account/signup/", {"email": "nobody@example.com"}, follow=True).content.decode()
    alike = re.compile(r'csrfmiddlewaretoken" value="[^"]+"')
    assert alike.sub("", known).replace("alice@", "nobody@") == alike.sub("", fresh)


def test_a_new_address_becomes_a_seller_with_the_trial_only_where_sign_up_is_open(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = client.post("/account/signup/", {"email": "new@example.com"})
    assert b"invitation-only" in closed.content and not User.objects.exists() and not outbox.outbox
    monkeypatch.setenv("ELISTIT_SIGNUP", "open")
    client.post("/account/signup/", {"email": "new@example.com"})
    person = User.objects.get(email="new@example.com")
    assert ledger.balance(person.pk) == 0 and not signed_in(client), "not before the address is shown to be theirs"
    client.post("/account/confirm-email/", {"code": code()})
    assert ledger.balance(person.pk) == 30 and signed_in(client) and not person.is_staff
    assert not person.has_usable_password()
    entering.address_confirmed(EmailAddress.objects.get(user=person))
    assert ledger.balance(person.pk) == 30


def test_an_address_given_up_for_another_brings_no_second_trial(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELISTIT_SIGNUP", "open")
    sign_up(client, "first@example.com")
    client.post("/account/email/", {"action_add": "", "email": "second@example.com"})
    client.post("/account/confirm-email/", {"code": code()})
    person = User.objects.get()
    assert person.email == "second@example.com" and ledger.balance(person.pk) == 30
    cache.clear()
    again = Client()
    sign_up(again, "first@example.com")
    newcomer = User.objects.get(email="first@example.com")
    assert signed_in(again) and ledger.balance(newcomer.pk) == 0
    assert again.get("/").status_code == 200


def test_a_code_is_good_for_five_tries(client: Client, alice: User) -> None:
    ask(client, "alice@example.com")
    right = code()
    wrong = "000000" if right != "000000" else "000001"
    for _ in range(5):
        confirm(client, wrong)
    confirm(client, right)
    assert not signed_in(client)


def test_a_code_is_good_for_ten_minutes(client: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(client, "alice@example.com")
    later = time.time() + 601
    monkeypatch.setattr(time, "time", lambda: later)
    confirm(client, code())
    assert not signed_in(client)


def test_few_codes_can_be_asked_for(client: Client, alice: User) -> None:
    answers = [ask(Client(), "alice@example.com") for _ in range(4)]
    assert len(outbox.outbox) == 3
    assert b"Too many attempts" in answers[-1].content  # type: ignore[attr-defined]
    strangers = [ask(Client(), f"n{number}@example.com") for number in range(20)]
    assert b"Too many attempts" in strangers[-1].content  # type: ignore[attr-defined]


def test_somebody_shut_out_stays_out(client: Client, alice: User) -> None:
    ask(client, "alice@example.com")
    User.objects.update(is_active=False)
    confirm(client, code())
    assert not signed_in(client) or client.get("/").status_code == 302


def test_no_code_can_be_read_in_the_database(client: Client, alice: User) -> None:
    ask(client, "alice@example.com")
    stored = Session.objects.get().session_data
    assert client.session.get("account_login"), "it is in the session"
    assert code() not in stored and stored.startswith("gAAAA"), "and the session is sealed"


def test_a_session_sealed_with_another_key_is_an_empty_one(client: Client, alice: User, settings: object) -> None:
    client.force_login(alice)
    Session.objects.update(session_data="gAAAAABnot-a-session")
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("typed", ["", "nobody", "a@b", "a@example.com\nBcc: x@example.com", "a@x.y,b@x.yy"])
def test_what_is_no_address_is_refused_and_nothing_is_sent(client: Client, typed: str) -> None:
    answer = ask(client, typed)
    assert b'class="error"' in answer.content and not outbox.outbox  # type: ignore[attr-defined]


def test_without_mail_the_door_says_how_to_get_a_link(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "/account/login/code/" in client.get("/enter/").content.decode()
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "off:")
    monkeypatch.setenv("ELISTIT_SIGNUP", "open")
    door = client.get("/enter/").content.decode()
    assert "elistit users link" in door and "/account/login/code/" not in door
    assert b"invitation-only" in client.get("/account/signup/").content


def test_a_mail_server_that_is_away_is_said_so(client: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "smtp://127.0.0.1:1?tls=no")
    answer = ask(client, "alice@example.com")
    assert answer.status_code == 503  # type: ignore[attr-defined]
    assert b"Our mail server isn't responding" in answer.content  # type: ignore[attr-defined]


def test_a_password_can_be_set_used_and_forgotten(client: Client, alice: User) -> None:
    client.post(f"/enter/{links.make_link(alice)}")
    short = client.post("/account/password/set/", {"password1": "short", "password2": "short"})
    assert b"at least 10 characters" in short.content
    done = client.post("/account/password/set/", {"password1": GOOD, "password2": GOOD}, follow=True)
    assert b"Your password is set" in done.content and signed_in(client)
    assert "password" in outbox.outbox[-1].subject.lower(), "its owner is told"
    other = Client()
    assert b'class="error"' in other.post("/account/login/", {"login": alice.email, "password": "wrong"}).content
    other.post("/account/login/", {"login": alice.email, "password": GOOD})
    assert signed_in(other)
    forgetful = Client()
    forgetful.post("/account/password/reset/", {"email": alice.email})
    found = re.search(r"/account/password/reset/key/\S+", outbox.outbox[-1].body)
    assert found
    page = forgetful.get(found[0], follow=True)
    key_page = page.redirect_chain[-1][0]
    forgetful.post(key_page, {"password1": GOOD + " new", "password2": GOOD + " new"})
    last = Client()
    last.post("/account/login/", {"login": alice.email, "password": GOOD})
    assert not signed_in(last)
    assert forgetful.get(found[0], follow=True).content.count(b"This link no longer works") >= 1, (
        "the address works once"
    )


def test_passwords_cannot_be_tried_without_end(client: Client, alice: User) -> None:
    alice.set_password(GOOD)
    alice.save()
    for _ in range(5):
        client.post("/account/login/", {"login": alice.email, "password": "wrong"})
    answer = client.post("/account/login/", {"login": alice.email, "password": GOOD})
    assert not signed_in(client) and b"Too many attempts" in answer.content


def test_an_authenticator_app_is_asked_for_and_its_secret_is_sealed(client: Client, alice: User) -> None:
    client.post(f"/enter/{links.make_link(alice)}")
    page = client.get("/account/security/totp/activate/")
    secret = page.context["form"].secret
    digits = hotp_value(secret, next(yield_hotp_counters_from_time()))
    answer = client.post("/account/security/totp/activate/", {"code": f"{digits:06}"}, follow=True)
    assert answer.status_code == 200
    row = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert secret not in str(row.data) and row.data["secret"].startswith("gAAAA")
    other = Client()
    ask(other, alice.email)
    assert confirm(other, code())["Location"].startswith("/account/security/authenticate/")  # type: ignore[index]
    assert not signed_in(other), "a code by e-mail alone is not enough any more"


@pytest.mark.parametrize(
    "address",
    [
        "/account/security/", "/account/security/webauthn/", "/account/security/webauthn/add/", "/account/sessions/",
        "/account/email/", "/account/password/set/", "/account/security/totp/activate/",
    ],
)  # fmt: skip
def test_the_account_pages_are_for_their_owner(client: Client, alice: User, address: str) -> None:
    assert client.get(address)["Location"].startswith(("/enter/", "/account/login/"))
    client.post(f"/enter/{links.make_link(alice)}")
    page = client.get(address)
    assert page.status_code == 200 and b'aria-label="Settings"' in page.content


def test_signing_out_everywhere_else(client: Client, alice: User) -> None:
    client.post(f"/enter/{links.make_link(alice)}")
    other = Client()
    other.post(f"/enter/{links.make_link(alice)}")
    assert b"Sign out everywhere else" in client.get("/account/sessions/").content
    client.post("/account/sessions/")
    assert client.get("/").status_code == 200 and other.get("/").status_code == 302


def addresses() -> list[str]:
    """Every address of the program, from its own list, with 1 or a public id in each place."""
    found: list[str] = []

    def walk(patterns: list[object], prefix: str) -> None:
        for p in patterns:
            text = re.sub(r"\(\?P<\w+>.*\)|<[^>]+>", "1", str(p.pattern)).strip("^$").replace("/?", "/")  # type: ignore[attr-defined]
            if hasattr(p, "url_patterns"):
                walk(p.url_patterns, prefix + text)
            else:
                found.append("/" + prefix + text)

    walk(get_resolver().url_patterns, "")
    return sorted(set(found))


OPEN_TO_ALL = re.compile(
    r"/(push-worker\.js|\.well-known/elistit-proof-keys\.json|enter/.*|prices/|help/.*|healthz|readyz|metrics|hooks/stripe/|hooks/replicate/.*|mail/off/.*|api/.*|integrations/\w+/back/"
    r"|account/(login/.*|signup/.*|inactive/|password/reset/.*|confirm-email/|security/webauthn/login/|logout/))"
)


def test_a_stranger_sees_nothing_at_any_address_of_the_program(client: Client, alice: User) -> None:
    closed = [a for a in addresses() if not OPEN_TO_ALL.fullmatch(a)]
    assert len(closed) > 60
    for address in closed:
        answer = client.get(address)
        assert answer.status_code in (302, 403, 404, 405), (address, answer.status_code)
        assert alice.email.encode() not in answer.content


def test_another_persons_passkey_is_not_there(client: Client, alice: User, bob: User) -> None:
    hers = Authenticator.objects.create(
        user=alice, type=Authenticator.Type.WEBAUTHN, data={"name": "Hers", "credential": {}}
    )
    client.post(f"/enter/{links.make_link(bob)}")
    for end in ("remove", "edit"):
        for method in (client.get, client.post):
            assert method(f"/account/security/webauthn/keys/{hers.pk}/{end}/", {"name": "mine"}).status_code == 404
    hers.refresh_from_db()
    assert hers.data["name"] == "Hers"


def test_a_code_is_never_in_the_subject_of_its_mail(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELISTIT_SIGNUP", "open")
    ask(client, "alice@example.com")
    Client().post("/account/signup/", {"email": "new@example.com"})
    assert len(outbox.outbox) == 2
    for sent in outbox.outbox:
        assert re.search(r"\b[0-9]{6}\b", str(sent.body)) and not re.search(r"[0-9]", sent.subject)


def test_an_address_gets_twenty_codes_a_day_and_again_the_day_after(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    for number in range(25):
        monkeypatch.setattr(time, "time", lambda at=now + 61 * number: at)
        answer = ask(Client(), "Alice@example.com")
    assert len(outbox.outbox) == 20
    assert b"until tomorrow" in answer.content  # type: ignore[attr-defined]
    monkeypatch.setattr(time, "time", lambda: now + 86_400 + 61 * 25)
    ask(Client(), "alice@example.com")
    assert len(outbox.outbox) == 21
