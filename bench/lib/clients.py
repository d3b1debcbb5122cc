"""Clients of a web server that cost next to nothing, so that a measurement on one machine shows the server and not them.

Each is a thread with one connection that is kept: it sends a request made beforehand and reads the answer by its stated length.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

from lib.report import percentile

TICKS = os.sysconf("SC_CLK_TCK")
BLOCK = 1 << 18


class Client:
    """One connection to the server on this machine's `port`."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> float:
        """Send a request, read the whole answer, and return the seconds until its first byte. Exits unless it is a page."""
        began = time.perf_counter()
        self._socket.sendall(request)
        found = self._socket.recv(BLOCK)
        first = time.perf_counter() - began
        while (end := found.find(b"\r\n\r\n")) < 0:
            found += self._more()
        head = found[:end].lower()
        if b" 200 " not in head[:16]:
            raise SystemExit(f"{request.split()[1].decode()} answered {head.splitlines()[0].decode()}")
        left = int(head.split(b"content-length:")[1].split(b"\r\n")[0]) - (len(found) - end - 4)
        while left > 0:
            left -= len(self._more())
        return first

    def _more(self) -> bytes:
        if not (more := self._socket.recv(BLOCK)):
            raise SystemExit("The server closed the connection in the middle of an answer.")
        return more

    def close(self) -> None:
        self._socket.close()


def request(port: int, address: str, cookies: str = "") -> bytes:
    """A request as a browser sends it."""
    lines = [f"GET {address} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Accept-Encoding: gzip", f"Cookie: {cookies}"]
    return "\r\n".join([*lines, "", ""]).encode()


def load(port: int, asked: bytes, clients: int, seconds: float, server: int) -> dict[str, float]:
    """Ask from several clients at once: answers a second, milliseconds to the first byte, and the processor time each answer took
    of the server (the process `server` and its descendants) and of the clients, in milliseconds."""
    until = time.perf_counter() + seconds
    first: list[float] = []

    def run() -> None:
        client, took = Client(port), []
        while time.perf_counter() < until:
            took.append(client.ask(asked))
        client.close()
        first.extend(took)

    began, own, served = time.perf_counter(), time.process_time(), processor_seconds(server)
    together([run] * clients)
    took = time.perf_counter() - began
    own, served = time.process_time() - own, processor_seconds(server) - served
    if not first:
        raise SystemExit("No client got an answer.")
    return {
        "rps": len(first) / took,
        "p50": 1000 * percentile(first, 0.5),
        "p95": 1000 * percentile(first, 0.95),
        "server": 1000 * served / len(first),
        "clients": 1000 * own / len(first),
    }


def together(actions: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=action) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def processor_seconds(root: int) -> float:
    """What a process and its descendants have used so far."""
    used: dict[int, tuple[int, float]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            used[int(entry.name)] = int(fields[1]), (int(fields[11]) + int(fields[12])) / TICKS
    found, grew = {root}, True
    while grew:
        children = {pid for pid, (parent, _) in used.items() if parent in found} - found
        found |= children
        grew = bool(children)
    return sum(used[pid][1] for pid in found if pid in used)
