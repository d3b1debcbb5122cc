"""The public calls: an idea comes to a plan, a pick to pixels or a drawing, and what makes no sense is refused in words."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
import pyvips

import elistit_artist
from elistit_artist import CannotDraw, Image, Pick, Vector, compose, draw, figures, understand

PACKAGE = Path(__file__).parents[1]
README = (PACKAGE / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def fox() -> Pick:
    return understand("a fox", count=1).picks[0]


def test_the_five_lines_of_the_readme_work_without_the_studio(tmp_path: Path) -> None:
    [script] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len([line for line in script.splitlines() if line.strip()]) <= 5
    studio = "import sys; assert not [m for m in sys.modules if m.split('.')[0] in ('elistit', 'django')]"
    done = subprocess.run(
        [sys.executable, "-c", f"{script}\n{studio}"], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(PACKAGE / "src")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    made = sorted(tmp_path.iterdir())
    assert len(made) == 3 and all(m.suffix == ".png" for m in made)
    for file in made:
        image = pyvips.Image.new_from_file(str(file))
        assert (image.width, image.height, image.bands) == (512, 512, 4) and 0.05 < image[3].avg() / 255 < 0.95


def test_the_readme_says_what_is_there() -> None:
    figure_count, composition_count = re.search(r"(\d+) figures, (\d+) compositions", README).groups()  # type: ignore[union-attr]
    assert (int(figure_count), int(composition_count)) == (len(figures.catalogue()), len(compose.catalogue()))
    said = README[README.index("`style` is one of `STYLES`") :].partition("It\ndecides")[0]
    assert tuple(re.findall(r"`([a-z]+)`", said)[1:]) == elistit_artist.STYLES
    assert {"clipart", "sticker", "svg", "wall_art", "poster", "greeting_card"} == set(elistit_artist.PRODUCTS)


def test_a_plan_has_as_many_picks_as_asked_and_says_what_is_not_drawn() -> None:
    plan = understand("foxes and spaceship engines", count=5)
    assert len(plan.picks) == 5 and plan.picks[0].subject == "fox"
    assert "foxes" in plan.used and "engines" in plan.unused and "engines" in plan.note


def test_the_same_arguments_give_the_same_image_and_another_seed_another(fox: Pick) -> None:
    once, again, other = (draw(fox, "flat", 128, seed).pixels for seed in (3, 3, 4))
    assert once.dtype == np.uint8 and once.shape == (128, 128, 4)
    assert np.array_equal(once, again) and not np.array_equal(once, other)


def test_a_pick_survives_json_and_names_no_module(fox: Pick) -> None:
    """Users keep picks: a later version with its modules elsewhere still draws them."""
    assert "elistit" not in json.dumps(dataclasses.asdict(fox))
    kept = Pick(**json.loads(json.dumps(dataclasses.asdict(fox))))
    assert np.array_equal(draw(kept, "flat", 96).pixels, draw(fox, "flat", 96).pixels)


def test_an_image_fills_its_sheet_only_when_asked_to(fox: Pick) -> None:
    clear, full = draw(fox, "gouache", 96), draw(fox, "gouache", 96, transparent=False)
    assert (clear.pixels[..., 3] == 0).any() and (full.pixels[..., 3] == 255).all()


def test_size_is_the_longer_side_of_a_composed_image_or_both_sides() -> None:
    [pick] = understand("rolling hills", count=1, product="wall_art", ratio="3:4").picks
    image = draw(pick, "flat", 200)
    assert (image.width, image.height) == (150, 200) and (image.pixels[..., 3] == 255).all()
    assert draw(pick, "flat", (120, 160)).pixels.shape == (160, 120, 4)


def test_a_vector_is_the_layered_drawing(fox: Pick, tmp_path: Path) -> None:
    made = draw(fox, vector=True)
    assert isinstance(made, Vector)
    made.save(tmp_path / "new" / "fox.svg")
    root = ET.fromstring((tmp_path / "new" / "fox.svg").read_text(encoding="utf-8"))
    layers = [e for e in root.iter() if e.tag.endswith("}g") and e.get("id")]
    assert made.layers == len(layers) > 2
    assert made.colors == len(set(re.findall(r'fill="(#\w{6})"', made.svg)))


def test_a_saved_image_is_the_image(fox: Pick, tmp_path: Path) -> None:
    image = draw(fox, "kawaii", 96)
    assert isinstance(image, Image)
    image.save(str(tmp_path / "fox.png"))
    read = pyvips.Image.new_from_file(str(tmp_path / "fox.png"))
    assert np.array_equal(read.numpy(), image.pixels)
    assert round(read.xres * 25.4) == 300


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"count": 0}, "at least one"), ({"style": "oil"}, "no style"), ({"product": "mug"}, "no product"), ({"ratio": "wide"}, "like 3:4"),
     ({"ratio": "1:0"}, "like 3:4"), ({"ratio": "4:1"}, "1:3 to 3:1"), ({"ratio": "nan:1"}, "1:3 to 3:1")],
)  # fmt: skip
def test_a_plan_of_nothing_is_refused(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        understand("a fox", **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(("style", "size"), [("oil", 128), ("flat", 63), ("flat", 7201), ("flat", (128, 32))])
def test_a_style_or_size_that_is_none_is_refused(fox: Pick, style: str, size: int | tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"there is no style|pixels a side"):
        draw(fox, style, size)


def test_a_composed_image_is_refused_in_a_style_that_paints_none() -> None:
    [pick] = understand("rolling hills", count=1, product="poster").picks
    with pytest.raises(ValueError, match="composed"):
        draw(pick, "lineart", 128)


@pytest.mark.parametrize("vector", [False, True])
@pytest.mark.parametrize("subject", ["unicorn of tomorrow", "fluent:kite"])
def test_a_pick_of_what_is_not_there_cannot_be_drawn(fox: Pick, subject: str, vector: bool) -> None:
    gone = Pick(subject, "", {**fox.art, "subject": subject})
    with pytest.raises(CannotDraw, match=subject):
        draw(gone, size=128, vector=vector)  # type: ignore[call-overload]


def test_the_package_is_typed() -> None:
    assert (Path(elistit_artist.__file__).parent / "py.typed").is_file()
