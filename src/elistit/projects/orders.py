"""A seller's order: every field checked, its defaults filled in, and its price.

What an order costs is decided here alone, for pages, API and command line (rules §4). This module reads the price list and
nothing else; it must never write, spend or call anything outside.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from elistit import names
from elistit.artwork import cardtext
from elistit.credits import prices
from elistit.projects import series, storyboard
from elistit.projects.errors import InvalidSpec
from elistit.projects.products import (
    CARD_WORDS,
    IDEA_MAX,
    OPTIONS,
    ModelChoice,
    PosterMode,
    Product,
    ProductType,
    option_max,
    product_type,
)

NAME_MAX = 120
NOT_ORDERED = ("trademarks", "confirm_not_drawn", "as_shown", "brand", "look", "draft_shop")
LATER_FIELDS = ("uploads", "scene", "failover", "storyboard", "video", "brand_kit", "series", "shop")
SHOP_MAX = 80


@dataclass(frozen=True)
class LaunchSpec:
    """An order, as the seller gives it. Empty `model`, `ratio`, `count`, `mode` and `name` are filled in by `check`.

    `mode` is for posters (`design` or `production`), `words` for greeting cards (`front`, `inside`), `uploads` are the ids of
    the seller's own images in the order they are numbered, `scene` is the id of a scene of theirs that gets a further listing
    image. `failover` lets another model, never more expensive, step in for one that is down (rules §5.10). `trademarks` are the
    protected names in it that the seller confirmed; kept with the project and no part of the order itself. An order without
    its uploads can be priced, not launched. `storyboard` is the seller's own list of subjects, one for each image;
    `video` asks for a listing video. `confirm_not_drawn` says that they want the storyboard although its main noun will not be drawn.
    `brand_kit` is the id or name of one of their brand kits (or `default`), `series` the name of the series it belongs to; with `as_shown` they
    saw every field filled in, so that a brand kit fills in nothing more. `stages.presets.resolve` fills in `brand` (what the project keeps
    of the brand kit) and `look` (what its series begins with; empty for one that exists); they are no part of the order itself.
    `shop` is the shop the draft goes to, as the seller gave it (empty: the default one); `draft_shop` is which one that is, Etsy's
    number and its name: kept with the project and no part of the order.
    """

    product: str
    idea: str
    count: int | None = None
    model: str = ""
    ratio: str | None = None
    options: dict[str, str] = field(default_factory=dict)
    name: str = ""
    mode: str = ""
    words: dict[str, str] = field(default_factory=dict)
    uploads: tuple[str, ...] = ()
    scene: str = ""
    failover: bool = False
    trademarks: tuple[dict[str, str], ...] = ()
    storyboard: tuple[str, ...] = ()
    confirm_not_drawn: bool = False
    video: bool = False
    brand_kit: str = ""
    series: str = ""
    as_shown: bool = False
    brand: dict[str, Any] = field(default_factory=dict)
    look: dict[str, Any] = field(default_factory=dict)
    shop: str = ""
    draft_shop: tuple[int, str] | None = None


def check(spec: LaunchSpec) -> LaunchSpec:
    """The order with every default filled in. Raises InvalidSpec naming each wrong field."""
    errors: dict[str, str] = {}
    try:
        kind = product_type(spec.product)
    except KeyError:
        known = ", ".join(p.value for p in Product)
        raise InvalidSpec(
            {"product": f"There is no product type “{spec.product[:40]}”. Choose one of: {known}."}
        ) from None
    # Words to letter are an idea of their own.
    idea = names.one_line(spec.idea) or names.one_line(str(spec.options.get("lettering", "")))
    if not idea:
        errors["idea"] = "Describe your idea in a few words."
    elif len(idea) > IDEA_MAX:
        errors["idea"] = f"The idea is {len(idea):,} characters long; at most {IDEA_MAX:,} fit."
    subjects = _subjects(kind, spec, errors)
    count = _count(kind, spec, errors) if not subjects else len(subjects)
    if not kind.count_min <= count <= kind.count_max:
        errors["count"] = f"{kind.name}: choose between {kind.count_min} and {kind.count_max} images, not {count}."
    ratio = spec.ratio or kind.default_ratio
    if ratio not in kind.sizes:
        errors["ratio"] = (
            f"{kind.name} is made in {' or '.join(kind.sizes)}, not {ratio[:20]}, because the files are cut from it."
        )
    options = _options(spec.options, errors)
    model = _model(kind, spec.model, errors)
    mode = _mode(kind, spec.mode, errors)
    words = _card_words(kind, spec.words, errors)
    name = names.one_line(spec.name) or _name_from(idea) or kind.name
    if len(name) > NAME_MAX:
        errors["name"] = f"The name is {len(name)} characters long; at most {NAME_MAX} fit."
    if spec.scene and not kind.hangs:
        errors["scene"] = (
            f"{kind.name} can't have a mockup with your own photo; wall art, posters, cards and your own images can."
        )
    if spec.failover and kind.model == ModelChoice.NONE:
        errors["failover"] = "No model makes your own images, so none can step in."
    series_name = series.checked_name(spec.series, errors)
    if errors:
        raise InvalidSpec(errors)
    return LaunchSpec(
        kind.code.value, idea, count, model, ratio, options, name, mode, words, tuple(spec.uploads), spec.scene,
        spec.failover, spec.trademarks, subjects, spec.confirm_not_drawn, spec.video, spec.brand_kit, series_name,
        spec.as_shown, spec.brand, spec.look, spec.shop.strip()[:SHOP_MAX], spec.draft_shop,
    )  # fmt: skip


def _subjects(kind: ProductType, spec: LaunchSpec, errors: dict[str, str]) -> tuple[str, ...]:
    """The seller's own subjects: as many as images, when they say how many."""
    subjects = storyboard.checked_subjects(spec.storyboard, errors)
    if subjects and kind.model == ModelChoice.NONE:
        errors["storyboard"] = "Your own images have no storyboard."
    elif subjects and spec.count not in (None, len(subjects)):
        errors["count"] = f"The storyboard has {len(subjects)} subjects, not {spec.count}."
    return subjects


def storyboard_digest(spec: LaunchSpec) -> str:
    """What tells whether a kept storyboard was planned for this (checked) order."""
    return storyboard.digest(dataclasses.asdict(spec))


def _count(kind: ProductType, spec: LaunchSpec, errors: dict[str, str]) -> int:
    """How many images: what was ordered, or as many as there are uploads."""
    if kind.model != ModelChoice.NONE:
        if spec.uploads:
            errors["uploads"] = f"{kind.name} is made from the idea; only your own images take uploads."
        return kind.count_default if spec.count is None else spec.count
    if len(set(spec.uploads)) != len(spec.uploads):
        errors["uploads"] = "An upload is named twice."
    elif spec.uploads and spec.count not in (None, len(spec.uploads)):
        errors["count"] = f"There are {len(spec.uploads)} uploads, not {spec.count}."
    return len(spec.uploads) or spec.count or kind.count_default


def _mode(kind: ProductType, wanted: str, errors: dict[str, str]) -> str:
    if kind.code != Product.POSTER:
        if wanted:
            errors["mode"] = "Only a poster is made in design or production mode."
        return ""
    if wanted and wanted not in {m.value for m in PosterMode}:
        errors["mode"] = "A poster is made in design mode or in production mode."
    return wanted or PosterMode.DESIGN.value


def _card_words(kind: ProductType, given: dict[str, str], errors: dict[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for key, value in given.items():
        text = names.message(str(value))
        if kind.code != Product.GREETING_CARD or key not in CARD_WORDS:
            errors[f"words.{key[:40]}"] = "Words are only for the front and the inside of a greeting card."
        elif len(text) > CARD_WORDS[key]:
            errors[f"words.{key}"] = f"At most {CARD_WORDS[key]} characters fit there."
        elif text:
            kept[key] = text
    # What the typefaces cannot set, or what does not fit on the card, is refused before anything is spent.
    errors.update({f"words.{place}": problem for place, problem in cardtext.problems(kept).items()})
    return kept


def _options(given: dict[str, str], errors: dict[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for key, value in given.items():
        text = names.one_line(str(value))
        if key not in OPTIONS:
            errors[f"options.{key[:40]}"] = f"There is no design option “{key[:40]}”."
        elif len(text) > option_max(key):
            errors[f"options.{key}"] = f"{OPTIONS[key]}: at most {option_max(key)} characters fit."
        elif text:
            kept[key] = text
    return kept


def _model(kind: ProductType, wanted: str, errors: dict[str, str]) -> str:
    if kind.model == ModelChoice.NONE:
        return ""
    offered = [m.code for m in prices.models(kind.code.value)]
    if not wanted and offered:
        return offered[0]
    if wanted not in offered:
        errors["model"] = (
            f"The model “{wanted[:60]}” does not make {kind.name.lower()}s. Choose one of: {', '.join(offered) or 'none yet'}."
        )
    return wanted


def _name_from(idea: str) -> str:
    short = names.cut_at_word(idea, 60)
    return names.cut(short[:1].upper() + short[1:], NAME_MAX)


def made(spec: LaunchSpec, board: storyboard.Board | None) -> LaunchSpec:
    """A checked order as it will be made: with as many images as its storyboard has (rules §4)."""
    if board is None or not board.items or len(board.items) == spec.count:
        return spec
    return dataclasses.replace(spec, count=len(board.items), storyboard=())


def price(spec: LaunchSpec, board: storyboard.Board | None = None) -> list[prices.Line]:
    """The itemized price of an order, in credits: of what its storyboard shows, where one is known. Raises InvalidSpec."""
    spec = made(check(spec), board)
    assert spec.count is not None
    part = "design" if spec.mode == PosterMode.DESIGN else "all"
    return prices.quote_lines(spec.product, spec.model, spec.count, mockups=mockups_of(spec.scene), part=part)


def mockups_of(scene: object) -> int:
    """How many mockups an order has: the included ones, and one more in a scene of the seller's own."""
    return prices.price_list().mockups_included + bool(scene)


def given(spec: LaunchSpec) -> dict[str, Any]:
    """An order as it was given, without what was left empty: so that a field that is added one day changes no digest."""
    order = dataclasses.asdict(spec)
    # The list of protected names changes, and confirming is no part of what is ordered: the same order stays the same. So do
    # brand kits, which are named by the order and looked up for it.
    for name in NOT_ORDERED:
        del order[name]
    return {k: v for k, v in order.items() if v or (v == 0 and v is not False)}
