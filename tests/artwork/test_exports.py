"""Small exports of real programs are taken in, and what is made of them looks like them (`exports/README.md`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from elistit.artwork import intake, renderings, vectorset

EXPORTS = sorted((Path(__file__).parent / "exports").glob("*.svg"))
# Inches, where the export states them.
SIZES = {
    "inkscape": (60 / 25.4, 40 / 25.4),
    "libreoffice-style": (60 / 25.4, 40 / 25.4),
    "inkscape-style": (90 / 25.4, 60 / 25.4),
    "matplotlib": (3.0, 2.0),
}


def test_every_export_says_how_it_was_made() -> None:
    told = (Path(__file__).parent / "exports" / "README.md").read_text()
    assert len(EXPORTS) == 12
    assert all(f"`{export.name}`" in told for export in EXPORTS)


@pytest.mark.parametrize("export", EXPORTS, ids=lambda e: e.stem)
def test_an_export_comes_out_as_it_went_in(tmp_path: Path, export: Path) -> None:
    found = intake.take(export, tmp_path / "in", "art")
    assert found.flat
    assert found.warning == ""
    made = vectorset.make(found.path.read_text(), tmp_path / "out", "art", "Art", 300)
    sent = export.read_text()
    size = renderings.size_px(sent)
    for render in renderings.RENDERERS:
        before, after = (renderings.drawn(t, render, size) for t in (sent, made.files["svg"].read_text()))
        assert renderings.different(before, after) <= renderings.SHARE_MAX
    if export.stem in SIZES:
        wide, high = SIZES[export.stem]
        assert f'width="{wide:.4f}in" height="{high:.4f}in"' in made.files["svg"].read_text()
