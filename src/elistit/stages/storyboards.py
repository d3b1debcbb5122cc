"""Planning the storyboard of an order, with the built-in writer: always the same for the same seller and order.

Joins the order (`projects`) with the artist that will draw it (`providers`). It must never plan anything else for the
launch than for the quote, and never call a provider.
"""

from __future__ import annotations

import dataclasses
import hashlib
import pickle
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, transaction

from elistit.accounts.models import User
from elistit.chain import variety
from elistit.credits.models import Quote
from elistit.projects import launch as launching
from elistit.projects import orders, storyboard
from elistit.projects.errors import InvalidSpec, NotPossible
from elistit.projects.orders import LaunchSpec
from elistit.projects.products import LETTERING_OPTIONS, ModelChoice, Product, product_type
from elistit.projects.storyboard import Board, Planned
from elistit.providers.builtin import brief, patterns, subjects
from elistit.providers.builtin import sketch as sketching
from elistit.stages import copywriting, presets

if TYPE_CHECKING:
    from elistit.providers.builtin import Pick

# Prompt wording that makes items differ, for models that can draw anything, when the built-in writer doesn't know the
# idea.
_VIEWS = (
    "", "seen from the front", "seen from the side", "in close-up", "as a small group", "in motion", "seen from above",
    "resting", "in a playful pose", "with simple details",
)  # fmt: skip
_TURNS = (
    "", "facing left", "facing right", "in warm colors", "in cool colors", "in soft colors", "in bold colors", "smaller",
    "with an open composition", "with a tight composition",
)  # fmt: skip

# The same for tiles, which must be seamless at their edges.
_REPEATS = tuple(
    f"seamless repeating pattern tile, {layout}"
    for layout in (
        "tossed all over", "small ditsy print", "with stripes", "half-drop repeat", "brick repeat", "with gingham checks",
        "with scallops", "on a trellis", "as a damask", "large and spaced out",
    )
)  # fmt: skip
_OWN_LIST = "You chose the subjects yourself."
# This many picks of an idea show which figures it asks for.
_LOOKED_AT = 100
# Among at most this many picks it looks for a set with as many different images as the product type needs.
_WIDEST = 240


def plan(owner: User, spec: LaunchSpec, *, repeats: bool = False) -> Board | None:
    """The storyboard of a checked order; None for the seller's own images, for which nothing is planned.

    For the built-in artist, a plan from an idea has only items that look different, and fewer than ordered if there are
    no more. A list of the seller's own is kept whole. `repeats` plans as many as ordered even if they look alike, for
    projects that were charged for them already. Free: writes nothing and calls no service. Raises InvalidSpec naming
    subjects of the seller's list that the built-in artist doesn't draw, or when fewer look different than the product
    type needs.
    """
    check_lettering(spec)
    if product_type(spec.product).model == ModelChoice.NONE:
        return None
    assert spec.count is not None
    if spec.storyboard:
        return _of_list(owner, spec)
    if copywriting.brief_writer(spec.model):
        return Board(
            spec.name, "", (), distinct=spec.count, note="A language model writes the prompts after the launch.",
            asked=spec.count,
        )  # fmt: skip
    found = _planned(owner, spec)
    if not is_builtin(spec) and (
        found.needs_confirmation or found.unused or found.named_style not in ("", found.style)
    ):
        return _of_idea(spec)
    items = tuple(_item(owner, spec, pick) for pick in found.picks)
    if not repeats and is_builtin(spec):
        items = _widened(owner, spec, _different(items, spec.count))
    board = Board(
        found.title, found.theme, items, tuple(found.used), tuple(found.unused), found.needs_confirmation,
        _distinct(items), "", spec.count,
    )  # fmt: skip
    return _enough(spec, dataclasses.replace(board, note=_note(found.note, board)))


def _widened(owner: User, spec: LaunchSpec, items: tuple[Planned, ...]) -> tuple[Planned, ...]:
    """More items, if the writer knows more about the idea than was ordered: other poses, other colors, related
    subjects. For a thin idea, at least as many as the product type needs, if they can be found."""
    assert spec.count is not None
    for wanted, wide in ((spec.count, 2 * spec.count), (product_type(spec.product).count_min, _WIDEST)):
        if len(items) < wanted:
            planned = _planned(owner, dataclasses.replace(spec, count=wide)).picks
            items = _different([_item(owner, spec, pick) for pick in planned], wanted)
    return items


def _different(items: Sequence[Planned], limit: int | None = None) -> tuple[Planned, ...]:
    """The items that don't look like an earlier one."""
    return tuple(items[place] for place in variety.different([item.art for item in items], limit))


def _note(note: str, board: Board) -> str:
    """The writer's note, with its numbers corrected for the items that are left."""
    said = [s for s in re.split(r"(?<=[.])\s+", note) if s and "go beyond the idea" not in s]
    if board.beyond and not board.needs_confirmation:
        said.append(f"{board.beyond} of {len(board.items)} images go beyond the idea, to make the set large enough.")
    return " ".join(filter(None, (*said, board.fewer)))


def _enough(spec: LaunchSpec, board: Board) -> Board:
    """Raises InvalidSpec when fewer images look different than the product type needs (rules §4)."""
    least = product_type(spec.product).count_min
    if len(board.items) >= least:
        return board
    kind = product_type(spec.product).name
    raise InvalidSpec(
        {
            "count": f"The built-in artist can make {len(board.items)} different images of this, you asked for "
            f"{board.asked}. {kind}: at least {least} are needed. Widen the idea, or choose another style or product type."
        }
    )


def check_lettering(spec: LaunchSpec) -> None:
    """Raises InvalidSpec naming the characters that no bundled font has, or lettering that can't be set. Reads no database."""
    wanted = next((k for k in LETTERING_OPTIONS if spec.options.get(k)), "")
    if product_type(spec.product).model == ModelChoice.NONE:
        if wanted:
            raise InvalidSpec({f"options.{wanted}": "Your own images are not lettered."})
    elif product_type(spec.product).seamless:
        if wanted:
            raise InvalidSpec({f"options.{wanted}": "Patterns have no lettering. Clear this field."})
    elif not is_builtin(spec):
        if wanted:
            words = "Only the built-in artist sets lettering. Choose one of its models."
            raise InvalidSpec({f"options.{wanted}": words})
    elif wrong := brief.lettering_problem(spec.idea, dict(spec.options), spec.product):
        raise InvalidSpec({wrong[0]: wrong[1]})


def is_builtin(spec: LaunchSpec) -> bool:
    """Whether the built-in artist draws an order; it draws only subjects it knows."""
    return spec.model.startswith("builtin/")


def _seed(owner: User, spec: LaunchSpec) -> int:
    """The seed of a plan: two sellers get different sets for one idea; one seller gets the set that the quote showed."""
    text = f"storyboard|{owner.pk}|{spec.product}|{spec.idea}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


def _planned(owner: User, spec: LaunchSpec) -> brief.Plan:
    kept = _worked_out(
        spec.product, spec.idea, tuple(spec.options.items()), spec.count or 1, _seed(owner, spec), _style(spec),
        spec.ratio or "",
    )  # fmt: skip
    found: brief.Plan = pickle.loads(kept)
    return found


@lru_cache(maxsize=64)
def _worked_out(
    product: str, idea: str, options: tuple[tuple[str, str], ...], count: int, seed: int, style: str, ratio: str
) -> bytes:
    """A plan, cached because the form, the quote and the launch request the same one. As bytes, so that no caller can
    change another's copy."""
    if product == Product.PATTERN:
        made = patterns.plan(idea, dict(options), count, seed, style)
    else:
        made = brief.plan(idea, dict(options), count, seed, style, product=product, ratio=ratio)
    return pickle.dumps(made)


def named_model(owner: User, spec: LaunchSpec) -> str:
    """The built-in model whose style the idea of an order names ("fox in ink"), when the order is for another one of the built-in
    artist's; else ""."""
    if not is_builtin(spec) or spec.storyboard:
        return ""
    found = _planned(owner, spec)
    return f"builtin/{found.named_style}" if found.named_style not in ("", found.style) else ""


def _style(spec: LaunchSpec) -> str:
    return spec.model.split("/", 1)[-1]


def _item(owner: User, spec: LaunchSpec, pick: Pick) -> Planned:
    art = {**pick.art, "arrangement": _arrangement(owner, spec, pick)} if is_builtin(spec) else pick.art
    return Planned(patterns.subject_of(art) or subjects.subject_of(art), pick.prompt, art, pick.beyond)


def _arrangement(owner: User, spec: LaunchSpec, pick: Pick) -> int:
    """The seed of an image's layout and drawing, so that the sketch shows what is made."""
    digest = hashlib.sha256(f"arrangement|{_seed(owner, spec)}|{pick.prompt}".encode()).digest()
    return 1 + int.from_bytes(digest[:4], "big")


def _distinct(items: Sequence[Planned]) -> int:
    """How many items look different, in the style they are painted in."""
    return variety.distinct([item.art for item in items])


def _of_list(owner: User, spec: LaunchSpec) -> Board:
    """The seller's own subjects, in their order. For an external model they are the prompts themselves."""
    if not is_builtin(spec):
        texts = [f"{text} ({n})" if n else text for text, n in _numbered(spec.storyboard)]
        items = tuple(Planned(text, prompt) for text, prompt in zip(spec.storyboard, texts, strict=True))
        return Board(spec.name, "", items, distinct=len({i.prompt for i in items}), asked=len(items))
    picks, unknown = _own_picks(owner, spec)
    if unknown:
        named = ", ".join(f"“{text}”" for text in unknown[:12])
        raise InvalidSpec({"storyboard": f"The built-in artist doesn't draw {named}. Choose from its subjects."})
    made = _planned(owner, dataclasses.replace(spec, storyboard=(), count=_LOOKED_AT))
    asked = {pick.subject for pick in made.picks if not pick.beyond}
    listed = [_item(owner, spec, dataclasses.replace(pick, beyond=pick.subject not in asked)) for pick in picks]
    # The seller chose every subject: nothing has to be confirmed, and nothing is left out.
    return Board(
        spec.name, made.theme, tuple(listed), tuple(made.used), distinct=_distinct(listed), note=_OWN_LIST, asked=len(listed)
    )  # fmt: skip


def _own_picks(owner: User, spec: LaunchSpec) -> tuple[list[Pick], list[str]]:
    """A pick for each subject of the seller's list, and the subjects that are not drawn."""
    if spec.product == Product.PATTERN:
        shown = _planned(owner, dataclasses.replace(spec, storyboard=(), count=product_type(spec.product).count_max))
        return patterns.plan_for(spec.storyboard, shown.picks, dict(spec.options), _seed(owner, spec), _style(spec))
    return subjects.plan_for(
        spec.storyboard,
        dict(spec.options),
        _seed(owner, spec),
        _style(spec),
        product=spec.product,
        ratio=spec.ratio or "",
        idea=spec.idea,
    )


def _numbered(texts: Sequence[str]) -> list[tuple[str, int]]:
    """Each text with how often it occurred before, so that no two prompts are equal."""
    seen: dict[str, int] = {}
    found = []
    for text in texts:
        found.append((text, seen.get(text.casefold(), 0) and seen[text.casefold()] + 1))
        seen[text.casefold()] = seen.get(text.casefold(), 0) + 1
    return found


def _of_idea(spec: LaunchSpec) -> Board:
    """Prompts from the seller's own words, for a model that can draw anything."""
    wishes = [
        str(spec.options[k])
        for k in ("art_medium", "color_palette", "mood", "setting", "composition")
        if k in spec.options
    ]
    views = _REPEATS if spec.product == Product.PATTERN else _VIEWS
    ways = [", ".join(w for w in (view, turn) if w) for turn in _TURNS for view in views]
    items = tuple(
        Planned(_short(spec.idea), ", ".join(w for w in (spec.idea, *wishes, way) if w)) for way in ways[: spec.count]
    )
    return Board(spec.name, "", items, distinct=len(items), asked=len(items))


def _short(idea: str) -> str:
    text = idea[: storyboard.SUBJECT_MAX]
    return text if len(idea) <= len(text) else text.rsplit(" ", 1)[0]


def brief_of(board: Board) -> dict[str, Any]:
    """The storyboard in the briefing stage's format: the brief, and one distinct prompt per item."""
    return {
        "brief": {
            "title": board.title,
            "theme": board.theme,
            "used": list(board.used),
            "unused": list(board.not_drawn),
            "note": board.note,
        },
        "items": [{"subject": i.subject, "prompt": i.prompt, "art": i.art} for i in board.items],
    }


def preview(spec: LaunchSpec, email: str | None) -> Board | None:
    """The storyboard of an order on the command line, where there may be no people yet: for the seller with this
    address, or the only one; without any, for an unspecified seller."""
    sellers = User.objects.filter(email__iexact=email) if email else User.objects.all()[:2]
    try:
        found = list(sellers)
    except DatabaseError:
        found = []  # a price can be requested before there is a database
    return plan(found[0] if len(found) == 1 else User(), spec)


def quote(
    owner: User,
    spec: LaunchSpec,
    also: Callable[[Quote, Board | None], object] | None = None,
    known: presets.Presets | None = None,
) -> tuple[Quote, Board | None]:
    """Lock the price of an order and the storyboard that was shown with it, with what its brand kit and series fill in
    (`known`: see `presets.resolve`). `also` is called with both in the transaction that writes them. Raises InvalidSpec."""
    spec = orders.check(presets.resolve(owner, spec, known))
    board = plan(owner, spec)
    with transaction.atomic():
        frozen = launching.quote(owner, spec, board)
        if board is not None:
            storyboard.keep(frozen, board, orders.storyboard_digest(spec), new=True)
        if also is not None:
            also(frozen, board)
    return frozen, board


def accepted(owner: User, spec: LaunchSpec, kept: storyboard.Kept | None) -> Board | None:
    """The storyboard of a launch: the one stored with its quote (`kept`), else planned again, which gives the same. Raises
    NotPossible when the quote was for another order, and InvalidSpec also when a required confirmation is missing."""
    if kept is None:
        board = plan(owner, spec)
    elif kept[1] == orders.storyboard_digest(spec):
        board = kept[0]
    else:
        raise NotPossible("That quote shows the storyboard of a different order. Request a new quote.")
    if board is not None:
        storyboard.require_confirmed(board, confirmed=spec.confirm_not_drawn)
    return board


def sketched(art: dict[str, Any]) -> dict[str, Any]:
    """The part of an item's art that its sketch needs, JSON-safe and small."""
    shown = patterns.SHOWN if patterns.is_tile(art) else sketching.SHOWN
    return {k: art[k] for k in shown if art.get(k)}


def sketch(art: dict[str, Any], side: int) -> bytes:
    """A small sketch of an item as WebP, `side` pixels wide. Raises KeyError or ValueError for art that names something
    unknown."""
    return patterns.sketch(art, side) if patterns.is_tile(art) else sketching.webp(art, side)


def chosen_subjects(quote_id: str) -> list[str] | None:
    """The subjects of a launched order, when the seller chose them; None when the writer did."""
    kept = storyboard.find(quote_id)
    return [item.subject for item in kept[0].items] if kept and kept[0].note == _OWN_LIST else None


def search(query: str, limit: int = 24) -> list[subjects.Known]:
    """Subjects the built-in artist draws, best first (see `elistit_artist.subjects`)."""
    return subjects.search(query, limit)
