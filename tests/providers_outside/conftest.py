"""Loopback servers that stand in for the three services: they keep what was bought, answer as told and break as told."""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import json
import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy
import pytest
import pyvips

from elistit import ports
from elistit.providers import http
from elistit.providers.base import ImageRequest
from elistit.providers.comfyui import client as comfyui
from elistit.providers.comfyui import workflow
from elistit.providers.comfyui.client import ComfyUi
from elistit.providers.comfyui.workflow import Workflow
from elistit.providers.openai.client import OpenAi
from elistit.providers.recraft.client import Recraft
from elistit.providers.replicate.client import Replicate, Waiting

KEY = "sk-secret-0123456789abcdef"
SECRET = "whsec_" + base64.b64encode(b"replicate's own secret, 32 bytes").decode()
QUICK = http.Timeouts(connect=2, read=1.0, write=2, whole=1.4)
WAITING = Waiting(
    first=0.01,
    most=0.02,
    most_with_webhook=0.02,
    hear=0.01,
    run=0.5,
    look_up=0.3,
    end_there=60,
    call=QUICK,
    picture=QUICK,
    large=QUICK,
)
COMFY_WAITING = comfyui.Waiting(step=0.01, run=0.5, look_up=0.3, call=QUICK, picture=QUICK)
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect x="10" y="10" width="60" height="60" fill="#336699"/>'
    b'<circle cx="60" cy="60" r="25" fill="#cc4422"/></svg>'
)


def run(function: Callable[..., Any], *args: Any, timeout: float = 0.0, **more: Any) -> Any:
    """Heavy work, done here and now."""
    return function(*args, **more)


@functools.cache
def picture(width: int = 64, height: int = 64, kind: str = "png", *, alpha: bool = False) -> bytes:
    """A picture with something on it; with alpha, only its middle is opaque."""
    across = numpy.linspace(0, 255, width)[None, :].repeat(height, 0)
    down = numpy.linspace(0, 255, height)[:, None].repeat(width, 1)
    planes = [across, down, 255 - across]
    if alpha:
        inside = numpy.zeros((height, width))
        inside[height // 4 : -height // 4, width // 4 : -width // 4] = 255
        planes.append(inside)
    image = pyvips.Image.new_from_array(numpy.dstack(planes).astype("uint8")).copy(interpretation="srgb")
    return bytes(image.write_to_buffer({"png": ".png", "jpeg": ".jpg[Q=95]", "webp": ".webp[lossless]"}[kind]))


def asked_for(tmp_path: Path, model: str, key: str = "job:1:0:1.0", **more: Any) -> ImageRequest:
    facts: dict[str, Any] = {
        "key": key, "model": model, "prompt": "a red fox, watercolor", "negative": "text", "width": 64, "height": 64, "seed": 7,
        "transparent": False, "out": tmp_path / "image.png",
    }  # fmt: skip
    return ImageRequest(**{**facts, **more})


@dataclass
class Reply:
    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)

    def raw(self) -> tuple[bytes, str]:
        if isinstance(self.body, bytes):
            return self.body, self.headers.get("content-type", "text/plain")
        return json.dumps(self.body).encode(), "application/json"


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: Any


Break = Callable[[socket.socket, bytes], None]


@dataclass
class Fault:
    """What goes wrong at one point of an exchange. `early`: before the request is carried out. `times` left to play."""

    play: Break
    early: bool = False
    times: int = 1


class Loopback:
    """A server on this machine. `handle` answers; `faults[point]` breaks a point first; `asked` keeps every request."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self.faults: dict[str, Fault] = {}
        self.lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 3

            def _any(self) -> None:
                outer.serve(self)

            do_GET = do_POST = _any

            def log_message(self, format: str, *args: Any) -> None:
                return None

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                return None

        self._server = Server(("127.0.0.1", 0), Handler)
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        point = self.point(handler.command, handler.path)
        with self.lock:
            fault = self.faults.get(point)
            if fault and fault.times > 0:
                fault.times -= 1
            else:
                fault = None
        handler.close_connection = True
        if fault and fault.early:
            fault.play(handler.connection, b"")
            return
        length = int(handler.headers.get("content-length") or 0)
        text = handler.rfile.read(length)
        form = "multipart/" in (handler.headers.get("content-type") or "")
        body = text if form else json.loads(text) if text else None
        headers = {k.lower(): v for k, v in handler.headers.items()}
        with self.lock:
            self.asked.append(Asked(handler.command, handler.path, headers, body))
            reply = self.handle(handler.command, handler.path, body)
        raw, kind = reply.raw()
        if fault:
            fault.play(handler.connection, raw)
            return
        handler.send_response(reply.status)
        for name, value in {"content-type": kind, "content-length": str(len(raw)), **reply.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(raw)

    def point(self, method: str, path: str) -> str:
        return "create" if method == "POST" else "ask"

    def handle(self, method: str, path: str, body: Any) -> Reply:
        raise NotImplementedError

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class FakeReplicate(Loopback):
    """Keeps predictions. `fate` is the statuses a prediction goes through, one per question; `answer` overrides a create."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.predictions: dict[str, dict[str, Any]] = {}
        self.fate = ["starting", "processing", "succeeded"]
        self.ending: dict[str, Any] = {}
        self.answer: Reply | None = None
        self.file: Reply = Reply(200, picture(), {"content-type": "image/png"})
        self.handed: Reply | None = None

    @property
    def bought(self) -> int:
        return len(self.predictions)

    def point(self, method: str, path: str) -> str:
        if method == "POST":
            return "hand over" if path == "/files" else "create"
        if path.startswith("/files/"):
            return "file"
        return "list" if path.split("?")[0] == "/predictions" else "ask"

    def handle(self, method: str, path: str, body: Any) -> Reply:
        path = path.split("?")[0]
        if path == "/files":
            identity = f"file{sum(a.path == '/files' for a in self.asked)}"
            return self.handed or Reply(201, self._kept(identity))
        if method == "POST":
            return self.answer or self._create(path, body)
        if path == "/webhooks/default/secret":
            return Reply(200, {"key": SECRET})
        if path.startswith("/files/"):
            return self.file
        if path == "/account":
            return Reply(200, {"type": "organization", "username": "studio", "name": "Studio"})
        if path == "/predictions":
            return Reply(200, {"next": None, "previous": None, "results": list(reversed(self.predictions.values()))})
        found = self.predictions.get(path.removeprefix("/predictions/"))
        if found is None:
            return Reply(
                404, {"title": "Not found", "detail": "The requested resource could not be found.", "status": 404}
            )
        self._go_on(found)
        return Reply(200, {k: v for k, v in found.items() if k != "fate"})

    def _kept(self, identity: str) -> dict[str, Any]:
        now = ports.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        return {
            "id": identity, "name": "source.png", "content_type": "image/png", "size": 1, "etag": identity, "metadata": {},
            "checksums": {"sha256": "0" * 64, "md5": "0" * 32}, "created_at": now, "expires_at": now,
            "urls": {"get": f"{self.url}/files/{identity}"},
        }  # fmt: skip

    def _create(self, path: str, body: Any) -> Reply:
        identity = f"pred{len(self.predictions) + 1}"
        official = re.fullmatch(r"/models/([^/]+/[^/]+)/predictions", path)
        model = official[1] if official else body["version"].split(":")[0]
        here = f"https://api.replicate.com/v1/predictions/{identity}"
        made = {
            "id": identity, "model": model, "version": "hidden" if official else body["version"].split(":")[1],
            "input": body["input"], "output": None, "data_removed": False, "error": None, "logs": "",
            "created_at": ports.now().strftime("%Y-%m-%dT%H:%M:%S.000000Z"), "source": "api",
            "urls": {"get": here, "cancel": f"{here}/cancel", "web": f"https://replicate.com/p/{identity}"}, "fate": list(self.fate),
        }  # fmt: skip
        self.predictions[identity] = made
        self._go_on(made)
        return Reply(201, {k: v for k, v in made.items() if k != "fate"})

    def _go_on(self, found: dict[str, Any]) -> None:
        if found["fate"]:
            found["status"] = found["fate"].pop(0)
        if found["status"] == "succeeded" and found["output"] is None:
            found["output"] = [f"{self.url}/files/{found['id']}.png"]
        if not found["fate"]:
            found.update(self.ending)


class FakeComfy(Loopback):
    """Runs workflows as ComfyUI does. `steps` is how many questions a piece of work waits; `end` is how it ends."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.work: dict[str, int] = {}
        self.graphs: list[Any] = []
        self.steps = 2
        self.answer: Reply | None = None
        self.entry: dict[str, Any] = {}
        self.file: Reply = Reply(200, picture(), {"content-type": "image/png"})
        self.own_ids = False
        self.remaining = 0
        self.forgets = False

    @property
    def bought(self) -> int:
        return len(self.graphs)

    def point(self, method: str, path: str) -> str:
        return "create" if method == "POST" else path.split("?")[0].split("/")[1]

    def handle(self, method: str, path: str, body: Any) -> Reply:
        parts = path.split("?")[0].split("/")[1:]
        if method == "POST":
            return self.answer or self._queue(body)
        if parts[0] == "prompt":
            return Reply(200, {"exec_info": {"queue_remaining": self.remaining}})
        if parts[0] == "view":
            return self.file
        if parts[0] == "system_stats":
            return Reply(200, {"system": {"comfyui_version": "0.3.68"}, "devices": []})
        if parts[0] == "object_info":
            names = ["sdxl.safetensors"]
            return Reply(200, {parts[1]: {"input": {"required": {"ckpt_name": [names, {}]}}}})
        if parts[0] == "queue":
            waiting = [[n, i, {}, {}, ["7"]] for n, (i, left) in enumerate(self.work.items()) if left > 0]
            return Reply(200, {"queue_running": waiting[:1], "queue_pending": waiting[1:]})
        left = self.work.get(parts[1])
        if left is None or self.forgets:
            self.work.pop(parts[1], None)
            return Reply(200, {})
        self.work[parts[1]] = left - 1
        return Reply(200, {} if left > 0 else {parts[1]: self._entry()})

    def _queue(self, body: Any) -> Reply:
        identity = f"own-{len(self.graphs)}" if self.own_ids else body["prompt_id"]
        self.graphs.append(body["prompt"])
        self.work[identity] = self.steps
        return Reply(200, {"prompt_id": identity, "number": len(self.graphs), "node_errors": {}})

    def _entry(self) -> dict[str, Any]:
        image = {"filename": "elistit_00001_.png", "subfolder": "", "type": "output"}
        good = {"status_str": "success", "completed": True, "messages": [["execution_start", {}]]}
        return {"prompt": [], "outputs": {"7": {"images": [image]}}, "status": good, "meta": {}, **self.entry}


class FakeImages(Loopback):
    """OpenAI and Recraft: one request, one picture. `answer` overrides what is answered, and then nothing is bought."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.bought = 0
        self.answer: Reply | None = None
        self.image = picture()
        self.ending: dict[str, Any] = {}
        self.credits = 100

    def handle(self, method: str, path: str, body: Any) -> Reply:
        if self.answer:
            return self.answer
        if method == "GET":
            return Reply(200, {"credits": self.credits, "id": "x"})
        self.bought += 1
        data = [{"b64_json": base64.b64encode(self.image).decode(), "image_id": "img-1"}]
        return Reply(200, {"created": 1, "data": data, **self.ending}, {"x-request-id": "req_1"})


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


def closed_port() -> str:
    """The address of a port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as once:
        return f"http://127.0.0.1:{once.getsockname()[1]}"


@pytest.fixture(autouse=True)
def _no_keys_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REPLICATE_API_URL", "REPLICATE_TOKEN", "REPLICATE_MODELS", "REPLICATE_WEBHOOK_SECRET", "OPENAI_API_URL",
                 "OPENAI_KEY", "OPENAI_MODEL", "RECRAFT_API_URL", "RECRAFT_KEY", "CUTOUT", "UPSCALE", "POSTER_UPSCALE",
                 "COMFYUI_URL", "COMFYUI_KEY", "COMFYUI_WORKFLOW", "COMFYUI_CHECKPOINT"):  # fmt: skip
        monkeypatch.delenv(f"ELISTIT_{name}", raising=False)


@pytest.fixture
def replicate() -> Iterator[FakeReplicate]:
    with FakeReplicate() as server:
        yield server


@pytest.fixture
def comfy() -> Iterator[FakeComfy]:
    with FakeComfy() as server:
        yield server


@pytest.fixture
def images() -> Iterator[FakeImages]:
    with FakeImages() as server:
        yield server


def signed(
    message: Any, *, secret: str = SECRET, age: int = 0, message_id: str = "msg_1"
) -> tuple[dict[str, str], bytes]:
    """A message as Replicate signs it: headers and body."""
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    stamp = int(ports.now().timestamp()) - age
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = base64.b64encode(hmac.new(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()
    headers = {"webhook-id": message_id, "webhook-timestamp": str(stamp), "webhook-signature": f"v1,AAAA v1,{right}"}
    return headers, body


def replicate_at(url: str) -> Replicate:
    return Replicate(http.Service("replicate", url, KEY, ("replicate.delivery",)), WAITING)


def comfy_at(url: str, graph: Workflow | None = None, key: str = "") -> ComfyUi:
    graph = graph or workflow.read("", "sdxl.safetensors")
    return ComfyUi(http.Service("comfyui", url, key), graph, COMFY_WAITING)


def openai_at(url: str) -> OpenAi:
    return OpenAi(http.Service("openai", url, KEY), QUICK)


def recraft_at(url: str) -> Recraft:
    return Recraft(http.Service("recraft", url, KEY), QUICK)
