"""The local store: whole files or none, safe keys, and failures in plain words."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from elistit.delivery import store as store_module
from elistit.delivery.store import BadKey, LocalStore, StoreFailure, open_store
from elistit.ports import FixedClock, Kind, use_clock


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    made = open_store((tmp_path / "files").as_uri())
    assert isinstance(made, LocalStore)
    return made


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    path.write_bytes(os.urandom(300_000))
    return path


def unfinished(store: LocalStore) -> list[Path]:
    return [p for p in store.root.rglob(".*") if p.is_file()]


def test_what_is_put_can_be_read_checked_and_found(store: LocalStore, picture: Path) -> None:
    stored = store.put(picture, "01J/images/fox 01.png")
    content = picture.read_bytes()
    assert (stored.bytes, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    with store.open(stored.key) as file:
        assert file.read() == content
    assert store.local_path(stored.key).read_bytes() == content
    assert store.exists(stored.key)
    assert store.check(stored.key, stored.sha256)
    assert not store.check(stored.key, "0" * 64)
    assert unfinished(store) == []


def test_opening_a_store_creates_nothing(tmp_path: Path) -> None:
    store = open_store((tmp_path / "files").as_uri())
    assert not store.exists("a/b.png")
    assert not store.check("a/b.png", "0" * 64)
    assert store.delete_prefix("a") == 0
    assert not (tmp_path / "files").exists()


def test_putting_the_same_content_again_writes_nothing(store: LocalStore, picture: Path) -> None:
    first = store.put(picture, "a/x.png")
    before = store.local_path("a/x.png").stat()
    assert store.put(picture, "a/x.png") == first
    after = store.local_path("a/x.png").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_other_content_replaces_what_was_there(store: LocalStore, picture: Path) -> None:
    store.put(picture, "a/x.png")
    picture.write_bytes(b"new" * 100_000)
    stored = store.put(picture, "a/x.png")
    assert store.local_path("a/x.png").read_bytes() == b"new" * 100_000
    assert store.check("a/x.png", stored.sha256)


def test_damaged_content_of_the_same_length_is_put_right(store: LocalStore, picture: Path) -> None:
    stored = store.put(picture, "a/x.png")
    store.local_path("a/x.png").write_bytes(b"\0" * stored.bytes)
    store.put(picture, "a/x.png")
    assert store.check("a/x.png", stored.sha256)


def test_a_process_killed_before_the_rename_leaves_the_old_content(store: LocalStore, picture: Path) -> None:
    old = store.put(picture, "a/x.png")
    picture.write_bytes(b"n" * 500_000)
    script = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from elistit.delivery import store
        def die(*_): os.kill(os.getpid(), signal.SIGKILL)
        store.os.replace = die
        store.open_store(sys.argv[1]).put(Path(sys.argv[2]), "a/x.png")
        """
    )
    died = subprocess.run([sys.executable, "-c", script, store.root.as_uri(), str(picture)], check=False)
    assert died.returncode == -signal.SIGKILL
    assert store.check("a/x.png", old.sha256)
    assert len(unfinished(store)) == 1
    new = store.put(picture, "a/x.png")
    assert store.check("a/x.png", new.sha256)
    with use_clock(FixedClock()) as clock:
        left = unfinished(store)[0]
        os.utime(left, (clock.now().timestamp() - 100,) * 2)
        assert store.sweep_unfinished(older_than_s=1000) == 0
        assert store.sweep_unfinished(older_than_s=60) == 1
    assert unfinished(store) == []
    assert store.check("a/x.png", new.sha256)


def test_a_failed_rename_leaves_the_old_content_and_no_rest(
    store: LocalStore, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = store.put(picture, "a/x.png")
    picture.write_bytes(b"n" * 500_000)

    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(store_module.os, "replace", fail)
    with pytest.raises(StoreFailure) as failed:
        store.put(picture, "a/x.png")
    assert failed.value.failure.kind == Kind.TRANSIENT
    assert store.check("a/x.png", old.sha256)
    assert unfinished(store) == []


def test_content_is_synced_before_it_gets_its_name(
    store: LocalStore, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    real_sync, real_replace = os.fsync, os.replace
    monkeypatch.setattr(store_module.os, "fsync", lambda f: (happened.append("sync"), real_sync(f))[1])
    monkeypatch.setattr(store_module.os, "replace", lambda a, b: (happened.append("name"), real_replace(a, b))[1])
    (store.root / "a").mkdir(parents=True)
    store.put(picture, "a/x.png")
    assert happened == ["sync", "name", "sync"]


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, Kind.OPERATOR),
        (errno.EDQUOT, Kind.OPERATOR),
        (errno.EACCES, Kind.OPERATOR),
        (errno.EROFS, Kind.OPERATOR),
        (errno.EIO, Kind.TRANSIENT),
        (errno.ESTALE, Kind.TRANSIENT),
    ],
)
def test_what_the_system_refuses_becomes_a_kind_and_a_sentence(
    store: LocalStore, picture: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: Kind
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), "/secret/place")

    monkeypatch.setattr(store_module.shutil, "copyfileobj", refuse)
    with pytest.raises(StoreFailure) as failed:
        store.put(picture, "a/x.png")
    failure = failed.value.failure
    assert failure.kind == kind
    assert failure.reason.endswith(".") and "/secret" not in failure.reason and "Errno" not in failure.reason
    assert "/secret/place" in failure.detail
    assert not store.exists("a/x.png") and unfinished(store) == []


def test_a_missing_file_is_a_failure_that_may_pass(store: LocalStore) -> None:
    for ask in (store.open, store.local_path):
        with pytest.raises(StoreFailure) as failed:
            ask("a/none.png")
        assert failed.value.failure.kind == Kind.TRANSIENT
        assert "missing" in failed.value.failure.reason


def test_a_missing_source_is_not_blamed_on_the_store(store: LocalStore, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        store.put(tmp_path / "nothing.png", "a/x.png")


@pytest.mark.parametrize(
    "key",
    ["", "/etc/passwd", "../x", "a/../../x", "a/./x", "a//x", "a/", "a\\..\\x", "C:/x", "a/\0x", "a/x\n", ".hidden",
     "a/.x.part", "a/x.", "a/x ", "a/fuchs-füchse.png", "~/x", "x" * 301],
)  # fmt: skip
def test_an_unsafe_key_is_refused_everywhere(store: LocalStore, picture: Path, key: str) -> None:
    for act in (
        lambda: store.put(picture, key),
        lambda: store.open(key),
        lambda: store.local_path(key),
        lambda: store.exists(key),
        lambda: store.check(key, "0" * 64),
    ):
        with pytest.raises(BadKey):
            act()
    if key != "a/":  # a folder may be named with its slash
        with pytest.raises(BadKey):
            store.delete_prefix(key)


def test_a_link_inside_the_store_cannot_lead_out_of_it(store: LocalStore, picture: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "keep.txt").write_text("keep")
    store.put(picture, "a/x.png")
    (store.root / "a" / "door").symlink_to(outside)
    with pytest.raises(BadKey):
        store.put(picture, "a/door/y.png")
    store.delete_prefix("a")
    assert (outside / "keep.txt").read_text() == "keep"


def test_deleting_a_folder_spares_its_neighbors(store: LocalStore, picture: Path) -> None:
    for key in ("01A/images/1.png", "01A/delivery.zip", "01AB/1.png"):
        store.put(picture, key)
    assert store.delete_prefix("01A/") == 2
    assert not store.exists("01A/delivery.zip")
    assert store.exists("01AB/1.png")
    assert store.delete_prefix("01A") == 0


def test_two_writers_of_one_key_leave_one_whole_file(store: LocalStore, tmp_path: Path) -> None:
    sources = []
    for letter in "ab":
        path = tmp_path / letter
        path.write_bytes(letter.encode() * 2_000_000)
        sources.append(path)

    def write(path: Path) -> None:
        for _ in range(5):
            store.put(path, "a/x.bin")

    writers = [threading.Thread(target=write, args=(p,)) for p in sources]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    content = store.local_path("a/x.bin").read_bytes()
    assert content in {p.read_bytes() for p in sources}
    assert unfinished(store) == []


@pytest.mark.parametrize("url", ["", "files", "/srv/files", "file://relative/x", "s3://x", "http://x/y"])
def test_an_address_that_names_no_store_is_refused_in_words(url: str) -> None:
    with pytest.raises(ValueError, match="storage address"):
        open_store(url)


def test_an_address_may_have_spaces_either_way(tmp_path: Path) -> None:
    for url in (f"file://{tmp_path}/my files", (tmp_path / "my files").as_uri()):
        made = open_store(url)
        assert isinstance(made, LocalStore)
        assert made.root == tmp_path / "my files"
