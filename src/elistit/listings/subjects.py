"""What things are called in listings: words that name something to be seen, and which of them are kinds of which.

Data, and one question: whether a word names a thing that is among the things shown. Words that name nothing to be seen (cozy,
nursery, gift) are no claim and are not here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

# kind: members, separated by spaces; a member that is a kind itself brings its own members. Singular, lower case.
_FILE = Path(__file__).with_name("subjects.txt")
_SAME = {
    "bunny": "rabbit", "hare": "rabbit", "kitty": "kitten", "doe": "deer", "fawn": "deer", "stag": "deer", "buck": "deer",
    "toad": "frog", "floral": "flower", "botanical": "plant", "foliage": "leaf", "greenery": "leaf",
    "hippopotamus": "hippo", "rhinoceros": "rhino", "ladybird": "ladybug", "bumblebee": "bee", "honeybee": "bee", "woods": "forest",
    "piglet": "pig", "calf": "cow", "foal": "horse", "cub": "bear", "hatchling": "chick", "seashell": "shell", "bloom": "flower",
    "doggy": "dog", "doggo": "dog", "dino": "dinosaur", "cacti": "cactus",
    "leaves": "leaf", "wolves": "wolf", "geese": "goose", "mice": "mouse", "children": "child", "women": "woman", "men": "man",
    "sea": "ocean", "airplane": "plane", "bicycle": "bike",
}  # fmt: skip


def singular(word: str) -> str:
    """An English word without its plural ending, enough to see that “foxes” and “fox” are one word."""
    word = word.casefold()
    if word.endswith("'s"):
        word = word[:-2]
    if word in _SAME:
        return _SAME[word]
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("xes", "ches", "shes", "sses")):
        word = word[:-2]
    elif word.endswith("ves") and len(word) > 4:
        word = word[:-3] + "f"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-1]
    return _SAME.get(word, word)


@cache
def _kinds() -> dict[str, frozenset[str]]:
    """Every kind with all its members, members of members included."""
    direct = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        kind, _, members = line.partition(":")
        direct[_SAME.get(kind, kind)] = [_SAME.get(m, m) for m in members.split()]

    def all_of(kind: str, above: tuple[str, ...]) -> frozenset[str]:
        found = set(direct.get(kind, ()))
        for member in direct.get(kind, ()):
            if member not in above:
                found |= all_of(member, (*above, member))
        return frozenset(found)

    return {kind: all_of(kind, (kind,)) for kind in direct}


@cache
def _things() -> frozenset[str]:
    kinds = _kinds()
    return frozenset(t for t in {*kinds, *(m for members in kinds.values() for m in members)} if "_" not in t)


def is_thing(word: str) -> bool:
    """Whether a word names something that can be seen in an image, as far as is known here."""
    return singular(word) in _things()


def is_among(word: str, shown: Iterable[str]) -> bool:
    """Whether a thing is among the things shown: itself, or as a kind of one of them (“animal” where a fox is shown, “flower”
    where a rose is)."""
    thing, there = singular(word), {singular(s) for s in shown}
    if thing in there or there & _kinds().get(thing, frozenset()):
        return True
    # Woods are where woodland animals are; a set of planets shows space.
    homes = {"forest": "woodland_animal", "ocean": "sea_animal", "farm": "farm_animal", "safari": "safari_animal"}
    return bool(there & _kinds().get(homes.get(thing, ""), frozenset()))
