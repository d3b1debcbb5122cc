"""One call always ends, keeps no key, and a picture is fetched from nowhere but where it may come from."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from elistit.providers import http, http_images
from elistit.providers.http_images import Problem
from tests.providers_outside.asking import KEY, QUICK, picture
from tests.providers_outside.breaks import BREAKS, html, lengthless
from tests.providers_outside.fakes import FakeImages, FakeReplicate
from tests.providers_outside.loopback import Break, Fault, Reply, closed_port

REAL = http.Service("replicate", "https://api.replicate.com/v1", KEY, ("replicate.delivery",))


def post(url: str) -> http.Answer:
    return http.send("POST", url + "/x", timeouts=QUICK, key=KEY, json={"a": 1})


def test_a_refused_connection_was_not_sent() -> None:
    assert post(closed_port()).met is http.Met.NOT_SENT


@pytest.mark.parametrize("play", [b for b in BREAKS if b is not html], ids=lambda f: f.__name__)
def test_a_call_that_broke_after_it_was_sent_may_have_been_carried_out(images: FakeImages, play: Break) -> None:
    images.faults["create"] = Fault(play)
    start = time.monotonic()
    answer = post(images.url)
    assert answer.met is http.Met.NO_ANSWER
    assert time.monotonic() - start < 2
    assert len(images.asked) == 1


def test_a_slow_drip_ends_at_the_deadline_for_the_whole(images: FakeImages) -> None:
    images.faults["create"] = Fault(next(b for b in BREAKS if b.__name__ == "drip"))
    assert post(images.url).problem == f"deadline of {QUICK.whole} s"


def test_an_answer_that_the_deadline_cut_off_is_not_taken_for_a_whole_one(images: FakeImages) -> None:
    images.faults["create"] = Fault(lengthless)
    answer = post(images.url)
    assert (answer.met, answer.problem) == (http.Met.NO_ANSWER, f"deadline of {QUICK.whole} s")


def test_an_answer_without_end_is_stopped(images: FakeImages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "ANSWER_BYTES_MAX", 1000)
    images.answer = Reply(200, b"x" * 2000)
    assert (post(images.url).met, post(images.url).problem) == (http.Met.NO_ANSWER, "answer too long")


def test_the_key_is_cut_out_of_what_a_server_echoes(images: FakeImages) -> None:
    images.answer = Reply(401, f"bad key {KEY} given".encode())
    answer = post(images.url)
    assert answer.body == b"bad key (key) given"
    assert images.asked[0].headers["authorization"] == f"Bearer {KEY}"


def test_the_key_does_not_show_in_a_service() -> None:
    assert KEY not in repr(REAL) + str(REAL)


@pytest.mark.parametrize(
    ("said", "wait"), [("7", 7.0), ("0", 0.0), ("-1", None), ("inf", None), ("soon", None), ("nan", None)]
)
def test_retry_after_is_a_number_of_seconds_or_not_said(said: str, wait: float | None) -> None:
    assert http.Answer(http.Met.ANSWER, 429, {"retry-after": said}).wait == wait


@pytest.mark.parametrize(
    "url", ["http://api.example.com", "ftp://api.example.com", "api.example.com", "https://[bad", "http://10.0.0.1/v1"]
)
def test_an_address_that_would_send_the_key_in_the_clear_is_refused(url: str) -> None:
    with pytest.raises(http.BadAddress, match="ELISTIT_X_URL") as caught:
        http.service("x", "ELISTIT_X_URL", url, KEY)
    assert KEY not in str(caught.value)


# --- pictures ---------------------------------------------------------------------------------------------------------

ALLOWED = [
    "https://replicate.delivery/a.png",
    "https://pbxt.replicate.delivery/x/a.png",
    "https://REPLICATE.delivery:443/a",
]
REFUSED = [
    "http://replicate.delivery/a.png", "https://replicate.delivery.evil.example/a.png", "https://evilreplicate.delivery/a",
    "https://replicate.delivery:8443/a", "https://user@replicate.delivery/a", "https://user:x@replicate.delivery/a",
    "https://evil.example/?replicate.delivery", "https://127.0.0.1/a", "http://localhost/a", "https://[::1]/a",
    "https://169.254.169.254/latest/meta-data", "file:///etc/passwd", "ftp://replicate.delivery/a", "data:image/png;base64,AA",
    "//replicate.delivery/a", "", "https://", "https://replicate.delivery:99999/a", "https://[bad/a",
    "https://evil.example\\@replicate.delivery/a", "https://replicate.delivery\\.evil.example/a", "https://replicate.delivery /a",
    "https://replicate。delivery/a", "https://\treplicate.delivery@evil.example/",
]  # fmt: skip


@pytest.mark.parametrize("url", ALLOWED)
def test_a_picture_may_come_from_the_services_own_hosts(url: str) -> None:
    assert http_images.allowed(url, REAL)


@pytest.mark.parametrize("url", REFUSED)
def test_a_picture_may_come_from_nowhere_else(url: str, tmp_path: Path) -> None:
    lost = http_images.fetch(url, tmp_path / "a", REAL, QUICK)
    assert lost is not None
    assert lost.problem == Problem.OFF_LIST


def test_this_machine_is_allowed_only_while_the_service_is_on_it() -> None:
    local = http.Service("replicate", "http://127.0.0.1:9", KEY, ("replicate.delivery",))
    assert http_images.allowed("http://127.0.0.1:1234/a", local)
    assert not http_images.allowed("http://10.0.0.1/a", local)
    assert not http_images.allowed("http://127.0.0.1:1234/a", REAL)


def here(server: FakeReplicate) -> http.Service:
    return http.Service("replicate", server.url, KEY, ("replicate.delivery",))


def test_a_picture_is_fetched_without_the_key(replicate: FakeReplicate, tmp_path: Path) -> None:
    out = tmp_path / "a"
    assert http_images.fetch(f"{replicate.url}/files/a", out, here(replicate), QUICK) is None
    assert out.read_bytes() == picture()
    assert "authorization" not in replicate.asked[0].headers


def test_a_redirect_on_the_list_is_followed(replicate: FakeReplicate, tmp_path: Path) -> None:
    real = replicate.file
    replicate.file = Reply(302, b"", {"location": "/files/b"})

    def handle(method: str, path: str, body: object) -> Reply:
        return real if path == "/files/b" else replicate.file

    replicate.handle = handle  # type: ignore[method-assign]
    assert http_images.fetch(f"{replicate.url}/files/a", tmp_path / "a", here(replicate), QUICK) is None


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/", "file:///etc/passwd", "https://evil.example/a", "//[bad"]
)
def test_a_redirect_off_the_list_is_not_followed(replicate: FakeReplicate, tmp_path: Path, target: str) -> None:
    replicate.file = Reply(302, b"", {"location": target})
    lost = http_images.fetch(f"{replicate.url}/files/a", tmp_path / "a", here(replicate), QUICK)
    assert lost is not None
    assert lost.problem == Problem.OFF_LIST


@pytest.mark.parametrize("announced", [True, False])
def test_a_picture_that_is_too_large_is_not_taken(
    replicate: FakeReplicate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, announced: bool
) -> None:
    monkeypatch.setattr(http_images, "BYTES_MAX", 1000)
    replicate.file = Reply(200, picture(256, 256), {"content-type": "image/png"})
    if not announced:

        def unannounced(connection: socket.socket, body: bytes) -> None:
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\nconnection: close\r\n\r\n" + body)

        replicate.faults["file"] = Fault(unannounced)
    out = tmp_path / "a"
    lost = http_images.fetch(f"{replicate.url}/files/a", out, here(replicate), QUICK)
    assert lost is not None
    assert lost.problem == Problem.UNUSABLE
    assert out.stat().st_size <= 1000


def test_what_the_operator_reads_of_an_address_has_no_signature(tmp_path: Path) -> None:
    lost = http_images.fetch("https://evil.example/a.png?sig=verysecret", tmp_path / "a", REAL, QUICK)
    assert lost is not None
    assert lost.words == "not an allowed address: https://evil.example/a.png"
