"""The place a travel poster is of: its name, from the idea's own words, and which scene fits it.

Pure. It must never letter a word that isn't in the idea, nor take a thing that is drawn ("a cat travel poster") for a place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from elistit_artist import lexicon
from elistit_artist.vocabulary import pairs

# Places whose landscape is well known → the kind of scene.
_KNOWN = pairs(
    """
    mountains: yosemite|yellowstone|glacier|grand teton|teton|tetons|rocky mountain|rocky mountains|rockies|colorado|aspen|banff|jasper|alps
    mountains: swiss alps
    mountains: switzerland|austria|patagonia|himalaya|nepal|everest|mount rainier|rainier|mount hood|denali|dolomites|chamonix|zermatt|montana|alberta
    mountains: lake tahoe|tahoe|andes|peru|bavaria|tyrol|utah mountains|smoky mountains|great smoky mountains|blue ridge|appalachia|norway|wyoming
    desert: grand canyon|zion|arches|bryce canyon|canyonlands|moab|arizona|sedona|joshua tree|death valley|monument valley|palm springs|santa fe
    desert: new mexico|nevada|sahara|morocco|petra|jordan|egypt|big bend|saguaro|tucson|badlands|utah|las vegas|namibia
    forest: redwood|redwoods|sequoia|muir woods|olympic|black forest|sherwood|adirondacks|adirondack|vermont|maine woods|finland|oregon
    sea: maine|acadia|cape cod|big sur|cornwall|brittany|amalfi|amalfi coast|positano|santorini|greece|nantucket|monterey|nova scotia|portugal|algarve
    sea: cinque terre|capri|sicily|croatia|dubrovnik|newport|outer banks|martha's vineyard|pacific coast|sardinia|corsica|malta
    beach: hawaii|maui|oahu|kauai|waikiki|honolulu|miami|florida|bali|caribbean|jamaica|bahamas|barbados|tahiti|fiji|maldives|cancun|tulum|key west
    beach: malibu|california|san diego|santa monica|venice beach|cuba|puerto rico|phuket|thailand|bondi|bora bora|seychelles|mauritius
    city: new york|new york city|nyc|manhattan|brooklyn|chicago|boston|london|tokyo|berlin|san francisco|seattle|toronto|sydney|hong kong|singapore
    city: los angeles|philadelphia|detroit|dallas|houston|atlanta|montreal|vancouver|dubai|shanghai|barcelona|madrid|milan|amsterdam|frankfurt
    paris: paris
    hills: tuscany|provence|ireland|scotland|wales|cotswolds|napa|napa valley|sonoma|bordeaux|burgundy|umbria|england|yorkshire|kentucky|new zealand
    """
)
# Words of an idea → the kind of scene.
_SCENES = pairs(
    """
    mountains: mountain|mountains|peak|peaks|alpine|mount|mt|national park|glacier|ski
    desert: desert|canyon|mesa|dune|dunes|cactus
    forest: forest|woods|redwood|redwoods|pines
    sea: coast|sea|ocean|lighthouse|harbor|harbour|bay|cape|cliffs|sailing
    beach: beach|island|islands|tropical|palm|palms|surf|surfing|lagoon|caribbean
    city: city|skyline|downtown|town|metropolis
    hills: hills|valley|countryside|village|vineyard|vineyards|lake|farmland
    """
)
# What each scene shows, as singular words: an idea that asks for it is drawn.
SHOWN: dict[str, frozenset[str]] = {
    "mountains": lexicon.listed("mountain peak lake pine fir tree snow sun"),
    "desert": lexicon.listed("desert cactus mesa canyon rock sun"),
    "forest": lexicon.listed("forest tree wood path trail fern sun"),
    "sea": lexicon.listed("sea ocean coast cliff lighthouse sailboat boat sun"),
    "beach": lexicon.listed("beach palm tree sea ocean island sand sun"),
    "city": lexicon.listed("city skyline building house sun"),
    "paris": lexicon.listed("paris eiffel tower tree sun"),
    "hills": lexicon.listed("hill field cypress tree countryside sun"),
}
_POSTER = re.compile(
    r"\b(?:(?:travel|tourism|tourist|vacation|destination)(?: style| themed)? (?:poster|posters|print|prints|art|wall art|artwork)"
    r"|national parks? (?:poster|posters|print|prints))\b",
    re.I,
)
# Words that say what is made, how it looks, or who it is for: no part of a place's name unless they stand inside it.
_ABOUT = lexicon.listed(
    """
    a an the of for in to from and with at on by style styled inspired vintage retro old classic antique modern minimalist minimal boho
    midcentury mid century wpa art deco nouveau 1920s 1930s 1940s 1950s 1960s 1970s 20s 30s 40s 50s 60s 70s poster posters print prints
    printable wall artwork decor gift digital download travel tourism tourist vacation destination illustration illustrated landscape
    colorful colourful bright bold flat vector watercolor gouache ink vintage-style cute beautiful large small my our your visit
    design image picture painting home office bedroom nursery living room lover lovers
    sunset sunrise night colors colours color colour
    """
)
_GENERIC = lexicon.listed(
    """
    park parks national state mountain mountains lake lakes beach beaches forest forests desert deserts city cities sea ocean coast
    island islands valley canyon hills town village river bay harbor road trip camping hiking adventure nature scenery skyline
    """
)
# Words that open many places' names, whatever else they mean.
_OPENING = lexicon.listed(
    "new big grand great north south east west st saint san santa los las la el le little fort port"
)
_WORD = re.compile(r"[^\W_][\w'’.-]*|&", re.UNICODE)


@dataclass(frozen=True)
class Place:
    """A place: its `name` as typed ("" for none), the words of it (lower case), the `kind` of scene, and whether it is
    `known` what that place looks like."""

    name: str
    words: frozenset[str]
    kind: str
    known: bool


def asked(idea: str, meant: frozenset[str] = frozenset()) -> Place | None:
    """The place of a travel poster, None for an idea that asks for none. `meant`: words (lower case) that mean something else to
    the artist, a thing or a color; they are part of a name only inside one."""
    found = _POSTER.search(idea)
    if found is None:
        return None
    parks = "national park" if re.search(r"\bnational park(?! (?:poster|print)s?\b)", idea, re.I) else ""
    best = max(_runs(idea, meant), key=lambda run: _weight(run, idea), default=[])
    name = " ".join(best)
    lower = " ".join(w.lower().replace("’", "'") for w in best)
    bare = re.sub(r" (national|state) park$", "", lower)
    said = " ".join(_words(idea))
    # "Cinque Terre Italy" looks as Cinque Terre does.
    kind = next((k for n in range(len(best), 0, -1) if (k := _KNOWN.get(" ".join(lower.split()[:n])))), None)
    kind = kind or _KNOWN.get(bare)
    if kind is None:
        kind = next((k for word, k in _SCENES.items() if f" {word} " in f" {said} "), "")
        return Place(
            _titled(name), frozenset(w.lower() for w in best), kind or ("mountains" if parks else "hills"), bool(kind)
        )
    return Place(_titled(name), frozenset(w.lower() for w in best), kind, True)


def _words(text: str) -> list[str]:
    return [w.lower().replace("’", "'") for w in _WORD.findall(text)]


def _runs(idea: str, meant: frozenset[str]) -> list[list[str]]:
    """Runs of words that may be a place's name: parted by punctuation, by what is said of the poster, and by small words."""
    found: list[list[str]] = []
    text = re.sub(r"\b(national parks?)(?= (?:poster|print)s?\b)", r"\1 |", idea, flags=re.I)
    text = re.sub(r"\b(?:travel|tourism|tourist|vacation|destination)\b", "|", text, flags=re.I)
    for part in re.split(
        r"[,;:|()/]|\s[-–—]\s|\b(?:with|in the style of|by the|during|at|featuring)\b", text, flags=re.I
    ):
        run: list[str] = []
        for word in [*_WORD.findall(part), ""]:
            low = word.lower()
            if word and (low not in _ABOUT or (run and low in ("of", "the", "and", "&") and not found)):
                run.append(word)
            elif run:
                found.append(run)
                run = []
    trimmed = [_trimmed(run, meant) for run in found]
    return [run for run in trimmed if run]


def _trimmed(run: list[str], meant: frozenset[str]) -> list[str]:
    """A run without the words at its ends that mean something else; none when nothing of it can be a name."""
    low = [w.lower().replace("’", "'") for w in run]
    if " ".join(low) in _KNOWN or re.sub(r" (national|state) park$", "", " ".join(low)) in _KNOWN:
        return run
    capital = any(w[:1].isupper() for w in run[1:]) or (len(run) > 1 and run[0][:1].isupper())
    while run and (low[0] in ("of", "the", "and", "&") or (low[0] in meant and low[0] not in _OPENING and not capital)):
        run, low = run[1:], low[1:]
    while run and (
        low[-1] in ("of", "the", "and", "&") or (low[-1] in meant and low[-1] not in _GENERIC and not capital)
    ):
        run, low = run[:-1], low[:-1]
    if " ".join(low) in ("national park", "national parks", "state park"):
        return run
    return run if any(w not in _GENERIC and (w not in meant or capital) for w in low) else []


def _weight(run: list[str], idea: str) -> tuple[bool, bool, bool, int]:
    low = " ".join(w.lower() for w in run)
    bare = re.sub(r" (national|state) park$", "", low)
    named = low not in ("national park", "national parks")
    after = re.search(rf"\b(?:of|to|from|visit)\s+(?:the\s+)?{re.escape(run[0])}\b", idea, re.I) is not None
    return (bare in _KNOWN, named, after, len(run))


def _titled(name: str) -> str:
    """A name typed all in small letters with capitals, as it is lettered; of another only words as "coast" are changed."""
    if name != name.lower():
        return " ".join(w.capitalize() if w in _GENERIC else w for w in name.split())
    small = ("of", "the", "and", "de", "la", "del")
    return " ".join(w if k and w in small else w[:1].upper() + w[1:] for k, w in enumerate(name.split()))
