"""What only a bucket has: a network that cuts at random bytes, signed links, uploads in parts, refusals, addresses."""

from __future__ import annotations

import datetime as dt
import io
import os
import random
import time
import tracemalloc
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from elistit import config, ports
from elistit.delivery import s3, s3_failures, s3_reading
from elistit.delivery.address import Bucket, parse, problem
from elistit.delivery.s3 import S3Store
from elistit.delivery.store import StoreFailure
from elistit.ports import Kind
from tests.delivery.conftest import SECRET
from tests.delivery.cutting import CuttingProxy

LARGE = s3.ONE_REQUEST_MAX + 1_234_567


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    path.write_bytes(os.urandom(300_000))
    return path


@pytest.mark.parametrize("seed", range(6))
def test_a_network_that_cuts_at_random_bytes_changes_no_file(bucket: Bucket, tmp_path: Path, seed: int) -> None:
    port = int(bucket.endpoint.rsplit(":", 1)[1])
    with CuttingProxy(port, seed=seed, share=0.6, longest=4_000_000, limit=40) as proxy:
        cut = S3Store(replace(bucket, endpoint=proxy.url), tmp_path / "cache")
        sound = S3Store(bucket, tmp_path / "other-cache")
        for number, size in enumerate((70_000, 3_000_000, LARGE)):
            path = tmp_path / f"{number}.bin"
            path.write_bytes(random.Random(seed * 10 + number).randbytes(size))
            key = f"projects/01J/{number}.bin"
            stored = persist(lambda p=path, k=key: cut.put(p, k))
            assert sound.check(key, stored.sha256)
            assert persist(lambda k=key: cut.local_path(k)).read_bytes() == path.read_bytes()
            assert persist(lambda k=key, s=stored: cut.check(k, s.sha256)) is True
        assert proxy.cuts > 0
        assert persist(lambda: cut.delete_prefix("projects/01J")) in (1, 2, 3)  # a cut answer is asked for again
    assert not any(sound.exists(f"projects/01J/{n}.bin") for n in range(3))


def persist(act: object) -> object:
    """Do an act as a stage does: up to four tries, each failure being one that may pass."""
    failures = []
    for _ in range(4):
        try:
            return act()  # type: ignore[operator]
        except StoreFailure as failed:
            failures.append(failed.failure)
        assert failures[-1].kind in (Kind.TRANSIENT, Kind.THROTTLED), failures
    raise AssertionError(failures)


def test_a_signed_link_gives_the_file_under_its_name_until_it_ends(
    bucket: Bucket, tmp_path: Path, picture: Path
) -> None:
    store = S3Store(bucket, tmp_path / "cache")
    stored = store.put(picture, "projects/01J/zip/a.zip")
    link = store.link(stored.key, name='Füchse "1".zip', content_type="application/zip", seconds=60)
    assert SECRET not in link
    with urllib.request.urlopen(link, timeout=10) as answer:
        assert answer.read() == picture.read_bytes()
        assert answer.headers["content-type"] == "application/zip"
        assert answer.headers["content-disposition"].startswith("attachment;")
    assert "X-Amz-Expires=60" in link and "X-Amz-Signature=" in link
    assert S3Store(replace(bucket, links=False), tmp_path / "c").link(
        stored.key, name="a", content_type="a/b", seconds=60
    ) == ""  # fmt: skip


def test_the_sweep_ends_forgotten_uploads_and_unused_copies_and_leaves_the_rest(
    bucket: Bucket, tmp_path: Path, picture: Path
) -> None:
    store = S3Store(bucket, tmp_path / "cache")
    store.put(picture, "a/x.png")
    store.local_path("a/x.png")
    name = store._name("a/half.bin")
    store._client.create_multipart_upload(Bucket=bucket.bucket, Key=name)
    # The practice service dates every upload in parts to this evening.
    evening = dt.datetime(2010, 11, 10, 20, 50, tzinfo=dt.UTC)
    with ports.use_clock(ports.FixedClock(evening)):
        assert store.sweep_unfinished(older_than_s=3600) == 0
    with ports.use_clock(ports.FixedClock(evening + dt.timedelta(hours=2))):
        assert store.sweep_unfinished(older_than_s=3600) == 1
    assert store._client.list_multipart_uploads(Bucket=bucket.bucket).get("Uploads") is None
    with ports.use_clock(ports.FixedClock(ports.now() + dt.timedelta(hours=2))):
        assert store.sweep_unfinished(older_than_s=3600) == 1
    assert store.exists("a/x.png") and not any((tmp_path / "cache").iterdir())
    assert store.local_path("a/x.png").read_bytes() == picture.read_bytes()


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.bin"
    path.write_bytes(os.urandom(LARGE))
    return path


def service_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {}}, "UploadPart")  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    ("error", "seen"), [(service_error("InternalError"), StoreFailure), (KeyboardInterrupt(), KeyboardInterrupt)]
)
def test_an_upload_in_parts_that_fails_leaves_no_parts_behind(
    bucket: Bucket, tmp_path: Path, large: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, seen: type
) -> None:
    store = S3Store(bucket, tmp_path / "cache", attempts=1)
    send, sent = store._client.upload_part, []

    def refuse_the_second(**about: object) -> object:
        sent.append(about["PartNumber"])
        if len(sent) == 2:
            raise error
        return send(**about)

    monkeypatch.setattr(store._client, "upload_part", refuse_the_second)
    with pytest.raises(seen) as failed:
        store.put(large, "a/large.bin")
    if isinstance(failed.value, StoreFailure):
        assert failed.value.failure.kind == Kind.TRANSIENT
    assert sent == [1, 2] and not store.exists("a/large.bin")
    assert not store._client.list_multipart_uploads(Bucket=bucket.bucket).get("Uploads")


def test_the_lost_answer_to_the_last_request_of_an_upload_is_no_failure(
    bucket: Bucket, tmp_path: Path, large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = S3Store(bucket, tmp_path / "cache")
    complete = store._client.complete_multipart_upload

    def answer_of_the_second_request(**about: object) -> None:
        complete(**about)
        raise service_error("NoSuchUpload")

    monkeypatch.setattr(store._client, "complete_multipart_upload", answer_of_the_second_request)
    stored = store.put(large, "a/large.bin")
    assert store.check("a/large.bin", stored.sha256)
    monkeypatch.setattr(
        store._client, "complete_multipart_upload", lambda **_: (_ for _ in ()).throw(service_error("NoSuchUpload"))
    )
    with pytest.raises(StoreFailure):
        store.put(large, "b/large.bin")


def test_an_upload_holds_no_more_of_the_file_than_two_parts(bucket: Bucket, tmp_path: Path) -> None:
    store = S3Store(bucket, tmp_path / "cache")
    path = tmp_path / "large.bin"
    with path.open("wb") as file:
        file.truncate(8 * s3.PART)
    tracemalloc.start()
    try:
        store.put(path, "a/large.bin")
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 2.5 * s3.PART


def test_the_same_large_file_is_not_sent_twice(
    bucket: Bucket, tmp_path: Path, large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = S3Store(bucket, tmp_path / "cache")
    stored = store.put(large, "a/large.bin")
    monkeypatch.setattr(store, "_send", None)
    assert store.put(large, "a/large.bin") == stored


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("AccessDenied", Kind.OPERATOR, "have access"),
        ("InvalidAccessKeyId", Kind.OPERATOR, "have access"),
        ("SignatureDoesNotMatch", Kind.OPERATOR, "have access"),
        ("NoSuchBucket", Kind.OPERATOR, "misconfigured"),
        ("PermanentRedirect", Kind.OPERATOR, "misconfigured"),
        ("QuotaExceeded", Kind.OPERATOR, "full"),
        ("XMinioStorageFull", Kind.OPERATOR, "full"),
        ("RequestTimeTooSkewed", Kind.OPERATOR, "clock"),
        ("SlowDown", Kind.THROTTLED, "slow down"),
        ("TooManyRequests", Kind.THROTTLED, "slow down"),
        ("NoSuchKey", Kind.TRANSIENT, "missing"),
        ("InternalError", Kind.TRANSIENT, "couldn't be stored"),
        ("RequestTimeout", Kind.TRANSIENT, "couldn't be stored"),
        ("BadDigest", Kind.TRANSIENT, "couldn't be stored"),
        ("SomethingNew", Kind.TRANSIENT, "couldn't be stored"),
    ],
)
def test_every_refusal_has_a_side_and_a_sentence(code: str, kind: Kind, words: str) -> None:
    answer = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": 400, "HTTPHeaders": {"retry-after": "7"}}}
    failure = s3_failures.refused(ClientError(answer, "PutObject"), "write")  # type: ignore[arg-type]
    assert failure.kind == kind and words in failure.reason and failure.reason.endswith(".")
    assert code in failure.detail and "lost" not in failure.reason
    assert (failure.retry_after == 7) is (kind == Kind.THROTTLED)


def test_a_bucket_that_is_not_there_and_a_service_that_is_not_there(
    bucket: Bucket, tmp_path: Path, picture: Path
) -> None:
    with pytest.raises(StoreFailure) as failed:
        S3Store(replace(bucket, bucket="no-such-bucket-here"), tmp_path / "c").put(picture, "a/x.png")
    assert failed.value.failure.kind == Kind.OPERATOR
    begun = time.monotonic()
    with pytest.raises(StoreFailure) as failed:
        S3Store(replace(bucket, endpoint="http://127.0.0.1:9"), tmp_path / "c", attempts=2).put(picture, "a/x.png")
    assert failed.value.failure.kind == Kind.TRANSIENT and time.monotonic() - begun < 15


def test_no_key_is_ever_logged_or_told(
    bucket: Bucket, tmp_path: Path, picture: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    store = S3Store(bucket, tmp_path / "c", attempts=1)
    store.put(picture, "a/x.png")
    with pytest.raises(StoreFailure) as failed:
        S3Store(replace(bucket, bucket="no-such-bucket-here"), tmp_path / "c", attempts=1).put(picture, "a/x.png")
    assert SECRET not in caplog.text
    assert SECRET not in f"{failed.value.failure} {store.__dict__} {store.place}"


# ---- addresses ------------------------------------------------------------------------------------------------------------


def test_an_address_names_bucket_prefix_service_and_region() -> None:
    assert parse("s3://my-files") == Bucket("my-files")
    full = "s3://my-files/studio/a?endpoint=https://s3.example.com:9000&region=eu-central-1&links=off"
    assert parse(full) == Bucket("my-files", "studio/a", "https://s3.example.com:9000", "eu-central-1", False)


@pytest.mark.parametrize(
    "url",
    [
        "s3://", "s3://UPPER/x", "s3://my-files/../x", "s3://my-files?endpoint=ftp://x", "s3://my-files?end=1",
        "s3://my-files?links=maybe", "s3://my-files?region=not a region", "s3://AKID:topsecret@my-files/x",
        "s3://my-files?endpoint=https://AKID:topsecret@s3.example.com", "s3://my-files?endpoint=http://[x",
    ],
)  # fmt: skip
def test_a_wrong_address_is_refused_without_repeating_a_key(url: str) -> None:
    with pytest.raises(ValueError, match="storage address") as refused:
        parse(url)
    assert "topsecret" not in str(refused.value)


def test_a_bucket_needs_its_key_in_the_environment() -> None:
    def wrong(place: str, **names: str) -> str:
        return problem(place, config.read(names).config.storage)

    assert "AWS_SECRET_ACCESS_KEY" in wrong("s3://my-files", AWS_ACCESS_KEY_ID="x")
    assert wrong("s3://my-files", AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="y") == ""
    assert wrong("file:///srv/files") == ""


def test_a_service_that_begins_anew_where_the_rest_was_asked_for_gives_no_wrong_bytes() -> None:
    """A stream has no digest to be found out by, so the byte it goes on from is looked at."""
    asked: list[int] = []

    class Service:
        def get(self, name: str, start: int, etag: str) -> dict[str, object]:
            asked.append(start)
            return {"ContentLength": 10, "ETag": "e", "Body": io.BytesIO(b"0123" if not start else b"0123456789")}

    reading = s3_reading.Reading(Service(), "a.bin")
    assert reading.read(4) == b"0123"
    with pytest.raises(StoreFailure):
        reading.read(6)
    assert asked == [0, 4]
