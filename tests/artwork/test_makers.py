"""Files for makers: colors, sheets, silhouette and DXF, read by other programs than those that write them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import pyvips
import resvg_py
import shapely
from shapely.geometry import MultiPolygon, Polygon, box

from elistit.artwork import fewer_colors, jobs, makers, vector
from elistit.artwork.makers import Sheet
from elistit.trial import drawings, dxf
from elistit.trial.report import Findings
from elistit_artist import brief
from elistit_artist.paint import job

SVG = "{http://www.w3.org/2000/svg}"
INKSCAPE = "{http://www.inkscape.org/namespaces/inkscape}"
# A card of many colors: five of them near each other, one small black spot.
STRIPES = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="4in" height="4in" viewBox="0 0 400 400">'
    + "".join(
        f'<path fill="{c}" d="M{40 * k} 0h40v300h-40z"/>'
        for k, c in enumerate(
            [
                "#c03020",
                "#c23322",
                "#bf2f24",
                "#2050a0",
                "#2455a5",
                "#20a050",
                "#f0e0c0",
                "#e8d8b8",
                "#884499",
                "#dd9922",
            ]
        )
    )
    + '<path fill="#101010" d="M10 310h30v30h-30z"/></svg>'
)


@pytest.fixture(scope="module")
def raccoon(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object], str]:
    """A drawing of the artist with more colors than sheets, and everything made of it."""
    pick = brief.plan("raccoon", {}, 1, 9, "flat", product="svg").picks[0]
    svg = job.layered_svg({**pick.art, "seed": 3}).text
    folder = tmp_path_factory.mktemp("raccoon")
    made = jobs.finish_vector(svg, str(folder), "01-raccoon", "Raccoon & friends", 600, fewer_colors.COLORS)
    return folder, made, svg


def colors(svg: str) -> set[str]:
    return set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', svg))


def areas(path: Path, group: ElementTree.Element) -> list[Polygon]:
    """The rings of a group's straight outlines, as polygons that must be whole as they are."""
    found = []
    for element in group.iter(f"{SVG}path"):
        data = element.get("d") or ""
        assert set(re.findall(r"[A-Za-z]", data)) == {"M", "L", "Z"}
        for ring in data.split("Z")[:-1]:
            found.append(Polygon([tuple(map(float, p.split())) for p in ring[1:].split("L")]))
    return found


def test_a_drawing_comes_in_at_most_six_colors_of_its_own(raccoon: tuple[Path, dict[str, object], str]) -> None:
    folder, _, svg = raccoon
    made = (folder / "01-raccoon.svg").read_text()
    assert len(colors(svg)) > 6 >= len(colors(made))
    assert colors(made) <= colors(svg), "no color is invented"


def test_colors_that_differ_stay_and_shades_of_one_are_joined() -> None:
    made = vector.in_colors(STRIPES, 7)
    kept = colors(made)
    assert len(kept) == 7 and "#101010" in kept, "a small spot unlike everything else stays"
    assert {"#20a050", "#884499", "#dd9922"} <= kept
    assert len(kept & {"#c03020", "#c23322", "#bf2f24"}) == len(kept & {"#2050a0", "#2455a5"}) == 1
    assert 'width="4.000000in"' in made, "the size it stated stays"
    assert vector.in_colors(STRIPES, 11) == STRIPES, "few enough are left alone"
    assert len(colors(vector.in_colors(STRIPES, 1))) == 1


def test_oklab_is_the_published_one() -> None:
    white, red, green = fewer_colors.oklab([(255, 255, 255), (255, 0, 0), (0, 255, 0)])
    assert white == pytest.approx([1, 0, 0], abs=2e-3)
    assert red == pytest.approx([0.628, 0.2249, 0.1258], abs=2e-3)
    assert green == pytest.approx([0.8664, -0.2339, 0.1795], abs=2e-3)


def test_every_sheet_is_a_named_layer_with_the_same_marks(raccoon: tuple[Path, dict[str, object], str]) -> None:
    folder, made, _ = raccoon
    file = folder / "01-raccoon-sheets.svg"
    layers = list(ElementTree.parse(file).getroot().iter(f"{SVG}g"))
    assert 2 <= len(layers) <= 6
    labels = [g.get(f"{INKSCAPE}label") for g in layers]
    assert labels == made["cut_layers"] and all(g.get(f"{INKSCAPE}groupmode") == "layer" for g in layers)
    assert len({g[-1].get("d") for g in layers}) == 1, "the marks lie alike on every sheet"
    sheets = []
    for layer in layers:
        rings = areas(file, layer)
        assert all(ring.is_valid and ring.area > 0 for ring in rings)
        marks = rings[-3:]
        assert all(abs(m.area - makers.MARK_MM**2) < 0.1 for m in marks)
        area = shapely.Polygon()
        for ring in rings[:-3]:
            area = area.symmetric_difference(ring)  # even-odd, as the file says
        assert not any(m.intersects(area) for m in marks)
        sheets.append(area)
    for one, other in combinations(sheets, 2):
        assert one.intersection(other).area < 0.002 * min(one.area, other.area) + 0.5, "sheets lie side by side"


def test_the_silhouette_is_one_color_and_all_that_is_painted(raccoon: tuple[Path, dict[str, object], str]) -> None:
    folder, _, _ = raccoon
    text = (folder / "01-raccoon-silhouette.svg").read_text()
    assert colors(text) == {"#000000"}
    layered = pyvips.Image.thumbnail(str(folder / "01-raccoon.svg"), 500).numpy()[..., 3] > 127
    for seen in (
        pyvips.Image.thumbnail_buffer(text.encode(), 500).numpy()[..., 3] > 127,
        pyvips.Image.pngload_buffer(resvg_py.svg_to_bytes(svg_string=text, width=500, height=500, dpi=96)).numpy()[
            ..., 3
        ]
        > 127,
    ):
        assert (seen & layered).sum() / (seen | layered).sum() > 0.985


def test_the_dxf_has_the_sheets_in_millimeters_for_another_reader(raccoon: tuple[Path, dict[str, object], str]) -> None:
    folder, made, _ = raccoon
    data = (folder / "01-raccoon.dxf").read_bytes()
    findings = Findings()
    found = dxf.look_at("01.dxf", data, findings)
    assert findings.ok, findings.checks()
    assert found["layers"] == len(made["cut_layers"]) + 1, "a layer for each sheet, one for the marks"
    rings = sum(len(areas(folder, g)) for g in _layers(folder)) - 3 * len(made["cut_layers"])
    assert found["cut_lines"] == rings + 3
    # Marks reach from 8 mm outside the drawing's left to 8 mm beyond its right.
    assert found["inches"][0] == pytest.approx((203.2 + 16) / 25.4, abs=0.01)


def _layers(folder: Path) -> list[ElementTree.Element]:
    return list(ElementTree.parse(folder / "01-raccoon-sheets.svg").getroot().iter(f"{SVG}g"))


def test_what_is_said_of_it_is_measured() -> None:
    frame = Polygon(box(0, 0, 40, 40).exterior, [box(10, 10, 14, 30).exterior])
    dots = MultiPolygon([box(50, 0, 51.2, 30), box(51.5, 0, 60, 30)])
    told = makers.facts(
        [Sheet("01 red", (200, 0, 0), MultiPolygon([frame])), Sheet("02 blue", (0, 0, 200), dots)], 80, 40
    )
    assert (told.colors, told.pieces) == (2, 3)
    assert told.part == pytest.approx(1.2, abs=0.05) and told.gap == pytest.approx(0.3, abs=0.01)
    assert (told.small_parts, told.small_gaps) == (1, 2), "either part has the other one too near"
    first, second = told.warnings
    assert first.startswith("1 part is narrower than 2 mm.") and "5.2 in or larger" in first
    assert second.startswith("2 gaps are narrower than 0.5 mm.")
    whole = makers.facts([Sheet("01 red", (200, 0, 0), MultiPolygon([box(0, 0, 20, 20)]))], 20, 20)
    assert whole.gap is None and whole.warnings == () and "1 color, 1 piece, smallest part 20.0 mm at" in whole.words


def test_the_same_drawing_gives_the_same_files(raccoon: tuple[Path, dict[str, object], str], tmp_path: Path) -> None:
    folder, _, svg = raccoon
    jobs.finish_vector(svg, str(tmp_path), "01-raccoon", "Raccoon & friends", 600, fewer_colors.COLORS)
    for name in ("-sheets.svg", "-silhouette.svg", ".dxf"):
        assert (tmp_path / f"01-raccoon{name}").read_bytes() == (folder / f"01-raccoon{name}").read_bytes()


def test_a_sellers_own_drawing_keeps_its_colors_and_gets_the_same_files(tmp_path: Path) -> None:
    source = tmp_path / "own.svg"
    source.write_text(STRIPES)
    made = jobs.own_drawing(str(source), str(tmp_path / "out"), "01-own", "Own", 600, True)
    assert len(colors((tmp_path / "out/01-own.svg").read_text())) == 11
    assert set(made["makers"]["files"]) == {"sheets", "silhouette", "dxf"} and made["makers"]["facts"]["colors"] <= 6
    findings = Findings()
    wanted = drawings.Wanted(cut=True, colors=1)
    drawings.look_at("s.svg", (tmp_path / "out/01-own-silhouette.svg").read_bytes(), wanted, findings)
    assert findings.ok, findings.checks()


@pytest.mark.parametrize(
    ("check", "change"),
    [
        ("dxf.closed", lambda text: re.sub(r"(\n 70\n\s*)1(?=\n)", r"\g<1>0", text, count=0)),
        ("dxf.units", lambda text: re.sub(r"(\$INSUNITS\n\s*70\n\s*)4", r"\g<1>1", text)),
        ("dxf.opens", lambda text: text[: len(text) // 2]),
        ("dxf.opens", lambda text: text.replace("\nENTITIES\n", "\nENTITIES\n  x\n", 1)),
    ],
)
def test_a_dxf_that_cannot_be_cut_is_found(
    raccoon: tuple[Path, dict[str, object], str], check: str, change: object
) -> None:
    text = (raccoon[0] / "01-raccoon.dxf").read_text().replace("\r\n", "\n")
    broken = change(text)  # type: ignore[operator]
    assert broken != text
    findings = Findings()
    dxf.look_at("01.dxf", broken.encode(), findings)
    assert check in {c["name"] for c in findings.checks() if not c["ok"]}


def test_pixels_of_a_drawing_in_fewer_colors_have_no_other_ones() -> None:
    image = pyvips.Image.svgload_buffer(vector.in_colors(STRIPES, 3).encode()).numpy()
    solid = image[image[..., 3] == 255][:, :3]
    _, counts = np.unique(solid, axis=0, return_counts=True)
    assert (counts > 200).sum() == 3
