"""Enlarges images with a small neural network (waifu2x, upconv 7), tile by tile on the processor.

It doubles; what is asked for beyond or between is doubled again and brought down. Memory is bounded by the tile, not by the
image. The weights come from outside this program, as a folder; it must never fetch them.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

PARAM, WEIGHTS = "scale2.0x_model.param", "scale2.0x_model.bin"
# Pixels of the source in one pass. Memory grows with it: 156 measured 0.43 GB, 400 1.7 GB.
TILE = 156
# The network's own border: seven pixels on each side of the source do not come back.
_BORDER = 7


class Network:
    """The network, loaded once. Raises ValueError when the weights in the folder cannot be used."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        import ncnn  # noqa: PLC0415 - a native library that only this loads

        self._ncnn = ncnn
        self.net = ncnn.Net()
        self.net.opt.use_vulkan_compute = False
        self.net.opt.num_threads = threads
        if self.net.load_param(str(folder / PARAM)) or self.net.load_model(str(folder / WEIGHTS)):
            raise ValueError("The weights for enlarging cannot be read.")

    def doubled(self, plane: np.ndarray, tile: int = TILE) -> np.ndarray:
        """An image (RGB uint8) at twice its size. The same input gives the same pixels; tiles leave no seam, because each
        is given the whole surrounding the network looks at."""
        height, width = plane.shape[:2]
        edged = cv2.copyMakeBorder(plane, _BORDER, _BORDER, _BORDER, _BORDER, cv2.BORDER_REPLICATE)
        out = np.empty((height * 2, width * 2, 3), np.uint8)
        for top in range(0, height, tile):
            for left in range(0, width, tile):
                down, across = min(tile, height - top), min(tile, width - left)
                piece = edged[top : top + down + 2 * _BORDER, left : left + across + 2 * _BORDER]
                out[2 * top : 2 * (top + down), 2 * left : 2 * (left + across)] = self._pass(piece, down, across)
        return out

    def _pass(self, piece: np.ndarray, down: int, across: int) -> np.ndarray:
        floats = np.ascontiguousarray(piece.astype(np.float32).transpose(2, 0, 1) / 255)
        with self.net.create_extractor() as extractor:
            extractor.input("Input1", self._ncnn.Mat(floats))
            failed, answer = extractor.extract("Eltwise4")
        if failed:
            raise ValueError("The image could not be enlarged.")
        large = np.array(answer)
        if large.shape != (3, 2 * down, 2 * across):
            raise ValueError(f"The enlarged piece is {large.shape}, not {(3, 2 * down, 2 * across)}.")
        return np.clip(large.transpose(1, 2, 0) * 255 + 0.5, 0, 255).astype(np.uint8)


def enlarged(rgb: np.ndarray, width: int, height: int, folder: Path, threads: int = 1) -> np.ndarray:
    """An image (RGB uint8) at `width` × `height` pixels, at least its own size. Raises ValueError."""
    network = Network(folder, threads)
    while rgb.shape[1] < width or rgb.shape[0] < height:
        rgb = network.doubled(rgb)
    if rgb.shape[:2] == (height, width):
        return rgb
    return cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA)
