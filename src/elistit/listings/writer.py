"""The built-in listing writer: title, thirteen tags, description and price by rule, from what the product is.

Pure and deterministic: the same input gives the same text, with no network, clock or chance. What it writes always
meets `rules.check`, whatever the idea was. It must never promise a buyer anything the input does not state.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from elistit.listings import currencies, rules
from elistit.listings.phrases import DISCLOSURES, PRODUCT_WORDS, SMALL_WORDS, THEME_TAGS, ProductWords

TITLE_AIM = 80
_SUBJECTS_NAMED = 40


@dataclass(frozen=True)
class WriterInput:
    """What the writer needs to know. `theme` is a few words ("woodland animals"); the rest is what was really made.

    `title` are the brief's own title words, used before `theme` when given. `width_px` × `height_px` at `dpi` is the
    size of one image; `sizes` names print sizes instead where there are several ("8×10 in"). `downloads` is how many
    files the buyer downloads; `disclosure` is one of `phrases.DISCLOSURES` (`software`, `ai`, `own`).
    """

    product: str
    theme: str
    title: str = ""
    style: str = ""
    subjects: Sequence[str] = ()
    count: int = 1
    width_px: int = 0
    height_px: int = 0
    dpi: int = 300
    formats: Sequence[str] = ("PNG",)
    transparent: bool = False
    sizes: Sequence[str] = ()
    downloads: int = 1
    disclosure: str = "software"
    currency: str = currencies.USD


@dataclass(frozen=True)
class ListingText:
    """A listing that meets Etsy's rules. Exactly thirteen tags; `price_cents` in hundredths of `currency`, a suggestion only:
    0 where nothing can be suggested, which the seller has to fill in."""

    title: str
    tags: list[str]
    description: str
    price_cents: int
    currency: str = currencies.USD


def write(source: WriterInput) -> ListingText:
    """The listing text of a product. Never raises for odd words; KeyError for an unknown product type or disclosure."""
    words = PRODUCT_WORDS[source.product]
    name = _name(source)
    text = ListingText(
        title=_title(source, words, name),
        tags=_tags(source, words, name),
        description=_description(source, words, name),
        price_cents=suggested_price(source.product, source.count, source.currency),
        currency=currencies.get(source.currency).code,
    )
    problems = rules.check(
        text.title,
        text.tags,
        text.description,
        text.price_cents or currencies.get(text.currency).minimum,
        currency=text.currency,
    )
    assert not problems, problems  # the writer's whole promise; a failure here is ours, not the seller's
    return text


def suggested_price(product: str, count: int, currency: str = currencies.USD) -> int:
    """A starting price in hundredths of a currency: a base per product type plus a little per image, as a price point of that
    currency (4.99 dollars, 750 yen). 0 for a currency nothing is known of."""
    return currencies.get(currency).suggested(suggested_usd(product, count))


def suggested_usd(product: str, count: int) -> int:
    """The same in US cents, before it becomes a price point of the shop's currency."""
    words = PRODUCT_WORDS[product]
    wanted = min(words.price_base + words.price_each * max(count, 1), words.price_most)
    return wanted - wanted % 10 + 9


# --- words ------------------------------------------------------------------------------------------------------------


def plain_words(text: str, *, most: int) -> str:
    """A text as plain words: letters, digits, hyphens and apostrophes; at most `most` characters, cut between words."""
    text = unicodedata.normalize("NFKC", text).replace("&", " and ").replace("’", "'")
    kept = "".join(c if rules.tag_character(c) and c not in "™©®" else " " for c in text)
    found = [w for w in (word.strip("-'") for word in kept.split()) if w]
    return _fit(found, most)


def _fit(found: Iterable[str], most: int) -> str:
    """As many whole words as fit; the first word is cut when even that is too long."""
    line = ""
    for word in found:
        longer = f"{line} {word}" if line else word
        if len(longer) > most:
            return line or word[:most].strip("-'")
        line = longer
    return line


def _title_case(text: str) -> str:
    """First letters in capitals except of small words; words the seller wrote in capitals (SVG, DIY) stay as they are."""
    words = text.split()
    return " ".join(w if i and w.lower() in SMALL_WORDS else _capital(w) for i, w in enumerate(words))


def _capital(word: str) -> str:
    """The first letter in capitals, where the capital is one letter that Etsy takes too (for some scripts it is not)."""
    first = word[:1].upper()
    return first + word[1:] if len(first) == 1 and rules.title_character(first) else word


def _singular(word: str) -> str:
    """An English word without its plural ending, good enough to see that "foxes" and "fox" are the same word."""
    word = word.casefold()
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses")):
        return word[:-2]
    if word.endswith("ves") and len(word) > 4:
        return word[:-3] + "f"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _distinct(texts: Iterable[str]) -> list[str]:
    """Without repeats that differ only in case, order kept."""
    first: dict[str, str] = {}
    for text in texts:
        if text:
            first.setdefault(text.casefold(), text)
    return list(first.values())


def _name(source: WriterInput) -> str:
    """What the product is about, in at most 50 characters, without words that only repeat product type or style."""
    style = plain_words(source.style, most=30)
    nouns = {_singular(w) for w in PRODUCT_WORDS[source.product].noun.split()} | {"clipart", "png", "bundle", "set"}
    said = nouns | {_singular(w) for w in style.split()}
    for text in (source.title, source.theme):
        kept = [w for w in plain_words(text, most=400).split() if _singular(w) not in said]
        while kept and kept[-1].casefold() in SMALL_WORDS:
            kept.pop()
        while kept and kept[0].casefold() in ("a", "an", "the", "of", "for", "with", "and"):
            kept.pop(0)
        if kept:
            return _title_case(_fit(kept[:7], 50))
    subjects = [plain_words(s, most=40) for s in source.subjects[:1]]
    return _title_case(subjects[0]) if subjects and subjects[0] else ""


# --- title ------------------------------------------------------------------------------------------------------------


def _title(source: WriterInput, words: ProductWords, name: str) -> str:
    """Short and readable: what it is about, how it looks, what it is, then how many of what (under about 15 words)."""
    style = _title_case(plain_words(source.style, most=30))
    head = " ".join(part for part in (name, style, words.noun) if part)
    if len(head) > TITLE_AIM and style:
        head = f"{name} {words.noun}"
    tails = [_contents(source), _formats(source)]
    for tail in tails:
        if tail and tail.casefold() not in head.casefold() and len(head) + len(tail) + 2 <= TITLE_AIM + 20:
            head = f"{head}, {tail}"
            break
    return head


def _contents(source: WriterInput) -> str:
    kind = "Transparent PNG" if source.transparent else _formats(source)
    if source.count <= 1 or not kind:
        return ""
    return f"{source.count} {kind}s" if kind.endswith("PNG") else f"Set of {source.count}"


def _formats(source: WriterInput) -> str:
    return " ".join(_distinct(plain_words(f, most=8).upper() for f in source.formats[:4]))


# --- tags -------------------------------------------------------------------------------------------------------------


def _tags(source: WriterInput, words: ProductWords, name: str) -> list[str]:
    """Thirteen distinct tags: what it shows, how it looks, what it is, who looks for it; then the product's own words."""
    chosen: dict[tuple[str, ...], str] = {}
    for candidate in [*_wanted_tags(source, words, name), *words.tags]:
        tag = plain_words(candidate, most=rules.TAG_MAX + 20).casefold()
        if len(tag) < 2 or len(tag) > rules.TAG_MAX or rules.check("x", [tag], "x", 100):
            continue
        key = tuple(sorted(_singular(w) for w in tag.replace("clip art", "clipart").split()))
        chosen.setdefault(key, tag)
        if len(chosen) == rules.TAGS_MAX:
            break
    assert len(chosen) == rules.TAGS_MAX, "the product's own tags must be enough to fill the list"
    return list(chosen.values())


def _wanted_tags(source: WriterInput, words: ProductWords, name: str) -> list[str]:
    """The candidates that come from this very product, best first; at most nine, so general search words have room."""
    style = plain_words(source.style, most=rules.TAG_MAX)
    about = [w for w in name.split() if w.casefold() not in SMALL_WORDS]
    wanted = [_with_noun(name, words.tag_nouns), _with_noun(" ".join(about[-2:]), words.tag_nouns)]
    wanted.append(_with_noun(style, words.tag_nouns))
    if about and style:
        wanted.append(f"{style} {about[-1]}")
    subjects = [plain_words(s, most=60).split() for s in source.subjects[:_SUBJECTS_NAMED]]
    shown = _distinct(_subject_word(s) for s in subjects)
    themed = _theme_tags([*about, *(w for s in subjects for w in s)])
    wanted += themed[:3]
    wanted += [_with_noun(s, words.tag_nouns) for s in shown[:3]]
    wanted += themed[3:5]
    return [w for w in wanted if w][:9]


def _with_noun(text: str, nouns: Sequence[str]) -> str:
    """The words followed by the longest product noun that still fits a tag; fewer words when none does."""
    found = text.split()
    while found:
        for noun in nouns:
            tag = " ".join([*found, noun])
            if len(tag) <= rules.TAG_MAX and found[0].casefold() not in SMALL_WORDS:
                return tag
        found = found[1:]
    return ""


def _subject_word(words: list[str]) -> str:
    """The thing a subject shows: "a red fox sitting on a log" is about "red fox"."""
    kept: list[str] = []
    for word in words:
        if word.casefold() in SMALL_WORDS or word.casefold().endswith("ing"):
            if kept:
                break
            continue
        kept.append(word)
    return " ".join(kept[:2])


def _theme_tags(words: Iterable[str]) -> list[str]:
    """Search words of every theme these words belong to, themes in order of how often they are named."""
    times: dict[str, int] = {}
    for word in words:
        for key in {word.casefold(), _singular(word)} & THEME_TAGS.keys():
            times[key] = times.get(key, 0) + 1
    ranked = sorted(times, key=lambda key: -times[key])
    return _distinct(tag for key in ranked[:3] for tag in THEME_TAGS[key][:3])


# --- description ------------------------------------------------------------------------------------------------------


def _description(source: WriterInput, words: ProductWords, name: str) -> str:
    """What you get, sizes, how to download, what is allowed, how it was made: in that order, in short paragraphs."""
    style = plain_words(source.style, most=30).casefold()
    opening = words.open_with
    if style:
        article = opening.split(" ", 1)[0]
        opening = f"{article} {style} {opening[len(article) + 1 :]}" if article in ("a", "an") else f"{style} {opening}"
    opening = opening[:1].upper() + opening[1:]
    lead = f"{name}: {opening}." if name else f"{opening}."
    return f"{lead} Good for {words.use}.\n\n{facts(source)}"


def facts(source: WriterInput) -> str:
    """Everything a buyer must be able to rely on: what is in the files, how to get them, what is allowed, how they were
    made. Always written by rule, whoever writes the opening."""
    parts = [
        "WHAT YOU GET\n" + "\n".join(f"• {line}" for line in _what_you_get(source)),
        _shown(source),
        "THIS IS A DIGITAL DOWNLOAD. Nothing is shipped. Colors may look slightly different on your screen and printer.",
        _how_to_download(source),
        "WHAT IS ALLOWED\n"
        "• Personal projects and gifts.\n"
        "• Finished products made by you in a small business, such as printed cards or decorated goods.\n"
        "• Not allowed: reselling, sharing or giving away the files, alone or in a collection of files.",
        f"HOW IT WAS MADE\n{DISCLOSURES[source.disclosure].words}",
    ]
    return "\n\n".join(part for part in parts if part)


def _what_you_get(source: WriterInput) -> list[str]:
    formats = _formats(source).replace(" ", ", ")
    many = "1 picture" if source.count <= 1 else f"{source.count} different pictures"
    lines = [f"{many} ({formats})" if formats else many]
    if source.width_px > 0 and source.height_px > 0 and source.dpi > 0:
        wide, high = source.width_px / source.dpi, source.height_px / source.dpi
        lines.append(
            f"Each {source.width_px} × {source.height_px} pixels at {source.dpi} DPI, "
            f"which prints up to {wide:.1f} × {high:.1f} in ({wide * 2.54:.0f} × {high * 2.54:.0f} cm)"
        )
    if sizes := [s.strip() for s in source.sizes if s.strip()]:
        lines.append("Sizes: " + ", ".join(sizes[:12]))
    if source.transparent:
        lines.append("Transparent background, ready to place on anything")
    return lines


def _shown(source: WriterInput) -> str:
    shown = _distinct(plain_words(s, most=60) for s in source.subjects[:_SUBJECTS_NAMED])
    return "WHAT IS SHOWN\n" + ", ".join(shown) if len(shown) > 1 else ""


def _how_to_download(source: WriterInput) -> str:
    files = "the file" if source.downloads <= 1 else f"all {source.downloads} files"
    return (
        "HOW TO DOWNLOAD\n"
        "1. After your payment, open Purchases in your Etsy account (or the link in Etsy's e-mail).\n"
        f"2. Select Download Files next to your order and save {files}.\n"
        "3. Open any ZIP file on a computer (double-click, or right-click and Extract All) to see what is inside."
    )
