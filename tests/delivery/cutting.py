"""A TCP proxy that cuts connections at random bytes, by a seed: what a bad network does to an exchange."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import threading


class CuttingProxy:
    """Passes bytes to `port` on loopback. Of every connection a part is cut (RST both ways) after so many bytes in either
    direction, drawn by `seed`; `cuts` counts them. `limit` ends the cutting, so that every exchange can end."""

    def __init__(self, port: int, *, seed: int, share: float = 0.5, longest: int = 300_000, limit: int = 1_000) -> None:
        self.cuts = 0
        self.limit = limit
        self._port, self._random, self._share, self._longest = port, random.Random(seed), share, longest
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def __enter__(self) -> CuttingProxy:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._port))
            except OSError:
                client.close()
                continue
            _Passing(self, client, server, self._budget()).start()

    def _budget(self) -> int | None:
        with self._lock:
            if self.cuts >= self.limit or self._random.random() >= self._share:
                return None
            # Small budgets cut heads and short answers, large ones cut bodies.
            return int(self._longest ** self._random.random())

    def count(self) -> None:
        with self._lock:
            self.cuts += 1


class _Passing:
    def __init__(self, proxy: CuttingProxy, client: socket.socket, server: socket.socket, budget: int | None) -> None:
        self.proxy, self.client, self.server, self.left = proxy, client, server, budget
        self.lock = threading.Lock()
        self.is_cut = False

    def start(self) -> None:
        for source, target in ((self.client, self.server), (self.server, self.client)):
            threading.Thread(target=self._pump, args=(source, target), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                with self.lock:
                    if self.left is not None:
                        data, over = data[: self.left], len(data) >= self.left
                        self.left -= len(data)
                    else:
                        over = False
                target.sendall(data)
                if over:
                    self._cut()
                    return
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def _cut(self) -> None:
        with self.lock:
            if self.is_cut:
                return
            self.is_cut = True
        self.proxy.count()
        for one in (self.client, self.server):
            with contextlib.suppress(OSError):
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                # A blocked read in the other thread keeps the socket open after close alone.
                one.shutdown(socket.SHUT_RDWR)
                one.close()
