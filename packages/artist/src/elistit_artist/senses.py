"""What the words of an idea mean beside each other: a color or a flower, a style or a thing, whom it is for or who is asked for.

In place, after each word was looked up. Pure; it must never raise for what a seller may type.
"""

from __future__ import annotations

import itertools

from elistit_artist import lexicon, mediums, names
from elistit_artist import vocabulary as v
from elistit_artist.names import Meaning, Role
from elistit_artist.tokens import Token, holds, look_up


def settle(tokens: list[Token]) -> None:
    """Give words their meaning beside the others. In place."""
    _shared_first_words(tokens)
    _eaten(tokens)
    _media(tokens)
    _people(tokens)
    _portraits(tokens)
    _colors_or_things(tokens)


def _shared_first_words(tokens: list[Token]) -> None:
    """ "Cowboy boots and hat" are cowboy boots and a cowboy hat: a last word that names nothing by itself takes the first word of
    the name before "and". In place."""
    known = names.dictionary()
    for place in range(2, len(tokens)):
        before, joint, token = tokens[place - 2 : place + 1]
        name = [t for t in tokens if t.phrase == before.phrase >= 0 and t.role == Role.FIGURE]
        alone = sum(t.group == token.group and t.role != Role.JOINT for t in tokens) == 1
        if joint.word not in ("and", "or") or len(name) < 2 or not alone or token.role not in _NO_NAMES:
            continue
        meaning = look_up(known, [name[0].key, token.key])
        if meaning is not None and meaning.role == Role.FIGURE:
            token.role, token.meaning = meaning.role, meaning


_NO_NAMES = (Role.UNKNOWN, Role.ACTION, Role.SILENT)


_MEALS = lexicon.listed(
    "breakfast brunch bacon toast bread fried scrambled boiled poached omelet omelette food foods pancake pancakes sausage sausages milk flour recipe"
    " recipes baking dairy grocery groceries carton"
)


def _eaten(tokens: list[Token]) -> None:
    """Eggs beside bacon are eaten, and none is painted; an egg beside a bunny is. In place."""
    if not any(t.word in _MEALS for t in tokens):
        return
    for token in tokens:
        single = sum(t.phrase == token.phrase for t in tokens) == 1
        if token.role == Role.FIGURE and single and any(a.code == "easter_egg" for a in token.meaning.asks):
            token.role, token.meaning = Role.UNKNOWN, Meaning(Role.UNKNOWN)


# "Botanical drawing of ferns" is about ferns, and how they are drawn.
_MANNERS = lexicon.listed("botanical botanicals nature floral")
_WORKS = lexicon.listed("illustration illustrations drawing drawings print prints painting paintings art sketch study")


def _media(tokens: list[Token]) -> None:
    """Words that name a style where they stand for the thing name none; a drawing "of" something is about that. In place."""
    for place, token in enumerate(tokens):
        single = sum(t.phrase == token.phrase for t in tokens) == 1
        if token.role == Role.MEDIUM and single and mediums.is_thing(tokens, place):
            token.role, token.meaning = Role.UNKNOWN, Meaning(Role.UNKNOWN)
    for before, of in itertools.pairwise(tokens):
        if of.word == "of" and before.word in _WORKS and any(t.role == Role.FIGURE and t.lead == "of" for t in tokens):
            for token in tokens:
                if token.group == before.group and token.word in _MANNERS and token.role in (Role.THEME, Role.CATEGORY):
                    token.role = Role.SILENT


def _people(tokens: list[Token]) -> None:
    """A person beside a thing says whom it is for; alone in the first group it is who is asked for."""
    for group in {t.group for t in tokens}:
        mine = [t for t in tokens if t.group == group]
        if not mine or mine[0].lead in v.PURPOSE or any(t.content and t.word not in v.PEOPLE for t in mine):
            continue
        if any(t.content for t in tokens if t.group < group) or holds(tokens, mine[-1]):
            continue
        for token in mine:
            day = token.phrase >= 0 and sum(t.phrase == token.phrase for t in tokens) > 1
            if not day and lexicon.singular(token.key) in v.PEOPLE | {"woman", "man"}:
                token.role = Role.PERSON


# A word for how a person looks, or for an image of one: "black girl magic" and "woman portrait" ask for people.
_LOOKS = lexicon.listed(
    "black brown white asian african latina melanin curly afro blonde brunette redhead indian muslim"
)
_LIKENESS = lexicon.listed("portrait portraits face faces silhouette avatar")


def _portraits(tokens: list[Token]) -> None:
    """A person said to look some way, or whose portrait it is, is who is asked for. In place."""
    for place, token in enumerate(tokens):
        if lexicon.singular(token.key) not in v.PEOPLE | {"woman", "man"} or token.lead in v.PURPOSE:
            continue
        mine = [t for t in tokens if t.group == token.group]
        if any(t.role == Role.FIGURE for t in mine):
            continue
        looks = place and tokens[place - 1].group == token.group and tokens[place - 1].word in _LOOKS
        if looks or any(t.word in _LIKENESS for t in mine):
            token.role = Role.PERSON
            if looks:
                tokens[place - 1].role = Role.PERSON


_ARRANGED = lexicon.listed(
    "wreath bouquet garland field fields sprig sprigs bunch vase jar frame border corner swag tree branch"
)


def _colors_or_things(tokens: list[Token]) -> None:
    """ "Lavender" before a thing is its color, alone it is the flower. In place."""
    for place, token in enumerate(tokens):
        if token.role != Role.FIGURE or token.word not in names.color_words():
            continue
        if sum(t.phrase == token.phrase for t in tokens) > 1:
            continue
        after = [t for t in tokens[place + 1 :] if t.group == token.group and t.content]
        drawn = (Role.FIGURE, Role.THEME, Role.CATEGORY)
        if after and after[-1].role in drawn and not any(t.key in _ARRANGED for t in after):
            token.role, token.meaning = Role.COLOR, Meaning(Role.COLOR)
