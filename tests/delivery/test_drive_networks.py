"""Copies to Google Drive over bad networks: resumed where they stopped, complete, and made once."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from elistit.accounts.models import User
from elistit.delivery.google_drive import copying
from elistit.delivery.google_drive.copying import Part
from elistit.delivery.models import DriveAccount, DriveCopy, DriveUpload
from elistit.ports import Failure, Kind, Made, Outcome
from tests.delivery.cutting import CuttingProxy
from tests.delivery.drive_server import FakeGoogle, Refusal
from tests.delivery.drives import (
    PROJECT,
    account,
    connected,
    copy,
    every_break,
    google,
    is_complete,
    parts,
    point_at,
    seller,
    some_parts,
    tries,
)
from tests.providers_outside.breaks import lengthless, reset
from tests.providers_outside.loopback import Break, Fault, closed_port

__all__ = ["account", "google", "parts", "seller"]


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
