"""What each stage of the workshop costs: `python bench/artwork.py [--px 1536] [--counts 1 15] [--full] [--json] [--markdown]`.

Every stage runs three times in processes of its own over the same pictures: as the product does it, as a bare libvips
pass over the same pixels (decode, bring to the output's size where that differs, encode as the output is), and as the
usual short Pillow version of the same work. Seconds and peak memory are shown, and the product's as a ratio to the two:
only ratios within one run mean anything. `--full` adds 100 items.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from lib import report

STAGES = ("print", "preview", "examine", "enlarge", "cut_out", "sticker", "vector", "wall_art_file")
ONCE = {"wall_art_file"}  # a product has one of these
ENGINES = ("product", "libvips", "pillow")
DISTINCT = 5
Work = Callable[[Path, Path], None]


def paint(folder: Path, px: int) -> None:
    """The pictures all engines work on: painted art, its drawing, the same on a background, and a quarter of the size."""
    import pyvips

    from elistit_artist import brief
    from elistit_artist.paint.job import drawing, paint_to_file

    for index, pick in enumerate(brief.plan("woodland animals", {}, DISTINCT, 11, "watercolor").picks):
        art = folder / f"{index}.png"
        order = {k: pick.art.get(k) for k in ("subject", "params", "grade", "manner")}
        paint_to_file({**order, "style": "watercolor", "seed": index, "width": px, "height": px, "out": str(art)})
        (folder / f"{index}.svg").write_text(drawing(str(pick.art["subject"]), pick.art.get("params") or {}, index))
        image = pyvips.Image.new_from_file(str(art))
        image.flatten(background=[214, 228, 240]).jpegsave(str(folder / f"{index}-ground.jpg"), Q=92)
        image.thumbnail_image(px // 4).pngsave(str(folder / f"{index}-quarter.png"))
        image.flatten(background=255).pngsave(str(folder / f"{index}-flat.png"))


def source(stage: str, folder: Path, index: int) -> Path:
    suffix = {"enlarge": "-quarter.png", "cut_out": "-ground.jpg", "vector": ".svg", "wall_art_file": "-flat.png"}
    return folder / f"{index % DISTINCT}{suffix.get(stage, '.png')}"


def product(stage: str) -> Work:
    from elistit.artwork import crop, cutout, export, jobs, sticker, upscale, vector

    def examine(src: Path, out: Path) -> None:
        jobs.examine(str(src), str(out.with_suffix(".webp")), transparent=True, min_px=64)

    def cut(src: Path, out: Path) -> None:
        sticker.kiss_cut(src, out, out.with_suffix(".svg"))

    def layered(src: Path, out: Path) -> None:
        vector.finish_svg(src.read_text(), out.with_suffix(".svg"), "Drawing")
        vector.to_png(out.with_suffix(".svg"), out, 1536)

    works: dict[str, Work] = {
        "print": lambda src, out: _none(export.save_print(src, out)),
        "preview": lambda src, out: _none(export.preview(src, out.with_suffix(".webp"))),
        "examine": examine,
        "enlarge": lambda src, out: _none(upscale.enlarge(src, out)),
        "cut_out": lambda src, out: _none(cutout.remove_background(src, out)),
        "sticker": cut,
        "vector": layered,
        "wall_art_file": lambda src, out: _none(crop.print_file(src, out.with_suffix(".jpg"), "3:4", (18, 24))),
    }
    return works[stage]


def libvips(stage: str) -> Work:
    import pyvips

    pyvips.cache_set_max(0)

    def work(src: Path, out: Path) -> None:
        if stage in ("preview", "examine"):
            pyvips.Image.thumbnail(str(src), 512).webpsave(str(out.with_suffix(".webp")), Q=86)
        elif stage == "vector":
            pyvips.Image.svgload(str(src), dpi=72).thumbnail_image(1536).pngsave(str(out), compression=6, filter="up")
        elif stage == "wall_art_file":
            image = pyvips.Image.new_from_file(str(src), access="sequential")
            tall = image.crop(0, 0, image.height * 3 // 4, image.height)
            scale = (5400 / tall.width, 7200 / tall.height)
            tall.resize(scale[0], vscale=scale[1]).jpegsave(str(out.with_suffix(".jpg")), Q=92)
        else:
            image = pyvips.Image.new_from_file(str(src), access="sequential")
            if stage == "enlarge":
                image = image.resize(4)
            if not image.hasalpha():
                image = image.addalpha()
            image.pngsave(str(out), compression=6, filter="up")

    return work


def pillow(stage: str) -> Work | None:
    from PIL import Image, ImageChops, ImageFilter

    def work(src: Path, out: Path) -> None:
        image = Image.open(src)
        if stage in ("preview", "examine"):
            image.thumbnail((512, 512), Image.Resampling.LANCZOS)
            image.save(out.with_suffix(".webp"), quality=86)
            return
        if stage == "wall_art_file":
            tall = image.convert("RGB").crop((0, 0, image.height * 3 // 4, image.height))
            tall.resize((5400, 7200), Image.Resampling.LANCZOS).save(
                out.with_suffix(".jpg"), quality=92, dpi=(300, 300)
            )
            return
        if stage == "enlarge":
            image = image.convert("RGBa")
            image = image.resize((image.width * 4, image.height * 4), Image.Resampling.LANCZOS).convert("RGBA")
        elif stage == "cut_out":
            image = image.convert("RGB")
            ground = Image.new("RGB", image.size, image.getpixel((0, 0)))
            apart = ImageChops.difference(image, ground).convert("L")
            image.putalpha(apart.point(lambda v: 255 if v > 12 else 0))
        elif stage == "sticker":
            reach = image.width * 0.045
            grown = (
                image.getchannel("A").filter(ImageFilter.GaussianBlur(reach / 2.2)).point(lambda v: 255 if v > 8 else 0)
            )
            under = Image.new("RGBA", image.size, (255, 255, 255, 0))
            under.putalpha(grown)
            image = Image.alpha_composite(under, image)
        image.convert("RGBA").save(out, compress_level=6, dpi=(300, 300))

    return None if stage == "vector" else work


def _none(_: object) -> None:
    return None


def measured(stage: str, engine: str, folder: Path, count: int) -> None:
    """Run one stage in this process and print its seconds and peak memory."""
    work = {"product": product, "libvips": libvips, "pillow": pillow}[engine](stage)
    if work is None:
        print("null")
        return
    with tempfile.TemporaryDirectory() as out:
        started = time.perf_counter()
        for index in range(count):
            work(source(stage, folder, index), Path(out) / f"{index}.png")
        seconds = time.perf_counter() - started
    print(json.dumps({"seconds": round(seconds, 3), "peak_mb": round(peak_mb())}))


def peak_mb() -> float:
    """The most memory this process has held. On Linux from its own map: getrusage also counts the process it was forked
    from."""
    status = Path("/proc/self/status")
    if status.exists():
        kilobytes = next(row.split()[1] for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return int(kilobytes) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)


def run(stage: str, engine: str, folder: Path, count: int) -> dict[str, Any] | None:
    command = [
        sys.executable,
        __file__,
        "--stage",
        stage,
        "--engine",
        engine,
        "--folder",
        str(folder),
        "--counts",
        str(count),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    answer: dict[str, Any] | None = json.loads(done.stdout.splitlines()[-1])
    return answer


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--px", type=int, default=1536)
    parser.add_argument("--counts", type=int, nargs="+", default=[1, 15])
    parser.add_argument("--full", action="store_true", help="also 100 items")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--stage", choices=STAGES, help=argparse.SUPPRESS)
    parser.add_argument("--engine", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.stage:
        measured(arguments.stage, arguments.engine, arguments.folder, arguments.counts[0])
        return
    rows = []
    with tempfile.TemporaryDirectory() as name:
        paint(Path(name), arguments.px)
        for stage in STAGES:
            for count in [1] if stage in ONCE else [*arguments.counts, *([100] if arguments.full else [])]:
                cost = {engine: run(stage, engine, Path(name), count) for engine in ENGINES}
                rows.append({"stage": stage, "items": count, **cost})
                report.say(f"{stage}, {count} items")
    if arguments.json:
        print(json.dumps({"px": arguments.px, "rows": rows}, indent=1))
        return
    full = " --full" if arguments.full else ""
    report.section(
        "The workshop",
        f"`python bench/artwork.py{full}`: pictures of {arguments.px} × {arguments.px} px, enlarging from a quarter of that, wall art\n"
        "5400 × 7200 px; one core. Time also as a ratio to a bare libvips pass over the same pixels and to the usual Pillow version, in one run.",
        report.table(
            ["stage", "items", "seconds", "peak MB", "× libvips time", "× Pillow time", "libvips MB", "Pillow MB"],
            [cells(row) for row in rows],
        ),
    )


def cells(row: dict[str, Any]) -> list[str]:
    ours, bare, other = row["product"], row["libvips"], row["pillow"]
    against = f"{ours['seconds'] / other['seconds']:.2f}" if other else "–"
    return [
        row["stage"], str(row["items"]), f"{ours['seconds']:.2f}", str(ours["peak_mb"]),
        f"{ours['seconds'] / bare['seconds']:.2f}", against, str(bare["peak_mb"]), str(other["peak_mb"] if other else "–"),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
