"""Content Credentials in whole projects: what is delivered is signed where a certificate is set, and delivered all the same where
it can't be used."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from PIL import Image

from elistit import ports
from elistit.actions import commands
from elistit.artwork import provenance, signing
from elistit.chain.files import SIGNED_FOLDER, UNSIGNED, keep_files
from elistit.chain.models import Attempt
from elistit.cli.doctor import doctor_command
from elistit.projects import gate
from elistit.projects.models import FileRole, Project
from elistit.stages import content_credentials, delivering
from elistit.stages.context import StageContext
from elistit.stages.finishing import Work, finish_of, kept_items
from tests import credentials
from tests.artwork.conftest import blob
from tests.products.conftest import Studio, here

c2pa = pytest.importorskip("c2pa")
Master = Callable[[str, int], None]
ROLES = (FileRole.PRINT, FileRole.VECTOR, FileRole.SHEET, FileRole.MOCKUP, FileRole.CARD)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    chain, key = credentials.issue(tmp_path, dt.datetime.now(dt.UTC), valid=_valid())
    monkeypatch.setenv("ELISTIT_C2PA_CERTIFICATE", str(chain))
    monkeypatch.setenv("ELISTIT_C2PA_KEY", str(key))
    monkeypatch.setenv("ELISTIT_BASE_URL", "https://studio.example.com")
    return tmp_path


def _valid() -> tuple[dt.datetime, dt.datetime]:
    """Wide enough for the clock of the tests and for the real one, which the library's reader goes by."""
    return dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2040, 1, 1, tzinfo=dt.UTC)


def read(path: Path) -> tuple[str, dict[str, Any]]:
    with path.open("rb") as file:
        reader = c2pa.Reader(signing.MEDIA[signing.embedding.kind(path)], file)
        found = json.loads(reader.json())
        return str(reader.get_validation_state()), found["manifests"][found["active_manifest"]]


def source(manifest: dict[str, Any]) -> str:
    [actions] = [a["data"]["actions"] for a in manifest["assertions"] if a["label"].startswith("c2pa.actions")]
    return next((a["digitalSourceType"] for a in actions if "digitalSourceType" in a), "")


def agents(manifest: dict[str, Any]) -> set[str]:
    return {
        a["softwareAgent"]["name"]
        for assertion in manifest["assertions"]
        if assertion["label"].startswith("c2pa.actions")
        for a in assertion["data"]["actions"]
        if "softwareAgent" in a
    }


def signable(studio: Studio) -> list[Path]:
    return [f for role in ROLES for f in studio.files(role) if f.suffix in signing.SUFFIXES]


def two_stickers(studio: Studio, master: Master) -> Project:
    master("sticker", 1)
    project = studio.launch("sticker", "kawaii ocean animals", count=2)
    commands.approve(studio.world.user, project.pk)
    return studio.go_on()


def work_of(project: Project, folder: Path) -> Work:
    return Work(StageContext(here), gate.launch_job(project), folder)


def finish_again(project: Project, folder: Path) -> None:
    """As a rebuild does: everything from the originals to the ZIP once more, written down."""
    job = gate.launch_job(project)
    for item in kept_items(job):
        keep_files(job, finish_of(job).item(work_of(project, folder), item), item)
    keep_files(job, finish_of(job).whole(work_of(project, folder)))
    outcome = delivering.run(None, job, StageContext(here))  # type: ignore[arg-type]
    assert not hasattr(outcome, "reason"), outcome
    keep_files(job, outcome.data["files"])


@pytest.mark.usefixtures("certificate")
def test_every_delivered_image_and_pdf_is_signed_and_the_buyers_trial_holds(
    studio: Studio, master: Master, tmp_path: Path
) -> None:
    project = two_stickers(studio, master)
    studio.finished(roles=("print", "cut", "sheet"), mockups=3)
    made = signable(studio)
    assert {f.suffix for f in made} == {".png", ".jpg", ".pdf"}
    for path in made:
        state, manifest = read(path)
        assert state == "Valid", path.name
        assert source(manifest) == provenance.ALGORITHMIC, path.name
        assert any(name.startswith("Elistit (builtin/") for name in agents(manifest)), path.name
        assert manifest["claim_generator_info"][0]["studio"] == "studio.example.com"
        assert manifest["signature_info"]["common_name"] == "Fern Press Signing"
        assert studio.world.user.email not in json.dumps(manifest)
    for archive in studio.files("zip"):
        with zipfile.ZipFile(archive) as inside:
            for name in inside.namelist():
                if Path(name).suffix in signing.SUFFIXES:
                    kind = signing.MEDIA["pdf" if name.endswith("pdf") else "png"]
                    reader = c2pa.Reader(kind, io.BytesIO(inside.read(name)))
                    assert str(reader.get_validation_state()) == "Valid", name
    # The print files are put together again by an attempt that goes on after another: the books then still hold.
    before = sorted(project.files.exclude(role__in=("zip", "card")).values_list("path", "sha256"))
    finish_again(project, tmp_path)
    assert sorted(project.files.exclude(role__in=("zip", "card")).values_list("path", "sha256")) == before
    studio.finished(roles=("print", "cut", "sheet"), mockups=3)
    overwritten_by_a_late_attempt(studio, project, tmp_path)
    made_from_images_with_a_manifest(project, tmp_path)


def overwritten_by_a_late_attempt(studio: Studio, project: Project, folder: Path) -> None:
    """One that began before the other had stored anything finds no signature to reuse, and overwrites nothing in the books."""
    [item, _] = kept_items(gate.launch_job(project))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("elistit.delivery.store.LocalStore.listed", lambda self, prefix: iter(()))
        late = finish_of(gate.launch_job(project)).item(work_of(project, folder), item)
    [print_file] = [f for f in late if f["role"] == FileRole.PRINT]
    row = project.files.get(role=FileRole.PRINT, item=item.number)
    assert (print_file["path"] != row.path) and (print_file["sha256"] != row.sha256)
    studio.files("print")  # holds every file against its row


def made_from_images_with_a_manifest(project: Project, tmp_path: Path) -> None:
    """The manifest a provider sent is in everything made from its image."""
    job = gate.launch_job(project)
    credential = content_credentials.credential()
    assert credential
    for item in kept_items(job):
        sent = tmp_path / f"{item.number}.png"
        Image.fromarray(blob(item.number, 300)).save(sent)
        signing.sign(sent, credential, provenance.Marks(provenance.TRAINED, "openai/gpt-image-1"), [], ports.now())
        stored = StageContext(here).store.put(sent, f"projects/{project.pk}/received/{item.number}.png")
        described = {"path": stored.key, "role": FileRole.RECEIVED, "name": sent.name, "bytes": stored.bytes}
        keep_files(job, [{**described, "sha256": stored.sha256, "source_type": provenance.TRAINED}], item)
        project.files.filter(role=FileRole.RECEIVED).update(round=item.art["made_round"])
    item = kept_items(job)[0]
    described = finish_of(job).item(work_of(project, tmp_path), item)
    [print_file] = [StageContext(here).store.local_path(f["path"]) for f in described if f["role"] == FileRole.PRINT]
    state, manifest = read(print_file)
    assert state == "Valid"
    assert [i["relationship"] for i in manifest["ingredients"]] == ["parentOf"]
    assert manifest["ingredients"][0]["active_manifest"] == read(tmp_path / "1.png")[1]["label"]
    mockup = finish_of(job).whole(work_of(project, tmp_path))[-1]
    state, manifest = read(StageContext(here).store.local_path(mockup["path"]))
    assert state == "Valid"
    assert [i["relationship"] for i in manifest["ingredients"]] == ["componentOf"] * 2


@pytest.mark.usefixtures("certificate")
def test_a_greeting_card_stays_print_ready_when_it_is_signed(studio: Studio) -> None:
    studio.launch("greeting_card", "sleepy forest foxes", options={})
    studio.finished(roles=("print", "vector"), mockups=3)
    [pdf] = [f for f in studio.files("vector") if f.suffix == ".pdf"]
    assert read(pdf)[0] == "Valid"
    assert pdf.read_bytes().startswith(b"%PDF-1.6")
    with signing.pikepdf.open(pdf) as document:
        assert document.Root.OutputIntents[0].S == "/GTS_PDFX"
        assert all("/TrimBox" in page and "/BleedBox" in page for page in document.pages)


def doctor() -> dict[str, Any]:
    said = json.loads(CliRunner().invoke(doctor_command, ["--json"], standalone_mode=False).output)
    return next(c for c in said["checks"] if c["name"] == "content credentials")


def test_a_certificate_that_cannot_be_used_costs_nobody_anything_and_is_reported(
    studio: Studio, master: Master, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = dt.datetime(2021, 5, 3, tzinfo=dt.UTC)
    chain, key = credentials.issue(tmp_path, ended, valid=(ended - 300 * credentials.DAY, ended))
    monkeypatch.setenv("ELISTIT_C2PA_CERTIFICATE", str(chain))
    monkeypatch.setenv("ELISTIT_C2PA_KEY", str(key))
    master("sticker", 1)
    project = studio.launch("sticker", "kawaii ocean animals", count=2)
    commands.approve(studio.world.user, project.pk)
    studio.world.engine.run()
    project.refresh_from_db()
    assert project.stage == "completed"
    studio.finished(roles=("print", "cut", "sheet"), mockups=3)
    assert not any(signing.signed(f) for f in signable(studio))
    assert not project.files.filter(path__contains=SIGNED_FOLDER, role__in=ROLES).exists()
    [note] = Attempt.objects.filter(note=True)
    assert note.reason == UNSIGNED
    assert "expired on May 3, 2021" in note.detail
    assert str(tmp_path) not in note.reason
    found = doctor()
    assert not found["ok"]
    assert "files are delivered unsigned" in found["seen"] and "expired on May 3, 2021" in found["seen"]
    # A new certificate, and the files rebuilt: each is there once, signed.
    names = sorted(project.files.values_list("role", "name"))
    credentials.issue(tmp_path, ended, valid=_valid())
    finish_again(project, tmp_path)
    assert sorted(project.files.values_list("role", "name")) == names
    assert all(read(f)[0] == "Valid" for f in signable(studio))
    found = doctor()
    assert found["ok"]
    assert "signs as “Fern Press Signing” until January 1, 2040" in found["seen"]
    assert "1 project was delivered unsigned in the last 7 days" in found["seen"]


def test_without_a_certificate_no_order_to_sign_is_made(studio: Studio, tmp_path: Path) -> None:
    project = studio.launch("poster", "sleepy forest foxes")
    work = work_of(project, tmp_path)
    assert content_credentials.order(work.context, work.job, None, work.set_marks) is None
    assert delivering._about(work)["signing"] is None
    assert doctor()["ok"]
