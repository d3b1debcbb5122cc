"""From an idea to a coordinated set of tiles: which layouts, which figures on each, one palette for all.

Pure and deterministic, like the planning of single figures, whose reading of the idea it uses. It must never plan two equal tiles,
and never keep quiet about words that are not drawn.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pyvips

from elistit_artist.patterns import artist, bare, layouts, palette, vectors
from elistit_artist.patterns.artist import Grade, Pick, Plan
from elistit_artist.patterns.layouts import Wanted

# The styles tiles are painted in. A coloring page has no colors to make a set of.
STYLES = ("watercolor", "ink", "gouache", "flat", "kawaii", "vintage")
SKETCH_MIN, SKETCH_MAX = 16, 320
# What of a pick's art a sketch shows.
SHOWN = ("pattern", "figures", "ground", "accents", "variant", "grade", "style", "arrangement")
_FIGURES_MAX = 8
# How much of its figures may be lost on a ground; more on one that was asked for.
_LOST_MAX, _LOST_MAX_ASKED = 0.28, 0.5
# A set of twelve, first the tiles a smaller set cannot do without: layout, variation, ground (by place in `Colors.grounds`), how
# many figures and from which on.
_SET: tuple[tuple[str, int, int, int, int], ...] = (
    ("toss", 0, 0, 5, 0),
    ("ditsy", 0, 1, 6, 0),
    ("stripe", 0, 0, 2, 0),
    ("gingham", 1, 0, 0, 0),
    ("half_drop", 0, 2, 2, 1),
    ("scallop", 1, 1, 0, 0),
    ("damask", 0, 2, 1, 0),
    ("trellis", 0, 0, 2, 2),
    ("toss", 1, 3, 4, 1),
    ("brick", 0, 1, 2, 3),
    ("ditsy", 1, 3, 4, 2),
    ("half_drop", 1, 0, 3, 0),
)
# Shown first where the idea names them: without figures, on the first ground.
_ASKED_ALONE = tuple((code, 0, 0, 0, 0) for code in layouts.ON_REQUEST)
# What the words of an idea ask for, and what a layout is called in a prompt.
_ASKS: dict[str, tuple[str, ...]] = {
    "toss": ("toss", "tossed", "scattered", "scatter"),
    "half_drop": ("half drop", "half-drop", "drop repeat"),
    "brick": ("brick", "brick repeat"),
    "stripe": ("stripe", "stripes", "striped", "ticking"),
    "gingham": ("gingham", "check", "checks", "checked", "plaid", "buffalo plaid"),
    "scallop": ("scallop", "scallops", "scalloped", "fish scale", "mermaid scales", "seigaiha"),
    "trellis": ("trellis", "lattice", "ogee", "diamond lattice"),
    "ditsy": ("ditsy", "ditsies", "calico", "micro floral"),
    "damask": ("damask", "brocade"),
    "dots": ("polka dot", "polka dots", "polkadot", "polkadots", "polka", "dots", "dotted"),
    "checkerboard": ("checkerboard", "checker board", "checkered", "chess board", "chessboard"),
    "houndstooth": ("houndstooth", "hounds tooth", "dogtooth"),
}
_SAYS = {
    "toss": "tossed", "half_drop": "half-drop", "brick": "brick repeat", "stripe": "stripes", "gingham": "gingham",
    "scallop": "scallops", "trellis": "trellis", "ditsy": "ditsy", "damask": "damask",
    "dots": "polka dots", "checkerboard": "checkerboard", "houndstooth": "houndstooth",
}  # fmt: skip
_NOUNS = {
    "toss": "toss", "half_drop": "half-drop", "brick": "brick repeat", "stripe": "stripes", "gingham": "gingham",
    "scallop": "scallops", "trellis": "trellis", "ditsy": "ditsy", "damask": "damask",
    "dots": "polka dots", "checkerboard": "checkerboard", "houndstooth": "houndstooth",
}  # fmt: skip
# What a pattern lies on: “on navy”, “with a black background”, “dark background”.
_ON = re.compile(
    rf"\b(?:(?:on|against|over|with)\s+(?:an?\s+)?)?({'|'.join(sorted(palette.GROUNDS, key=len, reverse=True))})"
    r"\s+(?:background|backdrop|ground|base)\b"
    rf"|\bon\s+(?:an?\s+)?({'|'.join(sorted(palette.GROUNDS, key=len, reverse=True))})(?=\s*(?:$|[,.;]|and\b|with\b|seamless|pattern|paper))",
    re.I,
)
# Words that say what a pattern is, of which nothing is left undrawn.
_PLAIN = re.compile(
    r"\b(seamless(ly)?|repeat(ing|s)?|patterns?|tile(s|able)?|digital papers?|scrapbook papers?|papers?|backgrounds?|fabrics?|"
    r"textiles?|wallpapers?|surface design|12 ?x ?12|coordinat(ed|ing)|coordinates)\b",
    re.I,
)


def plan(idea: str, options: dict[str, str] | None, count: int, seed: int, style: str) -> Plan:
    """Exactly `count` different tiles (at least one) for an idea: layouts that were asked for by name first, then the set's own.

    `used` and `unused` are words of the idea and options as for single figures. Never raises for what a seller may type.
    """
    style = style if style in STYLES else STYLES[0]
    asked, rest = _layouts_in(" , ".join([idea, str((options or {}).get("composition", ""))]))
    wanted, idea = _ground_in(idea)
    words = _without(idea)
    kept = {k: v if k != "composition" else _without(str(v)) for k, v in (options or {}).items()}
    found = artist.brief.plan(words or idea, kept, _FIGURES_MAX * 3, seed, style, product="clipart")
    said = {*rest, *bare.color_words(idea)}
    if bare.fits(asked) and found.needs_confirmation and said.issuperset(found.unused):
        return _bare(idea, wanted, asked, rest, found, count, style)
    chosen = _chosen(found.picks)
    grade = Grade.from_json(chosen[0].art["grade"])
    figures = [{"subject": p.art["subject"], "params": p.art.get("params") or {}} for p in chosen]
    colors = palette.of_set(figures, grade, style)
    if wanted:
        colors = palette.laid_on(colors, wanted)
    order = _order(asked, max(1, count))
    picks = [_pick(place, spec, chosen, figures, colors, grade, style) for place, spec in enumerate(order)]
    on = artist.words_of(wanted) if any(pick.art["ground"] == colors.light for pick in picks) else []
    used = list(dict.fromkeys([*rest, *on, *found.used]))
    return Plan(
        f"{found.title} Patterns", found.theme, used, [w for w in found.unused if w not in used], _note(found, picks), picks,
        found.needs_confirmation, style, found.named_style if found.named_style in STYLES else "",
    )  # fmt: skip


def _bare(
    idea: str, wanted: str, asked: Sequence[str], rest: Sequence[str], found: Plan, count: int, style: str
) -> Plan:
    """A set without figures: nothing but layouts and colors was asked for."""
    grade = Grade.from_json(found.picks[0].art["grade"])
    picks: list[Pick] = []
    for one in bare.tiles(idea, wanted, asked, palette.of_set([], grade, style), max(1, count)):
        art: dict[str, Any] = {
            "pattern": one.layout, "figures": [], "ground": one.ground, "accents": list(one.colors), "variant": one.variant,
            "style": style, "grade": grade.as_json(), "product": "pattern",
        }  # fmt: skip
        medium = artist.styles.style(style).medium
        prompt = f"{one.words(_SAYS[one.layout])}, seamless {medium} pattern"
        same = sum(p.prompt.startswith(prompt) for p in picks)
        art["prompt"] = f"{prompt}, shade {same + 1}" if same else prompt
        picks.append(Pick(f"pattern/{one.layout}", art["prompt"], art))
    named = " ".join(_PLAIN.sub(" ", f"{idea} on {wanted}" if wanted else idea).split()).strip(" ,.;:-")
    title = named[:60].title()
    used = list(dict.fromkeys([*rest, *bare.color_words(f"{idea} {wanted}"), *found.used]))
    return Plan(f"{title} Patterns", named[:60].lower(), used, [], "", picks, False, style, "")


def _ground_in(idea: str) -> tuple[str, str]:
    """The name of the ground an idea asks for, or nothing, and the idea without those words."""
    found = _ON.search(idea)
    if found is None:
        return "", idea
    return (found[1] or found[2]).lower(), f"{idea[: found.start()]} {idea[found.end() :]}"


def _layouts_in(text: str) -> tuple[list[str], list[str]]:
    """The layouts an idea names, in its order, and the words that name them."""
    spaced = f" {' '.join(re.findall(r'[a-z0-9-]+', text.lower()))} "
    hits = []
    for code, names in _ASKS.items():
        said = [n for n in names if f" {n} " in spaced]
        if said:
            first = max(said, key=len)
            hits.append((spaced.index(f" {first} "), code, first))
    hits.sort()
    return [code for _, code, _ in hits], [w for _, _, said in hits for w in said.replace("-", " ").split()]


def _without(text: str) -> str:
    """The words that say what is drawn: those for patterns and layouts left out."""
    for names in _ASKS.values():
        for name in sorted(names, key=len, reverse=True):
            text = re.sub(rf"\b{re.escape(name)}\b", " ", text, flags=re.I)
    return " ".join(_PLAIN.sub(" ", text).split())


def _chosen(picks: Sequence[Pick]) -> list[Pick]:
    """The figures of a set: what the idea asks for, each subject before any comes twice, all in one palette; subjects beyond the
    idea only where nothing of it is drawn. A strawberry pattern has blossoms and sprigs between, and no lemons."""
    first = picks[0].art["grade"]
    same = [p for p in picks if p.art["grade"] == first] or list(picks[:1])
    # Our own figures first: a drawing of an art pack comes with a license of its own.
    same = [p for p in same if ":" not in p.art["subject"]] or same
    pool = [p for p in same if not p.beyond] or same
    turns: dict[str, int] = {}
    ranked = []
    for place, pick in enumerate(pool):
        turn = turns[pick.art["subject"]] = turns.get(pick.art["subject"], -1) + 1
        ranked.append((turn, place, pick))
    return [p for _, _, p in sorted(ranked, key=lambda r: r[:2])][:_FIGURES_MAX]


def _order(asked: Sequence[str], count: int) -> list[tuple[str, int, int, int, int]]:
    """The tiles of a set in their order: of every layout asked for one first, then the set, then further variations."""
    found: list[tuple[str, int, int, int, int]] = []
    for code in asked:
        found.append(next(s for s in (*_SET, *_ASKED_ALONE) if s[0] == code))
    found += [s for s in _SET if s not in found]
    turn = 1
    while len(found) < count:
        # The same layouts again, on another ground and from other figures.
        found += [(c, v + 2 * turn + (c == "gingham"), (g + turn) % 4, n, f + turn) for c, v, g, n, f in _SET]
        turn += 1
    return found[:count]


def _pick(
    place: int, spec: tuple[str, int, int, int, int], chosen: Sequence[Pick], figures: Sequence[dict[str, Any]],
    colors: palette.Colors, grade: Grade, style: str,
) -> Pick:  # fmt: skip
    layout, variant, ground, many, start = spec
    shown = [(start + k) % len(figures) for k in range(min(many, len(figures)))]
    mine = [figures[k] for k in shown]
    art: dict[str, Any] = {
        "pattern": layout,
        "figures": mine,
        "ground": _ground(colors, ground, mine, grade, style),
        "accents": list(colors.accents[place % 2 :] + colors.accents[: place % 2])
        if not mine
        else list(colors.accents),
        "variant": variant,
        "style": style,
        "grade": grade.as_json(),
        "product": "pattern",
    }
    medium = artist.styles.style(style).medium
    names = list(dict.fromkeys(artist.figures.describe(str(f["subject"]), dict(f["params"])) for f in mine))
    on = f"{_SAYS[layout]} on {palette.name_of(art['ground'])}"
    art["prompt"] = (
        f"{_listed(names)}, {on}, seamless {medium} pattern" if names
        else f"{palette.name_of(art['accents'][0])} {on}, seamless {medium} pattern"
    ) + (f", variation {variant}" if variant > 1 else "")  # fmt: skip
    for key in ("manner", "source"):
        found = next((p.art[key] for p in (chosen[k] for k in shown or [0]) if p.art.get(key)), None)
        if found:
            art[key] = found
    return Pick(f"pattern/{layout}", art["prompt"], art, bool(mine) and all(chosen[k].beyond for k in shown))


def _listed(names: Sequence[str]) -> str:
    """Names in a row: "a fox, a bear and an owl"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _ground(colors: palette.Colors, wanted: int, figures: Sequence[dict[str, Any]], grade: Grade, style: str) -> str:
    """The ground wanted, or the next one on which the figures can be told from it."""
    first = colors.grounds()[wanted]
    most = _LOST_MAX_ASKED if colors.asked else _LOST_MAX
    for ground in (first, colors.tint, colors.light, colors.mid, colors.deep):
        if not figures or palette.lost_on(figures, grade, style, ground) < most:
            return ground
    return first


def _note(found: Plan, picks: Sequence[Pick]) -> str:
    """What differs from what was asked; the sentence about single images beyond the idea is said of tiles instead."""
    said = [s for s in re.split(r"(?<=\.) ", found.note) if s and "go beyond the idea" not in s]
    beyond = sum(p.beyond for p in picks)
    if beyond:
        said.append(f"{beyond} of {len(picks)} tiles show figures that go beyond the idea.")
    return " ".join(said)


def replanned(prompt: str, negative: str, seed: int, style: str) -> dict[str, Any]:
    """The `art` of one tile for a prompt the seller wrote: the first tile of its own set."""
    first = plan(prompt, {"negative": negative}, 1, seed, style).picks[0].art
    return {**first, "prompt": prompt}


def plan_for(
    texts: Sequence[str], shown: Sequence[Pick], options: dict[str, str], seed: int, style: str
) -> tuple[list[Pick], list[str]]:
    """One distinct pick for each text, in their order: the tile of `shown` that is called so, else one planned from the text alone;
    and the texts of which nothing is drawn."""
    picks: list[Pick] = []
    unknown: list[str] = []
    seen: set[str] = set()
    for text in texts:
        key = " ".join(text.lower().split())
        pick = next((p for p in shown if subject_of(p.art) == key and p.prompt not in seen), None)
        if pick is None:
            made = plan(text, options, len(_SET) * 2, seed, style)
            pick = None if made.needs_confirmation else next((p for p in made.picks if p.prompt not in seen), None)
        if pick is None:
            unknown.append(text)
            continue
        seen.add(pick.prompt)
        picks.append(pick)
    return picks, list(dict.fromkeys(unknown))


def is_tile(art: dict[str, Any]) -> bool:
    """Whether a pick's `art` plans a tile."""
    return art.get("pattern") in layouts.LAYOUTS


def subject_of(art: dict[str, Any]) -> str:
    """What a tile shows, in a few words: "fox and bear toss", "terracotta gingham"; "" for art that plans no tile."""
    if not is_tile(art):
        return ""
    names = list(dict.fromkeys(n for n in (artist.figure_name(f) for f in art.get("figures") or ()) if n))[:2]
    ground = palette.name_of(str(art["ground"]))
    noun = _NOUNS[str(art["pattern"])]
    if names:
        return f"{' and '.join(names)} {noun} on {ground}"
    # The color that is seen: an accent like the ground isn't.
    kind = bare.kind(str(art["pattern"]), int(art.get("variant") or 0))
    return f"{palette.name_of(Wanted.of(art).fitting()[0])} and {ground} {kind}{noun}"


def sketch(art: dict[str, Any], side: int) -> bytes:
    """A small flat sketch of a tile as WebP. Raises KeyError or ValueError for art that names what is not there."""
    if not SKETCH_MIN <= side <= SKETCH_MAX:
        raise ValueError(f"a sketch has {SKETCH_MIN} to {SKETCH_MAX} pixels a side")
    return _sketch(json.dumps({k: art[k] for k in SHOWN if art.get(k) is not None}, sort_keys=True), side)


@lru_cache(maxsize=300)
def _sketch(text: str, side: int) -> bytes:
    art = json.loads(text)
    tile = layouts.tile(Wanted.of(art), artist.arrangement(art, 1))
    body = vectors.sketched(tile, Grade.from_json(art.get("grade")), str(art.get("style") or STYLES[0]))
    svg = vectors.document(tile.ground, body, "").replace(
        'width="12in" height="12in"', f'width="{side}" height="{side}"'
    )
    image = pyvips.Image.svgload_buffer(svg.encode(), unlimited=True)
    return bytes(image.copy(interpretation="srgb").webpsave_buffer(Q=82, effort=2))


def distinct(arts: Sequence[dict[str, Any]]) -> int:
    """How many of some planned tiles are different ones: another layout, variation, ground or other figures."""
    return len({identity(art) for art in arts})


def identity(art: dict[str, Any]) -> str:
    """What tells a planned tile from others. Where its figures lie doesn't: every repeat of a plan arranges the same ones differently."""
    return json.dumps({k: art.get(k) for k in SHOWN if k != "arrangement"}, sort_keys=True)


__all__ = [
    "SHOWN",
    "STYLES",
    "distinct",
    "identity",
    "is_tile",
    "plan",
    "plan_for",
    "replanned",
    "sketch",
    "subject_of",
]
