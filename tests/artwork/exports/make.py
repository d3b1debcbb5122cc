"""Write the exports of this folder with the programs themselves: `python tests/artwork/exports/make.py [NAME …]`.

Needs the programs on the PATH (Debian: `apt-get install graphviz potrace inkscape openscad`, and matplotlib); an export whose
program isn't there stays as it is. Those written by hand after a program's exports are not made here.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
GRAPH = 'digraph { a [style=filled fillcolor=gold label=""]; b [shape=box label=""]; a -> b [arrowhead=none] }'
PART = (
    "difference() { union() { square([40, 30]); translate([40, 15]) circle(12, $fn=48); } "
    "translate([12, 15]) circle(6, $fn=32); }"
)
PLOT = (
    "import matplotlib; matplotlib.use('svg'); from matplotlib import pyplot as p; f = p.figure(figsize=(3, 2)); "
    "p.bar([1, 2, 3], [3, 1, 2]); p.plot([0, 4], [1, 3], '--'); p.axis('off'); f.savefig({out!r})"
)
DRAWING = str(HERE / "drawing.in")
# For each file the program, its arguments and what it reads; `{out}` is the file, `{folder}` one for what lies between.
COMMANDS: dict[str, tuple[list[str], str]] = {
    "graphviz.svg": (["dot", "-Tsvg", "-o", "{out}"], GRAPH),
    "cairo.svg": (["dot", "-Tsvg:cairo", "-o", "{out}"], GRAPH),
    "openscad.svg": (["openscad", "-o", "{out}", "{folder}/part.scad"], ""),
    "inkscape.svg": (["inkscape", "{folder}/drawing.svg", "--export-type=svg", "--export-filename={out}"], ""),
    "inkscape-paths.svg": (
        [
            "inkscape", "{folder}/drawing.svg", "--export-plain-svg", "--export-filename={out}",
            "--actions=select-all:all;object-stroke-to-path",
        ],
        "",
    ),
    "potrace.svg": (["potrace", "-s", "{folder}/disc.pbm", "-o", "{out}"], ""),
    "matplotlib.svg": ([sys.executable, "-c", PLOT], ""),
}  # fmt: skip


def disc() -> str:
    """A disc with a hole, as a bitmap in plain PBM."""
    rows = ("".join("1" if (x - 50) ** 2 + (y - 50) ** 2 > 20 and 400 < (x - 50) ** 2 + (y - 50) ** 2 < 1600 else "0"
                    for x in range(100)) for y in range(100))  # fmt: skip
    return "P1\n100 100\n" + "\n".join(rows) + "\n"


def main() -> int:
    wanted = sys.argv[1:] or list(COMMANDS)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "part.scad").write_text(PART)
        Path(folder, "disc.pbm").write_text(disc())
        shutil.copyfile(DRAWING, Path(folder, "drawing.svg"))
        for name in wanted:
            command, text = COMMANDS[name]
            if not shutil.which(command[0]):
                print(f"{name}: {command[0]} is not here; the file stays as it is", file=sys.stderr)
                continue
            out = HERE / name
            filled = [
                part.replace("{out!r}", repr(str(out))).replace("{out}", str(out)).replace("{folder}", folder)
                for part in command
            ]
            subprocess.run(filled, input=text, text=True, check=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
