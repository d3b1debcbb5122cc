"""The words the listing writer draws on: what each product type is called, and what buyers search for by theme.

Data only. Every tag here must meet Etsy's rules (a test checks each one), and none may promise something the product
does not have.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProductWords:
    """How one product type is spoken of. `noun` ends the title's first part; `tags` are enough to fill all thirteen.

    `title_phrases` lengthen a title; they are true of every such product.
    `tag_nouns` are put after theme, style and subject words ("watercolor clipart"); the shortest comes last, for words
    that leave little room. Prices are in hundredths: `price_base` plus `price_each` for every image, up to `price_most`.
    """

    noun: str
    tag_nouns: tuple[str, ...]
    tags: tuple[str, ...]
    open_with: str
    use: str
    price_base: int
    price_each: int = 0
    price_most: int = 1999
    title_phrases: tuple[str, ...] = ()


PRODUCT_WORDS: dict[str, ProductWords] = {
    "clipart": ProductWords(
        "Clipart",
        ("clipart", "clip art", "png"),
        (
            "transparent png", "commercial use png", "png bundle", "digital clipart", "sublimation png",
            "scrapbook clipart", "instant download", "card making", "junk journal", "digital download",
            "printable clipart", "craft supplies", "digital art", "party printables",
        ),
        "clipart images with a transparent background",
        "invitations, cards, stickers, scrapbooks, planners, party decorations and sublimation",
        349, 10,
        title_phrases=("digital download", "scrapbook and card making", "sublimation png bundle", "commercial use craft supplies"),
    ),
    "sticker": ProductWords(
        "Stickers",
        ("stickers", "sticker", "png"),
        (
            "printable stickers", "die cut stickers", "print and cut", "digital stickers", "sticker sheet",
            "png stickers", "planner stickers", "journal stickers", "instant download", "cut file",
            "sticker bundle", "laptop stickers", "digital download", "craft supplies",
        ),
        "print-and-cut stickers with a white border and a cut line",
        "planners, journals, laptops, water bottles, packaging and gifts",
        299, 12,
        title_phrases=("print and cut", "digital planner stickers", "instant download", "journal and laptop decor"),
    ),
    "wall_art": ProductWords(
        "Printable Wall Art",
        ("wall art", "print", "art"),
        (
            "printable wall art", "digital print", "instant download", "wall decor", "home decor print",
            "living room art", "bedroom wall art", "gallery wall art", "large wall art", "art print",
            "digital download", "modern wall art", "housewarming gift", "printable art",
        ),
        "printable wall art in the common frame sizes",
        "your living room, bedroom, hallway, office, or a gift",
        499,
        title_phrases=("digital download", "living room and bedroom decor", "large gallery art print", "housewarming gift"),
    ),
    "poster": ProductWords(
        "Printable Poster",
        ("poster", "print", "art"),
        (
            "printable poster", "poster print", "digital poster", "instant download", "wall decor",
            "digital print", "bedroom poster", "office wall art", "dorm room decor", "art print",
            "digital download", "modern poster", "gift for friend", "printable art",
        ),
        "a printable poster",
        "your living room, bedroom, office, dorm room, or a gift",
        499,
        title_phrases=("digital download", "bedroom and office decor", "large modern art print", "gift for friend"),
    ),
    "svg": ProductWords(
        "SVG",
        ("svg", "cut file", "svg"),
        (
            "svg cut file", "svg bundle", "vector clipart", "cutting machine svg", "layered svg",
            "svg png pdf", "instant download", "shirt svg", "vinyl decal svg", "digital download",
            "svg file", "craft supplies", "paper craft", "vector art",
        ),
        "layered vector files for cutting and printing",
        "cutting machines, vinyl, paper craft, shirts and printing",
        299, 40,
        title_phrases=("cut file for cutting machines", "digital download", "shirt and vinyl decal", "paper craft supplies"),
    ),
    "greeting_card": ProductWords(
        "Printable Card",
        ("card", "cards", "card"),
        (
            "printable card", "greeting card", "5x7 card", "folded card", "digital card",
            "instant download", "print at home", "card to print", "pdf card", "digital download",
            "last minute card", "stationery", "art card", "diy card",
        ),
        "a folded 5 by 7 inch card to print at home or at a print shop",
        "birthdays, thank-yous and everyday notes",
        349,
        title_phrases=("print at home", "folded stationery", "instant digital download", "last minute gift"),
    ),
    "pattern": ProductWords(
        "Digital Paper",
        ("digital paper", "pattern", "paper"),
        (
            "seamless pattern", "digital paper pack", "scrapbook paper", "12x12 paper", "printable paper",
            "fabric pattern", "sublimation pattern", "wrapping paper", "instant download", "digital download",
            "card making", "junk journal", "planner paper", "craft supplies", "paper crafts", "surface design",
            "background paper", "printable pattern",
        ),
        "coordinated 12 x 12 inch pattern tiles in one palette",
        "scrapbooks, cards, gift wrap, planners, fabric and sublimation printing",
        349, 15,
        title_phrases=("seamless pattern", "scrapbook and card making", "instant download", "fabric and sublimation printing"),
    ),
    "custom": ProductWords(
        "Digital Art",
        ("art", "printable", "print"),
        (
            "digital art", "instant download", "digital download", "printable art", "art print",
            "digital print", "print at home", "craft supplies", "wall decor", "gift idea",
            "high resolution art", "home decor print", "art download", "creative project",
        ),
        "a print-ready digital download",
        "printing, decorating and crafting",
        399, 10,
        title_phrases=("instant download", "high resolution art print", "print at home", "gift idea and craft supplies"),
    ),
}  # fmt: skip

# What buyers of a theme search for. A key matches when it is one of the words of the idea's theme, title or subjects
# (singular and plural alike). Order is from the most searched for.
THEME_TAGS: dict[str, tuple[str, ...]] = {
    "christmas": ("christmas clipart", "holiday printable", "winter decor", "christmas crafts", "holiday gift tags"),
    "winter": ("winter clipart", "snowy scene", "winter decor", "cozy season"),
    "halloween": ("halloween clipart", "spooky season", "halloween decor", "fall crafts"),
    "autumn": ("fall clipart", "autumn leaves", "fall decor", "thanksgiving decor"),
    "fall": ("fall clipart", "autumn leaves", "fall decor", "thanksgiving decor"),
    "thanksgiving": ("thanksgiving decor", "fall clipart", "harvest decor"),
    "pumpkin": ("fall clipart", "pumpkin patch", "autumn decor"),
    "easter": ("easter clipart", "spring crafts", "easter bunny", "easter basket"),
    "spring": ("spring clipart", "spring decor", "spring flowers"),
    "summer": ("summer clipart", "summer decor", "beach vibes"),
    "valentine": ("valentines day", "love clipart", "valentine gift"),
    "wedding": ("wedding clipart", "wedding invitation", "bridal shower", "save the date"),
    "baby": ("baby shower", "nursery decor", "new baby gift", "gender neutral"),
    "nursery": ("nursery decor", "baby shower", "kids room decor"),
    "birthday": ("birthday clipart", "birthday party", "party invitation"),
    "woodland": ("woodland nursery", "forest animals", "baby shower", "woodland party"),
    "forest": ("woodland nursery", "forest animals", "nature art"),
    "safari": ("safari nursery", "jungle animals", "safari baby shower"),
    "jungle": ("jungle animals", "safari nursery", "jungle party"),
    "animal": ("cute animals", "animal lover gift", "kids room decor"),
    "fox": ("fox clipart", "woodland nursery", "forest animals"),
    "bear": ("bear clipart", "woodland nursery", "forest animals"),
    "bunny": ("bunny clipart", "rabbit art", "spring animals"),
    "rabbit": ("bunny clipart", "rabbit art", "spring animals"),
    "cat": ("cat lover gift", "cute cat", "cat mom gift", "kitten art"),
    "dog": ("dog lover gift", "cute dog", "dog mom gift", "puppy art"),
    "bird": ("bird lover gift", "bird art", "nature art"),
    "butterfly": ("butterfly art", "spring decor", "nature art"),
    "dinosaur": ("dinosaur party", "dino birthday", "kids room decor"),
    "unicorn": ("unicorn party", "magical birthday", "kids room decor"),
    "fairy": ("fairy garden", "fairy tale art", "magical art"),
    "mushroom": ("cottagecore", "fairycore", "mushroom lover"),
    "flower": ("floral clipart", "botanical art", "wedding florals"),
    "floral": ("floral clipart", "botanical art", "wedding florals"),
    "rose": ("floral clipart", "rose art", "wedding florals"),
    "wildflower": ("floral clipart", "botanical art", "meadow flowers"),
    "botanical": ("botanical art", "plant lover gift", "greenery clipart"),
    "plant": ("plant lover gift", "botanical art", "house plants"),
    "leaf": ("greenery clipart", "botanical art", "nature art"),
    "garden": ("gardener gift", "botanical art", "cottage garden"),
    "ocean": ("sea animals", "beach decor", "under the sea party"),
    "sea": ("sea animals", "beach decor", "nautical art"),
    "beach": ("beach decor", "coastal art", "summer vibes"),
    "coastal": ("coastal decor", "beach decor", "nautical art"),
    "mountain": ("mountain art", "nature lover gift", "landscape art"),
    "landscape": ("landscape art", "nature lover gift", "scenery art"),
    "space": ("outer space art", "space birthday", "rocket and planets"),
    "moon": ("celestial art", "moon and stars", "boho decor"),
    "celestial": ("celestial art", "moon and stars", "boho decor"),
    "boho": ("boho decor", "neutral decor", "modern boho"),
    "coffee": ("coffee lover gift", "kitchen decor", "coffee bar art"),
    "kitchen": ("kitchen decor", "cooking gift", "food art"),
    "fruit": ("fruit clipart", "kitchen decor", "food art"),
    "food": ("food clipart", "kitchen decor", "recipe cards"),
    "teacher": ("teacher gift", "back to school", "classroom decor"),
    "school": ("back to school", "classroom decor", "teacher resources"),
    "travel": ("travel lover gift", "travel journal", "adventure art"),
    "farm": ("farm animals", "farmhouse decor", "barnyard party"),
    "angel": ("angel art", "memorial gift", "religious art"),
    "mother": ("mothers day gift", "gift for mom", "new mom gift"),
    "father": ("fathers day gift", "gift for dad"),
    "vintage": ("vintage style art", "antique look", "retro decor"),
    "retro": ("retro art", "groovy decor", "70s style"),
}

# Words that carry no meaning on their own in a title or tag.
SMALL_WORDS = frozenset(
    {
        "a", "an", "and", "or", "the", "of", "in", "on", "at", "to", "for", "with", "without", "by", "from", "as", "is",
        "are", "my", "your", "our", "their", "its", "some", "any", "set", "bundle",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Disclosure:
    """The line that says how the images were made (rules §4: the AI-use line)."""

    code: str
    words: str


DISCLOSURES: dict[str, Disclosure] = {
    d.code: d
    for d in (
        Disclosure(
            "software",
            "Designed by the seller with the help of software: the images were drawn by a computer program following "
            "the seller's own idea and choices.",
        ),
        Disclosure(
            "ai",
            "Designed by the seller with the help of AI tools: the images were made with an AI image generator from "
            "the seller's own prompts, then selected and prepared for print by the seller.",
        ),
        Disclosure("own", "Made by the seller. Software prepared the files for print."),
    )
}
