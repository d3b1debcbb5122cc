"""A stretch of network between a worker and its database that can be cut: nothing gets through, and nobody is told.

It listens on this machine only. While cut it keeps what was said and passes it on once it is healed, as a network does that
was down for a while.
"""

from __future__ import annotations

import contextlib
import select
import socket
import threading


class Proxy:
    """Passes TCP on to a PostgreSQL server, at a path of its own or at host and port. Use as a context manager."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self._passing = threading.Event()
        self._passing.set()
        self._closing = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing = True
        self._passing.set()
        self._listener.close()

    def cut(self) -> None:
        self._passing.clear()

    def heal(self) -> None:
        self._passing.set()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        self._passing.wait()
        host, port = self.target
        with near, contextlib.suppress(OSError), self._connected(host, port) as far:
            while not self._closing:
                ready, _, _ = select.select([near, far], [], [], 0.5)
                for side in ready:
                    self._passing.wait()
                    said = side.recv(65536)
                    if not said:
                        return
                    (far if side is near else near).sendall(said)

    def _connected(self, host: str, port: int) -> socket.socket:
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        far = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        far.connect(f"{host}/.s.PGSQL.{port}")
        return far
