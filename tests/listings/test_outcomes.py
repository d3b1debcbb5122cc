"""The outcome table: every line of it reached by a real answer, and every answer falls on the line it should."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from elistit.listings.etsy import outcomes
from elistit.listings.etsy.answers import Answer, Doing, Limits, Met, read
from elistit.ports import Kind

JSON = {"content-type": "application/json"}
HTML = b"<!doctype html><html><body>One moment</body></html>"


def said(doing: Doing, status: int, body: Any, **headers: str) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read(doing, status, {**JSON, **{k.replace("_", "-"): v for k, v in headers.items()}}, raw)


def error(text: str) -> dict[str, str]:
    return {"error": text}


GRANT = {"error": "invalid_grant", "error_description": "refresh_token is revoked"}
EXPIRED = {"error": "invalid_token", "error_description": "access token is expired"}
LISTED = [{"path": "/title/1", "type": "invalid_characters", "message": "contains invalid characters"}]
R, C, U, T, X = Doing.READ, Doing.CREATE, Doing.UPLOAD, Doing.TOKEN, Doing.EXCHANGE

# (answer, line of the table, kind)
CASES: list[tuple[Answer, str, Kind]] = [
    (Answer(C, Met.NOT_SENT), "not reached", Kind.TRANSIENT),
    (Answer(C, Met.NO_ANSWER), "write unanswered", Kind.UNKNOWN),
    (Answer(U, Met.NO_ANSWER), "write unanswered", Kind.UNKNOWN),
    (Answer(R, Met.NO_ANSWER), "read unanswered", Kind.TRANSIENT),
    (Answer(T, Met.NO_ANSWER), "read unanswered", Kind.TRANSIENT),
    (Answer(C, Met.HELD_BACK, wait=3), "held back", Kind.THROTTLED),
    (Answer(C, Met.HELD_BACK, limits=Limits(left_today=0)), "day known to be spent", Kind.OPERATOR),
    (said(C, 429, error("day"), retry_after="86400"), "day spent", Kind.OPERATOR),
    (said(R, 429, error("day"), x_remaining_today="0"), "day spent", Kind.OPERATOR),
    (said(C, 429, error("second"), retry_after="1"), "too fast", Kind.THROTTLED),
    (said(C, 429, HTML), "too fast", Kind.THROTTLED),
    (said(T, 400, GRANT), "grant over", Kind.REJECTED),
    (said(T, 400, error("invalid_grant")), "grant over", Kind.REJECTED),
    (said(X, 400, GRANT), "code over", Kind.REJECTED),
    (said(T, 401, {"error": "invalid_client", "error_description": "x"}), "client unknown", Kind.OPERATOR),
    (said(T, 401, error("Something odd")), "grant not given", Kind.REJECTED),
    (said(X, 422, error("Something odd")), "grant not given", Kind.REJECTED),
    (said(C, 403, error("Shared secret is required in x-api-key header.")), "key refused", Kind.OPERATOR),
    (said(R, 401, error("Missing x-api-key header or client_id")), "key refused", Kind.OPERATOR),
    (said(C, 401, EXPIRED), "token refused", Kind.REJECTED),
    (said(C, 403, {"error": "insufficient_scope", "error_description": "needs listings_w"}), "scope missing", Kind.REJECTED),
    (said(C, 403, error("User does not own this shop")), "forbidden", Kind.REJECTED),
    (said(C, 400, error("Oh dear, you cannot sell this item on Etsy.")), "cannot sell", Kind.BLOCKED_PROMPT),
    (said(C, 400, [{"path": "/images", "type": "array_too_short"}]), "shop not finished", Kind.REJECTED),
    (said(C, 400, error("/return/policy : cannot be null")), "shop not finished", Kind.REJECTED),
    (said(U, 400, error("The ListingImages for this Listing are in an inconsistent order.")), "image order", Kind.TRANSIENT),
    (said(U, 400, error("An error ocurred while uploading your file, please try again.")), "upload failed there",
     Kind.TRANSIENT),
    (said(C, 404, error("Resource not found")), "gone", Kind.REJECTED),
    (said(U, 409, error("changed")), "conflict", Kind.UNKNOWN),
    (said(C, 408, error("slow")), "timed out there", Kind.UNKNOWN),
    (said(R, 408, error("slow")), "timed out there", Kind.TRANSIENT),
    (said(U, 413, HTML), "too large", Kind.REJECTED),
    (said(C, 400, LISTED), "not accepted", Kind.REJECTED),
    (said(U, 400, error("A valid name must be provided with a new file.")), "not accepted", Kind.REJECTED),
    (said(C, 500, error("Server Error")), "write broke there", Kind.UNKNOWN),
    (said(U, 503, HTML), "write broke there", Kind.UNKNOWN),
    (said(R, 500, HTML), "read broke there", Kind.TRANSIENT),
    (said(T, 500, error("odd")), "read broke there", Kind.TRANSIENT),
    (said(C, 200, HTML), "write misread", Kind.UNKNOWN),
    (said(C, 201, b""), "write misread", Kind.UNKNOWN),
    (said(U, 302, HTML), "write misread", Kind.UNKNOWN),
    (said(R, 200, HTML), "read misread", Kind.TRANSIENT),
    (said(R, 200, [1, 2]), "read misread", Kind.TRANSIENT),
]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "line", "kind"), CASES, ids=[f"{c[0].doing}-{c[1]}-{n}" for n, c in enumerate(CASES)]
)
def test_an_answer_falls_on_its_line(answer: Answer, line: str, kind: Kind) -> None:
    assert not answer.good
    assert outcomes.row_for(answer).name == line
    assert outcomes.failure(answer).kind is kind


def test_every_line_of_the_table_is_reached() -> None:
    assert {c[1] for c in CASES} == {row.name for row in outcomes.TABLE}


@pytest.mark.parametrize("doing", list(Doing))
@pytest.mark.parametrize("met", list(Met))
def test_every_possible_answer_has_a_line(doing: Doing, met: Met) -> None:
    for status in (0, 100, 200, 204, 301, *range(400, 600)):
        assert outcomes.failure(Answer(doing, met, status=status)).reason


def test_a_sent_create_is_never_called_transient_by_an_unclear_answer() -> None:
    for met, statuses in ((Met.NO_ANSWER, (0, 201)), (Met.ANSWER, (200, 201, 302, *range(500, 600)))):
        for status in statuses:
            assert outcomes.failure(Answer(Doing.CREATE, met, status=status)).kind is Kind.UNKNOWN


def test_reasons_are_plain_words() -> None:
    for answer, _, _ in CASES:
        reason = outcomes.failure(answer).reason
        assert "{" not in reason and "  " not in reason
        assert "!" not in reason and reason.endswith(".")
        assert not re.search(r"\b(HTTP|4\d\d|5\d\d|JSON|OAuth|token)\b", reason.replace(answer.said, "")), reason


def test_a_reason_fits_where_it_is_kept_however_much_etsy_says() -> None:
    for doing in Doing:
        for status in (400, 403, 404, 413):
            failure = outcomes.failure(said(doing, status, error("cannot sell this item " + "word " * 500)))
            assert len(failure.reason) <= 400 and len(failure.detail) <= 500


def test_a_wait_is_passed_on() -> None:
    assert outcomes.failure(said(C, 429, error("x"), retry_after="7")).retry_after == 7.0
    assert outcomes.failure(said(C, 429, error("x"), retry_after="soon")).retry_after is None
    assert outcomes.failure(said(C, 400, error("x"), retry_after="7")).retry_after is None


def test_limit_headers_are_read_in_both_spellings() -> None:
    one = said(
        R, 200, {}, x_limit_per_second="10", x_remaining_this_second="9", x_limit_per_day="10000", x_remaining_today="5"
    )
    two = said(
        R, 200, {}, x_limit_per_second="10", x_remaining_this_secon="9", x_limit_per_day="10000", x_remaining_today="5"
    )
    assert one.limits == two.limits
    assert (one.limits.left_this_second, one.limits.left_today, one.limits.per_day) == (9, 5, 10000)


@pytest.mark.parametrize(
    ("body", "text", "code", "paths"),
    [
        (error("Server Error"), "Server Error", "", ()),
        (LISTED, "title contains invalid characters", "", ("/title/1",)),
        ({"error": LISTED}, "title contains invalid characters", "", ("/title/1",)),
        (GRANT, "refresh_token is revoked", "invalid_grant", ()),
        (HTML, "", "", ()),
        (b"request unauthorized", "request unauthorized", "", ()),
        (b"", "", "", ()),
        (b"\xff\xfe\x00", "\ufffd\ufffd", "", ()),
        ({"message": "odd"}, "odd", "", ()),
        ([], "", "", ()),
        (["a", {"path": 5}], "a; 5", "", ("5",)),
        (b"[" * 100_000, "[" * 200, "", ()),
    ],
)
def test_every_shape_of_error_is_read(body: Any, text: str, code: str, paths: tuple[str, ...]) -> None:
    answer = said(C, 400, body)
    assert (answer.said, answer.code, answer.paths) == (text, code, paths)
