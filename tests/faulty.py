"""A faulty road to a server on this machine: one fault at the n-th request of an exchange, before or after it took effect.

It stands in front of any of the stand-ins (Etsy's sandbox, Google, an image provider), passes whole requests on and whole
answers back, and counts them; so one matrix of faults serves every exchange. `over_tls` speaks TLS to the client.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.providers_outside.breaks import closed, half_body, html, not_http, reset, wrong_length
from tests.providers_outside.loopback import Break


@dataclass(frozen=True)
class Trouble:
    """What goes wrong. `after` the request was carried out, else before anything of it was passed on. Without `play` the
    service is gone: this connection and every later one is refused until the road is mended. `tls`: the service shows a
    certificate nobody trusts."""

    name: str
    play: Break | None = None
    after: bool = False
    tls: bool = False


REFUSED = Trouble("refused")
QUICK_TROUBLES = [
    REFUSED,
    Trouble("reset before", reset),
    Trouble("web page instead", html),
    Trouble("reset after", reset, after=True),
    Trouble("closed after", closed, after=True),
    Trouble("cut in the body", half_body, after=True),
    Trouble("wrong length", wrong_length, after=True),
    Trouble("not HTTP", not_http, after=True),
    Trouble("200 with a web page", html, after=True),
]
UNTRUSTED = Trouble("untrusted certificate", tls=True)


class Road:
    """A server that passes on to `port` of this machine. `trouble` happens at request number `at` (from 1), once."""

    def __init__(self, port: int, folder: Path | None = None) -> None:
        self.seen = 0
        self.happened = False
        self.trouble: Trouble | None = None
        self.at = 0
        self._port, self._lock = port, threading.Lock()
        self._contexts = _contexts(folder) if folder else None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"{'https' if folder else 'http'}://127.0.0.1:{self.port}"
        self._serve()

    def breaks(self, trouble: Trouble, at: int) -> None:
        """Order a trouble at the `at`-th request from now on."""
        self.seen, self.trouble, self.at, self.happened = 0, trouble, at, False
        if trouble is REFUSED and at == 1:
            self.stop()

    def mend(self) -> None:
        """Take back what was ordered; a service that was gone is there again, at the same address. `happened` then tells
        whether anything went wrong."""
        self.trouble = None
        if self._listener.fileno() < 0:
            self.happened = True
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self._serve()

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(client,), daemon=True).start()

    def _one(self, client: socket.socket) -> None:
        with self._lock:
            self.seen += 1
            here = self.trouble if self.seen == self.at else None
            self.happened = self.happened or here is not None
            if self.trouble is REFUSED and self.seen == self.at - 1:
                self.stop()  # whoever comes next finds nobody
        client.settimeout(5)
        # A client that gives up, or does not trust us, is what is being tried here.
        with contextlib.suppress(OSError), client:
            if self._contexts:
                client = self._contexts[bool(here and here.tls)].wrap_socket(client, server_side=True)
            self._pass_on(client, here)

    def _pass_on(self, client: socket.socket, here: Trouble | None) -> None:
        request = _message(client)
        if here and here.play and not here.after:
            here.play(client, b"")
            return
        with socket.create_connection(("127.0.0.1", self._port)) as server:
            server.settimeout(5)
            server.sendall(request)
            answer = _message(server)
        head, _, body = answer.partition(b"\r\n\r\n")
        if here and here.play:
            here.play(client, body)
            return
        if self._contexts:
            head = head.replace(b"location: http://", b"location: https://")
        client.sendall(head + b"\r\n\r\n" + body)


def _message(source: socket.socket) -> bytes:
    """One whole HTTP message: its head, and as many bytes as that announces."""
    got = b""
    while b"\r\n\r\n" not in got:
        if not (data := source.recv(65_536)):
            return got
        got += data
    head, _, body = got.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    missing = int(lengths[0]) - len(body) if lengths else 0
    pieces = [got]
    while missing > 0 and (data := source.recv(65_536)):
        pieces.append(data)
        missing -= len(data)
    return b"".join(pieces)


@contextlib.contextmanager
def road(port: int, over_tls: Path | None = None) -> Iterator[Road]:
    """A road to `port`; with `over_tls`, a folder of `certificates`, one that speaks TLS."""
    made = Road(port, over_tls)
    try:
        yield made
    finally:
        made.stop()


def certificates(folder: Path) -> ssl.SSLContext:
    """Writes two certificates of 127.0.0.1 to a folder, and answers with a client's context that trusts the first."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    for name in ("trusted", "untrusted"):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
        now = dt.datetime.now(dt.UTC)
        made = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )  # fmt: skip
        encoding = serialization.Encoding.PEM
        private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / f"{name}.pem").write_bytes(made.public_bytes(encoding) + private)
    return ssl.create_default_context(cafile=str(folder / "trusted.pem"))


def _contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    made = []
    for name in ("trusted", "untrusted"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / f"{name}.pem")
        made.append(context)
    return made[0], made[1]
