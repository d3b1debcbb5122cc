"""Color words: from what a seller writes ("boho", "sage green and blush", "pastel") to how a picture is graded.

Pure. A palette pulls the colors of the figures; it must never claim a word it did not use.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from elistit_artist.paint.color import Grade


@dataclass(frozen=True)
class Palette:
    """A named palette: `words` ask for it, `phrase` says it in a prompt."""

    code: str
    phrase: str
    words: tuple[str, ...]
    grade: Grade


@dataclass(frozen=True)
class Colors:
    """What the color and mood words of a text come to. `used` are the words that had an effect, `manner` factors on
    how a style paints, `phrase` the colors in plain English (empty: the figures' own colors)."""

    grade: Grade
    phrase: str = ""
    used: tuple[str, ...] = ()
    manner: dict[str, float] = field(default_factory=dict)


def _p(
    code: str,
    phrase: str,
    words: str,
    colors: str,
    amount: float,
    chroma: float = 1.0,
    lift: float = 0.0,
    own_light: float = 0.5,
) -> Palette:
    return Palette(
        code, phrase, tuple(words.split("|")), Grade(tuple(colors.split()), amount, chroma, lift, 0.0, own_light)
    )


PALETTES: tuple[Palette, ...] = (
    _p("pastel", "soft pastel colors", "pastel|pastels|pale|powder|soft pastel|baby colors",
       "#f2a9b3 #f8cbab #f6e3a6 #b9dcc1 #abd0e6 #cab9e3 #e8a6c6 #9cc3b4 #fbf0e6 #e6c3a4 #d9b8d0", 0.72, 1.0, 0.14, 0.32),
    _p("autumn", "warm autumn colors", "autumn|fall|harvest|thanksgiving|herbst|otoño|automne|october|pumpkin spice",
       "#b5562f #d98a4e #e9c08f #7a4a32 #6f7d4f #9a8a4a #c9a26c #a63f3b #c9772e #f3e3cb", 0.50, 1.0, 0.02),
    _p("woodland", "earthy woodland colors", "earthy|earth tones|earth|rustic|woodsy|natural colors",
       "#b5622f #d08d56 #e6c59a #7a5238 #6f7d4f #9aa67a #c9b79c #8a6a52 #a8574a #f3e6d2", 0.45, 0.92, 0.03),
    _p("boho", "muted boho colors", "boho|bohemian|terracotta|desert|terra cotta|rust|southwestern",
       "#c8643c #e0a26b #d9b99b #8a5b45 #efd9c1 #8f9a78 #b98b82 #a3523e #e7c29b #c9a58f", 0.62, 0.86, 0.05),
    _p("sage", "sage green and blush", "sage|sage green|greenery|eucalyptus green",
       "#6f9377 #93b48b #c5d5bd #5a7a63 #e3c9c0 #cf9f93 #f1e7dd #a7b8a8 #8a9f84 #d7bb9a", 0.60, 0.86, 0.05),
    _p("blush", "blush and dusty rose", "blush|dusty rose|dusty pink|rose gold|blush pink|mauve pink",
       "#d9a19a #c98f8a #ecc9c0 #b57d7d #f4e3da #a9b09a #d8b8a4 #e6b3a6 #b99a86", 0.60, 0.90, 0.06),
    _p("pink", "pinks", "pink|hot pink|fuchsia|magenta|light pink|pale pink|baby pink|rosa|bubblegum|barbie",
       "#e58fa8 #f2b5c4 #d9708f #f8d9dd #c85f7c #f0c2a8 #b9a3a0 #e9a6b8", 0.58, 1.0, 0.06),
    _p("red", "reds", "red|burgundy|maroon|crimson|scarlet|cherry red", "#b8403a #d9695a #8f2f30 #e9a58f #c9554a #f2d9c8", 0.55),
    _p("orange", "warm oranges", "orange|burnt orange|peach|apricot|coral|peachy", "#e08a4a #f0b184 #e99a78 #f6d3b3 #c96f3f #f3c39a",
       0.55, 1.0, 0.04),
    _p("yellow", "sunny yellows", "yellow|mustard|gold|golden|honey|lemon yellow|sunny",
       "#e6b84a #f1d58a #c99432 #f7e8bd #d9a441 #b98a4a", 0.52),
    _p("green", "fresh greens", "green|hunter green|lime green|dark green|emerald|olive green|mint|forest green|moss|mint green",
       "#6f9a5f #94b87f #4f7d58 #bcd3a6 #8aa66a #dbe6c8 #a3b58a", 0.55),
    _p("blue", "soft blues", "blue|navy|navy blue|navy and white|blue and white|baby blue|light blue|pale blue|royal blue|cobalt|periwinkle|"
       "dusty blue|sky blue|indigo|teal|turquoise|aqua|slate blue|azul|blau",
       "#6f93b8 #9db9d3 #4f7399 #c9dbe8 #86a5b5 #a9b5c4", 0.72, 1.0, 0.03),
    _p("purple", "lavender and lilac", "purple|lavender|lilac|violet|plum|mauve|lila",
       "#9a85c0 #bba9d8 #7d6a9f #dcd0e8 #a98fb5 #c9a9c4 #efe6f2", 0.58, 1.0, 0.04),
    _p("neutral", "warm neutrals", "neutral|neutrals|off white|ivory|beige|cream|tan|taupe|nude|oatmeal|linen|minimal|minimalist|japandi",
       "#c9ad92 #e3cfb6 #a88d76 #f1e6d6 #8f7a68 #d6bda6 #b9a28c #a6a38f", 0.66, 0.75, 0.07),
    _p("grey", "soft greys", "grey|gray|monochrome|charcoal|silver|black and white",
       "#9a9a98 #bdbdba #77787a #dcdcd8 #a8a49e", 0.75, 0.5, 0.04),
    _p("brown", "warm browns", "brown|chocolate|coffee|caramel|chestnut brown",
       "#8a6248 #b08664 #6a4a38 #d6b897 #a3764f #ecd9c0", 0.55),
    _p("jewel", "deep jewel colors", "jewel|jewel tones|rich|opulent|deep",
       "#8f2f4a #2f6a5f #3a4f86 #b5862f #6a3f7a #a84a3a #4f7a6a", 0.48, 1.12),
    _p("retro", "seventies colors", "retro|70s|groovy|vintage|mid century|seventies|hippie",
       "#d97a3a #e6b04f #7a8a4f #b5503a #5f7f7a #efdcb5 #8f5a3f #d99a7a", 0.58, 1.0, 0.02),
    _p("christmas", "Christmas reds and greens", "christmas colors|red and green|festive",
       "#a83a3a #c95f4f #4f7a55 #7f9a6f #d9b06a #f3e6d6 #8a5f45", 0.45),
    _p("halloween", "pumpkin orange, plum and moss", "halloween colors|orange and black|spooky colors",
       "#d97f35 #7a5f8f #6f7a4f #4a4048 #e9b27a #b9a0c4 #efe0c9", 0.45),
    _p("tropical", "bright tropical colors", "tropical|summery|citrus|fruity|bright",
       "#ef7f5f #f2b24f #5fae8a #4fa3b8 #e86f8f #f6dc7f #86c06f", 0.45, 1.12, 0.03),
)  # fmt: skip

# Moods change lightness, color strength and how wet the painting is: word → (chroma, lift, warmth, manner factors).
_Mood = tuple[float, float, float, dict[str, float]]
MOODS: dict[str, _Mood] = {
    **dict.fromkeys(("dreamy", "misty", "ethereal", "airy", "soft", "gentle", "delicate", "calm", "serene", "peaceful", "romantic", "light"),
                    (0.90, 0.09, 0.1, {"bleed": 1.3, "edge": 0.85})),
    **dict.fromkeys(("vibrant", "vivid", "bold", "bright", "colorful", "colourful", "multicolor", "multicolored", "multicolour", "multicoloured",
                     "cheerful", "playful", "happy", "joyful", "fun", "bunt"),
                    (1.14, 0.0, 0.1, {"edge": 1.1})),
    **dict.fromkeys(("moody", "dark", "dramatic", "gothic", "mysterious", "deep", "somber", "rich"),
                    (0.98, -0.06, -0.2, {"pool": 1.2, "edge": 1.15})),
    **dict.fromkeys(("cozy", "cosy", "warm", "rustic", "hygge", "homey", "golden"), (1.0, 0.0, 0.55, {})),
    **dict.fromkeys(("cool", "wintry", "frosty", "icy", "winter", "snowy", "arctic"), (0.92, 0.05, -0.6, {})),
    **dict.fromkeys(("muted", "faded", "vintage", "antique", "subtle", "subdued", "dusty"), (0.80, 0.04, 0.1, {})),
    **dict.fromkeys(("loose", "expressive", "sketchy", "painterly", "free"), (1.0, 0.0, 0.0, {"loose": 1.35, "bleed": 1.2, "gaps": 1.2})),
    **dict.fromkeys(("neat", "clean", "crisp", "tidy"), (1.0, 0.0, 0.0, {"loose": 0.7, "bleed": 0.7})),
}  # fmt: skip

# What figures are graded with when nobody asked for colors: a touch softer than drawn.
PLAIN = Grade((), 0.0, 0.96, 0.02)


def read_colors(text: str) -> Colors:
    """The palette and mood asked for in a text (lower or upper case). Two palettes blend into one; more than three
    words count as three. Words that say nothing about color are not looked at."""
    chosen = asked(text)
    mood = read_mood(text)
    grade = _blend([c[0] for c in chosen])
    grade = replace(
        grade,
        chroma=grade.chroma * mood.grade.chroma,
        lift=grade.lift + mood.grade.lift,
        warmth=grade.warmth + mood.grade.warmth,
    )
    used = [part for c in chosen for part in c[1].split()] + list(mood.used)
    phrase = " with ".join(c[0].phrase for c in chosen)
    return Colors(grade, phrase, tuple(dict.fromkeys(used)), mood.manner)


def asked(text: str) -> list[tuple[Palette, str]]:
    """The palettes a text asks for and the words that ask, in its order; at most three."""
    spaced = f" {' '.join(_words(text))} "
    chosen: list[tuple[int, Palette, str]] = []
    for palette in PALETTES:
        hits = [w for w in palette.words if f" {w} " in spaced]
        if hits:
            word = max(hits, key=len)
            chosen.append((spaced.index(f" {word} "), palette, word))
    chosen.sort(key=lambda c: c[0])
    return [c[1:] for c in chosen if not any(c[2] in o[2] and c[2] != o[2] for o in chosen)][:3]


def words_behind(phrase: str) -> frozenset[str]:
    """Every single word that asks for one of the palettes of `Colors.phrase`."""
    chosen = [p for p in PALETTES if p.phrase in phrase.split(" with ")]
    return frozenset(part for p in chosen for word in p.words for part in word.lower().split())


def read_mood(text: str) -> Colors:
    """What the mood words of a text do to any picture: a grade without colors, the words (at most two) and the manner."""
    moods = [(w, MOODS[w]) for w in dict.fromkeys(_words(text)) if w in MOODS]
    grade = Grade()
    manner: dict[str, float] = {}
    for _, (chroma, lift, warmth, factors) in moods[:2]:
        grade = replace(grade, chroma=grade.chroma * chroma, lift=grade.lift + lift, warmth=grade.warmth + warmth)
        for name, factor in factors.items():
            manner[name] = manner.get(name, 1.0) * factor
    return Colors(grade, "", tuple(w for w, _ in moods[:2]), manner)


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() or c == "'" else " " for c in text.lower()).split()


def _blend(palettes: list[Palette]) -> Grade:
    if not palettes:
        return PLAIN
    grades = [p.grade for p in palettes]
    n = len(grades)
    return Grade(
        tuple(dict.fromkeys(c for g in grades for c in g.colors)),
        sum(g.amount for g in grades) / n,
        sum(g.chroma for g in grades) / n,
        sum(g.lift for g in grades) / n,
        0.0,
        sum(g.own_light for g in grades) / n,
    )


# Further versions of a figure that has been painted in every pose: another dress of colors for each, by palette code.
RECOLORED: tuple[str, ...] = ("pastel", "neutral", "blush", "sage", "purple", "blue", "autumn", "boho")


def palette(code: str) -> Palette:
    """The palette of a code. Raises KeyError for an unknown one."""
    for candidate in PALETTES:
        if candidate.code == code:
            return candidate
    raise KeyError(code)
