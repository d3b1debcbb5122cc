"""One copy of a project's files on the seller's Drive, however often it is requested and wherever it was interrupted.

Every file of ours on a Drive has a private mark (project and path), so it is looked for before it is created, and
nothing is created twice. An upload's address is stored before its first byte is sent, so that a later attempt, also
after the worker was killed, continues where the upload stopped. It must never touch a file it did not create, nor one
the seller has changed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import mimetypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from django.db.models import Q

from elistit import ports
from elistit.accounts.vault import Secret, Unreadable
from elistit.delivery.google_drive import access, names, outcomes
from elistit.delivery.google_drive.client import DriveClient
from elistit.delivery.google_drive.config import VAULT, GoogleConfig
from elistit.delivery.google_drive.wire import Answer, Doing, Met
from elistit.delivery.models import DriveAccount, DriveCopy, DriveUpload
from elistit.network.call import Timeouts
from elistit.ports import Failure, Kind, Made, Outcome

PIECE = 4 << 20  # a multiple of 256 KiB, as Google asks; small enough for a slow line within one call's time
LEASE_SECONDS = 180
"""Longer than the two longest calls between two renewals, so that a running copy always renews its lease in time."""

BREAKS = 3
"""How often in a row an upload may be interrupted without progress before this attempt fails."""

BEGINNINGS = 2
"""How often one attempt restarts a file's upload after Google has expired it."""

PAGES_MAX = 40


@dataclass(frozen=True)
class Part:
    """A file to copy to `path` (`images/fox.png`) in the project's folder. `local` provides it on this machine when it
    is needed; `bytes` and `sha256` are the recorded ones."""

    path: str
    local: Callable[[], Path]
    bytes: int
    sha256: str


def copy(
    project: str, name: str, parts: Sequence[Part], *, timeouts: Timeouts | None = None, piece: int = PIECE
) -> Outcome:
    """Copy a project's files to its seller's Drive completely. Idempotent per project; call it again after any failure.
    Needs the project's `DriveCopy`.

    On success, `data` has `folder_id` and `files`. A failure of kind `rejected` needs the seller (a full Drive, a
    revoked connection) and says what to do. Raises nothing that a network or Google can cause.
    """
    row = DriveCopy.objects.get(pk=project)
    account = DriveAccount.objects.filter(owner=row.owner_id).first()
    if account is None:
        return Failure(Kind.REJECTED, outcomes.NOT_CONNECTED)
    lease = _take(project)
    if not lease:
        return Failure(Kind.THROTTLED, "Another worker is copying these files right now.", retry_after=30.0)
    try:
        token = access.access_token(account)
        if isinstance(token, Failure):
            return token
        client = DriveClient(GoogleConfig.from_environment(), token, timeouts)
        return _Copying(row, account, client, lease, name, parts, piece).run()
    except _Stop as stop:
        return stop.failure
    finally:
        DriveCopy.objects.filter(pk=project, lease=lease).update(lease="", lease_until=None)


def _take(project: str, held: str = "") -> str:
    """The lease on this project's copy, or its renewal; empty when another worker has it."""
    now, lease = ports.now(), held or ports.new_id()
    free = Q(lease=held) if held else Q(lease="") | Q(lease_until__lte=now)
    taken = DriveCopy.objects.filter(free, pk=project).update(
        lease=lease, lease_until=now + dt.timedelta(seconds=LEASE_SECONDS)
    )
    return lease if taken else ""


class _Stop(Exception):
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.kind)
        self.failure = failure


class _Copying:
    """One run. Every step reads the state of the Drive, does what is missing, and otherwise ends the run with a failure."""

    def __init__(
        self, row: DriveCopy, account: DriveAccount, client: DriveClient, lease: str, name: str,
        parts: Sequence[Part], piece: int,
    ) -> None:  # fmt: skip
        self.row, self.account, self.client, self.lease = row, account, client, lease
        self.name, self.parts, self.piece = name, parts, piece
        self.there: dict[str, dict[str, Any]] = {}
        self.folders: dict[str, str] = {}

    def run(self) -> Outcome:
        root = self._root()
        self.there = self._ours(self.row.project)
        self.folders = {"": self._folder("", root)}
        for path in sorted({p.path.rpartition("/")[0] for p in self.parts} - {""}):
            self.folders[path] = self._folder(path, self.folders[""])
        for part in self.parts:
            self._have(part)
        return Made({"folder_id": self.folders[""], "files": len(self.parts)})

    # ---- folders ----------------------------------------------------------------------------------------------------

    def _root(self) -> str:
        found = self._ours(names.ROOT_MARK).get(names.part(""))
        return str(found["id"]) if found else self._make(names.ROOT_MARK, "", names.ROOT, "")

    def _folder(self, path: str, parent: str) -> str:
        if found := self.there.get(names.part(path)):
            return str(found["id"])
        if path:
            return self._make(self.row.project, path, path, parent)
        name = names.clean(self.name)
        if self._must(lambda: self.client.files(names.named(name, parent))).get("files"):
            name = names.apart(name, self.row.project)
        return self._make(self.row.project, path, name, parent)

    def _make(self, project: str, path: str, name: str, parent: str) -> str:
        answer = self._ask(lambda: self.client.create_folder(name, parent, names.mark(project, path)))
        if answer.good and (made := str((answer.data or {}).get("id", ""))):
            return made
        if answer.good:
            answer = Answer(answer.doing, Met.NO_ANSWER, answer.status, problem="no id in answer")
        stop = self._stop(answer)
        if stop.failure.kind is Kind.UNKNOWN:
            # Google may have created it and only its response was lost.
            try:
                found = self._ours(project).get(names.part(path))
            except _Stop:
                raise stop from None
            if found:
                return str(found["id"])
        raise stop

    def _ours(self, project: str) -> dict[str, dict[str, Any]]:
        """Everything of ours marked for a project, by the digest of its path. Of two with the same mark the smaller id
        counts, so that every look finds the same one."""
        found: dict[str, dict[str, Any]] = {}
        page = ""
        for _ in range(PAGES_MAX):
            data = self._must(lambda page=page: self.client.files(names.marked(project), page))  # type: ignore[misc]
            files = data.get("files")
            if not isinstance(files, list):
                raise _Stop(Failure(Kind.TRANSIENT, "Google Drive's answer could not be read.", "no files in list"))
            for file in files:
                place = (file.get("appProperties") or {}).get(names.PART, "") if isinstance(file, dict) else ""
                if place and isinstance(file.get("id"), str):
                    known = found.get(place)
                    found[place] = file if known is None or file["id"] < known["id"] else known
            page = str(data.get("nextPageToken") or "")
            if not page:
                return found
        raise _Stop(Failure(Kind.TRANSIENT, "Google Drive's list of files is endless.", f"more than {PAGES_MAX} pages"))

    # ---- files ------------------------------------------------------------------------------------------------------

    def _have(self, part: Part) -> None:
        upload, _ = DriveUpload.objects.get_or_create(
            copy=self.row, path=part.path, defaults={"bytes": part.bytes, "sha256": part.sha256}
        )
        if upload.sha256 != part.sha256:  # the file was made again since: begin with the new one
            upload.bytes, upload.sha256, upload.session, upload.done_at = part.bytes, part.sha256, b"", None
            upload.save()
        found = self.there.get(names.part(part.path))
        if found and (upload.done_at or _is(found, part)):
            self._done(upload, found)  # there, or changed by the seller since, which is theirs to do
            return
        if found:
            self._remove(found)
        self._send(part, upload)

    def _send(self, part: Part, upload: DriveUpload) -> None:
        path = part.local()
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != part.sha256:
                raise _Stop(Failure(Kind.TRANSIENT, "A stored file couldn't be read.", f"{part.path}: other digest"))
        session = self._session_of(upload)
        answer = self._ask(lambda: self.client.ask(session, part.bytes)) if session else None
        for _ in range(1 + BEGINNINGS):
            if answer is None or answer.status in (404, 410):
                session = self._begin(part, upload)
                answer = Answer(Doing.BEGIN, Met.ANSWER, 308, received=0)
            if answer.status == 308:
                answer = self._pump(part, path, session, answer.received or 0)
            if answer.good:
                self._verify(part, upload, answer.data or {})
                return
            if answer.status not in (404, 410):
                raise self._stop(answer)
            # The upload has expired: after its last byte, whose response was lost, or before.
            if found := self._ours(self.row.project).get(names.part(part.path)):
                self._verify(part, upload, found)
                return
        self._forget(upload)
        raise self._stop(cast(Answer, answer))

    def _pump(self, part: Part, path: Path, session: str, at: int) -> Answer:
        """Send bytes from `at` on until the file is complete or nothing more can be done, and return the last response,
        never 308. After any unclear response Google is asked for the progress, and nothing is sent until it has
        answered."""
        breaks, clear = 0, True
        with path.open("rb") as file:
            while True:
                self._renew()
                if clear:
                    file.seek(at)
                    piece = file.read(self.piece)
                    answer = self._ask(lambda p=piece, a=at: self.client.send(session, p, a, part.bytes))  # type: ignore[misc]
                    clear = _is_clear(answer)
                if not clear:
                    answer = self._ask(lambda: self.client.ask(session, part.bytes))
                    clear = _is_clear(answer)
                if clear and answer.status != 308:
                    return answer
                arrived = answer.received or 0
                breaks = 0 if clear and arrived > at else breaks + 1
                if breaks > BREAKS:
                    return Answer(Doing.SEND, Met.NO_ANSWER, problem=f"stopped at byte {at} of {part.bytes}")
                if clear:
                    at = arrived

    def _begin(self, part: Part, upload: DriveUpload) -> str:
        folder, _, name = part.path.rpartition("/")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        mark = names.mark(self.row.project, part.path)
        answer = self._ask(lambda: self.client.begin(name, self.folders[folder], mark, part.bytes, kind))
        begun = answer.met is Met.ANSWER and answer.status in (200, 201)
        if not begun or not self.client.config.is_theirs(answer.location):
            if begun:
                answer = Answer(answer.doing, Met.NO_ANSWER, answer.status, problem="no upload address in answer")
            raise self._stop(answer)
        upload.session = VAULT.encrypt(Secret(answer.location))
        upload.save(update_fields=["session"])
        return answer.location

    def _session_of(self, upload: DriveUpload) -> str:
        try:
            return VAULT.decrypt(upload.session).reveal() if upload.session else ""
        except Unreadable:
            return ""

    def _forget(self, upload: DriveUpload) -> None:
        DriveUpload.objects.filter(pk=upload.pk).update(session=b"")

    def _verify(self, part: Part, upload: DriveUpload, file: dict[str, Any]) -> None:
        """Accept a copy only if Google's digest of it equals ours."""
        if not isinstance(file.get("id"), str):
            raise _Stop(Failure(Kind.TRANSIENT, "Google Drive's answer could not be read.", "no id of the file"))
        if not (file.get("sha256Checksum") or file.get("md5Checksum")):
            file = self._must(lambda: self.client.file(file["id"]))
        if not _is(file, part):
            self._forget(upload)
            self._remove(file)
            reason = "A file failed its integrity check on your Drive, so we removed it."
            raise _Stop(Failure(Kind.TRANSIENT, reason, part.path))
        self._done(upload, file)

    def _done(self, upload: DriveUpload, file: dict[str, Any]) -> None:
        DriveUpload.objects.filter(pk=upload.pk, copy_id=self.row.pk).update(
            session=b"", file_id=str(file["id"])[:120], done_at=ports.now()
        )

    def _remove(self, file: dict[str, Any]) -> None:
        answer = self._ask(lambda: self.client.delete(str(file["id"])))
        if not (answer.met is Met.ANSWER and (answer.status in (200, 204, 404))):
            raise self._stop(answer)

    # ---- asking -----------------------------------------------------------------------------------------------------

    def _renew(self) -> None:
        if not _take(self.row.pk, self.lease):
            raise _Stop(Failure(Kind.TRANSIENT, "Another worker has taken over copying these files.", "lease lost"))

    def _must(self, call: Callable[[], Answer]) -> dict[str, Any]:
        answer = self._ask(call)
        if not answer.good or answer.data is None:
            raise self._stop(answer)
        return answer.data

    def _ask(self, call: Callable[[], Answer]) -> Answer:
        """Make one call, and repeat it once with a new token if Google rejected the old one, which it does before doing
        anything."""
        answer = call()
        if not (answer.met is Met.ANSWER and answer.status == 401):
            return answer
        token = access.access_token(self.account, refused=self.client.access)
        if isinstance(token, Failure):
            raise _Stop(token)
        self.client.access = token
        return call()

    def _stop(self, answer: Answer) -> _Stop:
        failure = outcomes.failure(answer)
        if outcomes.row_for(answer).reconnect:
            access.end(self.account, failure.reason)
        return _Stop(failure)


def _is_clear(answer: Answer) -> bool:
    """Whether a response states the status of an upload: complete, its progress, or refused."""
    return answer.met is Met.ANSWER and (answer.good or answer.status == 308 or 400 <= answer.status < 500)


def _is(file: dict[str, Any], part: Part) -> bool:
    """Whether a file on the Drive has the recorded content."""
    if str(file.get("size", "")) != str(part.bytes):
        return False
    if digest := file.get("sha256Checksum"):
        return str(digest).lower() == part.sha256
    if digest := file.get("md5Checksum"):
        with part.local().open("rb") as own:
            return (
                str(digest).lower() == hashlib.file_digest(own, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
            )
    return False
