"""The main job: one project from idea to Etsy draft. `python bench/demo.py [--times 3] [--large] [--markdown]`.

Runs `./run demo` so many times, each on data of its own, and fails when a promise of one of them did not hold. `--large`
adds one of 100 images. Memory is the most any of its processes held.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from lib import report

ROOT = Path(__file__).resolve().parents[1]
IDEA = "woodland animals, watercolor"


def once(count: int) -> dict[str, Any]:
    """One demo: its own seconds, and the MB its largest process held."""
    with tempfile.TemporaryDirectory(prefix="elistit-bench-") as out:
        command = [str(ROOT / "run"), "demo", "--idea", IDEA, "--count", str(count), "--out", f"{out}/files", "--json"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        seen = Memory(process.pid)
        seen.start()
        said = process.communicate()[0]
        seen.stopped.set()
        seen.join()
    if process.returncode:
        raise SystemExit(f"The demo of {count} images did not hold everything:\n{said[-2000:]}")
    found = {"seconds": float(json.loads(said)["seconds"]), "mb": seen.most}
    report.say(f"{count} images: {found}")
    return found


class Memory(threading.Thread):
    """Watches a process and all that come from it, and keeps the most that one of them has held, in MB."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root, self.most, self.stopped = root, 0.0, threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(0.5):
            parents = {}
            for status in Path("/proc").glob("[0-9]*/status"):
                try:
                    said = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
                except OSError:
                    continue  # Ended while we looked.
                held = int(said.get("VmHWM", "0 kB").split()[0]) / 1024
                parents[int(said["Pid"])] = (int(said["PPid"]), held)
            family = {self.root}
            for _ in range(10):
                family |= {pid for pid, (parent, _) in parents.items() if parent in family}
            self.most = max([self.most, *(held for pid, (_, held) in parents.items() if pid in family)])


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--times", type=int, default=3, help="runs of 15 images (default 3)")
    parser.add_argument("--large", action="store_true", help="also one of 100 images")
    given = parser.parse_args()
    rows = []
    for count, times in [(15, given.times)] + ([(100, 1)] if given.large else []):
        found = [once(count) for _ in range(times)]
        seconds = sorted(f["seconds"] for f in found)
        middle = report.percentile(seconds, 0.5)
        rows.append(
            [
                count,
                times,
                *(f"{s:.0f}" for s in (seconds[0], middle, seconds[-1])),
                f"{max(f['mb'] for f in found):.0f}",
            ]
        )
    report.section(
        "The main job",
        f'`python bench/demo.py --times {given.times}{" --large" if given.large else ""}`: `./run demo --idea "{IDEA}" --count N`, from the idea to\n'
        "the draft on the bundled Etsy sandbox, set-up not counted; every promise held each time.",
        report.table(["images", "runs", "seconds, least", "median", "most", "MB, largest process"], rows),
    )


if __name__ == "__main__":
    main()
