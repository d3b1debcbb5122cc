"""Search terms with how often they are searched, read from the CSV files keyword tools export.

Each tool has other names for its columns and writes numbers in another way; a known column is found, the others are left out. Pure: no
database. It must never guess a number: a cell that is none is refused with the line it is on.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from elistit import names

BYTES_MAX = 2_000_000
ROWS_MAX = 10_000
TERM_MAX = 100
_HEADER_WITHIN = 12
"""Lines a tool may put above the names of the columns: a title, a date, an empty line."""
_DELIMITERS = (",", ";", "\t", "|")
_TERM_NAMES = (
    "keyword", "keywords", "search term", "search terms", "term", "keyword phrase", "search phrase", "phrase", "tag", "tags",
    "search query", "query", "related keyword", "suggestion", "long tail keyword",
)  # fmt: skip
_VOLUME_NAMES = (
    "average searches", "avg searches", "etsy searches", "average monthly searches", "avg monthly searches",
    "monthly searches", "search volume", "monthly search volume", "average search volume", "volume", "searches", "search",
    "est searches", "estimated searches", "est search volume", "estimated search volume", "search vol", "vol",
)  # fmt: skip
_UNKNOWN = frozenset(("", "-", "–", "—", "n/a", "na", "unknown", "none", "null", "?", "no data"))
_NOT_A_COUNT = re.compile(r"google|competit|click|ctr|trend|change|rate|percent|%|score|rank|cpc|results")
_SCALE = {"": 1, "k": 1_000, "m": 1_000_000}


class BadFile(ValueError):
    """The file can't be read. The message is one sentence for the seller, and names the line where there is one."""


@dataclass(frozen=True)
class Keyword:
    """A search term and how many searches a month it has; 0 where the tool doesn't know."""

    term: str
    volume: int


@dataclass(frozen=True)
class Found:
    """What a file holds, each term once, the most searched first. `notes` are sentences about the file as a whole."""

    keywords: tuple[Keyword, ...]
    notes: tuple[str, ...] = ()


def key(term: str) -> str:
    """Two terms with one key are one term."""
    return " ".join(term.casefold().split())


def read(content: bytes) -> Found:
    """The keywords of a CSV file: UTF-8, UTF-16 or Windows-1252; commas, semicolons, tabs or bars. Raises BadFile."""
    text, notes = _text(content)
    text, first_line, named = _below_separator_line(text)
    rows, columns = _table(text, first_line, named)
    term_at, volume_at = columns
    best: dict[str, Keyword] = {}
    empty = read_rows = 0
    for line, cells in rows:
        if len(cells) <= max(term_at, volume_at):
            missing = "its search volume" if len(cells) > term_at else "its columns"
            raise BadFile(f"Line {line} ends before {missing}.")
        read_rows += 1
        if read_rows > ROWS_MAX:
            raise BadFile(f"The file has more than {ROWS_MAX:,} rows. Split it, or export fewer keywords.")
        term = names.one_line(cells[term_at])
        if not term:
            empty += 1
            continue
        if len(term) > TERM_MAX:
            raise BadFile(f"Line {line}: the keyword has {len(term)} characters; at most {TERM_MAX} fit.")
        found = Keyword(term, _volume(cells[volume_at], line))
        known = best.get(key(term))
        if known is None or found.volume > known.volume:
            best[key(term)] = found if known is None else Keyword(known.term, found.volume)
    if not best:
        raise BadFile("There is no keyword below the names of the columns.")
    if empty:
        notes.append(
            f"{empty} {'row has' if empty == 1 else 'rows have'} no keyword and {'was' if empty == 1 else 'were'} left out."
        )
    if (repeats := read_rows - empty - len(best)) > 0:
        notes.append(
            f"{repeats} {'keyword is' if repeats == 1 else 'keywords are'} there more than once; the highest volume counts."
        )
    ranked = sorted(best.values(), key=lambda k: (-k.volume, key(k.term)))
    return Found(tuple(ranked), tuple(notes))


# --- bytes to text ----------------------------------------------------------------------------------------------------


def _text(content: bytes) -> tuple[str, list[str]]:
    if len(content) > BYTES_MAX:
        raise BadFile(f"The file is larger than {BYTES_MAX // 1_000_000} MB.")
    notes: list[str] = []
    try:
        text = content.decode(_encoding(content))
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError:
            raise BadFile("This file isn't text. Export it as CSV and upload it again.") from None
        notes.append("The file isn't in UTF-8 and was read as Windows-1252. Check letters with accents.")
    if "\x00" in text or content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise BadFile("This file isn't CSV. In your keyword tool or spreadsheet, choose CSV as the format.")
    if not text.strip():
        raise BadFile("The file is empty.")
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes


def _encoding(content: bytes) -> str:
    """UTF-16 by its byte order mark, or by the zero bytes of plain letters where there is no mark; else UTF-8."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = content[:200]
    if len(content) % 2 == 0 and len(head) > 3:
        if head[1::2].count(0) > len(head) // 3:
            return "utf-16-le"
        if head[0::2].count(0) > len(head) // 3:
            return "utf-16-be"
    return "utf-8-sig"


def _below_separator_line(text: str) -> tuple[str, int, str]:
    """Spreadsheets may write `sep=;` above everything: the text below it, the line it begins on, the delimiter."""
    found = re.match(r'"?sep=(.)"?\n', text, re.IGNORECASE)
    return (text[found.end() :], 2, found[1]) if found else (text, 1, "")


# --- text to rows -----------------------------------------------------------------------------------------------------


def _rows(text: str, delimiter: str, first_line: int) -> Iterator[tuple[int, list[str]]]:
    """(line it begins on, cells) of every row that isn't empty. Raises BadFile for quotation marks that don't match."""
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    begins = first_line
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise BadFile(f"Line {begins}: a quotation mark is not closed, or something follows it.") from None
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = first_line + reader.line_num


def _table(text: str, first_line: int, named: str) -> tuple[Iterator[tuple[int, list[str]]], tuple[int, int]]:
    """The rows below the names of the columns, and where term and volume are in them. Raises BadFile."""
    wrong: BadFile | None = None
    terms_only: list[str] = []
    for delimiter in (named,) if named else _DELIMITERS:
        rows = _rows(text, delimiter, first_line)
        try:
            for _ in range(_HEADER_WITHIN):
                _, cells = next(rows, (0, []))
                found = _columns(cells)
                if found is not None and found[1] >= 0:
                    return rows, found
                if found is not None:
                    terms_only = terms_only or cells
        except BadFile as bad:
            wrong = wrong or bad
    if terms_only:
        seen = ", ".join(f"“{c.strip()[:30]}”" for c in terms_only[:8] if c.strip())
        raise BadFile(f"No column has the search volume. The columns are {seen}; name one of them “Search volume”.")
    raise wrong or BadFile(
        "The first lines don't name the columns. One has to be “Keyword” and one “Search volume”, as your keyword tool exports them."
    )


def _columns(cells: Sequence[str]) -> tuple[int, int] | None:
    """The places of term and volume among the names of columns; volume -1 when there is none. None for a line of other things."""
    plain = [_name(c) for c in cells]
    term = next((plain.index(name) for name in _TERM_NAMES if name in plain), -1)
    if term < 0:
        return None
    exact = [plain.index(name) for name in _VOLUME_NAMES if name in plain]
    loose = [
        n for n, name in enumerate(plain)
        if re.search(r"\b(search(es)?|volume|vol)\b", name) and not _NOT_A_COUNT.search(cells[n].casefold()) and n != term
    ]  # fmt: skip
    return term, next(iter([*exact, *loose]), -1)


def _name(cell: str) -> str:
    """The name of a column without brackets, marks and case: “Avg. Searches (US)” is “avg searches”."""
    text = re.sub(r"[(\[].*?[)\]]", " ", cell.casefold())
    return " ".join(re.sub(r"[^\w%]+|_", " ", text).split())


# --- numbers ----------------------------------------------------------------------------------------------------------


def _volume(cell: str, line: int) -> int:
    """A number of searches: `1,234`, `1.234`, `1 234`, `12.5K`, `< 20`, `1,000–2,000` (its middle). Raises BadFile."""
    text = re.sub(r"[\s\u00a0\u202f]+", " ", cell).strip().casefold()
    if text in _UNKNOWN:
        return 0
    below = text.startswith(("<", "under "))
    bare = re.sub(r"^(<|>|≤|≥|~|≈|under|over|about)\s*|\s*(\+|searches|/\s*mo(nth)?)$", "", text)
    ends = [_number(part) for part in re.split(r"\s*(?:–|—|\bto\b|(?<=[\dkm])\s*-\s*(?=\d))\s*", bare)]
    if not 1 <= len(ends) <= 2 or None in ends:
        raise BadFile(f"Line {line}: “{cell.strip()[:40]}” isn't a number of searches.")
    numbers = [n for n in ends if n is not None]
    value = sum(numbers) / len(numbers)
    return min(max(0, int(value) - (1 if below else 0)), 2**53)


def _number(text: str) -> float | None:
    """A number with separators of thousands in any of the usual ways; None for anything else."""
    found = re.fullmatch(r"(\d[\d.,' ’]*)\s*([km]?)", text)
    if not found:
        return None
    digits, scale = found[1].strip(), found[2]
    digits = re.sub(r"[' ’]", "", digits)
    if re.fullmatch(r"[1-9]\d{0,2}([.,]\d{3})+", digits) and not scale and len(set(re.findall(r"[.,]", digits))) == 1:
        return float(re.sub(r"[.,]", "", digits))
    # The last mark is the decimal one; others of the other kind part thousands.
    mark = max(digits.rfind("."), digits.rfind(","))
    if mark >= 0:
        whole, part = re.sub(r"[.,]", "", digits[:mark]), digits[mark + 1 :]
        if not part.isdecimal() or not re.fullmatch(r"\d+|\d{1,3}([.,]\d{3})+", digits[:mark]):
            return None
        digits = f"{whole}.{part}"
    return float(digits) * _SCALE[scale]
