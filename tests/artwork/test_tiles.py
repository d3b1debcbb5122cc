"""Files of tiles: enlarged they still join, the JPEG is measured, the scale sheet shows real sizes, an SVG that doesn't repeat is found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from elistit.artwork import jobs, mockup_jobs, scalesheet, seam, tilepictures, upscale
from tests.artwork.test_seam import figures, waves


def saved(pixels: np.ndarray, path: Path) -> Path:
    Image.fromarray(pixels).save(path)
    return path


def test_an_enlarged_tile_joins_itself_and_the_plain_enlargement_is_what_it_was_made_against(tmp_path: Path) -> None:
    source = saved(waves(grain=1.0), tmp_path / "tile.png")
    facts = upscale.enlarge_tile(source, tmp_path / "large.png", scale=3)
    assert (facts.width, facts.height, facts.dpi) == (720, 720, 300)
    large = np.asarray(Image.open(tmp_path / "large.png").convert("RGB"))
    assert seam.measure_pixels(large).seamless
    # Enlarging the tile turned by half and turning it back gives the same: no pixel knows where the edge was.
    half = saved(np.roll(waves(grain=1.0), (120, 120), (0, 1)), tmp_path / "half.png")
    upscale.enlarge_tile(half, tmp_path / "half-large.png", scale=3)
    back = np.roll(np.asarray(Image.open(tmp_path / "half-large.png").convert("RGB")), (-360, -360), (0, 1))
    assert np.array_equal(back, large)
    plain = upscale.enlarge(source, tmp_path / "plain.png", scale=3)
    assert plain.width == 720
    other = np.asarray(Image.open(tmp_path / "plain.png").convert("RGB"))
    assert not np.array_equal(other[:, :2], large[:, :2]), "the usual enlargement repeats the border instead"
    with pytest.raises(ValueError, match="whole scale"):
        upscale.enlarge_tile(source, tmp_path / "x.png", scale=0)


def test_the_print_file_is_a_jpeg_that_was_measured(tmp_path: Path) -> None:
    good = jobs.tile_print(str(saved(figures(), tmp_path / "a.png")), str(tmp_path / "a.jpg"), 240)
    assert good["seamless"] and good["seam"] <= 1 and good["dpi"] == 300
    with Image.open(tmp_path / "a.jpg") as image:
        assert (image.format, image.size, image.info["dpi"]) == ("JPEG", (240, 240), (300, 300))
        assert image.info.get("icc_profile")
    bad = jobs.tile_print(str(saved(figures(wrap=False), tmp_path / "b.png")), str(tmp_path / "b.jpg"), 240)
    assert not bad["seamless"] and bad["seam"] > 1
    with pytest.raises(ValueError, match="instead of 300"):
        jobs.tile_print(str(tmp_path / "a.png"), str(tmp_path / "c.jpg"), 300)


def test_the_scale_sheet_shows_every_tile_at_its_real_size(tmp_path: Path) -> None:
    tiles = [str(saved(waves(900, seed=k), tmp_path / f"{k}.png")) for k in range(7)]
    names = [f"{k + 1:02d}  Čerešne toss" for k in range(7)]
    made = jobs.scale_sheets(tiles, names, str(tmp_path), "sheet", "Meadow Papers")
    assert [Path(m).name for m in made] == ["sheet-1.pdf", "sheet-2.pdf"]
    for path, images in zip(made, (12, 2), strict=True):
        with pikepdf.open(path) as pdf:
            [page] = pdf.pages
            assert [float(v) / 72 for v in page.mediabox] == [0, 0, 8.5, 11]
            assert len(page.get_images() if hasattr(page, "get_images") else page.images) == images
            sizes = {float(ops[0]) for ops, op in pikepdf.parse_content_stream(page) if str(op) == "cm"}
        assert {scalesheet.REAL_IN * 72, scalesheet.WHOLE_IN * 72} <= sizes, "drawn in inches, not fitted"
    assert len(jobs.scale_sheets(tiles[:6], names[:6], str(tmp_path), "one", "x")) == 1
    with pytest.raises(ValueError, match="needs tiles"):
        scalesheet.write([], [], tmp_path, "none", title="x")


def test_mockups_of_tiles_are_large_and_made_of_them(tmp_path: Path) -> None:
    tiles = [str(saved(waves(300, seed=k), tmp_path / f"{k}.png")) for k in range(6)]
    made = mockup_jobs.tile_mockups(
        str(tmp_path), "Meadow Papers", "6 seamless tiles · 12 × 12 in", tiles, [["12 × 12 in", "3600 px"]]
    )
    assert [Path(m).name for m in made] == ["1-papers.jpg", "2-everything.jpg", "3-repeat.jpg"]
    for path in made:
        with Image.open(path) as image:
            assert image.size == (2000, 1600)
    with pytest.raises(ValueError, match="at least one tile"):
        tilepictures.papers(tmp_path / "x.jpg", title="x", subtitle="y", tiles=[])


def test_a_tile_made_smaller_for_a_mockup_still_joins(tmp_path: Path) -> None:
    path = saved(figures(480), tmp_path / "t.png")
    assert seam.measure_pixels(tilepictures.load_tile(path, 200)).seamless


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120" width="12in" height="12in"><rect width="120" height="120" fill="#fe9"/>{}</svg>'


def test_an_svg_repeats_when_what_crosses_an_edge_comes_back(tmp_path: Path) -> None:
    whole = '<circle cx="118" cy="60" r="25" fill="#a33"/><circle cx="-2" cy="60" r="25" fill="#a33"/><circle cx="55" cy="20" r="9"/>'
    path = tmp_path / "a.svg"
    path.write_text(SVG.format(whole))
    assert jobs.repeats(str(path)) == ""
    path.write_text(SVG.format('<circle cx="118" cy="60" r="25" fill="#a33"/><circle cx="55" cy="20" r="9"/>'))
    assert "join" in jobs.repeats(str(path))
    path.write_text("<svg")
    assert "can’t be read" in jobs.repeats(str(path))
