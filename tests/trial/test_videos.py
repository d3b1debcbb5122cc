"""The listing video is opened by a reader of our own and another decoder: what Etsy or a browser would refuse is found."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from elistit.artwork import encoder
from elistit.trial import videos
from tests.clips import by_ffmpeg, clip

SIZE = (640, 512)


def bad(report: dict[str, Any]) -> set[str]:
    return {check["name"] for check in report["checks"] if not check["ok"]}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clip(tmp_path_factory.mktemp("clips") / "good.mp4")


def test_a_good_video_passes_and_says_what_it_is(good: Path) -> None:
    report = videos.examine(str(good), *SIZE)
    assert report["ok"], report["checks"]
    assert {c["name"] for c in report["checks"]} == {
        "video.opens", "video.codec", "video.size", "video.length", "video.bytes", "video.silent", "video.streams",
        "video.decodes", "video.shows", "video.moves",
    }  # fmt: skip
    found = report["video"]
    assert (found["codec"], found["width"], found["height"], found["samples"]) == ("avc1", 640, 512, 30)
    assert found["seconds"] == pytest.approx(6.0) and found["first"] and found["tracks"] == ["vide"]


@pytest.mark.parametrize("seconds", [4.8, 15.2])
def test_too_short_and_too_long_are_refused(tmp_path: Path, seconds: float) -> None:
    assert bad(videos.examine(str(clip(tmp_path / "a.mp4", seconds)), *SIZE)) == {"video.length"}


def test_another_size_than_promised_is_refused(good: Path) -> None:
    assert bad(videos.examine(str(good), 1350, 1080)) == {"video.size"}


def test_a_sound_track_is_found(tmp_path: Path) -> None:
    sound = ("-f", "lavfi", "-i", "sine=frequency=440:duration=6", "-c:a", "aac", "-movflags", "+faststart")
    assert bad(videos.examine(str(by_ffmpeg(tmp_path / "a.mp4", more=sound)), *SIZE)) == {"video.silent"}


def test_an_index_at_the_end_is_found(tmp_path: Path) -> None:
    assert bad(videos.examine(str(by_ffmpeg(tmp_path / "a.mp4")), *SIZE)) == {"video.streams"}


def test_another_codec_is_found(tmp_path: Path) -> None:
    other = by_ffmpeg(tmp_path / "a.mp4", more=("-c:v", "mpeg4", "-movflags", "+faststart"))
    assert "video.codec" in bad(videos.examine(str(other), *SIZE))


@pytest.mark.parametrize("value", [0, 255])
def test_blank_and_still_frames_are_found(tmp_path: Path, value: int) -> None:
    path = tmp_path / "a.mp4"
    encoder.write(path, [np.full((512, 640, 3), value, np.uint8)] * 30, SIZE, 5)
    assert bad(videos.examine(str(path), *SIZE)) == {"video.shows", "video.moves"}


def test_damage_is_found_wherever_it_is(good: Path, tmp_path: Path) -> None:
    whole, path = good.read_bytes(), tmp_path / "a.mp4"
    for damaged in (b"", b"PK\x03\x04" * 40, whole[: len(whole) // 2], whole[:40], whole[4:], whole[:-400]):
        path.write_bytes(damaged)
        report = videos.examine(str(path), *SIZE)
        assert not report["ok"] and bad(report) & {"video.opens", "video.decodes"}, len(damaged)
    at = whole.index(b"stsz")
    path.write_bytes(whole[: at + 12] + struct.pack(">I", 999) + whole[at + 16 :])
    assert "video.decodes" in bad(videos.examine(str(path), *SIZE))


def test_lengths_in_a_file_are_not_trusted(good: Path, tmp_path: Path) -> None:
    whole, path = bytearray(good.read_bytes()), tmp_path / "a.mp4"
    for kind in (b"moov", b"trak", b"mdia", b"stsd", b"mdhd", b"avc1"):
        for size in (0, 1, 7, 0xFFFFFFFF):
            spoiled = bytearray(whole)
            at = spoiled.index(kind) - 4
            spoiled[at : at + 4] = struct.pack(">I", size)
            path.write_bytes(spoiled)
            videos.examine(str(path), *SIZE)  # an answer, never another error


def test_the_reader_and_the_decoder_agree(good: Path) -> None:
    capture = cv2.VideoCapture(str(good))
    found = videos.read(good)
    assert (capture.get(cv2.CAP_PROP_FRAME_WIDTH), capture.get(cv2.CAP_PROP_FRAME_HEIGHT)) == (
        found.width,
        found.height,
    )
    assert capture.get(cv2.CAP_PROP_FRAME_COUNT) / capture.get(cv2.CAP_PROP_FPS) == pytest.approx(
        found.seconds, abs=0.01
    )
    capture.release()
