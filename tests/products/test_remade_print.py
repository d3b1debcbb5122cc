"""The print file shows the image the seller approved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from elistit.actions import commands
from elistit.artwork import export
from elistit.projects.models import ProjectFile
from elistit.stages.context import StageContext
from tests.conformance.conftest import World, clock
from tests.stages.test_stages import here, studio, until

__all__ = ["clock", "studio"]


def small(path: Path, px: int = 128) -> np.ndarray:
    image = Image.open(path).convert("RGBA").resize((px, px), Image.Resampling.BOX)
    return np.asarray(image, np.float64)


def test_an_edited_remake_is_what_is_printed(studio: World) -> None:
    """The print file shows the picture the seller approved, also after the prompt of one item was edited."""
    project = studio.launch()
    until(studio, project, "generating", 15)
    job = studio.job(project)
    before = small(StageContext(here).store.local_path(ProjectFile.objects.get(item=1, role="image").path))
    commands.remake(studio.user, project.pk, 1, prompt="an owl wearing a scarf", idempotency_key="r")
    studio.engine.run()
    commands.approve(studio.user, project.pk)
    until(studio, project, "processing", 1)
    made = small(StageContext(here).store.local_path(ProjectFile.objects.get(item=1, role="image", round=1).path))
    printed_file = StageContext(here).store.local_path(ProjectFile.objects.get(item=1, role="print").path)
    printed = small(printed_file)
    assert np.abs(made - before).mean() > 4, "the edited prompt gave another picture"
    assert np.abs(printed - made).mean() < 1.5
    info = export.info(printed_file)
    assert (info.width, info.height, info.dpi) == (4096, 4096, 300)
    assert job.items.get(number=1).prompt == "an owl wearing a scarf"
