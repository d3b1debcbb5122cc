"""How a sticker set is finished: die-cut PNGs, cut lines and print sheets."""

from __future__ import annotations

from elistit.artwork import jobs, mockup_jobs
from elistit.projects.models import Item
from elistit.stages import files
from elistit.stages.finishing.base import DPI, Finish, Kept, Work, item_files, kept_items, redrawn

_CUT = "Print a sheet or place the PNG files; send the cut lines (SVG) to your cutting machine."


def _sticker_item(work: Work, item: Item) -> Kept:
    png, svg = work.folder / f"{files.final_stem(item)}.png", work.folder / f"{files.final_stem(item)}-cut.svg"
    work.context.run(jobs.die_cut, str(redrawn(work, item)), str(png), str(svg), timeout=180)
    return [work.keep(png, "print", item=item), work.keep(svg, "cut", item=item)]


def _sticker_pairs(work: Work) -> list[list[str]]:
    return [[str(item_files(work, i, "print")[0]), str(item_files(work, i, "cut")[0])] for i in kept_items(work.job)]


def _sticker_whole(work: Work) -> Kept:
    pairs = _sticker_pairs(work)
    sheets = work.context.run(jobs.sticker_sheets, pairs, str(work.folder), timeout=300)
    kept = [work.keep(sheet[part], "sheet") for sheet in sheets for part in ("pdf", "png", "svg")]
    subtitle = f"{len(pairs)} die-cut stickers · {DPI} DPI · Cut lines"
    made = work.context.run(
        mockup_jobs.sticker_mockups, str(work.folder), work.drawn_title, subtitle, pairs, sheets[0]["png"], timeout=300
    )
    return [*kept, *(work.keep(p, "mockup") for p in made)]


def _sticker_facts(count: int) -> list[tuple[str, str]]:
    return [
        ("Stickers", f"{count} die-cut PNG files with a white border, on a transparent background"),
        ("Cut lines", "An SVG for each sticker and for each sheet"),
        ("Print sheets", f"US Letter, as PNG and as PDF: images at {DPI} DPI, cut lines as vectors"),
        ("Resolution", f"{DPI} DPI"),
    ]


FINISH = Finish(_sticker_item, _sticker_whole, _sticker_facts, _CUT)
