"""Reading the list of a batch: ideas typed one on a line, or a CSV file as spreadsheets write them.

A line that cannot be read becomes a row with the reason and its line number, so that nothing of a list is lost. Pure: no
database, no clock. It must never guess a column: one that is not known is named and left out.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from elistit.projects.batch_models import ROWS_MAX
from elistit.projects.errors import InvalidSpec
from elistit.projects.products import CARD_WORDS, DESIGN_OPTIONS, PRODUCTS

Order = dict[str, Any]

BYTES_MAX = 2_000_000
CELL_MAX = 4_000
"""A longer cell is cut: no field of an order takes as much, and the order's own check says how much fits."""
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
DELIMITERS = (",", ";", "\t")
PLAIN = ("idea", "product", "count", "model", "ratio", "name", "mode", "shop", "brand_kit", "series")
ALIASES = {
    "product_type": "product",
    "type": "product",
    "style": "model",
    "images": "count",
    "number_of_images": "count",
    "project_name": "name",
    "shape": "ratio",
    "brand": "brand_kit",
    "kit": "brand_kit",
}
PRESETS = ("brand_kit", "series", "shop")
OF_THE_PRODUCT = ("count", "model", "ratio", "mode")
"""What a list's default says only about rows of its own product type."""


@dataclass(frozen=True)
class Given:
    """One row as it was given: the `line` it began on (from 1), its order, and what is wrong with the line itself."""

    line: int
    order: Order
    problems: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadList:
    """A list as it was read. `notes` are sentences about the list as a whole."""

    rows: tuple[Given, ...]
    notes: tuple[str, ...] = ()


def read_lines(text: str, defaults: Order | None = None) -> ReadList:
    """One idea a line; empty lines are skipped. Raises InvalidSpec for an empty list and one that is too long."""
    lines = enumerate(text.lstrip("\ufeff").splitlines(), start=1)
    rows = [Given(n, {"idea": line.strip()[:CELL_MAX]}) for n, line in lines if line.strip()]
    return _checked(rows, [], defaults)


def read_csv(content: bytes, defaults: Order | None = None) -> ReadList:
    """A CSV file whose first line names the columns: `idea` and any of product, count, model, ratio, name, mode, shop, brand_kit,
    series, the design options, and front and inside for cards.

    Commas, semicolons or tabs; quoted cells may hold line breaks; UTF-8 or UTF-16 (with a byte order mark), else Windows-1252.
    One column without a name is a list of ideas. Raises InvalidSpec for a file that is no list.
    """
    text, notes = _text(content)
    stated, text, first_line = _separator_line(text)
    delimiter = stated or _delimiter(text)
    records = [r for r in _records(text, delimiter, first_line) if any(c.strip() for c in r.cells) or r.problem]
    if not records:
        return _checked([], notes, defaults)
    names = [_column(cell) for cell in records[0].cells]
    if "idea" not in names:
        if any(names) or len(names) > 1:
            raise InvalidSpec({"list": "The first line has to name the columns, and one of them has to be “idea”."})
        return _checked([Given(r.line, {"idea": r.cells[0].strip()}, _broken(r)) for r in records], notes, defaults)
    repeated = {name for name in names if name and names.count(name) > 1}
    if repeated:
        raise InvalidSpec({"list": f"The column “{min(repeated)}” is there twice. Rename or delete one of them."})
    unknown = [
        cell.strip()[:40] for cell, name in zip(records[0].cells, names, strict=True) if not name and cell.strip()
    ]
    if unknown:
        notes.append(f"Columns that were left out because they aren't known: {', '.join(unknown)}.")
    return _checked([_row(record, names) for record in records[1:]], notes, defaults)


def with_defaults(order: Order, defaults: Order) -> Order:
    """An order with what it leaves open taken from the defaults of its list. Count, model, ratio and mode belong to a product
    type: they are taken only where the row is of the default one."""
    merged = {**order, "product": product_code(str(order.get("product") or defaults.get("product") or ""))}
    same = merged["product"] == product_code(str(defaults.get("product") or ""))
    for name in OF_THE_PRODUCT:
        if same and order.get(name) in (None, "") and defaults.get(name) not in (None, ""):
            merged[name] = defaults[name]
    for name in PRESETS:
        if not order.get(name) and defaults.get(name):
            merged[name] = defaults[name]
    options = {**(defaults.get("options") or {}), **(order.get("options") or {})}
    return {**merged, "options": options} if options else merged


def product_code(words: str) -> str:
    """The code of a product type from its code or name, in any case; what is not known stays as it is."""
    folded = re.sub(r"[\s_-]+", " ", words.strip().casefold())
    for code, kind in PRODUCTS.items():
        known = (code.value.replace("_", " "), kind.name.casefold())
        if folded in known or folded.removesuffix("s") in known:
            return code.value
    return words.strip()[:CELL_MAX]


def _checked(rows: list[Given], notes: list[str], defaults: Order | None) -> ReadList:
    if not rows:
        raise InvalidSpec({"list": "This list has no ideas. Add at least one."})
    if len(rows) > ROWS_MAX:
        raise InvalidSpec(
            {
                "list": f"This list has {len(rows):,} rows; a batch has at most {ROWS_MAX}. Split it into several batches."
            }
        )
    merged = (Given(r.line, with_defaults(r.order, defaults or {}), r.problems) for r in rows)
    return ReadList(tuple(merged), tuple(notes))


# ---- bytes to text ----------------------------------------------------------------------------------------------------


def _text(content: bytes) -> tuple[str, list[str]]:
    if len(content) > BYTES_MAX:
        raise InvalidSpec({"list": f"The file is larger than {BYTES_MAX // 1_000_000} MB."})
    notes: list[str] = []
    try:
        text = content.decode("utf-16" if content.startswith(UTF16) else "utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError:
            raise InvalidSpec({"list": "This file isn't text. Save it as CSV in UTF-8 and upload it again."}) from None
        notes.append("The file isn't in UTF-8 and was read as Windows-1252. Check letters with accents.")
    if "\x00" in text:
        raise InvalidSpec({"list": "This file isn't text. Save it as CSV in UTF-8 and upload it again."})
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes


def _separator_line(text: str) -> tuple[str, str, int]:
    """Spreadsheets may write `sep=;` above the names: the delimiter, the text below it, and the line that begins at."""
    found = re.match(r'"?sep=(.)"?\n', text, re.IGNORECASE)
    return (found[1], text[found.end() :], 2) if found else ("", text, 1)


def _delimiter(text: str) -> str:
    """The delimiter that makes the most of the first line's cells names we know; a comma when none does."""

    def known(delimiter: str) -> int:
        first = next(_records(text, delimiter, 1), None)
        return sum(bool(_column(cell)) for cell in first.cells) if first else 0

    return max(DELIMITERS, key=known)  # the first of equals


# ---- text to records --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Record:
    line: int
    cells: tuple[str, ...]
    problem: str = ""


def _records(text: str, delimiter: str, line: int) -> Iterator[_Record]:
    """The records of RFC 4180. A line whose quotation marks don't match is a separate record with its text in one cell, so
    that it takes no line after it along."""
    at = 0
    while at < len(text):
        read = _record(text, at, delimiter)
        if read is None:
            end = _end_of_line(text, at)
            yield _Record(line, (text[at:end],), "A quotation mark on this line is never closed.")
        else:
            cells, end = read
            yield _Record(line, tuple(cell[:CELL_MAX] for cell in cells))
        line += text.count("\n", at, end) + 1
        at = end + 1


def _record(text: str, at: int, delimiter: str) -> tuple[list[str], int] | None:
    """The cells of the record that begins at a place, and where its line ends. None when a quoted cell does not end where a
    cell may."""
    cells: list[str] = []
    while True:
        if text.startswith('"', at):
            quoted = _quoted(text, at + 1)
            if quoted is None:
                return None
            cell, at = quoted
            if text[at : at + 1] not in ("", "\n", delimiter):
                return None
        else:
            ends = [n for n in (text.find(delimiter, at), text.find("\n", at)) if n >= 0]
            end = min(ends, default=len(text))
            cell, at = text[at:end], end
        cells.append(cell)
        if text[at : at + 1] != delimiter:
            return cells, at
        at += 1


def _quoted(text: str, at: int) -> tuple[str, int] | None:
    """A quoted cell from after its opening mark: its text, and the place after the closing one."""
    parts: list[str] = []
    while (end := text.find('"', at)) >= 0:
        parts.append(text[at:end])
        if not text.startswith('""', end):
            return "".join(parts), end + 1
        parts.append('"')
        at = end + 2
    return None


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


# ---- records to rows --------------------------------------------------------------------------------------------------


def _column(cell: str) -> str:
    """The field a column's name stands for; empty when it is not known."""
    name = re.sub(r"[\s-]+", "_", cell.strip().casefold())
    name = ALIASES.get(name, name)
    short = re.sub(r"^(options|words)\.", "", name)
    if name in PLAIN or short in DESIGN_OPTIONS or short in CARD_WORDS:
        return short
    labels = {label.casefold(): code for code, label in DESIGN_OPTIONS.items()}
    return labels.get(cell.strip().casefold(), "")


def _row(record: _Record, names: list[str]) -> Given:
    if record.problem:
        return Given(record.line, {"idea": record.cells[0].strip()}, _broken(record))
    order: Order = {}
    for name, cell in zip(names, record.cells, strict=False):
        _put(order, name, cell.strip())
    beyond = [cell.strip() for cell in record.cells[len(names) :] if cell.strip()]
    if not beyond:
        return Given(record.line, order)
    words = (
        f"This line has {len(record.cells)} cells and the first line {len(names)}. Put text that contains the separator in "
        f"quotation marks. Left over: {', '.join(beyond)[:300]}"
    )
    return Given(record.line, order, {"line": words})


def _put(order: Order, name: str, text: str) -> None:
    if not text or not name:
        return
    if name in DESIGN_OPTIONS:
        order.setdefault("options", {})[name] = text
    elif name in CARD_WORDS:
        order.setdefault("words", {})[name] = text
    else:
        order[name] = text


def _broken(record: _Record) -> dict[str, str]:
    return {"line": record.problem} if record.problem else {}


def columns() -> Iterable[str]:
    """Every column a file may have, in the order a template names them."""
    return (*PLAIN, *DESIGN_OPTIONS, *CARD_WORDS)
