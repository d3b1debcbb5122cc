"""The help articles: which there are, their sections, and the search over them.

An article is a template of `templates/studio/help/` whose sections begin with `<h2 id=…>`. The search reads what the articles
say at this moment, so that it finds the numbers the pages show. It must never read anything about a seller.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

from django.template import loader
from django.utils.safestring import SafeString, mark_safe

from elistit.studio.help_facts import facts


@dataclass(frozen=True)
class Article:
    """One article. `words` are what people type who look for it and that it doesn't say itself."""

    slug: str
    title: str
    about: str
    words: str = ""


ARTICLES: dict[str, Article] = {
    a.slug: a
    for a in (
        Article(
            "failed", "A project failed — what happens to my credits?",
            "What we retry, what is refunded automatically, what isn't, and what to do when a project seems stuck.",
            "error broken refund money back lost credits hang hanging slow frozen waiting long support contact blocked timeout",
        ),
        Article(
            "credits", "How the credit system works",
            "Prices, refunds, which credits are used first, and when they expire.",
            "balance expire expiry top-up plan monthly allowance charge charged payment history billing invoice money refund",
        ),
        Article(
            "tools", "How credits are used per tool",
            "What each tool costs, what is free, and an example for each product type.",
            "price prices cost costs cheap expensive upscale mockup remake model per image",
        ),
        Article(
            "approval", "Reviewing and approving images",
            "Keep, drop and remake, what each costs, and what our own check looks for.",
            "gate review accept reject bad image redo regenerate again quality flagged deadline keyboard",
        ),
        Article(
            "ratios", "Sizes, ratios and file formats",
            "What each product type is made at, and what the buyer gets.",
            "dimensions pixels resolution inches print portrait landscape jpg png svg pdf format dpi aspect",
        ),
        Article(
            "files", "Where your files are",
            "Downloads, the delivery ZIP, Google Drive, buyers' download links, and how long files are kept.",
            "download zip folder drive storage deleted missing expire product card upload kit too large",
        ),
        Article(
            "drafts", "Etsy drafts",
            "What the draft contains, what happens when Etsy rejects it, and how to publish.",
            "listing shop connect publish retry skip tags title rejected etsy price currency",
        ),
        Article(
            "batches", "Batches: many projects from one list",
            "Launch a whole list of ideas with one price, pause it, and review one project after another.",
            "csv spreadsheet bulk many list import rows pause resume",
        ),
        Article(
            "brand-kits", "Brand kits, series and templates",
            "Keep your license, palette and prices, make products that match, and begin with a filled-in form.",
            "brand preset presets style palette license licence closing text price rules duplicate copy same look match bundle more like",
        ),
        Article(
            "lettering", "Lettering",
            "Quotes, names, monograms and alphabets, and which characters can be set.",
            "text words font fonts quote quotes typography letters alphabet monogram family name sign characters script emoji",
        ),
        Article(
            "patterns", "Seamless patterns",
            "How many tiles, what seamless means here, and what your buyers get.",
            "tile tiles digital paper repeat repeating fabric seam edges scrapbook",
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Section:
    """A part of an article: its heading, the id it is linked by (empty for what stands before the first heading), its text."""

    id: str
    title: str
    text: str


_HEADING = re.compile(r'<h2 id="(?P<id>[a-z0-9_-]+)">(?P<title>.*?)</h2>', re.S)
_TAG = re.compile(r"<[^>]+>")


def body(article: Article, more: dict[str, Any] | None = None) -> SafeString:
    """An article's text as HTML. `more` is what only its reader's page knows."""
    return mark_safe(loader.render_to_string(f"studio/help/{article.slug}.html", {**facts(), **(more or {})}))


def sections(text: str) -> list[Section]:
    """The sections of an article's HTML, in order, as plain text."""
    found, last, name, title = [], 0, "", ""
    for heading in _HEADING.finditer(text):
        found.append(Section(name, title, _plain(text[last : heading.start()])))
        name, title, last = heading["id"], _plain(heading["title"]), heading.end()
    found.append(Section(name, title, _plain(text[last:])))
    return [section for section in found if section.title or section.text]


def _plain(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


_SILENT = frozenset(
    {
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "can",
        "do",
        "does",
        "for",
        "from",
        "get",
        "has",
        "have",
        "how",
        "i",
        "if",
        "in",
        "is",
        "it",
        "its",
        "me",
        "my",
        "no",
        "not",
        "of",
        "on",
        "or",
        "so",
        "that",
        "the",
        "their",
        "there",
        "they",
        "this",
        "to",
        "was",
        "we",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
    }
)
"""Words of a question that say nothing about what is asked."""
QUERY_MAX = 120
RESULTS_MAX = 12
_SNIPPET = 170


@dataclass(frozen=True)
class Result:
    """One section that was found."""

    article: Article
    section: Section
    snippet: str

    @property
    def address(self) -> str:
        """What follows the article's own address."""
        return f"#{self.section.id}" if self.section.id else ""


def search(query: str) -> list[Result]:
    """The sections that say what was asked, best first, at most `RESULTS_MAX`. An empty query finds nothing."""
    wanted = list(dict.fromkeys(_stem(w) for w in re.findall(r"[\w']+", query[:QUERY_MAX].lower()) if w not in _SILENT))
    if not wanted:
        return []
    ranked: list[tuple[int, int, int, Result]] = []
    for place, article in enumerate(ARTICLES.values()):
        of_article = _stems(f"{article.title} {article.about}"), _stems(article.words)
        for section in sections(body(article)):
            heading, text = _stems(section.title), _stems(section.text)
            scores = [_score(word, of_article, heading, text) for word in wanted]
            here = [word for word in wanted if word in heading or word in text]
            if all(scores) and (here or not section.id):
                snippet = _snippet(section.text, here)
                ranked.append((-len(here), -sum(scores), place, Result(article, section, snippet)))
    ranked.sort(key=lambda row: row[:3])
    return [row[3] for row in ranked[:RESULTS_MAX]]


def _score(word: str, of_article: tuple[set[str], set[str]], heading: set[str], text: set[str]) -> int:
    title, more = of_article
    return 6 * (word in title) + 4 * (word in more) + 5 * (word in heading) + 2 * (word in text)


def _stems(text: str) -> set[str]:
    return {_stem(w) for w in re.findall(r"[\w']+", text.lower())}


def _stem(word: str) -> str:
    """A word without the endings that hide that two are the same: `refunds`, `refunded`, `refunding`."""
    for ending in ("ing", "ies", "ied", "es", "ed", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _snippet(text: str, wanted: list[str]) -> str:
    """The part of a text around the first wanted word, cut at words."""
    at = next((m.start() for m in re.finditer(r"[\w']+", text) if _stem(m.group().lower()) in wanted), 0)
    start = max(0, text.rfind(". ", 0, at) + 2) if ". " in text[:at] else 0
    if at - start > _SNIPPET // 2:
        start = text.rfind(" ", 0, at - 40) + 1
    cut = text[start : start + _SNIPPET]
    if start + _SNIPPET < len(text):
        cut = cut[: cut.rfind(" ")].rstrip(",;:") + " …"
    return ("… " if start and text[start - 2 : start] != ". " else "") + cut
