"""Adds up the JUnit files of several pytest runs and prints one closing line: "N passed, N failed, N skipped"."""

from __future__ import annotations

import os
import sys
from xml.etree import ElementTree


def main(files: list[str]) -> None:
    total = failed = skipped = 0
    # A run that broke down before its end leaves no file; `./test` has counted that part as failed.
    for file in filter(os.path.isfile, files):
        for suite in ElementTree.parse(file).iter("testsuite"):
            total += int(suite.get("tests", 0))
            failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped += int(suite.get("skipped", 0))
    line = f"{total - failed - skipped} passed, {failed} failed"
    sys.stdout.write(line + (f", {skipped} skipped\n" if skipped else "\n"))


if __name__ == "__main__":
    main(sys.argv[1:])
