"""Ways in which a connection breaks, each as something a loopback server does instead of answering."""

from __future__ import annotations

import socket
import struct
import time

import pytest

from tests.providers_outside.loopback import Break


def html(connection: socket.socket, body: bytes) -> None:
    page = b"<html><title>Just a moment</title></html>"
    connection.sendall(
        b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: %d\r\n\r\n%s" % (len(page), page)
    )


def reset(connection: socket.socket, body: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def closed(connection: socket.socket, body: bytes) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def half_head(connection: socket.socket, body: bytes) -> None:
    connection.sendall(b"HTTP/1.1 20")
    reset(connection, body)


def wrong_length(connection: socket.socket, body: bytes) -> None:
    connection.sendall(_head(len(body) + 50) + body)
    closed(connection, body)


def half_body(connection: socket.socket, body: bytes) -> None:
    connection.sendall(_head(len(body)) + body[: len(body) // 2])
    time.sleep(0.02)
    reset(connection, body)


def drip(connection: socket.socket, body: bytes) -> None:
    connection.sendall(_head(len(body)))
    for place in range(len(body)):
        connection.sendall(body[place : place + 1])
        time.sleep(0.05)


def lengthless(connection: socket.socket, body: bytes) -> None:
    """A whole answer that does not say how long it is, and then blanks for ever: only its end would tell that it is whole."""
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n" + body)
    while True:
        connection.sendall(b" ")
        time.sleep(0.05)


def silent(connection: socket.socket, body: bytes) -> None:
    connection.settimeout(3)
    connection.recv(1)


def not_http(connection: socket.socket, body: bytes) -> None:
    connection.sendall(b"SSH-2.0-server\r\n\r\n")


def _head(length: int) -> bytes:
    return b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: %d\r\n\r\n" % length


BREAKS: list[Break] = [reset, closed, half_head, wrong_length, half_body, drip, silent, not_http, html]


every_break = pytest.mark.parametrize("play", BREAKS, ids=lambda f: f.__name__)
