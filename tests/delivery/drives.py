"""A seller with a connected Drive at a fake Google, files to copy, and the copy itself: for tests of Google Drive."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from elistit.accounts.models import User
from elistit.chain import retry
from elistit.delivery.google_drive import copying, oauth
from elistit.delivery.google_drive.connect import begin, connect
from elistit.delivery.google_drive.copying import Part
from elistit.delivery.models import DriveAccount, DriveCopy
from elistit.network.call import Timeouts
from elistit.ports import Failure, Kind, Made, Outcome
from tests.delivery.drive_server import CLIENT_ID, CLIENT_SECRET, FakeGoogle
from tests.providers_outside.breaks import BREAKS

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
