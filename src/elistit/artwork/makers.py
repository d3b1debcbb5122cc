"""Files for makers: the sheets of a cut drawing with registration marks, its silhouette in one color, both as DXF; and what they say of
how it cuts: pieces, the smallest part and the smallest gap.

Takes the areas of a cut drawing (`vector.sheets`). It must never move an outline: every file has the drawing's own size.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import ezdxf
import shapely
from ezdxf import units
from shapely.geometry import MultiPolygon, Polygon

from elistit.artwork import outline
from elistit.artwork.canvas import Color, css
from elistit.artwork.sticker import write_text

MM = 25.4
# A part narrower than this tears or is lost when it is weeded; a narrower gap closes under the blade. In millimeters.
PART_LEAST_MM, GAP_LEAST_MM = 2.0, 0.5
# Registration marks: squares in a margin around the drawing, three of them, so that a sheet has one way up. In millimeters.
MARK_MM, MARGIN_MM = 6.0, 10.0
MARKS = "registration marks"
# To cut a drawing at more than so many times its size is no advice.
_LARGER_MOST = 3.0
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_BLACK: Color = (0, 0, 0)
_TITLE_MAX = 120


@dataclass(frozen=True)
class Sheet:
    """One sheet of material: its layer's name, its color, and what is cut of it, in millimeters from the drawing's top left."""

    name: str
    color: Color
    area: MultiPolygon


@dataclass(frozen=True)
class Facts:
    """How a drawing cuts at its stated size. Lengths in millimeters; `part` and `gap` are the smallest of all sheets, `gap` None
    where there is nothing between two parts. `small_parts` and `small_gaps` are those too small to cut."""

    colors: int
    pieces: int
    part: float
    gap: float | None
    small_parts: int
    small_gaps: int
    width: float
    height: float

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a maker should know before cutting, one sentence each."""
        said = []
        if self.small_parts:
            parts = "1 part is" if self.small_parts == 1 else f"{self.small_parts} parts are"
            said.append(f"{parts} narrower than {PART_LEAST_MM:g} mm. {self._larger(PART_LEAST_MM / self.part)}")
        if self.small_gaps and self.gap:
            gaps = "1 gap is" if self.small_gaps == 1 else f"{self.small_gaps} gaps are"
            said.append(f"{gaps} narrower than {GAP_LEAST_MM:g} mm. {self._larger(GAP_LEAST_MM / self.gap)}")
        return tuple(said)

    def _larger(self, times: float) -> str:
        if times > _LARGER_MOST:
            return "Weld what is too small to its neighbors, or leave it out."
        inches = max(self.width, self.height) / MM * times
        return f"Cut the drawing at {inches:.1f} in or larger, or leave out what is too small."

    @property
    def words(self) -> str:
        """The facts in one line."""
        gap = f", smallest gap {self.gap:.1f} mm" if self.gap is not None else ""
        colors = "1 color" if self.colors == 1 else f"{self.colors} colors"
        pieces = "1 piece" if self.pieces == 1 else f"{self.pieces} pieces"
        return f"{colors}, {pieces}, smallest part {self.part:.1f} mm{gap} at {self.width / MM:.2f} × {self.height / MM:.2f} in"

    def as_json(self) -> dict[str, Any]:
        return {
            "colors": self.colors, "pieces": self.pieces, "smallest_part_mm": round(self.part, 2),
            "smallest_gap_mm": None if self.gap is None else round(self.gap, 2), "words": self.words,
            "warnings": list(self.warnings),
        }  # fmt: skip


def facts(sheets: Sequence[Sheet], width: float, height: float) -> Facts:
    """How sheets cut. `width` and `height` of the drawing in millimeters."""
    parts = [_across(p) for s in sheets for p in s.area.geoms]
    gaps = [g for s in sheets for g in _gaps(s.area)]
    return Facts(
        len(sheets), len(parts), min(parts, default=0.0), min(gaps, default=None),
        sum(p < PART_LEAST_MM for p in parts), sum(g < GAP_LEAST_MM for g in gaps), width, height,
    )  # fmt: skip


def _across(area: Polygon) -> float:
    """The diameter of the largest circle inside."""
    return 2 * float(shapely.maximum_inscribed_circle(area).length)


def _gaps(area: MultiPolygon) -> Iterable[float]:
    """How wide the holes of a sheet are, and how far each part is from the nearest other one."""
    parts = list(area.geoms)
    yield from (_across(Polygon(ring)) for part in parts for ring in part.interiors)
    if len(parts) > 1:
        _, near = shapely.STRtree(parts).query_nearest(parts, exclusive=True, return_distance=True, all_matches=False)
        yield from (float(d) for d in near)


def silhouette(sheets: Sequence[Sheet]) -> MultiPolygon:
    """All that is painted, as one area: seams between sheets are closed."""
    joined = (
        shapely.union_all([s.area for s in sheets]).buffer(0.08, join_style="mitre").buffer(-0.08, join_style="mitre")
    )
    return outline.as_multi(joined)


def marks(width: float, height: float) -> MultiPolygon:
    """The registration marks around a drawing of a size in millimeters, the same on every sheet."""
    near, right, low = -(MARGIN_MM + MARK_MM) / 2, width + (MARGIN_MM - MARK_MM) / 2, height + (MARGIN_MM - MARK_MM) / 2
    corners = ((near, near), (right, near), (near, low))
    return MultiPolygon([shapely.box(x, y, x + MARK_MM, y + MARK_MM) for x, y in corners])


def layered(sheets: Sequence[Sheet], measured: Facts, title: str) -> str:
    """An SVG with one layer for each sheet, every one with the same registration marks; in millimeters."""
    mark = outline.path_data(marks(measured.width, measured.height), smooth=False, places=3)
    groups = [
        f'  <g id="sheet-{sheet.name.replace(" ", "-")}" inkscape:groupmode="layer" '
        f'inkscape:label="{html.escape(sheet.name, quote=True)}" fill="{css(sheet.color)}" fill-rule="evenodd">\n'
        f'    <path d="{_data(sheet.area)}"/>\n    <path class="registration" d="{mark}"/>\n  </g>'
        for sheet in sheets
    ]
    return _document(groups, measured, title, MARGIN_MM)


def one_color(area: MultiPolygon, measured: Facts, title: str) -> str:
    """An SVG of a silhouette in one color; in millimeters."""
    path = f'<path d="{_data(area)}" fill="#000000" fill-rule="evenodd"/>'
    layer = f'  <g id="silhouette" inkscape:groupmode="layer" inkscape:label="silhouette">{path}</g>'
    return _document([layer], measured, f"{title}, silhouette", 0.0)


def _data(area: MultiPolygon) -> str:
    return outline.path_data(area, smooth=False, places=3)


def _document(groups: Sequence[str], measured: Facts, title: str, margin: float) -> str:
    wide, high = measured.width + 2 * margin, measured.height + 2 * margin
    said = " ".join((f"{measured.words}.", *measured.warnings))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" '
        f'width="{wide:.3f}mm" height="{high:.3f}mm" viewBox="{-margin:.3f} {-margin:.3f} {wide:.3f} {high:.3f}">\n'
        f"  <title>{html.escape(_CONTROL.sub(' ', title)[:_TITLE_MAX])}</title>\n  <desc>{html.escape(said)}</desc>\n"
        + "\n".join(groups)
        + "\n</svg>\n"
    )


def dxf(sheets: Sequence[Sheet], measured: Facts) -> str:
    """The sheets as DXF (AutoCAD 2000), in millimeters: closed polylines, a layer for each sheet, one for the marks."""
    # Neither the day nor a number of this machine: the same drawing gives the same file.
    before, ezdxf.options.write_fixed_meta_data_for_testing = ezdxf.options.write_fixed_meta_data_for_testing, True
    try:
        made = ezdxf.new("R2000", units=units.MM)
        made.header["$MEASUREMENT"] = 1
        space = made.modelspace()
        for sheet in [*sheets, Sheet(MARKS, _BLACK, marks(measured.width, measured.height))]:
            layer = made.layers.add(sheet.name.replace(" ", "_").upper())
            layer.rgb = sheet.color
            layer.color = 7
            for part in sheet.area.geoms:
                for ring in (part.exterior, *part.interiors):
                    # Its y grows upwards.
                    points = [(x, measured.height - y) for x, y in ring.coords[:-1]]
                    space.add_lwpolyline(points, close=True, dxfattribs={"layer": layer.dxf.name})
        made.header.custom_vars.append("Cutting", measured.words)
        text = StringIO()
        made.write(text)
        return text.getvalue()
    finally:
        ezdxf.options.write_fixed_meta_data_for_testing = before


def write(sheets: Sequence[Sheet], size: tuple[float, float], folder: Path, stem: str, title: str) -> dict[str, Any]:
    """Write the files for makers into `folder`: `files` by kind (`sheets`, `silhouette`, `dxf`) and `facts`. `size`: of the
    drawing in inches. Same sheets, same bytes. Raises ValueError when there is nothing to cut."""
    if not sheets:
        raise ValueError("Nothing in this drawing is large enough to cut.")
    measured = facts(sheets, size[0] * MM, size[1] * MM)
    files = {
        "sheets": folder / f"{stem}-sheets.svg",
        "silhouette": folder / f"{stem}-silhouette.svg",
        "dxf": folder / f"{stem}.dxf",
    }
    write_text(files["sheets"], layered(sheets, measured, title))
    write_text(files["silhouette"], one_color(silhouette(sheets), measured, title))
    write_text(files["dxf"], dxf(sheets, measured))
    return {"files": {kind: str(path) for kind, path in files.items()}, "facts": measured.as_json()}
