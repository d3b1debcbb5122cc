"""The documentation builds as a site with no broken link, and loads nothing from elsewhere (scripts/docs_site.py).

The finished pages are judged by an HTML parser of Python's own, not by the program that built them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.test_links import pages

ROOT = Path(__file__).resolve().parents[1]
LOADED = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src")}


class Page(HTMLParser):
    """A page's links, what it loads, its anchors and the text of its paragraphs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()
        self.words: list[str] = []
        self._inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        for name in ("src", "href"):
            if (tag, name) in LOADED and name in given and given.get("rel") != "canonical":
                self.loads.append(given[name])
        if tag in ("p", "code", "script", "style"):
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if self._inside and self._inside[-1] == "p":
            self.words.append(data)


def build(root: Path, out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "scripts/docs_site.py"), "--out", str(out)]
    return subprocess.run(command, capture_output=True, text=True, timeout=250)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    built = build(ROOT, out)
    assert built.returncode == 0, built.stderr
    assert "WARNING" not in built.stderr
    return out


def every(site: Path) -> Iterator[tuple[Path, Page]]:
    for file in sorted(site.rglob("*.html")):
        if file.name != "404.html":
            yield file, Page(file.read_text(encoding="utf-8"))


def test_every_page_is_in_the_site(site: Path) -> None:
    kept = [p.relative_to(ROOT) for p in pages() if p.relative_to(ROOT).parts[0] not in ("tests", "bench")]
    missing = [
        page
        for page in kept
        if not (site / (page.parent if page.stem == "README" else page.with_suffix("")) / "index.html").is_file()
    ]
    assert missing == []
    assert len(kept) > 75


def test_every_link_and_anchor_of_the_site_leads_somewhere(site: Path) -> None:
    anchors = {file: page.anchors for file, page in every(site)}
    broken = []
    for file, page in every(site):
        for target in [*page.links, *page.loads]:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc or not target:
                continue
            there = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            there = there / "index.html" if there.is_dir() else there
            held = parts.fragment in ("", "__top") or unquote(parts.fragment) in anchors.get(there, set())
            if not there.is_file() or not held:
                broken.append(f"{file.relative_to(site)}: {target}")
    assert broken == []


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    outside = [
        f"{file.relative_to(site)}: {target}"
        for file, page in every(site)
        for target in page.loads
        if urlsplit(target).netloc
    ]
    assert outside == []
    styles = "".join(f.read_text(encoding="utf-8") for f in site.rglob("*.css"))
    assert "url(http" not in styles.replace('"', "").replace("'", "")
    assert "class=mermaid" not in (site / "docs/architecture/index.html").read_text().replace('"', "")


def test_lists_tables_and_code_are_read_as_such(site: Path) -> None:
    """Markdown that GitHub reads and this program doesn't would show its marks as text."""
    raw = [
        f"{file.relative_to(site)}: {words[:80]}"
        for file, page in every(site)
        for words in page.words
        if any(mark in words for mark in ("\n* ", "\n1. ", "| ---", "```", "**", "](", "\n| "))
    ]
    assert raw == []


def test_the_packages_are_drawn_as_a_table(site: Path) -> None:
    text = (site / "docs/architecture/index.html").read_text(encoding="utf-8")
    assert "cli → api, simulator" in text
    assert "flowchart" not in text


@pytest.mark.parametrize("link", ["[a](docs/nowhere.md)", "[b](docs/rules.md#not-a-heading)", "[c](docs/decisions/)"])
def test_a_broken_link_ends_the_build(tmp_path: Path, link: str) -> None:
    names = [p.relative_to(ROOT) for p in pages() if p.relative_to(ROOT).parts[0] not in ("tests", "bench")]
    for name in [*names, Path("mkdocs.yml"), Path("scripts/docs_site.py")]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "docs", tmp_path / "docs", dirs_exist_ok=True)
    for name in ("LICENSE", "packages/artist/src/elistit_artist/lettering/fonts/manifest.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    with (tmp_path / "SECURITY.md").open("a") as page:
        page.write(f"\n{link}\n")
    built = build(tmp_path, tmp_path / "site")
    assert built.returncode == 1
    assert built.stderr.count("WARNING") == 1, built.stderr
    assert link.partition("](")[2].rstrip(")") in built.stderr
