"""Print files of wall art and posters, read back with Pillow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageDraw

from elistit.artwork import crop


def master(path: Path, size: tuple[int, int], *, sun: tuple[float, float] = (0.5, 0.3), noise: int = 0) -> Path:
    """A cream sheet with a red disc whose middle is at `sun`, as parts of the size."""
    width, height = size
    pixels = np.full((height, width, 3), (246, 238, 222), np.int16)
    if noise:
        pixels += np.random.default_rng(5).integers(-noise, noise + 1, pixels.shape, np.int16)
    image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    r = 0.14 * width
    x, y = sun[0] * width, sun[1] * height
    ImageDraw.Draw(image).ellipse((x - r, y - r, x + r, y + r), fill=(190, 70, 40))
    image.save(path)
    return path


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> list[crop.Print]:
    folder = tmp_path_factory.mktemp("prints")
    return crop.ratio_set(master(folder / "m.png", (768, 1024), noise=3), folder / "out", stem="boho-sun")


def test_wall_art_makes_exactly_the_five_ratios_at_their_print_sizes(five: list[crop.Print]) -> None:
    wanted = {
        "2x3": (7200, 10800),
        "3x4": (5400, 7200),
        "4x5": (4800, 6000),
        "11x14": (3300, 4200),
        "ISO-A": (7016, 9933),
    }
    assert {p.ratio: (p.width, p.height) for p in five} == wanted
    for made in five:
        with Image.open(made.path) as image:
            assert image.size == wanted[made.ratio]
            assert image.format == "JPEG"
            assert image.mode == "RGB"
            assert tuple(round(v) for v in image.info["dpi"]) == (300, 300)
            profile = ImageCms.ImageCmsProfile(__import__("io").BytesIO(image.info["icc_profile"]))
            assert "sRGB" in ImageCms.getProfileDescription(profile)


def test_every_print_file_is_smaller_than_20_mb(five: list[crop.Print]) -> None:
    assert all(p.path.stat().st_size == p.bytes < 20_000_000 for p in five)


def test_print_files_carry_no_camera_or_author_data(five: list[crop.Print]) -> None:
    with Image.open(five[3].path) as image:
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "icc_profile"}


def test_a_landscape_master_makes_landscape_prints(tmp_path: Path) -> None:
    source = master(tmp_path / "m.png", (1024, 768))
    made = crop.print_file(source, tmp_path / "p.jpg", "3:2", (12, 8))
    with Image.open(made.path) as image:
        assert image.size == (3600, 2400)


@pytest.mark.parametrize("where", [0.12, 0.5, 0.88])
def test_the_subject_is_whole_wherever_it_stands(tmp_path: Path, where: float) -> None:
    source = master(tmp_path / "m.png", (600, 1200), sun=(0.5, where))
    found = crop.window(source, 1.0)
    assert (found.width, found.height) == (600, 600)
    assert found.top <= where * 1200 - 0.14 * 600
    assert found.top + found.height >= where * 1200 + 0.14 * 600
    assert found.kept > 0.95


def test_without_a_subject_the_middle_is_kept(tmp_path: Path) -> None:
    Image.new("RGB", (600, 1200), (200, 210, 220)).save(tmp_path / "m.png")
    assert abs(crop.window(tmp_path / "m.png", 1.0).top - 300) <= 4


def test_the_window_is_as_large_as_the_ratio_allows(tmp_path: Path) -> None:
    source = master(tmp_path / "m.png", (768, 1024))
    for ratio in (2 / 3, 0.8, 11 / 14, 1.6):
        found = crop.window(source, ratio)
        assert found.width == 768 or found.height == 1024
        assert abs(found.width / found.height - ratio) < 0.002


def test_a_picture_too_detailed_at_full_size_is_printed_at_the_next_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crop, "BYTES_MAX", 1_500_000)
    ratio = crop.Ratio("4x5", ((8, 10), (4, 5)))
    made = crop._first_that_fits(master(tmp_path / "m.png", (800, 1000), noise=60), tmp_path, "x", ratio)
    assert made.bytes < 1_500_000
    assert (made.width, made.height) == (1200, 1500)


def test_quality_falls_before_size_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = master(tmp_path / "m.png", (800, 1000), noise=25)
    best = crop.print_file(source, tmp_path / "a.jpg", "4:5", (4, 5))
    monkeypatch.setattr(crop, "BYTES_MAX", best.bytes - 1)
    assert crop.print_file(source, tmp_path / "b.jpg", "4:5", (4, 5)).quality == 88


def test_the_same_master_gives_the_same_bytes(tmp_path: Path) -> None:
    source = master(tmp_path / "m.png", (500, 750), noise=4)
    for name in ("a.jpg", "b.jpg"):
        crop.print_file(source, tmp_path / name, "2:3", (4, 6))
    assert (tmp_path / "a.jpg").read_bytes() == (tmp_path / "b.jpg").read_bytes()


def test_flat_art_gets_no_grain_and_textured_art_keeps_its_own(tmp_path: Path) -> None:
    assert crop._own_grain(master(tmp_path / "flat.png", (600, 800))) == 0
    assert crop._own_grain(master(tmp_path / "grainy.png", (600, 800), noise=6)) > 1


@pytest.mark.parametrize(("ratio", "inches"), [("2:3", (8, 10)), ("x", (8, 12)), ("2:3", (-8, -12))])
def test_a_poster_of_the_wrong_ratio_is_refused(tmp_path: Path, ratio: str, inches: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="ratio"):
        crop.print_file(master(tmp_path / "m.png", (400, 600)), tmp_path / "p.jpg", ratio, inches)


def test_a_transparent_master_is_printed_on_white(tmp_path: Path) -> None:
    Image.new("RGBA", (400, 600), (10, 20, 30, 0)).save(tmp_path / "m.png")
    made = crop.print_file(tmp_path / "m.png", tmp_path / "p.png", "2:3", (2, 3))
    with Image.open(made.path) as image:
        assert image.size == (600, 900)
        assert image.convert("RGB").getextrema() == ((255, 255), (255, 255), (255, 255))


def test_the_sizes_in_words_begin_with_the_file_that_was_made() -> None:
    by_name = {r.name: r for r in crop.RATIOS}
    assert crop.sizes_in_words(by_name["2x3"], (24, 36)) == "24 × 36 in · 20 × 30 in · 16 × 24 in · 12 × 18 in"
    assert crop.sizes_in_words(by_name["2x3"], (24, 16)) == "24 × 16 in · 18 × 12 in"
    assert crop.sizes_in_words(by_name["ISO-A"], by_name["ISO-A"].sizes[1]) == "A2 · A3 · A4 · A5"
