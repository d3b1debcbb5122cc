"""Drawings with what only browsers draw: refused by name, or written plainly so that it looks as it does in a browser.

Both renderers of the product pass over much of newer CSS, so a third one judges: Chromium, in which sellers look at their work.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from elistit.artwork import jobs

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="200" height="200">'
BOX = '<rect class="a" x="50" y="60" width="60" height="40" fill="#39c" {}/>'
SIDE = 200
CHROMIUM = os.environ.get("ELISTIT_TEST_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"

REFUSED = {
    "var() in “fill”": "<style>:root{--c:#2a6}rect{fill:var(--c)}</style>" + BOX.format(""),
    "“@media”": "<style>@media screen{rect{fill:green}}</style>" + BOX.format(""),
    "“@layer”": "<style>@layer a{rect{fill:red}}</style>" + BOX.format(""),
    "“@supports”": "<style>@supports (fill:red){rect{fill:red}}</style>" + BOX.format(""),
    "“:is()”": "<style>:is(rect,circle){fill:red}</style>" + BOX.format(""),
    "“:where()”": "<style>:where(rect){fill:red}</style>" + BOX.format(""),
    "a style rule within another": "<style>g{color:red;rect{fill:red}}</style><g>" + BOX.format("") + "</g>",
    "“circle()” in “clip-path”": BOX.format('style="clip-path:circle(20px at 80px 80px)"'),
    "“oklch()” in “fill”": BOX.format('style="fill:oklch(60% 0.2 30)"'),
    "“color()” in “stroke”": BOX.format('stroke="color(display-p3 1 0 0)"'),
    "“calc()” in “stroke-width”": BOX.format('style="stroke:#000;stroke-width:calc(2px * 4)"'),
    "“d”": '<path style="d:path(\'M50 50h90v90z\')" d="M0 0h9v9z"/>',
    "“transform-box”": BOX.format('style="transform:rotate(30deg);transform-box:fill-box;transform-origin:center"'),
    "“transform-origin”": "<style>.a{transform-origin:9px 9px;transform:rotate(9deg)}</style>" + BOX.format(""),
    "“transform-origin” ": BOX.format('style="transform-origin:bottom 25%" transform="scale(.5)"'),
    "“rotate”": BOX.format('style="rotate:30deg"'),
    "“pathLength”": '<path d="M20 90H180" pathLength="10" stroke="#000" stroke-width="9" stroke-dasharray="1 1"/>',
}
PLAIN = {
    "an origin in pixels": BOX.format('style="transform-origin: 80px 80px;" transform="matrix(0.8 0.6 -0.6 0.8 10 5)"'),
    "an origin as an attribute": BOX.format('transform-origin="80 80" transform="rotate(30)"'),
    "the middle of the view": BOX.format(
        'style="transform-origin:center;transform:rotate(.1turn) translate(9px,5px) scaleX(1.5) skewY(5deg)"'
    ),
    "a share and an edge": f'<g style="transform-origin:25% bottom" transform="scale(.5)">{BOX.format("")}</g>',
    "two edges": f'<g style="transform-origin:bottom right" transform="scale(.5)">{BOX.format("")}</g>',
    "no transform at all": BOX.format('style="transform-origin:9px 9px;transform:none" transform="rotate(40)"'),
    "radians, both scales, a matrix": BOX.format('style="transform:rotate(.3rad) scale(120%,.8) matrix(1,0,.2,1,9,9)"'),
    "left alone by another medium": "<style>rect{fill:#222}@media print{rect{fill:red}}</style>" + BOX.format(""),
    "left alone in the dark": "<style>@media (prefers-color-scheme: dark){rect{fill:red}}</style>" + BOX.format(""),
    "a plain color before a wide one": BOX.format('style="fill:#F00;fill:color(display-p3 1 0 0);fill-opacity:.5"'),
    "an old clip": BOX.format('style="clip:rect(0,0,0,0)"'),
    "data attributes that rules ask for": "<style>rect[data-k]{fill:#a07}</style>" + BOX.format('data-k="1"'),
}
FLAT = [name for name in PLAIN if not name.startswith(("left alone", "an old", "data"))]


def take(folder: Path, drawing: str, name: str = "art", box: str = "0 0 200 200") -> dict[str, object]:
    upload = folder / f"{name}.svg"
    upload.write_text(HEAD.format(box=box) + drawing + "</svg>")
    return jobs.take_in(str(upload), str(folder / "in"), name)


@pytest.mark.parametrize("what", REFUSED)
def test_what_only_browsers_draw_is_refused_by_its_name(tmp_path: Path, what: str) -> None:
    answer = take(tmp_path, REFUSED[what])
    words = what.strip().replace("var() in", "“var()” in")
    assert words in str(answer.get("refused")), answer
    assert str(answer["refused"]).count(".") == 1


@pytest.mark.parametrize("style", ["{animation:s 1s}", "{animation-name:s}"])
def test_an_animation_in_a_style_sheet_is_one(tmp_path: Path, style: str) -> None:
    sheet = f"<style>@keyframes s{{to{{opacity:0}}}}.a{style}</style>"
    assert take(tmp_path, sheet + BOX.format(""))["refused"] == "The SVG is animated."
    assert "refused" not in take(tmp_path, BOX.format('style="animation:none"'))


@pytest.mark.parametrize("name", FLAT)
def test_what_has_a_plain_form_is_flat(tmp_path: Path, name: str) -> None:
    assert take(tmp_path, PLAIN[name])["flat"] is True


@pytest.mark.browser
@pytest.mark.skipif(
    not Path(CHROMIUM).exists(), reason="Chromium is not installed; install it with: apt-get install chromium"
)
@pytest.mark.parametrize("box", ["0 0 200 200", "-30 20 250 250"])
def test_what_is_taken_looks_as_chromium_shows_the_upload(tmp_path: Path, box: str) -> None:
    pictures = []
    for number, drawing in enumerate(PLAIN.values()):
        answer = take(tmp_path, drawing, str(number), box)
        with Image.open(str(answer["picture"])) as image:
            white = Image.new("RGBA", (SIDE, SIDE), "white")
            white.alpha_composite(image.convert("RGBA").resize((SIDE, SIDE)))
            pictures.append(np.asarray(white.convert("RGB")).astype(int))
    page = tmp_path / "page.html"
    images = "".join(
        f'<img src="{n}.svg" width="{SIDE}" height="{SIDE}" style="display:block">' for n in range(len(PLAIN))
    )
    page.write_text(f'<body style="margin:0;background:#fff">{images}')
    shot = tmp_path / "shot.png"
    subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--force-color-profile=srgb", f"--user-data-dir={tmp_path}/profile",
            f"--window-size={SIDE + 100},{SIDE * len(PLAIN) + 200}", f"--screenshot={shot}", page.as_uri(),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    with Image.open(shot) as image:
        seen = np.asarray(image.convert("RGB")).astype(int)
    for number, (name, picture) in enumerate(zip(PLAIN, pictures, strict=True)):
        there = seen[number * SIDE : (number + 1) * SIDE, :SIDE]
        assert (there.min(axis=-1) < 200).mean() > 0.005, f"{name}: Chromium drew nothing"
        assert (np.abs(there - picture).max(axis=-1) > 60).mean() < 0.01, name
