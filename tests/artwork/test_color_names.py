"""The colors of a picture have the names a person gives them, and a color that is not there has none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import pyvips

from elistit.artwork import color_names

PAINTED = {
    "red": (200, 30, 30), "orange": (240, 130, 20), "yellow": (250, 225, 60), "green": (60, 140, 70), "teal": (20, 130, 130),
    "blue": (40, 80, 190), "purple": (120, 60, 160), "pink": (240, 170, 190), "brown": (110, 70, 40), "black": (10, 10, 10),
    "white": (250, 250, 250), "gray": (128, 128, 128), "beige": (235, 220, 190),
}  # fmt: skip
FAR = {"red": "green", "green": "red", "blue": "orange", "yellow": "blue", "teal": "red", "purple": "green", "black": "white",
       "white": "black", "orange": "blue", "pink": "green", "brown": "blue", "gray": "red", "beige": "blue"}  # fmt: skip


def picture(path: Path, pixels: np.ndarray) -> str:
    pyvips.Image.new_from_array(pixels.astype(np.uint8), interpretation="srgb").write_to_file(str(path))
    return str(path)


@pytest.mark.parametrize("name", sorted(PAINTED))
def test_a_color_has_its_name_and_not_that_of_a_far_one(name: str, tmp_path: Path) -> None:
    found = color_names.of([picture(tmp_path / "a.png", np.full((40, 40, 3), PAINTED[name]))])
    assert found is not None and name in found and FAR[name] not in found


def test_a_small_part_counts_and_a_speck_does_not(tmp_path: Path) -> None:
    pixels = np.full((100, 100, 3), PAINTED["white"])
    pixels[:20, :20] = PAINTED["red"]
    pixels[90:91, 90:93] = PAINTED["blue"]
    found = color_names.of([picture(tmp_path / "a.png", pixels)])
    assert found is not None and "red" in found and "blue" not in found


def test_what_cannot_be_seen_does_not_count(tmp_path: Path) -> None:
    pixels = np.zeros((60, 60, 4))
    pixels[..., :3] = PAINTED["blue"]
    pixels[20:40, 20:40, :3] = PAINTED["red"]
    pixels[20:40, 20:40, 3] = 255
    found = color_names.of([picture(tmp_path / "a.png", pixels)])
    assert found is not None and "red" in found and "blue" not in found


def test_pictures_are_taken_together_and_broken_ones_left_aside(tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    paths = [str(broken), *(picture(tmp_path / f"{n}.png", np.full((8, 8, 3), PAINTED[n])) for n in ("red", "blue"))]
    found = color_names.of(paths)
    assert found is not None and {"red", "blue"} <= set(found)
    assert color_names.of([str(broken)]) is None and color_names.of([]) is None
