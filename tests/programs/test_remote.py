"""`elistit --remote`: a seller's whole way on a studio elsewhere, and the typed client it uses."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from elistit_client import Studio, StudioError, models
from tests.programs.conftest import ORDER, Shop

pytestmark = pytest.mark.processes


@pytest.fixture
def remote(shop: Shop, tmp_path: Path) -> Any:
    """Run a command of `elistit --remote` without a data folder of its own; the answer is its JSON and its exit code."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ELISTIT_") and k != "DATABASE_URL"}
    nowhere = tmp_path / "no-data"

    def run(*arguments: str, key: str = shop.key) -> tuple[int, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "elistit.cli", "--remote", shop.url, *arguments, "--json"],
            env={**kept, "ELISTIT_API_KEY": key, "ELISTIT_DATA": str(nowhere)}, cwd=tmp_path, capture_output=True,
            text=True, timeout=60, check=False,
        )  # fmt: skip
        assert not nowhere.exists(), "a remote command has no data of its own"
        return done.returncode, json.loads(done.stdout)

    return run


def test_a_seller_works_on_a_studio_elsewhere(shop: Shop, remote: Any, tmp_path: Path) -> None:
    order = ("launch", str(ORDER["idea"]), "--product", str(ORDER["product"]), "--count", str(ORDER["count"]))
    before = shop.balance()
    code, quote = remote(*order, "--quote")
    assert code == 0 and quote["storyboard"]["subjects"] and shop.balance() == before

    code, made = remote(*order, "--key", "remote-1")
    again = remote(*order, "--key", "remote-1")[1]
    assert code == 0 and again["public_id"] == made["public_id"]
    assert shop.balance() == before - quote["total"]

    def at(stage: str) -> dict[str, Any]:
        until = time.monotonic() + 120
        while (found := remote("status", made["public_id"])[1])["stage"] != stage:
            assert found["stage"] != "failed" and time.monotonic() < until, found["stage"]
            time.sleep(0.5)
        return dict(found)

    at("awaiting_approval")
    assert remote("drop", made["public_id"], "2")[1]["items"][1]["state"] == "dropped"
    assert remote("keep", made["public_id"], "2")[1]["items"][1]["state"] == "made"
    code, edited = remote("edit", made["public_id"], "--name", "Foxes", "--label", "autumn")
    assert (code, edited["name"], edited["labels"]) == (0, "Foxes", ["autumn"])
    assert remote("edit", made["public_id"], "--remove-label", "Autumn")[1]["labels"] == []
    assert remote("approve", made["public_id"])[0] == 0
    at("completed")

    code, saved = remote("download", made["public_id"], "--folder", str(tmp_path / "files"))
    assert code == 0 and len(saved["files"]) > 4
    for file in saved["files"]:
        content = Path(file["path"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
    assert remote("credits")[1]["balance"] == shop.balance()
    assert made["public_id"] in [row["public_id"] for row in remote("status")[1]["projects"]]
    assert shop.audit()["ok"]


def test_what_the_studio_refuses_ends_in_one_sentence(remote: Any, shop: Shop) -> None:
    before = shop.balance()
    code, wrong = remote("launch", "a fox", "--product", "sculpture")
    assert code == 2 and "product" in wrong["error"] and "Traceback" not in wrong["error"]
    code, unknown = remote("status", "01KAPG7R3ZJ4X9M2V5T8W6Q1YB")
    assert code == 2 and unknown["problem"]["status"] == 404
    poor = shop.studio.cli("users", "add", "poor@example.com", "--credits", "0")["api_key"]
    code, short = remote("launch", "a fox", "--product", "sticker", "--count", "2", key=poor)
    assert code == 1 and short["problem"]["type"] == "urn:elistit:problem:insufficient-credits"
    assert shop.balance() == before
    code, stranger = remote("credits", key="elk_wrong")
    assert code == 1 and stranger["problem"]["type"] == "urn:elistit:problem:unauthorized"
    assert remote("doctor")[0] == 2


def test_the_typed_client_reads_everything_the_studio_answers(shop: Shop) -> None:
    with Studio(shop.url, shop.key) as studio:
        assert {p.code for p in studio.products()} >= {"clipart", "sticker", "poster", "pattern"}
        assert studio.prices().version and any(m.code.startswith("builtin/") for m in studio.model_prices())
        quote = studio.quote(models.QuoteRequest(**ORDER))
        assert sum(line.credits for line in quote.lines) == quote.total > 0
        with pytest.raises(StudioError) as refused:
            studio.launch(models.LaunchRequest(**ORDER, quote_id="01KAPG7R3ZJ4X9M2V5T8W6Q1YB"), key="no-such-quote")
        assert refused.value.refused and refused.value.kind
        project = studio.launch(models.LaunchRequest(**{**ORDER, "count": 1}, quote_id=None), key="typed")
        assert next(studio.follow(project.public_id))["stage"]
        gone = studio.delete(project.public_id)
        assert gone.stage == "deleted" and gone.not_refunded <= project.job.charged
