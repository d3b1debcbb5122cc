"""Rooms, flat lays and the seller's own scene: right size and kind, the art really shown, bad corners refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from elistit.artwork import crop, jobs, mockup_jobs, placing, room
from tests.artwork.conftest import Draw


@pytest.fixture
def art(tmp_path: Path) -> Path:
    """Four plain quarters: red, green, blue, yellow."""
    pixels = np.zeros((600, 400, 3), np.uint8)
    pixels[:300, :200], pixels[:300, 200:], pixels[300:, :200], pixels[300:, 200:] = (
        (200, 40, 40), (40, 160, 60), (40, 60, 190), (230, 200, 60),
    )  # fmt: skip
    Image.fromarray(pixels).save(tmp_path / "art.png")
    return tmp_path / "art.png"


def near(pixel: tuple[int, ...], color: tuple[int, int, int], by: int = 24) -> bool:
    return all(abs(a - b) <= by for a, b in zip(pixel, color, strict=True))


def test_wall_art_gets_three_listing_pictures(art: Path, tmp_path: Path) -> None:
    prints = [{"ratio": r.name, "inches": list(r.sizes[0])} for r in crop.RATIOS]
    made = mockup_jobs.wall_art_mockups(str(tmp_path), "Four Colors", str(art), prints)
    assert [Path(p).name for p in made] == ["1-room.jpg", "2-sizes.jpg", "3-close.jpg"]
    for path in made:
        with Image.open(path) as image:
            assert (image.size, image.format, image.mode) == ((2000, 1600), "JPEG", "RGB")
        assert Path(path).stat().st_size < 4_000_000


@pytest.mark.parametrize("frame", ["oak", "black"])
def test_the_art_hangs_in_the_room_unchanged_in_color(art: Path, tmp_path: Path, frame: str) -> None:
    room.room(tmp_path / "r.jpg", art, frame=frame)
    image = Image.open(tmp_path / "r.jpg")
    for x, y, color in (
        (900, 550, (200, 40, 40)),
        (1100, 550, (40, 160, 60)),
        (900, 800, (40, 60, 190)),
        (1100, 800, (230, 200, 60)),
    ):
        assert near(image.getpixel((x, y)), color), (x, y)  # type: ignore[arg-type]


def test_an_unknown_frame_is_refused(art: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="oak"):
        room.room(tmp_path / "r.jpg", art, frame="gold")


CORNERS = [(300.0, 200.0), (700.0, 260.0), (680.0, 760.0), (320.0, 700.0)]


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    """A gray wall with a white empty frame that is darker towards the bottom."""
    pixels = np.full((900, 1000, 3), 150, np.uint8)
    pixels[180:780, 280:720] = np.linspace(250, 215, 600)[:, None, None]
    Image.fromarray(pixels).save(tmp_path / "scene.png")
    return tmp_path / "scene.png"


def test_each_corner_of_the_art_lands_on_its_corner_of_the_frame(scene: Path, art: Path, tmp_path: Path) -> None:
    placing.placed(tmp_path / "out.jpg", scene, art, CORNERS, light=False, crop_to_fit=False)
    image = Image.open(tmp_path / "out.jpg")
    assert image.size == (1000, 900)
    for (x, y), (dx, dy), color in zip(
        CORNERS, ((12, 12), (-12, 12), (-12, -12), (12, -12)), ((200, 40, 40), (40, 160, 60), (230, 200, 60), (40, 60, 190)),
        strict=True,
    ):  # fmt: skip
        assert near(image.getpixel((round(x + dx), round(y + dy))), color)  # type: ignore[arg-type]


def test_outside_the_corners_the_scene_stays_as_it_is(scene: Path, art: Path, tmp_path: Path) -> None:
    placing.placed(tmp_path / "out.jpg", scene, art, CORNERS)
    before, after = np.asarray(Image.open(scene)).astype(int), np.asarray(Image.open(tmp_path / "out.jpg")).astype(int)
    outside = np.ones(before.shape[:2], bool)
    outside[190:770, 290:710] = False
    assert np.abs(before - after)[outside].max() <= 6


def test_the_art_takes_on_the_light_of_the_frame_only_when_asked(scene: Path, art: Path, tmp_path: Path) -> None:
    for light in (True, False):
        placing.placed(tmp_path / f"{light}.jpg", scene, art, CORNERS, light=light)
    lit, plain = (np.asarray(Image.open(tmp_path / f"{n}.jpg")).astype(float) for n in (True, False))
    assert lit[680, 400].sum() < plain[680, 400].sum() * 0.97


@pytest.mark.parametrize(
    ("corners", "word"),
    [
        ([(0, 0), (100, 0), (100, 100)], "Four"),
        ([(300, 200), (320, 700), (680, 760), (700, 260)], "clockwise"),
        ([(300, 200), (680, 760), (700, 260), (320, 700)], "clockwise"),
        ([(300, 200), (2000, 260), (680, 760), (320, 700)], "outside"),
        ([(300, 200), (310, 200), (310, 210), (300, 210)], "close"),
        ([(float("nan"), 200), (700, 260), (680, 760), (320, 700)], "Four"),
    ],
)
def test_corners_that_make_no_frame_are_refused(
    scene: Path, art: Path, tmp_path: Path, corners: list[tuple[float, float]], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        placing.placed(tmp_path / "out.jpg", scene, art, corners)
    assert not (tmp_path / "out.jpg").exists()


def test_stickers_and_cards_get_their_listing_pictures(draw: Draw, art: Path, tmp_path: Path) -> None:
    pairs = []
    for seed in (1, 2, 3):
        png, svg = tmp_path / f"{seed}-cut.png", tmp_path / f"{seed}.svg"
        jobs.die_cut(str(draw(seed, f"{seed}.png", px=400)), str(png), str(svg))
        pairs.append([str(png), str(svg)])
    (sheet,) = jobs.sticker_sheets(pairs, str(tmp_path / "sheets"))
    made = mockup_jobs.sticker_mockups(
        str(tmp_path), "Three Friends", "3 die-cut stickers · print sheet", pairs, sheet["png"]
    )
    jobs.folded_card(str(art), str(tmp_path / "c.pdf"), str(tmp_path / "c.png"), "Card", {"inside": "Thank you"})
    made += mockup_jobs.card_mockups(str(tmp_path), "Card", str(tmp_path / "c.png"), {"inside": "Thank you"})
    made += mockup_jobs.poster_mockups(str(tmp_path), str(art))
    assert len(made) == 3 + 3 + 3
    for path in made:
        with Image.open(path) as image:
            assert image.size == (2000, 1600)
            assert np.asarray(image).std() > 5
