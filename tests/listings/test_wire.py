"""One call against servers that misbehave: how far it came is told apart, and it always ends."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable

import pytest

from elistit.listings.etsy.answers import Answer, Doing, Met
from elistit.listings.etsy.wire import Timeouts, send
from tests.listings.conftest import Behaviour, Misbehaving, closed_port, tear

IMPATIENT = Timeouts(connect=0.5, read=0.25, write=0.5, whole=0.5, whole_upload=0.6)
Start = Callable[[Behaviour], Misbehaving]
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


def call(url: str, doing: Doing = Doing.CREATE) -> Answer:
    return send(doing, "POST", url, timeouts=IMPATIENT, data={"title": "x" * 1000})


def take(connection: socket.socket) -> None:
    """Read the whole request."""
    got = b""
    while b"\r\n\r\n" not in got or len(got.split(b"\r\n\r\n", 1)[1]) < 1006:
        piece = connection.recv(65536)
        if not piece:
            return
        got += piece


def test_a_refused_connection_was_not_sent() -> None:
    assert call(closed_port()).met is Met.NOT_SENT


def test_a_name_that_does_not_exist_was_not_sent() -> None:
    assert call("http://nowhere.invalid/").met is Met.NOT_SENT


def test_an_address_that_is_none_was_not_sent() -> None:
    assert call("not an address").met is Met.NOT_SENT


def reset_while_reading(connection: socket.socket) -> None:
    connection.recv(1)
    tear(connection)


def reset_after_reading(connection: socket.socket) -> None:
    take(connection)
    tear(connection)


def close_without_a_word(connection: socket.socket) -> None:
    take(connection)


def reset_in_the_head(connection: socket.socket) -> None:
    take(connection)
    connection.sendall(b"HTTP/1.1 20")
    tear(connection)


def too_short(connection: socket.socket) -> None:
    take(connection)
    connection.sendall(HEAD + b'content-length: 100\r\n\r\n{"listing_id"')


def reset_in_the_body(connection: socket.socket) -> None:
    take(connection)
    connection.sendall(HEAD + b'content-length: 100\r\n\r\n{"listing_id"')
    time.sleep(0.05)
    tear(connection)


def broken_chunks(connection: socket.socket) -> None:
    take(connection)
    connection.sendall(HEAD + b"transfer-encoding: chunked\r\n\r\nzz\r\n{}")


def broken_gzip(connection: socket.socket) -> None:
    take(connection)
    connection.sendall(HEAD + b"content-encoding: gzip\r\ncontent-length: 4\r\n\r\n{}{}")


def not_http(connection: socket.socket) -> None:
    take(connection)
    connection.sendall(b"SSH-2.0-server\r\n\r\n")


def silent(connection: socket.socket) -> None:
    take(connection)
    connection.recv(1)


def drips_head(connection: socket.socket) -> None:
    take(connection)
    _drip(connection, HEAD + b"x-long: " + b"y" * 200)


def drips_body(connection: socket.socket) -> None:
    take(connection)
    connection.sendall(HEAD + b"content-length: 200\r\n\r\n")
    _drip(connection, b"{" + b" " * 199)


def whole_then_blanks(connection: socket.socket) -> None:
    take(connection)
    connection.sendall(HEAD + b"\r\n{}")
    _drip(connection, b" " * 200)


def endless(connection: socket.socket) -> None:
    take(connection)
    connection.sendall(HEAD + b"\r\n")
    block = b" " * 1_000_000
    while True:
        connection.sendall(block)


def _drip(connection: socket.socket, text: bytes) -> None:
    for place in range(len(text)):
        connection.sendall(text[place : place + 1])
        time.sleep(0.05)


@pytest.mark.parametrize(
    "behave",
    [reset_while_reading, reset_after_reading, close_without_a_word, reset_in_the_head, too_short, reset_in_the_body,
     broken_chunks, broken_gzip, not_http, silent, drips_head, drips_body, whole_then_blanks,
     endless],
    ids=lambda f: f.__name__,
)  # fmt: skip
def test_a_call_that_was_sent_and_went_wrong_may_have_been_carried_out(misbehaving: Start, behave: Behaviour) -> None:
    server = misbehaving(behave)
    start = time.monotonic()
    answer = call(server.url)
    assert answer.met is Met.NO_ANSWER
    assert time.monotonic() - start < 2
    time.sleep(0.05)
    assert server.seen == 1, "nothing is sent again by itself"


def test_a_slow_drip_is_ended_by_the_deadline_for_the_whole(misbehaving: Start) -> None:
    answer = call(misbehaving(drips_head).url)
    assert answer.problem == "deadline of 0.5 s"


def test_a_redirect_is_not_followed(misbehaving: Start) -> None:
    def redirect(connection: socket.socket) -> None:
        take(connection)
        connection.sendall(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n")

    answer = call(misbehaving(redirect).url)
    assert (answer.met, answer.status, answer.good) == (Met.ANSWER, 302, False)


def test_an_answer_before_the_whole_request_was_read_is_still_heard(misbehaving: Start) -> None:
    def early(connection: socket.socket) -> None:
        connection.recv(10)
        connection.sendall(b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n")
        with contextlib.suppress(OSError):
            take(connection)

    assert call(misbehaving(early).url).status == 413


def test_secrets_are_cut_out_of_what_a_server_echoes(misbehaving: Start) -> None:
    def echo(connection: socket.socket) -> None:
        take(connection)
        body = b'{"error":"bad key abcdef123456 given"}'
        connection.sendall(b"HTTP/1.1 403 No\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))

    server = misbehaving(echo)
    data = {"title": "x" * 1000}
    answer = send(Doing.READ, "POST", server.url, timeouts=IMPATIENT, secrets=("abcdef123456",), data=data)
    assert answer.said == "bad key (secret) given"
