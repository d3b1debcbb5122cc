"""The sizes of Gelato's posters that a print file fills: at least 150 dots per inch, and the same shape to within 2 percent.

Pure: it reads Gelato's products and the pixels of files. Lengths are millimeters, pixels are (width, height) as they are seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

DPI_MIN = 150
SHAPE_TOLERANCE = 0.02
"""How much the shapes may differ; so much is cut off when the image fills the sheet."""
MM_PER_INCH = 25.4


@dataclass(frozen=True)
class Pixels:
    """A print file: its number, name and size in pixels."""

    file: int
    name: str
    width: int
    height: int

    @property
    def orientation(self) -> str:
        """Gelato's word for it."""
        return "ver" if self.height >= self.width else "hor"


@dataclass(frozen=True)
class Sheet:
    """A poster Gelato sells: its product, and how wide and high it is."""

    product: str
    width: float
    height: float
    orientation: str


@dataclass(frozen=True)
class Size:
    """A sheet with the print file that fills it best. `dpi` is what it prints at, rounded down."""

    sheet: Sheet
    file: Pixels
    dpi: int

    @property
    def words(self) -> str:
        """Such as “30 × 40 cm (11.8 × 15.7 in)”."""
        wide, high = self.sheet.width, self.sheet.height
        inches = f"{round(wide / MM_PER_INCH, 1):g} × {round(high / MM_PER_INCH, 1):g} in"
        return f"{round(wide / 10, 1):g} × {round(high / 10, 1):g} cm ({inches})"


def sheets(products: Iterable[Any]) -> list[Sheet]:
    """The sheets among Gelato's products. One without its size in millimeters is left out: a size is never guessed."""
    found = []
    for product in products:
        if not isinstance(product, Mapping) or not isinstance(product.get("productUid"), str):
            continue
        attributes, dimensions = product.get("attributes"), product.get("dimensions")
        if not isinstance(attributes, Mapping) or not isinstance(dimensions, Mapping):
            continue
        sides = sorted(_millimeters(dimensions.get(name)) for name in ("Width", "Height"))
        orientation = attributes.get("Orientation")
        # Printed on one side only, where the product says on which.
        if not sides[0] or orientation not in ("ver", "hor") or str(attributes.get("ColorType", "4-0")) != "4-0":
            continue
        wide, high = sides if orientation == "ver" else reversed(sides)
        found.append(Sheet(product["productUid"], wide, high, orientation))
    return found


def _millimeters(dimension: Any) -> float:
    if not isinstance(dimension, Mapping) or dimension.get("measureUnit") != "mm":
        return 0.0
    try:
        return max(0.0, float(dimension.get("value", 0)))
    except (TypeError, ValueError):
        return 0.0


def offered(found: Iterable[Sheet], files: Iterable[Pixels]) -> list[Size]:
    """The sizes that the files fill, smallest first: for each sheet the file that prints sharpest; of two products of one size,
    the first by name."""
    files = list(files)
    best: dict[tuple[int, int], Size] = {}
    for sheet in sorted(found, key=lambda s: s.product):
        fitting = [size for file in files if (size := _fit(sheet, file))]
        if fitting:
            size = max(fitting, key=lambda s: (s.dpi, -_difference(sheet, s.file)))
            best.setdefault((round(sheet.width), round(sheet.height)), size)
    return sorted(best.values(), key=lambda s: (s.sheet.width * s.sheet.height, s.sheet.product))


def _fit(sheet: Sheet, file: Pixels) -> Size | None:
    if file.orientation != sheet.orientation or _difference(sheet, file) > SHAPE_TOLERANCE:
        return None
    # Of the two sides the one with fewer pixels for its length decides, because the image fills the whole sheet.
    dpi = int(min(file.width / sheet.width, file.height / sheet.height) * MM_PER_INCH)
    return Size(sheet, file, dpi) if dpi >= DPI_MIN else None


def _difference(sheet: Sheet, file: Pixels) -> float:
    ratio = (file.width / file.height) / (sheet.width / sheet.height)
    return max(ratio, 1 / ratio) - 1
