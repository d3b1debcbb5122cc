"""What a picture of the built-in artist costs: `python bench/artist.py [--pictures 12] [--markdown]`.

Animals in watercolor at the size an image model gives and at the size a buyer prints, each picture in turn in a process of
its own, as the product paints them. Seconds are the median of so many pictures, memory the most one of them took.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from artwork import peak_mb
from lib import report

SIZES = (1024, 4096)


def painted(px: int, index: int) -> dict[str, float]:
    """Paint one picture in this process."""
    from elistit_artist import brief
    from elistit_artist.paint.job import paint_to_file

    pick = brief.plan("woodland animals", {}, index + 1, 11, "watercolor").picks[index]
    order = {k: pick.art.get(k) for k in ("subject", "params", "grade", "manner")}
    with tempfile.TemporaryDirectory(prefix="elistit-bench-") as folder:
        began = time.perf_counter()
        paint_to_file(
            {**order, "style": "watercolor", "seed": index, "width": px, "height": px, "transparent": True,
             "out": str(Path(folder) / "picture.png")}
        )  # fmt: skip
        return {"seconds": time.perf_counter() - began, "mb": peak_mb()}


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--pictures", type=int, default=12, help="pictures of each size (default 12)")
    parser.add_argument("--one", type=int, nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(painted(*given.one)))
        return
    rows = []
    for px in SIZES:
        found = []
        for index in range(given.pictures):
            command = [sys.executable, __file__, "--one", str(px), str(index)]
            found.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
        middle = report.percentile([f["seconds"] for f in found], 0.5)
        rows.append(
            [
                f"{px} × {px}",
                f"{middle:.2f}",
                f"{max(f['seconds'] for f in found):.2f}",
                f"{max(f['mb'] for f in found):.0f}",
            ]
        )
        report.say(rows[-1])
    report.section(
        "The artist",
        f"`python bench/artist.py --pictures {given.pictures}`: woodland animals in watercolor, transparent, one core.",
        report.table(["pixels", "seconds, median", "most", "MB at most"], rows),
    )


if __name__ == "__main__":
    main()
