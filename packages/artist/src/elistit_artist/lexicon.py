"""The plain words the built-in artist knows: kinds of thing, poses, words without a picture, and singulars.

Data and one small function; pure. Themes are in `themes`.
"""

from __future__ import annotations


def listed(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


# What kind of thing is meant: word → tags of which a figure must carry one to count as that kind.
CATEGORIES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("animal", "animals", "creatures", "critter", "critters", "tiere", "animales", "wildlife"), ("animal",)
    ),
    **dict.fromkeys(("bird", "birds"), ("bird",)),
    **dict.fromkeys(("flower", "flowers", "florals", "floral", "blossoms", "blooms"), ("flower",)),
    **dict.fromkeys(("leaf", "leaves", "greenery", "foliage", "sprigs"), ("leaf", "greenery")),
    **dict.fromkeys(("plant", "plants"), ("leaf", "greenery", "plant", "flower", "tree", "herb")),
    **dict.fromkeys(("tree", "trees", "baum", "bäume"), ("tree",)),
    **dict.fromkeys(("fruit", "fruits"), ("fruit",)),
    **dict.fromkeys(("arrangement", "arrangements"), ("bunch",)),
    **dict.fromkeys(("utensil", "utensils"), ("utensil",)),
}

# Words about the product, the file or the seller; they ask for nothing in the picture and are not reported as unused.
SILENT = listed(
    """
    a an and or the of for with without ohne sin sans in on to my our your some at by as from is are be that this these those it its
    into no not und oder mit für der die das ein eine von y de la el los las con para una un et le les des avec
    du clipart clip art arts png pngs jpg svg bundle bundles set sets pack packs collection collections digital
    download downloads file files image images picture pictures graphic graphics illustration illustrations
    drawing drawings design designs element elements transparent background isolated printable commercial use
    instant high resolution dpi hd quality etsy shop sublimation scrapbook scrapbooking junk journal planner
    sticker stickers card cards invitation invitations print prints theme themed style styled various different
    assorted items item things pieces hand painted handpainted drawn handdrawn original unique beautiful lovely
    pretty nice adorable cute sweet kawaii whimsical charming little tiny small big large simple detailed
    realistic watercolor watercolour aquarelle aquarell acuarela artistic artwork paint painting kids children
    child childrens boy girl boys girls room decor wall each every wearing
    """
)

# Words for pose or dress, found in the figures' own variants; several ways to say each.
ACTIONS: dict[str, tuple[str, ...]] = {
    "sleeping": ("sleeping", "sleepy", "asleep", "napping", "sleep", "dreaming", "bedtime"),
    "sitting": ("sitting", "seated", "sit"),
    "standing": ("standing", "stand"),
    "walking": ("walking", "walk", "running", "strolling"),
    "peeking": ("peeking", "peek", "peekaboo", "hiding"),
    "flying": ("flying", "fly", "flight"),
    "scarf": ("scarf", "scarves", "scarfs"),
    "crown": ("crown", "crowns", "garland"),
    "hat": ("hat", "hats", "cap"),
    "bow": ("bow", "bows", "bowtie"),
    "bandana": ("bandana", "bandanas"),
    "clinking": ("clinking", "clink"),
    "floating": ("floating", "floats"),
}


def singular(word: str) -> str:
    """A plain English singular, good enough to match a word with a name: foxes → fox, berries → berry, leaves →
    leaf."""
    irregular = {
        "mice": "mouse",
        "geese": "goose",
        "leaves": "leaf",
        "scarves": "scarf",
        "wolves": "wolf",
        "calves": "calf",
        "children": "child",
        "fungi": "fungus",
        "cacti": "cactus",
        "feet": "foot",
        "oxen": "ox",
    }
    if word in irregular:
        return irregular[word]
    if len(word) > 4 and word.endswith("ies") and word not in ("cookies", "pies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith(("xes", "ches", "shes", "sses", "zes", "toes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
