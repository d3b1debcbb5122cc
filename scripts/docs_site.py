"""Build the documentation as a site, from the Markdown that is read on its own too.

    python scripts/docs_site.py [--out DIR]

Every page of `docs/` and every README beside the code, with mkdocs-material and mkdocs.yml, into `build/site`, which Git
ignores. A link or an anchor that leads nowhere, a page outside the navigation or any other warning ends the build with 1.
mkdocs calls the functions `on_…` as hooks. It must never write beside its output, nor need a network: the theme, its search and
its icons come from the installed package.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("docs", "src", "packages")
IMAGES = {".jpg", ".webp", ".png", ".svg"}
LINKED = (
    "LICENSE", "docs/sbom.json", "docs/gallery/make", "packages/artist/src/elistit_artist/lettering/fonts/manifest.json",
)  # fmt: skip
"""Files that pages link to and that are neither pages nor images."""
DIAGRAM = re.compile(r"^```mermaid\n(.*?)^```\n", re.DOTALL | re.MULTILINE)
ARROW = re.compile(r"^\s*(\w+) --> (\w+)$", re.MULTILINE)
ENTRY = re.compile(r"(?:[*+-]|1\.) ")
LAYER = re.compile(r"subgraph \w+\[ \]\n(.*?)\n\s*end", re.DOTALL)


def sources(root: Path) -> list[str]:
    """The files of the site, relative to the repository: pages, images, and what they link to."""
    below = [f for folder in FOLDERS for f in (root / folder).rglob("*") if f.is_file()]
    pages = [*root.glob("*.md"), *(f for f in below if f.suffix == ".md")]
    images = [f for f in below if f.suffix in IMAGES and f.is_relative_to(root / "docs")]
    linked = [root / name for name in LINKED if (root / name).is_file()]
    return sorted(f.relative_to(root).as_posix() for f in [*pages, *images, *linked])


def expanded(nav: Any, pages: list[str]) -> Any:
    """A navigation in which `folder/*` has become the pages of that folder it doesn't name elsewhere, in order."""
    named = set(_named(nav))

    def walk(entry: Any) -> Any:
        if isinstance(entry, dict):
            return {title: walk(inner) for title, inner in entry.items()}
        if not isinstance(entry, list):
            return entry
        found: list[Any] = []
        for one in entry:
            if isinstance(one, str) and one.endswith("/*"):
                more = [p for p in pages if p.startswith(one[:-1]) and p not in named]
                named.update(more)
                found += more
            else:
                found.append(walk(one))
        return found

    return walk(nav)


def _named(nav: Any) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    for inner in nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ():
        yield from _named(inner)


def table_of(diagram: str) -> str:
    """A Mermaid diagram of packages in layers, as a table: a browser draws such a diagram only with a program from elsewhere."""
    imports: dict[str, list[str]] = {}
    for package, imported in ARROW.findall(diagram):
        imports.setdefault(package, []).append(imported)
    rows = [
        f"| {', '.join(layer)} | {'; '.join(_imports(package, imports) for package in layer if package in imports)} |"
        for layer in (inner.split() for inner in LAYER.findall(diagram))
    ]
    return "\n".join(["| layer, from the top | imports |", "| --- | --- |", *rows, ""])


def _imports(package: str, imports: dict[str, list[str]]) -> str:
    return f"{package} → {', '.join(imports[package])}"


def on_config(config: Any) -> Any:
    config["nav"] = expanded(config["nav"], [name for name in sources(ROOT) if name.endswith(".md")])
    return config


def on_files(files: Any, config: Any) -> Any:
    """Replace the files of docs/ by those of the whole repository, by their path in it, so that every link holds as written."""
    from mkdocs.structure.files import File

    for file in list(files):
        if file.src_dir == config["docs_dir"]:
            files.remove(file)
    for name in sources(ROOT):
        files.append(File(name, str(ROOT), config["site_dir"], config["use_directory_urls"]))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    return lists_apart(DIAGRAM.sub(lambda found: table_of(found[1]), markdown))


def lists_apart(markdown: str) -> str:
    """The same text with an empty line before a list that follows a paragraph, which CommonMark doesn't ask for and mkdocs does."""
    kept: list[str] = []
    fenced = False
    before = ""
    for line in markdown.split("\n"):
        fenced ^= line.startswith(("```", "~~~"))
        if (
            not fenced
            and ENTRY.match(line)
            and before
            and not ENTRY.match(before)
            and not before.startswith((" ", "#", "|"))
        ):
            kept.append("")
        kept.append(line)
        before = line
    return "\n".join(kept)


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--out", type=Path, default=ROOT / "build/site")
    wanted = asked.parse_args(arguments)
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    from mkdocs.__main__ import cli

    built = cli.main(
        ["build", "--strict", "--clean", "--config-file", str(ROOT / "mkdocs.yml"), "--site-dir", str(wanted.out)],
        standalone_mode=False,
    )
    return int(built or 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
