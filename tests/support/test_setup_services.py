"""What `elistit doctor` says of each service that is configured: right, or what is wrong and how to mend it. Never a key."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings

from elistit.delivery.google_drive.config import GoogleConfig
from elistit.listings.etsy.sandbox import Sandbox
from elistit.support.setup import services
from tests.delivery.gelato_server import sheet
from tests.providers_outside.loopback import Loopback, Reply, closed_port

KEY = "doctor-key-0123456789abcdef"
NOBODY = closed_port()
WEB_PAGE = Reply(200, b"<html>Welcome</html>", {"content-type": "text/html"})
BUSY = Reply(503, b"")


class Saying(Loopback):
    """Answers every request with `reply`."""

    reply = Reply()

    def handle(self, method: str, path: str, body: Any) -> Reply:
        return self.reply

    def serve(self, handler: Any) -> None:
        with self.lock:
            raw, kind = self.reply.raw()
        handler.close_connection = True
        handler.rfile.read(int(handler.headers.get("content-length") or 0))
        handler.send_response(self.reply.status)
        for name, value in {"content-type": kind, "content-length": str(len(raw)), **self.reply.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(raw)


@pytest.fixture
def server() -> Iterator[Saying]:
    with Saying() as running:
        yield running


@pytest.fixture(autouse=True)
def _nothing_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in [n for n in os.environ if n.startswith(("ELISTIT_", "AWS_")) and n != "ELISTIT_DATA"]:
        monkeypatch.delenv(name)


ETSY = {"ELISTIT_ETSY_API_URL": "{url}", "ELISTIT_ETSY_KEYSTRING": "keystring", "ELISTIT_ETSY_SHARED_SECRET": KEY}
GOOGLE = {
    "ELISTIT_GOOGLE_TOKEN_URL": "{url}/token",
    "ELISTIT_GOOGLE_CLIENT_ID": "id",
    "ELISTIT_GOOGLE_CLIENT_SECRET": KEY,
}
STRIPE = {"ELISTIT_STRIPE_API_URL": "{url}", "ELISTIT_STRIPE_KEY": KEY, "ELISTIT_STRIPE_WEBHOOK_SECRET": "whsec_" + KEY}
OIDC = {"ELISTIT_OIDC_ISSUER": "{url}", "ELISTIT_OIDC_CLIENT_ID": "studio", "ELISTIT_OIDC_CLIENT_SECRET": KEY}
DISCOVERY = {
    "issuer": "https://id.example", "authorization_endpoint": "x", "token_endpoint": "x", "userinfo_endpoint": "x", "jwks_uri": "x",
}  # fmt: skip
LLM = {"ELISTIT_LLM_URL": "{url}", "ELISTIT_LLM_KEY": KEY, "ELISTIT_LLM_MODEL": "small"}
OPENAI = {"ELISTIT_OPENAI_API_URL": "{url}", "ELISTIT_OPENAI_KEY": KEY}
REPLICATE = {"ELISTIT_REPLICATE_API_URL": "{url}", "ELISTIT_REPLICATE_TOKEN": KEY}
RECRAFT = {"ELISTIT_RECRAFT_API_URL": "{url}", "ELISTIT_RECRAFT_KEY": KEY}
GELATO = {"ELISTIT_GELATO_PRODUCT_URL": "{url}", "ELISTIT_GELATO_ORDER_URL": "{url}", "ELISTIT_GELATO_KEY": KEY}
LOOK_KEYS = "Look at the settings of these providers"

# (check, environment, what the service answers (None: nobody is there), what doctor saw, how to mend it; no fix: all is well)
CASES: list[tuple[str, dict[str, str], Reply | None, str, str]] = [
    ("Etsy", {}, None, "not configured", ""),
    ("Etsy", ETSY, Reply(200, {"application_id": 7}), "Etsy knows this app", ""),
    ("Etsy", ETSY, Reply(403, {"error": "Shared secret is required"}), "Etsy does not know this app", "ELISTIT_ETSY_KEYSTRING"),
    ("Etsy", ETSY, Reply(401, {"error": "x"}), "Etsy does not know this app", "ELISTIT_ETSY_SHARED_SECRET"),
    ("Etsy", ETSY, Reply(429, {"error": "x"}), "accepts no more requests", "Try again later"),
    ("Etsy", ETSY, BUSY, "Etsy answers (503)", "Etsy has a problem"),
    ("Etsy", ETSY, WEB_PAGE, "something answers that is not Etsy (200)", "ELISTIT_ETSY_API_URL"),
    ("Etsy", ETSY, Reply(404, {"error": "x"}), "something answers that is not Etsy (404)", "ELISTIT_ETSY_API_URL"),
    ("Etsy", ETSY, None, "Etsy does not answer: ConnectError", "the network of this machine"),
    ("print on demand", {}, None, "not configured", ""),
    ("print on demand", GELATO, Reply(200, {"products": [sheet("300x400-mm", 300, 400)]}), "accepts the key; 1 poster", ""),
    ("print on demand", GELATO, Reply(200, {"products": []}), "sells no poster on the paper '200-gsm-uncoated'", "ELISTIT_GELATO_PAPER"),
    ("print on demand", GELATO, Reply(401, {"message": "Access denied."}), "refuses the key or the request (401)", "ELISTIT_GELATO_KEY"),
    ("print on demand", GELATO, BUSY, "(503)", "Gelato has a problem"),
    ("print on demand", GELATO, None, "Gelato does not answer: ConnectError", "the network of this machine"),
    ("Google Drive", {}, None, "not configured", ""),
    ("Google Drive", GOOGLE, Reply(400, {"error": "invalid_grant"}), "Google knows this client", ""),
    ("Google Drive", GOOGLE, Reply(401, {"error": "invalid_client"}), "refused the client (invalid_client)",
     "ELISTIT_GOOGLE_CLIENT_ID and ELISTIT_GOOGLE_CLIENT_SECRET"),
    ("Google Drive", GOOGLE, BUSY, "Google answers (503)", "Google has a problem"),
    ("Google Drive", GOOGLE, WEB_PAGE, "Google refused the client (200)", "ELISTIT_GOOGLE_CLIENT_ID"),
    ("Google Drive", GOOGLE, None, "Google does not answer: ConnectError", "the network of this machine"),
    ("identity server", {}, None, "not configured", ""),
    ("identity server", OIDC, Reply(200, DISCOVERY), "the identity server calls itself something else", "https://id.example"),
    ("identity server", OIDC, Reply(404, {}), "no identity server answers there (404)", "ELISTIT_OIDC_ISSUER"),
    ("identity server", OIDC, WEB_PAGE, "no identity server answers there (200)", "ELISTIT_OIDC_ISSUER"),
    ("identity server", OIDC, BUSY, "the identity server answers (503)", "Try again later"),
    ("identity server", OIDC, None, "the identity server does not answer: ConnectError", "ELISTIT_OIDC_ISSUER"),
    ("payments", {}, None, "not configured", ""),
    ("payments", STRIPE, Reply(200, {"object": "balance", "available": []}), "Stripe accepts the key", ""),
    ("payments", STRIPE, Reply(401, {"error": {"message": "Invalid API Key provided: " + KEY}}), "has to check its Stripe key",
     "Look at ELISTIT_STRIPE_KEY."),
    ("payments", STRIPE, BUSY, "Stripe didn't answer", "Stripe has a problem."),
    ("payments", STRIPE, None, "Stripe didn't answer", "Stripe has a problem."),
    ("payments", {"ELISTIT_STRIPE_KEY": KEY}, None, "ELISTIT_STRIPE_WEBHOOK_SECRET", "Set both or neither"),
    ("words", {}, None, "written by rule on this machine", ""),
    ("words", LLM, Reply(200, {"data": [{"id": "small"}]}), "the language model small answers", ""),
    ("words", LLM, Reply(401, {"error": {}}), "does not accept this studio’s key", "ELISTIT_LLM_KEY"),
    ("words", LLM, Reply(200, {"data": [{"id": "large"}]}), "is no longer available", "ELISTIT_LLM_MODEL"),
    ("words", LLM, BUSY, "reported an error", "ELISTIT_LLM_URL"),
    ("words", LLM, WEB_PAGE, "could not be read", "ELISTIT_LLM_URL"),
    ("words", LLM, None, "could not be reached", "ELISTIT_LLM_URL"),
    ("words", {**LLM, "ELISTIT_LLM_URL": "http://far.example"}, None, "must be an https address", "ELISTIT_LLM_URL"),
    ("image providers", {}, None, "the built-in artist; others not configured", ""),
    ("image providers", OPENAI, Reply(200, {"id": "x"}), "openai answer and accept our key", ""),
    ("image providers", OPENAI, Reply(401, {"error": {"message": KEY}}), "OpenAI does not accept this studio’s key", LOOK_KEYS),
    ("image providers", OPENAI, Reply(404, {"error": {}}), "The model is no longer available at OpenAI", LOOK_KEYS),
    ("image providers", OPENAI, None, "OpenAI could not be reached", LOOK_KEYS),
    ("image providers", REPLICATE, Reply(200, {"username": "x"}), "replicate answer and accept our key", ""),
    ("image providers", REPLICATE, Reply(401, {"title": "no"}), "Replicate does not accept this studio’s key", LOOK_KEYS),
    ("image providers", RECRAFT, Reply(200, {"credits": 5}), "recraft answer and accept our key", ""),
    ("image providers", RECRAFT, Reply(200, {"credits": 0}), "has no credits left", LOOK_KEYS),
    ("image providers", RECRAFT, Reply(401, b"request unauthorized"), "Recraft does not accept this studio’s key", LOOK_KEYS),
    ("image providers", {**OPENAI, "ELISTIT_OPENAI_API_URL": "http://far.example"}, None, "must be an https address", LOOK_KEYS),
]  # fmt: skip


@pytest.mark.parametrize(
    ("check", "names", "reply", "seen", "fix"), CASES, ids=[f"{c[0]}-{c[3][:40]}-{n}" for n, c in enumerate(CASES)]
)
def test_doctor_says_what_is_wrong_and_how_to_mend_it(
    server: Saying, monkeypatch: pytest.MonkeyPatch, check: str, names: dict[str, str], reply: Reply | None, seen: str, fix: str
) -> None:  # fmt: skip
    server.reply = reply or Reply()
    for name, value in names.items():
        monkeypatch.setenv(name, value.format(url=server.url if reply else NOBODY))
    ok, what, mend = services.CHECKS[check]()
    assert (ok, seen in what, fix in mend) == (not fix, True, True), (what, mend)
    assert KEY not in what + mend


def test_the_sandbox_answers_doctor_as_etsy_does(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(keystring="keystring", secret=KEY) as sandbox:
        for name, value in ETSY.items():
            monkeypatch.setenv(name, value.format(url=sandbox.url))
        assert services.etsy() == (True, "Etsy knows this app", "")
        monkeypatch.setenv("ELISTIT_ETSY_SHARED_SECRET", "another")
        assert services.etsy()[1] == "Etsy does not know this app"


S3_ANSWERS: list[tuple[Reply | None, str]] = [
    (
        Reply(
            200, b'<?xml version="1.0"?><ListBucketResult><Name>files</Name><KeyCount>0</KeyCount></ListBucketResult>'
        ),
        "",
    ),
    (Reply(404, b"<Error><Code>NoSuchBucket</Code></Error>"), "is misconfigured"),
    (Reply(403, b"<Error><Code>InvalidAccessKeyId</Code></Error>"), "doesn't have access to file storage"),
    (Reply(403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>"), "doesn't have access to file storage"),
    (None, "couldn't be read"),
]


@pytest.mark.parametrize(("reply", "words"), S3_ANSWERS, ids=[w or "well" for _, w in S3_ANSWERS])
def test_doctor_asks_the_bucket(
    server: Saying, monkeypatch: pytest.MonkeyPatch, reply: Reply | None, words: str
) -> None:
    server.reply = reply or Reply()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDTEST00000001")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEY)
    monkeypatch.setattr(settings, "STORAGE_URL", f"s3://my-files/a?endpoint={server.url if reply else NOBODY}")
    ok, seen, fix = services.storage()
    assert ok is not bool(words) and (words in seen), seen
    assert ("ELISTIT_STORAGE_URL" in fix) is bool(words) and KEY not in seen + fix


Talk = Callable[[Any], None]


def smtp(*answers: bytes) -> Talk:
    """A mail server that greets and then answers each line with the next of `answers`, the last one for ever."""

    def talk(connection: socket.socket) -> None:
        left = list(answers)
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 here\r\n")
            for line in lines:
                connection.sendall(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else left[0])
                if len(left) > 1:
                    left.pop(0)

    return talk


@pytest.mark.parametrize(
    ("talk", "more", "seen", "fix"),
    [
        (smtp(b"250 ok\r\n"), "?tls=no", "127.0.0.1 takes mail from us", ""),
        (smtp(b"250 ok\r\n"), "", "offers no encryption or no log-in, so the password was not sent", "smtps://"),
        (smtp(b"250 ok\r\n"), "?tls=no", "offers no encryption or no log-in, so the password was not sent", "smtps://"),
        (smtp(b"554 no\r\n"), "?tls=no", "rejects our connection: SMTPHeloError", "ELISTIT_EMAIL_URL"),
        (None, "", "rejects our connection: ConnectionRefusedError", "ELISTIT_EMAIL_URL"),
    ],
    ids=["well", "no encryption", "no log-in", "not for us", "nobody"],
)
def test_doctor_asks_the_mail_server(
    monkeypatch: pytest.MonkeyPatch, talk: Talk | None, more: str, seen: str, fix: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1] if talk else int(NOBODY.rsplit(":", 1)[1])
        if talk:
            threading.Thread(target=lambda: talk(listener.accept()[0]), daemon=True).start()
        account = "" if fix == "" else f"studio:{KEY}@"
        monkeypatch.setenv("ELISTIT_EMAIL_URL", f"smtp://{account}127.0.0.1:{port}/{more}")
        ok, what, mend = services.mail()
    assert (ok, seen in what, fix in mend) == (not fix, True, True), (what, mend)
    assert KEY not in what + mend


def test_a_wrong_mail_password_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import smtplib

    def refuse(*_: object) -> None:
        raise smtplib.SMTPAuthenticationError(535, b"wrong: " + KEY.encode())

    monkeypatch.setattr(smtplib.SMTP, "login", refuse)
    monkeypatch.setattr(smtplib.SMTP, "starttls", lambda *_, **__: None)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=lambda: smtp(b"250 ok\r\n")(listener.accept()[0]), daemon=True).start()
        monkeypatch.setenv("ELISTIT_EMAIL_URL", f"smtp://studio:{KEY}@127.0.0.1:{listener.getsockname()[1]}")
        ok, what, mend = services.mail()
    assert (ok, what) == (False, "127.0.0.1 refuses the name or the password (535)")
    assert "the password in ELISTIT_EMAIL_URL" in mend


def test_every_service_that_can_be_configured_has_a_check() -> None:
    assert set(services.CHECKS) == {
        "storage", "image providers", "words", "Etsy", "Google Drive", "print on demand", "payments", "mail", "identity server",
    }  # fmt: skip
    assert {c[0] for c in CASES} | {"storage", "mail"} == set(services.CHECKS)
    assert GoogleConfig.from_environment().ready is False
