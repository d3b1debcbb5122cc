"""Faults of drawings and texts: SVG, DXF and the license."""

from __future__ import annotations

import re

from tests.trial.deliveries import Delivery
from tests.trial.planting import CUT, fault


def redrawn(d: Delivery, name: str, old: str, new: str, times: int = 1) -> None:
    text = d.contents[name].decode()
    assert re.search(old, text), f"{old} is not in {name}"
    d.remade(name, re.sub(old, new, text, count=times).encode())


@fault("svg", "svg.opens", "01-squares.svg")
def a_drawing_is_not_valid(d: Delivery) -> None:
    redrawn(d, "01-squares.svg", "</svg>", "")


@fault("svg", "svg.opens", "01-squares.svg")
def a_drawing_has_no_size(d: Delivery) -> None:
    redrawn(d, "01-squares.svg", r' (width|height|viewBox)="[^"]*"', "", times=3)


@fault("svg", "svg.self_contained", "01-squares.svg")
def a_drawing_has_text(d: Delivery) -> None:
    redrawn(d, "01-squares.svg", "</svg>", '<text x="9" y="99" font-family="Papyrus">Hello</text></svg>')


@fault("svg", "svg.self_contained", "01-squares.svg")
def a_drawing_needs_another_file(d: Delivery) -> None:
    redrawn(d, "01-squares.svg", "</svg>", '<use href="other.svg#a"/></svg>')


@fault("svg", "svg.vector", "01-squares.svg")
def a_drawing_contains_pixels(d: Delivery) -> None:
    redrawn(d, "01-squares.svg", "</svg>", '<image width="1" height="1" href="data:image/png;base64,AAAA"/></svg>')


@fault("svg", "svg.shows", "01-squares.svg")
def a_drawing_is_blank(d: Delivery) -> None:
    redrawn(d, "01-squares.svg", ' d="[^"]*"', ' d=""', times=99)


@fault("svg", "svg.layers", "01-squares.svg")
def a_drawing_has_no_layers(d: Delivery) -> None:
    redrawn(d, "01-squares.svg", r"</?g\b[^>]*>", "", times=99)


@fault("sticker", "svg.cut_lines", CUT)
def a_cut_line_is_open(d: Delivery) -> None:
    redrawn(d, CUT, r'[CL][^CLZ]*Z"', '"')


@fault("sticker", "svg.cut_fits", CUT)
def a_cut_line_has_another_size(d: Delivery) -> None:
    redrawn(d, CUT, r'width="[^"]*"', 'width="3.9in"')


@fault("svg", "svg.cut_lines", "01-squares-cut.svg")
def a_cut_file_has_a_loose_line(d: Delivery) -> None:
    redrawn(d, "01-squares-cut.svg", "</svg>", '<line x1="0" y1="0" x2="9" y2="9" stroke="red"/></svg>')


@fault("svg", "svg.silhouette", "01-squares-silhouette.svg")
def a_silhouette_has_two_colors(d: Delivery) -> None:
    redrawn(d, "01-squares-silhouette.svg", "</svg>", '<path d="M1 1H4V4Z" fill="#c03020"/></svg>')


@fault("svg", "svg.cut_lines", "01-squares-silhouette.svg")
def a_silhouette_is_not_closed(d: Delivery) -> None:
    redrawn(d, "01-squares-silhouette.svg", r'Z"', '"')


@fault("svg", "svg.cut_lines", "01-squares-sheets.svg")
def a_sheet_is_not_closed(d: Delivery) -> None:
    redrawn(d, "01-squares-sheets.svg", r'[L][^LZ]*Z"', '"', times=1)


@fault("svg", "svg.colors", "01-squares.svg")
def a_drawing_has_too_many_colors(d: Delivery) -> None:
    spots = "".join(f'<path d="M{n} 1h.5v.5h-.5z" style="fill: #00{n}0ff"/>' for n in range(1, 8))
    redrawn(d, "01-squares.svg", "</svg>", f"{spots}</svg>")


@fault("svg", "dxf.closed", "01-squares.dxf")
def an_outline_of_a_dxf_is_open(d: Delivery) -> None:
    text = d.contents["01-squares.dxf"].decode()
    at = text.index("LWPOLYLINE")
    d.remade("01-squares.dxf", (text[:at] + re.sub(r"(\n 70\n\s*)1", r"\g<1>0", text[at:], count=1)).encode())


@fault("svg", "dxf.closed", "01-squares.dxf")
def a_dxf_has_nothing_to_cut(d: Delivery) -> None:
    text = d.contents["01-squares.dxf"].decode()
    d.remade("01-squares.dxf", text.replace("LWPOLYLINE", "POINT").encode())


@fault("svg", "dxf.units", "01-squares.dxf")
def a_dxf_is_in_inches(d: Delivery) -> None:
    text = d.contents["01-squares.dxf"].decode()
    d.remade("01-squares.dxf", re.sub(r"(\$INSUNITS\n\s*70\n\s*)4", r"\g<1>1", text).encode())


@fault("svg", "dxf.opens", "01-squares.dxf")
def a_dxf_breaks_off(d: Delivery) -> None:
    d.remade("01-squares.dxf", d.contents["01-squares.dxf"][:2000])


@fault("svg", "delivery.contents", "image 1")
def there_is_no_silhouette(d: Delivery) -> None:
    d.promise["files"] = [f for f in d.promise["files"] if f["name"] != "01-squares-silhouette.svg"]
    del d.contents["01-squares-silhouette.svg"]


@fault("clipart", "text.reads", "LICENSES-ART.txt")
def a_text_is_not_text(d: Delivery) -> None:
    d.contents["LICENSES-ART.txt"] = b"caf\xe9 \xff\xfe"
