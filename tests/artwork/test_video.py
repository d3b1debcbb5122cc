"""The listing video shows the mockups and every image of the set once, within Etsy's limits; nothing else writes it than FFmpeg."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import cv2
import numpy as np
import pytest

from elistit.artwork import encoder, video
from elistit.trial import videos
from tests.artwork.conftest import Draw
from tests.clips import clip, frames

COLORS = [(200, 30, 30), (30, 150, 40), (40, 60, 200), (220, 170, 20), (140, 40, 160)]


def disk(color: tuple[int, int, int], px: int = 300) -> np.ndarray:
    y, x = np.mgrid[0:px, 0:px] - px / 2
    alpha = np.where(np.hypot(x, y) < px * 0.45, 255, 0)
    return np.dstack([np.full((px, px, 3), color), alpha]).astype(np.uint8)


def mockups(draw: Draw, count: int = 3) -> list[Path]:
    shades = [(230, 210, 190), (190, 210, 230), (210, 230, 190), (230, 190, 220)]
    made = []
    for n in range(count):
        flat = np.full((400, 500, 3), shades[n], np.uint8)
        flat[100:300, 150:350] = 255 - np.array(shades[n])
        made.append(draw(flat, f"mockup-{n}.png"))
    return made


def decoded(path: Path) -> list[np.ndarray]:
    """Every frame, by OpenCV's decoder, small."""
    capture = cv2.VideoCapture(str(path))
    found = []
    while True:
        good, frame = capture.read()
        if not good:
            break
        found.append(cv2.cvtColor(cv2.resize(frame, (270, 216), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2RGB))
    capture.release()
    return found


def seen(frame: np.ndarray) -> set[int]:
    """Which of the colors are on a frame."""
    away = [np.abs(frame.astype(int) - np.array(c)).max(axis=2) for c in COLORS]
    return {n for n, distance in enumerate(away) if (distance < 40).sum() > 100}


def test_a_set_is_counted_up_each_image_once_and_ends_whole(draw: Draw, tmp_path: Path) -> None:
    images = [draw(disk(c), f"{n}.png") for n, c in enumerate(COLORS)]
    made = video.listing_video(tmp_path / "v.mp4", mockups=mockups(draw), images=images)
    report = videos.examine(str(tmp_path / "v.mp4"), *video.SIZE)
    assert report["ok"], report["checks"]
    assert report["video"]["seconds"] == pytest.approx(made["seconds"], abs=0.05)
    counted = [seen(f) for f in decoded(tmp_path / "v.mp4")]
    order = [n for n in range(len(counted)) if counted[n]]
    shown: list[int] = []
    for n in order:
        shown += sorted(counted[n] - set(shown))
    assert shown == [0, 1, 2, 3, 4], "one after the other, in their order"
    assert counted[order[0]] == {0} and set(range(5)) in counted
    # While the set is being counted nothing that was shown goes away again.
    whole = counted.index(set(range(5)))
    assert all(a <= b for a, b in zip(counted[order[0] : whole], counted[order[0] + 1 : whole + 1], strict=True))


def test_one_image_is_panned_over_from_end_to_end(draw: Draw, tmp_path: Path) -> None:
    tall = np.zeros((1200, 800, 3), np.uint8)
    tall[:], tall[:300], tall[-300:] = (120, 120, 120), COLORS[0], COLORS[2]
    video.listing_video(tmp_path / "v.mp4", mockups=mockups(draw), images=[draw(tall, "tall.png")])
    assert videos.examine(str(tmp_path / "v.mp4"), *video.SIZE)["ok"]
    pan = decoded(tmp_path / "v.mp4")[:105]
    assert 0 in seen(pan[0]) and 2 not in seen(pan[0])
    assert 2 in seen(pan[-1]) and 0 not in seen(pan[-1])


@pytest.mark.parametrize("size", [(90, 1400), (1400, 90), (64, 64)])
def test_odd_shapes_and_most_mockups_stay_within_the_limits(draw: Draw, size: tuple[int, int]) -> None:
    art = draw(np.random.default_rng(1).integers(0, 255, (size[1], size[0], 3), np.uint8).astype(np.uint8), "odd.png")
    scenes = video._scenes(mockups(draw, 4), [art])
    assert video.SECONDS[0] <= video._frame_count(scenes) / video.FPS <= video.SECONDS[1]
    assert scenes[0].open()(0.5).shape == (video.SIZE[1], video.SIZE[0], 3)


@pytest.mark.parametrize("count", [1, 2, 15, 100])
@pytest.mark.parametrize("views", [1, 3, 6])
def test_every_number_of_images_and_mockups_lasts_as_long_as_etsy_takes(count: int, views: int) -> None:
    scenes = video._scenes([Path("m.jpg")] * min(views, 4), [Path("i.png")] * count)
    seconds = video._frame_count(scenes) / video.FPS
    assert video.SECONDS[0] <= seconds <= video.SECONDS[1]


def test_the_same_frames_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = clip(tmp_path / "a.mp4"), clip(tmp_path / "b.mp4")
    assert first.read_bytes() == second.read_bytes()


def fake(tmp_path: Path, body: str) -> str:
    path = tmp_path / "ffmpeg"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_without_a_program_or_its_encoder_it_says_so_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = str(tmp_path / "nowhere")
    assert "there is no such program" in encoder.missing(nowhere)
    with pytest.raises(encoder.EncoderMissing):
        encoder.write(tmp_path / "a.mp4", frames(30, (640, 512)), (640, 512), 5, nowhere)
    other = fake(tmp_path, "echo ' V..... mpeg4  MPEG-4 part 2'")
    assert "none of the H.264 encoders" in encoder.missing(other)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setattr(encoder, "_packaged", lambda: "")
    assert encoder.missing() == encoder.MISSING
    assert not list(tmp_path.glob("*.mp4"))


@pytest.mark.parametrize(
    "body", ["exec 0<&-; echo 'disk full' >&2; exit 1", "cat >/dev/null; echo 'disk full' >&2; exit 3"]
)
def test_a_program_that_fails_leaves_no_file_and_says_why(tmp_path: Path, body: str) -> None:
    encoders = 'case "$*" in *-encoders*) echo " V..... libx264  H.264"; exit 0;; esac'
    broken = fake(tmp_path, f"{encoders}\n{body}")
    with pytest.raises(encoder.EncodingFailed, match="disk full"):
        encoder.write(tmp_path / "a.mp4", frames(30, (640, 512)), (640, 512), 5, broken)
    assert not list(tmp_path.glob("*.mp4")) and not list(tmp_path.glob(".*"))


def test_a_frame_of_another_size_ends_the_program(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="instead of"):
        encoder.write(tmp_path / "a.mp4", iter([np.zeros((10, 10, 3), np.uint8)]), (640, 512), 5)
    assert not os.listdir(tmp_path)
