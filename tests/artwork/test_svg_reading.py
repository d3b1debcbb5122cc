"""What drawing programs write is read as the renderers draw it, or the drawing stays as it is; sizes in inches stay."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings

from elistit.artwork import drawing, intake, jobs, renderings, vector, vectorset
from elistit.artwork.renderings import RENDERERS
from tests.artwork import svgs

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 100">'
RESOLVED = {
    "class in defs": '<defs><style>.a{fill:#e63946}.b{fill:none;stroke:#1d3557;stroke-width:8px}</style></defs>'
    '<circle class="a" cx="40" cy="50" r="30"/><path class="b" d="M10 90h80"/>',
    "cascade": "<style>rect{fill:red}.a{fill:blue}#x{fill:lime}g .a{fill:teal !important}</style>"
    '<g><rect id="x" class="a" width="40" height="40" style="fill:gold"/></g><rect class="a" x="50" width="40" height="40"/>'
    '<rect y="50" fill="navy" width="40" height="40"/>',
    "two sheets": "<style>rect{fill:red}</style><style><![CDATA[rect{fill:teal}]]></style><rect width='60' height='60'/>",
    "hidden by class": '<style>.h{display:none}</style><rect class="h" width="99" height="99"/><circle cx="50" cy="50" r="20"/>',
    "percent": '<rect width="100%" height="50%" fill="gold"/><circle cx="50%" cy="50%" r="20%"/>',
    "units": '<rect x="2mm" y=".1in" width="1cm" height="2pc" stroke="red" stroke-width="3pt"/><circle cx="70px" cy="60" r="20"/>',
    "rounded by percent": '<rect x="20" y="20" width="60" height="60" rx="50%"/>',
    "dash": '<path d="M10 50h80" stroke="red" stroke-width="9" stroke-dasharray="12,6 3" stroke-dashoffset="-5"/>',
    "caps": '<path d="M30 30h40" stroke="red" stroke-width="20" stroke-linecap="square"/><path d="M30 70z" stroke="#00f" '
    'stroke-width="20" stroke-linecap="round"/>',
    "joins": '<g fill="none" stroke="red" stroke-width="9"><path d="M10 40L20 10 30 40" stroke-miterlimit="2"/>'
    '<path d="M40 40L50 10 60 40" stroke-linejoin="bevel"/><path d="M70 40L80 10 90 40" stroke-miterlimit="9"/></g>',
    "paint order": '<circle cx="50" cy="50" r="30" fill="red" stroke="navy" stroke-width="20" style="paint-order:stroke"/>',
    "opacity of parts apart": '<g opacity=".5"><rect width="40" height="40"/><rect x="50" width="40" height="40"/></g>',
    "use and symbol": '<defs><g id="g"><rect width="20" height="20"/></g><symbol id="s" viewBox="0 0 10 10"><circle cx="5" cy="5"'
    ' r="8" fill="red"/></symbol></defs><use xlink:href="#g" x="60" fill="teal"/><use href="#s" x="5" y="30" width="60" height="40"/>',
    "nested": '<svg x="10" y="10" width="50%" height="40" viewBox="0 0 10 10"><rect x="-9" width="200%" height="6"/></svg>',
    "clip": '<clipPath id="c"><circle cx="40" cy="50" r="30"/></clipPath><rect width="60" height="60" clip-path="url(#c)"/>',
    "clip of nothing": '<clipPath id="c"><path d="M0 0h100v100H0z"/></clipPath><g clip-path="url(#c)"><circle cx="50" cy="50" '
    'r="20" stroke="red"/></g>',
    "stretched pen": '<path d="M3 10h10" stroke="red" stroke-width="4" transform="scale(6 2)"/>',
    "current color": '<g color="teal"><rect width="50" height="50" fill="currentColor"/></g>',
    "see-through line": '<circle cx="50" cy="50" r="30" fill="gold" stroke="navy" stroke-width="20" stroke-opacity=".5"/>',
    "nonzero hole": '<path d="M10 10H90V90H10zM30 30V70H70V30z"/><path d="M40 40h30l-25 20 10-35 10 35z" fill="red"/>',
    "idle": '<g style="font-family:Arial;-inkscape-stroke:none;mix-blend-mode:normal;enable-background:new 0 0 9 9;isolation:auto">'
    '<rect data-name="x" aria-hidden="true" width="50" height="50" shape-rendering="geometricPrecision"/></g>',
}  # fmt: skip
KEPT = {
    "blend": '<rect width="90" height="90" fill="gold"/><circle cx="50" cy="50" r="20" style="mix-blend-mode:multiply"/>',
    "marker": '<marker id="m"><circle r="3"/></marker><path d="M10 10h50" stroke="red" marker-end="url(#m)"/>',
    "fixed pen": '<path d="M10 10h50" stroke="red" vector-effect="non-scaling-stroke"/>',
    "see-through group": '<g opacity=".5"><rect width="50" height="50"/><rect x="20" width="50" height="50" fill="red"/></g>',
    "media": "<style>@media print{rect{fill:red}}</style><rect width='50' height='50'/>",
    "counted": "<style>rect:nth-child(2){fill:red}</style><rect width='50' height='50'/>",
    "variable": "<rect width='50' height='50' style='fill:var(--a)'/>",
    "property unknown": "<rect width='50' height='50' style='clip-path-of-tomorrow:1'/>",
    "attribute unknown": "<rect width='50' height='50' wobble='1'/>",
    "element unknown": "<mesh/><rect width='50' height='50'/>",
    "value unknown": "<rect width='50' height='50' stroke='red' stroke-linejoin='arcs'/>",
    "font size": "<rect width='5em' height='50'/>",
    "unit unknown": "<rect width='5vw' height='50'/>",
    "css geometry": "<rect width='50' height='50' style='width:20px'/>",
    "css transform": "<rect width='50' height='50' style='transform:rotate(20deg)'/>",
    "choice": "<switch><rect width='50' height='50'/><circle r='9'/></switch>",
    "language": "<rect width='50' height='50' systemLanguage='de'/>",
    "two of a name": "<g id='a'><circle r='9'/></g><g id='a'/><use href='#a'/>",
    "cut line": '<clipPath id="c"><rect width="50" height="50"/></clipPath><path d="M0 0L90 90" stroke="red" clip-path="url(#c)"/>',
    "clip by box": '<clipPath id="c" clipPathUnits="objectBoundingBox"><circle r=".5"/></clipPath><rect width="50" height="50" '
    'clip-path="url(#c)"/>',
    "broken path": '<path d="M10 10h50v50L5"/>',
    "no namespace": '<g xmlns=""><rect width="50" height="50"/></g>',
}  # fmt: skip


@pytest.mark.parametrize("name", list(RESOLVED))
def test_what_is_read_looks_the_same_in_two_renderers(name: str) -> None:
    text = f"{HEAD}{RESOLVED[name]}</svg>"
    picture = drawing.read(text)
    again = HEAD + "".join(drawing.to_svg(s, 3) for s in picture.shapes) + "</svg>"
    for render in RENDERERS:
        before, after = (renderings.drawn(t, render, (300, 300)) for t in (text, again))
        assert before[..., 3].any()
        assert renderings.different(before, after) < 0.004


@pytest.mark.parametrize("name", list(KEPT))
def test_what_is_not_known_is_never_left_out(name: str) -> None:
    with pytest.raises(drawing.NotFlat):
        drawing.read(f"{HEAD}{KEPT[name]}</svg>")


@settings(max_examples=60, deadline=None)
@given(svgs.documents())
def test_no_made_up_drawing_comes_out_silently_different(text: str) -> None:
    verdict = svgs.judged(text)
    assert not verdict.silently_different, verdict


def taken(tmp_path: Path, text: str) -> intake.Taken:
    (tmp_path / "sent").write_text(text)
    return intake.take(tmp_path / "sent", tmp_path / "in", "art")


SIZES = {
    "three inches": ('width="3in" height="3in" viewBox="0 0 300 300"', (3.0, 3.0)),
    "millimeters alone": ('width="90mm" height="45mm"', (90 / 25.4, 45 / 25.4)),
    "one side": ('width="144pt" viewBox="0 0 100 50"', (2.0, 1.0)),
    "another shape": ('width="10cm" height="5cm" viewBox="0 0 100 100"', (10 / 2.54, 5 / 2.54)),
    "pixels": ('width="400" height="200" viewBox="0 0 100 50"', (8.0, 4.0)),
    "percent": ('width="100%" height="100%" viewBox="0 0 100 50"', (8.0, 4.0)),
}


@pytest.mark.parametrize("name", list(SIZES))
def test_a_stated_size_stays_in_every_file(tmp_path: Path, name: str) -> None:
    head, (wide, high) = SIZES[name]
    found = taken(
        tmp_path, f'<svg xmlns="http://www.w3.org/2000/svg" {head}><rect width="60" height="30" fill="red"/></svg>'
    )
    assert found.flat
    made = vectorset.make(found.path.read_text(), tmp_path / "out", "art", "Art", 300)
    for role in ("svg", "cut"):
        size = re.search(r'width="([\d.]+)in" height="([\d.]+)in"', made.files[role].read_text())
        assert size
        assert (float(size[1]), float(size[2])) == pytest.approx((wide, high), abs=1e-3)
    with pikepdf.open(made.files["pdf"]) as document:
        assert [float(v) / 72 for v in document.pages[0].mediabox[2:]] == pytest.approx([wide, high], abs=1e-3)


def test_sizes_no_page_can_have_are_refused(tmp_path: Path) -> None:
    for size in ("9000mm", "1mm"):
        with pytest.raises(intake.Refused, match="inches"):
            taken(
                tmp_path,
                f'<svg xmlns="{drawing.SVG}" width="{size}" height="{size}"><rect width="99" height="99"/></svg>',
            )


def test_a_document_type_that_only_names_an_address_is_skipped(tmp_path: Path) -> None:
    doctype = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    assert taken(
        tmp_path, f'<?xml version="1.0" standalone="no"?>{doctype}{HEAD}<circle cx="50" cy="50" r="40"/></svg>'
    ).flat
    for bad in (
        f'{doctype}{HEAD}<rect width="50" height="50"/><desc>&evil;</desc></svg>',
        f'<!DOCTYPE svg [<!ENTITY a "b">]>{HEAD}<rect width="50" height="50"/></svg>',
    ):
        with pytest.raises(intake.Refused, match=r"entities.*save it as “plain SVG”"):
            taken(tmp_path, bad)


def test_a_small_view_box_loses_nothing_to_rounding(tmp_path: Path) -> None:
    small = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><circle cx=".5" cy=".5" r=".013"/><rect width=".4" height=".3"/>'
    made = vectorset.make(small + "</svg>", tmp_path, "art", "Art", 300)
    assert renderings.same(small + "</svg>", made.files["svg"].read_text())


def test_a_file_that_does_not_look_like_its_drawing_is_not_handed_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f'{HEAD}<rect width="80" height="80" fill="red"/><circle cx="50" cy="50" r="20" fill="gold"/></svg>'
    real = drawing.to_svg
    monkeypatch.setattr(drawing, "to_svg", lambda s, places=2: real(s, places).replace("#ffd700", "#1d3557"))
    with pytest.raises(vectorset.LooksDifferent, match="layered SVG"):
        vectorset.make(text, tmp_path / "a", "art", "Art", 300)
    found = taken(tmp_path, text)
    assert not found.flat
    kept = jobs.own_drawing(str(found.path), str(tmp_path / "b"), "art", "Art", 300, True)
    assert set(kept["files"]) == {"svg", "png"}
    assert kept["files"]["svg"] == str(found.path)


def test_a_pdf_or_a_cut_that_looks_different_is_not_handed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f'{HEAD}<rect x="9" y="9" width="80" height="80" fill="red"/></svg>'
    with monkeypatch.context() as patched:
        patched.setattr(vector, "draw_shape", lambda page, shape: page.circle(50, 50, 20, fill=1))
        with pytest.raises(vectorset.LooksDifferent, match="PDF"):
            vectorset.make(text, tmp_path / "a", "art", "Art", 300)
    monkeypatch.setattr(vector.outline, "path_data", lambda area, **_: "M0 0L90 0L90 90Z")
    with pytest.raises(vectorset.LooksDifferent, match="cut file"):
        vectorset.make(text, tmp_path / "b", "art", "Art", 300)


def test_a_drawing_that_renderers_draw_differently_is_kept_with_a_warning(tmp_path: Path) -> None:
    found = taken(tmp_path, f"{HEAD}<style>rect:nth-of-type(2){{fill:red}}</style><rect width='50' height='90' fill='gold'/>"
                  "<rect x='50' width='50' height='90'/></svg>")  # fmt: skip
    assert not found.flat
    assert found.warning == intake.DRAWN_DIFFERENTLY
    plain = taken(tmp_path, f"{HEAD}<rect width='50' height='90' fill='gold'/></svg>")
    assert plain.flat
    assert plain.warning == ""
