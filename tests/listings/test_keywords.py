"""Keyword files as the tools and spreadsheets write them, and which of the terms a listing may use."""

from __future__ import annotations

import pytest

from elistit.accounts.models import User
from elistit.listings import keyword_list, keywords, product_facts, ranking, rules, truth, writer
from elistit.listings.keywords import BadFile, Keyword
from elistit.listings.models import SellerKeyword

ERANK = (
    '"Keyword","Average Searches","Average Clicks","Average CTR","Etsy Competition","Google Searches"\n'
    '"fox clipart","1,234","980","79%","45,678","12,100"\n"woodland animals","< 20","-","0%","1,000","Unknown"\n'
)
MARMALEAD = "Keyword;Search;Engagement;Competition\nfox clipart;1.234;12,5 %;45.678\nforest fox;890;3 %;120\n"
EVERBEE = "Keyword\tSearch Volume\tCompetition\tKeyword Score\nfox clipart\t1.2K\t10K\t77\nfox png\t12.5k\t3\t9\n"
SAMURAI = (
    "Sale Samurai keyword report\nGenerated 2026-11-20\n\nSearch Term,Searches,Competition\nfox clipart,1 234,88\n"
)


def terms(content: bytes | str) -> list[tuple[str, int]]:
    raw = content.encode() if isinstance(content, str) else content
    return [(k.term, k.volume) for k in keywords.read(raw).keywords]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (ERANK, [("fox clipart", 1234), ("woodland animals", 19)]),
        (MARMALEAD, [("fox clipart", 1234), ("forest fox", 890)]),
        (EVERBEE, [("fox png", 12500), ("fox clipart", 1200)]),
        (SAMURAI, [("fox clipart", 1234)]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_tool_in_every_encoding(file: str, expected: list[tuple[str, int]], encoding: str, ending: str) -> None:
    assert terms(file.replace("\n", ending).encode(encoding)) == expected


@pytest.mark.parametrize(
    ("cell", "volume"),
    [
        ("1234", 1234), ("1,234", 1234), ("1.234", 1234), ("1 234", 1234), ("1\u202f234", 1234), ("1'234", 1234),
        ("1,234,567", 1234567), ("1.234.567", 1234567), ("1,234.56", 1234), ("1.234,56", 1234), ("12.5", 12), ("0.5", 0),
        ("12.5K", 12500), ("1,2k", 1200), ("2M", 2000000), ("< 20", 19), ("<20", 19), (">10,000", 10000), ("10,001+", 10001),
        ("1,000–2,000", 1500), ("1000 - 2000", 1500), ("100 to 200", 150), ("10K-20K", 15000), ("Unknown", 0), ("-", 0), ("", 0),
        ("N/A", 0), ("~500", 500), ("500 searches", 500), ("0", 0),
    ],
)  # fmt: skip
def test_numbers_as_they_are_written(cell: str, volume: int) -> None:
    assert terms(f'keyword;volume\nfox;"{cell}"\n') == [("fox", volume)]


@pytest.mark.parametrize("cell", ["12%", "many", "1,23,4", "-5", "1e5", "1..2", "12 apples", "=1+1", "1-2-3", "٣٤x"])
def test_what_is_no_number_is_named_with_its_line(cell: str) -> None:
    with pytest.raises(BadFile, match=r"Line 3: “.*” isn't a number of searches"):
        keywords.read(f'keyword;volume\nowl;5\nfox;"{cell}"\n'.encode())


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", "empty"), (b"  \n \n", "empty"), (b"PK\x03\x04xlsx", "isn't CSV"), (b"\x00\x01\x02\x00\xff\xfe\x00", "isn't"),
        (b"fox,12\nowl,5\n", "don't name the columns"), (b"Keyword,Competition\nfox,5\n", "No column has the search volume"),
        (b"Keyword,Google Searches\nfox,5\n", "No column has the search volume"),
        (b"Keyword,Volume\n", "no keyword below"), (b'Keyword,Volume\nowl,1\n"fox,5\nx,1\n', "Line 3: a quotation mark"),
        (b"Keyword,Volume\nowl,1\nfox\n", "Line 3 ends before its search volume"),
        (b"Keyword,Volume\n" + b"x" * 101 + b",1\n", "Line 2: the keyword has 101 characters"),
        (b"Keyword,Volume\n" + b"a,1\n" * 10_001, "more than 10,000 rows"), (b"x" * 2_000_001, "larger than 2 MB"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_why(file: bytes, words: str) -> None:
    with pytest.raises(BadFile, match=words):
        keywords.read(file)


def test_lines_are_counted_as_the_seller_sees_them() -> None:
    with pytest.raises(BadFile, match="Line 6:"):
        keywords.read(b'Report\n\nKeyword,Volume\n"two\nlines",5\nfox,nonsense\n')


def test_repeats_empty_terms_and_other_bytes_are_noted() -> None:
    found = keywords.read("Keyword,Volume\nFox,5\nfox,9\n,3\nowl’s,1\n".encode("cp1252"))
    assert [(k.term, k.volume) for k in found.keywords] == [("Fox", 9), ("owl’s", 1)]
    assert len(found.notes) == 3 and "Windows-1252" in found.notes[0]


def test_a_semicolon_file_with_commas_in_its_cells_is_read_by_semicolons() -> None:
    assert terms("sep=;\nKeyword;Volume\nfox, red;1,5\n") == [("fox, red", 1)]
    assert terms("Keyword;Volume\nfox, red;1.500\n") == [("fox, red", 1500)]


# --- kept for one seller ------------------------------------------------------------------------------------------------


def test_keywords_are_kept_per_seller_and_renewed(db: None) -> None:
    alice, bob = User.objects.create_user("a@example.com"), User.objects.create_user("b@example.com")
    first = keyword_list.add_file(alice, ERANK.encode())
    assert (first.added, first.updated) == (2, 0)
    again = keyword_list.add_file(alice, b"keyword,volume\nFOX clipart,5000\nowl,1\n")
    assert (again.added, again.updated) == (1, 1)
    assert keyword_list.of(alice.pk) == [
        Keyword("FOX clipart", 5000), Keyword("woodland animals", 19), Keyword("owl", 1),
    ]  # fmt: skip
    assert keyword_list.of(bob.pk) == [] and keyword_list.clear(bob) == 0
    with pytest.raises(BadFile):
        keyword_list.add_file(alice, b"keyword,volume\nnew,1\nbad,x\n")
    assert keyword_list.count(alice.pk) == 3
    assert keyword_list.clear(alice) == 3 and not SellerKeyword.objects.exists()


def test_there_is_an_end_to_how_many_are_kept(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = User.objects.create_user("a@example.com")
    monkeypatch.setattr(keyword_list, "KEPT_MAX", 3)
    keyword_list.add_file(alice, ERANK.encode())
    with pytest.raises(BadFile, match="You can keep 3"):
        keyword_list.add_file(alice, b"keyword,volume\na,1\nb,1\n")
    assert keyword_list.count(alice.pk) == 2
    keyword_list.add_file(alice, ERANK.encode())


# --- used where they are true -------------------------------------------------------------------------------------------

FACTS = truth.Facts(
    count=15, files=frozenset({15, 1}), pixels=frozenset({(4096, 4096)}), dpi=frozenset({300}), formats=frozenset({"PNG"}),
    transparent=True, shown=("red fox in a scarf, watercolor", "barn owl on a branch, watercolor"), colors=frozenset({"red"}),
)  # fmt: skip
TERMS = [
    ("christmas svg", 90_000), ("dinosaur clipart", 80_000), ("taylor mug wrap", 70_000), ("fox clipart", 9_000),
    ("watercolor owl", 8_000), ("20 png bundle", 7_000), ("animal clipart", 6_000), ("blue fox", 5_000), ("fox clip art", 4_000),
    ("owl branch png", 3_000), ("of the", 2_000), ("fox scarf", 1_000), ("seamless fox", 900), ("mother's day fox", 800),
]  # fmt: skip


def source(*given: tuple[str, int]) -> product_facts.WriterInput:
    return product_facts.WriterInput(
        product="clipart", theme="woodland animals", style="watercolor", subjects=["red fox", "barn owl"], count=15,
        width_px=4096, height_px=4096, transparent=True, keywords=[Keyword(*k) for k in given],
    )  # fmt: skip


def test_only_terms_true_of_what_was_drawn_are_used_the_most_searched_first() -> None:
    used = [k.term for k in writer.true_keywords(source(*TERMS), FACTS)]
    assert used == [
        "fox clipart", "watercolor owl", "animal clipart", "fox clip art", "owl branch png", "fox scarf",
    ]  # fmt: skip
    text = writer.write(source(*TERMS), FACTS)
    assert text.tags[:3] == ["fox clipart", "watercolor owl", "animal clipart"]
    assert len(text.tags) == len({writer.tag_key(t) for t in text.tags}) == rules.TAGS_MAX
    assert "Scarf" in text.title or "Branch" in text.title
    said = " ".join([text.title, *text.tags]).casefold()
    for word in ("christmas", "dinosaur", "mug", "blue", "seamless", "mother", "svg", "20"):
        assert word not in said.split(), word
    assert any("“fox clipart” (9,000)" in note for note in text.notes)


def test_terms_that_are_all_false_change_nothing_but_are_said() -> None:
    plain, with_them = writer.write(source(), FACTS), writer.write(source(("dinosaur mug", 99), ("car svg", 98)), FACTS)
    assert (plain.title, plain.tags, plain.description) == (with_them.title, with_them.tags, with_them.description)
    assert "None of your 2 keywords" in " ".join(with_them.notes) and "keywords" not in " ".join(plain.notes)


def test_odd_terms_never_break_a_listing() -> None:
    odd = [
        "🦊🦊",
        "fox" * 30,
        "-fox",
        "fox & owl",
        "FOX!!!",
        "लोमड़ी",
        "'",
        "fox 'n' owl",
        "a" * 100,
        "red fox in a scarf on a branch with owl",
    ]
    text = writer.write(source(*((term, 100 - n) for n, term in enumerate(odd))), FACTS)
    assert rules.check(text.title, text.tags, text.description, text.price_cents, currency=text.currency) == []


def test_what_a_title_covers() -> None:
    given = [Keyword("fox clipart", 5), Keyword("owl png", 4), Keyword("foxes", 3)]
    assert [k.term for k in ranking.covered(given, ["Red Fox Clipart, 15 PNGs"])] == ["fox clipart", "foxes"]
