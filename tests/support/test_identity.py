"""Signing in through the identity server: the whole way there and back against a server of its own, who is let in, and who isn't."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.core import mail as outbox
from django.core.cache import cache
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from elistit import config
from elistit.accounts.models import User
from elistit.credits import ledger
from tests.providers_outside.loopback import Loopback, Reply, closed_port

pytestmark = pytest.mark.django_db
LOGIN, CALLBACK = "/account/oidc/login/", "/account/oidc/callback/"
SECRET = "identity-secret-0123456789abcdef"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of an identity server of its own."""
    with run_server_in_thread() as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture(autouse=True)
def _mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "memory:")
    monkeypatch.delenv("ELISTIT_SIGNUP", raising=False)
    outbox.outbox = []
    cache.clear()


@pytest.fixture
def studio(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    set_up(monkeypatch, server)
    return server


def set_up(monkeypatch: pytest.MonkeyPatch, issuer: str, **more: str) -> None:
    names = {"ISSUER": issuer, "CLIENT_ID": "studio", "CLIENT_SECRET": SECRET, "NAME": "Paper & Co", **more}
    for name, value in names.items():
        monkeypatch.setenv(f"ELISTIT_OIDC_{name}", value)


def person(server: str, sub: str, **claims: object) -> str:
    """Make somebody known to the identity server."""
    assert httpx.put(f"{server}/users/{sub}", json=claims).status_code == 204
    return sub


def go(client: Client, sub: str) -> Any:
    """From the button over the server's own form back to the studio. The studio's last answer."""
    there = client.get(LOGIN)
    assert there.status_code == 302, there.content
    back = httpx.post(there["Location"], data={"sub": sub})
    assert back.status_code == 302, back.text
    parts = urlsplit(back.headers["location"])
    assert (parts.netloc, parts.path) == ("testserver", CALLBACK)
    return client.get(f"{parts.path}?{parts.query}")


def signed_in(client: Client) -> str:
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk).email if pk else ""


def test_the_button_is_there_only_where_a_server_is_set_up(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert LOGIN not in client.get("/enter/").content.decode()
    assert client.get(LOGIN).status_code == 404 and client.get(CALLBACK).status_code == 404
    set_up(monkeypatch, "https://id.example")
    assert "Sign in with Paper &amp; Co" in client.get("/enter/").content.decode()


def test_a_person_with_an_account_signs_in_and_lands_where_they_wanted(
    client: Client, studio: str, alice: User
) -> None:
    person(studio, "a-1", email="Alice@Example.com", email_verified=True)
    client.get("/enter/?next=/settings/billing/")
    assert go(client, "a-1")["Location"] == "/settings/billing/" and signed_in(client) == "alice@example.com"
    assert User.objects.count() == 1
    linked = SocialAccount.objects.get()
    assert (linked.user, linked.uid, linked.provider) == (alice, "a-1", "oidc")
    # The account is linked by the server's own name for the person: a changed address there leads to the same account here.
    person(studio, "a-1", email="ali@elsewhere.example", email_verified=True)
    again = Client()
    go(again, "a-1")
    assert signed_in(again) == "alice@example.com" and SocialAccount.objects.count() == 1
    assert [message.subject for message in outbox.outbox] == ["A new way to sign in to your account"]
    assert "through Paper & Co" in outbox.outbox[0].body
    assert not SocialToken.objects.exists() and not SocialApp.objects.exists(), "nothing of the server's is kept"


@pytest.mark.parametrize("claim", [{}, {"email_verified": False}, {"email_verified": "false"}, {"email_verified": 1.5}])
@pytest.mark.parametrize("signup", ["closed", "open"])
def test_an_address_the_server_has_not_verified_opens_nothing(
    client: Client, studio: str, alice: User, monkeypatch: pytest.MonkeyPatch, claim: dict[str, object], signup: str
) -> None:
    monkeypatch.setenv("ELISTIT_OIDC_SIGNUP", signup)
    person(studio, "thief", email="alice@example.com", **claim)
    answer = go(client, "thief")
    assert answer.status_code == 403 and "hasn&#x27;t verified" in answer.content.decode().replace("'", "&#x27;")
    assert not signed_in(client) and not SocialAccount.objects.exists()
    assert User.objects.count() == 1


def test_a_server_that_writes_the_claim_as_text_is_understood(client: Client, studio: str, alice: User) -> None:
    person(studio, "a-2", email="alice@example.com", email_verified="true")
    go(client, "a-2")
    assert signed_in(client) == "alice@example.com"


def test_strangers_get_an_account_only_where_that_is_allowed(
    client: Client, studio: str, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    person(studio, "new", email="new@example.com", email_verified=True)
    monkeypatch.setenv("ELISTIT_SIGNUP", "open")  # Signing up by mail is another door.
    assert "Sign-up is closed" in go(client, "new").content.decode()
    assert User.objects.count() == 1 and not signed_in(client)
    monkeypatch.setenv("ELISTIT_OIDC_SIGNUP", "open")
    assert go(client, "new")["Location"] == "/" and signed_in(client) == "new@example.com"
    made = User.objects.get(email="new@example.com")
    assert ledger.balance(made.pk) == 30 and not made.is_staff and not made.has_usable_password()
    assert EmailAddress.objects.get(user=made).verified and not outbox.outbox


def test_the_first_person_from_the_server_operates_the_studio(
    client: Client, studio: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELISTIT_OIDC_SIGNUP", "open")
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "off:")
    person(studio, "boss", email="boss@example.com", email_verified=True)
    assert go(client, "boss")["Location"] == "/console/setup/"
    assert User.objects.get().is_staff


def test_a_sign_up_nobody_finished_is_not_a_trap(
    client: Client, studio: str, monkeypatch: pytest.MonkeyPatch, alice: User
) -> None:
    """Somebody signs up with another's address and a password of theirs; the owner of the address comes through the server."""
    monkeypatch.setenv("ELISTIT_SIGNUP", "open")
    thief = Client()
    thief.post("/account/signup/", {"email": "vera@example.com", "password1": "a rather long phrase"})
    stub = User.objects.get(email="vera@example.com")
    assert stub.has_usable_password()
    person(studio, "vera", email="vera@example.com", email_verified=True)
    go(client, "vera")
    stub.refresh_from_db()
    assert not stub.has_usable_password(), "the password of whoever began is gone"


def test_a_second_factor_is_asked_for_here_too(client: Client, studio: str, alice: User) -> None:
    TOTP.activate(alice, "JBSWY3DPEHPK3PXP")
    assert Authenticator.objects.filter(user=alice).exists()
    person(studio, "a-3", email="alice@example.com", email_verified=True)
    assert go(client, "a-3")["Location"].startswith("/account/security/authenticate/")
    assert not signed_in(client)


def test_an_account_that_is_shut_stays_shut(client: Client, studio: str, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    person(studio, "a-4", email="alice@example.com", email_verified=True)
    go(client, "a-4")
    assert not signed_in(client)


def test_the_request_has_a_state_and_a_challenge_and_takes_nothing_from_the_address(
    client: Client, studio: str
) -> None:
    asked = parse_qs(urlsplit(client.get(f"{LOGIN}?scope=admin&process=connect&auth_params=prompt%3Dnone").url).query)
    assert set(asked["scope"][0].split()) == {"openid", "email", "profile"} and asked["code_challenge_method"] == [
        "S256"
    ]
    assert asked["state"][0] and "prompt" not in asked and SECRET not in str(asked)
    assert asked["redirect_uri"] == [f"http://testserver{CALLBACK}"]


def test_another_browser_s_answer_is_refused(client: Client, studio: str, alice: User) -> None:
    person(studio, "a-5", email="alice@example.com", email_verified=True)
    back = httpx.post(client.get(LOGIN)["Location"], data={"sub": "a-5"}).headers["location"]
    victim = Client()
    assert victim.get(CALLBACK + "?" + urlsplit(back).query).status_code == 403 and not signed_in(victim)
    assert client.get(CALLBACK + "?code=made-up&state=made-up").status_code == 403


def test_who_cancels_is_told_and_nothing_happens(client: Client, studio: str) -> None:
    state = parse_qs(urlsplit(client.get(LOGIN)["Location"]).query)["state"][0]
    answer = client.get(CALLBACK, {"error": "access_denied", "state": state})
    assert answer.status_code == 200 and "You canceled the sign-in" in answer.content.decode()


def test_a_server_that_is_down_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(monkeypatch, closed_port())
    answer = client.get(LOGIN)
    assert answer.status_code == 503 and "isn't responding correctly" in answer.content.decode()


class Liar(Loopback):
    """An identity server whose two answers can differ."""

    issuer, about, token_for = "", {}, "x"

    def serve(self, handler: Any) -> None:
        handler.close_connection = True
        handler.rfile.read(int(handler.headers.get("content-length") or 0))
        raw, kind = self.handle(handler.command, handler.path, None).raw()
        handler.send_response(200)
        handler.send_header("content-type", kind)
        handler.send_header("content-length", str(len(raw)))
        handler.end_headers()
        handler.wfile.write(raw)

    def handle(self, method: str, path: str, body: Any) -> Reply:
        if path.startswith("/.well-known"):
            ends = {f"{name}_endpoint": f"{self.url}/{name}" for name in ("authorization", "token", "userinfo")}
            return Reply(200, {"issuer": self.issuer or self.url, "jwks_uri": f"{self.url}/keys", **ends})
        if path.startswith("/token"):
            claims = {"iss": self.issuer or self.url, "aud": "studio", "sub": self.token_for, "exp": 4_000_000_000}
            claims |= {"iat": 1_700_000_000}
            signed = jwt.encode(claims, SECRET, algorithm="HS256") if self.token_for else ""
            return Reply(200, {"access_token": "t", "token_type": "bearer", "id_token": signed})
        return Reply(200, {"email": "alice@example.com", "email_verified": True, **self.about})


@pytest.mark.parametrize(
    ("token_for", "about", "issuer", "let_in"),
    [
        ("x", {"sub": "x"}, "", True),
        ("x", {"sub": "somebody else"}, "", False),
        ("x", {}, "", False),
        ("", {"sub": "x"}, "", False),
        ("x", {"sub": "x"}, "https://other.example", False),
    ],
    ids=["honest", "two people", "nobody", "no ID token", "another issuer"],
)
def test_what_a_server_says_must_agree(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch,
    token_for: str, about: dict[str, str], issuer: str, let_in: bool,
) -> None:  # fmt: skip
    with Liar() as liar:
        liar.token_for, liar.about, liar.issuer = token_for, about, issuer
        set_up(monkeypatch, liar.url)
        state = parse_qs(urlsplit(client.get(LOGIN)["Location"]).query)["state"][0]
        answer = client.get(CALLBACK, {"code": "c", "state": state})
    assert bool(signed_in(client)) is let_in and answer.status_code in ((302,) if let_in else (403, 503))


def test_a_part_of_the_settings_is_refused_at_the_start() -> None:
    wrong = config.read({"ELISTIT_OIDC_ISSUER": "https://id.example"}).problems
    assert [problem.name for problem in wrong] == ["ELISTIT_OIDC_ISSUER"]
    plain = {"ISSUER": "http://id.example", "CLIENT_ID": "a", "CLIENT_SECRET": "b"}
    assert config.read({f"ELISTIT_OIDC_{name}": value for name, value in plain.items()}).problems
