"""How the pages word and format what the tables hold: credits, moments, stages, dollars.

Only presentation. Nothing here may decide what a project costs, where it stands or what a seller may do.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections.abc import Sequence
from pathlib import Path

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from elistit.actions import queries
from elistit.credits import prices
from elistit.credits.models import TransactionType
from elistit.projects import gate
from elistit.projects.models import Project
from elistit.projects.products import OPTIONS, Product, product_type
from elistit.projects.states import Stage
from elistit.stages import copywriting
from elistit.studio import help_facts, streams

register = template.Library()
theme_words = register.filter("theme_words", copywriting.words_of)
failure_anchor = register.filter("failure_anchor", help_facts.anchor)

STAGE_WORDS: dict[str, str] = {
    **{stage.value: words for stage, words in queries.STAGE_WORDS.items()},
    Stage.QUEUED: "Waiting to start",
    Stage.AWAITING_APPROVAL: "Waiting for your approval",
    Stage.DESIGN_READY: "Waiting for your decision",
    Stage.COMPLETED: "Finished",
}
"""The stage line's words, made into what a card or a heading says about a project as a whole."""

IDEA_EXAMPLES: dict[str, str] = {
    Product.CLIPART: "woodland animals in autumn, each wearing a leaf scarf",
    Product.STICKER: "ocean animals with little hats",
    Product.WALL_ART: "a boho sun over soft hills",
    Product.POSTER: "a quiet mountain lake at dawn",
    Product.SVG: "a wreath of wildflowers",
    Product.GREETING_CARD: "a sleeping fox with a birthday hat",
    Product.PATTERN: "foxes and mushrooms in sage green, with gingham",
    Product.CUSTOM: "botanical line drawings of garden herbs",
}

GRANT_SOURCES: dict[str, str] = {
    "trial": "Trial",
    "sample": "Sample project",
    "allowance": "Monthly allowance",
    "plan": "Monthly allowance",
    "topup": "Top-up",
    "top-up": "Top-up",
    "purchase": "Top-up",
    "goodwill": "Goodwill",
    "staff": "From the operator",
    "refund": "Refund",
}


@register.simple_tag
def events(project: Project) -> str:
    """Where a page that may see the project listens for its moves."""
    return streams.address(project.pk)


@functools.cache
def _picture_address() -> str:
    """The address of an image with its places left open: a page names a hundred of them, and each is looked up once."""
    return reverse("picture", args=["0" * 26, 0]).replace("0" * 26, "{}").replace("/0/", "/{}/")


@register.simple_tag
def picture(project_id: str, file_id: int) -> str:
    """Where an image of a project is shown."""
    return _picture_address().format(project_id, file_id)


@register.filter
def credits(value: object) -> str:
    """`1 credit`, `17 credits`, `1,400 credits`."""
    number = int(str(value))
    return f"{number:,} credit" + ("" if number == 1 else "s")


@register.filter
def signed(value: int) -> str:
    """A movement with its sign: `+30`, `−17`, `0`."""
    return f"+{value:,}" if value > 0 else f"−{-value:,}" if value < 0 else "0"


@register.filter
def paid(net: int) -> str:
    """What a sum of movements has cost: `14`, `0`; `+3` when more came in than went."""
    return f"{-net:,}" if net <= 0 else f"+{net:,}"


@register.filter
def stage_words(stage: str) -> str:
    return STAGE_WORDS.get(stage, stage)


@register.filter
def their_stage_words(stage: str) -> str:
    """The same for the operator, who is not the one that is waited for."""
    return stage_words(stage).replace("your", "the seller’s")


@register.filter
def idea_example(code: str) -> str:
    """An idea as a seller of this product type might write it."""
    return IDEA_EXAMPLES.get(code, IDEA_EXAMPLES[Product.CLIPART])


@register.filter
def product_words(code: str) -> str:
    return product_type(code).name if code in Product._value2member_map_ else code


@register.filter
def option_words(code: str) -> str:
    return OPTIONS.get(code, code)


_FIELDS = frozenset(
    [
        "product",
        "idea",
        "count",
        "ratio",
        "model",
        "name",
        "pictures",
        "storyboard",
        "video",
        "shop",
        "series",
        "template_name",
    ]
)


@register.filter
def field_id(name: str) -> str:
    """Where an error of the launch form leads: the id of its field, or nothing for an error of no field."""
    if name.startswith("options."):
        return "option-" + name.removeprefix("options.")
    if name == "confirm_trademarks":
        return "confirm-trademarks"
    if name == "brand_kit":
        return "presets"
    if name == "confirm_not_drawn":
        return "confirm"
    return name if name in _FIELDS else ""


@register.simple_tag
def product_picture(code: str) -> str:
    """The address of a small image of what a product type makes."""
    return static(f"studio/art/product-{code}.webp")


_DRAWN = frozenset(
    f.stem.removeprefix("model-") for f in (Path(__file__).parents[1] / "static/studio/art").glob("model-*")
)


@register.simple_tag
def model_picture(code: str) -> str:
    """The address of a small image in the style of a model, or nothing where there is none."""
    provider, _, style = code.partition("/")
    return static(f"studio/art/model-{style}.webp") if provider == "builtin" and style in _DRAWN else ""


@register.filter
def model_words(code: str) -> str:
    """A model's name; its code when the price list no longer has it. No model made a seller's own images."""
    if not code:
        return "You (your own images)"
    try:
        return prices.model(code).name
    except KeyError:
        return code


@register.filter
def made_by_words(project: Project) -> str:
    """The model that made a project's images, and any that stepped in for it."""
    codes = gate.makers(project) if project.failover else [project.model]
    names = [model_words(code) for code in codes]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


@register.filter
def ladder_words(seconds: Sequence[int]) -> str:
    """`10, 30 and 60`."""
    return help_facts.words_list([str(s) for s in seconds])


@register.filter
def seconds_words(seconds: float) -> str:
    """A measured time: `under 1 second`, `4 seconds`, `3 minutes`, `2 hours`, rounded up."""
    if seconds < 1:
        return "under 1 second"
    size, name = (1, "second") if seconds <= 120 else (60, "minute") if seconds <= 120 * 60 else (3600, "hour")
    number = math.ceil(seconds / size)
    return f"{number:,} {name}" + ("" if number == 1 else "s")


@register.filter
def transaction_words(code: str) -> str:
    return str(dict(TransactionType.choices).get(code, code))


@register.filter
def source_words(source: str) -> str:
    """Where a grant came from, in words. A source no one has worded is shown as it is written."""
    head = source.split(":", 1)[0].strip()
    if head.startswith("pack-"):
        return GRANT_SOURCES["topup"]
    return GRANT_SOURCES.get(head, head.replace("_", " ").capitalize())


@register.filter
def dollars(cents: int) -> str:
    return f"${cents / 100:,.2f}"


@register.filter
def micros(value: int) -> str:
    """Millionths of a dollar: `$0.0042`, `$1.20`, `$0`."""
    dollars_ = value / 1_000_000
    return "$0" if not value else f"${dollars_:,.2f}" if dollars_ >= 1 else f"${dollars_:.4f}"


@register.simple_tag
def moment(value: dt.datetime | str | None, countdown: bool = False, seconds: bool = False) -> SafeString | str:
    """A point in time as `<time>`, in UTC; the page's script rewrites it in the reader's own zone.

    `countdown` marks it to be shown as the seconds that are left; `seconds` shows the time of day to the second.
    """
    if not value:
        return ""
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value)
    at = value.astimezone(dt.UTC)
    return format_html(
        '<time datetime="{}" {}>{}</time>',
        at.isoformat(timespec="seconds"),
        "data-countdown" if countdown else "data-local=seconds" if seconds else "data-local",
        f"{at.day} {at:%b %Y, %H:%M:%S} UTC" if countdown or seconds else f"{at.day} {at:%b %Y, %H:%M} UTC",
    )


@register.simple_tag
def took(start: str, end: str) -> str:
    """How long an attempt ran: `4.2 s`, `1 min 20 s`. Nothing when it was too quick to matter."""
    seconds = (dt.datetime.fromisoformat(end) - dt.datetime.fromisoformat(start)).total_seconds()
    if seconds < 0.1:
        return ""
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} min {int(seconds % 60)} s"


@register.simple_tag
def day(value: dt.datetime | None) -> SafeString | str:
    """A date as `<time>`, without the hour, in UTC."""
    if not value:
        return ""
    at = value.astimezone(dt.UTC)
    return format_html(
        '<time datetime="{}" data-local="day">{}</time>', at.isoformat(timespec="seconds"), f"{at.day} {at:%b %Y}"
    )
