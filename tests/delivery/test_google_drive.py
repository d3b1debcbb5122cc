"""A copy on Google Drive: whole, once, resumed where it broke off, and explained when it cannot be."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import random
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from elistit import ports
from elistit.accounts.consent import Authorization
from elistit.accounts.models import User
from elistit.accounts.vault import Secret
from elistit.chain import retry
from elistit.delivery.google_drive import access, copying, names, oauth, outcomes
from elistit.delivery.google_drive.config import VAULT, GoogleConfig
from elistit.delivery.google_drive.connect import NotConnected, begin, connect, disconnect
from elistit.delivery.google_drive.copying import Part
from elistit.delivery.google_drive.wire import Answer, Doing, Met
from elistit.delivery.models import DriveAccount, DriveCopy, DriveUpload
from elistit.network.call import Timeouts
from elistit.ports import Failure, Kind, Made, Outcome
from tests.delivery.cutting import CuttingProxy
from tests.delivery.drive_server import CLIENT_ID, CLIENT_SECRET, FakeGoogle, Refusal, google_error
from tests.providers_outside.conftest import BREAKS, Break, Fault, closed_port, lengthless, reset

PROJECT = "01JD0000000000000000000001"
BACK = "https://studio.example/integrations/drive/back/"
QUICK = Timeouts(connect=2, read=1.0, write=2, whole=2.0)
PIECE = 256 * 1024
every_break = pytest.mark.parametrize("play", BREAKS, ids=lambda f: f.__name__)


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGoogle]:
    with FakeGoogle() as server:
        point_at(monkeypatch, server.url)
        monkeypatch.setattr(oauth, "TOKEN_TIMEOUTS", QUICK)
        yield server


def point_at(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    for name, value in {
        "API_URL": url, "AUTH_URL": f"{url}/auth", "TOKEN_URL": f"{url}/token", "CLIENT_ID": CLIENT_ID,
        "CLIENT_SECRET": CLIENT_SECRET,
    }.items():  # fmt: skip
        monkeypatch.setenv(f"ELISTIT_GOOGLE_{name}", value)


@pytest.fixture
def seller(db: None) -> User:
    return User.objects.create_user("seller@example.com")


def connected(seller: User, google: FakeGoogle) -> DriveAccount:
    started = begin(BACK)
    return connect(seller, started, **google.consent(started.url))


@pytest.fixture
def account(seller: User, google: FakeGoogle) -> DriveAccount:
    made = connected(seller, google)
    DriveCopy.objects.create(project=PROJECT, owner=seller, state=DriveCopy.State.PENDING)
    return made


@pytest.fixture
def parts(tmp_path: Path) -> list[Part]:
    return some_parts(tmp_path)


def some_parts(folder: Path, seed: int = 1, large: int = 3 * PIECE + 12_345) -> list[Part]:
    sizes = {"images/01-fox.png": large, "images/02-owl.png": 70_001, "mockups/1-cover.jpg": PIECE, "product-card.pdf": 1,
             "delivery.zip": large + 1}  # fmt: skip
    made = []
    for number, (path, size) in enumerate(sizes.items()):
        file = folder / path.replace("/", "_")
        file.write_bytes(random.Random(seed * 100 + number).randbytes(size))
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        made.append(Part(path, lambda f=file: f, size, digest))  # type: ignore[misc]
    return made


def copy(parts: list[Part], name: str = "Woodland Animals", timeouts: Timeouts = QUICK) -> Outcome:
    return copying.copy(PROJECT, name, parts, timeouts=timeouts, piece=PIECE)


def tries(parts: list[Part], **more: Any) -> Outcome:
    """The four tries of rules §5.1, as the chain makes them, without waiting."""
    outcome: Outcome = Failure(Kind.TRANSIENT, "never tried")
    number, waits = 1, 0
    while True:
        outcome = copy(parts, **more)
        if isinstance(outcome, Made):
            return outcome
        decision = retry.decide(outcome, number, waits)
        if isinstance(decision, retry.GiveUp):
            return outcome
        number, waits = (number + 1, 0) if decision.counted else (number, waits + 1)


def is_complete(google: FakeGoogle, parts: list[Part], name: str = "Woodland Animals") -> bool:
    wanted: dict[str, bytes | None] = {"Elistit": None, f"Elistit/{name}": None}
    for part in parts:
        folder = part.path.rpartition("/")[0]
        if folder:
            wanted[f"Elistit/{name}/{folder}"] = None
        wanted[f"Elistit/{name}/{part.path}"] = part.local().read_bytes()
    assert google.tree() == wanted, sorted(google.tree())
    return True


def test_a_copy_has_every_file_in_its_place(account: DriveAccount, google: FakeGoogle, parts: list[Part]) -> None:
    outcome = copy(parts)
    assert isinstance(outcome, Made) and outcome.data["files"] == 5
    assert google.path(outcome.data["folder_id"]) == "Elistit/Woodland Animals"
    assert is_complete(google, parts)
    assert DriveUpload.objects.filter(done_at=None).count() == 0
    assert all(bytes(u.session) == b"" for u in DriveUpload.objects.all())


def test_copying_again_makes_nothing_new(account: DriveAccount, google: FakeGoogle, parts: list[Part]) -> None:
    first = copy(parts)
    before = (set(google.files), google.asked.count("send"), google.asked.count("create"))
    assert copy(parts) == first
    assert (set(google.files), google.asked.count("send"), google.asked.count("create")) == before


def test_what_the_seller_removed_is_put_back_and_what_they_changed_is_theirs(
    account: DriveAccount, google: FakeGoogle, parts: list[Part]
) -> None:
    copy(parts)
    by_path = {google.path(i): i for i in google.files}
    google.files[by_path["Elistit/Woodland Animals/images/02-owl.png"]]["trashed"] = True
    changed = by_path["Elistit/Woodland Animals/product-card.pdf"]
    google.files[changed] |= {"size": "6", "sha256Checksum": "f" * 64, "name": "my card.pdf"}
    google.content[changed] = b"edited"
    assert isinstance(copy(parts), Made)
    tree = google.tree()
    assert tree["Elistit/Woodland Animals/images/02-owl.png"] == parts[1].local().read_bytes()
    assert tree["Elistit/Woodland Animals/my card.pdf"] == b"edited"
    assert "Elistit/Woodland Animals/product-card.pdf" not in tree


def test_a_second_project_of_the_same_name_gets_its_own_folder(
    account: DriveAccount, google: FakeGoogle, parts: list[Part], seller: User
) -> None:
    copy(parts, name="O'Hara \\ Söhne: 'Wald'")
    other = "01JD00000000000000000ABCDE"
    DriveCopy.objects.create(project=other, owner=seller)
    made = copying.copy(other, "O'Hara \\ Söhne: 'Wald'", parts[3:4], timeouts=QUICK)
    assert isinstance(made, Made)
    folders = [p for p in google.tree() if p.count("/") == 1]
    assert folders == ["Elistit/O'Hara - Söhne- 'Wald'", "Elistit/O'Hara - Söhne- 'Wald' (0ABCDE)"]


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Woodland Animals", "Woodland Animals"), ("a/b\\c:d*e?f\"g<h>i|j", "a-b-c-d-e-f-g-h-i-j"), ("  .. ", "Project"),
        ("", "Project"), ("..", "Project"), ("CON", "CON_"), ("com1.txt", "com1_.txt"), ("森の動物 🦊", "森の動物 🦊"),
        ("a\u202etxt.exe", "atxt.exe"), ("tab\tand\nline", "tab and line"), ("x" * 300, "x" * 100), ("ends.", "ends"),
    ],
)  # fmt: skip
def test_a_folder_has_a_name_every_computer_takes(name: str, clean: str) -> None:
    assert names.clean(name) == clean


# ---- networks -------------------------------------------------------------------------------------------------------------

POINTS = ("list", "create", "begin", "send", "ask")


@pytest.mark.parametrize("early", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("point", POINTS)
@every_break
def test_one_break_anywhere_costs_nothing_and_makes_nothing_twice(
    account: DriveAccount, google: FakeGoogle, tmp_path: Path, play: Break, point: str, early: bool
) -> None:
    parts = some_parts(tmp_path)[1:4]
    google.faults[point] = Fault(play, early=early)
    if point == "ask":
        google.faults["send"] = Fault(reset)
    assert isinstance(tries(parts), Made)
    assert is_complete(google, parts)


@pytest.mark.parametrize("point", ["list", "create", "begin", "send"])
@pytest.mark.parametrize("early", [True, False], ids=["before", "after"])
def test_a_network_that_never_answers_ends_after_four_tries_and_a_retry_goes_on(
    account: DriveAccount, google: FakeGoogle, tmp_path: Path, point: str, early: bool
) -> None:
    parts = some_parts(tmp_path)[1:4]
    google.faults[point] = Fault(reset, early=early, times=10_000)
    if point == "send":
        google.faults["ask"] = Fault(reset, early=True, times=10_000)
    outcome = tries(parts)
    if point in ("create", "send") and not early:
        # Everything was made although no answer came: a look at the Drive found it.
        assert isinstance(outcome, Made)
    else:
        assert isinstance(outcome, Failure) and outcome.kind in (Kind.TRANSIENT, Kind.UNKNOWN)
    google.faults.clear()
    assert isinstance(tries(parts), Made)
    assert is_complete(google, parts)


@pytest.mark.parametrize("seed", range(8))
def test_cut_at_any_byte_the_copy_ends_whole_and_once(
    account: DriveAccount, google: FakeGoogle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    parts = some_parts(tmp_path, seed)
    with CuttingProxy(google.port, seed=seed, share=0.4, longest=400_000) as proxy:
        point_at(monkeypatch, proxy.url)
        sent_before = 0
        for _ in range(12):
            if isinstance(tries(parts), Made):
                break
        assert proxy.cuts > 0
        assert is_complete(google, parts)
        assert sent_before <= google.asked.count("send")


def test_an_answer_that_the_deadline_cut_off_is_not_taken_for_a_whole_one(
    account: DriveAccount, google: FakeGoogle, tmp_path: Path
) -> None:
    google.faults["create"] = Fault(lengthless)
    assert isinstance(tries(parts := some_parts(tmp_path)[1:2]), Made)
    assert is_complete(google, parts) and google.asked.count("list") > 3, "what was cut off was looked for"


def test_a_killed_worker_is_followed_from_the_byte_it_reached(
    account: DriveAccount, google: FakeGoogle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [part] = some_parts(tmp_path)[:1]

    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        if google.asked.count("send") == 2:
            raise Killed

    with monkeypatch.context() as at_work:
        at_work.setattr(copying._Copying, "_renew", die)
        with pytest.raises(Killed):
            copy([part])
    [upload] = DriveUpload.objects.all()
    assert upload.done_at is None and google.url not in bytes(upload.session).decode()
    DriveCopy.objects.update(lease="", lease_until=None)
    assert isinstance(copy([part]), Made)
    assert google.asked.count("send") == 4 and len(google.sessions) == 1
    assert is_complete(google, [part])


def test_a_forgotten_upload_is_begun_anew(account: DriveAccount, google: FakeGoogle, tmp_path: Path) -> None:
    [part] = some_parts(tmp_path)[:1]
    google.faults["send"] = Fault(reset, early=True, times=100)
    google.faults["ask"] = Fault(reset, early=True, times=100)
    assert isinstance(copy([part]), Failure)
    google.faults.clear()
    google.sessions.clear()
    assert isinstance(copy([part]), Made)
    assert is_complete(google, [part])


def test_the_last_answer_lost_and_the_upload_forgotten_is_still_one_file(
    account: DriveAccount, google: FakeGoogle, tmp_path: Path
) -> None:
    [part] = some_parts(tmp_path)[3:4]
    google.faults["send"] = Fault(reset)
    google.refusals["ask"] = Refusal(404, {"error": {"code": 404}}, times=1)
    assert isinstance(copy([part]), Made)
    assert is_complete(google, [part]) and len(google.sessions) == 1


def test_a_file_that_arrives_other_than_sent_is_taken_away_and_sent_again(
    account: DriveAccount, google: FakeGoogle, tmp_path: Path
) -> None:
    [part] = some_parts(tmp_path)[1:2]
    keep = google._keep

    def spoil(about: dict[str, Any], content: bytes | None) -> Any:
        if content is None:
            return keep(about, content)
        google._keep = keep  # type: ignore[method-assign]
        return keep(about, content[::-1])

    google._keep = spoil  # type: ignore[method-assign]
    outcome = copy([part])
    assert isinstance(outcome, Failure) and "failed its integrity check" in outcome.reason
    assert isinstance(copy([part]), Made)
    assert is_complete(google, [part])


def test_a_local_file_that_changed_meanwhile_is_not_sent(
    account: DriveAccount, google: FakeGoogle, tmp_path: Path
) -> None:
    [part] = some_parts(tmp_path)[1:2]
    part.local().write_bytes(b"x" * part.bytes)
    outcome = copy([part])
    assert isinstance(outcome, Failure) and outcome.kind is Kind.TRANSIENT
    assert google.asked.count("begin") == 0


def test_nobody_there(account: DriveAccount, parts: list[Part], monkeypatch: pytest.MonkeyPatch) -> None:
    point_at(monkeypatch, closed_port())
    outcome = copy(parts)
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.reason) == (Kind.TRANSIENT, "Google Drive could not be reached.")


def test_two_workers_at_once_make_one_copy(transactional_db: None, google: FakeGoogle, tmp_path: Path) -> None:
    seller = User.objects.create_user("two@example.com")
    connected(seller, google)
    DriveCopy.objects.create(project=PROJECT, owner=seller)
    parts = some_parts(tmp_path)
    got: list[Outcome] = []
    together = threading.Barrier(3)

    def work() -> None:
        try:
            together.wait(60)
            got.append(copy(parts))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert is_complete(google, parts)
    assert sum(isinstance(o, Made) for o in got) >= 1
    for other in got:
        if isinstance(other, Failure):
            assert other.kind is Kind.THROTTLED and other.retry_after == 30


# ---- refusals ---------------------------------------------------------------------------------------------------------------


def test_a_full_drive_is_explained_and_a_retry_goes_on(
    account: DriveAccount, google: FakeGoogle, parts: list[Part]
) -> None:
    google.quota = parts[0].bytes + 10
    outcome = tries(parts)
    assert isinstance(outcome, Failure) and outcome.kind is Kind.REJECTED
    assert "full" in outcome.reason and "Retry" in outcome.reason
    google.quota = None
    sent = google.asked.count("send")
    assert isinstance(tries(parts), Made)
    assert is_complete(google, parts)
    assert google.asked.count("send") - sent == 1 + 1 + 1 + 4  # the first file was not sent again


def test_access_taken_back_ends_the_connection_and_says_so(
    account: DriveAccount, google: FakeGoogle, parts: list[Part]
) -> None:
    google.access.clear()
    google.refresh.clear()
    outcome = tries(parts)
    assert isinstance(outcome, Failure) and outcome.kind is Kind.REJECTED
    assert "no longer accepts" in outcome.reason and "Integrations" in outcome.reason
    account.refresh_from_db()
    assert account.disconnected_reason == outcome.reason
    assert google.asked.count("token") == 2  # the first consent, and one renewal in all


def test_a_drive_that_is_not_connected_any_more_is_a_plain_failure(
    account: DriveAccount, seller: User, parts: list[Part]
) -> None:
    disconnect(seller)
    outcome = copy(parts)
    assert isinstance(outcome, Failure) and outcome.kind is Kind.REJECTED and "Downloads" in outcome.reason


@pytest.mark.parametrize(
    ("refusal", "kind", "words"),
    [
        (google_error(403, "storageQuotaExceeded"), Kind.REJECTED, "full"),
        (google_error(403, "userRateLimitExceeded"), Kind.THROTTLED, "slow down"),
        (google_error(403, "rateLimitExceeded"), Kind.THROTTLED, "slow down"),
        (google_error(429, "rateLimitExceeded"), Kind.THROTTLED, "slow down"),
        (google_error(403, "dailyLimitExceeded"), Kind.OPERATOR, "tomorrow"),
        (google_error(403, "uploadLimitExceeded"), Kind.REJECTED, "tomorrow"),
        (google_error(403, "accessNotConfigured"), Kind.OPERATOR, "operator"),
        (google_error(403, "domainPolicy"), Kind.REJECTED, "administrator"),
        (google_error(403, "insufficientPermissions"), Kind.REJECTED, "Integrations"),
        (google_error(403, "appNotAuthorizedToFile", "No access to this."), Kind.REJECTED, "No access to this"),
        (google_error(400, "invalid", "Bad name."), Kind.REJECTED, "Bad name"),
        (google_error(404, "notFound"), Kind.TRANSIENT, "folder"),
        (Refusal(500, {"error": {"code": 500}}), Kind.UNKNOWN, "check"),
        (Refusal(503, b"<html>busy</html>"), Kind.UNKNOWN, "check"),
        (Refusal(200, b"<html>Just a moment</html>"), Kind.UNKNOWN, "could not be read"),
        (Refusal(200, {}), Kind.UNKNOWN, "did not answer"),
        (Refusal(302, None, headers={"location": "http://127.0.0.1:9/"}), Kind.UNKNOWN, "could not be read"),
    ],
    ids=lambda v: str(v.status) if isinstance(v, Refusal) else None,
)
def test_every_refusal_has_a_kind_and_the_sellers_words(
    account: DriveAccount, google: FakeGoogle, parts: list[Part], refusal: Refusal, kind: Kind, words: str
) -> None:
    google.refusals["create"] = Refusal(refusal.status, refusal.body, 10_000, refusal.headers)
    outcome = copy(parts)
    assert isinstance(outcome, Failure), outcome
    assert outcome.kind is kind and words in outcome.reason and outcome.reason.endswith(".")
    assert "{said}" not in outcome.reason and "HTTP" not in outcome.reason


def test_every_row_of_the_table_can_be_met() -> None:
    """No row is hidden behind an earlier one."""
    met: set[int] = set()
    words = ["", "invalid_grant", "invalid_client", "domainPolicy", "accessNotConfigured", "storageQuotaExceeded",
             "dailyLimitExceeded", "uploadLimitExceeded", "userRateLimitExceeded", "insufficientPermissions"]  # fmt: skip
    for doing in Doing:
        for how in Met:
            for status in (0, 200, 302, 400, 401, 403, 404, 408, 410, 413, 429, 500, 503):
                for word in words:
                    answer = Answer(doing, how, status, reasons=(word,))
                    met.add(outcomes.TABLE.index(outcomes.row_for(answer)))
    assert met == set(range(len(outcomes.TABLE)))


def test_an_upload_address_elsewhere_is_never_used(
    account: DriveAccount, google: FakeGoogle, parts: list[Part]
) -> None:
    google.refusals["begin"] = Refusal(200, None, 100, {"location": "http://127.0.0.1:9/upload/steal"})
    outcome = copy(parts)
    assert isinstance(outcome, Failure) and outcome.kind is Kind.TRANSIENT
    assert not DriveUpload.objects.exclude(session=b"").exists()
    real = GoogleConfig("https://www.googleapis.com", "", "", "", Secret(""))
    assert real.is_theirs("https://www.googleapis.com/upload/x") and real.is_theirs("https://eu.googleapis.com/x")
    for other in ("http://www.googleapis.com/x", "https://googleapis.com.evil.example/x", "https://evil.example/x"):
        assert not real.is_theirs(other)


def test_no_secret_is_logged_stored_in_clear_or_told(
    account: DriveAccount, google: FakeGoogle, parts: list[Part], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    google.refusals["send"] = Refusal(500, b"echo: " + google.secrets[-1].encode(), 100)
    google.refusals["ask"] = Refusal(500, b"echo", 100)
    outcome = copy(parts)
    kept = [
        bytes(account.access_token),
        bytes(account.refresh_token),
        *(bytes(u.session) for u in DriveUpload.objects.all()),
    ]
    for secret in google.secrets:
        assert secret not in caplog.text, secret.split("-")[0]
        assert secret not in repr(outcome)
        assert not any(secret.encode() in stored for stored in kept)


# ---- the connection ---------------------------------------------------------------------------------------------------------


def test_connecting_asks_for_the_least_and_keeps_whose_drive_it_is(account: DriveAccount) -> None:
    assert account.email == "seller@example.com" and account.disconnected_reason == ""
    assert account.expires_at > ports.now() + dt.timedelta(minutes=50)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": "forged"}, "not started here"),
        ({"error": "access_denied", "code": ""}, "consent"),
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
