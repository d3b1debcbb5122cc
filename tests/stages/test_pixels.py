"""A PDF or SVG around an image of pixels is never called a vector file: by what the trial found in it, not by its ending."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from elistit.listings import truth
from elistit.projects import gate
from elistit.projects.models import BuyerTrial, FileRole, Project, ProjectFile
from elistit.runtime import engine
from elistit.stages import facts
from tests.conformance.conftest import World, clock

__all__ = ["clock"]


@pytest.fixture
def project(transactional_db: None, clock: Any, monkeypatch: pytest.MonkeyPatch) -> Project:
    world = World(clock)
    monkeypatch.setattr(engine, "queue", world.engine)
    return world.to_end()


def add(project: Project, name: str, item: int) -> ProjectFile:
    return ProjectFile.objects.create(
        project=project, job=gate.launch_job(project), role=FileRole.VECTOR, name=name, path=f"p/{project.pk}/{name}",
        item=item, bytes=1, sha256="0" * 64,
    )  # fmt: skip


def trial(project: Project, **images: int) -> None:
    found = [
        {"name": f"set/{name}.{kind}", "kind": kind, "images": n}
        for name, n in images.items()
        for kind in ("pdf", "svg")
    ]
    values = {"job": gate.launch_job(project), "ok": True, "report": {"ok": True, "checks": [], "files": found}}
    BuyerTrial.objects.update_or_create(project=project, defaults=values)


def shown(project: Project) -> str:
    page = Client()
    page.force_login(project.owner)
    return page.get(f"/projects/{project.pk}/downloads/").content.decode()


@pytest.mark.parametrize("ending", ["pdf", "svg"])
def test_a_file_around_pixels_is_a_document_and_no_listing_calls_it_vector(project: Project, ending: str) -> None:
    numbers = [i.number for i in gate.items_of(project).filter(state="made")]
    for number in numbers:
        add(project, f"drawing{number}.{ending}", number)
    trial(project, **{f"drawing{n}": 0 for n in numbers})
    assert facts.of(project).vector
    assert "Vector files" in shown(project) and "Documents to print" not in shown(project)
    trial(project, **{f"drawing{n}": n == numbers[0] for n in numbers})
    now = facts.of(project)
    assert not now.vector
    text = shown(project)
    first, second = text.index('id="files-document"'), text.index('id="files-vector"')
    assert first < text.index(f"drawing{numbers[0]}.{ending}") < second
    assert [f.words for f in truth.check("Vector art of foxes", [], "", now)]
    trial(project, **dict.fromkeys((f"drawing{n}" for n in numbers), 1))
    assert "Vector files" not in shown(project)


def test_a_card_without_a_report_is_known_to_have_pixels(project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(product="greeting_card")
    project.refresh_from_db()
    BuyerTrial.objects.filter(project=project).delete()
    file = add(project, "wreath-card.pdf", 1)
    assert facts.with_pixels(project, [file]) == {"wreath-card.pdf"}
    Project.objects.filter(pk=project.pk).update(product="svg")
    project.refresh_from_db()
    assert facts.with_pixels(project, [file]) == set()
