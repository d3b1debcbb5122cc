"""A client that openapi-python-client generates from the running studio's document launches, approves and downloads."""

from __future__ import annotations

import hashlib
import importlib
import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.programs.conftest import ORDER, Shop

pytestmark = pytest.mark.processes
PACKAGE = "generated_studio_client"


@pytest.fixture
def generated(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The package, generated from the document as the studio serves it."""
    with urllib.request.urlopen(f"{shop.url}/api/v1/openapi.json", timeout=30) as answer:
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

    def stage() -> str:
        return str(call("projects.project", project.public_id).stage.value)

    def wait_for(wanted: str) -> None:
        until = time.monotonic() + 120
        while (now := stage()) != wanted:
            assert now != "failed" and time.monotonic() < until, now
            time.sleep(0.5)

    wait_for("awaiting_approval")
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
