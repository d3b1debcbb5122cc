"""The storyboard: what will be made, shown with the price and kept with the quote, so that what was shown is what is made.

Rows are written once, beside the quote they belong to, and never changed. Nothing here plans anything or knows a provider; who
asks brings the planned storyboard along (`stages.storyboards`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from elistit.credits.models import Quote
from elistit.projects.errors import InvalidSpec
from elistit.projects.models import Storyboard

SUBJECT_MAX = 120


@dataclass(frozen=True)
class Planned:
    """One item of a storyboard. `art` is what the image provider needs to draw exactly this, JSON-safe."""

    subject: str
    prompt: str
    art: dict[str, Any] = field(default_factory=dict)
    beyond_idea: bool = False


@dataclass(frozen=True)
class Board:
    """A storyboard. `not_drawn` are words of the idea that will not be drawn; with the main noun among them the launch
    `needs_confirmation`. `distinct` counts items that look different, `asked` is how many were ordered: a set that cannot reach
    it in different images has fewer items (rules §4). Without items the prompts are written by a language model after the
    launch."""

    title: str
    theme: str
    items: tuple[Planned, ...]
    used: tuple[str, ...] = ()
    not_drawn: tuple[str, ...] = ()
    needs_confirmation: bool = False
    distinct: int = 0
    note: str = ""
    asked: int = 0

    @property
    def fewer(self) -> str:
        """The sentence about a set of fewer images than were ordered; empty when there are as many."""
        if not self.items or len(self.items) >= self.asked:
            return ""
        made = len(self.items)
        return f"{made} different, you asked for {self.asked}. Only {'this 1 is' if made == 1 else f'these {made} are'} made and charged."

    @property
    def beyond(self) -> int:
        """How many items no word of the idea asks for."""
        return sum(item.beyond_idea for item in self.items)


Kept = tuple[Board, str]
"""A storyboard that was written down, and the digest of the order it was planned for."""


def shown(board: Board) -> dict[str, Any]:
    """A storyboard as the API and the command line answer with it."""
    return {
        "title": board.title,
        "subjects": [
            {"number": n, "subject": item.subject, "beyond_idea": item.beyond_idea}
            for n, item in enumerate(board.items, start=1)
        ],
        "not_drawn": list(board.not_drawn),
        "distinct": board.distinct,
        "needs_confirmation": board.needs_confirmation,
    }


def require_confirmed(board: Board, *, confirmed: bool) -> None:
    """Raises InvalidSpec naming the words, when the main noun will not be drawn and the seller has not confirmed it."""
    if not board.needs_confirmation or confirmed:
        return
    words = ", ".join(f"“{w}”" for w in board.not_drawn[:12]) or "the idea"
    raise InvalidSpec(
        {
            "confirm_not_drawn": f"The built-in artist doesn't draw {words}. Confirm that you want the storyboard as shown, "
            "or choose another model."
        }
    )


def digest(order: Mapping[str, Any]) -> str:
    """What an order's storyboard depends on, as one number: product, idea, options, ratio, model, count and subjects."""
    kept = {k: order[k] for k in ("product", "idea", "options", "ratio", "model", "count", "storyboard")}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=False, default=list).encode()).hexdigest()


def keep(quote: Quote, board: Board, order_digest: str, *, new: bool = False) -> None:
    """Write a storyboard down beside its quote. Once for each quote. `new`: the quote was frozen in this request, so that no
    one can have written one yet."""
    fields = {
        "digest": order_digest,
        "title": board.title,
        "brief": {"theme": board.theme, "used": list(board.used), "note": board.note, "asked": board.asked},
        "items": [
            {"subject": i.subject, "prompt": i.prompt, "art": i.art, "beyond_idea": i.beyond_idea} for i in board.items
        ],
        "not_drawn": list(board.not_drawn),
        "needs_confirmation": board.needs_confirmation,
        "distinct": board.distinct,
    }
    if new:
        Storyboard.objects.create(quote=quote, **fields)
    else:
        Storyboard.objects.get_or_create(quote=quote, defaults=fields)


def find(quote_id: str) -> Kept | None:
    """The storyboard kept beside a quote and the digest of its order; None when it has none."""
    row = Storyboard.objects.filter(pk=quote_id).first()
    return None if row is None else (of_row(row), row.digest)


def of_quote(quote: Quote | None) -> Kept | None:
    """What `find` answers, for a quote that was read together with its storyboard (`select_related("storyboard")`)."""
    row = getattr(quote, "storyboard", None)
    return None if row is None else (of_row(row), row.digest)


def of_row(row: Storyboard) -> Board:
    """A storyboard as it was kept."""
    items = tuple(Planned(i["subject"], i["prompt"], i["art"], i["beyond_idea"]) for i in row.items)
    return Board(
        row.title, row.brief["theme"], items, tuple(row.brief["used"]), tuple(row.not_drawn), row.needs_confirmation,
        row.distinct, row.brief["note"], row.brief.get("asked") or len(items),
    )  # fmt: skip


def checked_subjects(given: Sequence[str], errors: dict[str, str]) -> tuple[str, ...]:
    """The seller's own list of subjects, tidied. Puts one sentence into `errors` for a list that cannot be right."""
    tidy = tuple(" ".join(text.split()) for text in given)
    if any(not text for text in tidy):
        errors["storyboard"] = "A subject is empty. Name what to draw, or remove it."
    elif long := next((text for text in tidy if len(text) > SUBJECT_MAX), ""):
        errors["storyboard"] = f"“{long[:40]}…” is too long; a subject has at most {SUBJECT_MAX} characters."
    return tidy
