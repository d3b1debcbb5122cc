"""A push service for tests: takes messages over HTTP as RFC 8030 says and reads them as a browser would.

The decryption is written from RFC 8291 and RFC 8188 on bare primitives and shares nothing with the sender.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _expand(key: bytes, info: bytes, length: int) -> bytes:
    return hmac.new(key, info + b"\x01", hashlib.sha256).digest()[:length]


def decrypt(body: bytes, private: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """The plaintext of one aes128gcm record for the browser with this key. Raises for anything that isn't one."""
    salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
    sender, sealed = body[21 : 21 + length], body[21 + length :]
    assert length == 65 and len(sealed) <= size
    shared = private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
    info = b"WebPush: info\x00" + point(private.public_key()) + sender
    secret = _expand(hmac.new(auth, shared, hashlib.sha256).digest(), info, 32)
    key = hmac.new(salt, secret, hashlib.sha256).digest()
    content = _expand(key, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _expand(key, b"Content-Encoding: nonce\x00", 12)
    plain = AESGCM(content).decrypt(nonce, sealed, None).rstrip(b"\x00")
    assert plain.endswith(b"\x02"), "the last record ends with 2"
    return plain[:-1]


@dataclass
class Browser:
    """One browser's side of a subscription."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = bytes(range(16))

    @property
    def given(self) -> dict[str, str]:
        return {"endpoint": self.endpoint, "p256dh": b64(point(self.private.public_key())), "auth": b64(self.auth)}

    def read(self, body: bytes) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(decrypt(body, self.private, self.auth))
        return said


class PushService:
    """Listens on this machine; `answers` maps a path to the status it answers, 201 without one."""

    def __init__(self) -> None:
        self.took: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: dict[str, int] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.took.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(outer.answers.get(self.path, 201))
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def browser(self, name: str) -> Browser:
        return Browser(f"{self.url}/{name}")

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
