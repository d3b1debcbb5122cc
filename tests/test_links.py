"""Every relative link in every Markdown file leads somewhere, and what CONTRIBUTING names is there.

Files are read by a Markdown parser, not by a pattern, so code samples hold no links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[1]
NOT_OURS = {"node_modules", "data", "build", "dist"}
PARSER = MarkdownIt("commonmark").enable("table")


def pages(root: Path = ROOT) -> list[Path]:
    """Every Markdown file of the repository."""
    found = []
    for page in root.rglob("*.md"):
        folders = page.relative_to(root).parts[:-1]
        if not any(part in NOT_OURS or part.startswith(".") for part in folders):
            found.append(page)
    return sorted(found)


def tokens(page: Path) -> Iterator[Token]:
    """The tokens of a page, inline ones included."""
    for token in PARSER.parse(page.read_text(encoding="utf-8")):
        yield token
        yield from token.children or []


def anchors(page: Path) -> set[str]:
    """The anchors of a page: one for each heading, by GitHub's rule, and those written as HTML."""
    found: set[str] = set()
    heading = False
    for token in tokens(page):
        if token.type == "heading_open":
            heading = True
        elif token.type == "inline" and heading:
            heading = False
            words = "".join(t.content for t in token.children or [] if t.type in ("text", "code_inline"))
            slug = re.sub(r"[^\w\- ]", "", words.strip().lower()).replace(" ", "-")
            number, name = 0, slug
            while name in found:
                number += 1
                name = f"{slug}-{number}"
            found.add(name)
        elif token.type in ("html_inline", "html_block"):
            found |= set(re.findall(r'\b(?:id|name)="([^"]+)"', token.content))
    return found


def broken(page: Path, root: Path) -> list[str]:
    """The relative links and images of a page that lead nowhere, or out of the repository."""
    wrong = []
    # Sections of docs/figures.md are kept there one by one; their links are those of the page they become.
    folder = root / "docs" if page.parent == root / "bench/results" else page.parent
    for token in tokens(page):
        written = re.findall(r'\b(?:href|src)="([^"]+)"', token.content) if token.type.startswith("html_") else []
        for target in [*written, str(token.attrs.get("href") or token.attrs.get("src") or "")]:
            parts = urlsplit(target)
            if not target or parts.scheme or parts.netloc:
                continue
            place = (folder / unquote(parts.path)).resolve() if parts.path else page
            gone = not place.exists() or not place.is_relative_to(root)
            if gone or (parts.fragment and place.suffix == ".md" and unquote(parts.fragment) not in anchors(place)):
                wrong.append(target)
    return wrong


def test_every_relative_link_leads_somewhere() -> None:
    found = {str(page.relative_to(ROOT)): wrong for page in pages() if (wrong := broken(page, ROOT))}
    assert found == {}
    assert len(pages()) > 60


def test_a_broken_link_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# One `two`, three\n\n# Again\n\n# Again\n")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](there.md#one-two-three) [b](there.md#again-1) [c](#here) ![d](no.png) [e](there.md#four) [f][g]\n"
        '[h](https://example.org/x) [i](../outside.md) <img src="none.png">\n\n## Here\n\n`[code](no.md)`\n\n    [code](no.md)\n\n[g]: no.md\n'
    )
    assert broken(page, tmp_path) == ["no.png", "there.md#four", "no.md", "../outside.md", "none.png"]


def test_the_index_of_decisions_lists_every_record() -> None:
    folder = ROOT / "docs/decisions"
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert sorted(set(listed)) == sorted(f.name for f in folder.glob("[0-9]*.md"))


def test_the_number_of_a_record_is_its_files() -> None:
    for record in (ROOT / "docs/decisions").glob("[0-9]*.md"):
        title = record.read_text(encoding="utf-8").split("\n", 1)[0]
        number = re.match(r"# (\d+)", title)
        assert number is not None, record.name
        assert int(number[1]) == int(record.name[:4]), record.name


def test_the_index_of_papers_lists_every_page() -> None:
    index = ROOT / "docs/README.md"
    listed = {
        (index.parent / str(t.attrs["href"])).resolve()
        for t in tokens(index)
        if t.type == "link_open" and not urlsplit(str(t.attrs["href"])).scheme
    }
    below = {p for p in pages() if p.is_relative_to(ROOT / "docs") and p != index}
    records = {p for p in below if p.parent.name == "decisions" and p.name != "README.md"}
    assert below - records - listed == set()


def named() -> list[str]:
    """The files, folders and tests that CONTRIBUTING names: code that is a path, with `NAME` for a part to fill in."""
    code = [t.content for t in tokens(ROOT / "CONTRIBUTING.md") if t.type == "code_inline"]
    return [c for c in code if re.fullmatch(r"\.?[\w.-]+/[\w./-]*(?:::\w+)?|[A-Z]\w+\.md|pyproject\.toml", c)]


def is_there(path: str) -> bool:
    """Whether a path names something here: a file, a folder, at least one match of a `NAME`, or a test in its file."""
    file, _, test = path.partition("::")
    found = list(ROOT.glob(file.replace("NAME", "*"))) if "NAME" in file else [ROOT / file]
    there = [f for f in found if f.exists()]
    return bool(there) and (not test or any(f"def {test}(" in f.read_text(encoding="utf-8") for f in there))


def test_what_contributing_names_is_there() -> None:
    paths = sorted(set(named()))
    assert len(paths) > 40
    assert [p for p in paths if not is_there(p)] == []
    assert not is_there("src/elistit/stages/NAMELESS.py")
    assert not is_there("tests/test_links.py::test_that_is_not_there")


def test_what_contributing_says_is_in_a_file_is_in_it() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    said = re.findall(r"`([\w.]+)`\s+in\s+`([\w./-]+\.\w+)`", text)
    assert len(said) >= 20
    assert [f"{name} in {file}" for name, file in said if name not in (ROOT / file).read_text(encoding="utf-8")] == []


def test_the_glossary_names_what_the_code_is_called() -> None:
    lines = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    kept = {n for line in lines if line.startswith("|") for n in re.findall(r"`([A-Za-z_]+)`", line.split("|")[1])}
    source = "\n".join(f.read_text(encoding="utf-8") for f in (ROOT / "src/elistit").rglob("*.py"))
    assert len(kept) >= 8
    assert {n for n in kept if not re.search(rf"\b{n}\b", source)} == set()


def test_the_readme_lists_every_package() -> None:
    listed = set(re.findall(r"^src/elistit/(\w+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert listed == {f.parent.name for f in (ROOT / "src/elistit").glob("*/__init__.py")}


def test_the_source_files_that_papers_name_are_there() -> None:
    """Decisions are left out: a record names the files of its own time."""
    gone = []
    for page in pages():
        if page.is_relative_to(ROOT / "docs/decisions") or page.is_relative_to(ROOT / "tests"):
            continue
        code = [t.content for t in tokens(page) if t.type == "code_inline"]
        named = [
            c.partition("::")[0] for c in code if re.fullmatch(r"[\w.-]+(?:/[\w.-]+)+\.(?:py|toml|sql)(?:::\w+)?", c)
        ]
        bases = (ROOT, ROOT / "src/elistit", page.parent)
        gone += [
            f"{page.relative_to(ROOT)}: {n}"
            for n in named
            if "NAME" not in n and not any((b / n).exists() for b in bases)
        ]
    assert gone == []
