"""Disk space: whether the studio can write to its data folder, file storage and database, tested by writing.

With a full disk the studio keeps serving what it has and refuses whatever costs credits, before anything is charged. It
must never conclude anything from the number of free bytes (quotas, reserved blocks and other disks make it wrong), and
a probe must never leave anything behind or create the folders of an installation that has none yet.
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
"""How long a result is cached in this process, so that a load balancer's probes cost little."""

KEPT_SECONDS_FAR = 60.0
"""The same for a store that charges per request."""

PROBE_BYTES = 1 << 20
"""Large enough that it can't fit into a block the file system has already allocated."""

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
    """Why nothing can be written now, as a sentence that names what is full; empty when everything can be written.
    Raises the database's own error when the database is down."""
    return _data() or _store() or _kept("database", KEPT_SECONDS, _try_database)


def no_room() -> str:
    """Why new work has no space on this machine's disks, as a sentence; empty when there is space.

    It tests neither the database, which reports a full disk when it is written to, nor buckets, which don't fill up.
    Other problems of file storage are transient or the operator's to fix (rules §5.7).
    """
    found = _data() or ("" if _is_far() else _store())
    return found if found in (DISK_FULL, STORE_FULL) else ""


def _data() -> str:
    return _kept("data", KEPT_SECONDS, _try_data)


def _store() -> str:
    return _kept("store", KEPT_SECONDS_FAR if _is_far() else KEPT_SECONDS, _try_store)


def _is_far() -> bool:
    return not settings.STORAGE_URL.startswith("file:")


def waited_for_room(error: BaseException) -> bool:
    """If an error was caused by a full disk, wait until everything can be written again, without a time limit, and
    return True. Return False immediately if there is space, so that work that fails for another reason isn't repeated
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
    """Drop the cached results, so that the next question tests again. For tests, and after an operator has freed space."""
    with _lock:
        _found.clear()


@contextlib.contextmanager
def required(otherwise: str = NOT_CHARGED) -> Iterator[None]:
    """Guard an action that costs credits and is one transaction: refuse it before anything is charged while the studio
    can't write, and report the same if the database turns out to be full during the action, which rolls it back.

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
    """Whether an error says that a disk, a quota or the database's disk is full, so that nothing was written."""
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
    """A result at most `seconds` old, in real time: a disk doesn't follow the test clock."""
    with _lock:
        known = _found.get(what)
    # Free bytes prove nothing, but when almost none are left a cached good result must not be trusted.
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
        return ""  # no data folder has been created yet
    try:
        _write_and_remove(folder)
    except OSError as error:
        return DISK_FULL if is_full(error) else f"The studio's data folder can't be written to ({error.strerror})."
    return ""


def _write_and_remove(folder: Path) -> None:
    """Write a file directly to the disk. It has no name, so nothing is left of it even when this process is killed."""
    with tempfile.TemporaryFile(dir=folder) as out:
        out.write(secrets.token_bytes(PROBE_BYTES))
        out.flush()
        os.fsync(out.fileno())


def _try_store() -> str:
    try:
        store = open_store(settings.STORAGE_URL)
        if isinstance(store, LocalStore):
            if store.root.is_dir():  # otherwise it is created with its first file
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
            return ""  # another process is writing, so writing works
        raise
    return ""


@contextlib.contextmanager
def _impatient() -> Iterator[None]:
    """On SQLite, wait at most one second for the current writer instead of the usual thirty."""
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
