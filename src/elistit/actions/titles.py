"""The saved titles of a listing, for comparison: each with its length, the result of Etsy's rules and of the comparison
with the files, and the keywords it covers.

Also what sellers do with them. It must never decide which title is better: that is the seller's choice.
"""

from __future__ import annotations

from typing import Any

from elistit import names
from elistit.accounts.models import User
from elistit.listings import keyword_list, ranking, rules, truth
from elistit.projects import gate, listing_text, listing_titles
from elistit.projects.errors import InvalidSpec, NotPossible
from elistit.projects.models import Listing, Project
from elistit.projects.title_models import ListingTitle
from elistit.stages import facts, listing_notes

KEYWORDS_NAMED = 12


def compare(project: Project) -> list[dict[str, Any]]:
    """Every saved title, as the API shows it; only the listing's own if no other was saved. Empty before there is one."""
    listing = Listing.objects.filter(project=project, text=Listing.Text.WRITTEN).first()
    if listing is None or not listing.title:
        return []
    rows = listing_titles.kept(project)
    if not any(row.text == listing.title for row in rows):
        rows = [ListingTitle(project=project, number=0, text=listing.title, created_at=project.created_at), *rows]
    made, terms = facts.of(project), keyword_list.of(project.owner_id)
    return [_shown(row, listing, made, terms) for row in rows]


def _shown(row: ListingTitle, listing: Listing, made: truth.Facts, terms: list[Any]) -> dict[str, Any]:
    covered = ranking.covered(terms, [row.text])
    return {
        "number": row.number,
        "title": row.text,
        "in_use": row.text == listing.title,
        "removed": row.removed_at is not None,
        "length": len(row.text),
        "words": len(row.text.split()),
        "problems": [
            p.words for p in rules.check(row.text, listing.tags, listing.description or "-", 100) if p.field == "title"
        ],
        "untrue": [f.words for f in truth.check(row.text, (), "", made)],
        "keywords": [k.term for k in covered[:KEYWORDS_NAMED]],
        "keywords_covered": len(covered),
        "searches": sum(k.volume for k in covered),
        "used_since": list(row.used),
        "created_at": row.created_at.isoformat(),
    }


def add(owner: User, public_id: str, title: str) -> int | None:
    """Save another title. Returns its number, or None when it was saved already. Raises InvalidSpec for one that Etsy wouldn't
    accept, NotFound, NotPossible."""
    text = names.one_line(title)
    if problems := [p.words for p in rules.check(text, (), "-", 100) if p.field == "title"]:
        raise InvalidSpec({"title": " ".join(problems)})
    known = {shown["title"] for shown in compare(gate.own_project(owner, public_id)) if not shown["removed"]}
    row = listing_titles.add(owner, public_id, text)
    return None if row.text in known else row.number


def use(owner: User, public_id: str, number: int) -> None:
    """Use a saved title for the draft. Raises NotFound, NotPossible."""
    project = gate.own_project(owner, public_id)
    listing = Listing.objects.filter(project=project).first()
    if not listing_text.is_editable(project, listing) or listing is None:
        raise NotPossible(listing_text.ON_ETSY)
    row = listing_titles.choice(project, number)
    notes = listing_notes.notes(project, row.text, listing.tags, listing.description)
    listing_titles.use(owner, public_id, number, notes)


def remove(owner: User, public_id: str, number: int) -> None:
    """Remove a saved title. Titles that were used stay in the history. `restore` undoes it. Raises NotFound, NotPossible for the
    one in use."""
    listing_titles.remove(owner, public_id, number)


def restore(owner: User, public_id: str, number: int) -> None:
    """Undo `remove`. Raises NotFound, NotPossible when there is no room for it."""
    listing_titles.restore(owner, public_id, number)
