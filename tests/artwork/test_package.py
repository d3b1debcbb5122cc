"""The delivery ZIPs, opened with zipfile and Pillow."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from elistit.artwork import package

from .conftest import Draw


def files_of(sizes: list[int], folder: Path) -> list[Path]:
    """Real PNGs of a given number of bytes (padded behind their end), so that packing by size can be tested exactly."""
    made = []
    for number, size in enumerate(sizes):
        path = folder / f"{number:02d}.png"
        Image.new("RGBA", (8, 8), (number, 0, 0, 255)).save(path)
        path.write_bytes(path.read_bytes().ljust(size, b"\0"))
        made.append(path)
    return made


def packed(
    files: Sequence[Path],
    out: Path,
    name: str,
    extra: Sequence[Path] = (),
    part_max: int = package.PART_MAX,
    parts_max: int = package.PARTS_MAX,
) -> list[Path]:
    """The ZIPs of a delivery, as the packing job makes them: fitted first, then zipped."""
    reserve = sum(package.cost(f) for f in extra)
    fitted = package.fit(files, out, reserve=reserve, part_max=part_max, parts_max=parts_max)
    return package.zip_parts(fitted.files, out, name, extra, part_max=part_max, parts_max=parts_max)


def noise(px: int, seed: int) -> np.ndarray:
    pixels = np.random.default_rng(seed).integers(0, 255, (px, px, 4), np.uint8)
    pixels[..., 3] = 255
    pixels[: px // 4, :, 3] = 0
    return pixels


def test_what_fits_is_packed_untouched_into_one_zip(draw: Draw, tmp_path: Path) -> None:
    pictures = [draw(seed) for seed in range(3)]
    [made] = packed(pictures, tmp_path / "out", "Woodland Animals", [])
    assert made.name == "Woodland Animals.zip"
    with zipfile.ZipFile(made) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [p.name for p in pictures]
        assert all(archive.read(p.name) == p.read_bytes() for p in pictures)
        assert {i.compress_type for i in archive.infolist()} == {zipfile.ZIP_STORED}


def test_every_part_is_smaller_than_the_limit_and_nothing_is_lost(tmp_path: Path) -> None:
    pictures = files_of([9000, 6000, 5000, 5000, 4000, 3000, 3000, 2500, 1200], tmp_path)
    parts = packed(pictures, tmp_path / "out", "Set", [], part_max=10_000, parts_max=5)
    assert [p.name for p in parts] == [f"Set part {n} of {len(parts)}.zip" for n in range(1, len(parts) + 1)]
    assert all(p.stat().st_size < 10_000 for p in parts)
    names = [name for p in parts for name in zipfile.ZipFile(p).namelist()]
    assert sorted(names) == [p.name for p in pictures]


def test_the_limit_is_exact_to_the_byte(tmp_path: Path) -> None:
    [picture] = files_of([5000], tmp_path)
    whole = packed([picture], tmp_path / "a", "Set", [])[0].stat().st_size
    assert packed([picture], tmp_path / "b", "Set", [], part_max=whole + 1, parts_max=1)
    with pytest.raises(ValueError, match="do not fit"):
        package.zip_parts([picture], tmp_path / "c", "Set", [], part_max=whole, parts_max=1)


def test_the_card_and_the_licences_are_in_part_one(tmp_path: Path) -> None:
    pictures = files_of([4000] * 5, tmp_path)
    card, licences = tmp_path / "product-card.pdf", tmp_path / "LICENSES-ART.txt"
    card.write_bytes(b"c" * 3000)
    licences.write_bytes(b"l" * 500)
    parts = packed(pictures, tmp_path / "out", "Set", [card, licences], part_max=9_000)
    assert zipfile.ZipFile(parts[0]).namelist()[:2] == ["product-card.pdf", "LICENSES-ART.txt"]
    assert all(p.stat().st_size < 9_000 for p in parts)


def test_the_same_files_always_give_the_same_bytes(draw: Draw, tmp_path: Path) -> None:
    pictures = [draw(seed) for seed in range(4)]
    total = sum(p.stat().st_size for p in pictures)
    for part_max in (20_000_000, int(total / 2.5)):
        made = [packed(pictures, tmp_path / f"{part_max}{n}", "Set", [], part_max) for n in "ab"]
        digests = [[hashlib.sha256(p.read_bytes()).hexdigest() for p in parts] for parts in made]
        assert digests[0] == digests[1]
        pictures[0].touch()


def test_when_it_does_not_fit_the_largest_lose_colors_first(draw: Draw, tmp_path: Path) -> None:
    pictures = [draw(noise(260, 1), "large.png"), draw(noise(120, 2), "small.png")]
    before = [p.read_bytes() for p in pictures]
    large, small = (p.stat().st_size for p in pictures)
    fitted = package.fit(pictures, tmp_path / "out", part_max=large // 2 + small + 400, parts_max=1)
    assert (fitted.treatment, fitted.reduced) == ("colors", 1)
    assert fitted.files[1] == pictures[1]
    reduced = Image.open(fitted.files[0])
    assert fitted.files[0].name == "large.png" and reduced.mode == "P" and reduced.size == (260, 260)
    assert reduced.convert("RGBA").getpixel((5, 5))[3] == 0
    assert reduced.convert("RGBA").getpixel((5, 250))[3] == 255
    assert [p.read_bytes() for p in pictures] == before


def test_reduced_copies_keep_300_dpi_and_look_the_same(draw: Draw, tmp_path: Path) -> None:
    source = draw(3, px=800)
    with Image.open(source) as art:
        art.save(source, dpi=(300, 300))
    fitted = package.fit([source], tmp_path / "out", part_max=source.stat().st_size - 1, parts_max=1)
    reduced = Image.open(fitted.files[0])
    assert reduced.info["dpi"] == pytest.approx((300, 300), abs=0.01)
    difference = np.asarray(reduced.convert("RGBA"), np.int16) - np.asarray(Image.open(source), np.int16)
    assert np.abs(difference[..., 3]).max() <= 40 and np.abs(difference[..., 3]).mean() < 0.2
    assert np.abs(difference[np.asarray(reduced.convert("RGBA"))[..., 3] == 255]).mean() < 3


def test_only_then_does_every_picture_get_the_same_smaller_size(
    draw: Draw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "SIZE_STEPS", (200, 150))
    pictures = [draw(noise(300, n), f"{n}.png") for n in range(3)]
    colors = package.fit(pictures, tmp_path / "a", part_max=pictures[0].stat().st_size, parts_max=1)
    assert (colors.treatment, colors.longest_px) in {("colors", 300), ("size", 200), ("size", 150)}
    enough = int(200 * 200 * 1.2 * 3)
    fitted = package.fit(pictures, tmp_path / "b", part_max=enough, parts_max=1)
    assert (fitted.treatment, fitted.longest_px, fitted.reduced) == ("size", 200, 3)
    assert {Image.open(f).size for f in fitted.files} == {(200, 200)}
    assert {Image.open(p).size for p in pictures} == {(300, 300)}


@pytest.mark.parametrize(("room", "treatment"), [(1.1, "lossless"), (0.8, "colors"), (0.2, "size"), (0.02, "")])
def test_copies_made_beforehand_in_any_order_give_the_same_package(
    draw: Draw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: float, treatment: str
) -> None:
    monkeypatch.setattr(package, "SIZE_STEPS", (100, 75))
    pictures = [draw(noise(60 + 15 * n, n), f"{n}.png") for n in range(7)]
    how = {"part_max": int(room * sum(p.stat().st_size for p in pictures)), "parts_max": 1}

    def answer(out: Path) -> tuple[object, ...]:
        try:
            fitted = package.fit(pictures, out, **how)
        except package.TooLarge as refused:
            return "", str(refused)
        return fitted.treatment, fitted.longest_px, fitted.reduced, [f.read_bytes() for f in fitted.files]

    asked = 0
    while found := package.wanted(pictures, tmp_path / "ahead", ahead=2, **how):
        assert 1 <= len(found.pairs) <= 4, "no more than a sample"
        assert not any(copy.exists() for _, copy in found.pairs)
        package.make_copies(package.Copies(found.pairs[::-1], found.px))
        asked += 1
    assert (asked == 0) == (treatment == "lossless")

    def never(*_: object) -> None:
        raise AssertionError("everything it needs was made")

    monkeypatch.setattr(package, "_write_reduced", never)
    ahead = answer(tmp_path / "ahead")
    monkeypatch.undo()
    monkeypatch.setattr(package, "SIZE_STEPS", (100, 75))
    assert ahead == answer(tmp_path / "alone")
    assert ahead[0] == treatment


def test_a_size_that_will_not_do_is_left_before_all_images_are_made(
    draw: Draw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "SIZE_STEPS", (50,))
    pictures = [draw(noise(60, n), f"{n}.png") for n in range(24)]
    package.make_copies(one := package.Copies([(pictures[0], tmp_path / "one.png")], 50))
    enough = 24 * (one.pairs[0][1].stat().st_size + package.cost(pictures[0], "") - pictures[0].stat().st_size + 20)
    made: list[Path] = []
    real = package._write_reduced
    monkeypatch.setattr(package, "_write_reduced", lambda src, out, *rest: (made.append(out), real(src, out, *rest)))
    fitted = package.fit(pictures, tmp_path / "fits", part_max=int(enough * 1.02), parts_max=1)
    assert (fitted.treatment, fitted.reduced) == ("size", 24)
    for share, most in ((0.9, 16), (0.7, 6)):
        made.clear()
        with pytest.raises(package.TooLarge):
            package.fit(pictures, tmp_path / f"{share}", part_max=int(enough * share), parts_max=1)
        assert 4 < len(made) <= most + 4, "the first four with fewer colors, then some of the smaller size"


def test_a_set_that_can_never_fit_is_refused_in_one_sentence(draw: Draw, tmp_path: Path) -> None:
    pictures = [draw(noise(200, n), f"{n}.png") for n in range(3)]
    with pytest.raises(ValueError, match=r"^The 3 images do not fit into 2 ZIP files of 0 MB, .*\.$"):
        packed(pictures, tmp_path / "out", "Set", [], part_max=3000, parts_max=2)
    assert not list((tmp_path / "out").glob("*.zip"))


def test_two_files_of_one_name_both_arrive_under_names_unlike_on_any_computer(draw: Draw, tmp_path: Path) -> None:
    one = draw(noise(120, 1), "a.png")
    (tmp_path / "more").mkdir()
    other = tmp_path / "more" / "A.png"
    draw(noise(120, 2), "other.png").rename(other)
    [whole] = packed([one, other], tmp_path / "whole", "Set", [])
    small = packed([one, other], tmp_path / "small", "Set", [], part_max=26_000, parts_max=2)
    for parts in ([whole], small):
        found = {name: z.read(name) for part in parts for z in [zipfile.ZipFile(part)] for name in z.namelist()}
        assert set(found) == {"a.png", "A-2.png"}
        assert found["a.png"] != found["A-2.png"]
        assert parts == small or (found["a.png"], found["A-2.png"]) == (one.read_bytes(), other.read_bytes())


def test_an_empty_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing to pack"):
        packed([], tmp_path, "Set", [])


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Woodland Animals", "Woodland Animals"),
        ("Fêtes & cœurs: été/hiver", "Fetes coeurs ete hiver"),
        ("../../etc/passwd", "etc passwd"),
        ("狐", "Hu"),
        ("\u200b.\u202e", "files"),
        ("con.png", "con_.png"),
        ("Łódź. ", "Lodz"),
        ("a" * 200, "a" * 80),
    ],
)
def test_names_are_safe_on_any_computer(name: str, safe: str) -> None:
    assert package.safe_name(name) == safe
