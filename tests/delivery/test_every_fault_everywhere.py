"""Every fault of a network at every request of a copy to Google Drive: every file there once with its digest, whatever broke.

The exchange begins with a token about to end: renewing it, looking, each folder, each upload's beginning and each piece are all
in it. Slow answers and cuts at random bytes are in test_drive_networks.py.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from elistit import ports
from elistit.accounts.models import User
from elistit.delivery.google_drive.connect import NotConnected, begin, connect
from elistit.delivery.google_drive.copying import Part
from elistit.delivery.models import DriveAccount, DriveCopy
from elistit.network import call
from elistit.ports import Failure, Kind, Made
from tests.delivery.drive_server import FakeGoogle
from tests.delivery.drives import (
    BACK,
    PIECE,
    PROJECT,
    connected,
    copy,
    google,
    is_complete,
    point_at,
    seller,
)
from tests.faulty import QUICK_TROUBLES, UNTRUSTED, Road, Trouble, certificates, road

__all__ = ["google", "seller"]
every_trouble = pytest.mark.parametrize("trouble", QUICK_TROUBLES, ids=lambda t: t.name)
EXCHANGE = ["token", "list", "create", "list", "list", "create", "create", "begin", "send", "send", "begin", "send"]


@pytest.fixture
def two(tmp_path: Path) -> list[Part]:
    """A file in two pieces in a folder of its own, and a small one."""
    import hashlib

    parts = []
    for path, size in (("images/01-fox.png", PIECE + 7), ("product-card.pdf", 900)):
        file = tmp_path / path.replace("/", "_")
        file.write_bytes(random.Random(size).randbytes(size))
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        parts.append(Part(path, lambda f=file: f, size, digest))  # type: ignore[misc]
    return parts


def start(faulty: Road, seller: User, google: FakeGoogle, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty Drive, connected soundly, whose token is about to end and whose requests take the faulty road."""
    for kept in (google.files, google.content, google.sessions):
        kept.clear()
    point_at(monkeypatch, google.url)
    connected(seller, google)
    point_at(monkeypatch, faulty.url)
    DriveAccount.objects.update(expires_at=ports.now())
    DriveCopy.objects.all().delete()
    DriveCopy.objects.create(project=PROJECT, owner=seller, state=DriveCopy.State.PENDING)
    google.asked.clear()


def go_wrong_at_each(
    faulty: Road, trouble: Trouble, seller: User, google: FakeGoogle, two: list[Part], monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(1, len(EXCHANGE) + 1):
        start(faulty, seller, google, monkeypatch)
        faulty.breaks(trouble, at)
        first = copy(two)
        faulty.mend()
        assert faulty.happened
        if isinstance(first, Failure):
            assert first.kind in (Kind.TRANSIENT, Kind.UNKNOWN) and first.reason.endswith("."), (at, first)
            assert isinstance(second := copy(two), Made), (at, first, second)
        assert is_complete(google, two), at
        assert google.asked.count("begin") <= 3, "at most the upload whose address was lost was begun anew"


def test_an_exchange_has_the_requests_it_is_broken_at(
    seller: User, google: FakeGoogle, two: list[Part], monkeypatch: pytest.MonkeyPatch
) -> None:
    with road(google.port) as faulty:
        start(faulty, seller, google, monkeypatch)
        assert isinstance(copy(two), Made)
    assert google.asked == EXCHANGE


@every_trouble
def test_one_trouble_at_any_request_ends_in_one_whole_copy(
    seller: User, google: FakeGoogle, two: list[Part], monkeypatch: pytest.MonkeyPatch, trouble: Trouble
) -> None:
    with road(google.port) as faulty:
        go_wrong_at_each(faulty, trouble, seller, google, two, monkeypatch)


def test_a_certificate_nobody_trusts_at_any_request(
    seller: User, google: FakeGoogle, two: list[Part], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trusting = certificates(tmp_path)
    monkeypatch.setattr(call, "tls", lambda: trusting)
    with road(google.port, over_tls=tmp_path) as faulty:
        go_wrong_at_each(faulty, UNTRUSTED, seller, google, two, monkeypatch)


@every_trouble
def test_one_trouble_at_any_request_of_connecting_leaves_a_whole_connection_or_none(
    seller: User, google: FakeGoogle, monkeypatch: pytest.MonkeyPatch, trouble: Trouble
) -> None:
    with road(google.port) as faulty:
        point_at(monkeypatch, faulty.url)
        for at in (1, 2):  # code for tokens, whose Drive
            faulty.breaks(trouble, at)
            with pytest.raises(NotConnected) as failed:
                started = begin(BACK)
                connect(seller, started, **google.consent(started.url))
            assert failed.value.failure.reason.endswith(".") and not DriveAccount.objects.exists(), at
            faulty.mend()
        assert connected(seller, google).email == google.email
