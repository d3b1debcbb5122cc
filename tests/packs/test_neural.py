"""The enlarging network: no seams between tiles, clean transparent edges, exact sizes. With weights made here, so that the way
they are used is tested everywhere; the quality of the real ones is measured in bench/upscale.py."""

from __future__ import annotations

import itertools
import struct
from pathlib import Path

import numpy as np
import pytest
import pyvips

from elistit.artwork import jobs, neural

# The real network's shape with few channels: six convolutions and one that doubles.
CHANNELS = (3, 4, 4, 4, 4, 4, 4)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network with random weights of the real one's layers."""
    folder = tmp_path_factory.mktemp("weights")
    lines = ["7767517", "8 8", "Input input 0 1 Input1 0=64 1=64 2=3"]
    data = bytearray()
    rng = np.random.default_rng(3)
    before = "Input1"
    for n, (ins, outs) in enumerate(itertools.pairwise(CHANNELS), 1):
        lines.append(f"Convolution conv{n} 1 1 {before} c{n} 0={outs} 1=3 5=1 6={ins * outs * 9} 9=2 -23310=1,0.100000")
        data += struct.pack("<I", 0) + (rng.normal(0, 0.3, ins * outs * 9).astype("<f4")).tobytes()
        data += rng.normal(0.1, 0.05, outs).astype("<f4").tobytes()
        before = f"c{n}"
    lines.append(f"Deconvolution conv7 1 1 {before} Eltwise4 0=3 1=4 3=2 4=3 5=1 6={4 * 3 * 16}")
    data += struct.pack("<I", 0) + rng.normal(0, 0.3, 4 * 3 * 16).astype("<f4").tobytes()
    data += np.full(3, 0.3, "<f4").tobytes()
    (folder / neural.PARAM).write_text("\n".join(lines) + "\n")
    (folder / neural.WEIGHTS).write_bytes(bytes(data))
    return folder


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8)


def test_tiles_leave_no_seam(weights: Path) -> None:
    network = neural.Network(weights)
    picture = noise(61, 83)
    whole = network.doubled(picture, tile=400)
    assert whole.shape == (122, 166, 3) and whole.std() > 1
    for tile in (16, 20, 83):
        apart = np.abs(network.doubled(picture, tile=tile).astype(int) - whole).max()
        assert apart <= 1, f"tiles of {tile} differ by {apart}"


def test_the_same_picture_comes_out_the_same(weights: Path) -> None:
    a, b = (neural.enlarged(noise(20, 30), 75, 50, weights) for _ in range(2))
    assert a.shape == (50, 75, 3) and np.array_equal(a, b)


def test_weights_that_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / neural.PARAM).write_text("not a network")
    (tmp_path / neural.WEIGHTS).write_bytes(b"")
    with pytest.raises(ValueError, match="weights"):
        neural.Network(tmp_path)


@pytest.mark.parametrize("scale", [2.0, 2.5, 4.0])
def test_a_transparent_picture_keeps_its_size_and_transparency(weights: Path, tmp_path: Path, scale: float) -> None:
    rgba = np.dstack([noise(40, 48), np.zeros((40, 48), np.uint8)])
    rgba[10:30, 12:36, 3] = 255
    source, out = tmp_path / "a.png", tmp_path / "b.png"
    pyvips.Image.new_from_array(rgba, interpretation="srgb").pngsave(str(source))
    made = jobs.enlarge(str(source), str(out), scale, str(weights))
    assert (made["width"], made["height"], made["dpi"]) == (round(48 * scale), round(40 * scale), 300)
    assert pyvips.Image.new_from_file(str(out)).bands == 4


def test_an_opaque_picture_stays_opaque(weights: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "a.png", tmp_path / "b.png"
    pyvips.Image.new_from_array(noise(24, 24), interpretation="srgb").pngsave(str(source))
    jobs.enlarge(str(source), str(out), 2, str(weights))
    assert pyvips.Image.new_from_file(str(out))[3].min() == 255
