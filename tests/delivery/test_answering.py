"""Answers to requests for one file, compared byte for byte with what RFC 9110 says of them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from elistit.delivery import answering
from elistit.delivery.store import Store

# A response that is closed ends old connections, one that an earlier test left open too.
pytestmark = pytest.mark.django_db

CONTENT = bytes(range(256)) * 5000
KEPT = answering.Kept("a picture.png", "image/png", len(CONTENT), "ab" * 32)
TAG = f'"{"ab" * 32}"'


class Source(io.BytesIO):
    """A file that says whether it was closed, and may refuse to seek."""

    def __init__(self, seeks: bool = True) -> None:
        super().__init__(CONTENT)
        self.seeks = seeks

    def seekable(self) -> bool:
        return self.seeks


def ask(method: str = "GET", source: BinaryIO | None = None, **headers: str) -> HttpResponse:
    request = RequestFactory().generic(method, "/", headers={k.replace("_", "-"): v for k, v in headers.items()})
    return answering.answer(request, KEPT, lambda: source or Source())


def body(response: HttpResponse) -> bytes:
    return b"".join(response)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0), ("bytes=10-19", 10, 19), ("bytes=1000000-", 1_000_000, 1_279_999),
        ("bytes=-5", 1_279_995, 1_279_999), ("bytes=-99999999", 0, 1_279_999), ("bytes=7-99999999", 7, 1_279_999),
        ("BYTES=3-4", 3, 4), ("bytes=1279999-", 1_279_999, 1_279_999),
    ],
)  # fmt: skip
@pytest.mark.parametrize("seeks", [True, False])
def test_a_range_is_answered_with_exactly_its_bytes(asked: str, first: int, last: int, seeks: bool) -> None:
    source = Source(seeks)
    response = ask(source=source, Range=asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/1280000"
    assert response["Content-Length"] == str(last - first + 1)
    assert body(response) == CONTENT[first : last + 1]
    response.close()
    assert source.closed


@pytest.mark.parametrize(
    "asked",
    ["bytes=", "bytes=-", "bytes=5-4", "bytes=a-b", "items=0-1", "bytes=0-1,3-4", "0-1", "bytes=١-٢", f"bytes={'9' * 40}-", "bytes=-+1"],
)  # fmt: skip
def test_a_range_nobody_can_read_is_answered_with_the_whole_file(asked: str) -> None:
    response = ask(Range=asked)
    assert (response.status_code, response["Content-Length"]) == (200, str(len(CONTENT)))
    assert body(response) == CONTENT
    assert (response["Accept-Ranges"], response["ETag"]) == ("bytes", TAG)


@pytest.mark.parametrize("asked", ["bytes=1280000-", "bytes=1280000-1280001", "bytes=-0"])
def test_a_range_after_the_end_is_refused_with_the_size(asked: str) -> None:
    with pytest.raises(answering.NotSatisfiable) as refused:
        ask(Range=asked)
    assert refused.value.headers["Content-Range"] == "bytes */1280000"


@pytest.mark.parametrize(
    ("tag", "status"), [(TAG, 206), ('"other"', 200), (f"W/{TAG}", 200), ("Wed, 21 Oct 2026 07:28:00 GMT", 200)]
)
def test_a_range_of_another_version_is_answered_with_the_whole_file(tag: str, status: int) -> None:
    response = ask(Range="bytes=5-6", If_Range=tag)
    assert response.status_code == status
    assert body(response) == (CONTENT[5:7] if status == 206 else CONTENT)


@pytest.mark.parametrize("tags", [TAG, f"W/{TAG}", f'"x", {TAG}', "*"])
def test_what_the_client_has_is_not_sent_nor_opened(tags: str) -> None:
    request = RequestFactory().get("/", headers={"If-None-Match": tags, "Range": "bytes=0-1"})

    def never() -> BinaryIO:
        raise AssertionError("opened")

    response = answering.answer(request, KEPT, never)
    assert (response.status_code, response["ETag"], response.content) == (304, TAG, b"")


@pytest.mark.parametrize("tags", ['"x"', "", "ab" * 32])
def test_another_tag_gets_the_file(tags: str) -> None:
    assert body(ask(If_None_Match=tags)) == CONTENT


def test_head_tells_the_whole_size_and_reads_nothing() -> None:
    source = Source()
    response = ask("HEAD", source=source, Range="bytes=0-1")
    assert (response.status_code, response["Content-Length"], response["ETag"]) == (200, str(len(CONTENT)), TAG)
    assert body(response) == b"" and source.tell() == 0
    response.close()
    assert source.closed


def test_a_file_shorter_than_the_books_say_is_closed_and_reported() -> None:
    source = Source(seeks=False)
    source.truncate(100)
    with pytest.raises(OSError, match="shorter"):
        ask(source=source, Range="bytes=200-300")
    assert source.closed


def test_every_store_hands_out_a_part(any_store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(CONTENT)
    any_store.put(path, "p/a.bin")
    request = RequestFactory().get("/", headers={"Range": "bytes=1000000-1000009"})
    response = answering.answer(request, KEPT, lambda: any_store.open("p/a.bin"))
    assert body(response) == CONTENT[1_000_000:1_000_010]
    response.close()
    with any_store.open("p/a.bin") as file:
        assert file.seek(-3, io.SEEK_END) == len(CONTENT) - 3
        assert file.read() == CONTENT[-3:]
        assert file.seek(5) == 5 and file.read(4) == CONTENT[5:9] and file.tell() == 9
