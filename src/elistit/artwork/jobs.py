"""What a worker runs of the workshop in its bounded subprocesses: whole pieces of work on files, by plain values.

Every function takes and returns JSON-safe values and is importable without Django, so that a subprocess starts quickly and
stays small. Mockups are `mockup_jobs`, packages `packing_jobs`. It must never know a project, a price or a state.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elistit.artwork.mockup_jobs import PATTERNS
from elistit.artwork.typesetting import shown
from elistit.on_use import OnUse

# The subprocess loads what its task needs; a worker and the pages, which only name tasks, load none of it.
if TYPE_CHECKING:
    from elistit.artwork import (
        checks,
        crop,
        cutout,
        export,
        greeting,
        intake,
        provenance,
        scalesheet,
        seam,
        sticker,
        stickersheet,
        tilepictures,
        tracing,
        upscale,
        vector,
        vectorset,
    )
else:
    checks = OnUse("elistit.artwork.checks")
    crop = OnUse("elistit.artwork.crop")
    cutout = OnUse("elistit.artwork.cutout")
    export = OnUse("elistit.artwork.export")
    greeting = OnUse("elistit.artwork.greeting")
    intake = OnUse("elistit.artwork.intake")
    provenance = OnUse("elistit.artwork.provenance")
    scalesheet = OnUse("elistit.artwork.scalesheet")
    seam = OnUse("elistit.artwork.seam")
    sticker = OnUse("elistit.artwork.sticker")
    stickersheet = OnUse("elistit.artwork.stickersheet")
    tilepictures = OnUse("elistit.artwork.tilepictures")
    tracing = OnUse("elistit.artwork.tracing")
    upscale = OnUse("elistit.artwork.upscale")
    vector = OnUse("elistit.artwork.vector")
    vectorset = OnUse("elistit.artwork.vectorset")

# Beyond this an enlargement shows.
OWN_SCALE_MAX = 4


def unusable(image: str, width: int, height: int) -> str:
    """Why an image cannot be used at all, as one sentence; empty when it can. Sizes in pixels."""
    return checks.usable(Path(image), width, height) or ""


def examine(image: str, preview: str, transparent: bool, min_px: int, seamless: bool = False) -> dict[str, Any]:
    """The automatic checks of one image: `flags` (code, words), `signature` (hexadecimal) and
    `marks` (`provenance`); writes its preview. With `seamless`
    also its seams, and `seam`: the worst of them against what lies inside, at most 1 for a tile that joins itself."""
    seen = checks.look(Path(image))
    found = checks.check_seen(seen, transparent=transparent, min_px=min_px)
    measured: dict[str, Any] = {}
    if seamless:
        edges = seam.measure(Path(image))
        found += [f for f in [seam.flag(edges)] if f]
        measured["seam"] = round(edges.ratio, 4)
    export.write_preview(seen.small, Path(preview))
    return {
        "flags": [{"code": f.code, "words": f.words} for f in found],
        "signature": (checks.tile_signature(Path(image)) if seamless else seen.signature).hex(),
        **measured,
        "marks": provenance.read(Path(image)).plain(),
    }


def longest_side(image: str) -> int:
    """The longest side of an image in pixels. Raises ValueError."""
    opened = export.open_image(Path(image))
    return max(opened.width, opened.height)


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


def _plain(record: Any) -> dict[str, Any]:
    """A record of ours as plain values."""
    return {
        k: str(v) if isinstance(v, Path) else list(v) if isinstance(v, tuple) else v for k, v in asdict(record).items()
    }
