"""The built-in listing writer: title, thirteen tags, description and price by rule, from what the product is.

Pure and deterministic: the same input gives the same text, with no network, clock or chance. What it writes always
meets `rules.check`, whatever the idea was. It must never promise a buyer anything the input does not state.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from elistit.listings import currencies, product_facts, ranking, rules, truth
from elistit.listings.keywords import Keyword
from elistit.listings.phrases import PRODUCT_WORDS, SMALL_WORDS, THEME_TAGS, ProductWords
from elistit.listings.product_facts import SUBJECTS_NAMED, Holds, WriterInput, distinct, formats_of
from elistit.listings.subjects import singular
from elistit.listings.words import fit, left_out, plain

TITLE_AIM = 100
_HEAD_MOST = 80
# How many tags the seller's own search terms may take before what the product shows and is.
_TERMS_FIRST = 8
_ALL_CAPITALS = frozenset(("png", "svg", "pdf", "jpg", "diy"))


@dataclass(frozen=True)
class ListingText:
    """A listing that meets Etsy's rules. Exactly thirteen tags; `price_cents` in hundredths of `currency`, a suggestion only:
    0 where nothing can be suggested, which the seller has to fill in. `notes` say, in sentences for the seller, which of their
    words are not in it and why."""

    title: str
    tags: list[str]
    description: str
    price_cents: int
    currency: str = currencies.USD
    notes: tuple[str, ...] = ()


def write(source: WriterInput, facts: truth.Facts | None = None) -> ListingText:
    """The listing text of a product. With `facts`, no title or tag says what is not true of them.

    Never raises for odd words; KeyError for an unknown product type or disclosure."""
    words = PRODUCT_WORDS[source.product]

    def true(text: str) -> bool:
        return facts is None or truth.is_true(text, facts)

    name = _name(source, true)
    given = len(source.keywords)
    source = replace(source, keywords=true_keywords(source, facts))
    text = ListingText(
        title=_title(source, words, name, true),
        tags=_tags(source, words, name, true),
        description=_description(source, words, name, true),
        price_cents=suggested_price(source.product, source.count, source.currency),
        currency=currencies.get(source.currency).code,
        notes=tuple(_notes(source, true)),
    )
    text = replace(text, notes=(*text.notes, *_keyword_note(source, text, given)))
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


def _title_case(text: str) -> str:
    """First letters in capitals except of small words; words the seller wrote in capitals (SVG, DIY) stay as they are."""
    words = text.split()
    return " ".join(w if i and w.lower() in SMALL_WORDS else _capital(w) for i, w in enumerate(words))


def _capital(word: str) -> str:
    """The first letter in capitals, where the capital is one letter that Etsy takes too (for some scripts it is not). Names
    of formats are all capitals."""
    if word.lower() in _ALL_CAPITALS:
        return word.upper()
    first = word[:1].upper()
    return first + word[1:] if len(first) == 1 and rules.title_character(first) else word


def _name(source: WriterInput, true: Holds) -> str:
    """What the product is about, in at most 50 characters: the seller's own words as far as they are true, without those
    that only repeat product type or style."""
    style = plain(source.style, most=30)
    nouns = {singular(w) for w in PRODUCT_WORDS[source.product].noun.split()} | {"clipart", "png", "bundle", "set"}
    used = nouns | {singular(w) for w in style.split()}
    for text in (source.title, source.theme):
        kept = _best_run(plain(text, most=400), true, frozenset(used))
        if name := " ".join(_trimmed(fit(kept[:7], 50).split())):
            return _title_case(name)
    for subject in source.subjects:
        if found := _trimmed(fit(_best_run(plain(subject, most=400), true), 40).split()):
            return _title_case(" ".join(found))
    return ""


def _style(source: WriterInput, true: Holds, *, most: int) -> str:
    style = plain(source.style, most=most)
    return style if true(style) else ""


def _true_runs(text: str, true: Holds) -> list[list[str]]:
    """The words of a text in runs that claim nothing false: a false word or phrase ends one run and is in none."""
    found = text.split()
    runs: list[list[str]] = [[]]
    place = 0
    while place < len(found):
        false = next((n for n in (1, 2, 3) if _is_false(found[place : place + n], true)), 0)
        if false:
            runs.append([])
            place += false
        else:
            runs[-1].append(found[place])
            place += 1
    return [run for run in runs if run and true(" ".join(run))]


def _is_false(phrase: list[str], true: Holds) -> bool:
    """Whether a phrase is false by its first word: without that it would not be."""
    return not true(" ".join(phrase)) and (len(phrase) == 1 or true(" ".join(phrase[1:])))


def _best_run(text: str, true: Holds, used: frozenset[str] = frozenset()) -> list[str]:
    """The run with the most words that mean something, without words already `used`; the first of several."""
    runs = [_trimmed([w for w in run if singular(w) not in used]) for run in _true_runs(text, true)]
    return max(runs, key=lambda run: sum(w.casefold() not in SMALL_WORDS for w in run[:7]), default=[])


def _trimmed(found: list[str]) -> list[str]:
    """Words without small ones at either end (“of”, “the”)."""
    while found and found[-1].casefold() in SMALL_WORDS:
        found = found[:-1]
    while found and found[0].casefold() in SMALL_WORDS - {"my", "your", "our"}:
        found = found[1:]
    return found


def ends_small(title: str) -> bool:
    """Whether a title ends in a word that means nothing there (“and”, “with”)."""
    return title.split()[-1:] != [] and title.split()[-1].strip(",.;-").casefold() in SMALL_WORDS - {"set", "bundle"}


def _notes(source: WriterInput, true: Holds) -> list[str]:
    """Which of the seller's words are not in the text, and why."""
    notes = []
    texts = [source.title, source.theme]
    if out := left_out([*texts, *source.subjects]):
        named = ", ".join(f"“{w}”" for w in out[:8])
        notes.append(f"Left out of title and tags, because Etsy doesn't take some of their characters: {named}.")
    words = {
        w.casefold(): w for text in texts for w in plain(text, most=400).split() if w.casefold() not in SMALL_WORDS
    }
    kept = {w.casefold() for text in texts for run in _true_runs(plain(text, most=400), true) for w in run}
    if untrue := [w for key, w in words.items() if key not in kept]:
        named = ", ".join(f"“{w}”" for w in untrue[:8])
        notes.append(f"Left out of title and tags, because the files don't show or have it: {named}.")
    return notes


def _keyword_note(source: WriterInput, text: ListingText, given: int) -> list[str]:
    """Which of the seller's keywords the text covers, in one sentence; nothing without keywords."""
    if not given:
        return []
    used = ranking.covered(source.keywords, [text.title, *text.tags])
    if not used:
        return [f"None of your {given:,} keywords is true of these files, so none was used."]
    named = ", ".join(f"“{k.term}” ({k.volume:,})" if k.volume else f"“{k.term}”" for k in used[:6])
    more = f" and {len(used) - 6} more" if len(used) > 6 else ""
    return [f"From your keywords, by monthly searches: {named}{more}. Only those that are true of the files are used."]


# --- title ------------------------------------------------------------------------------------------------------------


def _title(source: WriterInput, words: ProductWords, name: str, true: Holds) -> str:
    """What it is about, how it looks, what it is, how many of what; then what is shown and what buyers search for, until
    the title has 100 to 140 characters. It ends in a word that means something."""
    style = _title_case(_style(source, true, most=30))
    head = " ".join(part for part in (name, style, words.noun) if part)
    if len(head) > _HEAD_MOST and style:
        head = f"{name} {words.noun}"
    if not true(head):
        head = words.noun
    shown = distinct(_title_case(_subject_word(plain(s, most=60).split())) for s in source.subjects[:SUBJECTS_NAMED])
    searched = [_title_case(tag) for tag in (*_terms(source), *words.title_phrases, *words.tags)]
    few = shown if len(shown) <= 4 else shown[:4]
    title = _with(head, next(([t] for t in (_contents(source), formats_of(source)) if t), []), true, rules.TITLE_MAX)
    title = _with(title, few, true, TITLE_AIM + 10)
    for phrase in searched:
        if len(title) >= TITLE_AIM:
            break
        title = _with(title, [phrase], true, rules.TITLE_MAX)
    return title


def _with(title: str, parts: Iterable[str], true: Holds, most: int) -> str:
    """The title with those parts that fit, are true, and bring at least one word that is not there yet."""
    for part in parts:
        there = {singular(w) for w in title.replace(",", " ").split()}
        new = [w for w in part.split() if singular(w) not in there and w.casefold() not in SMALL_WORDS]
        longer = f"{title}, {part}"
        small_end = part.split()[-1].casefold() in SMALL_WORDS if part else True
        if new and not small_end and len(longer) <= most and true(part) and true(longer):
            title = longer
    return title


def _contents(source: WriterInput) -> str:
    kind = "Transparent PNG" if source.transparent else formats_of(source)
    if source.count <= 1 or not kind:
        return ""
    return f"{source.count} {kind}s" if kind.endswith("PNG") else f"Set of {source.count}"


def _terms(source: WriterInput) -> list[str]:
    return [plain(k.term, most=rules.TITLE_MAX) for k in source.keywords]


def true_keywords(source: WriterInput, facts: truth.Facts | None) -> list[Keyword]:
    """The seller's search terms that are true of this product, the most searched first. Without facts there are none."""
    if facts is None:
        return []
    words = PRODUCT_WORDS[source.product]
    shown = list(facts.shown if facts.shown is not None else source.subjects)
    vouched = [
        *shown, *source.subjects, source.style, words.noun, *words.tag_nouns, *words.tags, *words.title_phrases,
        *facts.formats, *(facts.colors or ()), *_theme_tags(w for s in source.subjects for w in plain(s, most=60).split()),
        str(source.count), "set" if source.count > 1 else "",
    ]  # fmt: skip
    return ranking.true_terms(source.keywords, vouched, shown, lambda term: truth.is_true(term, facts))


# --- tags -------------------------------------------------------------------------------------------------------------


def _tags(source: WriterInput, words: ProductWords, name: str, true: Holds) -> list[str]:
    """Thirteen distinct true tags: what it shows, how it looks, what it is, who looks for it; then the product's own words."""
    chosen: dict[str, str] = {}
    for candidate in [
        *_terms(source)[:_TERMS_FIRST],
        *_wanted_tags(source, words, name, true),
        *_terms(source),
        *words.tags,
    ]:
        tag = plain(candidate, most=rules.TAG_MAX + 20).casefold()
        if len(tag) < 2 or len(tag) > rules.TAG_MAX or rules.check("x", [tag], "x", 100) or not true(tag):
            continue
        if tag.split()[-1] in SMALL_WORDS - {"set", "bundle"}:
            continue
        chosen.setdefault(tag_key(tag), tag)
        if len(chosen) == rules.TAGS_MAX:
            break
    assert len(chosen) == rules.TAGS_MAX, "the product's own tags must be enough to fill the list"
    return list(chosen.values())


def tag_key(tag: str) -> str:
    """Two tags with one key are one tag to a buyer: order, plural, hyphens and where a compound is parted don't count."""
    return "".join(sorted(singular(w) for w in tag.replace("-", " ").replace("clip art", "clipart").split()))


def _wanted_tags(source: WriterInput, words: ProductWords, name: str, true: Holds) -> list[str]:
    """The candidates that come from this very product, best first; at most ten, so general search words have room."""
    style = _style(source, true, most=rules.TAG_MAX)
    about = [w for w in name.split() if w.casefold() not in SMALL_WORDS]
    wanted = [_with_noun(name, words.tag_nouns), _with_noun(" ".join(about[-2:]), words.tag_nouns)]
    wanted.append(_with_noun(style, words.tag_nouns))
    if about and style:
        wanted.append(f"{style} {about[-1]}")
    subjects = [plain(s, most=60).split() for s in source.subjects[:SUBJECTS_NAMED]]
    shown = distinct(_subject_word(s) for s in subjects)
    themed = _theme_tags([*about, *(w for s in subjects for w in s)])
    if source.product not in ("clipart", "sticker", "svg"):
        themed = [t for t in themed if "clipart" not in t]
    wanted += themed[:3]
    wanted += [_with_noun(s, words.tag_nouns) for s in shown[:3]]
    wanted += themed[3:5]
    return distinct(w for w in wanted if w and true(w))[:10]


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
        for key in {word.casefold(), singular(word)} & THEME_TAGS.keys():
            times[key] = times.get(key, 0) + 1
    ranked = sorted(times, key=lambda key: -times[key])
    return distinct(tag for key in ranked[:3] for tag in THEME_TAGS[key][:3])


# --- description ------------------------------------------------------------------------------------------------------


def _description(source: WriterInput, words: ProductWords, name: str, true: Holds) -> str:
    """What you get, sizes, how to download, what is allowed, how it was made: in that order, in short paragraphs."""
    style = _style(source, true, most=30).casefold()
    opening = words.open_with
    if style:
        article = opening.split(" ", 1)[0]
        styled = f"{article} {style} {opening[len(article) + 1 :]}" if article in ("a", "an") else f"{style} {opening}"
        opening = styled if true(styled) else opening
    opening = opening[:1].upper() + opening[1:]
    lead = f"{name}: {opening}." if name else f"{opening}."
    return f"{lead} Good for {words.use}.\n\n{product_facts.facts(source, true)}"
