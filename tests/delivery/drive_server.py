"""A Google of the tests' own on loopback: OAuth with PKCE, and a Drive that keeps folders, files and half-sent uploads.

As strict as Google where a copy leans on it (token, known parameters, piece sizes, ranges, one file for one upload), and it
breaks at any point of any exchange when told. Bytes that arrive before a cut are kept, as Google keeps them.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.loopback_server import LoopbackServer
from tests.providers_outside.loopback import Fault

CLIENT_ID, CLIENT_SECRET = "studio.apps.example", "google-secret-0123456789"
SCOPE = "https://www.googleapis.com/auth/drive.file"
FOLDER = "application/vnd.google-apps.folder"
QUARTER = 256 * 1024


@dataclass
class Session:
    about: dict[str, Any]
    size: int
    got: bytearray = field(default_factory=bytearray)
    file: str = ""


@dataclass
class Refusal:
    """An answer instead of the real one, `times` over."""

    status: int
    body: Any
    times: int = 1
    headers: dict[str, str] = field(default_factory=dict)


def google_error(status: int, reason: str, message: str = "") -> Refusal:
    inner = {"code": status, "message": message or reason, "errors": [{"domain": "x", "reason": reason}]}
    return Refusal(status, {"error": inner})


class FakeGoogle:
    """`faults[point]` breaks an exchange, `refusals[point]` answers something else; points: list, file, create, begin,
    send, ask, delete, about, token, revoke. `quota` is the number of bytes the Drive takes."""

    def __init__(self, client_secret: str = CLIENT_SECRET) -> None:
        self.client_secret = client_secret
        self.files: dict[str, dict[str, Any]] = {}
        self.content: dict[str, bytes] = {}
        self.sessions: dict[str, Session] = {}
        self.faults: dict[str, Fault] = {}
        self.refusals: dict[str, Refusal] = {}
        self.asked: list[str] = []
        self.secrets: list[str] = [client_secret]
        self.access: set[str] = set()
        self.refresh: set[str] = set()
        self.codes: dict[str, tuple[str, str]] = {}
        self.granted = SCOPE
        self.rotates = False
        self.quota: int | None = None
        self.email = "seller@example.com"
        self.lock = threading.RLock()
        self._number = itertools.count(1)
        self._server = LoopbackServer(self.serve)
        self.port, self.url = self._server.port, self._server.url

    def stop(self) -> None:
        self._server.stop()

    def __enter__(self) -> FakeGoogle:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # ---- what a test asks ---------------------------------------------------------------------------------------------

    def consent(self, url: str) -> dict[str, str]:
        """What the seller's browser brings back from the consent page at `url`."""
        asked = {k: v[0] for k, v in parse_qs(urlsplit(url).query).items()}
        assert (asked["client_id"], asked["response_type"], asked["scope"]) == (CLIENT_ID, "code", SCOPE), asked
        assert (asked["code_challenge_method"], asked["access_type"], asked["prompt"]) == ("S256", "offline", "consent")
        code = self.new("code")
        self.codes[code] = (asked["code_challenge"], asked["redirect_uri"])
        return {"code": code, "state": asked["state"]}

    def new(self, what: str) -> str:
        made = f"{what}-{next(self._number):04}-{hashlib.sha256(str(id(self)).encode()).hexdigest()[:12]}"
        self.secrets.append(made)
        return made

    def tree(self) -> dict[str, bytes | None]:
        """Every standing file and folder by its whole path; a path that is there twice counts up."""
        found: dict[str, bytes | None] = {}
        for identity, file in self.files.items():
            if not file["trashed"]:
                path = self.path(identity)
                while path in found:
                    path += " AGAIN"
                found[path] = self.content.get(identity)
        return found

    def path(self, identity: str) -> str:
        file = self.files[identity]
        above = file["parents"][0] if file["parents"] else ""
        return (f"{self.path(above)}/" if above else "") + file["name"]

    # ---- serving ------------------------------------------------------------------------------------------------------

    def point(self, handler: BaseHTTPRequestHandler) -> str:
        path = urlsplit(handler.path).path
        if path in ("/token", "/revoke"):
            return path[1:]
        if path == "/drive/v3/about":
            return "about"
        if path.startswith("/upload/"):
            told = handler.headers.get("content-range", "")
            return "begin" if handler.command == "POST" else "ask" if told.startswith("bytes */") else "send"
        return {"POST": "create", "DELETE": "delete"}.get(
            handler.command, "list" if path == "/drive/v3/files" else "file"
        )

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        point = self.point(handler)
        with self.lock:
            fault = self._take(self.faults, point)
            refusal = self._take(self.refusals, point)
            self.asked.append(point)
        if fault and fault.early:
            fault.play(handler.connection, b"")
            return
        length = int(handler.headers.get("content-length") or 0)
        body = b""
        try:
            while len(body) < length and (got := handler.rfile.read1(min(65_536, length - len(body)))):  # type: ignore[attr-defined]
                body += got
        except OSError:
            pass
        if len(body) < length and point != "send":
            return
        with self.lock:
            if refusal:
                status, answer, headers = refusal.status, refusal.body, refusal.headers
            else:
                status, answer, headers = self.handle(point, handler, body, len(body) == length)
        raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode() if answer is not None else b""
        if fault:
            fault.play(handler.connection, raw)
            return
        handler.send_response(status)
        headers = {"content-type": "application/json", "content-length": str(len(raw)), **headers}
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(raw)

    def _take(self, table: dict[str, Any], point: str) -> Any:
        found = table.get(point)
        if found is None or found.times <= 0:
            return None
        found.times -= 1
        return found

    def handle(self, point: str, handler: Any, body: bytes, whole: bool) -> tuple[int, Any, dict[str, str]]:
        query = {k: v[0] for k, v in parse_qs(urlsplit(handler.path).query).items()}
        if point == "token":
            return self._token({k: v[0] for k, v in parse_qs(body.decode()).items()})
        if point == "revoke":
            token = parse_qs(body.decode())["token"][0]
            if token not in self.refresh:
                return 400, {"error": "invalid_token"}, {}
            self.refresh.discard(token)
            self.access.clear()
            return 200, {}, {}
        if handler.headers.get("authorization", "").removeprefix("Bearer ") not in self.access:
            error = {"code": 401, "message": "Invalid Credentials", "errors": [{"reason": "authError"}]}
            return 401, {"error": error}, {}
        if unknown := set(query) - {"q", "fields", "pageSize", "pageToken", "spaces", "uploadType", "upload_id"}:
            return 400, {"error": {"code": 400, "message": f"Unknown parameter {unknown}"}}, {}
        act = getattr(self, f"_{point}")
        answer: tuple[int, Any, dict[str, str]] = act(handler, query, body, whole)
        return answer

    def _token(self, form: dict[str, str]) -> tuple[int, Any, dict[str, str]]:
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, self.client_secret):
            return 401, {"error": "invalid_client", "error_description": "The OAuth client was not found."}, {}
        gives: dict[str, Any] = {"token_type": "Bearer", "expires_in": 3599, "scope": self.granted}
        if form["grant_type"] == "authorization_code":
            challenge, redirect = self.codes.pop(form["code"], ("", ""))
            verified = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
            if not challenge or verified.decode() != challenge or redirect != form["redirect_uri"]:
                return 400, {"error": "invalid_grant", "error_description": "Malformed auth code."}, {}
            gives["refresh_token"] = self._renewable()
        elif form["refresh_token"] not in self.refresh:
            return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, {}
        elif self.rotates:
            self.refresh.discard(form["refresh_token"])
            gives["refresh_token"] = self._renewable()
        gives["access_token"] = self.new("access")
        self.access.add(gives["access_token"])
        return 200, gives, {}

    def _renewable(self) -> str:
        token = self.new("refresh")
        self.refresh.add(token)
        return token

    # ---- the Drive ----------------------------------------------------------------------------------------------------

    def _about(self, *_: Any) -> tuple[int, Any, dict[str, str]]:
        return 200, {"user": {"emailAddress": self.email}}, {}

    def _list(self, handler: Any, query: dict[str, str], *_: Any) -> tuple[int, Any, dict[str, str]]:
        found = [f for f in self.files.values() if not f["trashed"]]
        mark = re.match(r"appProperties has \{ key='(\w+)' and value='([^']*)' \}", query["q"])
        name = re.match(r"name = '((?:[^'\\]|\\.)*)' and '([\w-]*)' in parents and mimeType", query["q"])
        if mark:
            found = [f for f in found if f["appProperties"].get(mark[1]) == mark[2]]
        elif name:
            wanted = re.sub(r"\\(.)", r"\1", name[1])
            found = [f for f in found if f["name"] == wanted and name[2] in f["parents"] and f["mimeType"] == FOLDER]
        else:
            return 400, {"error": {"code": 400, "message": "Invalid Value"}}, {}
        start = int(query.get("pageToken", 0))
        page = {"files": [self._shown(f) for f in found[start : start + 3]]}  # short pages, so that paging is used
        more = {"nextPageToken": str(start + 3)} if len(found) > start + 3 else {}
        return 200, {**page, **more}, {}

    def _file(self, handler: Any, *_: Any) -> tuple[int, Any, dict[str, str]]:
        found = self.files.get(urlsplit(handler.path).path.rsplit("/", 1)[1])
        return (200, self._shown(found), {}) if found else self._gone()

    def _delete(self, handler: Any, *_: Any) -> tuple[int, Any, dict[str, str]]:
        identity = urlsplit(handler.path).path.rsplit("/", 1)[1]
        return (204, None, {}) if self.files.pop(identity, None) else self._gone()

    def _create(self, handler: Any, query: dict[str, str], body: bytes, *_: Any) -> tuple[int, Any, dict[str, str]]:
        return self._keep(json.loads(body), None)

    def _begin(self, handler: Any, query: dict[str, str], body: bytes, *_: Any) -> tuple[int, Any, dict[str, str]]:
        assert query["uploadType"] == "resumable", query
        size = int(handler.headers["x-upload-content-length"])
        if self.quota is not None and sum(map(len, self.content.values())) + size > self.quota:
            refusal = google_error(403, "storageQuotaExceeded", "The user's Drive storage quota has been exceeded.")
            return refusal.status, refusal.body, {}
        about = json.loads(body)
        if any(parent not in self.files for parent in about.get("parents", [])):
            return self._gone()
        identity = self.new("upload")
        self.sessions[identity] = Session(about, size)
        # Through a proxy the address leads through it again, as Google's does.
        here = handler.headers["host"]
        where = f"http://{here}/upload/drive/v3/files?{urlencode({'uploadType': 'resumable', 'upload_id': identity})}"
        return 200, None, {"location": where}

    def _send(self, handler: Any, query: dict[str, str], body: bytes, whole: bool) -> tuple[int, Any, dict[str, str]]:
        session = self.sessions.get(query["upload_id"])
        if session is None:
            return self._gone()
        if session.file:
            return 200, self._shown(self.files[session.file]), {}
        told = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", handler.headers["content-range"])
        assert told, handler.headers["content-range"]
        start, end, size = map(int, told.groups())
        length = end - start + 1
        if size != session.size or start != len(session.got) or (end + 1 != size and length % QUARTER):
            return 400, {"error": {"code": 400, "message": f"Invalid range {told[0]} at {len(session.got)}"}}, {}
        session.got += body
        return self._how_far(session)

    def _ask(self, handler: Any, query: dict[str, str], body: bytes, *_: Any) -> tuple[int, Any, dict[str, str]]:
        session = self.sessions.get(query["upload_id"])
        if session is None:
            return self._gone()
        if session.file:
            return 200, self._shown(self.files[session.file]), {}
        return self._how_far(session)

    def _how_far(self, session: Session) -> tuple[int, Any, dict[str, str]]:
        if len(session.got) < session.size:
            return 308, None, {"range": f"bytes=0-{len(session.got) - 1}"} if session.got else {}
        status, file, headers = self._keep(session.about, bytes(session.got))
        if status == 200:
            session.file = file["id"]
        return status, file, headers

    def _keep(self, about: dict[str, Any], content: bytes | None) -> tuple[int, Any, dict[str, str]]:
        if any(parent not in self.files for parent in about.get("parents", [])):
            return self._gone()
        for key, value in about["appProperties"].items():
            if len((key + value).encode()) > 124:
                return 400, {"error": {"code": 400, "message": "Property too long"}}, {}
        identity = f"file{next(self._number):04}"
        made = {"parents": [], "mimeType": "application/octet-stream", "trashed": False, **about, "id": identity}
        if content is not None:
            made |= {"size": str(len(content)), "sha256Checksum": hashlib.sha256(content).hexdigest()}
            self.content[identity] = content
        self.files[identity] = made
        return 200, self._shown(made), {}

    def _shown(self, file: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in file.items() if k != "trashed"}

    def _gone(self) -> tuple[int, Any, dict[str, str]]:
        return 404, {"error": {"code": 404, "message": "File not found: .", "errors": [{"reason": "notFound"}]}}, {}
