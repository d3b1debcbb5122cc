"""The canvas a composer draws on: a sheet of any ratio, in the same flat outlines the figures are made of.

Coordinates are canvas units with (0, 0) at the top left; the shorter side is 1000 units. What should meet an edge is drawn
`BEYOND` units over it, so that a wandering brush never bares the edge. It must never know pixels, nor emit anything but flat
filled shapes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from elistit_artist import figures
from elistit_artist.compose.colors import Scheme
from elistit_artist.figures.geometry import Floats, Point, Sheet, blob, smooth

SHORT_SIDE = 1000.0
BEYOND = 90.0

_INNER = re.compile(r"^<svg[^>]*>(.*)</svg>\s*$", re.DOTALL)
_ENDS = re.compile(r"[MC ]-?[\d.]+ (-?[\d.]+)(?=[C Z])")
"""The y of points and handles of a drawing's paths."""
_POINTS = re.compile(r"[MC ](-?[\d.]+) (-?[\d.]+)(?=[C Z])")
_PLACED = re.compile(r'<g transform="translate\((-?[\d.]+) (-?[\d.]+)\) scale\(([\d.]+)\)">')


@dataclass(frozen=True)
class Scene:
    """A composed picture: `svg` with the canvas as viewBox (shapes only, no ground), and the color of the paper. `letters`: filled
    paths of words and rules in the same units, laid over the painting."""

    svg: str
    ground: str
    width: float
    height: float
    letters: str = ""


@dataclass
class Canvas(Sheet):
    """A sheet that keeps its own size. `w`, `h` in units, `colors` the scheme in use, `guest` a figure of the catalogue and its
    parameters that the picture was asked to show, `words` the lines it was asked to letter, `others` figures to show
    beside the guest."""

    w: float = SHORT_SIDE
    h: float = SHORT_SIDE
    colors: Scheme = field(kw_only=True)
    guest: tuple[str, dict[str, object]] | None = None
    words: tuple[str, ...] = ()
    others: tuple[tuple[str, dict[str, object]], ...] = ()
    parts: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)

    @staticmethod
    def of(width: float, height: float, colors: Scheme) -> Canvas:
        """A canvas of the ratio width : height (any unit)."""
        unit = SHORT_SIDE / min(width, height)
        return Canvas(w=width * unit, h=height * unit, colors=colors)

    @property
    def tall(self) -> bool:
        return self.h >= self.w

    @property
    def short(self) -> float:
        """The shorter side, in units."""
        return min(self.w, self.h)

    def curve(self, *chains: Floats, fill: str, opacity: float = 1.0) -> None:
        placed = [c @ self.placement[:, :2].T + self.placement[:, 2] for c in chains]
        data = "".join(_path(c) for c in placed)
        shade = f' fill-opacity="{opacity:.2f}"' if opacity < 1 else ""
        self.parts.append(f'<path d="{data}" fill="{fill}"{shade}/>')

    def ring(self, outer: Sequence[Point], inner: Sequence[Point], fill: str) -> None:
        """One shape with a hole: `inner` must run the same way round as `outer`."""
        self.curve(smooth(outer), smooth(list(reversed(inner))), fill=fill)

    def polygon(self, points: Sequence[tuple[float, float]], fill: str) -> None:
        """A shape with straight sides and sharp corners."""
        self.shape([(x, y, 1) for x, y in points], fill)

    def disc(self, x: float, y: float, r: float, fill: str, rng: np.random.Generator, wobble: float = 0.004) -> None:
        """A circle drawn by hand."""
        self.shape(blob(x, y, r, r, rng, wobble, 16), fill)

    def crest(self, line: Sequence[tuple[float, float]], fill: str) -> None:
        """Everything below a smooth line that runs from beyond the left edge to beyond the right one."""
        floor = self.h + BEYOND
        first, last = line[0], line[-1]
        self.shape([(first[0], floor, 1), (*first, 1), *line[1:-1], (*last, 1), (last[0], floor, 1)], fill)

    def jagged(self, line: Sequence[tuple[float, float]], fill: str) -> None:
        """Everything below a line of straight pieces."""
        floor = self.h + BEYOND
        self.polygon([(line[0][0], floor), *line, (line[-1][0], floor)], fill)

    def everywhere(self, fill: str) -> None:
        """One wash over the whole canvas."""
        b = BEYOND
        self.polygon([(-b, -b), (self.w + b, -b), (self.w + b, self.h + b), (-b, self.h + b)], fill)

    def figure(
        self, code: str, params: dict[str, object], rng: np.random.Generator, x: float, y: float, size: float
    ) -> None:
        """A figure of the catalogue whose drawing fills a square of `size` units around (x, y). Raises KeyError."""
        drawn = _INNER.match(figures.catalogue()[code].draw(rng, dict(params)))
        if drawn is None:
            raise ValueError(f"the figure {code} is not one SVG")
        k = size / 840.0
        place = f"translate({x - 500 * k:.2f} {y - 500 * k:.2f}) scale({k:.4f})"
        self.parts.append(f'<g transform="{place}">{drawn.group(1)}</g>')

    def stand(
        self, code: str, params: dict[str, object], rng: np.random.Generator, x: float, floor: float, size: float
    ) -> None:
        """A figure of the catalogue, its longer side `size` units, with its lowest point on the line `floor`. Raises KeyError."""
        drawn = _INNER.match(figures.catalogue()[code].draw(rng, dict(params)))
        if drawn is None:
            raise ValueError(f"the figure {code} is not one SVG")
        low = max(float(y) for y in _ENDS.findall(drawn.group(1)))
        k = size / 840.0
        self.parts.append(
            f'<g transform="translate({x - 500 * k:.2f} {floor - low * k:.2f}) scale({k:.4f})">{drawn.group(1)}</g>'
        )

    def lowest(self) -> tuple[float, float]:
        """Where the figure that was drawn last reaches lowest: the end of a stem that stands. Raises IndexError without one."""
        part = self.parts[-1]
        x0, y0, k = (float(n) for n in _PLACED.match(part).groups())  # type: ignore[union-attr]
        x, y = max(((float(x), float(y)) for x, y in _POINTS.findall(part)), key=lambda p: p[1])
        return (x0 + x * k, y0 + y * k)

    def scene(self) -> Scene:
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.w:.2f} {self.h:.2f}">'
        return Scene(head + "".join(self.parts) + "</svg>", self.colors.ground, self.w, self.h, "".join(self.letters))


def _path(curve: Floats) -> str:
    start, rest = curve[0], curve[1:]
    return f"M{start[0]:.1f} {start[1]:.1f}C" + " ".join(f"{x:.1f} {y:.1f}" for x, y in rest) + "Z"
