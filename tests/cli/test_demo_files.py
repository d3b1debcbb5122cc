"""The demo's reader of files: it must see what is wrong, or its proof is worth nothing."""

from __future__ import annotations

import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
import pyvips

from elistit.cli import demo, demo_collect, demo_files
from elistit.cli.frame import BadInput

PX = 64


def draw(file: Path, *, color: str = "#a33", px: int = PX, dpi: int = 300, background: bool = False) -> Path:
    square = f'<rect width="8" height="8" fill="{color}"/>' if background else ""
    shape = f'<circle cx="4" cy="4" r="3" fill="{color}"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8" width="8" height="8">{square}{shape}</svg>'
    image = pyvips.Image.svgload_buffer(svg.encode(), scale=px / 8)
    if background:
        image = image.flatten()
    image.copy(xres=dpi / 25.4, yres=dpi / 25.4).pngsave(str(file))
    return file


def test_good_print_files_are_found_good(tmp_path: Path) -> None:
    files = [draw(tmp_path / f"{c}.png", color=f"#{c}") for c in ("a33", "3a3", "33a")]
    found, check = demo_files.pictures(files, 3, PX, 300)
    assert check.ok, check.problems
    assert found[0].width == found[0].height == PX
    assert found[0].dpi == 300


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"px": 32}, "32 × 32 px instead of 64 × 64"),
        ({"dpi": 72}, "72 DPI instead of 300"),
        ({"background": True}, "no transparent background"),
    ],
)
def test_a_wrong_print_file_is_found(tmp_path: Path, wrong: dict[str, object], words: str) -> None:
    _, check = demo_files.pictures([draw(tmp_path / "a.png", **wrong)], 1, PX, 300)  # type: ignore[arg-type]
    assert not check.ok
    assert any(words in p for p in check.problems), check.problems


def test_a_missing_a_repeated_and_a_broken_picture_are_found(tmp_path: Path) -> None:
    one = draw(tmp_path / "1.png")
    two = draw(tmp_path / "2.png")
    assert "identical" in str(demo_files.pictures([one, two], 2, PX, 300)[1].problems)
    assert "1 images instead of 2" in str(demo_files.pictures([one], 2, PX, 300)[1].problems)
    two.write_bytes(one.read_bytes()[:-40])
    assert not demo_files.pictures([one, two], 2, PX, 300)[1].ok
    two.write_bytes(b"GIF89a")
    assert "not a PNG" in str(demo_files.pictures([one, two], 2, PX, 300)[1].problems)


def test_a_zip_must_hold_every_image_and_stay_within_the_limits(tmp_path: Path) -> None:
    archive = tmp_path / "delivery.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("set/1.png", b"x")
    assert demo_files.zips([archive], ["1.png"]).ok
    assert "2.png" in str(demo_files.zips([archive], ["1.png", "2.png"]).problems)
    assert not demo_files.zips([], []).ok
    assert not demo_files.zips([archive] * 6, ["1.png"]).ok
    archive.write_bytes(archive.read_bytes()[:-10])
    assert not demo_files.zips([archive], ["1.png"]).ok


def test_a_draft_must_be_there_with_all_its_pictures_and_files() -> None:
    good = {"state": "draft", "images": [1, 2, 3], "files": [1, 2]}
    assert demo_files.draft(good, "created", 3, 2).ok
    assert not demo_files.draft(None, "created", 3, 2).ok
    assert not demo_files.draft({**good, "state": "active"}, "created", 3, 2).ok
    assert not demo_files.draft({**good, "files": [1]}, "created", 3, 2).ok


def test_a_card_that_does_not_open_is_found(tmp_path: Path) -> None:
    assert not demo_files.card(None).ok
    (tmp_path / "card.pdf").write_bytes(b"%PDF-1.4 nothing")
    assert not demo_files.card(tmp_path / "card.pdf").ok


def test_a_broken_listing_is_found() -> None:
    text = SimpleNamespace(title="A" * 141, tags=["one"], description="", price_cents=0, currency="")
    check = demo_files.listing(text, [], [])
    assert not check.ok
    assert len(check.problems) >= 4


def test_lost_and_refunded_images_are_not_expected_but_silently_missing_ones_are() -> None:
    items = [
        {"state": "made", "refunded": 0},
        {"state": "blocked", "refunded": 1},
        {"state": "failed", "refunded": 0},
        {"state": "pending", "refunded": 0},
    ]
    assert demo_collect.expected_images({"items": items}) == 3


def test_an_earlier_demo_is_replaced_and_nothing_else_is_touched(tmp_path: Path) -> None:
    out = tmp_path / "out"
    demo.make_folder(demo.usable_folder(out))
    (out / "images").mkdir()
    (out / "images" / "1.png").write_text("old")
    (tmp_path / "precious.txt").write_text("mine")
    (out / demo.MARK).write_text("images/1.png\n../precious.txt\n/etc/hostname\n")
    demo.make_folder(demo.usable_folder(out))
    assert not (out / "images" / "1.png").exists()
    assert (tmp_path / "precious.txt").read_text() == "mine"
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x").write_text("")
    with pytest.raises(BadInput, match="other files"):
        demo.usable_folder(tmp_path / "other")
