"""Reading the list of a batch: what spreadsheets write is read, what is wrong is said by line, and nothing is lost."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elistit.projects.batch_list import columns, read_csv, read_lines
from elistit.projects.errors import InvalidSpec

IDEAS = ["woodland animals", "sea creatures"]


def ideas(content: bytes) -> list[str]:
    return [row.order["idea"] for row in read_csv(content).rows]


def test_pasted_ideas_are_one_on_a_line_and_keep_their_line_numbers() -> None:
    read = read_lines("\ufeffwoodland animals\r\n\r\n  sea creatures  \n", {"product": "clipart", "count": 20})
    assert [(r.line, r.order) for r in read.rows] == [
        (1, {"idea": "woodland animals", "product": "clipart", "count": 20}),
        (3, {"idea": "sea creatures", "product": "clipart", "count": 20}),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_dialect_a_spreadsheet_writes_is_read(delimiter: str, encoding: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["Idea", "Product", "Count", "Style", "Mood", "Name"])
    writer.writerow(['foxes, owls; "deer"\tand\ncafé', "Wall art", "1", "builtin/ink", "calm", "Füchse"])
    read = read_csv(out.getvalue().encode(encoding))
    assert [r.order for r in read.rows] == [
        {
            "idea": 'foxes, owls; "deer"\tand\ncafé', "product": "wall_art", "count": "1", "model": "builtin/ink",
            "options": {"mood": "calm"}, "name": "Füchse",
        }
    ]  # fmt: skip


def test_a_line_break_in_a_cell_keeps_the_count_of_lines() -> None:
    read = read_csv(b'idea,count\r\n"woodland\r\nanimals",15\r\nsea creatures,16\r\n')
    assert [(r.line, r.order["idea"]) for r in read.rows] == [(2, "woodland\nanimals"), (4, "sea creatures")]


def test_a_separator_line_above_the_names_is_obeyed() -> None:
    read = read_csv(b"sep=;\nidea;count\nfoxes, owls;15\n")
    assert [(r.line, r.order) for r in read.rows] == [(3, {"idea": "foxes, owls", "count": "15", "product": ""})]


@pytest.mark.parametrize("bad", [b'"never closed,15', b'"closed" too early,15', b'"5" frame",15'])
def test_a_line_with_unmatched_quotation_marks_takes_no_other_line_along(bad: bytes) -> None:
    read = read_csv(b"idea,count\nfoxes,15\n" + bad + b'\nowls,16\n"deer",17\n')
    assert [r.line for r in read.rows] == [2, 3, 4, 5]
    assert [bool(r.problems) for r in read.rows] == [False, True, False, False]
    assert read.rows[1].order["idea"] == bad.decode() and "quotation mark" in read.rows[1].problems["line"]
    assert [r.order["idea"] for r in read.rows[2:]] == ["owls", "deer"]


def test_cells_beyond_the_columns_are_named_and_the_row_is_kept() -> None:
    row = read_csv(b"idea,count\nfoxes, owls and deer,15\n").rows[0]
    assert row.order["idea"] == "foxes" and row.line == 2
    assert "3 cells" in row.problems["line"] and row.problems["line"].endswith("Left over: 15")


def test_columns_nobody_knows_are_named_and_left_out() -> None:
    read = read_csv(b"idea,colour scheme,count\nfoxes,red,15\n")
    assert read.notes == ("Columns that were left out because they aren't known: colour scheme.",)
    assert read.rows[0].order == {"idea": "foxes", "count": "15", "product": ""}


def test_a_column_of_ideas_needs_no_name() -> None:
    assert ideas(b"woodland animals\nsea creatures\n") == IDEAS


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no idea"),
        (b"idea,count\n\n,\n", "no idea"),
        (b"product,count\nclipart,15\n", "has to be “idea”"),
        (b"foxes,owls\ndeer,hares\n", "has to be “idea”"),
        (b"idea,idea\na,b\n", "is there twice"),
        (b"idea\n" + b"fox\n" * 201, "201 rows; a batch has at most 200"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x81", "isn't text"),
        (b"idea\nfox\x00\n", "isn't text"),
        (b"x" * 2_000_001, "larger than 2 MB"),
    ],
)
def test_what_is_no_list_is_refused_with_the_reason(content: bytes, words: str) -> None:
    with pytest.raises(InvalidSpec) as refused:
        read_csv(content)
    assert words in refused.value.errors["list"]


def test_windows_1252_is_read_and_said() -> None:
    read = read_csv("idea\ncafé".encode("cp1252"))
    assert read.rows[0].order["idea"] == "café" and "Windows-1252" in read.notes[0]


def test_defaults_fill_what_a_row_leaves_open_and_fit_its_product() -> None:
    content = b"idea,product,count,mood\nfoxes,,,\nsun,poster,,\nowls,Clipart,20,bright\n"
    defaults = {"product": "clipart", "count": 15, "model": "builtin/ink", "options": {"mood": "calm"}}
    first, poster, own = [r.order for r in read_csv(content, defaults).rows]
    assert (first["product"], first["count"], first["model"]) == ("clipart", 15, "builtin/ink")
    assert poster["product"] == "poster" and "count" not in poster and "model" not in poster
    assert (own["count"], own["options"]) == ("20", {"mood": "bright"}) and first["options"] == {"mood": "calm"}


cell = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n",;\t'), max_size=30)


@given(st.lists(cell.filter(lambda text: text.strip()), min_size=1, max_size=8), st.sampled_from([",", ";", "\t"]))
def test_whatever_a_csv_writer_writes_is_read_back(texts: list[str], delimiter: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([["idea", "name"], *([text, "n"] for text in texts)])
    read = read_csv(out.getvalue().encode())
    assert [r.order["idea"] for r in read.rows] == [text.strip() for text in texts]
    assert not any(r.problems for r in read.rows)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        read = read_csv(b"idea,count\n" + content)
    except InvalidSpec:
        return
    assert 1 <= len(read.rows) <= 200 and all(row.line >= 2 for row in read.rows)


def test_every_column_of_the_template_is_known() -> None:
    header = ",".join(columns())
    read = read_csv(f"{header}\n{','.join('x' for _ in columns())}\n".encode())
    assert not read.notes and not read.rows[0].problems
