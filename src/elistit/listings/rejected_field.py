"""Which field of a listing a rejected draft is about, from what its failure says. Pure.

It must never guess: where Etsy named no field a seller can edit, there is none.
"""

from __future__ import annotations

import re

FIELDS = ("title", "tags", "price", "description")
"""The fields a seller edits, as pages call them."""

_NAMED = re.compile(r"\b(title|tag|price|description)s?\b", re.IGNORECASE)


def rejected_field(detail: str) -> str:
    """The one of `FIELDS` that a drafting failure's `detail` names; empty when it names none of them.

    Our own check of the rules lists its fields (`rules: tags,title`), Etsy's validation the paths of theirs
    (`fields=/tags/3`), and Etsy's one-sentence answers name the field in their words (`said=`).
    """
    if detail.startswith("currency "):
        return "price"
    parts = detail.split("; ")
    for part in parts:
        listed = part.removeprefix("rules: ") if part.startswith("rules: ") else part.partition("fields=")[2]
        for path in listed.split(","):
            if (name := path.strip("/ ").split("/")[0]) in FIELDS:
                return name
    # Only a refusal of the listing itself is about its fields: an answer about the shop may speak of prices as well.
    sentence = next((part for part in parts if part.startswith("said=")), "")
    found = _NAMED.search(sentence) if "not accepted" in parts else None
    return "" if found is None else {"tag": "tags"}.get(found[1].lower(), found[1].lower())
