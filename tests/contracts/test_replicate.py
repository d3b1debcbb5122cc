"""Purchases through Prism: Replicate's own document judges our requests and our stand-in's answers at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from elistit.ports import Made
from elistit.providers import http
from elistit.providers.replicate.client import Replicate, Waiting
from elistit.providers.replicate.models import MODELS
from tests.contracts.conftest import Judge, verdict
from tests.providers_outside.asking import KEY, asked_for, picture, run
from tests.providers_outside.fakes import FakeReplicate
from tests.providers_outside.loopback import Reply

# Prism adds its own time to every answer; the client's timeouts in other tests is too short for it.
PATIENT = http.Timeouts(connect=5, read=15, write=5, whole=30)
WAITING = Waiting(first=0.01, most=0.05, run=30, look_up=10, end_there=60, call=PATIENT, picture=PATIENT)


class Behind(FakeReplicate):
    """The stand-in with Replicate's `/v1` before every path, as it is behind the document. The document lets the version
    be either any word or the word `hidden` but not both, so `hidden` itself, which the service says, cannot be judged."""

    def handle(self, method: str, path: str, body: object) -> Reply:
        reply = super().handle(method, path.removeprefix("/v1"), body)
        if isinstance(reply.body, dict):
            for prediction in (reply.body, *reply.body.get("results", ())):
                if prediction.get("version") == "hidden":
                    prediction["version"] = "5c7d5dc6dd8bf75c1acaa8565735e7986bc5b66206b55cca93cb72c9bf15ccaa"
        return reply

    def point(self, method: str, path: str) -> str:
        return super().point(method, path.removeprefix("/v1"))


@pytest.fixture(scope="module")
def standing() -> Iterator[Behind]:
    server = Behind()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def prism(judge: Judge, standing: Behind) -> str:
    return judge("replicate-oas.json", standing.url)


@pytest.mark.parametrize("model", MODELS)
def test_a_purchase_passes_replicates_own_document_both_ways(
    prism: str, standing: Behind, tmp_path: Path, model: str
) -> None:
    standing.file = Reply(200, picture(), {"content-type": "image/png"})
    bought = standing.bought
    provider = Replicate(http.Service("replicate", f"{prism}/v1", KEY, ("replicate.delivery",)), WAITING)
    known: list[str] = []
    request = asked_for(tmp_path, model, key=f"job:{model}:1.0", transparent=True)
    made = provider.generate(request, run, known.append)
    assert isinstance(made, Made), made
    assert standing.bought == bought + 1
    assert isinstance(provider.look_up(request, known[-1], run), Made)
    assert provider.check() is None


REFUSALS = [
    ("predictions.create: no version", "POST", "/predictions", {"json": {"input": {"prompt": "a fox"}}}),
    (
        "predictions.create: a key too many",
        "POST",
        "/predictions",
        {"json": {"version": "a:b", "input": {}, "model": "x"}},
    ),
    ("models.predictions.create: no input", "POST", "/models/a/b/predictions", {"json": {"prompt": "a fox"}}),
    (
        "models.predictions.create: too long a wait",
        "POST",
        "/models/a/b/predictions",
        {"json": {"input": {}}, "headers": {"authorization": "Bearer x", "prefer": "wait=500"}},
    ),
    ("predictions.get: no token", "GET", "/predictions/abc", {"headers": {}}),
    ("predictions.list: no token", "GET", "/predictions", {"headers": {}}),
    ("webhooks.default.secret.get: no token", "GET", "/webhooks/default/secret", {"headers": {}}),
    ("files.create: no content", "POST", "/files", {"files": {"metadata": (None, "{}", "application/json")}}),
    ("account.get: no token", "GET", "/account", {"headers": {}}),
]


@pytest.mark.parametrize(("operation", "method", "path", "wrong"), REFUSALS, ids=[r[0] for r in REFUSALS])
def test_the_judge_refuses_what_the_document_does_not_allow(
    prism: str, standing: Behind, operation: str, method: str, path: str, wrong: dict[str, object]
) -> None:
    bought, asked = standing.bought, len(standing.asked)
    given = {"headers": {"authorization": "Bearer x"}, **wrong}
    answer = httpx.request(method, f"{prism}/v1{path}", timeout=60, **given)  # type: ignore[arg-type]
    assert verdict(answer) in ("UNPROCESSABLE_ENTITY", "UNAUTHORIZED"), (answer.status_code, answer.text[:300])
    assert (standing.bought, len(standing.asked)) == (bought, asked), "a refused request buys nothing"
