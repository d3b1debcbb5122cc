"""Files say how they were made: drawn by the built-in artist, by a trained model, or brought by the seller (rules §3)."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from PIL import Image

from elistit.actions import commands, uploads
from elistit.artwork import provenance
from elistit.projects import gate
from elistit.projects.models import FileRole
from elistit.stages import delivering
from elistit.stages.context import StageContext
from elistit.stages.finishing import Work, finish_of
from tests.artwork.conftest import blob
from tests.products.conftest import Studio, here
from tests.products.preflight import VOCABULARY, preflight, stated

Master = Callable[[str, int], None]
ROLES = ("image", "print", "vector", "cut", "sheet", "mockup", "card")
IDEA = "sleepy forest foxes for my cousin Marjorie"


def everything(studio: Studio) -> list[Path]:
    return [file for role in ROLES for file in studio.files(role)]


def test_clipart_says_that_an_algorithm_drew_it_and_nothing_of_the_seller(studio: Studio, master: Master) -> None:
    master("clipart", 1)
    # The style that is painted the quickest; every one is written by the same code and says the same of itself.
    project = studio.launch("clipart", IDEA, count=15, model="builtin/flat")
    commands.approve(studio.world.user, project.pk)
    studio.go_on()
    private = ("marjorie", "cousin", studio.world.user.email, project.pk)
    assert preflight(everything(studio), "algorithmicMedia", private) == 15 + 15 + 3 + 1
    told = {f.source_type for f in project.files.filter(role__in=ROLES)}
    assert told == {f"{VOCABULARY}algorithmicMedia"}
    assert {f.source_type for f in project.files.filter(role__in=("zip", "licences"))} == {""}
    checks = {c["name"]: c for c in project.trial.report["checks"]}
    assert checks["file.source"]["looked_at"] == 15 + 1


def test_what_a_trained_model_made_is_named_so_in_every_file_made_from_it(
    studio: Studio, master: Master, tmp_path: Path
) -> None:
    """The finishing code with images of another model: as drawn, put together, and in a photo."""
    master("sticker", 1)
    project = studio.launch("sticker", "kawaii ocean animals", count=2)
    commands.approve(studio.world.user, project.pk)
    studio.go_on()
    job = gate.launch_job(project)
    for item in job.items.all():
        item.art = {k: v for k, v in item.art.items() if k != "marks"}
        item.model = "builtin/flat"
        item.art["marks"] = {"source": provenance.TRAINED, "system": "openai/gpt-image-1", "credit": "Made with AI"}
        item.save()
    work = Work(StageContext(here), job, tmp_path)
    for kept in finish_of(job).whole(work):
        path = work.context.store.local_path(kept["path"])
        assert kept["source_type"] == f"{VOCABULARY}compositeSynthetic"
        told = stated(path)
        assert told["DigitalSourceType"] == kept["source_type"]
        assert told["AISystemUsed"] == "openai/gpt-image-1"
    assert delivering._about(work)["marks"]["source"] == f"{VOCABULARY}compositeSynthetic"
    again = Work(StageContext(here), job, tmp_path)
    assert again.keep(_photo(tmp_path), "mockup")["source_type"] == f"{VOCABULARY}compositeSynthetic"


def _photo(folder: Path) -> Path:
    path = folder / "photo.jpg"
    Image.fromarray(blob(5, 300)).convert("RGB").save(path)
    return path


@pytest.mark.parametrize("marked", [False, True])
def test_a_sellers_own_images_get_no_source_and_keep_the_one_they_have(
    studio: Studio, master: Master, marked: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(settings.__dict__, "DATA_DIR", tmp_path)
    sent = tmp_path / "mine.png"
    Image.fromarray(blob(4, 500)).save(sent)
    if marked:
        provenance.write(sent, provenance.Marks(source=provenance.TRAINED, system="midjourney", credit="Jane Doe"))
    upload = uploads.add(studio.world.user, io.BytesIO(sent.read_bytes()), "mine.png", run=here)
    project = studio.launch("custom", "my own fox", uploads=(upload.pk,))
    assert project.stage == "completed"
    [print_file] = studio.files("print")
    told = stated(print_file)
    assert told.get("DigitalSourceType", "") == (f"{VOCABULARY}trainedAlgorithmicMedia" if marked else "")
    assert told.get("AISystemUsed", "") == ("midjourney" if marked else "")
    assert b"Jane Doe" not in print_file.read_bytes()
    together = [*studio.files("mockup"), *studio.files("card")]
    assert preflight(together, "compositeSynthetic" if marked else "") == 4
    assert all(f.source_type is not None for f in project.files.exclude(role=FileRole.PREVIEW))


def test_the_marks_of_what_is_put_together() -> None:
    drawn, trained, own = (provenance.made_by(m) for m in ("builtin/flat", "openai/gpt-image-1", ""))
    term: Any = lambda *parts, photo=False: provenance.combined(parts, photo).source.rpartition("/")[2]  # noqa: E731
    assert term(drawn, drawn) == "algorithmicMedia"
    assert term(trained, drawn) == "compositeSynthetic"
    assert term(trained, photo=True) == "compositeWithTrainedAlgorithmicMedia"
    assert term(drawn, photo=True) == "composite"
    assert term(own) == term(own, photo=True) == ""
    assert provenance.combined([trained, provenance.made_by("recraft/v3")]).system == "openai/gpt-image-1, recraft/v3"
