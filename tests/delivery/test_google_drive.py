"""A copy on Google Drive: complete, made once, and explained when it is refused."""

from __future__ import annotations

import logging

import pytest

from elistit.accounts.models import User
from elistit.accounts.vault import Secret
from elistit.delivery.google_drive import copying, names, outcomes
from elistit.delivery.google_drive.config import GoogleConfig
from elistit.delivery.google_drive.connect import disconnect
from elistit.delivery.google_drive.copying import Part
from elistit.delivery.google_drive.wire import Answer, Doing, Met
from elistit.delivery.models import DriveAccount, DriveCopy, DriveUpload
from elistit.ports import Failure, Kind, Made
from tests.delivery.drive_server import FakeGoogle, Refusal, google_error
from tests.delivery.drives import QUICK, account, copy, google, is_complete, parts, seller, tries

__all__ = ["account", "google", "parts", "seller"]


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
