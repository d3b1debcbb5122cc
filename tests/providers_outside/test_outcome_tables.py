"""Every row of the failure table of each provider, answered by a server on loopback: kind, words, and what was bought."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest

from elistit.ports import Failure, Kind, Made, Outcome
from elistit.providers import http_outcomes
from elistit.providers.comfyui import outcomes as comfyui_outcomes
from elistit.providers.openai import outcomes as openai_outcomes
from elistit.providers.recraft import outcomes as recraft_outcomes
from elistit.providers.replicate import outcomes as replicate_outcomes
from tests.providers_outside.asking import KEY, SVG, asked_for, openai_at, picture, recraft_at, replicate_at, run
from tests.providers_outside.fakes import FakeImages, FakeReplicate
from tests.providers_outside.loopback import Reply

HTML = Reply(502, b"<html><h1>502 Bad Gateway</h1></html>", {"content-type": "text/html"})
SLOW = {"retry-after": "7"}


def openai(code: str = "", type: str = "", message: str = "No.", **more: Any) -> dict[str, Any]:
    return {"error": {"code": code or None, "type": type or None, "message": message, "param": None, **more}}


OPENAI: list[tuple[str, Reply, Kind, float | None]] = [
    ("too fast", Reply(429, openai("rate_limit_exceeded", "requests"), SLOW), Kind.THROTTLED, 7),
    ("slow down", Reply(429, openai("slow_down"), SLOW), Kind.THROTTLED, 7),
    ("slow down as 503", Reply(503, openai("slow_down"), SLOW), Kind.THROTTLED, 7),
    ("500", Reply(500, openai("server_error")), Kind.TRANSIENT, None),
    ("502 web page", HTML, Kind.TRANSIENT, None),
    ("overloaded", Reply(503, openai("server_is_overloaded"), SLOW), Kind.TRANSIENT, 7),
    ("504: it may have been made", Reply(504, b""), Kind.UNKNOWN, None),
    ("408", Reply(408, openai()), Kind.UNKNOWN, None),
    ("other 400", Reply(400, openai("invalid_size", "invalid_request_error", param="size")), Kind.REJECTED, None),
    ("413", Reply(413, b"too large"), Kind.REJECTED, None),
    ("422", Reply(422, openai("x")), Kind.REJECTED, None),
    ("moderation", Reply(400, openai("moderation_blocked", "image_generation_user_error")), Kind.BLOCKED_PROMPT, None),
    ("moderation of the picture",
     Reply(400, openai("moderation_blocked", moderation_details={"categories": [], "moderation_stage": "output"})),
     Kind.BLOCKED_OUTPUT, None),
    ("moderation of the words",
     Reply(400, openai("moderation_blocked", moderation_details={"moderation_stage": "input"})), Kind.BLOCKED_PROMPT, None),
    ("old code", Reply(400, openai("content_policy_violation")), Kind.BLOCKED_PROMPT, None),
    ("by message", Reply(400, openai(message="Your request was rejected as a result of our safety system.")),
     Kind.BLOCKED_PROMPT, None),
    ("key", Reply(401, openai("invalid_api_key")), Kind.OPERATOR, None),
    ("region", Reply(403, openai("unsupported_country_region_territory")), Kind.OPERATOR, None),
    ("not verified", Reply(403, openai(message="Your organization must be verified to use the model.")), Kind.OPERATOR, None),
    ("model gone", Reply(404, openai("model_not_found")), Kind.OPERATOR, None),
    ("model gone as 400", Reply(400, openai("invalid_value", param="model")), Kind.OPERATOR, None),
    ("no money", Reply(429, openai("credit_balance_exhausted", "insufficient_quota"), SLOW), Kind.OPERATOR, None),
    ("org limit", Reply(429, openai("organization_spend_limit_exceeded", "insufficient_quota")), Kind.OPERATOR, None),
    ("project limit", Reply(429, openai("project_spend_limit_exceeded", "insufficient_quota")), Kind.OPERATOR, None),
    ("usage limit", Reply(429, openai("organization_usage_limit_exceeded", "insufficient_quota")), Kind.OPERATOR, None),
    ("hard limit", Reply(400, openai("billing_hard_limit_reached", "image_generation_user_error")), Kind.OPERATOR, None),
    ("200 with a web page", Reply(200, b"<html></html>", {"content-type": "text/html"}), Kind.UNKNOWN, None),
    ("200 with other JSON", Reply(200, {"ok": True}), Kind.UNKNOWN, None),
    ("redirect", Reply(302, b"", {"location": "http://127.0.0.1:1/"}), Kind.UNKNOWN, None),
    ("no image", Reply(200, {"data": []}), Kind.TRANSIENT, None),
    ("empty image", Reply(200, {"data": [{"b64_json": ""}]}), Kind.TRANSIENT, None),
    ("broken base64", Reply(200, {"data": [{"b64_json": "%%%"}]}), Kind.TRANSIENT, None),
    ("not a picture", Reply(200, {"data": [{"b64_json": "PGh0bWw+"}]}), Kind.TRANSIENT, None),
]  # fmt: skip

RECRAFT: list[tuple[str, Reply, Kind, float | None]] = [
    ("429", Reply(429, b"too many requests", SLOW), Kind.THROTTLED, 7),
    ("500", Reply(500, b"internal error"), Kind.TRANSIENT, None),
    ("502 web page", HTML, Kind.TRANSIENT, None),
    ("504", Reply(504, b""), Kind.UNKNOWN, None),
    ("bad size", Reply(400, {"code": "invalid_request_parameter", "message": "size is not supported"}), Kind.REJECTED, None),
    ("422", Reply(422, b"style does not exist"), Kind.REJECTED, None),
    ("nsfw in text", Reply(400, b"prompt contains NSFW content"), Kind.BLOCKED_PROMPT, None),
    ("moderation in JSON", Reply(400, {"code": "x", "message": "Blocked by moderation"}), Kind.BLOCKED_PROMPT, None),
    ("policy as 403", Reply(403, b"this violates our content policy"), Kind.BLOCKED_PROMPT, None),
    ("401 text", Reply(401, b"request unauthorized"), Kind.OPERATOR, None),
    ("402", Reply(402, b""), Kind.OPERATOR, None),
    ("403", Reply(403, b"forbidden"), Kind.OPERATOR, None),
    ("404 text", Reply(404, b"404 page not found"), Kind.OPERATOR, None),
    ("no credits as 400", Reply(400, {"code": "not_enough_credits", "message": "Not enough credits"}), Kind.OPERATOR, None),
    ("200 with a web page", Reply(200, b"<html></html>", {"content-type": "text/html"}), Kind.UNKNOWN, None),
    ("no image", Reply(200, {"data": []}), Kind.TRANSIENT, None),
    ("nsfw score", Reply(200, {"data": [{"b64_json": "eA==", "features": {"nsfw_score": 0.97}}]}), Kind.BLOCKED_OUTPUT, None),
    ("not a picture", Reply(200, {"data": [{"b64_json": "PGh0bWw+"}]}), Kind.TRANSIENT, None),
]  # fmt: skip

REPLICATE: list[tuple[str, Reply, Kind, float | None]] = [
    ("throttled", Reply(429, {"detail": "Request was throttled. Your rate limit resets in ~30s."}, SLOW), Kind.THROTTLED, 7),
    ("throttled, said in words", Reply(429, {"detail": "Request was throttled. Your rate limit resets in ~30s."}), Kind.THROTTLED, 30),
    ("500", Reply(500, {"title": "Internal"}), Kind.TRANSIENT, None),
    ("502 web page", HTML, Kind.TRANSIENT, None),
    ("503", Reply(503, b"", SLOW), Kind.TRANSIENT, 7),
    ("422 input", Reply(422, {"title": "Input validation failed", "detail": "- input.seed", "status": 422}), Kind.REJECTED, None),
    ("404 model", Reply(404, {"detail": "Not found."}), Kind.REJECTED, None),
    ("400", Reply(400, b"bad"), Kind.REJECTED, None),
    ("flagged at once", Reply(400, {"detail": "The input or output was flagged as sensitive. (E005)"}), Kind.BLOCKED_PROMPT, None),
    ("401", Reply(401, {"title": "Unauthenticated", "detail": "You did not pass an authentication token"}), Kind.OPERATOR, None),
    ("402", Reply(402, {"title": "Payment required", "detail": "Insufficient credit"}), Kind.OPERATOR, None),
    ("403", Reply(403, {"detail": "no"}), Kind.OPERATOR, None),
]  # fmt: skip

ENDINGS: list[tuple[str, dict[str, Any], Kind]] = [
    ("E6716", {"status": "failed", "error": "The model took too long to start (E6716)"}, Kind.TRANSIENT),
    ("E1000", {"status": "failed", "error": "Unknown error (E1000)"}, Kind.TRANSIENT),
    ("interrupted", {"status": "failed", "error": "Prediction interrupted; please retry"}, Kind.TRANSIENT),
    ("aborted", {"status": "aborted"}, Kind.TRANSIENT),
    ("E1001", {"status": "failed", "error": "Out of memory (E1001)"}, Kind.REJECTED),
    ("exception", {"status": "failed", "error": "list index out of range"}, Kind.REJECTED),
    ("canceled", {"status": "canceled"}, Kind.REJECTED),
    ("E005", {"status": "failed", "error": "The input or output was flagged as sensitive. Please try again (E005)"},
     Kind.BLOCKED_PROMPT),
    ("flagged", {"status": "failed", "error": "This was flagged as sensitive."}, Kind.BLOCKED_PROMPT),
    ("nsfw", {"status": "failed", "error": "NSFW content detected. Try running it again."}, Kind.BLOCKED_OUTPUT),
    ("no output", {"status": "succeeded", "output": []}, Kind.TRANSIENT),
    ("null output", {"status": "succeeded", "output": ""}, Kind.TRANSIENT),
    ("deleted", {"status": "succeeded", "data_removed": True}, Kind.TRANSIENT),
    ("never ends", {"status": "processing"}, Kind.UNKNOWN),
    ("a status of tomorrow", {"status": "paused"}, Kind.UNKNOWN),
    ("elsewhere", {"status": "succeeded", "output": ["https://evil.example/a.png"]}, Kind.OPERATOR),
    ("metadata server", {"status": "succeeded", "output": "http://169.254.169.254/latest"}, Kind.OPERATOR),
]  # fmt: skip


def ends(outcome: Outcome | None, kind: Kind, wait: float | None = None) -> Failure:
    assert isinstance(outcome, Failure), outcome
    assert outcome.kind == kind, outcome.detail
    assert outcome.retry_after == wait
    assert outcome.reason.endswith(".") and len(outcome.reason) <= 400 and not set(outcome.reason) & set("{}<>_=!")
    assert KEY not in outcome.reason + outcome.detail
    assert outcome.detail
    return outcome


@pytest.mark.parametrize(("reply", "kind", "wait"), [row[1:] for row in OPENAI], ids=[row[0] for row in OPENAI])
def test_every_answer_of_openai_has_its_kind(
    images: FakeImages, tmp_path: Path, reply: Reply, kind: Kind, wait: float | None
) -> None:
    images.answer = reply
    outcome = openai_at(images.url).generate(asked_for(tmp_path, "openai/gpt-image"), run, lambda _: None)
    ends(outcome, kind, wait)
    assert len(images.asked) == 1, "nothing is sent again by itself"


@pytest.mark.parametrize(("reply", "kind", "wait"), [row[1:] for row in RECRAFT], ids=[row[0] for row in RECRAFT])
def test_every_answer_of_recraft_has_its_kind(
    images: FakeImages, tmp_path: Path, reply: Reply, kind: Kind, wait: float | None
) -> None:
    images.answer = reply
    outcome = recraft_at(images.url).generate(asked_for(tmp_path, "recraft/v4-1"), run, lambda _: None)
    ends(outcome, kind, wait)
    assert len(images.asked) == 1, "nothing is sent again by itself"


@pytest.mark.parametrize(("reply", "kind", "wait"), [row[1:] for row in REPLICATE], ids=[row[0] for row in REPLICATE])
def test_every_answer_of_replicate_to_a_purchase_has_its_kind(
    replicate: FakeReplicate, tmp_path: Path, reply: Reply, kind: Kind, wait: float | None
) -> None:
    replicate.answer = reply
    outcome = replicate_at(replicate.url).generate(asked_for(tmp_path, "replicate/flux-schnell"), run, lambda _: None)
    ends(outcome, kind, wait)
    assert len(replicate.asked) == 1, "nothing is sent again by itself"


@pytest.mark.parametrize(("ending", "kind"), [row[1:] for row in ENDINGS], ids=[row[0] for row in ENDINGS])
def test_every_end_of_a_prediction_has_its_kind(
    replicate: FakeReplicate, tmp_path: Path, ending: dict[str, Any], kind: Kind
) -> None:
    replicate.fate, replicate.ending = ["starting", "processing"], ending
    known: list[str] = []
    outcome = replicate_at(replicate.url).generate(asked_for(tmp_path, "replicate/flux-schnell"), run, known.append)
    failed = ends(outcome, kind)
    assert (known[-1], failed.provider_id, replicate.bought) == ("pred1", "pred1", 1)


FILES: list[tuple[str, Reply, Kind]] = [
    ("gone", Reply(404, b""), Kind.TRANSIENT),
    ("fault", Reply(503, b""), Kind.UNKNOWN),
    ("a web page", Reply(200, b"<html></html>", {"content-type": "text/html"}), Kind.UNKNOWN),
    ("a web page called a picture", Reply(200, b"<html></html>", {"content-type": "image/png"}), Kind.UNKNOWN),
    ("text", Reply(200, b"hello", {"content-type": "text/plain"}), Kind.TRANSIENT),
    ("no picture", Reply(200, b"hello", {"content-type": "image/png"}), Kind.TRANSIENT),
    ("half a picture", Reply(200, picture()[:200], {"content-type": "image/png"}), Kind.TRANSIENT),
    ("too small", Reply(200, picture(16, 16), {"content-type": "image/png"}), Kind.TRANSIENT),
    ("a drawing instead", Reply(200, SVG, {"content-type": "image/svg+xml"}), Kind.TRANSIENT),
    ("redirected away", Reply(302, b"", {"location": "https://evil.example/x.png"}), Kind.OPERATOR),
    ("redirected for ever", Reply(302, b"", {"location": "/files/again.png"}), Kind.TRANSIENT),
]  # fmt: skip


@pytest.mark.parametrize(("file", "kind"), [row[1:] for row in FILES], ids=[row[0] for row in FILES])
def test_every_end_of_a_download_has_its_kind(
    replicate: FakeReplicate, tmp_path: Path, file: Reply, kind: Kind
) -> None:
    replicate.fate, replicate.file = ["succeeded"], file
    outcome = replicate_at(replicate.url).generate(asked_for(tmp_path, "replicate/flux-schnell"), run, lambda _: None)
    failed = ends(outcome, kind)
    assert failed.cost_micros == 3_000, "what was bought is recorded, whatever became of it"


def test_being_slowed_down_for_lack_of_credit_becomes_the_operators_matter(
    replicate: FakeReplicate, tmp_path: Path
) -> None:
    words = "Request was throttled. Your rate limit is reduced to 6 requests per minute while you have less than $5.0 in credit."
    replicate.answer = Reply(429, {"detail": words}, SLOW)
    provider, request = replicate_at(replicate.url), asked_for(tmp_path, "replicate/flux-schnell")
    kinds = [ends_kind(provider.generate(request, run, lambda _: None)) for _ in range(5)]
    assert kinds == [Kind.THROTTLED] * 4 + [Kind.OPERATOR]
    replicate.answer = None
    assert isinstance(provider.generate(request, run, lambda _: None), Made)
    replicate.answer = Reply(429, {"detail": words})
    assert ends_kind(provider.generate(request, run, lambda _: None)) == Kind.THROTTLED, (
        "a success starts the count anew"
    )


def ends_kind(outcome: Outcome | None) -> Kind:
    assert isinstance(outcome, Failure)
    return outcome.kind


def test_recraft_without_credits_is_found_by_the_check(images: FakeImages) -> None:
    provider = recraft_at(images.url)
    assert provider.check() is None
    images.credits = 0
    ends(provider.check(), Kind.OPERATOR)
    assert images.bought == 0


def test_a_check_buys_nothing_and_knows_a_refused_key(images: FakeImages, replicate: FakeReplicate) -> None:
    assert openai_at(images.url).check() is None
    assert replicate_at(replicate.url).check() is None
    images.answer = Reply(401, b"request unauthorized")
    ends(openai_at(images.url).check(), Kind.OPERATOR)
    ends(recraft_at(images.url).check(), Kind.OPERATOR)
    assert images.bought == replicate.bought == 0


WORDS = ["moderation_blocked", "insufficient_quota", "slow_down", "model_not_found", "nsfw", "not enough credits", "low balance",
         "(E005)", "(E1001)", "(E6716)", "(E1000)", "Prediction interrupted", "torch.OutOfMemoryError"]  # fmt: skip
TABLES = {
    "openai": openai_outcomes, "recraft": recraft_outcomes, "replicate": replicate_outcomes, "comfyui": comfyui_outcomes,
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_every_imaginable_answer_falls_under_some_row(name: str) -> None:
    table = TABLES[name].TABLE
    statuses = [0, 200, 201, 204, 302, *range(400, 430), *range(500, 530), 599]
    for doing, status in itertools.product(http_outcomes.Doing, statuses):
        row = http_outcomes.row_for(table, http_outcomes.Seen(doing, status=status))
        bought_perhaps = doing == http_outcomes.Doing.BUY and (status < 400 or status in http_outcomes.TIMED_OUT_THERE)
        assert row.kind == Kind.UNKNOWN or not bought_perhaps, (doing, status)
        for met in (http_outcomes.Met.NOT_SENT, http_outcomes.Met.NO_ANSWER):
            assert http_outcomes.row_for(table, http_outcomes.Seen(doing, met=met, status=status))


@pytest.mark.parametrize("name", TABLES)
def test_no_row_of_a_table_is_hidden_by_the_ones_above(name: str) -> None:
    """Each row is reached by what it names itself."""
    table = TABLES[name].TABLE
    for row in table:
        said = [word for word in WORDS if re.search(row.words, word, re.IGNORECASE)] if row.words else [""]
        seens = [
            http_outcomes.Seen(
                doing, row.met, status, row.state, said=word, param=row.param, side=row.side, again=row.again
            )
            for doing in row.doing
            for status in (row.statuses or {200, 0})
            for word in said
        ]
        assert any(http_outcomes.row_for(table, seen) is row for seen in seens), row.name
