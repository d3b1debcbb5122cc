"""An S3 service on this machine, a bucket of each test's own, and stores over both kinds of place."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from elistit.delivery.address import KEY_NAME, SECRET_NAME, Bucket
from elistit.delivery.s3 import S3Store
from elistit.delivery.store import LocalStore, Store

SECRET = "s3-secret-0123456789abcdef"


@pytest.fixture(scope="session")
def s3_port() -> Iterator[int]:
    """The port of an S3 service of this session's own."""
    pytest.importorskip("moto")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/moto-api/", timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise RuntimeError("the S3 service did not start")
        yield port
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def s3_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_NAME, "AKIDTEST00000001")
    monkeypatch.setenv(SECRET_NAME, SECRET)
    for name in [n for n in os.environ if n.startswith("AWS_") and n not in (KEY_NAME, SECRET_NAME)]:
        monkeypatch.delenv(name)


@pytest.fixture
def bucket(s3_port: int, s3_key: None, tmp_path: Path) -> Bucket:
    """A new bucket on the service, with a prefix to live under."""
    made = Bucket(f"files-{uuid.uuid4().hex[:12]}", "studio/a", f"http://127.0.0.1:{s3_port}")
    S3Store(made, tmp_path / "unused")._client.create_bucket(Bucket=made.bucket)
    return made


MakeStore = Callable[[], Store]


@pytest.fixture(params=["folder", "s3"])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store of each kind: what holds for one holds for the other."""
    if request.param == "folder":
        return LocalStore(tmp_path / "files")
    return S3Store(request.getfixturevalue("bucket"), tmp_path / "cache")
