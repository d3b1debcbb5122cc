"""Protected names are found as whole words in any writing, everyday words are left alone, and the operator adds their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elistit.listings import trademarks
from elistit.listings.phrases import PRODUCT_WORDS, THEME_TAGS
from elistit.listings.trademarks import find

NAMES = trademarks.read(trademarks.BUNDLED)


def names(*texts: str) -> list[str]:
    return [f.name for f in find(texts)]


@pytest.mark.parametrize("entry", NAMES, ids=lambda n: n.name)
def test_every_name_of_the_list_is_found_in_a_sentence(entry: trademarks.Name) -> None:
    beside = entry.needs[0] if entry.needs else "party"
    [found] = [f for f in find([f"Cute {entry.name} and {beside} clipart"]) if f.category == entry.category][:1]
    assert found.reason == entry.reason and found.name in found.words


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("MICKEY MOUSE ears", "Mickey Mouse"), ("mickey-mouse", "Mickey Mouse"), ("mickeymouse", "Mickey Mouse"),
        ("a POKÉMON party", "Pokemon"), ("Pokemons", "Pokemon"), ("Barbie’s house", "Barbie"), ("legos", "Lego"),
        ("beyonce poster", "Beyoncé"), ("spiderman", "Spider-Man"), ("SPIDER_MAN", "Spider-Man"), ("Ｄｉｓｎｅｙ", "Disney"),
        ("Dis\u200bney", "Disney"), ("dr seuss", "Dr. Seuss"), ("Grinches", "Grinch"), ("Hogwarts' halls", "Hogwarts"),
        ("frozen elsa cake", "Elsa"), ("Dunkin'", "Dunkin"),
    ],
)  # fmt: skip
def test_however_it_is_written(text: str, name: str) -> None:
    assert name in names(text)


@pytest.mark.parametrize(
    "text",
    ["woodland animals", "a frozen lake", "apple tree", "queen bee", "marvelous marbles", "rebarbies", "a big bird in a nest",
     "foxes living among us", "hulking bears", "corona of the sun", "mickey, mouse", "target practice", "the office plant",
     "peanuts and almonds", "caterpillar and butterfly", "jordan almonds", "a drake on the pond", "trolls under the bridge",
     "beetles", "hermes", "little mermaids", "", "🦊"],
)  # fmt: skip
def test_everyday_words_are_no_names(text: str) -> None:
    assert names(text) == []


def test_our_own_words_hold_none() -> None:
    ours = [
        *(t for w in PRODUCT_WORDS.values() for t in (*w.tags, *w.title_phrases, w.use)),
        *(t for v in THEME_TAGS.values() for t in v),
    ]
    assert names(*ours) == []


def test_a_name_inside_a_longer_one_is_said_once() -> None:
    assert names("a day at Disney World, Disney style") == ["Disney World"]


def test_names_do_not_run_over_from_one_text_to_the_next() -> None:
    assert names("a cute mickey", "mouse in a cup") == []


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([n for n in NAMES if not n.needs]), st.text("abcxyzé", min_size=1, max_size=5))
def test_a_name_inside_another_word_is_none(entry: trademarks.Name, letters: str) -> None:
    glued = f"{letters}{''.join(c for c in entry.name if c.isalnum())}{letters}"
    assert entry.name not in names(glued)


def test_the_operators_own_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "mine.txt"
    own.write_text("# ours\nGrumpy Otter Co\nbrand | a brand we were warned about | Zanzi, Wombo (only with: hat)\n")
    monkeypatch.setenv(trademarks.SETTING, str(own))
    found = find(["Zanzi's grumpy otter co stickers, wombo"])
    assert [(f.name, f.category) for f in found] == [("Grumpy Otter Co", "own"), ("Zanzi", "brand")]
    assert names("wombo hat") == ["Wombo"] and names("Disney") == ["Disney"]


@pytest.mark.parametrize("text", ["a | b", "brand | | x", "brand | reason | (only with: x)", "!!!"])
def test_a_list_that_is_wrong_is_named_with_its_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.txt"
    path.write_text(f"fine\n{text}\n")
    with pytest.raises(trademarks.BadList, match="line 2"):
        trademarks.read(path, own=True)


def test_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(trademarks.BadList, match="cannot be read"):
        trademarks.read(tmp_path / "none.txt", own=True)
