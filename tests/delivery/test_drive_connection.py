"""Connecting a Google Drive, renewing its token, and disconnecting it."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import pytest
from django.db import connection

from elistit import ports
from elistit.accounts.consent import Authorization
from elistit.accounts.models import User
from elistit.accounts.vault import Secret
from elistit.delivery.google_drive import access
from elistit.delivery.google_drive.config import VAULT
from elistit.delivery.google_drive.connect import NotConnected, begin, connect, disconnect
from elistit.delivery.models import DriveAccount, DriveUpload
from elistit.ports import Failure, Kind
from tests.delivery.drive_server import FakeGoogle, Refusal
from tests.delivery.drives import BACK, account, connected, copy, google, point_at, seller, some_parts
from tests.providers_outside.breaks import reset
from tests.providers_outside.loopback import Fault, closed_port

__all__ = ["account", "google", "seller"]


def test_connecting_asks_for_the_least_and_keeps_whose_drive_it_is(account: DriveAccount) -> None:
    assert account.email == "seller@example.com" and account.disconnected_reason == ""
    assert account.expires_at > ports.now() + dt.timedelta(minutes=50)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": "forged"}, "not started here"),
        ({"error": "access_denied", "code": ""}, "permission"),
        ({"code": "used-up"}, "did not accept this sign-in"),
    ],
)
def test_a_consent_that_is_not_right_connects_nothing(
    seller: User, google: FakeGoogle, change: dict[str, str], words: str
) -> None:
    started = begin(BACK)
    with pytest.raises(NotConnected, match=words):
        connect(seller, started, **{**google.consent(started.url), **change})
    assert not DriveAccount.objects.exists()


def test_a_code_works_only_with_the_verifier_it_was_asked_with(seller: User, google: FakeGoogle) -> None:
    started, other = begin(BACK), begin(BACK)
    back = google.consent(started.url)
    stolen = Authorization(started.url, started.state, other.verifier, BACK)
    with pytest.raises(NotConnected):
        connect(seller, stolen, **back)


def test_a_box_left_unticked_connects_nothing_and_says_why(seller: User, google: FakeGoogle) -> None:
    google.granted = "openid"
    started = begin(BACK)
    with pytest.raises(NotConnected, match="leave that box ticked"):
        connect(seller, started, **google.consent(started.url))


def test_a_studio_without_a_client_id_says_so(
    seller: User, google: FakeGoogle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ELISTIT_GOOGLE_CLIENT_ID")
    with pytest.raises(NotConnected, match="not set up"):
        begin(BACK)


@pytest.mark.parametrize("rotates", [False, True])
def test_a_token_about_to_end_is_renewed_and_the_connection_lasts(
    account: DriveAccount, google: FakeGoogle, rotates: bool
) -> None:
    google.rotates = rotates
    for _ in range(2):
        DriveAccount.objects.update(expires_at=ports.now() + dt.timedelta(seconds=60))
        token = access.access_token(account)
        assert isinstance(token, Secret) and token.reveal() in google.access
        account.refresh_from_db()
        assert VAULT.decrypt(account.refresh_token).reveal() in google.refresh
        assert account.refresh_lease == ""


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (Refusal(500, {}), Kind.TRANSIENT),
        (Refusal(200, b"<html>"), Kind.TRANSIENT),
        (Refusal(200, {}), Kind.TRANSIENT),
        (Refusal(429, {"error": "rate_limit"}), Kind.THROTTLED),
        (Refusal(401, {"error": "invalid_client"}), Kind.OPERATOR),
    ],
)
def test_a_renewal_that_fails_keeps_the_connection(
    account: DriveAccount, google: FakeGoogle, refusal: Refusal, kind: Kind
) -> None:
    DriveAccount.objects.update(expires_at=ports.now())
    google.refusals["token"] = refusal
    failed = access.access_token(account)
    assert isinstance(failed, Failure) and failed.kind is kind
    account.refresh_from_db()
    assert (account.disconnected_reason, account.refresh_lease) == ("", "")
    assert isinstance(access.access_token(account), Secret)


def test_threads_that_need_a_new_token_renew_it_once(transactional_db: None, google: FakeGoogle) -> None:
    connected(User.objects.create_user("shared@example.com"), google)
    DriveAccount.objects.update(expires_at=ports.now())
    got: list[Secret | Failure] = []
    together = threading.Barrier(4)

    def ask() -> None:
        try:
            mine = DriveAccount.objects.get()
            together.wait(60)
            got.append(access.access_token(mine))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert google.asked.count("token") == 2
    assert len(got) == 4 and all(isinstance(t, Secret) and t == got[0] for t in got)


def test_disconnecting_gives_the_access_back_and_forgets_half_sent_files(
    account: DriveAccount, google: FakeGoogle, seller: User, tmp_path: Path
) -> None:
    google.faults["send"] = Fault(reset, early=True, times=100)
    google.faults["ask"] = Fault(reset, early=True, times=100)
    copy(some_parts(tmp_path))
    assert DriveUpload.objects.exclude(session=b"").exists()
    assert disconnect(seller) is True
    assert not google.refresh and not DriveAccount.objects.exists() and not DriveUpload.objects.exists()
    assert disconnect(seller) is False


def test_disconnecting_works_when_google_does_not_answer(
    account: DriveAccount, seller: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    point_at(monkeypatch, closed_port())
    assert disconnect(seller) is True and not DriveAccount.objects.exists()
