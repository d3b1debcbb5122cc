"""Draws the small picture beside each built-in model on the launch form, so that a style is chosen by eye.

    python docs/gallery/make_thumbs.py

One fox in every style, painted as a project paints it, written into the studio's static folder.
"""

from __future__ import annotations

from pathlib import Path

from make_styles import PAPER, _tile

import elistit.studio
from elistit_artist import brief, styles
from elistit_artist.paint import job
from elistit_artist.paint.color import Grade

ART = Path(elistit.studio.__file__).parent / "static" / "studio" / "art"
PAINTED, SHOWN = 448, 144
SEED = 5


def main() -> None:
    for style in styles.OFFERED:
        [pick] = brief.plan("a fox", {}, 1, SEED, style.code, product=min(style.products)).picks[:1]
        drawn = job.drawing(pick.subject, pick.art["params"], SEED)
        rgba = style.recipe(drawn, SEED, Grade.from_json(pick.art["grade"]), style.manner, PAINTED, PAINTED)
        tile = _tile(rgba, PAPER.get(style.code, (255, 255, 255)))
        tile.resize(SHOWN / PAINTED).write_to_file(str(ART / f"model-{style.code}.webp[Q=72,effort=6,strip]"))


if __name__ == "__main__":
    main()
