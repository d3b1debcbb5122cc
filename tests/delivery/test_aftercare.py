"""What happens to finished files beside the chain, in the product's own way: copied to a Drive, made again, let go, packed as a
kit. None of it costs a credit, and none of it can lose a file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import urllib.request
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.actions import commands, finished_files, upload_kit, uploads
from elistit.chain.models import Attempt
from elistit.credits import audit
from elistit.credits.models import CreditTransaction
from elistit.delivery.address import Bucket
from elistit.delivery.google_drive import oauth
from elistit.delivery.models import DriveAccount, DriveCopy, FilesAgain
from elistit.delivery.store import open_store
from elistit.maintenance import drive_copies, rebuild_files, retention
from elistit.projects.errors import NotFound, NotPossible
from elistit.projects.models import Project
from elistit.runtime import engine
from elistit.simulator.inline import InlineEngine
from elistit.stages.context import StageContext
from elistit.stages.dispatch import run_attempt
from tests import kept_work
from tests.conformance.conftest import World, clock
from tests.delivery.drive_server import FakeGoogle
from tests.delivery.drives import QUICK, connected, point_at
from tests.products import reading as files
from tests.products.conftest import Studio, here
from tests.uploads.test_own_pictures import add, picture

__all__ = ["clock"]


@pytest.fixture
def studio(transactional_db: None, clock: ports.FixedClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Studio:
    """Every test begins with the same project, made once; rebuilding is done in full, by `here`."""
    monkeypatch.setattr(settings, "STORAGE_URL", (tmp_path / "store").as_uri())
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setattr(uploads._cpu, "run", kept_work.here)
    world = World(clock)
    world.engine = InlineEngine(clock, partial(run_attempt, StageContext(kept_work.here)))
    monkeypatch.setattr(engine, "queue", world.engine)
    return Studio(world)


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGoogle]:
    with FakeGoogle() as server:
        point_at(monkeypatch, server.url)
        monkeypatch.setattr(oauth, "TOKEN_TIMEOUTS", QUICK)
        yield server


def finished(studio: Studio) -> Project:
    upload = add(studio.world.user, picture("PNG", (1200, 900)), "door.png")
    return studio.launch("custom", "a blue door", uploads=(upload.pk,))


def drive(google: FakeGoogle) -> set[str]:
    """The path of every file on the Drive, folders in front."""
    entries = {f["id"]: f for f in google.files.values()} if isinstance(google.files, dict) else {}

    def path(entry: dict) -> str:  # type: ignore[type-arg]
        parent = entries.get((entry.get("parents") or [""])[0])
        return f"{path(parent)}/{entry['name']}" if parent else str(entry["name"])

    return {path(e) for e in entries.values() if e.get("mimeType") != "application/vnd.google-apps.folder"}


# ---- Google Drive ------------------------------------------------------------------------------------------------------


def test_a_project_launched_after_connecting_is_copied_in_the_layout_promised(
    studio: Studio, google: FakeGoogle
) -> None:
    connected(studio.world.user, google)
    studio.world.clock.advance(1)
    project = finished(studio)
    assert DriveCopy.objects.get().state == "pending" and drive_copies.copy_due() == 1
    copy = DriveCopy.objects.get()
    assert (copy.state, copy.files) == ("done", 6), copy.reason
    top = f"Elistit/{project.name}"
    assert drive(google) == {
        f"{top}/images/01-door.png", f"{top}/mockups/1-cover.jpg", f"{top}/mockups/2-everything.jpg",
        f"{top}/mockups/3-details.jpg", f"{top}/product-card.pdf", f"{top}/delivery.zip",
    }  # fmt: skip
    assert "6 files are in the folder" in Attempt.objects.get(note=True, outcome="aftercare").reason
    assert drive_copies.copy_due() == 0


def test_a_project_launched_before_connecting_is_not_copied(studio: Studio, google: FakeGoogle) -> None:
    upload = add(studio.world.user, picture(), "door.png")
    spec = commands.LaunchSpec("custom", "a door", uploads=(upload.pk,))
    commands.launch(studio.world.user, spec, idempotency_key="a")
    studio.world.clock.advance(1)
    connected(studio.world.user, google)
    studio.world.engine.run()
    assert Project.objects.get().stage == "completed" and not DriveCopy.objects.exists()


def test_a_drive_that_is_away_is_tried_four_times_and_the_project_is_finished_all_the_same(
    studio: Studio, google: FakeGoogle, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected(studio.world.user, google)
    studio.world.clock.advance(1)
    project = finished(studio)
    rows = CreditTransaction.objects.count()
    monkeypatch.setenv("ELISTIT_GOOGLE_API_URL", "http://127.0.0.1:9")
    waited = []
    for _ in range(10):
        assert drive_copies.copy_due() in (0, 1)
        copy = DriveCopy.objects.get()
        if copy.state == "failed":
            break
        waited.append((copy.next_try_at - ports.now()).total_seconds())
        studio.world.clock.advance(waited[-1])
    assert [round(w) for w in waited] == [10, 30, 60] and copy.state == "failed"
    project.refresh_from_db()
    assert project.stage == "completed" and CreditTransaction.objects.count() == rows
    monkeypatch.setenv("ELISTIT_GOOGLE_API_URL", google.url)
    commands.retry_drive(studio.world.user, project.pk)
    assert drive_copies.copy_due() == 1 and DriveCopy.objects.get().state == "done"
    with pytest.raises(NotPossible, match="no failed copy"):
        commands.retry_drive(studio.world.user, project.pk)


def test_another_seller_can_neither_retry_nor_make_again(studio: Studio) -> None:
    project = finished(studio)
    other = User.objects.create_user("other@example.com")
    for act in (commands.retry_drive, commands.make_files_again):
        with pytest.raises(NotFound):
            act(other, project.pk)


def test_a_whole_project_lives_in_a_bucket(studio: Studio, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Originals, print files, ZIPs: made, read back, audited and downloaded by a signed link, with no folder behind it."""
    url = f"s3://{bucket.bucket}/files?endpoint={bucket.endpoint}&region={bucket.region}"
    monkeypatch.setattr(settings, "STORAGE_URL", url)
    project = finished(studio)
    assert project.stage == "completed"
    books = audit.run(lambda path, sha: open_store(url).check(path, sha))
    assert books["ok"], books
    client = Client()
    client.force_login(studio.world.user)
    zipped = project.files.get(role="zip")
    answer = client.get(f"/projects/{project.pk}/files/{zipped.pk}/")
    assert answer.status_code == 302 and answer["Location"].startswith(bucket.endpoint)
    with urllib.request.urlopen(answer["Location"], timeout=10) as got:
        assert files.hashlib.sha256(got.read()).hexdigest() == zipped.sha256
    shown = project.files.get(role="preview")
    assert client.get(f"/projects/{project.pk}/pictures/{shown.pk}/").status_code == 200, (
        "pictures stay on our own pages"
    )


# ---- files again, and files let go -------------------------------------------------------------------------------------


def test_missing_and_damaged_files_are_made_again_byte_for_byte_and_free(studio: Studio, tmp_path: Path) -> None:
    project = finished(studio)
    before = {f.path: f.sha256 for f in project.files.all()}
    rows = CreditTransaction.objects.count()
    prints = project.files.get(role="print")
    (tmp_path / "store" / prints.path).write_bytes(b"damaged")
    (tmp_path / "store" / project.files.get(role="zip").path).unlink()
    commands.make_files_again(studio.world.user, project.pk)
    commands.make_files_again(studio.world.user, project.pk)
    assert rebuild_files.rebuild_due(StageContext(here)) == 1
    row = FilesAgain.objects.get()
    assert row.state == "done" and "rebuilt from the originals, free of charge" in row.words
    assert {f.path: f.sha256 for f in project.files.all()} == before
    assert CreditTransaction.objects.count() == rows
    books = audit.run(lambda path, sha: open_store(settings.STORAGE_URL).check(path, sha))
    assert books["ok"], books


def test_whole_files_are_left_alone(studio: Studio) -> None:
    project = finished(studio)
    commands.make_files_again(studio.world.user, project.pk)
    rebuild_files.rebuild_due(StageContext(here))
    assert FilesAgain.objects.get().words.startswith("All ")


def test_without_its_original_a_project_is_told_why(studio: Studio, tmp_path: Path) -> None:
    project = finished(studio)
    (tmp_path / "store" / project.files.get(role="image").path).unlink()
    commands.make_files_again(studio.world.user, project.pk)
    rebuild_files.rebuild_due(StageContext(here))
    assert FilesAgain.objects.get().state == "failed" and "original image" in FilesAgain.objects.get().words


def test_old_files_are_let_go_after_the_days_that_were_said_and_come_back_on_demand(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, clock: ports.FixedClock
) -> None:
    project = finished(studio)
    before = {f.path: f.sha256 for f in project.files.all()}
    assert retention.delete_expired() == 0, "kept for ever unless somebody says otherwise"
    clock.advance(dt.timedelta(days=40).total_seconds())
    monkeypatch.setenv("ELISTIT_KEEP_DAYS", "30")
    assert retention.delete_expired() == 0, "a rule of today counts from today"
    clock.advance(dt.timedelta(days=29).total_seconds())
    assert retention.delete_expired() == 0
    clock.advance(dt.timedelta(days=2).total_seconds())
    assert retention.delete_expired() == 1 and retention.delete_expired() == 0
    assert {f.role for f in project.files.all()} == {"image", "preview"}
    assert finished_files.files_are_gone(project)
    books = audit.run(lambda path, sha: open_store(settings.STORAGE_URL).check(path, sha))
    assert books["ok"], books
    with pytest.raises(NotPossible, match="have been deleted"):
        commands.retry_draft(studio.world.user, project.pk)
    commands.make_files_again(studio.world.user, project.pk)
    rebuild_files.rebuild_due(StageContext(here))
    assert {f.path: f.sha256 for f in project.files.all()} == before
    assert retention.delete_expired() == 0, "made again, they are kept for the same time once more"


# ---- the upload kit and the page ---------------------------------------------------------------------------------------


def test_the_kit_holds_text_table_pictures_and_files_as_an_independent_reader_sees_them(
    studio: Studio, tmp_path: Path
) -> None:
    project = finished(studio)
    out = tmp_path / "kit.zip"
    upload_kit.write(project, out)
    with zipfile.ZipFile(out) as opened:
        assert opened.testzip() is None
        text = opened.read("listing.txt").decode()
        [row] = csv.DictReader(io.StringIO(opened.read("listing.csv").decode("utf-8-sig")))
        names = opened.namelist()
        inside = {n: files.hashlib.sha256(opened.read(n)).hexdigest() for n in names if "/" in n}
    listing = project.listing
    assert listing.title in text and ", ".join(listing.tags) in text
    assert (
        row["TITLE"] == listing.title
        and row["TAGS"].split(",") == listing.tags
        and row["DESCRIPTION"] == listing.description
    )
    assert row["IMAGES"].split("|") == [n.partition("/")[2] for n in names if n.startswith("pictures/")]
    known = {f.name: f.sha256 for f in project.files.filter(role__in=["mockup", "zip"])}
    assert {n.partition("/")[2]: digest for n, digest in inside.items()} == known


def test_a_table_cell_is_never_a_formula() -> None:
    assert upload_kit._inert("=HYPERLINK(1)") == "'=HYPERLINK(1)" and upload_kit._inert("Foxes") == "Foxes"


def test_the_downloads_page_offers_each_act(studio: Studio) -> None:
    project = finished(studio)
    client = Client()
    client.force_login(studio.world.user)
    base = f"/projects/{project.pk}/downloads/"
    shown = client.get(base).content.decode()
    assert "Upload kit for Etsy" in shown and "Check files" in shown and "Google Drive" not in shown
    answer = client.get(f"{base}upload-kit.zip")
    assert answer["Content-Type"] == "application/zip" and b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert client.post(f"{base}again/").status_code == 302
    assert "checking the files" in client.get(base).content.decode()
    rebuild_files.rebuild_due(StageContext(here))
    assert "files are complete" in client.get(base).content.decode()
    DriveCopy.objects.create(project=project.pk, owner=studio.world.user, state="failed", reason="Your Drive is full.")
    shown = client.get(base).content.decode()
    assert "Your Drive is full." in shown and "Retry the copy" in shown
    assert client.post(f"{base}drive/", follow=True).content.decode().count("Connect your Google Drive first") == 1
    assert not DriveAccount.objects.exists()
