"""Writes docs/sbom.json: what an installation consists of, as a CycloneDX 1.6 bill of materials, from the lock alone.

.venv/bin/python scripts/sbom.py
"""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_ENTRY = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.M)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill() -> dict[str, object]:
    """The bill of materials of requirements.lock. The same lock gives the same document."""
    lock = (ROOT / "requirements.lock").read_text()
    entries = list(_ENTRY.finditer(lock))
    components = []
    for entry, after in zip(entries, [*(e.start() for e in entries[1:]), len(lock)], strict=True):
        name, version = entry[1].lower(), entry[2]
        hashes = [{"alg": "SHA-256", "content": h} for h in _HASH.findall(lock[entry.start() : after])]
        purl = f"pkg:pypi/{name}@{version}"
        components.append(
            {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "hashes": hashes}
        )
    about = {"type": "application", "name": "elistit", "bom-ref": "elistit"}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": about},
        "components": components,
    }


if __name__ == "__main__":
    (ROOT / "docs/sbom.json").write_text(json.dumps(bill(), indent=1) + "\n")
