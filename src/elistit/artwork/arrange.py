"""Where subjects go around a title: dense, even, never touching each other, the title or the edge.

Each subject is known by the shape of its visible part, so a fern can lie along a bear's back. The result depends only
on what is given: the same shapes in the same order are always arranged alike. Nothing here draws.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

# Arranging happens on a grid of this many canvas pixels per cell; placing to within 8 px of 2000 is finer than the eye.
CELL_PX = 8
# Growth per round at first, and the finest growth worth trying before the arrangement counts as full.
_GROW, _GROW_LAST = 1.04, 1.006
_SWEEPS = 24
# Sweeps without fewer subjects in a crowd after which a size is given up.
_PATIENCE = 6
# How many subjects may be lifted out of a crowd into a gap before a size counts as too large.
_RESCUES = 4
_STEPS = np.array([(dy, dx) for dy in range(-2, 3) for dx in range(-2, 3)], np.int32)


@dataclass(frozen=True)
class Place:
    """Where one subject goes: `scale` of its own pixels, and the center of its visible box in canvas pixels."""

    scale: float
    x: float
    y: float


class _Shape:
    """One subject on the grid: its mask and outline for a given scale."""

    def __init__(self, alpha: np.ndarray, scale: float) -> None:
        size = tuple(max(2, round(side * scale / CELL_PX)) for side in alpha.shape[::-1])
        small = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)
        self.mask = cv2.copyMakeBorder((small > 40).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
        inner = cv2.erode(self.mask, np.ones((3, 3), np.uint8), borderValue=0)
        rows, columns = np.nonzero(self.mask > inner)
        self.half = np.array([self.mask.shape[0] / 2, self.mask.shape[1] / 2])
        self.outline = np.stack([rows, columns], axis=1).astype(np.int32)
        self.first, self.last = self.outline.min(0), self.outline.max(0)

    def corner(self, at: np.ndarray) -> np.ndarray:
        """The grid cell (row, column) of its upper left corner when its center is at `at`."""
        return np.round(at - self.half).astype(np.int32)


def around(
    alphas: list[np.ndarray],
    weights: list[float],
    canvas: tuple[int, int],
    panel: tuple[int, int, int, int],
    *,
    margin: int = 36,
    gap: int = 26,
    largest: float = 560.0,
) -> list[Place]:
    """Arrange subjects around a rectangle left free for a title.

    `alphas`: one uint8 mask per subject, cropped to its visible box. `weights`: how large the eye takes each to be, in
    its own pixels; all end up looking equally large. `canvas`: width and height. `panel`: left, top, right, bottom.
    `margin` to the edges, `gap` between things, `largest`: the size no subject exceeds; all in canvas pixels.
    """
    if not alphas:
        return []
    free = _free_space(canvas, panel, margin, gap)
    unit = _even_scales(alphas, weights)
    centers = _spread(free, len(alphas))
    centers = _assign(alphas, unit, centers, free)
    return _grow(alphas, unit, centers, free, gap / CELL_PX, largest)


def _free_space(canvas: tuple[int, int], panel: tuple[int, int, int, int], margin: int, gap: int) -> np.ndarray:
    """1 where a subject may be. The gap to the edge is already taken off the margin."""
    width, height = canvas[0] // CELL_PX, canvas[1] // CELL_PX
    free = np.zeros((height, width), np.uint8)
    edge = max(1, (margin - gap) // CELL_PX + 1)
    free[edge:-edge, edge:-edge] = 1
    left, top, right, bottom = (side // CELL_PX for side in panel)
    free[top:bottom, left:right] = 0
    return free


def _even_scales(alphas: list[np.ndarray], weights: list[float]) -> list[float]:
    """The scale per subject that makes all look one pixel large, long thin ones held back from towering over the rest."""
    scales = [1.0 / max(w, 1.0) for w in weights]
    longest = [max(a.shape) * s for a, s in zip(alphas, scales, strict=True)]
    limit = 1.38 * float(np.median(longest))
    return [s * min(1.0, limit / side) for s, side in zip(scales, longest, strict=True)]


def _spread(free: np.ndarray, count: int) -> np.ndarray:
    """`count` centers that share the free space evenly (k-means from a fixed start), as (row, column).

    A few centers can come out on the title (the middle of a ring is not in it): those move to the roomiest cell near.
    """
    points = np.argwhere(free).astype(np.float32)
    middle = np.array(free.shape, np.float32) / 2
    offset = points - middle
    order = np.argsort(np.arctan2(offset[:, 0], offset[:, 1]), kind="stable")
    centers = points[order[np.linspace(0, len(order) - 1, count, endpoint=False).astype(int)]]
    labels = np.zeros((len(points), 1), np.int32)
    distances = ((points[:, None] - centers[None]) ** 2).sum(2)
    labels[:, 0] = distances.argmin(1)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 60, 0.05)
    _, _, found = cv2.kmeans(points, count, labels, stop, 1, cv2.KMEANS_USE_INITIAL_LABELS)
    depth = cv2.distanceTransform(free, cv2.DIST_L2, 5)
    roomy = np.argwhere(depth >= 0.8 * depth.max()).astype(np.float32)
    for index, (row, column) in enumerate(found):
        if depth[int(row), int(column)] == 0:
            found[index] = roomy[((roomy - found[index]) ** 2).sum(1).argmin()]
    return found


def _assign(alphas: list[np.ndarray], unit: list[float], centers: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Give tall subjects the tall rooms and wide ones the wide: pairwise swaps until none helps."""
    count = len(alphas)
    points = np.argwhere(free).astype(np.float32)
    owner = ((points[:, None] - centers[None]) ** 2).sum(2).argmin(1)
    rooms = np.array(
        [np.log(np.ptp(points[owner == i, 0]) / max(np.ptp(points[owner == i, 1]), 1)) for i in range(count)]
    )
    shapes = np.array([np.log(a.shape[0] / a.shape[1]) for a in alphas])
    order = np.random.default_rng(count).permutation(count)
    improved = True
    while improved:
        improved = False
        for i in range(count):
            for j in range(i + 1, count):
                now = abs(shapes[i] - rooms[order[i]]) + abs(shapes[j] - rooms[order[j]])
                swapped = abs(shapes[i] - rooms[order[j]]) + abs(shapes[j] - rooms[order[i]])
                if swapped < now - 1e-9:
                    order[i], order[j] = order[j], order[i]
                    improved = True
    return centers[order]


def _grow(
    alphas: list[np.ndarray], unit: list[float], centers: np.ndarray, free: np.ndarray, gap: float, largest: float
) -> list[Place]:
    """Grow all subjects together, shifting each towards room, until they no longer fit; the last fit wins."""
    size = min(largest, 0.42 * CELL_PX * float(np.sqrt(free.sum() / len(alphas))))
    at, step = centers.astype(np.float64), _GROW
    best: tuple[float, np.ndarray] | None = None
    while size <= largest:
        shapes = [_Shape(a, size * u) for a, u in zip(alphas, unit, strict=True)]
        settled = _settle(shapes, at, free, gap)
        if settled is None and best is not None:
            rescues = (_rescued(shapes, best[1], free, number) for number in range(_RESCUES))
            settled = next((s for r in rescues if (s := _settle(shapes, r, free, gap)) is not None), None)
        if settled is not None:
            best = (size, settled)
            at = settled.copy()
            size *= step
        elif best is None and size > 4 * CELL_PX:
            size /= _GROW**3
        elif best is not None and step > _GROW_LAST:
            step = 1 + (step - 1) / 2
            size = best[0] * step
        else:
            break
    if best is not None:
        size, at = best
        shapes = [_Shape(a, size * u) for a, u in zip(alphas, unit, strict=True)]
        at = _even_out(shapes, at, free, gap)
    return [Place(size * u, float(x) * CELL_PX, float(y) * CELL_PX) for u, (y, x) in zip(unit, at, strict=True)]


def _settle(shapes: list[_Shape], start: np.ndarray, free: np.ndarray, gap: float) -> np.ndarray | None:
    """Shift every subject down its own pressure until all keep the gap; None when they do not within some sweeps."""
    at = start.copy()
    taken = _all_taken(shapes, at, free)
    fewest, since = len(shapes) + 1, 0
    for sweep in range(_SWEEPS):
        crowded = 0
        for index, shape in enumerate(shapes):
            near = _nearness(taken, shape, at[index])
            # Far-reaching pressure first, to even out; then short-reaching, to part what touches.
            pressure = (1.0 / (near + 0.6) ** (2 if sweep < 4 else 4)).sum(1)
            best = int(pressure.argmin())
            crowded += int(near[best].min() < gap)
            at[index] += _STEPS[best]
            _stamp(taken, shape, at[index], 1)
        if crowded == 0 and sweep >= 2:
            return at
        fewest, since = (crowded, 0) if crowded < fewest else (fewest, since + 1)
        if since == _PATIENCE:
            break
    return None


def _even_out(shapes: list[_Shape], start: np.ndarray, free: np.ndarray, gap: float) -> np.ndarray:
    """Share what room is left between neighbors, never giving up the gap."""
    at = start.copy()
    taken = _all_taken(shapes, at, free)
    for _ in range(_SWEEPS):
        moved = False
        for index, shape in enumerate(shapes):
            near = _nearness(taken, shape, at[index])
            pressure = np.where(near.min(1) >= gap, (1.0 / (near + 0.6)).sum(1), np.inf)
            best = int(pressure.argmin())
            if pressure[best] < pressure[len(_STEPS) // 2] * 0.999:
                at[index] += _STEPS[best]
                moved = True
            _stamp(taken, shape, at[index], 1)
        if not moved:
            break
    return at


def _rescued(shapes: list[_Shape], at: np.ndarray, free: np.ndarray, number: int) -> np.ndarray:
    """The same arrangement with one subject, the `number`-th most crowded, lifted into the widest gap there is."""
    taken = _all_taken(shapes, at, free)
    gap = np.unravel_index(int(_distances(taken).argmax()), taken.shape)
    crowding = []
    for shape, place in zip(shapes, at, strict=True):
        near = _nearness(taken, shape, place, np.zeros((1, 2), np.int32))
        crowding.append(float((1.0 / (near + 0.6) ** 2).mean()))
        _stamp(taken, shape, place, 1)
    moved = at.copy()
    moved[int(np.argsort(crowding)[::-1][number % len(shapes)])] = gap
    return moved


def _all_taken(shapes: list[_Shape], at: np.ndarray, free: np.ndarray) -> np.ndarray:
    """How many things cover each cell: subjects, and the space that was never free."""
    taken = (1 - free).astype(np.int16)
    for shape, place in zip(shapes, at, strict=True):
        _stamp(taken, shape, place, 1)
    return taken


def _distances(taken: np.ndarray) -> np.ndarray:
    return cv2.distanceTransform((taken == 0).astype(np.uint8), cv2.DIST_L2, 5)


def _nearness(taken: np.ndarray, shape: _Shape, at: np.ndarray, steps: np.ndarray = _STEPS) -> np.ndarray:
    """Lifts the subject off the grid (the caller puts it back) and measures, for each possible step (rows), how far each
    point of its outline (columns) would be from everything else."""
    _stamp(taken, shape, at, -1)
    room = _distances(taken)
    corners = shape.corner(at) + steps
    if (corners + shape.first >= 0).all() and (corners + shape.last < room.shape).all():
        wide = room.shape[1]
        cells = shape.outline[:, 0] * wide + shape.outline[:, 1]
        return room.ravel().take((corners[:, 0] * wide + corners[:, 1])[:, None] + cells)
    points = shape.outline[None] + corners[:, None]
    inside = (points >= 0).all(2) & (points[..., 0] < room.shape[0]) & (points[..., 1] < room.shape[1])
    rows = np.clip(points[..., 0], 0, room.shape[0] - 1)
    columns = np.clip(points[..., 1], 0, room.shape[1] - 1)
    return np.where(inside, room[rows, columns], 0.0)


def _stamp(grid: np.ndarray, shape: _Shape, at: np.ndarray, by: int) -> None:
    """Add `by` where the subject lies."""
    top, left = (int(v) for v in shape.corner(at))
    y0, x0 = max(0, top), max(0, left)
    y1, x1 = min(grid.shape[0], top + shape.mask.shape[0]), min(grid.shape[1], left + shape.mask.shape[1])
    if y1 > y0 and x1 > x0:
        grid[y0:y1, x0:x1] += shape.mask[y0 - top : y1 - top, x0 - left : x1 - left] * np.int16(by)
