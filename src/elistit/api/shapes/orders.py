"""What a seller orders: uploads, quotes, launches, remakes."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Field, Schema

from elistit.api.shapes.words import TEXT, Id, Idea, Lettering, LetteringStyle, Option, Request
from elistit.projects.orders import NAME_MAX, SHOP_MAX
from elistit.projects.preset_models import NAME_MAX as PRESET_NAME_MAX
from elistit.projects.products import CARD_WORDS, IDEA_MAX, PosterMode, Product
from elistit.projects.storyboard import SUBJECT_MAX


class DesignOptions(Request):
    """The six design options and those of lettering, all optional."""

    art_medium: Option = None
    color_palette: Option = None
    mood: Option = None
    setting: Option = None
    composition: Option = None
    negative: Option = None
    lettering: Lettering = None
    lettering_style: LetteringStyle = None

    def given(self) -> dict[str, str]:
        return {name: text for name, text in self.dict().items() if text is not None}


class CardWords(Request):
    """What a greeting card says."""

    front: Annotated[str | None, Field(max_length=CARD_WORDS["front"], pattern=TEXT)] = None
    inside: Annotated[str | None, Field(max_length=CARD_WORDS["inside"], pattern=TEXT)] = None

    def given(self) -> dict[str, str]:
        return {name: text for name, text in self.dict().items() if text is not None}


class Subject(Request):
    """One item of the seller's own storyboard."""

    subject: Annotated[
        str,
        Field(
            min_length=1, max_length=SUBJECT_MAX, pattern=TEXT, description="What to draw: a subject from /subjects."
        ),
    ]


class Order(Request):
    product: Product
    count: Annotated[
        int | None, Field(strict=True, description="How many images. Defaults to the product type's usual number.")
    ] = None
    model: Annotated[str | None, Field(max_length=80, pattern=TEXT, description="A code from /models.")] = None
    ratio: Annotated[str | None, Field(max_length=10, pattern=TEXT)] = None
    options: DesignOptions = DesignOptions()
    mode: Annotated[
        PosterMode | None,
        Field(description="For posters: `design` stops at the design, `production` goes on to the print file."),
    ] = None
    words: Annotated[CardWords, Field(description="For greeting cards.")] = CardWords()
    name: Annotated[
        str, Field(max_length=NAME_MAX, pattern=TEXT, description="Leave empty to name it after the idea.")
    ] = ""
    uploads: Annotated[
        list[Annotated[str, Field(max_length=26, pattern=TEXT)]],
        Field(max_length=100, description="For your own images: ids from /uploads, in their order."),
    ] = []
    scene: Annotated[
        str,
        Field(
            max_length=26, pattern=TEXT, description="A scene from /scenes, for one more mockup with your own photo."
        ),
    ] = ""
    failover: Annotated[
        bool,
        Field(
            strict=True,
            description="Let another model, never more expensive, make an image whose model is down after all attempts.",
        ),
    ] = False
    video: Annotated[
        bool,
        Field(
            strict=True,
            description="Make a listing video from the images and mockups. Free; refused if the studio has no encoder.",
        ),
    ] = False
    shop: Annotated[
        str,
        Field(
            max_length=SHOP_MAX,
            pattern=TEXT,
            description="The shop its draft goes to: an id or name from /shops. Defaults to the default shop.",
        ),
    ] = ""
    brand_kit: Annotated[
        str,
        Field(
            max_length=PRESET_NAME_MAX,
            pattern=TEXT,
            description="A brand kit from /brand-kits by id or name, or `default` for your default one. It fills in palette, style and scene where "
            "the order leaves them out.",
        ),
    ] = ""
    series: Annotated[
        str,
        Field(
            max_length=PRESET_NAME_MAX,
            pattern=TEXT,
            description="The name of the series it belongs to. The first project starts the series; later ones use its palette, "
            "style and shape.",
        ),
    ] = ""
    storyboard: Annotated[
        list[Subject] | None,
        Field(max_length=100, description="Your own storyboard: one subject for each image, in their order."),
    ] = None
    confirm_not_drawn: Annotated[
        bool,
        Field(
            strict=True, description="Launch even though the main subject of the idea won't be drawn; see the quote."
        ),
    ] = False


class Scene(Schema):
    """A photo of the seller's own that a project can be shown in. Sizes and corners are pixels of the photo."""

    id: Id
    name: str
    width: int
    height: int
    corners: list[list[float]]


class Scenes(Schema):
    items: list[Scene]


class PlannedSubject(Schema):
    """One item of a storyboard. `beyond_idea`: no word of the idea asks for it."""

    number: int
    subject: str
    beyond_idea: bool


class Storyboard(Schema):
    """What will be made, before anything is spent. `not_drawn` are words of the idea that will not be drawn, `distinct` how
    many items look different. With `needs_confirmation` a launch needs `confirm_not_drawn`."""

    title: str
    subjects: list[PlannedSubject]
    not_drawn: list[str]
    distinct: int
    needs_confirmation: bool


class QuoteRequest(Order):
    idea: Idea = ""


class LaunchRequest(Order):
    idea: Idea
    quote_id: Annotated[
        str | None, Field(max_length=26, pattern=TEXT, description="Launch only at this quote's price.")
    ] = None
    confirm_trademarks: Annotated[
        bool,
        Field(strict=True, description="You may use the protected names that the quote of this order names."),
    ] = False


class ListingRequest(Request):
    """A listing's text. `price_cents` is in hundredths of the shop's currency, also where that has no smaller coin: 750 yen are
    75,000."""

    title: Annotated[str, Field(max_length=400, pattern=TEXT)]
    tags: Annotated[list[Annotated[str, Field(max_length=100, pattern=TEXT)]], Field(max_length=40)]
    description: Annotated[str, Field(max_length=20_000, pattern=TEXT)]
    price_cents: Annotated[int, Field(strict=True, ge=0, le=2_147_483_647)]


class RemakeRequest(Request):
    prompt: Annotated[
        str | None,
        Field(max_length=IDEA_MAX, pattern=TEXT, description="A new prompt. Defaults to the current prompt."),
    ] = None
    price: Annotated[
        int | None,
        Field(strict=True, ge=0, le=100_000, description="Remake only when it costs exactly this many credits."),
    ] = None
    confirm_trademarks: Annotated[
        bool,
        Field(strict=True, description="You may use the protected names in the prompt that `remake-price` names."),
    ] = False


class Trademark(Schema):
    """A protected name in an order. `category` is character, film, comic, game, sport, music, brand, event, artist or own."""

    name: str
    category: str
    reason: str
    words: str


class RemakePrice(Schema):
    """What a remake of an item costs now, in credits; 0 when it is free. With `trademarks`, it needs `confirm_trademarks`."""

    number: int
    credits: int
    trademarks: list[Trademark]


class ChooseRequest(Request):
    round: Annotated[
        int, Field(strict=True, ge=0, le=100_000, description="The `round` of one of the item's `versions`.")
    ]


class Upload(Schema):
    """An image that waits for a launch. Sizes are pixels; `print_width` and `print_height` are those of its print file.
    `warning`: one sentence where programs draw it differently, else empty."""

    id: Id
    name: str
    kind: Literal["png", "jpeg", "webp", "svg"]
    width: int
    height: int
    transparent: bool
    print_width: int
    print_height: int
    warning: str
    created_at: dt.datetime
    kept_until: dt.datetime


class Uploads(Schema):
    items: list[Upload]


class Removed(Schema):
    id: str


class QuoteLine(Schema):
    action: str
    label: str
    quantity: int
    unit_price: int
    credits: int


class Quote(Schema):
    """A price, frozen. `balance` is what the seller has now, `shortfall` what is missing for it. `needs_link`: the uploads
    are too large for an Etsy listing, so buyers will get a download link on the product card. With `trademarks`, a launch of
    this order needs `confirm_trademarks`. `count` images are made and charged; `asked` were ordered, and when these are more,
    `notice` says so in words: the built-in artist makes only images that look different."""

    id: str
    product: str
    model: str
    count: int
    asked: int
    notice: str
    total: int
    lines: list[QuoteLine]
    price_list: str
    created_at: dt.datetime
    balance: int
    shortfall: int
    needs_link: bool
    trademarks: list[Trademark]
    storyboard: Annotated[
        Storyboard | None, Field(description="Null without an idea and for your own images, where nothing is planned.")
    ]
