"""A client that openapi-python-client generates from the running studio's document launches, approves and downloads."""

from __future__ import annotations

import hashlib
import importlib
import json
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from tests.programs.conftest import ORDER, Shop

pytestmark = pytest.mark.processes
CHAIN = [
    "queued",
    "briefing",
    "generating",
    "awaiting_approval",
    "processing",
    "delivering",
    "listing",
    "drafting",
    "completed",
]
PACKAGE = "generated_studio_client"


@pytest.fixture
def generated(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The package, generated from the document as the studio serves it."""
    with urllib.request.urlopen(f"{shop.url}/api/v1/openapi.json", timeout=60) as answer:
        (tmp_path / "openapi.json").write_bytes(answer.read())
    (tmp_path / "config.yml").write_text(json.dumps({"post_hooks": []}))
    subprocess.run(
        [
            sys.executable, "-m", "openapi_python_client", "generate", "--path", "openapi.json", "--config", "config.yml",
            "--meta", "none", "--output-path", PACKAGE, "--fail-on-warning",
        ],
        cwd=tmp_path, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    monkeypatch.syspath_prepend(str(tmp_path))
    return importlib.import_module(PACKAGE)


def test_the_generated_client_makes_a_project_and_its_digests_are_equal(shop: Shop, generated: ModuleType) -> None:
    def call(name: str, *arguments: Any, **named: Any) -> Any:
        operation = importlib.import_module(f"{PACKAGE}.api.{name}")
        answer = operation.sync_detailed(*arguments, client=client, **named)
        assert 200 <= answer.status_code < 300, (name, answer.content)
        return answer.parsed

    models = importlib.import_module(f"{PACKAGE}.models")
    client = generated.AuthenticatedClient(base_url=shop.url, token=shop.key, timeout=60)
    before = shop.balance()

    quote = call("projects.quote", body=models.QuoteRequest.from_dict(ORDER))
    order = models.LaunchRequest.from_dict({**ORDER, "quote_id": quote.id})
    project = call("projects.launch", body=order, idempotency_key="generated")
    again = call("projects.launch", body=order, idempotency_key="generated")
    assert again.public_id == project.public_id and shop.balance() == before - quote.total

    followed: list[str] = []
    follower = threading.Thread(target=follow, args=(shop, project.public_id, followed), daemon=True)
    follower.start()

    def stage() -> str:
        return str(call("projects.project", project.public_id).stage.value)

    def wait_for(wanted: str) -> None:
        until = time.monotonic() + 120
        while (now := stage()) != wanted:
            assert now != "failed" and time.monotonic() < until, now
            time.sleep(0.5)

    wait_for("awaiting_approval")
    # The stream names the stage a project is in: it must have looked before the stage ends.
    until = time.monotonic() + 60
    while "awaiting_approval" not in followed and time.monotonic() < until:
        time.sleep(0.1)
    call("projects.approve", project.public_id)
    wait_for("completed")

    files = call("files.files", project.public_id).items
    assert len(files) > 4
    for file in files:
        got = call("files.download", project.public_id, file.id).payload.read()
        assert (len(got), hashlib.sha256(got).hexdigest()) == (file.bytes_, file.sha256), file.name
        rest = call("files.download", project.public_id, file.id, range_="bytes=7-").payload.read()
        assert rest == got[7:]
    assert shop.audit()["ok"]

    follower.join(90)
    assert not follower.is_alive() and followed[-1] == "completed" and "awaiting_approval" in followed
    assert [stage for n, stage in enumerate(followed) if stage not in followed[:n]] == sorted(
        set(followed), key=CHAIN.index
    )
    check_the_wire(shop, max(files, key=lambda file: file.bytes_))


def follow(shop: Shop, public_id: str, stages: list[str]) -> None:
    """The stages told by the project's stream of events, on one connection, until it is completed."""
    headers = {"Authorization": f"Bearer {shop.key}"}
    with httpx.stream("GET", f"{shop.url}/api/v1/projects/{public_id}/events", headers=headers, timeout=60) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            if line.startswith("data: "):
                stages.append(json.loads(line[6:])["stage"])
                if stages[-1] == "completed":
                    return


def check_the_wire(shop: Shop, file: Any) -> None:
    """What the web server makes of headers: HEAD, parts, tags, and a form nobody can read."""
    with httpx.Client(base_url=shop.url, headers={"Authorization": f"Bearer {shop.key}"}, timeout=30) as http:
        head = http.head(file.url)
        assert (head.status_code, head.headers["content-length"], head.content) == (200, str(file.bytes_), b"")
        part = http.get(file.url, headers={"Range": "bytes=-100", "If-Range": head.headers["etag"]})
        assert (part.status_code, len(part.content)) == (206, 100)
        assert http.get(file.url, headers={"If-None-Match": head.headers["etag"]}).status_code == 304
        past = http.get(file.url, headers={"Range": f"bytes={file.bytes_}-"})
        assert (past.status_code, past.headers["content-range"]) == (416, f"bytes */{file.bytes_}")
        document = http.head("/api/v1/openapi.json")
        assert int(document.headers["content-length"]) > 100_000 and document.content == b""
        form = http.post("/api/v1/uploads", content=b"--x", headers={"Content-Type": "multipart/form-data"})
        assert (form.status_code, form.json()["type"]) == (400, "urn:elistit:problem:malformed-request")
