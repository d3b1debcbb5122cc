"""Drawings of installed art packs, as the artist borrows them (`elistit_artist.glyphs.Pack`): found by name, read as flat shapes.

What is not a flat shape (clipping, other drawings referred to) is left out, gradients become their middle color. A pack that is
not installed has no drawings; its name stays known, so that an image planned with it fails instead of becoming another.
"""

from __future__ import annotations

import colorsys
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elistit import packs
from elistit.on_use import OnUse

if TYPE_CHECKING:
    from elistit.artwork import drawing
else:
    drawing = OnUse("elistit.artwork.drawing")

Color = tuple[int, int, int]
# What sellers ask for; people, faces, flags, letters and signs are not.
_CATEGORIES = ("Food & Drink", "Animals & Nature", "Activities", "Travel & Places", "Objects")
_NOT_THINGS = re.compile(
    r"flag|symbol|-face$|^face|button|arrow|sign$|-mark$|oclock|-thirty$|skin-tone|input|keycap|globe-showing|monkey-(hear|see|speak)"
)


class ArtPack:
    """One art pack of `packs.PACKS`. It is read from the data folder when first asked; the artist asks once and remembers."""

    def __init__(self, code: str) -> None:
        self.code = code

    def names(self) -> Sequence[str]:
        """The drawings of things, in the pack's order; none when the pack is not installed."""
        return tuple(self._icons())

    def svg(self, name: str) -> str | None:
        """A drawing as an SVG of flat shapes with a view box; None when it is not made of such, or not there."""
        icons = self._icons()
        return _flat(icons[name]) if name in icons else None

    def source(self, name: str) -> str:
        """Where a drawing comes from, for the licences in the ZIP. Needs no installed pack."""
        pack = packs.PACKS[self.code]
        return f"{pack.title} {pack.version} ({name}), {pack.holder}, {pack.licence}, repainted and changed"

    def _icons(self) -> dict[str, Any]:
        return _read(packs.folder(self.code)) if packs.installed(self.code) else {}


# In the order they are asked: the first is flat by nature.
ART_PACKS = (ArtPack(packs.FLUENT), ArtPack(packs.NOTO))


def _read(folder: Path) -> dict[str, Any]:
    file = folder / "icons.json"
    return _parsed(folder, file.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _parsed(folder: Path, changed: int) -> dict[str, Any]:
    """The things of a pack by name, each with its size. `changed` is the file's time: another file is read again."""
    icons = json.loads((folder / "icons.json").read_text(encoding="utf-8"))
    listed = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))["categories"]
    names = [n for c in _CATEGORIES for n in listed.get(c, []) if not _NOT_THINGS.search(n)]
    size = (icons.get("width", 16), icons.get("height", 16))
    return {n: {"width": size[0], "height": size[1], **icons["icons"][n]} for n in names if n in icons["icons"]}


def _flat(entry: dict[str, Any]) -> str | None:
    body = re.sub(
        r'(fill|stroke)="url\(#([^)]+)\)"', lambda m: f'{m[1]}="{_middle(entry["body"], m[2])}"', entry["body"]
    )
    body = re.sub(r"<(linear|radial)Gradient.*?</\1Gradient>", "", body, flags=re.DOTALL)
    box = f"0 0 {entry['width']} {entry['height']}"
    try:
        read = drawing.read(f'<svg xmlns="{drawing.SVG}" viewBox="{box}">{body}</svg>')
    except (drawing.NotFlat, drawing.NotSvg, ValueError):
        return None
    if not read.shapes:
        return None
    shapes = "".join(drawing.to_svg(replace(s, fill=_muted(s.fill), stroke=_muted(s.stroke))) for s in read.shapes)
    return f'<svg xmlns="{drawing.SVG}" viewBox="{box}">{shapes}</svg>'


def _muted(color: Color | None) -> Color | None:
    """A screen color brought among the artist's own: less loud, a little warm, never black."""
    if color is None:
        return None
    hue, light, loud = colorsys.rgb_to_hls(*(v / 255 for v in color))
    soft = colorsys.hls_to_rgb(hue, min(0.95, 0.2 + light * 0.76), min(loud * 0.62, 0.56))
    red, green, blue = (round(255 * (0.93 * v + 0.07 * warm)) for v, warm in zip(soft, (0.82, 0.66, 0.5), strict=True))
    return red, green, blue


def _middle(body: str, gradient: str) -> str:
    """The color in the middle of a gradient."""
    found = re.search(rf'id="{re.escape(gradient)}".*?</(?:linear|radial)Gradient>', body, re.DOTALL)
    colors = re.findall(r'stop-color="(#\w{3,6})"', found[0]) if found else []
    return colors[len(colors) // 2] if colors else "none"
