"""What came is brought to exactly the PNG that was asked for, or said to be unusable."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
import pyvips

from elistit.artwork import checks, provenance
from elistit.providers import http_images
from elistit.providers.http_images import Lost, Prepared, Problem
from tests.artwork.test_provenance import MARKS, with_manifest
from tests.providers_outside.asking import SVG, asked_for, picture, run


def prepared(tmp_path: Path, body: bytes, width: int, height: int, *, as_vector: bool = False) -> Prepared | Lost:
    raw = tmp_path / "raw"
    raw.write_bytes(body)
    request = asked_for(tmp_path, "x/y", width=width, height=height)
    return http_images.prepare(raw, request, run, as_vector=as_vector)


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
@pytest.mark.parametrize(
    ("came", "wanted"),
    [((64, 64), (64, 64)), ((896, 1152), (768, 1024)), ((832, 1216), (832, 1248)), ((1216, 832), (1248, 832)),
     ((1504, 2112), (1500, 2100)), ((1152, 896), (1024, 768)), ((65, 64), (64, 64)), ((61, 63), (64, 64)), ((1000, 64), (64, 64))],
)  # fmt: skip
def test_a_picture_comes_out_at_exactly_the_size_asked_for(
    tmp_path: Path, kind: str, came: tuple[int, int], wanted: tuple[int, int]
) -> None:
    ready = prepared(tmp_path, picture(*came, kind), *wanted)
    assert isinstance(ready, Prepared)
    out = tmp_path / "image.png"
    assert checks.usable(out, *wanted) is None
    assert out.read_bytes().startswith(b"\x89PNG")
    assert ready.facts["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert ready.facts["bytes"] == out.stat().st_size
    assert (ready.facts["width"], ready.facts["height"], ready.facts["alpha"]) == (*wanted, False)


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_transparency_is_kept_and_lends_no_color(tmp_path: Path, kind: str) -> None:
    ready = prepared(tmp_path, picture(128, 128, kind, alpha=True), 100, 100)
    assert isinstance(ready, Prepared)
    assert ready.facts["alpha"] is True
    pixels = pyvips.Image.new_from_file(str(tmp_path / "image.png")).numpy()
    assert pixels[0, 0, 3] == 0
    assert pixels[50, 50, 3] == 255
    assert 110 < pixels[50, 50, 0] < 145


def test_the_middle_of_a_wider_picture_is_taken(tmp_path: Path) -> None:
    assert isinstance(prepared(tmp_path, picture(256, 64), 64, 64), Prepared)
    row = pyvips.Image.new_from_file(str(tmp_path / "image.png")).numpy()[32, :, 0]
    assert 90 < row[0] < 102
    assert 153 < row[-1] < 165


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (picture(32, 32), "too few"), (b"", "no picture"), (b"GIF89a......", "no picture"), (b"%PDF-1.7", "no picture"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, ""), (picture()[:-40], ""), (SVG, "svg"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "no picture"),
    ],
    ids=["small", "empty", "gif", "pdf", "png head", "cut", "svg", "riff"],
)  # fmt: skip
def test_what_is_no_whole_picture_is_unusable(tmp_path: Path, body: bytes, words: str) -> None:
    lost = prepared(tmp_path, body, 64, 64)
    assert isinstance(lost, Lost)
    assert lost.problem == Problem.UNUSABLE
    assert words in lost.words
    assert not (tmp_path / "image.png").exists()


def test_a_drawing_is_left_beside_its_picture(tmp_path: Path) -> None:
    ready = prepared(tmp_path, SVG, 128, 128, as_vector=True)
    assert isinstance(ready, Prepared)
    assert (tmp_path / "image.svg").read_bytes() == SVG
    assert ready.facts["svg"] == {"name": "image.svg", "bytes": len(SVG), "sha256": hashlib.sha256(SVG).hexdigest()}
    assert checks.usable(tmp_path / "image.png", 128, 128) is None
    assert ready.facts["alpha"] is True


@pytest.mark.parametrize(
    "body",
    [
        SVG.replace(b"<rect", b"<script>alert(1)</script><rect"),
        SVG.replace(b"<rect", b'<image href="https://evil.example/a.png"/><rect'),
        SVG.replace(b"0 0 100 100", b"0 0 200 100"),
        SVG[:60],
        picture(),
    ],
    ids=["script", "image", "shape", "cut", "png"],
)
def test_a_drawing_that_is_not_safe_or_not_whole_is_unusable(tmp_path: Path, body: bytes) -> None:
    lost = prepared(tmp_path, body, 128, 128, as_vector=True)
    assert isinstance(lost, Lost)
    assert lost.problem == Problem.UNUSABLE
    assert not (tmp_path / "image.svg").exists()


@pytest.mark.parametrize("failing", [TimeoutError("late"), RuntimeError("died"), OSError("full")])
def test_a_subprocess_that_failed_says_nothing_against_the_picture(tmp_path: Path, failing: Exception) -> None:
    raw = tmp_path / "raw"
    raw.write_bytes(picture())

    def broken(*_: object, **__: object) -> object:
        raise failing

    lost = http_images.prepare(raw, asked_for(tmp_path, "x/y"), broken)
    assert isinstance(lost, Lost)
    assert lost.problem == Problem.UNPREPARED


def test_base64_is_taken_strictly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text, out = base64.b64encode(picture()).decode(), tmp_path / "raw"
    assert http_images.decode(text, out) is None
    assert out.read_bytes() == picture()
    assert http_images.decode("data:image/png;base64," + text, out) is None
    for bad in ("not base64", text + "\n" + text):
        lost = http_images.decode(bad, out)
        assert lost is not None
        assert lost.problem == Problem.UNUSABLE
    monkeypatch.setattr(http_images, "BYTES_MAX", 100)
    assert http_images.decode(text, out) is not None


def test_what_a_provider_says_of_the_making_survives_and_its_manifest_is_kept_beside(tmp_path: Path) -> None:
    """C2PA binds every byte of a file, so the re-encoded image states its source in XMP and the file as it came stays."""
    sent = tmp_path / "sent.png"
    sent.write_bytes(picture(64, 64, "png"))
    provenance.write(sent, MARKS)
    with_manifest(sent)
    ready = prepared(tmp_path, sent.read_bytes(), 60, 60)
    assert isinstance(ready, Prepared)
    out = tmp_path / "image.png"
    assert provenance.read(out) == MARKS
    assert ready.facts["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    kept = provenance.received(out)
    assert kept is not None and kept.read_bytes() == sent.read_bytes()
    again = tmp_path / "again"
    again.mkdir()
    assert isinstance(prepared(again, picture(64, 64, "png"), 64, 64), Prepared)
    assert provenance.received(again / "image.png") is None
