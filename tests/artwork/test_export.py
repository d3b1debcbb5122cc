"""Print files and previews, read back with Pillow."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from elistit.artwork import export

from .conftest import Draw, blob


def test_a_print_file_has_the_same_pixels_and_transparency(draw: Draw, tmp_path: Path) -> None:
    source = draw(1)
    export.save_print(source, tmp_path / "print.png")
    made = Image.open(tmp_path / "print.png")
    assert made.mode == "RGBA"
    assert np.array_equal(np.asarray(made), np.asarray(Image.open(source)))


def test_a_print_file_states_300_dpi_and_srgb(draw: Draw, tmp_path: Path) -> None:
    export.save_print(draw(1), tmp_path / "print.png")
    made = Image.open(tmp_path / "print.png")
    assert made.info["dpi"] == pytest.approx((300, 300), abs=0.01)
    profile = ImageCms.ImageCmsProfile(__import__("io").BytesIO(made.info["icc_profile"]))
    assert "sRGB" in ImageCms.getProfileDescription(profile)
    assert "exif" not in made.info


def test_the_facts_agree_with_an_independent_reader(draw: Draw, tmp_path: Path) -> None:
    out = tmp_path / "print.png"
    facts = export.save_print(draw(blob(2, 500)[:400]), out)
    assert (facts.width, facts.height, facts.dpi, facts.alpha) == (500, 400, 300, True)
    assert facts.bytes == out.stat().st_size
    assert facts.sha256 == hashlib.sha256(out.read_bytes()).hexdigest()


def test_the_same_picture_gives_the_same_print_file(draw: Draw, tmp_path: Path) -> None:
    source = draw(3)
    first = export.save_print(source, tmp_path / "a.png")
    assert export.save_print(source, tmp_path / "b.png").sha256 == first.sha256


def test_an_opaque_picture_gets_an_alpha_channel(draw: Draw, tmp_path: Path) -> None:
    assert export.save_print(draw(blob(1, 300)[..., :3]), tmp_path / "print.png").alpha


def test_a_sixteen_bit_gray_picture_becomes_eight_bit_color(tmp_path: Path) -> None:
    ramp = np.tile(np.linspace(0, 65535, 256, dtype=np.uint16), (64, 1))
    Image.fromarray(ramp).save(tmp_path / "gray.png")
    export.save_print(tmp_path / "gray.png", tmp_path / "print.png")
    made = np.asarray(Image.open(tmp_path / "print.png"))
    assert made.shape == (64, 256, 4)
    assert (made[0, 0, 0], made[0, -1, 0]) == (0, 255)


def test_a_picture_that_breaks_off_is_refused_and_leaves_nothing(draw: Draw, tmp_path: Path) -> None:
    whole = draw(4).read_bytes()
    broken = tmp_path / "broken.png"
    broken.write_bytes(whole[: len(whole) // 2])
    for make in (export.save_print, export.preview):
        with pytest.raises(export.ImageBroken, match="breaks off"):
            make(broken, tmp_path / "out.png")
    assert not (tmp_path / "out.png").exists()
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("content", [b"", b"<html>sorry</html>", b"\x89PNG\r\n\x1a\n"])
def test_a_file_that_is_no_picture_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.png").write_bytes(content)
    with pytest.raises(export.ImageBroken) as refused:
        export.info(tmp_path / "x.png")
    assert str(refused.value).endswith(".")


def test_a_missing_file_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(export.ImageBroken, match="missing"):
        export.info(tmp_path / "nothing.png")


def test_a_small_file_that_claims_a_huge_picture_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "PIXELS_MAX", 10_000)
    Image.new("RGBA", (200, 200)).save(tmp_path / "flood.png")
    with pytest.raises(export.ImageBroken, match="200 × 200"):
        export.save_print(tmp_path / "flood.png", tmp_path / "out.png")


def test_a_rewritten_file_is_read_anew(draw: Draw, tmp_path: Path) -> None:
    path = draw(5, "same.png", px=300)
    export.save_print(path, tmp_path / "one.png")
    draw(6, "same.png", px=320)
    assert export.save_print(path, tmp_path / "two.png").width == 320


@pytest.mark.parametrize(("px", "name"), [(export.PREVIEW_PX, "p.webp"), (export.GATE_PX, "g.webp"), (200, "s.png")])
def test_a_preview_is_small_and_keeps_its_transparency(draw: Draw, tmp_path: Path, px: int, name: str) -> None:
    facts = export.preview(draw(blob(7, 1400)[:1050]), tmp_path / name, px)
    made = Image.open(tmp_path / name)
    assert made.format == ("WEBP" if name.endswith("webp") else "PNG")
    assert max(made.size) == px == max(facts.width, facts.height)
    alpha = np.asarray(made.convert("RGBA"))[..., 3]
    assert alpha[0, 0] == 0
    assert alpha[alpha.shape[0] // 2, alpha.shape[1] // 2] == 255


def test_a_preview_never_enlarges(draw: Draw, tmp_path: Path) -> None:
    assert export.preview(draw(8, px=300), tmp_path / "p.webp").width == 300
