"""A set with dropped items: files, ZIP, overview, product card and listing agree in their numbers (rules §3, §8)."""

from __future__ import annotations

from typing import Any

import pytest
from pypdf import PdfReader

from elistit.actions import commands
from elistit.artwork import mockup
from elistit.projects import gate
from elistit.projects.models import ProjectFile
from elistit.stages import files as named
from elistit.stages.context import StageContext
from elistit.stages.finishing import Work, kept_items, places
from tests.products import reading as files
from tests.products.conftest import Studio
from tests.products.test_every_product import Master


@pytest.mark.parametrize("product", ["clipart", "sticker"])
def test_the_files_of_a_set_with_dropped_items_are_numbered_without_gaps(
    studio: Studio, master: Master, monkeypatch: pytest.MonkeyPatch, product: str
) -> None:
    master(product, 1)
    shown: list[Any] = []
    real = mockup.sheet
    monkeypatch.setattr(mockup, "sheet", lambda *a, **k: (shown.append(k.get("numbers")), real(*a, **k))[1])
    # Of clipart's styles the flat one is painted the quickest; their numbers don't depend on how the images look.
    count, model = (15, "builtin/flat") if product == "clipart" else (6, "")
    project = studio.launch(product, "kawaii ocean animals", count=count, model=model)
    drop = (1, 3, 4, 9, 10, 11, 12, 13, 14, 15) if product == "clipart" else (1, 3)
    for number in drop:
        commands.drop(studio.world.user, project.pk, number)
    commands.approve(studio.world.user, project.pk)
    studio.go_on()
    kept = len(kept_items(gate.launch_job(project)))
    wanted = list(range(1, kept + 1))
    prints = sorted(f.name for f in studio.files("print"))
    assert [int(name[:2]) for name in prints] == wanted
    inside = [n for n in files.unzipped(studio.files("zip")) if n[:2].isdigit()]
    assert sorted({int(n[:2]) for n in inside}) == wanted
    assert [int(f.name[:2]) for f in studio.files("cut")] == (wanted if product == "sticker" else [])
    if product == "clipart":
        assert shown == [wanted]
    assert f"{kept} " in project.listing.description or f"{kept} " in project.listing.title
    [licences] = studio.files("licences")
    [card] = studio.files("card")
    words = " ".join("\n".join(p.extract_text() for p in PdfReader(card).pages).split())
    assert f"{kept} {'PNG files' if product == 'clipart' else 'die-cut PNG files'}" in words, words
    if product == "sticker":
        sheets = sorted(f.stem for f in studio.files("sheet") if f.suffix == ".pdf")
        assert sheets == [f"sticker-sheet-{n}" for n in range(1, len(sheets) + 1)]
        assert sum(files.pages(f)[0]["images"] for f in studio.files("sheet") if f.suffix == ".pdf") == kept
    lines = [line for line in licences.read_text(encoding="utf-8").splitlines() if line[:2].isdigit()]
    assert [line.split(":")[0] for line in lines] == [name.removesuffix(".png") for name in prints]
    assert ProjectFile.objects.filter(project=project, role="print").count() == kept


def test_files_made_again_are_called_as_before(studio: Studio, master: Master) -> None:
    master("sticker", 1)
    project = studio.launch("sticker", "kawaii ocean animals", count=3)
    commands.drop(studio.world.user, project.pk, 1)
    commands.approve(studio.world.user, project.pk)
    studio.go_on()
    job = gate.launch_job(project)
    before = sorted(f.name for f in studio.files("print"))
    # An item that was lost leaves the names of the others alone.
    job.items.filter(number=2).update(state="failed")
    third = job.items.get(number=3)
    assert f"{named.final_stem(third)}.png" == before[1]
    ProjectFile.objects.filter(project=project, role="print").delete()
    assert named.final_stem(third).startswith("02-")
    assert places(Work(StageContext(lambda *a, **k: None), job, studio.files("card")[0].parent)) == [2]
