"""What the enlarging network costs and brings: `python bench/upscale.py [--px 1024] [--markdown]`. Needs `elistit packs add upscale`.

Painted pictures are reduced to a quarter (Lanczos), enlarged again by the network and by interpolation in processes of their
own, and compared with the originals on three grounds. Only ratios within one run mean anything.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from lib import report

GROUNDS = ((255, 255, 255), (0, 0, 0), (255, 0, 255))


def work(kind: str, folder: Path, count: int) -> None:
    """Enlarge every quarter in this process and tell seconds and peak memory."""
    from elistit import packs
    from elistit.artwork import jobs

    weights = str(packs.folder(packs.UPSCALE)) if kind == "network" else ""
    began = time.perf_counter()
    for n in range(count):
        jobs.enlarge(str(folder / f"{n}-quarter.png"), str(folder / f"{n}-{kind}.png"), 4, weights)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    sys.stdout.write(json.dumps({"seconds": (time.perf_counter() - began) / count, "peak_mb": peak}))


def decibels(folder: Path, kind: str, count: int) -> float:
    import numpy as np
    import pyvips

    def shown(file: Path, ground: tuple[int, int, int]) -> np.ndarray:
        image = pyvips.Image.new_from_file(str(file)).flatten(background=list(ground))
        return image.numpy().astype(np.float64)

    errors = [
        float(((shown(folder / f"{n}.png", g) - shown(folder / f"{n}-{kind}.png", g)) ** 2).mean())
        for n in range(count)
        for g in GROUNDS
    ]
    return float(np.mean([10 * np.log10(255**2 / e) for e in errors]))


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--px", type=int, default=1024)
    parser.add_argument("--count", type=int, default=4)
    parser.add_argument("--worker", nargs=2, metavar=("KIND", "FOLDER"))
    given = parser.parse_args()
    if given.worker:
        work(given.worker[0], Path(given.worker[1]), given.count)
        return
    from artwork import paint  # the sibling benchmark's pictures

    from elistit import packs

    if not packs.installed(packs.UPSCALE):
        raise SystemExit("Add the network first: elistit packs add upscale")
    with tempfile.TemporaryDirectory(prefix="elistit-bench-") as name:
        folder = Path(name)
        paint(folder, given.px)
        found = {}
        for kind in ("interpolation", "network"):
            command = [sys.executable, __file__, "--count", str(given.count), "--worker", kind, name]
            answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            found[kind] = {**answer, "psnr_db": decibels(folder, kind, given.count)}
    base = found["interpolation"]
    rows = [
        [kind, f"{f['seconds']:.2f} ({f['seconds'] / base['seconds']:.0f})", f"{f['peak_mb']:.0f}", f"{f['psnr_db']:.1f}",
         f"{f['psnr_db'] - base['psnr_db']:+.1f}"]
        for kind, f in found.items()
    ]  # fmt: skip
    report.section(
        "Enlarging",
        f"`python bench/upscale.py --px {given.px}`: the network of `elistit packs add upscale` beside interpolation; {given.count} painted\n"
        f"pictures reduced to a quarter and enlarged again, {given.px // 4} to {given.px} px, compared with the originals on three grounds.",
        report.table(["", "seconds each (ratio)", "MB at most", "dB", "gain"], rows),
    )


if __name__ == "__main__":
    main()
