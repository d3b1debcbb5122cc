"""A thin client of the Drive API v3: the few operations a copy needs, one method each, every response as data.

It must never retry, log, decide what a response means (`outcomes` does), or send anything to an address that isn't
Google's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from elistit.accounts.vault import Secret
from elistit.delivery.google_drive.config import GoogleConfig
from elistit.delivery.google_drive.wire import Answer, Doing, Met, send
from elistit.network.call import Timeouts

FILES, UPLOAD, ABOUT = "/drive/v3/files", "/upload/drive/v3/files", "/drive/v3/about"
FOLDER_TYPE = "application/vnd.google-apps.folder"
FIELDS = "id,name,mimeType,size,md5Checksum,sha256Checksum,appProperties,parents"
PAGE = 500


class DriveClient:
    """A client for one seller's Drive. `access` is that seller's access token; set it again after a renewal. Not
    thread-safe."""

    def __init__(self, config: GoogleConfig, access: Secret, timeouts: Timeouts | None = None) -> None:
        self.config, self.access = config, access
        self.timeouts = timeouts or Timeouts()

    def about(self) -> Answer:
        """The owner of the Drive: {user: {emailAddress}}."""
        return self._call(Doing.READ, "GET", ABOUT, params={"fields": "user(emailAddress)"})

    def files(self, query: str, page: str = "") -> Answer:
        """One page of the files a query finds: {files, nextPageToken}."""
        params = {"q": query, "fields": f"nextPageToken,files({FIELDS})", "pageSize": PAGE, "spaces": "drive"}
        return self._call(Doing.READ, "GET", FILES, params={**params, **({"pageToken": page} if page else {})})

    def file(self, file_id: str) -> Answer:
        return self._call(Doing.READ, "GET", f"{FILES}/{file_id}", params={"fields": FIELDS})

    def create_folder(self, name: str, parent: str, properties: Mapping[str, str]) -> Answer:
        """Create a folder. Not idempotent: look for it first, and again after any response that isn't a success."""
        about = {"name": name, "mimeType": FOLDER_TYPE, "appProperties": dict(properties)}
        if parent:
            about["parents"] = [parent]
        return self._call(Doing.CREATE, "POST", FILES, params={"fields": FIELDS}, json=about)

    def begin(self, name: str, parent: str, properties: Mapping[str, str], size: int, kind: str) -> Answer:
        """Start an upload: its address is the response's `location`. The file appears on the Drive only after its last byte."""
        about = {"name": name, "parents": [parent], "appProperties": dict(properties)}
        headers = {"X-Upload-Content-Type": kind, "X-Upload-Content-Length": str(size)}
        params = {"uploadType": "resumable", "fields": FIELDS}
        return self._call(Doing.BEGIN, "POST", UPLOAD, params=params, json=about, headers=headers)

    def send(self, session: str, piece: bytes, start: int, size: int) -> Answer:
        """Send bytes of an upload from `start` on: 308 with its progress, or the file when these were the last."""
        content_range = f"bytes {start}-{start + len(piece) - 1}/{size}" if piece else f"bytes */{size}"
        return self._upload(Doing.SEND, session, piece, content_range)

    def ask(self, session: str, size: int) -> Answer:
        """The progress of an upload: 308 with how much has arrived, the file when it is complete, or 404 when it has
        expired."""
        return self._upload(Doing.ASK, session, b"", f"bytes */{size}")

    def delete(self, file_id: str) -> Answer:
        return self._call(Doing.DELETE, "DELETE", f"{FILES}/{file_id}")

    def _upload(self, doing: Doing, session: str, piece: bytes, content_range: str) -> Answer:
        if not self.config.is_theirs(session):
            return Answer(doing, Met.NOT_SENT, problem="an upload address that is not Google's")
        headers = {**self._headers(), "content-range": content_range, "content-length": str(len(piece))}
        # The address itself lets anyone write this one file.
        secrets = (self.access.reveal(), session)
        return send(doing, "PUT", session, timeouts=self.timeouts, headers=headers, secrets=secrets, content=piece)

    def _call(
        self, doing: Doing, method: str, path: str, headers: Mapping[str, str] | None = None, **body: Any
    ) -> Answer:
        return send(
            doing, method, self.config.api_url + path, timeouts=self.timeouts,
            headers={**self._headers(), **(headers or {})}, secrets=(self.access.reveal(),), **body,
        )  # fmt: skip

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.access.reveal()}"}
