"""Deliveries that are too large for Etsy go with a download link for the buyer, and never fail for their size (rules §3)."""

from __future__ import annotations

import io
import re
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.conf import settings
from django.test import Client

from elistit.actions import commands, queries, uploads
from elistit.artwork import package, packing_jobs, parts
from elistit.cli import demo_collect, demo_files
from elistit.projects import buyer_link
from elistit.projects import uploads as rows
from elistit.projects.models import Project, ProjectFile, Upload
from elistit.runtime import engine
from elistit.simulator.inline import InlineEngine
from elistit.stages import delivering
from elistit.stages.context import StageContext
from elistit.stages.dispatch import run_attempt
from elistit.studio.views import buyer
from tests import kept_work
from tests.conformance.conftest import World
from tests.products.conftest import Studio

from .test_own_pictures import SHADED, add, clock, picture, world

__all__ = ["clock", "world"]


@pytest.fixture
def studio(world: World, monkeypatch: pytest.MonkeyPatch) -> Studio:
    """Every test brings the same images: what is made of them is made once."""
    monkeypatch.setattr(uploads._cpu, "run", kept_work.here)
    world.engine = InlineEngine(world.clock, partial(run_attempt, StageContext(kept_work.here)))
    monkeypatch.setattr(engine, "queue", world.engine)
    return Studio(world)


def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Etsy takes one file of 60 kB."""
    real = package.fit
    monkeypatch.setattr(package, "fit", lambda *a, **k: real(*a, **k, part_max=60_000, parts_max=1))


def finished(studio: Studio, *given: Any) -> Project:
    user = studio.world.user
    spec = commands.LaunchSpec("custom", "mine", len(given), uploads=tuple(add(user, g).pk for g in given))
    project = commands.launch(user, spec, idempotency_key=f"k{Project.objects.count()}")
    studio.world.engine.run()
    project.refresh_from_db()
    return project


def path(project: Project) -> str:
    return buyer_link.address(project.pk).removeprefix(settings.BASE_URL)


@pytest.fixture
def large(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Project:
    tight(monkeypatch)
    shaded = SHADED.replace("<defs>", f"<desc>{'x' * 70_000}</desc><defs>")
    return finished(studio, shaded, picture())


def test_smaller_copies_are_made_once_by_all_subprocesses(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    tight(monkeypatch)
    monkeypatch.setattr(parts, "need_link", lambda sizes: True)
    studio.world.engine = InlineEngine(studio.world.clock, partial(run_attempt, StageContext(kept_work.here, 2)))
    monkeypatch.setattr(engine, "queue", studio.world.engine)
    made: list[list[Path]] = []
    real = package.make_copies
    monkeypatch.setattr(package, "make_copies", lambda c, *a: (made.append([out for _, out in c.pairs]), real(c, *a)))
    project = finished(studio, picture(), picture(), picture())
    assert project.stage == "completed"
    assert len(made) >= 2, "each subprocess has a share"
    copies = [copy for share in made for copy in share]
    assert len(copies) == len(set(copies)) >= 3


def test_what_does_not_fit_is_delivered_with_a_link(large: Project) -> None:
    assert large.stage == "completed"
    roles = [f.role for f in large.files.filter(role__in=["zip", "download"])]
    assert sorted(roles) == ["download", "zip"]
    small, whole = large.files.get(role="zip"), large.files.get(role="download")
    assert small.bytes < parts.PART_MAX
    card = ProjectFile.objects.get(project=large, role="card")
    assert card.bytes > 0
    assert queries.describe(large)["buyer_link"] == buyer_link.address(large.pk)
    assert whole.name.endswith(".zip")


def test_the_card_leads_the_buyer_to_the_files_as_they_are(large: Project) -> None:
    from elistit.delivery.store import open_store

    store = open_store(settings.STORAGE_URL)
    reader = pypdf.PdfReader(store.local_path(large.files.get(role="card").path))
    links = {
        a.get_object()["/A"]["/URI"] for page in reader.pages for a in page.get("/Annots", []) if "/A" in a.get_object()
    }
    assert buyer_link.address(large.pk) in links
    with zipfile.ZipFile(store.local_path(large.files.get(role="zip").path)) as small:
        assert len(small.namelist()) == 2
    page = Client().get(path(large))
    assert page.status_code == 200 and "noindex" in page["X-Robots-Tag"] and "no-store" in page["Cache-Control"]
    [address] = re.findall(r'href="(/get/[^"]+/1/)"', page.content.decode())
    answer = Client().get(address)
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as whole:  # type: ignore[attr-defined]
        assert whole.testzip() is None
        packed = {name.rsplit(".", 1)[-1]: whole.read(name) for name in whole.namelist()}
    # At full quality: what is in it is what the print files are.
    for row in large.files.filter(role__in=["print", "vector"]):
        assert row.bytes in {len(data) for data in packed.values()} or row.name.endswith(".png")
    assert set(packed) == {"svg", "png", "pdf", "txt"}


def test_the_demo_counts_what_the_link_brings(large: Project, tmp_path: Path) -> None:
    copied = demo_collect.copy_files(large, tmp_path)
    wanted = [f.name for role in ("vector", "card") for f in copied[role]]
    assert len(wanted) > 1
    assert demo_files.zips(copied["zip"], wanted, copied["download"]).ok
    assert not demo_files.zips(copied["zip"], wanted).ok
    [card] = copied["card"]
    assert demo_files.card(card, buyer_link.address(large.pk)).ok
    assert not demo_files.card(card, buyer_link.address(large.pk) + "x").ok


def test_a_wrong_address_leads_nowhere(large: Project) -> None:
    for wrong in ("A" * 27, "", "x", "../../etc"):
        assert Client().get(f"/get/{large.pk}/{wrong}/").status_code == 404, wrong
        assert Client().get(f"/get/{large.pk}/{wrong}/1/").status_code == 404, wrong


def test_the_address_of_one_project_is_no_other_ones(large: Project, studio: Studio) -> None:
    other = finished(studio, SHADED.replace("<defs>", f"<desc>{'y' * 70_000}</desc><defs>"))
    token = path(large).split("/")[3]
    assert Client().get(f"/get/{other.pk}/{token}/").status_code == 404
    assert Client().get(path(large) + "2/").status_code == 404


def test_the_address_ends_with_the_files(large: Project) -> None:
    commands.delete(large.owner, large.pk)
    page = Client().get(path(large))
    assert page.status_code == 410 and "no longer" in page.content.decode()
    assert Client().get(path(large) + "1/").status_code == 410


def test_a_project_whose_files_fit_has_no_download_page(studio: Studio) -> None:
    project = finished(studio, picture())
    assert project.files.filter(role="download").count() == 0
    assert queries.describe(project)["buyer_link"] is None
    assert Client().get(path(project)).status_code == 410


def test_downloads_are_limited_for_each_visitor(large: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buyer, "PER_VISITOR_HOUR", 3)
    answers = [Client().get(path(large) + "1/") for _ in range(5)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 3600
    assert Client(REMOTE_ADDR="198.51.100.7").get(path(large) + "1/").status_code == 200
    assert Client().get(path(large)).status_code == 200


@pytest.mark.parametrize("stopped", [TimeoutError("late"), RuntimeError("killed"), MemoryError()])
def test_a_bundle_that_cannot_be_made_to_fit_in_time_goes_with_a_link_too(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, stopped: Exception
) -> None:
    def late(*args: Any) -> Any:
        raise stopped

    monkeypatch.setattr(delivering.packing_jobs, "pack", late)
    project = finished(studio, picture())
    assert project.stage == "completed"
    assert project.files.filter(role="download").count() == 1


def test_the_form_knows_beforehand_when_a_link_will_be_needed(studio: Studio) -> None:
    user = studio.world.user
    made = [add(user, SHADED).pk for _ in range(21)]
    assert not rows.need_link(user, made)
    Upload.objects.filter(pk__in=made).update(bytes=4_900_000)
    assert rows.need_link(user, made) and not rows.need_link(user, made[:19])
    assert not rows.need_link(user, [])
    Upload.objects.filter(pk=made[0]).update(bytes=20_000_001)
    assert rows.need_link(user, made[:1])
    page = Client()
    page.force_login(user)
    form = {"product": "custom", "idea": "mine", "count": "1", "upload": made[:1], "uploads": made[:1]}
    assert "too large for Etsy" in page.post("/new/price/", form).content.decode()


def test_the_parts_behind_a_link_are_few_and_whole(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "LINK_PART_MAX", 400_000)
    drawn = []
    for n in range(4):
        file = tmp_path / f"{n}.svg"
        file.write_bytes(b"<svg/>" + bytes(150_000))
        drawn.append(str(file))
    about = {
        "title": "T", "base": "t", "licence": "L", "licences": "x", "how_to": ["a"], "link_how_to": ["b"],
        "link": "https://example.com/get/x/", "facts": [("Size", "1")],
    }  # fmt: skip
    (tmp_path / "p.png").write_bytes(picture(size=(40, 30)))
    made = packing_jobs.pack_with_link(
        str(tmp_path), about, [str(tmp_path / "p.png")], [str(tmp_path / "p.png")], drawn
    )
    downloads = [path for role, path in made if role == "download"]
    assert len(downloads) >= 2
    names = [name for d in downloads for name in zipfile.ZipFile(d).namelist()]
    assert sorted(n for n in names if n.endswith(".svg")) == ["0.svg", "1.svg", "2.svg", "3.svg"]
