"""Disk space: whether the studio can write to its data folder, file storage and database, tested by writing.

A studio on a full disk continues showing what is there and refuses what costs, before anything is charged. Nothing is ever
concluded from free bytes (quotas, reserved blocks and other disks make them wrong), and a probe must never leave anything
behind or create the folders of an installation that has none yet.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from elistit.chain.models import WriteProbe
from elistit.database_outage import is_database_full
from elistit.delivery.store import LocalStore, StoreFailure, open_store
from elistit.projects.errors import StudioFull

KEPT_SECONDS = 2.0
"""How long a finding is kept in this process, so that a load balancer's probes do not become the studio's main work."""

KEPT_SECONDS_FAR = 60.0
"""The same for a store that is paid by the request."""

PROBE_BYTES = 1 << 20
"""Enough that a file system cannot hide it in a block it has already."""

PROBES = "write-probe"
ROW_BYTES = 16_384
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

DISK_FULL = "The studio's disk is full."
STORE_FULL = "The studio's file storage is full."
NOT_CHARGED = (
    "You weren't charged for this request. Please try again later; the studio operator has to free some space."
)
NOT_KEPT = "Your file wasn't saved. Please try again later; the studio operator has to free some space."

log = logging.getLogger(__name__)
_lock = threading.Lock()
_found: dict[str, tuple[float, str]] = {}


def problem() -> str:
    """Why nothing can be written now, in one sentence that names the place; an empty string when everything can. Raises what
    the database raises when it is down, which is no question of room."""
    return _data() or _store() or _kept("database", KEPT_SECONDS, _try_database)


def no_room() -> str:
    """Why new work has no room on this machine's disks, in one sentence; an empty string when it has. The database says so
    itself when it is written to, a bucket is never full, and what else may be wrong with a store passes or is the
    operator's to fix (rules §5.7)."""
    found = _data() or ("" if _is_far() else _store())
    return found if found in (DISK_FULL, STORE_FULL) else ""


def _data() -> str:
    return _kept("data", KEPT_SECONDS, _try_data)


def _store() -> str:
    return _kept("store", KEPT_SECONDS_FAR if _is_far() else KEPT_SECONDS, _try_store)


def _is_far() -> bool:
    return not settings.STORAGE_URL.startswith("file:")


def waited_for_room(error: BaseException) -> bool:
    """Wait, when an error came of a full disk, until everything can be written to again: the work continues automatically when
    there is room. Never gives up. False at once when there is room, so that what fails for another reason is not repeated
    forever."""
    if not is_full(error) and not no_room():
        return False
    forget()
    waited = False
    while problem():
        if not waited:
            log.warning("the disk is full (%s); work waits for free space", error)
        waited = True
        time.sleep(KEPT_SECONDS)
    return waited


def forget() -> None:
    """Look again at the next question. For tests, and for an operator who has just made room."""
    with _lock:
        _found.clear()


@contextlib.contextmanager
def required(otherwise: str = NOT_CHARGED) -> Iterator[None]:
    """Around an act that costs and is one transaction: refuses it while the studio cannot write, before anything is
    charged, and says the same when the database itself turns out to be full in the middle, which undoes the act.

    `otherwise` is the sentence that says what did not happen. Raises StudioFull.
    """
    if words := no_room():
        raise StudioFull(f"{words} {otherwise}")
    try:
        yield
    except Exception as error:
        if connection.in_atomic_block or not is_full(error):
            raise
        forget()
        raise StudioFull(f"{DISK_FULL} {otherwise}") from error


def is_full(error: BaseException | None) -> bool:
    """Whether an error says that a disk, a quota or the database's disk is full: nothing was written."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, StudioFull) or is_database_full(error):
            return True
        if isinstance(error, OSError) and error.errno in FULL:
            return True
        error = error.__cause__
    return False


def _kept(what: str, seconds: float, look: Callable[[], str]) -> str:
    """A finding not older than `seconds` (real time: a disk does not follow our clock)."""
    with _lock:
        known = _found.get(what)
    # Free bytes prove nothing, but when there are next to none a good finding is not good any longer.
    if known and time.monotonic() - known[0] < seconds and (known[1] or not _nearly_full()):
        return known[1]
    words = look()
    with _lock:
        _found[what] = (time.monotonic(), words)
    return words


def _nearly_full() -> bool:
    try:
        now = os.statvfs(settings.DATA_DIR)
    except OSError:
        return False
    return now.f_bavail * now.f_frsize < 2 * PROBE_BYTES


def _try_data() -> str:
    folder = Path(settings.DATA_DIR)
    if not folder.is_dir():
        return ""  # nothing has been started here yet
    try:
        _write_and_remove(folder)
    except OSError as error:
        return DISK_FULL if is_full(error) else f"The studio's data folder can't be written to ({error.strerror})."
    return ""


def _write_and_remove(folder: Path) -> None:
    """Write a file to the disk itself and remove it, whether that worked or not."""
    # The ending is that of unfinished files, which the store sweeps should this process be killed in between.
    probe = folder / f".write-probe-{secrets.token_hex(6)}.part"
    try:
        with probe.open("wb") as out:
            out.write(secrets.token_bytes(PROBE_BYTES))
            out.flush()
            os.fsync(out.fileno())
    finally:
        probe.unlink(missing_ok=True)


def _try_store() -> str:
    try:
        store = open_store(settings.STORAGE_URL)
        if isinstance(store, LocalStore):
            if store.root.is_dir():  # else it is made with its first file
                _write_and_remove(store.root)
            return ""
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "probe"
            source.write_bytes(secrets.token_bytes(64))
            store.put(source, f"{PROBES}/{secrets.token_hex(8)}")
        store.delete_prefix(PROBES)
    except (StoreFailure, OSError) as error:
        if is_full(error):
            return STORE_FULL
        reason = error.failure.reason if isinstance(error, StoreFailure) else f"{error.strerror}."
        return f"The studio's file storage can't be written to. {reason}"
    return ""


def _try_database() -> str:
    try:
        with _impatient(), transaction.atomic():
            payload = secrets.token_hex(ROW_BYTES // 2)
            WriteProbe.objects.update_or_create(pk=1, defaults={"payload": payload})
    except Exception as error:
        if is_full(error):
            return "The disk of the studio's database is full."
        if "locked" in str(error):
            return ""  # someone else is writing, so writing works
        raise
    return ""


@contextlib.contextmanager
def _impatient() -> Iterator[None]:
    """SQLite: wait a second for the one that writes now, not the usual thirty."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    usual = int(settings.DATABASES["default"].get("OPTIONS", {}).get("timeout", 30)) * 1000
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 1000")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
