"""Find house words: phrases this project used to have names for, where the field has a standard term (docs/glossary.md).

    python scripts/house_words.py            every hit as file:line: word → what to write; exit status 1 when there is one
    python scripts/house_words.py --count    hits by word

The words, what to write instead and the exceptions with their reasons are in pyproject.toml under `[tool.house_words]`; those of
`[tool.house_words.documents]` are looked for in documents only, those of `[tool.house_words.core]` in most packages of the studio. Only
prose is read: comments, docstrings and sentences in Python, text and spoken attributes in templates, comments in style sheets
and scripts, comments and sentences in TOML, and everything but code in Markdown. Names of variables, tables and API fields are
never prose. It must never change a file.
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SPOKEN = re.compile(r"""\b(?:alt|title|placeholder|aria-label|data-label|data-busy|content)="([^"]*)\"""")
TEMPLATE_CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
TAG = re.compile(r"<[^>]*>", re.DOTALL)
MARKDOWN_CODE = re.compile(r"^(```|~~~).*?^\1[^\n]*$|`[^`\n]+`|\]\([^)\n]*\)", re.DOTALL | re.MULTILINE)
BLOCK_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
LINE_COMMENT = re.compile(r"(?<![:\w\"'])//[^\n]*|/\*.*?\*/", re.DOTALL)
CODE_IN_WORDS = re.compile(r"`[^`]*`|\{[^{}]*\}")
"""What is code within a comment or a string: between backticks, and the holes of an f-string."""
TOML_PROSE = re.compile(r'"[^"\n]* [^"\n]*"|^#[^\n]*', re.MULTILINE)
SHELL_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\n]*", re.MULTILINE)


@dataclass(frozen=True)
class Word:
    """`pattern` finds a house word in the files of `paths`, `write` is what to write instead."""

    pattern: re.Pattern[str]
    write: str
    paths: tuple[str, ...] = ("*",)


@dataclass(frozen=True)
class Exempt:
    """Where a word may stand: a file pattern, and where given a pattern of the word and one of its line; always a reason."""

    file: str
    word: re.Pattern[str]
    line: re.Pattern[str]
    reason: str

    def covers(self, file: str, word: str, line: str) -> bool:
        return fnmatch(file, self.file) and bool(self.word.fullmatch(word)) and bool(self.line.search(line))


@dataclass(frozen=True)
class Rules:
    """`paths` are patterns of the files to read."""

    paths: tuple[str, ...]
    words: tuple[Word, ...]
    exempt: tuple[Exempt, ...]

    @cached_property
    def any(self) -> re.Pattern[str]:
        """Finds any of the words, to pass over what has none."""
        return re.compile("|".join(word.pattern.pattern for word in self.words), re.IGNORECASE)


@dataclass(frozen=True)
class Hit:
    file: str
    line: int
    word: str
    write: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.word} → {self.write}"


def rules(pyproject: str) -> Rules:
    """The words and exceptions of a pyproject.toml. Raises KeyError or ValueError where an entry lacks what it needs."""
    table = tomllib.loads(pyproject)["tool"]["house_words"]
    words = [Word(_word(find), write) for find, write in table["words"].items()]
    for part in (table[name] for name in ("core", "documents") if name in table):
        words += [Word(_word(find), write, tuple(part["paths"])) for find, write in part["words"].items()]
    exempt = tuple(
        Exempt(e["file"], _word(e.get("word", ".*")), re.compile(e.get("line", ""), re.IGNORECASE), e["reason"])
        for e in table.get("exceptions", [])
    )
    unreasoned = [e.file for e in exempt if len(e.reason.split()) < 3]
    if unreasoned:
        raise ValueError(f"An exception needs a reason in words: {', '.join(unreasoned)}")
    return Rules(tuple(table["paths"]), tuple(words), exempt)


def _word(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE)


def prose(name: str, text: str) -> str:
    """The prose of a file, with everything else blanked out, so that lines and columns stay where they are.

    Raises SyntaxError for Python that cannot be parsed.
    """
    if name.endswith(".py"):
        return _kept(text, _python(text))
    if name.endswith((".html", ".txt")):
        return _kept(text, _template(text))
    if name.endswith(".md"):
        return MARKDOWN_CODE.sub(lambda m: _blank(m[0]), text)
    if name.endswith(".css"):
        return _kept(text, (m.span() for m in BLOCK_COMMENT.finditer(text)))
    if name.endswith(".js"):
        return _kept(text, (m.span() for m in LINE_COMMENT.finditer(text)))
    if name.endswith(".toml"):
        return _kept(text, (m.span() for m in TOML_PROSE.finditer(text)))
    return _kept(text, (m.span() for m in SHELL_COMMENT.finditer(text)))


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _kept(text: str, spans: Iterator[tuple[int, int]]) -> str:
    kept, at = [], 0
    for start, end in sorted(spans):
        if end <= at:
            continue
        start = max(start, at)
        kept += [_blank(text[at:start]), text[start:end]]
        at = end
    return "".join([*kept, _blank(text[at:])])


def _python(text: str) -> Iterator[tuple[int, int]]:
    """Comments, and string literals that are sentences: of two words or more, one of them in small letters."""
    lines = [0]
    for line in text.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    ast.parse(text)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        start, end = lines[token.start[0] - 1] + token.start[1], lines[token.end[0] - 1] + token.end[1]
        if token.type == tokenize.COMMENT or (token.type in _STRINGS and re.search(r"[a-z]\s|\s[a-z]", token.string)):
            yield from _between(text[start:end], CODE_IN_WORDS, start)


_STRINGS = {tokenize.STRING, *(getattr(tokenize, name) for name in ("FSTRING_MIDDLE",) if hasattr(tokenize, name))}


def _template(text: str) -> Iterator[tuple[int, int]]:
    for spoken in SPOKEN.finditer(text):
        yield from _between(spoken[1], TEMPLATE_CODE, spoken.start(1))
    yield from _between(text, re.compile(f"{TEMPLATE_CODE.pattern}|{TAG.pattern}", re.DOTALL), 0)


def _between(text: str, code: re.Pattern[str], offset: int) -> Iterator[tuple[int, int]]:
    at = 0
    for found in code.finditer(text):
        if found.start() > at:
            yield offset + at, offset + found.start()
        at = found.end()
    if at < len(text):
        yield offset + at, offset + len(text)


def hits(name: str, text: str, found_by: Rules) -> Iterator[Hit]:
    """Every house word of one file that no exception covers, in the order of its lines."""
    return (hit for hit, exceptions in all_hits(name, text, found_by) if not exceptions)


def all_hits(name: str, text: str, found_by: Rules) -> Iterator[tuple[Hit, list[Exempt]]]:
    """Every house word of one file, in the order of its lines, each with the exceptions that cover it."""
    if not found_by.any.search(text):
        return
    lines = text.split("\n")
    words = [word for word in found_by.words if any(fnmatch(name, path) for path in word.paths)]
    for number, line in enumerate(prose(name, text).split("\n"), start=1):
        for word in words if found_by.any.search(line) else ():
            for match in word.pattern.finditer(line):
                exceptions = [e for e in found_by.exempt if e.covers(name, match[0], lines[number - 1])]
                yield Hit(name, number, match[0], word.write), exceptions


def files(found_by: Rules) -> list[str]:
    """The files to read, from what Git keeps and what is new, so that a build folder is never read."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return sorted(
        name
        for name in listed.split("\0")
        if name.endswith((".py", ".html", ".txt", ".md", ".css", ".js", ".sh", ".toml"))
        and any(fnmatch(name, path) for path in found_by.paths)
        and (ROOT / name).is_file()
    )


def everything() -> tuple[list[Hit], set[Exempt]]:
    """The house words left in all files, and the exceptions that cover one."""
    found_by = rules((ROOT / "pyproject.toml").read_text())
    left, used = [], set()
    for name in files(found_by):
        for hit, exceptions in all_hits(name, (ROOT / name).read_text(), found_by):
            used.update(exceptions)
            left += [] if exceptions else [hit]
    return left, used


def main(arguments: list[str]) -> int:
    found, _ = everything()
    if "--count" in arguments:
        for word, count in Counter(hit.word.lower() for hit in found).most_common():
            print(f"{count:6} {word}")
    else:
        for hit in found:
            print(hit)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
