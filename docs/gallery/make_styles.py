"""Draws contact sheets of the built-in artist: every style over a few themes, and every composer in several color schemes.

    python docs/gallery/make_styles.py OUT_FOLDER [--only styles|pictures] [--style watercolor] [--composers sea,hills] [--each 4]
                                       [--ratio 3:4] [--px 384] [--seed 5]

It plans and paints exactly as a project does and writes PNG sheets to the folder named; no project is touched.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pyvips

from elistit_artist import brief, compose, styles
from elistit_artist.paint import job
from elistit_artist.paint.color import Grade

IDEAS = (
    "woodland animals",
    "wildflowers",
    "ocean animals",
    "halloween",
    "christmas",
    "kitchen",
    "celestial",
    "baby nursery",
)
PAPER = {"kawaii": (232, 226, 242)}


def _tile(rgba: np.ndarray, paper: tuple[int, int, int]) -> Any:
    alpha = rgba[..., 3:].astype(np.float32) / 255
    flat = (rgba[..., :3] * alpha + np.array(paper) * (1 - alpha)).astype(np.uint8)
    return pyvips.Image.new_from_array(flat)


def figures_sheet(style: styles.Style, each: int, px: int, seed: int) -> Any:
    """One row for each idea."""
    tiles = []
    for idea in IDEAS:
        for pick in brief.plan(idea, {}, each, seed, style.code, product=min(style.products)).picks:
            drawn = job.drawing(pick.subject, pick.art["params"], seed)
            rgba = style.recipe(drawn, seed, Grade.from_json(pick.art["grade"]), style.manner, px, px)
            tiles.append(_tile(rgba, PAPER.get(style.code, (255, 255, 255))))
    return pyvips.Image.arrayjoin(tiles, across=each)


def pictures_sheet(style: styles.Style, codes: list[str], each: int, px: int, ratio: tuple[int, int], seed: int) -> Any:
    """One row for each composer, in its own schemes and kinds in turn."""
    width, height = (
        (px, round(px * ratio[1] / ratio[0])) if ratio[0] <= ratio[1] else (round(px * ratio[0] / ratio[1]), px)
    )
    tiles = []
    for code in codes:
        composer = compose.catalogue()[code]
        for k in range(each):
            kind, scheme = composer.kinds[k % len(composer.kinds)], composer.schemes[k % len(composer.schemes)]
            scene = compose.compose(code, seed + k, width, height, scheme, kind.code)
            if style.scene is None:
                raise SystemExit(f"The style {style.code} paints no whole pictures.")
            rgba = style.scene(scene.svg, scene.ground, seed + k, Grade(), style.broad, width, height)
            tiles.append(_tile(rgba, (255, 255, 255)).embed(8, 8, width + 16, height + 16, extend="white"))
    return pyvips.Image.arrayjoin(tiles, across=each)


def main() -> None:
    parser = argparse.ArgumentParser(description="Contact sheets of the built-in artist.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", choices=("styles", "pictures"), default="")
    parser.add_argument("--style", default="")
    parser.add_argument("--composers", default="")
    parser.add_argument("--each", type=int, default=4)
    parser.add_argument("--ratio", default="3:4")
    parser.add_argument("--px", type=int, default=384)
    parser.add_argument("--seed", type=int, default=5)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    wide, _, high = chosen.ratio.partition(":")
    codes = chosen.composers.split(",") if chosen.composers else list(compose.catalogue())
    for style in styles.OFFERED:
        if chosen.style and style.code != chosen.style:
            continue
        if chosen.only != "pictures":
            sheet = figures_sheet(style, chosen.each, chosen.px, chosen.seed)
            sheet.write_to_file(str(chosen.out / f"style-{style.code}.png"))
        if chosen.only != "styles" and style.scene is not None:
            sheet = pictures_sheet(style, codes, chosen.each, chosen.px, (int(wide), int(high)), chosen.seed)
            sheet.write_to_file(str(chosen.out / f"pictures-{style.code}.png"))


if __name__ == "__main__":
    main()
