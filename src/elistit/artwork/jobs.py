"""What a worker runs of the workshop in its bounded subprocesses: whole pieces of work on files, by plain values.

Every function takes and returns JSON-safe values and is importable without Django, so that a subprocess starts quickly and
stays small. It must never know a project, a price or a state.
"""

from __future__ import annotations

import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elistit.artwork.typesetting import shown
from elistit.on_use import OnUse

# The subprocess loads what its task needs; a worker and the pages, which only name tasks, load none of it.
if TYPE_CHECKING:
    from elistit.artwork import (
        card,
        checks,
        crop,
        cutout,
        export,
        flatlay,
        greeting,
        intake,
        mockup,
        package,
        placing,
        provenance,
        room,
        scalesheet,
        seam,
        signing,
        sticker,
        stickersheet,
        tilepictures,
        tracing,
        upscale,
        vector,
        vectorset,
        video,
    )
else:
    card = OnUse("elistit.artwork.card")
    checks = OnUse("elistit.artwork.checks")
    crop = OnUse("elistit.artwork.crop")
    cutout = OnUse("elistit.artwork.cutout")
    export = OnUse("elistit.artwork.export")
    flatlay = OnUse("elistit.artwork.flatlay")
    greeting = OnUse("elistit.artwork.greeting")
    intake = OnUse("elistit.artwork.intake")
    mockup = OnUse("elistit.artwork.mockup")
    package = OnUse("elistit.artwork.package")
    placing = OnUse("elistit.artwork.placing")
    provenance = OnUse("elistit.artwork.provenance")
    room = OnUse("elistit.artwork.room")
    scalesheet = OnUse("elistit.artwork.scalesheet")
    seam = OnUse("elistit.artwork.seam")
    signing = OnUse("elistit.artwork.signing")
    sticker = OnUse("elistit.artwork.sticker")
    stickersheet = OnUse("elistit.artwork.stickersheet")
    tilepictures = OnUse("elistit.artwork.tilepictures")
    tracing = OnUse("elistit.artwork.tracing")
    upscale = OnUse("elistit.artwork.upscale")
    vector = OnUse("elistit.artwork.vector")
    vectorset = OnUse("elistit.artwork.vectorset")
    video = OnUse("elistit.artwork.video")

LICENCE_FILE = "LICENSES-ART.txt"
CARD_FILE = "product-card.pdf"
SIZE_FACT = "Size"
# What is drawn of a title that cannot be set, where nobody says more of the product.
DIGITAL, WALL_ART, CARD, STICKERS = "Digital download", "Printable wall art", "Greeting card", "Stickers"
PATTERNS = "Seamless patterns"
# Beyond this an enlargement shows.
OWN_SCALE_MAX = 4


def unusable(image: str, width: int, height: int) -> str:
    """Why an image cannot be used at all, as one sentence; empty when it can. Sizes in pixels."""
    return checks.usable(Path(image), width, height) or ""


def examine(image: str, preview: str, transparent: bool, min_px: int, seamless: bool = False) -> dict[str, Any]:
    """The automatic checks of one image: `flags` (code, words), `signature` (hexadecimal) and
    `marks` (`provenance`); writes its preview. With `seamless`
    also its seams, and `seam`: the worst of them against what lies inside, at most 1 for a tile that joins itself."""
    found = checks.check_image(Path(image), transparent=transparent, min_px=min_px)
    measured: dict[str, Any] = {}
    if seamless:
        edges = seam.measure(Path(image))
        found += [f for f in [seam.flag(edges)] if f]
        measured["seam"] = round(edges.ratio, 4)
    export.preview(Path(image), Path(preview))
    return {
        "flags": [{"code": f.code, "words": f.words} for f in found],
        "signature": (checks.tile_signature if seamless else checks.signature)(Path(image)).hex(),
        **measured,
        "marks": provenance.read(Path(image)).plain(),
    }


def listing_pictures(
    folder: str,
    title: str,
    subtitle: str,
    pictures: list[str],
    original: str,
    facts: list[list[str]] | None = None,
    numbers: list[int] | None = None,
) -> list[str]:
    """Draw the three included mockups into a folder. Their paths, in listing order. `numbers`: those in front of
    the files of each image.

    `facts`: pairs of a large word and a small line for the third; by default what the print file `original` is. A title
    that cannot be set is replaced by the product's own words, here as in all functions of this module.
    """
    title = shown(title, DIGITAL)
    paths = [Path(p) for p in pictures]
    cover, sheet, close = (Path(folder) / name for name in ("1-cover.jpg", "2-everything.jpg", "3-details.jpg"))
    mockup.cover(cover, title=title, subtitle=subtitle, images=paths)
    mockup.sheet(sheet, title=title, images=paths, numbers=numbers)
    print_file = export.open_image(Path(original))
    told = [(word, line) for word, line in facts or []]
    told = told or [
        (f"{max(print_file.width, print_file.height)} px", mockup.DETAIL_FACTS[0][1]),
        *mockup.DETAIL_FACTS[1:],
    ]
    mockup.scene(close, title=title, images=paths, facts=told, original=Path(original))
    return [str(cover), str(sheet), str(close)]


def longest_side(image: str) -> int:
    """The longest side of an image in pixels. Raises ValueError."""
    opened = export.open_image(Path(image))
    return max(opened.width, opened.height)


def own_pictures(
    folder: str,
    title: str,
    subtitle: str,
    pictures: list[str],
    original: str,
    facts: list[list[str]],
    see_through: bool,
    numbers: list[int] | None = None,
) -> list[str]:
    """The three included mockups of a seller's own images. Transparent ones are laid out like clipart; others are
    shown as what hangs or lies on a table, since there is no outline to lay out."""
    if see_through:
        return listing_pictures(folder, title, subtitle, pictures, original, facts, numbers)
    first, second, third = (Path(folder) / n for n in ("1-room.jpg", "2-everything.jpg", "3-close.jpg"))
    room.room(first, Path(pictures[0]))
    mockup.sheet(
        second, title=shown(title, DIGITAL), images=[Path(p) for p in pictures], note=subtitle, numbers=numbers
    )
    room.on_table(third, Path(pictures[-1]))
    return [str(first), str(second), str(third)]


def pack(
    folder: str, about: dict[str, Any], prints: list[str], previews: list[str], others: list[str] | None = None
) -> list[list[str]]:
    """Make product card, licences and ZIP parts in a folder. Pairs of role and path. Doing it again makes the same files.

    `about`: title, base (file name), facts, licence, licences (text), how_to, marks (`provenance`), and how what is made here is
    signed (`signing.Order`, None for not at all). `prints` are the images, made smaller when
    nothing else fits; `others` go along as they are. The card states the size the buyer really gets. When nothing makes the
    files fit what an Etsy listing takes, they are packed with a download link (`pack_with_link`). Raises ValueError when two
    files share a name.
    """
    base = Path(folder)
    pdf, text, zips = base / CARD_FILE, base / LICENCE_FILE, base / "zip"
    _clear(zips)
    text.write_text(about["licences"], encoding="utf-8")
    pictures, beside = [Path(p) for p in prints], [Path(p) for p in others or []]
    order = signing.Order.of(about["signing"]) if about.get("signing") else None
    _card(pdf, about, pictures, previews)
    # A card that names another size differs by a few bytes at most.
    reserve = sum(package.cost(f) for f in (pdf, text)) + 4096
    try:
        fitted = package.fit(pictures, zips, reserve=reserve, fixed=beside, order=order)
    except package.TooLarge:
        return pack_with_link(folder, about, prints, previews, others)
    if fitted.treatment == "size":
        _card(pdf, about, fitted.files, previews)
    parts = package.zip_parts([*fitted.files, *beside], zips, about["base"], extra=[pdf, text])
    return [["card", str(pdf)], ["licences", str(text)], *(["zip", str(p)] for p in parts)]


def pack_with_link(
    folder: str, about: dict[str, Any], prints: list[str], previews: list[str], others: list[str] | None = None
) -> list[list[str]]:
    """Pack what doesn't fit into an Etsy listing: everything at full quality into parts with the role `download`, and one
    delivery ZIP with the product card, which has the buyer's link, and the licences. `about` as for `pack`, with `link` and
    `link_how_to`. Doing it again makes the same files."""
    base = Path(folder)
    pdf, text, zips, apart = base / CARD_FILE, base / LICENCE_FILE, base / "zip", base / "download"
    for place in (zips, apart):
        _clear(place)
    text.write_text(about["licences"], encoding="utf-8")
    pictures, beside = [Path(p) for p in prints], [Path(p) for p in others or []]
    _card(pdf, {**about, "how_to": about["link_how_to"]}, pictures, previews, link=about["link"])
    whole = {"part_max": package.LINK_PART_MAX, "parts_max": package.LINK_PARTS_MAX}
    parts = package.zip_parts([*pictures, *beside], apart, about["base"], extra=[pdf, text], **whole)
    [small] = package.zip_parts([pdf, text], zips, about["base"])
    return [
        ["card", str(pdf)], ["licences", str(text)], ["zip", str(small)], *(["download", str(p)] for p in parts),
    ]  # fmt: skip


def sign(file: str, signing_order: dict[str, Any]) -> str:
    """Sign a file in place (`signing.sign`). One sentence for the operator where it can't be signed and stays as it was, else
    nothing. `signing_order`: what `signing.Order.plain` says."""
    return signing.Order.of(signing_order).sign(Path(file))


def _clear(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _card(pdf: Path, about: dict[str, Any], pictures: list[Path], previews: list[str], link: str | None = None) -> None:
    facts = [(name, fact) for name, fact in about["facts"] if name != SIZE_FACT]
    facts.insert(1, (SIZE_FACT, _sizes(pictures)))
    card.product_card(
        pdf,
        title=about["title"],
        thumbnails=[Path(p) for p in previews],
        facts=facts,
        licence=about["licence"],
        how_to=about["how_to"],
        link=link,
    )
    provenance.write(pdf, provenance.marks(about.get("marks")))
    if about.get("signing"):
        # What stands in the way is found once more, and reported, where the card is kept.
        signing.Order.of(about["signing"]).sign(pdf)


def _sizes(pictures: list[Path]) -> str:
    """The pixel sizes of images in words."""
    sizes = {(i.width, i.height) for i in (export.open_image(p) for p in pictures)}
    if len(sizes) == 1:
        width, height = sizes.pop()
        return f"{width} × {height} px"
    least, most = min(max(s) for s in sizes), max(max(s) for s in sizes)
    return f"{most} px on the longest side" if least == most else f"{least} to {most} px on the longest side"


def enlarge(image: str, out: str, scale: float, weights: str = "", threads: int = 1) -> dict[str, Any]:
    """A larger PNG with its transparency, 300 DPI: width, height, dpi, bytes, sha256. `weights`: the folder of the enlarging
    network, empty for interpolation; `threads`: how many it may use. Raises ValueError."""
    folder = Path(weights) if weights else None
    return asdict(upscale.enlarge(Path(image), Path(out), scale=scale, weights=folder, threads=threads))


def enlarge_tile(image: str, out: str, scale: int, weights: str = "", threads: int = 1) -> dict[str, Any]:
    """As `enlarge`, for a tile: it joins itself afterwards as it did before. Raises ValueError."""
    folder = Path(weights) if weights else None
    return asdict(upscale.enlarge_tile(Path(image), Path(out), scale=scale, weights=folder, threads=threads))


def tile_print(master: str, out: str, width: int) -> dict[str, Any]:
    """The JPEG of a tile at print size, 300 DPI, sRGB, and how well it joins itself: `width`, `height`, `dpi`, `seam` (the worst
    seam against what lies inside) and `seamless`. Raises ValueError for a master that isn't `width` pixels square."""
    opened = export.open_image(Path(master))
    if (opened.width, opened.height) != (width, width):
        raise ValueError(f"The tile came out at {opened.width} × {opened.height} pixels instead of {width} × {width}.")
    made = export.save_jpeg(Path(master), Path(out))
    found = seam.measure(Path(out))
    return {**asdict(made), "seam": round(found.ratio, 4), "seamless": found.seamless}


def repeats(drawing: str, px: int = 400) -> str:
    """Why an SVG tile doesn't repeat, as one sentence; empty when tiles laid side by side show what one drawing of all shows."""
    return tilepictures.repeat_problem(Path(drawing), px)


def scale_sheets(tiles: list[str], names: list[str], folder: str, stem: str, title: str) -> list[str]:
    """The sheets that show each tile of a set at its real size beside a ruler: PDFs of one page each. Raises ValueError."""
    made = scalesheet.write([Path(t) for t in tiles], names, Path(folder), stem, title=shown(title, PATTERNS))
    return [str(path) for path in made]


def tile_pictures(
    folder: str, title: str, subtitle: str, tiles: list[str], facts: list[list[str]], numbers: list[int] | None = None
) -> list[str]:
    """The three included mockups of a set of tiles: the set fanned out, all tiles on one sheet, and the repeat beside a ruler."""
    title = shown(title, PATTERNS)
    first, second, third = (Path(folder) / n for n in ("1-papers.jpg", "2-everything.jpg", "3-repeat.jpg"))
    paths = [Path(t) for t in tiles]
    tilepictures.papers(first, title=title, subtitle=subtitle, tiles=paths)
    mockup.sheet(second, title=title, images=paths, note=subtitle.split(" · ")[0], numbers=numbers)
    tilepictures.repeat(third, title=title, tiles=paths, facts=[(word, line) for word, line in facts])
    return [str(first), str(second), str(third)]


def color_only(image: str, out: str) -> None:
    """The colors of an image without its transparency. Raises ValueError."""
    upscale.color_only(Path(image), Path(out))


def with_alpha(color: str, image: str, out: str) -> dict[str, Any]:
    """An enlarged image with the transparency of the one it was enlarged from, 300 DPI. Raises ValueError."""
    return asdict(upscale.with_alpha(Path(color), Path(image), Path(out)))


def size(image: str) -> list[int]:
    """Width and height in pixels. Raises ValueError."""
    opened = export.open_image(Path(image))
    return [opened.width, opened.height]


def not_cut_out(image: str) -> str:
    """Why an image has no removed background, as one sentence; empty when part of it is see-through and part is not."""
    return checks.not_cut_out(Path(image)) or ""


def cut_out(image: str, out: str, holes: bool | None = None) -> dict[str, Any]:
    """The image without its background, same size: what was done (cutout.Cutout). Raises ValueError."""
    done = asdict(cutout.remove_background(Path(image), Path(out), holes=holes))
    provenance.carry(Path(image), Path(out))
    return done


def die_cut(image: str, out_png: str, out_svg: str) -> dict[str, Any]:
    """One sticker with white border and its cut line: sizes in pixels (sticker.Cut). Raises ValueError."""
    return asdict(sticker.kiss_cut(Path(image), Path(out_png), Path(out_svg)))


def sticker_sheets(stickers: list[list[str]], folder: str, paper: str = "letter") -> list[dict[str, Any]]:
    """Print sheets of stickers given as pairs of PNG and cut line: per sheet pdf, png, svg, count, longest_in."""
    pairs = [(Path(png), Path(svg)) for png, svg in stickers]
    return [_plain(s) for s in stickersheet.print_sheets(pairs, Path(folder), paper=paper)]


def ratio_set(master: str, folder: str, stem: str, per_ratio: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """The five print files of wall art (crop.Print per file). Raises ValueError."""
    masters = {name: Path(path) for name, path in (per_ratio or {}).items()}
    return [_plain(p) for p in crop.ratio_set(Path(master), Path(folder), stem=stem, per_ratio=masters)]


def poster_print(master: str, out: str, ratio: str, inches: list[float]) -> dict[str, Any]:
    """The one print file of a poster (crop.Print). Raises ValueError."""
    return _plain(crop.print_file(Path(master), Path(out), ratio, (inches[0], inches[1])))


def finish_vector(
    svg: str, folder: str, stem: str, title: str, px: int = 4096, colors: int | None = None
) -> dict[str, Any]:
    """Layered SVG, PNG, PDF and cut file of one drawing (SVG text): `files` by role and `layers`; and `makers` (`makers.write`).
    With `colors`, the drawing gets at most so many.

    Raises ValueError when the drawing is not one of flat shapes or a finished file does not look like it.
    """
    made = vectorset.make(svg, Path(folder), stem, title, px, colors)
    return {
        "files": {role: str(path) for role, path in made.files.items()},
        "layers": list(made.layers),
        "cut_layers": list(made.cut_layers),
        "makers": made.makers,
    }


def own_drawing(drawing: str, folder: str, stem: str, title: str, px: int, flat: bool) -> dict[str, Any]:
    """The files of a seller's own drawing: as `finish_vector` where it is `flat`; else, and where a finished file would not
    look like it, the drawing as it is and a PNG of it, `px` on its longest side. Raises ValueError."""
    source, base = Path(drawing), Path(folder)
    if flat:
        try:
            return finish_vector(source.read_text(encoding="utf-8"), folder, stem, title, px)
        except ValueError:
            # A drawing taken in by rules that knew less: what it was promised as matters less than how it looks.
            for role in ("", "-cut"):
                (base / f"{stem}{role}.svg").unlink(missing_ok=True)
    png = base / f"{stem}.png"
    vector.to_png(source, png, px)
    return {"files": {"svg": str(source), "png": str(png)}, "layers": [], "cut_layers": []}


def trace_vector(
    image: str, folder: str, stem: str, title: str, px: int = 4096, colors: int | None = None
) -> dict[str, Any]:
    """As `finish_vector`, from an image of an image provider. Raises ValueError, tracing.TracerMissing."""
    base = Path(folder)
    base.mkdir(parents=True, exist_ok=True)
    traced = base / f".{stem}.traced.svg"
    try:
        tracing.trace(Path(image), traced, title)
        return finish_vector(traced.read_text(encoding="utf-8"), folder, stem, title, px, colors)
    finally:
        traced.unlink(missing_ok=True)


def folded_card(art: str, pdf: str, png: str, title: str, words: dict[str, str], layout: str = "full") -> list[int]:
    """The print-ready PDF and the front's PNG of a greeting card: the PNG's width and height. Raises ValueError."""
    made = greeting.greeting_card(
        Path(art), Path(pdf), Path(png), title=title, words=greeting.Words(**words), layout=layout
    )
    return list(made)


def take_in(upload: str, folder: str, stem: str) -> dict[str, Any]:
    """A seller's upload, cleaned (intake.Taken), with a `preview` of it, or `{"refused": one sentence}`."""
    try:
        taken = intake.take(Path(upload), Path(folder), stem)
    except intake.Refused as refused:
        return {"refused": str(refused)}
    preview = Path(folder) / f"{stem}-preview.webp"
    export.preview(taken.picture, preview)
    return {**_plain(taken), "preview": str(preview)}


def own_print(image: str, out: str, px: int, weights: str = "", threads: int = 1) -> dict[str, Any]:
    """A seller's own image at print size: `px` on its longest side, at most four times what it was, never made
    smaller. 300 DPI. Raises ValueError."""
    opened = export.open_image(Path(image))
    scale = min(OWN_SCALE_MAX, max(1.0, px / max(opened.width, opened.height)))
    return enlarge(image, out, scale, weights, threads)


def wall_art_pictures(folder: str, title: str, art: str, prints: list[dict[str, Any]]) -> list[str]:
    """The three included mockups of wall art: in a room, all sizes, on a table. `prints`: what `ratio_set` said."""
    first, second, third = (Path(folder) / n for n in ("1-room.jpg", "2-sizes.jpg", "3-close.jpg"))
    ratios = {r.name: r for r in crop.RATIOS}
    rows = []
    for made in prints:
        width, height = made["inches"]
        words = crop.sizes_in_words(ratios[made["ratio"]], (width, height))
        rows.append((made["ratio"].replace("x", ":").replace("-", " "), words, width / height))
    room.room(first, Path(art))
    room.size_chart(second, Path(art), title=shown(title, WALL_ART), prints=rows)
    room.on_table(third, Path(art))
    return [str(first), str(second), str(third)]


def poster_pictures(folder: str, art: str) -> list[str]:
    """The three included mockups of a poster: two rooms and a table."""
    first, second, third = (Path(folder) / n for n in ("1-room.jpg", "2-room-black.jpg", "3-close.jpg"))
    room.room(first, Path(art), frame="oak", seed=1)
    room.room(second, Path(art), frame="black", seed=2)
    room.on_table(third, Path(art))
    return [str(first), str(second), str(third)]


def card_pictures(folder: str, title: str, front: str, words: dict[str, str]) -> list[str]:
    """The three included mockups of a greeting card: the front on its envelope, the card open, the printed sheet."""
    title = shown(title, CARD)
    first, second, third = (Path(folder) / n for n in ("1-card.jpg", "2-inside.jpg", "3-sheet.jpg"))
    flatlay.card_cover(first, Path(front))
    flatlay.card_inside(second, Path(front), words=greeting.Words(**words), title=title)
    facts = [
        ("5 × 7 in", "folded, with bleed and fold marks"),
        ("PDF + PNG", "print-ready, 300 DPI"),
        ("At home", "or at a print shop"),
    ]
    flatlay.card_sheet(third, Path(front), facts=facts, title=title)
    return [str(first), str(second), str(third)]


def sticker_pictures(folder: str, title: str, subtitle: str, stickers: list[list[str]], sheet: str) -> list[str]:
    """The three included mockups of a sticker set, from pairs of PNG and cut line and one sheet's PNG."""
    title = shown(title, STICKERS)
    first, second, third = (Path(folder) / n for n in ("1-cover.jpg", "2-sheet.jpg", "3-cut-line.jpg"))
    pictures = [Path(png) for png, _ in stickers]
    facts = [
        (f"{len(pictures)} stickers" if len(pictures) > 1 else "1 sticker", "die-cut, white border"),
        ("300 DPI", "transparent PNG"),
        ("Cut lines", "SVG for cutting machines"),
    ]
    flatlay.sticker_cover(first, title=title, subtitle=subtitle, stickers=pictures)
    flatlay.sticker_sheet(second, sheet=Path(sheet), stickers=pictures, facts=facts, title=title)
    cut = sticker.read_cut_line(Path(stickers[0][1]))
    flatlay.sticker_detail(third, sticker=pictures[0], cut=cut, title=title, facts=facts)
    return [str(first), str(second), str(third)]


def listing_video(out: str, mockups: list[str], images: list[str], ffmpeg: str) -> dict[str, Any]:
    """The video of a listing (video.listing_video): `path`, `width`, `height`, `seconds`, `frames`. Raises ValueError,
    EncoderMissing, EncodingFailed."""
    shown = {"mockups": [Path(p) for p in mockups], "images": [Path(p) for p in images]}
    return video.listing_video(Path(out), **shown, ffmpeg=ffmpeg)


def place_in_scene(scene: str, art: str, out: str, corners: list[list[float]], light: bool = True) -> str:
    """The seller's own scene with the art between four corners. Raises ValueError."""
    placing.placed(Path(out), Path(scene), Path(art), [(x, y) for x, y in corners], light=light)
    return out


def sample_in_scene(scene: str, corners: list[list[float]], out: str) -> None:
    """A small image of a scene with a plain sample between its corners, to see that they are right. Raises ValueError."""
    folder = Path(out).parent
    sample, placed = folder / "sample.jpg", folder / "placed.jpg"
    placing.sample(sample)
    placing.placed(placed, Path(scene), sample, [(x, y) for x, y in corners])
    export.preview(placed, Path(out))


def _plain(record: Any) -> dict[str, Any]:
    """A record of ours as plain values."""
    return {
        k: str(v) if isinstance(v, Path) else list(v) if isinstance(v, tuple) else v for k, v in asdict(record).items()
    }
