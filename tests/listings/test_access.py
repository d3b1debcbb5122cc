"""Tokens: encrypted at rest, renewed once however many ask, never seen in a log or an exception."""

from __future__ import annotations

import datetime as dt
import logging
import pickle
import threading
import traceback
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import override_settings

from elistit import ports
from elistit.accounts.consent import Authorization, challenge
from elistit.accounts.models import User
from elistit.listings.etsy import access, outcomes, wire
from elistit.listings.etsy.access import access_token
from elistit.listings.etsy.answers import Answer, Doing, Met, read
from elistit.listings.etsy.config import SANDBOX_SECRET, EtsyConfig
from elistit.listings.etsy.connect import NotConnected, begin, connect, connect_sandbox, disconnect
from elistit.listings.etsy.draft import create_draft
from elistit.listings.etsy.draft_request import DraftRequest
from elistit.listings.etsy.sandbox import Sandbox
from elistit.listings.models import EtsyShop
from elistit.listings.tokens import Secret, Unreadable, decrypt, encrypt
from elistit.network import call
from elistit.ports import Failure, Kind
from tests.listings.conftest import closed_port


def test_a_secret_never_shows_itself() -> None:
    secret = Secret("very-secret")
    assert "very" not in f"{secret} {secret!r} {[secret]} {(secret,)}"
    assert secret.reveal() == "very-secret"
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_a_token_is_kept_encrypted_and_can_be_read_after_the_key_was_rotated() -> None:
    with override_settings(SECRET_KEY="old-key"):
        stored = encrypt(Secret("very-secret"))
    assert b"very-secret" not in stored
    with override_settings(SECRET_KEY="new-key", SECRET_KEY_FALLBACKS=["old-key"]):
        assert decrypt(memoryview(stored)).reveal() == "very-secret"
    with override_settings(SECRET_KEY="new-key"), pytest.raises(Unreadable):
        decrypt(stored)


def test_a_changed_secret_key_is_the_operators_and_changed_back_the_connection_stands(shop: EtsyShop) -> None:
    with override_settings(SECRET_KEY="another-key", SECRET_KEY_FALLBACKS=[]):
        failed = access_token(shop)
    assert isinstance(failed, Failure) and failed.kind is Kind.OPERATOR
    assert "operator has been notified" in failed.reason and "reconnect your shop" in failed.reason
    assert isinstance(access_token(shop), Secret)


def test_another_etsy_key_is_the_operators_and_changed_back_the_connection_stands(
    shop: EtsyShop, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    EtsyShop.objects.update(expires_at=ports.now())
    with monkeypatch.context() as wrong:
        wrong.setenv("ELISTIT_ETSY_KEYSTRING", "another-app")
        wrong.setenv("ELISTIT_ETSY_SHARED_SECRET", "another-secret")
        failed = access_token(shop)
    assert isinstance(failed, Failure) and failed.kind is Kind.OPERATOR
    assert "a different Etsy key" in failed.reason and "refresh" not in sandbox.state()["counts"], (
        "and Etsy was not asked"
    )
    assert isinstance(access_token(shop), Secret)


def test_a_shop_of_before_learns_its_app_with_the_next_renewal(shop: EtsyShop, sandbox: Sandbox) -> None:
    EtsyShop.objects.update(expires_at=ports.now(), app="")
    assert isinstance(access_token(shop), Secret)
    shop.refresh_from_db()
    assert shop.app == EtsyConfig.for_shop(shop).app


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refusal_to_renew_that_says_nothing_of_the_grant_ends_no_connection(status: int) -> None:
    answer = Answer(Doing.TOKEN, Met.ANSWER, status=status, errors=("Something odd.",))
    row = outcomes.row_for(answer)
    assert not row.reconnect
    assert "renew the connection" in outcomes.failure(answer).reason or status == 403
    assert "listing" not in outcomes.failure(answer).reason


def test_a_token_that_stays_the_same_is_read_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    body = b'{"access_token": "1.new", "refresh_token": "1.same"}'
    good = SimpleNamespace(met=call.Met.ANSWER, status=200, headers={}, problem="")
    monkeypatch.setattr(call, "gathered", lambda *a, **k: (good, body))
    answer = wire.send(Doing.TOKEN, "POST", "https://etsy.example/token", timeouts=wire.Timeouts(), secrets=("1.same",))
    assert answer.data == {"access_token": "1.new", "refresh_token": "1.same"}
    good.status = 400
    monkeypatch.setattr(call, "gathered", lambda *a, **k: (good, b'{"error": "1.same is over"}'))
    answer = wire.send(Doing.TOKEN, "POST", "https://etsy.example/token", timeouts=wire.Timeouts(), secrets=("1.same",))
    assert "1.same" not in answer.said


@pytest.mark.parametrize(("asked", "waits"), [("17", 17.0), ("1e14", 86_400.0), ("inf", None), ("-1", None)])
def test_no_pause_is_longer_than_a_day(asked: str, waits: float | None) -> None:
    assert read(Doing.READ, 429, {"retry-after": asked}, b"{}").wait == waits


def test_a_fresh_token_is_used_as_it_is(shop: EtsyShop, sandbox: Sandbox) -> None:
    assert isinstance(access_token(shop), Secret)
    assert "refresh" not in sandbox.state()["counts"]


def test_a_token_about_to_end_is_renewed_and_both_tokens_change(shop: EtsyShop, sandbox: Sandbox) -> None:
    old = (decrypt(shop.access_token), decrypt(shop.refresh_token))
    EtsyShop.objects.update(expires_at=ports.now() + dt.timedelta(seconds=60))
    token = access_token(shop)
    shop.refresh_from_db()
    new = (decrypt(shop.access_token), decrypt(shop.refresh_token))
    assert token == new[0]
    assert not set(old) & set(new)
    assert shop.refresh_lease == "" and shop.expires_at > ports.now() + dt.timedelta(minutes=50)
    assert sandbox.state()["counts"]["refresh"] == 1


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("500", Kind.TRANSIENT),
        ("html", Kind.TRANSIENT),
        ("429", Kind.THROTTLED),
        ("reset", Kind.TRANSIENT),
        ("invalid_client", Kind.OPERATOR),
    ],
)
def test_a_renewal_that_fails_keeps_the_connection_and_the_next_one_works(
    shop: EtsyShop, sandbox: Sandbox, fault: str, kind: Kind
) -> None:
    EtsyShop.objects.update(expires_at=ports.now())
    sandbox.fault("refresh", fault)
    failed = access_token(shop)
    assert isinstance(failed, Failure) and failed.kind is kind
    shop.refresh_from_db()
    assert (shop.disconnected_reason, shop.refresh_lease) == ("", "")
    assert isinstance(access_token(shop), Secret)


def test_a_renewal_without_tokens_in_the_answer_is_transient(shop: EtsyShop, sandbox: Sandbox) -> None:
    EtsyShop.objects.update(expires_at=ports.now())
    sandbox.fault("refresh", "empty")
    failed = access_token(shop)
    assert isinstance(failed, Failure) and failed.kind is Kind.TRANSIENT


def test_a_lease_left_behind_by_a_dead_worker_ends_by_itself(shop: EtsyShop) -> None:
    past = ports.now() - dt.timedelta(seconds=1)
    EtsyShop.objects.update(expires_at=ports.now(), refresh_lease="dead", refresh_lease_until=past)
    assert isinstance(access_token(shop), Secret)


def test_a_lease_held_by_another_is_waited_for_and_not_broken(shop: EtsyShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_WAIT_SECONDS", 0.15)
    until = ports.now() + dt.timedelta(seconds=50)
    EtsyShop.objects.update(expires_at=ports.now(), refresh_lease="other", refresh_lease_until=until)
    failed = access_token(shop)
    assert isinstance(failed, Failure) and failed.kind is Kind.TRANSIENT
    shop.refresh_from_db()
    assert shop.refresh_lease == "other"


def test_a_caller_with_an_old_view_of_the_shop_does_not_renew_again(shop: EtsyShop) -> None:
    old_view = EtsyShop.objects.get()
    EtsyShop.objects.update(expires_at=ports.now())
    assert isinstance(access_token(shop), Secret)
    assert access._take_lease(old_view) == ""


def test_a_reconnect_during_a_renewal_wins(shop: EtsyShop, seller: User, sandbox: Sandbox) -> None:
    EtsyShop.objects.update(expires_at=ports.now())
    shop.refresh_from_db()
    lease = access._take_lease(shop)
    renewed = connect_sandbox(seller, sandbox.url)
    kept = decrypt(EtsyShop.objects.get().access_token)
    assert isinstance(access._renew(shop, lease), Failure)
    assert decrypt(EtsyShop.objects.get().access_token) == kept == decrypt(renewed.access_token)


@pytest.fixture
def shared_shop(transactional_db: None, sandbox: Sandbox) -> EtsyShop:
    """A shop other threads can see."""
    return connect_sandbox(User.objects.create_user("shared@example.com"), sandbox.url)


@pytest.mark.parametrize("refused", [False, True])
def test_two_threads_that_need_a_new_token_renew_it_once(
    shared_shop: EtsyShop, sandbox: Sandbox, refused: bool
) -> None:
    old = decrypt(shared_shop.access_token)
    if refused:
        sandbox.world.expire_access()
    else:
        EtsyShop.objects.update(expires_at=ports.now())
    got: list[Secret | Failure] = []
    together = threading.Barrier(4)

    def ask() -> None:
        try:
            mine = EtsyShop.objects.get()
            together.wait(60)
            got.append(access_token(mine, refused=old if refused else None))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sandbox.state()["counts"]["refresh"] == 1
    assert len(got) == 4 and len(set(map(id, got))) == 4
    assert all(isinstance(token, Secret) and token == got[0] and token != old for token in got)


# --- connecting -------------------------------------------------------------------------------------------------------


def test_connecting_keeps_the_shop_and_its_name(shop: EtsyShop, sandbox: Sandbox) -> None:
    assert shop.shop_name == "SandboxShop1"
    assert shop.shop_id == sandbox.state()["shops"][0]["shop_id"]


def test_connecting_again_replaces_the_connection(shop: EtsyShop, seller: User, sandbox: Sandbox) -> None:
    EtsyShop.objects.update(disconnected_reason="gone")
    again = connect_sandbox(seller, sandbox.url)
    assert (again.pk, again.disconnected_reason) == (shop.pk, "")
    assert EtsyShop.objects.count() == 1


def test_disconnecting_forgets_the_tokens(shop: EtsyShop, seller: User) -> None:
    assert disconnect(seller, shop.shop_id) is True
    assert not EtsyShop.objects.exists()
    assert disconnect(seller, shop.shop_id) is False
    assert isinstance(access_token(shop), Failure)


def test_a_forged_state_connects_nothing(seller: User, sandbox: Sandbox) -> None:
    started = begin("http://localhost/back", sandbox_url=sandbox.url)
    for state in ("", "forged", started.state[:-1]):
        with pytest.raises(NotConnected, match="not started here"):
            connect(seller, started, code="x", state=state, sandbox_url=sandbox.url)
    assert not EtsyShop.objects.exists()


def test_a_consent_that_was_refused_connects_nothing(seller: User, sandbox: Sandbox) -> None:
    started = begin("http://localhost/back", sandbox_url=sandbox.url)
    with pytest.raises(NotConnected, match="permission"):
        connect(seller, started, code="", state=started.state, error="access_denied", sandbox_url=sandbox.url)


def test_a_code_that_is_not_one_asks_to_connect_again(seller: User, sandbox: Sandbox) -> None:
    started = begin("http://localhost/back", sandbox_url=sandbox.url)
    with pytest.raises(NotConnected, match="connect your shop again"):
        connect(seller, started, code="wrong", state=started.state, sandbox_url=sandbox.url)


@pytest.mark.parametrize("operation", ["token", "me"])
def test_a_fault_while_connecting_writes_no_half_connection(seller: User, sandbox: Sandbox, operation: str) -> None:
    sandbox.fault(operation, "500")
    with pytest.raises(NotConnected) as caught:
        connect_sandbox(seller, sandbox.url)
    assert caught.value.failure.kind is Kind.TRANSIENT
    assert not EtsyShop.objects.exists()


def test_a_sandbox_that_is_not_there_is_said_so(seller: User) -> None:
    with pytest.raises(NotConnected, match="could not be reached"):
        connect_sandbox(seller, closed_port())


def test_without_a_key_the_real_etsy_is_not_asked(db: None) -> None:
    with pytest.raises(NotConnected, match="not set up") as caught:
        begin("https://example.com/back")
    assert caught.value.failure.kind is Kind.OPERATOR


def test_the_consent_asks_for_the_least_and_uses_pkce(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_ETSY_KEYSTRING", "key")
    monkeypatch.setenv("ELISTIT_ETSY_SHARED_SECRET", "shared")
    started = begin("https://example.com/back")
    assert started.url.startswith("https://www.etsy.com/oauth/connect?response_type=code&client_id=key&")
    assert "scope=listings_r+listings_w+shops_r&" in started.url
    assert f"code_challenge={challenge(started.verifier)}&code_challenge_method=S256" in started.url
    assert started.verifier not in started.url and "shared" not in started.url
    assert Authorization(**started.as_dict()) == started


def test_a_challenge_is_that_of_the_standard() -> None:
    # RFC 7636, appendix B.
    assert challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


# --- nothing leaks ----------------------------------------------------------------------------------------------------


def test_no_secret_is_in_any_log_reason_or_exception(
    seller: User, sandbox: Sandbox, wanted: DraftRequest, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "elistit"):
        caplog.set_level(logging.DEBUG, logger=name)
    shop = connect_sandbox(seller, sandbox.url)
    texts = []
    for step in ("listListings", "createDraft", "uploadImage", "uploadFile", "refresh"):
        for fault in ("400", "401", "403_secret", "500", "reset", "html"):
            sandbox.fault(step, fault)
            EtsyShop.objects.update(expires_at=ports.now())
            texts.append(repr(create_draft(shop, wanted)))
            sandbox.faults.clear()
    seen = {*sandbox.world.access, *sandbox.world.refresh, SANDBOX_SECRET}
    sandbox.world.revoke_all()
    EtsyShop.objects.update(expires_at=ports.now())
    texts.append(repr(create_draft(shop, wanted)))
    try:
        connect(
            seller, begin("http://localhost/b", sandbox_url=sandbox.url), code="c", state="s", sandbox_url=sandbox.url
        )
    except NotConnected:
        texts.append(traceback.format_exc())
    texts += [record.getMessage() for record in caplog.records]
    everything = "\n".join(texts)
    assert len(seen) > 5 and len(texts) > 30
    assert not [secret for secret in seen if secret in everything]
