"""Loopback servers in place of the image services: they keep what was bought, and answer and break as a test sets."""

from __future__ import annotations

import base64
import re
from typing import Any

from elistit import ports
from tests.providers_outside.asking import SECRET, picture
from tests.providers_outside.loopback import Loopback, Reply


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
