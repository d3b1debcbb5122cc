"""Names, messages and file names, against what Windows and macOS refuse and Unicode's own tables."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from elistit import names

# By Microsoft's own list ("Naming Files, Paths, and Namespaces").
DEVICES = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in "0123456789¹²³")}
FORBIDDEN = set('<>:"/\\|?*') | {chr(c) for c in range(32)}
HIDDEN = "\u200b\u200c\u200d\u200e\u202e\u2066\u2060\ufeff\u00ad\u061c\u180e\u3164\u2800"
ANYTHING = st.text(max_size=140) | st.lists(
    st.sampled_from(
        [*HIDDEN, "e\u0301", "👩‍👩‍👧", "🇩🇪", "❤️", "क्षि", "ß", "ł", "猫", " ", ".", "\r\n", "con", "A", "/", ":"]
    ),
    max_size=40,
).map("".join)


def ok_on_windows(name: str) -> bool:
    stem = name.split(".")[0].rstrip().casefold()
    return (
        bool(name) and not set(name) & FORBIDDEN and name[-1] not in " ." and name[0] != " " and stem not in DEVICES
        and len(name.encode("utf-16-le")) // 2 <= 255 and len(name.encode()) <= 255
    )  # fmt: skip


@given(ANYTHING)
@example("con")
@example("CON .txt")
@example("lpt¹")
@example("nul.tar.gz")
@settings(max_examples=300)
def test_every_file_and_folder_name_is_one_windows_and_macos_take(text: str) -> None:
    for name in (names.slug(text, "clipart-abc123"), names.file_name(text), names.shown_name(text)):
        assert ok_on_windows(name), ascii(name)
        assert unicodedata.normalize("NFC", name) == name
        assert not any(unicodedata.category(c) in ("Cf", "Cc", "Cs") for c in name), ascii(name)
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", names.slug(text, "x"))
    assert re.fullmatch(r"[A-Za-z0-9._ -]+", names.file_name(text))


@given(ANYTHING)
@example("0\u061c\u200c")
@example("\u180b\u200d\u182e\u200c")
@example(".\u200d\u180b0")
@example("\u0645\u061c\u200c\u200b\u062e")
@settings(max_examples=300)
def test_what_is_made_fit_once_stays_as_it_is(text: str) -> None:
    for rule in (names.one_line, names.message, names.file_name, names.shown_name):
        assert rule(rule(text)) == rule(text), (rule.__name__, ascii(text))


@given(ANYTHING)
@settings(max_examples=300)
def test_a_line_has_nothing_hidden_and_is_empty_when_nothing_can_be_seen(text: str) -> None:
    line = names.one_line(text)
    assert not any(unicodedata.category(c) in ("Cf", "Cc", "Zl", "Zp") for c in line), ascii(line)
    assert "  " not in line and line == line.strip()
    assert not line or any(unicodedata.category(c)[0] in "LNPS" for c in line)


@given(ANYTHING, st.integers(0, 30))
@settings(max_examples=300)
def test_no_character_is_cut_in_two(text: str, longest: int) -> None:
    short = names.cut(text, longest)
    assert len(short) <= longest
    assert names.clusters(text)[: len(names.clusters(short))] == names.clusters(short)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Łódź świąteczna", "lodz-swiateczna"), ("Straße & Größe", "strasse-grosse"), ("Smørrebrød", "smorrebrod"),
        ("Ночной лес", "nochnoy-les"), ("猫と花", "maotohua"), ("Con", "con-file"), ("Mother’s Day", "mothers-day"),
        ("🐱", "cat"), ("\u200b", "wall-art-x1"), ("…", "wall-art-x1"),
    ],
)  # fmt: skip
def test_letters_of_any_alphabet_become_plain_ones(title: str, slug: str) -> None:
    assert names.slug(title, "wall_art-x1") == slug


def test_two_titles_without_a_plain_letter_are_told_apart_by_what_is_given_instead() -> None:
    assert names.slug("ᠮ\u200b"[1:], "clipart-AB12CD") == "clipart-ab12cd"
    assert names.slug("", "con") == "con-file"
    assert names.slug("", "") == "file"


@pytest.mark.parametrize(
    "text", ["\u200b\u200b\u2060", "\u3164", "\u2800\u2800", "\u202e \u2066", "\u0301", "\x00\x07", "\u00ad"]
)
def test_text_of_invisible_characters_is_empty(text: str) -> None:
    assert names.one_line(text) == names.message(text) == ""


def test_direction_marks_go_and_the_words_stay() -> None:
    assert names.one_line("\u202egnp.exe") == "gnp.exe"
    assert names.message("a\u202eb\u2066c") == "abc"


def test_a_message_keeps_its_line_breaks_and_nothing_around_them() -> None:
    assert names.message("  Roses are red \r\nViolets are blue\r\r\n \nLove,\u2028Ann\n\n") == (
        "Roses are red\nViolets are blue\n\n\nLove,\nAnn"
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"), ("می\u200cخواهم", "می\u200cخواهم"), ("क्\u200dष", "क्\u200dष"),
        ("ශ්\u200dරී", "ශ්\u200dරී"), ("a\u200db\u200cc", "abc"), ("❤\ufe0f", "❤\ufe0f"), ("\ufe0fx", "x"),
        ("0\u061c\u200c", "0"), ("می\u200c\u200bخواهم", "می\u200cخواهم"), ("👩\u200d\u2060👧", "👩\u200d👧"),
        ("👍\U0001f3fd\u200d", "👍\U0001f3fd"),
    ],
)  # fmt: skip
def test_a_message_keeps_the_joiners_its_script_is_spelled_with(text: str, kept: str) -> None:
    assert names.message(text) == kept
    assert "\u200d" not in names.one_line(text) and "\u200c" not in names.one_line(text)


def test_repeated_names_get_a_number_before_their_ending() -> None:
    assert names.unlike(["A.png", "a.png", "a-2.png", "A.PNG"]) == ["A.png", "a-2.png", "a-2-2.png", "A-3.PNG"]
    made = names.unlike(["x" * 80 + ".png"] * 12)
    assert len({n.casefold() for n in made}) == 12


def test_words_are_not_cut_where_there_is_a_space() -> None:
    assert names.cut_at_word("a red fox jumps", 8) == "a red"
    assert names.cut_at_word("a red fox jumps", 9) == "a red fox"
    assert names.cut_at_word("aaaaaaaaaa", 4) == "aaaa"
    assert names.cut_at_word("whole", 60) == "whole"
