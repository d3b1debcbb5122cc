"""One contract for every kind of store."""

from __future__ import annotations

import hashlib
import os
import random
import threading
from pathlib import Path

import pytest

from elistit.delivery import s3
from elistit.delivery.s3 import S3Store
from elistit.delivery.store import BadKey, LocalStore, Store, StoreFailure
from elistit.ports import Kind

LARGE = s3.ONE_REQUEST_MAX + 1_234_567


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    path.write_bytes(os.urandom(300_000))
    return path


def damage(store: Store, key: str, content: bytes) -> None:
    """Change a stored file behind the store's back; on S3 with the digest of the old content still written beside it."""
    if isinstance(store, LocalStore):
        store.local_path(key).write_bytes(content)
        return
    assert isinstance(store, S3Store)
    name = store._name(key)
    kept = store._client.head_object(Bucket=store.place.bucket, Key=name)["Metadata"]
    store._client.put_object(Bucket=store.place.bucket, Key=name, Body=content, Metadata=kept)


@pytest.mark.parametrize("size", [0, 1, 300_000, LARGE])
def test_what_is_put_comes_back_as_it_was(any_store: Store, tmp_path: Path, size: int) -> None:
    path = tmp_path / "file.bin"
    content = random.Random(size).randbytes(size)
    path.write_bytes(content)
    stored = any_store.put(path, "01J/images/fox 01.png")
    assert (stored.bytes, stored.sha256) == (size, hashlib.sha256(content).hexdigest())
    with any_store.open(stored.key) as file:
        assert file.read() == content
    copy = any_store.local_path(stored.key)
    assert copy.read_bytes() == content and copy.name == "fox 01.png"
    assert any_store.look(stored.key) == stored
    assert any_store.exists(stored.key) and any_store.check(stored.key, stored.sha256)
    assert not any_store.check(stored.key, "0" * 64)
    assert any_store.problem(stored.key, stored.bytes, stored.sha256) == ""


def test_what_was_never_put_is_not_there_in_any_way(any_store: Store) -> None:
    assert not any_store.exists("a/b.png") and any_store.look("a/b.png") is None
    assert not any_store.check("a/b.png", "0" * 64)
    assert any_store.problem("a/b.png", 1, "0" * 64) == "missing"
    assert any_store.delete("a/b.png") is False and any_store.delete_prefix("a") == 0
    for ask in (any_store.open, any_store.local_path):
        with pytest.raises(StoreFailure) as failed:
            ask("a/b.png")
        assert failed.value.failure.kind == Kind.TRANSIENT and "missing" in failed.value.failure.reason


def test_other_content_replaces_what_was_there_for_every_reader(any_store: Store, picture: Path) -> None:
    any_store.put(picture, "a/x.png")
    before = any_store.local_path("a/x.png").read_bytes()
    picture.write_bytes(b"new" * 100_000)
    stored = any_store.put(picture, "a/x.png")
    assert any_store.local_path("a/x.png").read_bytes() == b"new" * 100_000 != before
    assert any_store.check("a/x.png", stored.sha256)


def test_damaged_content_is_seen_and_put_right(any_store: Store, picture: Path) -> None:
    stored = any_store.put(picture, "a/x.png")
    damage(any_store, "a/x.png", b"\0" * stored.bytes)
    assert not any_store.check("a/x.png", stored.sha256)
    any_store.put(picture, "a/x.png")
    assert any_store.check("a/x.png", stored.sha256)


def test_a_file_cut_short_is_seen_at_the_quick_look(any_store: Store, picture: Path) -> None:
    stored = any_store.put(picture, "a/x.png")
    damage(any_store, "a/x.png", picture.read_bytes()[:-1])
    assert any_store.problem("a/x.png", stored.bytes, stored.sha256) == "damaged"


def test_deleting_a_folder_spares_its_neighbors(any_store: Store, picture: Path) -> None:
    for key in ("01A/images/1.png", "01A/delivery.zip", "01AB/1.png"):
        any_store.put(picture, key)
    assert any_store.delete_prefix("01A/") == 2
    assert not any_store.exists("01A/delivery.zip")
    assert any_store.exists("01AB/1.png")
    assert any_store.delete("01AB/1.png") is True and not any_store.exists("01AB/1.png")


@pytest.mark.parametrize("key", ["", "../x", "a/../../x", "a\\x", "/x", ".part", "a/x.", "a//x"])
def test_an_unsafe_key_is_refused_by_every_act(any_store: Store, picture: Path, key: str) -> None:
    acts = [
        lambda: any_store.put(picture, key),
        lambda: any_store.open(key),
        lambda: any_store.local_path(key),
        lambda: any_store.look(key),
        lambda: any_store.delete(key),
        lambda: any_store.link(key, name="x", content_type="image/png", seconds=60),
    ]
    for act in acts:
        with pytest.raises(BadKey):
            act()


def test_a_reader_never_sees_half_of_a_file_that_is_being_replaced(any_store: Store, tmp_path: Path) -> None:
    sources = []
    for letter in "ab":
        sources.append(tmp_path / letter)
        sources[-1].write_bytes(letter.encode() * 1_500_000)
    whole = {path.read_bytes() for path in sources}
    any_store.put(sources[0], "a/x.bin")
    done = threading.Event()
    torn: list[bytes] = []

    def read() -> None:
        while not done.is_set():
            with any_store.open("a/x.bin") as file:
                if (content := file.read()) not in whole:
                    torn.append(content[:10])

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(6):
        any_store.put(sources[turn % 2], "a/x.bin")
    done.set()
    reader.join(30)
    assert torn == [] and not reader.is_alive()


def test_a_missing_source_is_not_blamed_on_the_store(any_store: Store, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        any_store.put(tmp_path / "nothing.png", "a/x.png")


def test_a_listing_names_whole_files_of_one_folder_with_their_sizes(any_store: Store, picture: Path) -> None:
    assert list(any_store.listed("none/here")) == []
    small = picture.with_name("small")
    small.write_bytes(b"12345")
    for key, path in (("a/b/one.png", picture), ("a/two", small), ("ab/three", small)):
        any_store.put(path, key)
    assert sorted(any_store.listed("a")) == [("a/b/one.png", 300_000), ("a/two", 5)]
    assert sorted(any_store.listed("a/b/")) == [("a/b/one.png", 300_000)]
    if isinstance(any_store, LocalStore):
        (any_store.root / "a" / ".half.part").write_bytes(b"x")
        assert len(list(any_store.listed("a"))) == 2
