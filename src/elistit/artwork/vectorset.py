"""Makes all the files of one vector product and proves them: each must look like the drawing it was made from.

What does not is never handed out: the caller keeps the drawing as it is, or says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elistit.artwork import makers, renderings, svgcheck, vector


class LooksDifferent(ValueError):
    """A finished file would not look like its drawing. The message is one plain sentence."""


@dataclass(frozen=True)
class Files:
    """The files of one drawing by role (`svg`, `cut`, `png`, `pdf`), the names of its layers from the bottom up, and the files
    for makers with what they say (`makers.write`)."""

    files: dict[str, Path]
    layers: tuple[str, ...]
    cut_layers: tuple[str, ...]
    makers: dict[str, Any]


def make(svg: str, folder: Path, stem: str, title: str, px: int, colors: int | None = None) -> Files:
    """Write layered SVG, cut file, PNG (`px` on its longest side) and PDF of a drawing into `folder`, and the files for makers.
    With `colors`, the drawing gets at most so many; without, only what is cut does. Idempotent.

    Raises NotSvg or NotFlat for what is not a drawing of flat shapes, LooksDifferent when a file made from it differs in more
    than one percent of what is painted, ValueError when there is nothing to draw or to cut.
    """
    folder.mkdir(parents=True, exist_ok=True)
    layered, cut = folder / f"{stem}.svg", folder / f"{stem}-cut.svg"
    if colors is not None:
        svg = vector.in_colors(svg, colors)
    finished = vector.finish_svg(svg, layered, title)
    done = vector.cut(layered, cut, title, colors=colors or vector.CUT_COLORS)
    more = makers.write(done.sheets, done.inches, folder, stem, title)
    for made in (layered, cut, *(Path(p) for kind, p in more["files"].items() if kind != "dxf")):
        if problems := svgcheck.validate_svg(made):
            raise ValueError(problems[0])
    png, pdf = folder / f"{stem}.png", folder / f"{stem}.pdf"
    vector.to_png(layered, png, px)
    vector.to_pdf(layered, pdf, title)
    text = layered.read_text(encoding="utf-8")
    alike = (
        ("layered SVG", renderings.same(svg, text)),
        ("PDF", renderings.same_page(svg, pdf)),
        ("cut file", renderings.same_cut(done.expected, cut.read_text(encoding="utf-8"))),
    )
    for name, right in alike:
        if not right:
            raise LooksDifferent(f"The {name} would not look like the drawing it is made from.")
    return Files({"svg": layered, "cut": cut, "png": png, "pdf": pdf}, finished.layers, done.layers, more)
