"""The client of Gelato, what its answers mean, and the sizes a file fills."""

from __future__ import annotations

import inspect

import pytest

from elistit.accounts.vault import Secret
from elistit.delivery.gelato import outcomes, wire
from elistit.delivery.gelato.client import GelatoClient
from elistit.delivery.gelato.config import GelatoConfig
from elistit.delivery.gelato.sizes import DPI_MIN, Pixels, Sheet, offered, sheets
from elistit.delivery.gelato.wire import Answer, Doing, Refusal
from elistit.network.call import Met, Timeouts
from elistit.ports import Kind
from tests.delivery.gelato_server import KEY, PAPER, SHEETS, FakeGelato, sheet
from tests.providers_outside.loopback import closed_port

QUICK = Timeouts(connect=2, read=1, write=2, whole=1.5)


def client(url: str, key: str = KEY) -> GelatoClient:
    return GelatoClient(GelatoConfig(url, url, Secret(key), PAPER, "USD"), QUICK)


def test_nothing_here_can_submit_an_order() -> None:
    operations = {name for name, _ in inspect.getmembers(GelatoClient, inspect.isfunction) if not name.startswith("_")}
    assert operations == {"posters", "quote", "create_draft", "order", "search", "delete_draft"}
    with FakeGelato() as gelato:
        item = {
            "itemReferenceId": "1",
            "productUid": "x",
            "quantity": 1,
            "files": [{"type": "default", "url": "https://x.example"}],
        }
        address = {
            "firstName": "A",
            "lastName": "B",
            "addressLine1": "C",
            "city": "D",
            "postCode": "1",
            "country": "DE",
            "email": "a@b.example",
        }
        assert client(gelato.url).create_draft("R1", "seller-1", address, item, "normal").good
        assert [order["orderType"] for order in gelato.orders.values()] == ["draft"] and gelato.unfit == []


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(Doing.CREATE, Met.NOT_SENT), Kind.TRANSIENT),
        (Answer(Doing.CREATE, Met.NO_ANSWER), Kind.UNKNOWN),
        (Answer(Doing.CREATE, Met.ANSWER, 500), Kind.UNKNOWN),
        (Answer(Doing.CREATE, Met.ANSWER, 200), Kind.UNKNOWN),
        (Answer(Doing.CREATE, Met.ANSWER, 302), Kind.UNKNOWN),
        (Answer(Doing.CREATE, Met.ANSWER, 400), Kind.REJECTED),
        (Answer(Doing.CREATE, Met.ANSWER, 401), Kind.OPERATOR),
        (Answer(Doing.CREATE, Met.ANSWER, 429), Kind.THROTTLED),
        (Answer(Doing.QUOTE, Met.NO_ANSWER), Kind.TRANSIENT),
        (Answer(Doing.QUOTE, Met.ANSWER, 503), Kind.TRANSIENT),
        (Answer(Doing.QUOTE, Met.ANSWER, 200), Kind.TRANSIENT),
        (Answer(Doing.LOOK, Met.ANSWER, 404), Kind.REJECTED),
    ],
)
def test_only_a_creation_may_have_happened(answer: Answer, kind: Kind) -> None:
    failed = outcomes.failure(answer)
    assert failed.kind is kind and failed.reason and "{" not in failed.reason


def test_every_status_and_call_has_a_meaning() -> None:
    for doing in Doing:
        for status in (*range(200, 600), 0):
            met = Met.ANSWER if status else Met.NO_ANSWER
            assert outcomes.failure(Answer(doing, met, status, refusal=Refusal(said="Why."))).reason
    said = outcomes.failure(
        Answer(Doing.QUOTE, Met.ANSWER, 400, refusal=Refusal("c", "No.", {"a": "No.", "b": "Bad b."}))
    )
    assert said.reason == "Gelato couldn't quote this. Gelato says: “No; Bad b”."


def test_a_network_that_fails_is_an_answer_and_the_key_is_never_kept() -> None:
    gone = client(closed_port()).order("x")
    assert gone.met is Met.NOT_SENT and not gone.good
    with FakeGelato() as gelato:
        refused = client(gelato.url, "another-key-000000").order("x" * 3)
        assert refused.met is Met.NO_ANSWER, "an address that is no order's is no operation"
        gelato.refuse = {"search": (400, {"message": f"Bad key {KEY}\x00.", "details": "x"}, {"retry-after": "7"})}
        answer = client(gelato.url).search(["R1"])
    assert KEY not in str(answer) and answer.refusal.said == "Bad key (secret) ." and answer.wait == 7
    assert KEY not in repr(client("http://x").config)


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b'{"a": NaN', b"\xff\xfe", b"[" * 100_000])
def test_an_answer_that_is_no_object_is_not_good(body: bytes) -> None:
    with FakeGelato() as gelato:
        gelato.refuse = {"search": (200, body, {})}
        assert not client(gelato.url).search(["R1"]).good
    assert wire._object(body) is None


def test_sheets_are_read_and_never_guessed() -> None:
    found = sheets(
        [
            *SHEETS, None, {}, {"productUid": 7}, {"productUid": "a", "attributes": {}, "dimensions": []},
            {**sheet("x", 1, 1), "dimensions": {"Width": {"value": 30, "measureUnit": "inch"}}},
            {**sheet("y", 300, 400), "attributes": {"Orientation": "ver", "ColorType": "4-4"}}, sheet("z", 0, 400),
        ]
    )  # fmt: skip
    assert [(s.width, s.height) for s in found] == [(300, 400), (300, 450), (600, 900), (1400, 2100), (450, 300)]
    # Gelato may give the sides of a landscape sheet in either order.
    assert sheets([sheet("s", 300, 450, "hor")])[0] == Sheet(sheet("s", 1, 1, "hor")["productUid"], 450, 300, "hor")


def test_a_size_is_offered_from_150_dpi_on_and_in_the_files_shape() -> None:
    inch = 25.4
    at = Sheet("exact", 10 * inch, 15 * inch, "ver")
    assert [s.dpi for s in offered([at], [Pixels(1, "a", 1500, 2250)])] == [DPI_MIN]
    assert offered([at], [Pixels(1, "a", 1499, 2250)]) == []
    assert offered([at], [Pixels(1, "a", 3000, 2000)]) == [], "landscape on a portrait sheet"
    assert offered([at], [Pixels(1, "a", 3000, 4000)]) == [], "another shape"
    assert len(offered([Sheet("a", 210, 297, "ver")], [Pixels(1, "a", 2100, 3000)])) == 1, "1 % off is cut"
    two = offered(
        [Sheet("b", 300, 400, "ver"), Sheet("a", 300, 400, "ver")],
        [Pixels(1, "s", 3000, 4000), Pixels(2, "l", 6000, 8000)],
    )
    assert [(s.sheet.product, s.file.file, s.dpi) for s in two] == [("a", 2, 508)]
    assert two[0].words == "30 × 40 cm (11.8 × 15.7 in)"
