"""Write the tables of docs/operations/configuration.md from the settings (src/elistit/config).

python scripts/settings_page.py            write them
python scripts/settings_page.py --check    exit status 1 when the page differs from what would be written
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/operations/configuration.md"
sys.path.insert(0, str(ROOT / "src"))

from elistit.config.page import rewritten  # noqa: E402


def main(arguments: list[str]) -> int:
    before = PAGE.read_text(encoding="utf-8")
    after = rewritten(before)
    if "--check" in arguments:
        if before != after:
            print(f"{PAGE.relative_to(ROOT)} is not what the settings say; run: python scripts/settings_page.py")
        return int(before != after)
    PAGE.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
