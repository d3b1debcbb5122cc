"""What an assistant may spend when answers get lost: the purse and the orders, against an API that fails as asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from elistit.cli.assistant.orders import Orders, Refusal
from elistit.cli.assistant.purse import OverCap, Purse
from elistit_client import Studio, StudioError, models
from tests.cli.conftest import Run

QUOTE = "01KAPG7R3ZJ4X9M2V5T8W6Q1YB"
PROJECT = "01KAPG7R3ZJ4X9M2V5T8W6Q1YC"


class Api:
    """An API that charges once for each key, and answers a launch or remake as `plan` says, one entry for each request."""

    def __init__(self, *plan: str) -> None:
        self.plan, self.charges, self.sent = list(plan), dict[str, int](), list[dict[str, Any]]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/quotes"):
            return httpx.Response(200, json={"id": QUOTE, "total": 4})
        if request.url.path.endswith("/remake-price"):
            return httpx.Response(200, json={"number": 1, "credits": 2})
        what, key = self.plan.pop(0), request.headers["Idempotency-Key"]
        self.sent.append(json.loads(request.content))
        if what.isdigit():
            body = {"type": f"urn:elistit:problem:{PROBLEMS[what]}", "detail": "No."}
            return httpx.Response(int(what), json=body)
        if what == "lost before":
            raise httpx.ReadTimeout("nothing came")
        self.charges[key] = 4 if request.url.path.endswith("/projects") else 2
        if what == "lost after":
            raise httpx.ReadTimeout("nothing came")
        return httpx.Response(201, json={"public_id": PROJECT})


PROBLEMS = {
    "402": "insufficient-credits",
    "409": "not-possible",
    "422": "invalid-request",
    "429": "rate-limited",
    "500": "internal-error",
}


def orders(api: Api, cap: int) -> Orders:
    made = Orders(Studio("http://studio", "elk_x", transport=httpx.MockTransport(api)), Purse(cap))
    made.quote({"product": "sticker", "idea": "a fox"})
    return made


def test_a_lost_answer_is_asked_for_again_and_charged_once() -> None:
    for lost in ("lost before", "lost after", "500"):
        api = Api(lost, "done", "done")
        made = orders(api, 4)
        with pytest.raises(Refusal, match="charged at most once") as refused:
            made.launch(QUOTE, 4)
        assert refused.value.unknown and made.purse.left == 0
        assert made.launch(QUOTE, 4)["public_id"] == PROJECT
        assert made.launch(QUOTE, 4)["public_id"] == PROJECT
        assert list(api.charges.values()) == [4] and made.purse.spent == 4


def test_a_lost_remake_is_asked_for_again_with_the_same_key() -> None:
    api = Api("lost after", "done", "done")
    made = orders(api, 4)
    with pytest.raises(Refusal, match="charged at most once"):
        made.remake(PROJECT, 1, 2, "a blue fox")
    made.remake(PROJECT, 1, 2, "a blue fox")
    assert list(api.charges.values()) == [2] and made.purse.spent == 2
    made.remake(PROJECT, 1, 2, "a blue fox")
    assert list(api.charges.values()) == [2, 2] and made.purse.spent == 4, "a new remake is a new order"
    assert all(sent == {"price": 2, "prompt": "a blue fox"} for sent in api.sent)


def test_a_remake_with_a_protected_name_carries_the_persons_word_or_is_refused_unpaid() -> None:
    api = Api("422", "done")
    made = orders(api, 4)
    with pytest.raises(Refusal, match="Nothing was charged"):
        made.remake(PROJECT, 1, 2, "Barbie")
    made.remake(PROJECT, 1, 2, "Barbie", confirm_trademarks=True)
    assert [sent.get("confirm_trademarks") for sent in api.sent] == [None, True]
    assert made.purse.spent == 2


@pytest.mark.parametrize("status", ["402", "409", "422", "429"])
def test_what_the_studio_refused_is_not_counted(status: str) -> None:
    api = Api(status, "done")
    made = orders(api, 4)
    with pytest.raises(Refusal, match="Nothing was charged") as refused:
        made.launch(QUOTE, 4)
    assert not refused.value.unknown and made.purse.spent == 0
    made.launch(QUOTE, 4)
    assert made.purse.spent == 4


def test_what_may_have_been_charged_stays_counted_when_the_next_request_never_gets_there() -> None:
    api = Api("lost after", "429")
    made = orders(api, 4)
    for _ in range(2):
        with pytest.raises(Refusal, match="charged at most once"):
            made.launch(QUOTE, 4)
    assert made.purse.spent == 4


@pytest.mark.parametrize("price", [None, 0, 3, 5])
def test_no_request_is_sent_without_the_right_price(price: int | None) -> None:
    api = Api()
    made = orders(api, 100)
    with pytest.raises(Refusal, match="costs 4 credits"):
        made.launch(QUOTE, price)
    if price != 2:
        with pytest.raises(Refusal, match="costs 2 credits"):
            made.remake(PROJECT, 1, price, None)
    assert api.sent == [] and made.purse.spent == 0


def test_a_cap_holds_for_calls_at_once() -> None:
    purse = Purse(10)
    refused: list[OverCap] = []

    def spend(number: int) -> None:
        try:
            purse.reserve(f"key {number}", 3)
        except OverCap as over:
            refused.append(over)

    threads = [threading.Thread(target=spend, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert purse.spent == 9 and len(refused) == 17


def file(name: str, sha256: str) -> models.File:
    return models.File(
        id=1, role="print", name=name, item=None, bytes=3, sha256=sha256, width=None, height=None, dpi=None, url="/f"
    )


@pytest.mark.parametrize("name", ["../../evil.sh", "/etc/passwd", "..\\evil", ".hidden", ".."])
def test_a_download_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    studio = Studio(
        "http://studio", "elk_x", transport=httpx.MockTransport(lambda _: httpx.Response(200, content=b"abc"))
    )
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    saved = studio.save(file(name, digest), tmp_path)
    assert saved.parent == tmp_path and saved.read_bytes() == b"abc"


def test_a_damaged_download_leaves_nothing(tmp_path: Path) -> None:
    studio = Studio(
        "http://studio", "elk_x", transport=httpx.MockTransport(lambda _: httpx.Response(200, content=b"abd"))
    )
    with pytest.raises(StudioError, match="came damaged"):
        studio.save(file("a", "0" * 64), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda _: httpx.Response(200, content=b"<html>"), "not as a studio does"),
        (lambda _: httpx.Response(502, content=b"Bad gateway"), "answered 502"),
        (lambda _: httpx.Response(404, json=["no"]), "answered 404"),
    ],
)
def test_an_address_that_is_no_studio_is_named_so(
    answer: Callable[[httpx.Request], httpx.Response], words: str
) -> None:
    with pytest.raises(StudioError, match=words):
        Studio("http://studio", "elk_x", transport=httpx.MockTransport(answer)).get("/credits")


def test_the_command_refuses_without_a_key_or_an_address(elistit: Run) -> None:
    assert elistit("mcp").returncode == 2
    done = elistit("mcp", "--api-key", "elk_x", "--url", "studio.example.com", "--json")
    assert done.returncode == 2 and "is not the address" in json.loads(done.stdout)["error"]
