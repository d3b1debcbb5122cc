"""The automatic checks on good pictures and on pictures broken on purpose, one fault at a time."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageFilter

from elistit.artwork import checks, export
from elistit.artwork.export import ImageBroken

from .conftest import Draw, blob


def codes(path: Path, *, transparent: bool = True, min_px: int = 512) -> list[str]:
    return [flag.code for flag in checks.check_image(path, transparent=transparent, min_px=min_px)]


@pytest.mark.parametrize("seed", range(12))
def test_a_good_picture_is_not_flagged(draw: Draw, seed: int) -> None:
    assert codes(draw(seed, px=1024, reach=0.2 + seed / 60)) == []


@pytest.mark.parametrize("seed", range(6))
def test_a_picture_flattened_on_white_is_not_transparent(draw: Draw, seed: int) -> None:
    art = Image.fromarray(blob(seed, 800))
    flat = Image.new("RGBA", art.size, "white")
    flat.alpha_composite(art)
    assert codes(draw(np.asarray(flat))) == ["not_transparent"]


def test_a_picture_without_alpha_is_not_transparent(draw: Draw) -> None:
    assert codes(draw(blob(1, 800)[..., :3])) == ["not_transparent"]


def test_a_background_left_in_with_a_few_holes_is_not_transparent(draw: Draw) -> None:
    pixels = blob(1, 800)
    pixels[..., 3] = 255
    pixels[300:420, 300:420, 3] = 0
    pixels[..., :3][blob(1, 800)[..., 3] == 0] = (240, 236, 230)
    assert codes(draw(pixels)) == ["not_transparent"]


@pytest.mark.parametrize("edge", ["top", "bottom", "left", "right"])
def test_a_subject_cut_off_is_flagged_with_the_edge(draw: Draw, edge: str) -> None:
    pixels = blob(3, 900, reach=0.34)
    cut = {"top": pixels[330:], "bottom": pixels[:570], "left": pixels[:, 330:], "right": pixels[:, :570]}[edge]
    [flag] = checks.check_image(draw(np.ascontiguousarray(cut)), transparent=True, min_px=512)
    assert (flag.code, flag.words) == ("cut_off", f"The subject is cut off at the {edge} edge.")


@pytest.mark.parametrize("seed", range(6))
def test_a_rim_of_white_background_is_a_halo(draw: Draw, seed: int) -> None:
    art = Image.fromarray(blob(seed, 1024, reach=0.33))
    wide = art.getchannel("A").filter(ImageFilter.MaxFilter(7))
    white = Image.new("RGBA", art.size, "white")
    white.alpha_composite(art)
    white.putalpha(wide)
    assert codes(draw(np.asarray(white))) == ["halo"]


def test_a_pale_subject_with_a_pale_rim_is_not_a_halo(draw: Draw) -> None:
    pixels = blob(2, 1024)
    pixels[..., :3] = 235
    assert codes(draw(pixels)) == []


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((600, 600, 4), np.uint8), blob(1, 600, reach=0.05), np.full((600, 600, 4), 255, np.uint8)],
    ids=["empty", "a dot", "all white"],
)
def test_a_picture_with_next_to_nothing_on_it_is_nearly_blank(draw: Draw, pixels: np.ndarray) -> None:
    assert codes(draw(pixels)) == ["nearly_blank"]


def test_a_ghost_of_a_picture_is_nearly_blank(draw: Draw) -> None:
    pixels = blob(1, 600)
    pixels[..., 3] //= 8
    assert codes(draw(pixels)) == ["nearly_blank"]


def test_a_small_picture_is_flagged_with_both_sizes(draw: Draw) -> None:
    [flag] = checks.check_image(draw(1, px=400), transparent=True, min_px=1024)
    assert flag.code == "too_small"
    assert "400 × 400" in flag.words and "1024" in flag.words


def test_an_opaque_product_is_not_asked_for_transparency(draw: Draw) -> None:
    assert codes(draw(blob(1, 600)[..., :3]), transparent=False) == []
    assert codes(draw(np.full((600, 600, 3), 200, np.uint8)), transparent=False) == ["nearly_blank"]


def test_different_subjects_are_far_apart_and_repeats_are_near(draw: Draw) -> None:
    limit = checks.LIMITS.duplicate_distance
    prints = [checks.signature(draw(seed, px=700)) for seed in range(8)]
    distances = [checks.distance(a, b) for i, a in enumerate(prints) for b in prints[:i]]
    assert min(distances) > limit
    again = blob(0, 700).astype(np.int16)
    again[..., :3] += np.random.default_rng(5).integers(-14, 15, again[..., :3].shape, np.int16)
    noisy = checks.signature(draw(np.clip(again, 0, 255).astype(np.uint8), "noisy.png"))
    assert checks.distance(prints[0], noisy) < limit


def test_a_moved_shrunk_or_mirrored_copy_is_the_same_picture(draw: Draw) -> None:
    art = Image.fromarray(blob(4, 600))
    moved = Image.new("RGBA", (900, 900))
    moved.paste(art.resize((420, 420), Image.LANCZOS), (30, 400))
    original, limit = checks.signature(draw(4)), checks.LIMITS.duplicate_distance / 2
    assert checks.distance(original, checks.signature(draw(np.asarray(moved), "moved.png"))) < limit
    mirrored = np.asarray(art.transpose(Image.FLIP_LEFT_RIGHT))
    assert checks.distance(original, checks.signature(draw(mirrored, "mirrored.png"))) < limit


def test_an_added_accessory_makes_another_picture(draw: Draw) -> None:
    dressed = blob(4, 600)
    dressed[250:330, 240:360, :3] = (200, 40, 40)
    plain = checks.signature(draw(4))
    assert checks.distance(plain, checks.signature(draw(dressed, "dressed.png"))) > checks.LIMITS.duplicate_distance


@pytest.mark.parametrize("name", ["rgba.png", "rgb.png", "deep.png", "palette.png", "photo.jpg", "photo.webp"])
def test_an_image_read_once_is_judged_as_when_read_each_time(tmp_path: Path, name: str) -> None:
    path, art = tmp_path / name, Image.fromarray(blob(6, 1300)[:1200])
    if name == "deep.png":
        cv2.imwrite(str(path), blob(6, 1300).astype(np.uint16) * 257)
    elif name == "palette.png":
        art.quantize(64).save(path)
    else:
        (art if name == "rgba.png" else art.convert("RGB")).save(path)
    seen = checks.look(path)
    asked = {"transparent": True, "min_px": 1250}
    assert checks.check_seen(seen, **asked) == checks.check_image(path, **asked)
    assert seen.signature == checks.signature(path)
    assert np.array_equal(seen.rgba, checks._load(path, checks.LIMITS.work_px))
    once, again = tmp_path / "once.webp", tmp_path / "again.webp"
    assert export.write_preview(seen.small, once) == export.preview(path, again)


def test_looking_at_a_damaged_image_says_so(draw: Draw, tmp_path: Path) -> None:
    whole = draw(1).read_bytes()
    (tmp_path / "half.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ImageBroken, match="breaks off"):
        checks.look(tmp_path / "half.png")


def test_the_percentile_of_counts_is_that_of_the_values() -> None:
    values = np.random.default_rng(3).integers(0, 256, 10_007).astype(np.uint8)
    for percent in (1, 50, 99, 100):
        assert checks._percentile(np.bincount(values, minlength=256), percent) == pytest.approx(
            float(np.percentile(values, percent))
        )


def test_a_duplicate_names_the_image_it_looks_like() -> None:
    assert checks.duplicate_flag(3).words == "Looks nearly the same as image 3."


def test_a_signature_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="bytes long"):
        checks.distance(b"short", b"short")


def test_a_whole_picture_of_the_right_size_is_usable(draw: Draw) -> None:
    assert checks.usable(draw(1, px=600), 600, 600) is None
    assert checks.usable(draw(blob(1, 600)[..., :3], "opaque.png"), 600, 600) is None


def test_every_useless_picture_gets_a_plain_reason(draw: Draw, tmp_path: Path) -> None:
    whole = draw(1).read_bytes()
    (tmp_path / "half.png").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "empty.png").write_bytes(b"")
    reasons = {
        "size": checks.usable(draw(1), 1024, 1024),
        "half": checks.usable(tmp_path / "half.png", 600, 600),
        "empty": checks.usable(tmp_path / "empty.png", 600, 600),
        "absent": checks.usable(tmp_path / "absent.png", 600, 600),
        "clear": checks.usable(draw(np.zeros((600, 600, 4), np.uint8), "clear.png"), 600, 600),
        "white": checks.usable(draw(np.full((600, 600, 3), 255, np.uint8), "white.png"), 600, 600),
    }
    assert all(reason and reason.endswith(".") for reason in reasons.values()), reasons
    assert "600 × 600" in str(reasons["size"])
    assert len(set(reasons.values())) == 6
