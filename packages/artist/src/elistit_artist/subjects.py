"""What the artist knows, by name: what a drawing shows, a search over every subject, and picks for a list of subjects.

Pure. The name of a drawing is read from what was planned or drawn, never from the words of a prompt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from elistit_artist import brief, compose, figures, lexicon, names, pictures, styles
from elistit_artist.known_as import KNOWN_AS
from elistit_artist.lettering import planning as letters
from elistit_artist.plans import Pick

SEARCH_MAX = 60


@dataclass(frozen=True)
class Known:
    """A subject the artist draws: its name, the figure's code, and the parameters of its first variant."""

    subject: str
    code: str
    params: dict[str, Any]


def subject_of(art: dict[str, Any]) -> str:
    """What a drawing shows, in a few words without an article ("black cat", "boho sun"); "" when `art` is no drawing of the
    built-in artist."""
    if lettering := art.get("lettering"):
        return letters.subject_of(lettering)
    guest = art.get("guest")
    if guest:
        return subject_of({"subject": guest["subject"], "params": guest.get("params") or {}})
    if scene := art.get("scene"):
        return str(scene).replace("_", " ") if scene in compose.catalogue() else ""
    try:
        figure = figures.find(str(art.get("subject") or ""))
    except KeyError:
        return ""
    return _bare(str((art.get("params") or {}).get("kind") or figure.name))


def _bare(name: str) -> str:
    return re.sub(r"^(an?|some|the) ", "", name)


@cache
def known() -> tuple[Known, ...]:
    """Every subject by name, in the catalogue's order; a figure with kinds once for each."""
    found: dict[str, Known] = {}
    for code in figures.catalogue():
        for params in figures.variants(code) or [{}]:
            name = subject_of({"subject": code, "params": params})
            found.setdefault(name, Known(name, code, params))
    return tuple(found.values())


@cache
def _searched(code: str) -> frozenset[str]:
    """Words by which a figure is found beside its names: its tags, themes and the other names sellers use."""
    figure = figures.find(code)
    others = [w for w, meant in KNOWN_AS.items() if code in re.split(r"[+=]", meant)]
    return frozenset(lexicon.singular(w) for text in (*figure.tags, *figure.themes, *others) for w in text.split())


def search(query: str, limit: int = 24) -> list[Known]:
    """Subjects that answer to every word of a query, those called so first; all of them, in order, for an empty query."""
    words = [lexicon.singular(w) for w in re.findall(r"[^\W_]+", query.lower())][:8]
    ranked: list[tuple[int, int, Known]] = []
    for place, subject in enumerate(known()):
        name = [lexicon.singular(w) for w in re.findall(r"[^\W_]+", subject.subject.lower())]
        code = [lexicon.singular(w) for w in subject.code.split("_")]
        rank = 0
        for word in words:
            if word in name or word in code:
                continue
            if any(n.startswith(word) for n in (*name, *code)):
                rank += 1
            elif any(n == word or n.startswith(word) for n in _searched(subject.code)):
                rank += 2
            else:
                break
        else:
            ranked.append((rank, place, subject))
    return [s for _, _, s in sorted(ranked, key=lambda r: r[:2])[: max(1, min(limit, SEARCH_MAX))]]


def plan_for(
    subjects: Sequence[str], options: dict[str, str], seed: int, style: str, *, product: str, ratio: str, idea: str = ""
) -> tuple[list[Pick], list[str]]:
    """One distinct pick for each subject, in their order, and the subjects the artist does not draw. `idea` is the order's,
    for subjects that are words of its lettering."""
    sources: dict[str, Iterator[Pick]] = {}
    unknown: list[str] = []
    picks: list[Pick] = []
    seen: set[str] = set()
    for text in subjects:
        key = " ".join(text.lower().split())
        if key not in sources:
            lettered = letters.of_subject(text, idea, options, seed, product, ratio)
            sources[key] = (
                (
                    Pick(str(p.art["subject"]), p.prompt, {**p.art, "style": styles.for_product(style, product).code})
                    for p in lettered
                )
                if lettered
                else _picks(text, len(subjects), options, seed, style, product, ratio)
            )
        pick = next((p for p in sources[key] if p.prompt not in seen), None)
        if pick is None:
            unknown.append(text)
            continue
        seen.add(pick.prompt)
        picks.append(pick)
    return picks, list(dict.fromkeys(unknown))


def _picks(
    text: str, most: int, options: dict[str, str], seed: int, style: str, product: str, ratio: str
) -> Iterator[Pick]:
    """Picks that show a subject and nothing beside it; none when the artist does not know it."""
    exact = next((s for s in known() if s.subject.lower() == _bare(" ".join(text.lower().split()))), None)
    if pictures.is_picture(product):
        scene = next((c for c in compose.catalogue() if c.replace("_", " ") == text.lower().strip()), "")
        made = brief.plan(text, options, most, seed, style, product=product, ratio=ratio)
        if scene or not made.needs_confirmation:
            yield from (p for p in made.picks if not p.beyond)
        return
    yield from brief.own(text, options, seed, styles.for_product(style, product), exact=_ask(exact))


def _ask(exact: Known | None) -> names.Ask | None:
    if exact is None:
        return None
    kinds = any("kind" in p for p in figures.variants(exact.code))
    return names.Ask(exact.code, (str(exact.params.get("kind") or ""),) if kinds else ())


__all__ = ["Known", "known", "plan_for", "search", "subject_of"]
