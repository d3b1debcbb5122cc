"""One product from idea to finished files, in this process: the product's own chain, artist and workshop, no worker."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from elistit.actions import commands, queries
from elistit.chain.models import Attempt
from elistit.credits import audit
from elistit.listings import rules
from elistit.projects.models import Project
from elistit.projects.products import PRODUCTS, Product
from elistit.runtime import engine
from elistit.simulator.inline import InlineEngine
from elistit.stages.context import StageContext
from elistit.stages.dispatch import run_attempt
from tests.conformance.conftest import World, clock
from tests.products import reading as files
from tests.products.preflight import preflight

__all__ = ["clock"]


def here(function: Any, *args: Any, timeout: float = 0, **kwargs: Any) -> Any:
    """What `runtime.cpu` does, in this process."""
    return function(*args, **kwargs)


@dataclass
class Studio:
    """A seller with 100 credits and the means to follow one project."""

    world: World
    project: Project | None = None

    def launch(self, product: str, idea: str, **more: Any) -> Project:
        spec = commands.LaunchSpec(product=product, idea=idea, **more)
        self.project = commands.launch(self.world.user, spec, idempotency_key="launch")
        return self.go_on()

    def go_on(self) -> Project:
        assert self.project
        self.world.engine.run()
        self.project.refresh_from_db()
        bad = [f"{a.stage} {a.item}: {a.reason} {a.detail}" for a in Attempt.objects.exclude(outcome__in=("made", ""))]
        assert not bad, bad
        return self.project

    def files(self, role: str) -> list[Path]:
        """What the store holds of a role, checked against what is recorded of it."""
        assert self.project
        store, found = StageContext(here).store, []
        for row in queries.current_files(self.project):
            if row.role == role:
                path = store.local_path(row.path)
                assert (path.stat().st_size, files.sha256(path)) == (row.bytes, row.sha256)
                found.append(path)
        return found

    def finished(self, *, roles: tuple[str, ...], mockups: int) -> None:
        """What holds for every finished project, whatever it makes."""
        assert self.project
        project = self.project
        assert project.stage == "completed"
        assert {j.status for j in project.jobs.all()} == {"SUCCEEDED"}
        everything = [*(f for role in roles for f in self.files(role)), *self.files("card"), *self.files("licences")]
        assert len({f.name for f in everything}) == len(everything), "two files of one name would hide each other"
        inside = files.unzipped(self.files("zip"))
        assert inside == {f.name: files.sha256(f) for f in everything}
        [card] = self.files("card")
        assert len(files.pages(card)) >= 1
        pictures = self.files("mockup")
        assert len(pictures) == mockups
        for file in pictures:
            with files.Image.open(file) as image:
                assert (image.format, image.mode) == ("JPEG", "RGB")
                assert max(image.size) >= 2000
        if project.product != "custom":
            preflight([*everything, *pictures, *self.files("image")], "algorithmicMedia", (self.world.user.email,))
        text = project.listing
        assert not rules.check(text.title, text.tags, text.description, text.price_cents)
        books = audit.run(lambda path, sha: StageContext(here).store.check(path, sha))
        assert books["ok"], [v for c in books["checks"] for v in c["violations"]]


@pytest.fixture
def studio(transactional_db: None, clock: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Studio:
    monkeypatch.setattr(settings, "STORAGE_URL", (tmp_path / "store").as_uri())
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    world = World(clock)
    world.engine = InlineEngine(clock, partial(run_attempt, StageContext(here)))
    monkeypatch.setattr(engine, "queue", world.engine)
    return Studio(world)


@pytest.fixture
def master(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], None]:
    """Makes the print master of a product smaller, where only what is cut from it matters."""

    def set_scale(product: str, scale: int) -> None:
        code = Product(product)
        monkeypatch.setitem(PRODUCTS, code, dataclasses.replace(PRODUCTS[code], print_scale=scale))

    return set_scale
