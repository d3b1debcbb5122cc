"""A shop's listing template: what the seller wants in every listing of one shop, put into a written one.

A part that breaks Etsy's rules there, doesn't fit, or isn't true of these files is left out with a note; the listing itself never fails for
its template. It must never let a false claim through: the parts are held to the same truth check as the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from elistit import names
from elistit.listings import rules, truth
from elistit.listings.models import ListingTemplate
from elistit.listings.writer import ListingText

PART_MAX = 60
WORDS_MAX = 4_000
WHO_MADE = {"i_did": "I did", "collective": "A member of my shop"}
"""Etsy's other answer, another company, is refused for a new download without a production partner."""
SECTION_MAX = 10**15


@dataclass(frozen=True)
class Template:
    """What every listing of a shop has. `section` is Etsy's number of a shop section, 0 for none; `renews`: Etsy renews the listing
    when it expires, for its fee."""

    title_opening: str = ""
    title_closing: str = ""
    opening: str = ""
    closing: str = ""
    tags: tuple[str, ...] = ()
    section: int = 0
    who_made: str = "i_did"
    renews: bool = False


def of(owner_id: int, number: int) -> Template:
    """The template of a shop; an empty one where there is none."""
    row = ListingTemplate.objects.filter(owner_id=owner_id, shop_id=number).first()
    if row is None:
        return Template()
    return Template(
        row.title_opening,
        row.title_closing,
        row.opening,
        row.closing,
        tuple(row.tags),
        row.section,
        row.who_made,
        row.renews,
    )


def problems(template: Template) -> dict[str, str]:
    """What is wrong with a template, in one sentence by field; empty when every part meets Etsy's rules on its own."""
    found: dict[str, str] = {}
    for field in ("title_opening", "title_closing"):
        part = getattr(template, field)
        if len(part) > PART_MAX:
            found[field] = f"At most {PART_MAX} characters fit."
        elif part and (wrong := rules.check(part, (), "x", 100)):
            found[field] = wrong[0].words
    for field in ("opening", "closing"):
        if len(getattr(template, field)) > WORDS_MAX:
            found[field] = f"At most {WORDS_MAX:,} characters fit."
    if wrong := rules.check("x", template.tags, "x", 100):
        found["tags"] = " ".join(p.words for p in wrong)
    if template.who_made not in WHO_MADE:
        found["who_made"] = f"Choose one of: {', '.join(WHO_MADE)}."
    if not 0 <= template.section < SECTION_MAX:
        found["section"] = "Enter the number of the section as the address of the section on Etsy shows it."
    return found


def apply(text: ListingText, template: Template, facts: truth.Facts | None = None) -> ListingText:
    """A written listing with what its shop's template adds. Pure; an empty template changes nothing. The result meets Etsy's rules
    wherever `text` did."""
    notes: list[str] = []
    title = _title(text, template, facts, notes)
    tags = _tags(text.tags, template.tags, facts, notes)
    parts = [text.description]
    for place, words in (("opening", template.opening.strip()), ("closing", template.closing.strip())):
        if not words:
            continue
        if facts is not None and (false := truth.check("", (), words, facts)):
            notes.append(f"Your template's {place} was left out of the description: {false[0].words}")
        elif place == "opening":
            parts.insert(0, words)
        else:
            parts.append(words)
    return replace(text, title=title, tags=tags, description="\n\n".join(parts), notes=(*text.notes, *notes))


def _title(text: ListingText, template: Template, facts: truth.Facts | None, notes: list[str]) -> str:
    title = text.title
    for place, part in (("opening", template.title_opening.strip()), ("closing", template.title_closing.strip())):
        if not part:
            continue
        # Etsy's characters count; the shop's own words stay whole and the written ones give way.
        room = rules.TITLE_MAX - len(part) - 1
        short = names.cut_at_word(title, room).rstrip(" ,;:-–|") if len(title) > room else title
        joined = f"{part} {short}" if place == "opening" else f"{short} {part}"
        wrong = rules.check(joined, (), "x", 100)
        false = truth.check(joined, (), "", facts) if facts is not None else []
        if wrong or false or not short:
            why = wrong[0].words if wrong else false[0].words if false else "It leaves no room for a title."
            notes.append(f"Your template's {place} was left out of the title: {why}")
        else:
            title = joined
    return title


def _tags(written: Sequence[str], always: Sequence[str], facts: truth.Facts | None, notes: list[str]) -> list[str]:
    kept: list[str] = []
    for tag in always:
        if facts is not None and (false := truth.check("", (tag,), "", facts)):
            notes.append(f"Your template's tag “{tag}” was left out: {false[0].words}")
        else:
            kept.append(tag)
    taken = {tag.casefold() for tag in kept}
    return [*kept, *(tag for tag in written if tag.casefold() not in taken)][: rules.TAGS_MAX]
