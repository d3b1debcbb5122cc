"""How each product type is finished: the files the buyer gets and the pictures for the listing (rules §3).

One `Finish` per product type; nothing else in the chain asks which product it is working on. The work itself is the
workshop's (`artwork.jobs`), run in bounded subprocesses; here it is only put together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elistit import packs
from elistit.artwork import jobs, typesetting
from elistit.chain import tools
from elistit.chain.attempt_key import AttemptKey
from elistit.ports import Failure, Kind
from elistit.projects.gate import items_of, maker_of
from elistit.projects.models import Item, Job, ProjectFile
from elistit.projects.products import Product, product_type
from elistit.projects.states import ItemState, Stage
from elistit.providers import registry
from elistit.stages import files, generating, tooling
from elistit.stages.context import StageContext

DPI = 300
# A seller's own image is brought up to this on its longest side.
OWN_PX = max(product_type(Product.CUSTOM).sizes["original"])
Kept = list[dict[str, Any]]
# What goes into the delivery ZIP, in this order.
BUYER_ROLES = ("print", "vector", "cut", "sheet")
POSTER_INCHES = (24.0, 36.0)
RATIO_NAMES = ("2x3", "3x4", "4x5", "11x14", "ISO-A")
RATIO_WORDS = ("2:3", "3:4", "4:5", "11:14", "ISO A")


class Stop(Exception):
    """The try is over with this failure."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


@dataclass(frozen=True)
class Work:
    """One try's surroundings: `folder` is for files in the making. `this` is None where finished files are made again, which
    is no try: then what a tool made before is used."""

    context: StageContext
    job: Job
    folder: Path
    this: AttemptKey | None = None

    @property
    def title(self) -> str:
        return str(self.job.project.brief.get("title") or self.job.project.name)

    @property
    def drawn_title(self) -> str:
        """The title on mockups and the product card: the product's own words where our typefaces cannot set it."""
        return typesetting.shown(self.title, product_type(self.job.project.product).name)

    def keep(self, path: Path | str, role: str, name: str = "", item: Item | None = None) -> dict[str, Any]:
        path = Path(path)
        return files.keep(self.context, self.job, path, role, name or path.name, item=item.number if item else None)


@dataclass(frozen=True)
class Finish:
    """`item` makes an item's print files, `whole` what needs all of them, listing pictures included.

    `facts` are lines of the product card (name, fact) for so many images, `use` its last step of how to use the files;
    `sizes` are named in the listing instead of pixels.
    """

    item: Callable[[Work, Item], Kept]
    whole: Callable[[Work], Kept]
    facts: Callable[[int], list[tuple[str, str]]]
    use: str
    sizes: tuple[str, ...] = ()


def kept_items(job: Job) -> list[Item]:
    return list(items_of(job.project).filter(state=ItemState.MADE))


def stored(work: Work, role: str, suffix: str = "") -> list[Path]:
    """The files of one role for the kept items, in their order, on this machine."""
    return [path for item in kept_items(work.job) for path in item_files(work, item, role, suffix)]


def item_files(work: Work, item: Item, role: str, suffix: str = "") -> list[Path]:
    """An item's files of one role; pictures and previews are those of the round that stands."""
    rows = ProjectFile.objects.filter(project=work.job.project_id, role=role, item=item.number, name__endswith=suffix)
    if role in ("image", "preview", "source"):
        rows = rows.filter(round=item.art["made_round"])
    return [work.context.store.local_path(f.path) for f in rows.order_by("name")]


def redrawn(work: Work, item: Item) -> Path:
    """The approved picture at print size. What its artist can draw again is drawn again, which is sharper than any
    enlargement; other pictures are enlarged with their edges kept clean."""
    provider = registry.provider_for(maker_of(work.job.project, item))
    out = work.folder / "master.png"
    request = generating.redraw_request(work.job, item, f"{work.job.pk}:{item.number}:print", out)
    if provider.can_redraw:
        outcome = provider.redraw(request, work.context.run)
        if isinstance(outcome, Failure):
            raise Stop(outcome)
        size = request.width, request.height
    else:
        size = _enlarged(work, item, out)
    if broken := work.context.run(jobs.unusable, str(out), *size, timeout=120):
        raise Stop(Failure(Kind.TRANSIENT, f"The print file could not be used: {broken}"))
    return out


def _enlarged(work: Work, item: Item, out: Path) -> tuple[int, int]:
    """Enlarge an item's picture, by the tool the operator chose or on this machine. The size it should have now."""
    product = work.job.project.product
    [image] = item_files(work, item, "image")
    width, height = product_type(product).sizes[work.job.project.ratio]
    tool = tools.enlarger(product, maker_of(work.job.project, item))
    if tool is None:
        scale = product_type(product).print_scale
        work.context.run(jobs.enlarge, str(image), str(out), scale, _weights(), timeout=600)
        return width * scale, height * scale
    this = work.this or AttemptKey(work.job.pk, Stage.PROCESSING, item.number, item.round, 1, 0)
    if failure := tooling.enlarge(work.context, this, work.job, item, tool, image, out):
        raise Stop(failure)
    return width * tool[1], height * tool[1]


def _weights() -> str:
    """The weights to enlarge with. An installation that insists on a network it does not have is the operator's to mend."""
    try:
        return packs.upscale_weights()
    except LookupError as missing:
        raise Stop(Failure(Kind.OPERATOR, "This studio cannot enlarge pictures now.", detail=str(missing))) from missing


def places(work: Work) -> list[int]:
    """The number in front of each kept item's files, for the overview."""
    return [files.place(item) for item in kept_items(work.job)]


def pictures_words(work: Work) -> str:
    kind = product_type(work.job.project.product)
    px = max(kind.print_size(work.job.project.ratio))
    return f"{len(kept_items(work.job))} transparent PNGs · {px} px · {DPI} DPI"


# ---- clipart --------------------------------------------------------------------------------------------------------


def _clipart_item(work: Work, item: Item) -> Kept:
    return [work.keep(redrawn(work, item), "print", f"{files.final_stem(item)}.png", item)]


def _clipart_whole(work: Work) -> Kept:
    images, first = [str(p) for p in stored(work, "image")], str(stored(work, "print")[0])
    made = work.context.run(
        jobs.listing_pictures, str(work.folder), work.drawn_title, pictures_words(work), images, first, None, places(work),
        timeout=300,
    )  # fmt: skip
    return [work.keep(p, "mockup") for p in made]


def _clipart_facts(count: int) -> list[tuple[str, str]]:
    return [
        ("Images", f"{count} PNG files, each on a transparent background"),
        ("Resolution", f"{DPI} DPI"),
        ("Color", "sRGB"),
    ]


# ---- stickers -------------------------------------------------------------------------------------------------------


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
        jobs.sticker_pictures, str(work.folder), work.drawn_title, subtitle, pairs, sheets[0]["png"], timeout=300
    )
    return [*kept, *(work.keep(p, "mockup") for p in made)]


def _sticker_facts(count: int) -> list[tuple[str, str]]:
    return [
        ("Stickers", f"{count} die-cut PNG files with a white border, on a transparent background"),
        ("Cut lines", "An SVG for each sticker and for each sheet"),
        ("Print sheets", f"US Letter, as PNG and as PDF: images at {DPI} DPI, cut lines as vectors"),
        ("Resolution", f"{DPI} DPI"),
    ]


# ---- wall art and posters -------------------------------------------------------------------------------------------


def _wall_art_item(work: Work, item: Item) -> Kept:
    made = work.context.run(
        jobs.ratio_set, str(redrawn(work, item)), str(work.folder), files.base(work.job, work.title), timeout=400
    )
    return [work.keep(p["path"], "print", item=item) for p in made]


def _wall_art_whole(work: Work) -> Kept:
    [image, *_] = stored(work, "image")
    rows = ProjectFile.objects.filter(project=work.job.project_id, role="print")
    prints = [
        {"ratio": ratio, "inches": [(f.width or 0) / DPI, (f.height or 0) / DPI]}
        for ratio in RATIO_NAMES
        for f in rows
        if f"-{ratio}-" in f.name
    ]
    made = work.context.run(jobs.wall_art_pictures, str(work.folder), work.drawn_title, str(image), prints, timeout=300)
    return [work.keep(p, "mockup") for p in made]


def _wall_art_facts(count: int) -> list[tuple[str, str]]:
    return [("Prints", f"Five JPG files: {', '.join(RATIO_WORDS)}"), ("Resolution", f"{DPI} DPI"), ("Color", "sRGB")]


def _poster_item(work: Work, item: Item) -> Kept:
    ratio = work.job.project.ratio
    tall = ratio == product_type(work.job.project.product).default_ratio
    inches = POSTER_INCHES if tall else POSTER_INCHES[::-1]
    out = work.folder / f"{files.base(work.job, work.title)}-{inches[0]:g}x{inches[1]:g}in.jpg"
    work.context.run(jobs.poster_print, str(redrawn(work, item)), str(out), ratio, list(inches), timeout=400)
    return [work.keep(out, "print", item=item)]


def _poster_whole(work: Work) -> Kept:
    made = work.context.run(jobs.poster_pictures, str(work.folder), str(stored(work, "image")[0]), timeout=300)
    return [work.keep(p, "mockup") for p in made]


def _poster_facts(count: int) -> list[tuple[str, str]]:
    return [
        ("Print", "One JPG file, 24 × 36 in; it prints at any size of the same shape"),
        ("Resolution", f"{DPI} DPI"),
        ("Color", "sRGB"),
    ]


# ---- SVG ------------------------------------------------------------------------------------------------------------


def _svg_item(work: Work, item: Item) -> Kept:
    stem = files.final_stem(item)
    out = work.folder / "source.svg"
    request = generating.redraw_request(work.job, item, f"{work.job.pk}:{item.number}:svg", out)
    provider: Any = registry.provider_for(maker_of(work.job.project, item))
    title = item.subject or work.title
    drawing: Path | None
    if hasattr(provider, "draw_svg"):
        outcome = provider.draw_svg(request, work.context.run)
        if isinstance(outcome, Failure):
            raise Stop(outcome)
        drawing = out
    else:
        drawing = next(iter(item_files(work, item, "source")), None)
    if drawing is not None:
        return _vector_files(work, item, drawing)
    [image] = item_files(work, item, "image")
    made = work.context.run(jobs.trace_vector, str(image), str(work.folder), stem, title, timeout=300)
    return _kept_vector(work, item, made)


def _vector_files(work: Work, item: Item, drawing: Path) -> Kept:
    """Layered SVG, PNG, PDF and cut file of a drawing of flat shapes."""
    text, title = drawing.read_text(encoding="utf-8"), item.subject or work.title
    return _kept_vector(
        work,
        item,
        work.context.run(jobs.finish_vector, text, str(work.folder), files.final_stem(item), title, timeout=180),
    )


def _kept_vector(work: Work, item: Item, made: dict[str, Any]) -> Kept:
    roles = {"svg": "vector", "cut": "cut", "png": "print", "pdf": "vector"}
    return [work.keep(path, roles[kind], item=item) for kind, path in made["files"].items()]


def _svg_whole(work: Work) -> Kept:
    prints = [str(p) for p in stored(work, "print")]
    subtitle = f"{len(prints)} layered SVGs · PNG and PDF · Cut files"
    facts = [["SVG", "layered, by color"], ["PNG + PDF", "of every drawing"], ["Cut file", "for cutting machines"]]
    made = work.context.run(
        jobs.listing_pictures,
        str(work.folder),
        work.drawn_title,
        subtitle,
        prints,
        prints[0],
        facts,
        places(work),
        timeout=300,
    )
    return [work.keep(p, "mockup") for p in made]


def _svg_facts(count: int) -> list[tuple[str, str]]:
    return [
        ("Drawings", f"{count}, each as layered SVG, PDF and transparent PNG"),
        ("Cut files", "An SVG for each drawing, its layers closed outlines that do not overlap"),
    ]


# ---- greeting card --------------------------------------------------------------------------------------------------


def _card_words(work: Work) -> dict[str, str]:
    return dict(work.job.project.words)


def _card_item(work: Work, item: Item) -> Kept:
    [image] = item_files(work, item, "image")
    base = files.base(work.job, work.title)
    pdf, png = work.folder / f"{base}-card.pdf", work.folder / f"{base}-front.png"
    words = _card_words(work)
    layout = "captioned" if words.get("front") else "full"
    work.context.run(jobs.folded_card, str(image), str(pdf), str(png), work.title, words, layout, timeout=180)
    return [work.keep(pdf, "vector", item=item), work.keep(png, "print", item=item)]


def _card_whole(work: Work) -> Kept:
    front = str(stored(work, "print")[0])
    made = work.context.run(
        jobs.card_pictures, str(work.folder), work.drawn_title, front, _card_words(work), timeout=300
    )
    return [work.keep(p, "mockup") for p in made]


def _card_facts(count: int) -> list[tuple[str, str]]:
    return [
        ("Card", f"5 × 7 in folded, print-ready PDF: the front is an image at {DPI} DPI, the words are vector text"),
        ("Front", f"PNG, 1500 × 2100 px at {DPI} DPI"),
    ]


# ---- the seller's own images -----------------------------------------------------------------------------------------


def _custom_item(work: Work, item: Item) -> Kept:
    stem, plan = files.final_stem(item), item.art["plan"]
    png = work.folder / f"{stem}.png"
    if plan["kind"] != "svg":
        [image] = item_files(work, item, "image")
        work.context.run(jobs.own_print, str(image), str(png), OWN_PX, _weights(), timeout=600)
        return [work.keep(png, "print", item=item)]
    [drawing] = item_files(work, item, "source")
    if plan["flat"]:
        return _vector_files(work, item, drawing)
    # Gradients and the like make no cut file: the drawing stays as it is, and comes as a picture too.
    work.context.run(jobs.draw_vector, str(drawing), str(png), OWN_PX, timeout=120)
    return [work.keep(drawing, "vector", f"{stem}.svg", item), work.keep(png, "print", item=item)]


def _custom_whole(work: Work) -> Kept:
    prints = [str(p) for p in stored(work, "print")]
    images = [str(p) for p in stored(work, "image")]
    count = len(prints)
    subtitle = f"{count} {'image' if count == 1 else 'images'} · print-ready · {DPI} DPI"
    largest = max(work.context.run(jobs.longest_side, p, timeout=60) for p in prints)
    see_through = all(i.art["plan"].get("alpha") for i in kept_items(work.job))
    facts = [[f"{largest} px", "on the longest side"], [f"{DPI} DPI", "ready for print"]]
    facts.append(["Transparent", "PNG, no background"] if see_through else ["PNG", "sRGB, no loss"])
    made = work.context.run(
        jobs.own_pictures,
        str(work.folder),
        work.drawn_title,
        subtitle,
        images,
        prints[0],
        facts,
        see_through,
        timeout=300,
    )
    return [work.keep(p, "mockup") for p in made]


def _custom_facts(count: int) -> list[tuple[str, str]]:
    return [
        ("Images", f"{count} PNG {'file' if count == 1 else 'files'}"),
        ("Resolution", f"{DPI} DPI"),
        ("Color", "sRGB"),
    ]


def own_scene(work: Work) -> Kept:
    """The further listing picture in the seller's own scene, where the order has one."""
    scene = work.job.project.scene
    if scene is None:
        return []
    out = work.folder / "4-your-scene.jpg"
    store = work.context.store
    art = str(stored(work, "image")[0])
    work.context.run(jobs.place_in_scene, str(store.local_path(scene.path)), art, str(out), scene.corners, timeout=180)
    return [work.keep(out, "mockup")]


_PLACE = "Place the PNG files in your design program. The backgrounds are transparent."
_CUT = "Print a sheet or place the PNG files; send the cut lines (SVG) to your cutting machine."
_PRINT = (
    "Print the file whose shape fits your frame, at home or at a print shop. It prints at its full size or smaller."
)
_OPEN = (
    "Open the SVG in your design or cutting program; its layers are named by color. PNG and PDF show the same drawing."
)
_USE = "Open the files in your design program, or print them: each says its size and has 300 DPI."
_FOLD = "Print the PDF on both sides, flip on the short edge, cut along the trim marks and fold in the middle."

FINISHES: dict[Product, Finish] = {
    Product.CLIPART: Finish(_clipart_item, _clipart_whole, _clipart_facts, _PLACE),
    Product.STICKER: Finish(_sticker_item, _sticker_whole, _sticker_facts, _CUT),
    Product.WALL_ART: Finish(_wall_art_item, _wall_art_whole, _wall_art_facts, _PRINT, RATIO_WORDS),
    Product.POSTER: Finish(_poster_item, _poster_whole, _poster_facts, _PRINT, ("24 × 36 in",)),
    Product.SVG: Finish(_svg_item, _svg_whole, _svg_facts, _OPEN),
    Product.CUSTOM: Finish(_custom_item, _custom_whole, _custom_facts, _USE),
    Product.GREETING_CARD: Finish(_card_item, _card_whole, _card_facts, _FOLD, ("5 × 7 in",)),
}


def finish_of(job: Job) -> Finish:
    return FINISHES[Product(job.project.product)]
