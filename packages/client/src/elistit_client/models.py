"""What the studio's API takes and answers. Written by scripts/client_models.py; changes here are lost.

Fields this version doesn't know are kept and can be read by their name.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import AwareDatetime, ConfigDict, Field

from elistit_client.base import Model


class PlannedSubject(Model):
    """
    One item of a storyboard. `beyond_idea`: no word of the idea asks for it.
    """

    number: int
    subject: str
    beyond_idea: bool


class QuoteLine(Model):
    action: str
    label: str
    quantity: int
    unit_price: int
    credits: int


class Storyboard(Model):
    """
    What will be made, before anything is spent. `not_drawn` are words of the idea that will not be drawn, `distinct` how
    many items look different. With `needs_confirmation` a launch needs `confirm_not_drawn`.
    """

    title: str
    subjects: list[PlannedSubject]
    not_drawn: list[str]
    distinct: int
    needs_confirmation: bool


class Trademark(Model):
    """
    A protected name in an order. `category` is character, film, comic, game, sport, music, brand, event, artist or own.
    """

    name: str
    category: str
    reason: str
    words: str


class CardWords(Model):
    """
    What a greeting card says.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    front: str | None = None
    inside: str | None = None


class DesignOptions(Model):
    """
    The six design options and those of lettering, all optional.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    art_medium: str | None = None
    color_palette: str | None = None
    mood: str | None = None
    setting: str | None = None
    composition: str | None = None
    negative: str | None = None
    lettering: str | None = None
    """
    Words to letter; several quotes are separated by “|”.
    """
    lettering_style: str | None = None
    """
    A mood, a font, a layout or a color of the lettering.
    """


class Subject(Model):
    """
    One item of the seller's own storyboard.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    subject: str
    """
    What to draw: a subject from /subjects.
    """


class ChargedQuote(Model):
    total: int
    lines: list[QuoteLine]


class Draft(Model):
    state: str
    url: str
    id: str
    reason: str


class File(Model):
    """
    `bytes` and `sha256` are of the file as it is downloaded. `url` is relative to the address of the API and takes
    the same bearer key.
    """

    id: int
    role: str
    name: str
    item: int | None
    bytes: int
    sha256: str
    width: int | None
    height: int | None
    dpi: int | None
    url: str


class Flag(Model):
    code: str
    words: str


class JobFailure(Model):
    kind: str
    reason: str
    stage: str


class Listing(Model):
    state: str
    reason: str
    title: str
    tags: list[str]
    description: str
    price: str
    currency: str
    """
    The currency of the price (ISO 4217).
    """
    notes: list[Flag]
    """
    Notes about the text for the seller.
    """
    draft: Draft


class ProjectJob(Model):
    """
    One charged run of the chain: `launch`, `print_ready` or `listing`. `quoted` is its quote's total in credits.
    """

    id: str
    status: str
    charged: int
    refunded: int
    failure: JobFailure | None
    kind: str
    quoted: int


class ProjectShop(Model):
    """
    The shop the draft of a project goes to. When it isn't `connected`, connect it again or choose another shop.
    """

    id: str
    name: str
    connected: bool
    planned_for: AwareDatetime | None
    """
    When the draft goes out by the schedule; null when not planned.
    """


class TrialProblem(Model):
    """
    A file that failed a check, and why, in one sentence.
    """

    file: str
    words: str


class UsedBrandKit(Model):
    id: str
    name: str


class Version(Model):
    """
    One image an item has had. `round` names it for `choose`; `chosen` is the one that is kept. `charged` is what its
    round cost, `refunded` whether that came back. `preview` is the id of its preview file.
    """

    round: int
    chosen: bool
    prompt: str
    flags: list[Flag]
    charged: int
    refunded: bool
    preview: int | None


class LaunchRequest(Model):
    model_config = ConfigDict(
        extra="forbid",
    )
    product: str
    count: int | None = None
    """
    How many images. Defaults to the product type's usual number.
    """
    model: str | None = None
    """
    A code from /models.
    """
    ratio: str | None = None
    options: DesignOptions | None = None
    mode: str | None = None
    """
    For posters: `design` stops at the design, `production` goes on to the print file.
    """
    words: CardWords | None = None
    """
    For greeting cards.
    """
    name: str | None = None
    """
    Leave empty to name it after the idea.
    """
    uploads: list[str] | None = None
    """
    For your own images: ids from /uploads, in their order.
    """
    scene: str | None = None
    """
    A scene from /scenes, for one more mockup with your own photo.
    """
    failover: bool | None = None
    """
    Let another model, never more expensive, make an image whose model is down after all attempts. Default: false.
    """
    video: bool | None = None
    """
    Make a listing video from the images and mockups. Free; refused if the studio has no encoder. Default: false.
    """
    shop: str | None = None
    """
    The shop its draft goes to: an id or name from /shops. Defaults to the default shop.
    """
    brand_kit: str | None = None
    """
    A brand kit from /brand-kits by id or name, or `default` for your default one. It fills in palette, style and scene where the order leaves them out.
    """
    series: str | None = None
    """
    The name of the series it belongs to. The first project starts the series; later ones use its palette, style and shape.
    """
    storyboard: list[Subject] | None = None
    """
    Your own storyboard: one subject for each image, in their order.
    """
    confirm_not_drawn: bool | None = None
    """
    Launch even though the main subject of the idea won't be drawn; see the quote. Default: false.
    """
    idea: str
    """
    The idea, in a sentence or two.
    """
    quote_id: str | None = None
    """
    Launch only at this quote's price.
    """
    confirm_trademarks: bool | None = None
    """
    You may use the protected names that the quote of this order names. Default: false.
    """


class ProjectFilter(Model):
    """
    What the list is narrowed to.
    """

    stage: str | None = None
    product: str | None = None
    label: str | None = None
    """
    Projects with this label.
    """
    series: str | None = None
    """
    Projects of the series of this name.
    """
    favorite: bool | None = None
    """
    Only favorites, or only projects that aren't.
    """
    archived: bool | None = None
    """
    Only archived projects. Otherwise they are left out. Default: false.
    """
    needs_you: bool | None = None
    """
    Projects at a gate, with a rejected draft, or whose listing could not be written. Default: false.
    """
    q: str | None = None
    """
    Words in the name, idea, subjects or listing title.
    """


class OrganizeRequest(Model):
    """
    What is left out stays as it is.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    name: str | None = None
    labels: list[str] | None = None
    """
    The complete list of its labels.
    """
    archived: bool | None = None
    favorite: bool | None = None


class Deleted(Model):
    """
    `not_refunded` is the credits that were charged for unfinished work and do not come back.
    """

    public_id: str
    stage: str
    not_refunded: int


class ActivityEntry(Model):
    """
    One attempt, or one note. `item` is null for work on the whole set.
    """

    at: AwareDatetime
    ended_at: AwareDatetime | None
    stage: str
    item: int | None
    try_: Annotated[int, Field(alias="try")]
    outcome: str
    text: str
    next_try_at: AwareDatetime | None
    worker: str
    note: bool


class ChooseRequest(Model):
    model_config = ConfigDict(
        extra="forbid",
    )
    round: int
    """
    The `round` of one of the item's `versions`.
    """


class RemakeRequest(Model):
    model_config = ConfigDict(
        extra="forbid",
    )
    prompt: str | None = None
    """
    A new prompt. Defaults to the current prompt.
    """
    price: int | None = None
    """
    Remake only when it costs exactly this many credits.
    """
    confirm_trademarks: bool | None = None
    """
    You may use the protected names in the prompt that `remake-price` names. Default: false.
    """


class RemakePrice(Model):
    """
    What a remake of an item costs now, in credits; 0 when it is free. With `trademarks`, it needs `confirm_trademarks`.
    """

    number: int
    credits: int
    trademarks: list[Trademark]


class ListingRequest(Model):
    """
    A listing's text. `price_cents` is in hundredths of the shop's currency, also where that has no smaller coin: 750 yen are
    75,000.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    title: str
    tags: list[str]
    description: str
    price_cents: int


class BatchCounts(Model):
    """
    How many rows stand where. `waiting` are waiting for the seller.
    """

    running: int
    waiting: int
    finished: int
    failed: int
    deleted: int
    not_launched: int


class BatchProject(Model):
    """
    A project a row was launched as. `charged` and `refunded` are credits, summed over its jobs.
    """

    public_id: str
    name: str
    stage: str
    """
    The state of a project (rules §2).
    """
    status: str
    charged: int
    refunded: int
    failure: JobFailure | None


class RowProblem(Model):
    field: str
    detail: str


class BatchDefaults(Model):
    """
    What holds for every row that doesn't say otherwise. `count`, `model`, `ratio` and `mode` apply to rows of this
    `product` only.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    product: str | None = None
    count: int | None = None
    model: str | None = None
    ratio: str | None = None
    options: DesignOptions | None = None
    mode: str | None = None
    shop: str | None = None
    """
    The shop the drafts go to.
    """
    brand_kit: str | None = None
    """
    A brand kit's id or name, or `default`.
    """
    series: str | None = None
    """
    The series the projects belong to.
    """


class BatchOrder(Model):
    """
    One row: an idea, and whatever differs from the defaults.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    product: str | None = None
    """
    Defaults to the product type of the list.
    """
    count: int | None = None
    """
    How many images. Defaults to the product type's usual number.
    """
    model: str | None = None
    """
    A code from /models.
    """
    ratio: str | None = None
    options: DesignOptions | None = None
    mode: str | None = None
    """
    For posters: `design` stops at the design, `production` goes on to the print file.
    """
    words: CardWords | None = None
    """
    For greeting cards.
    """
    name: str | None = None
    """
    Leave empty to name it after the idea.
    """
    uploads: list[str] | None = None
    """
    For your own images: ids from /uploads, in their order.
    """
    scene: str | None = None
    """
    A scene from /scenes, for one more mockup with your own photo.
    """
    failover: bool | None = None
    """
    Let another model, never more expensive, make an image whose model is down after all attempts. Default: false.
    """
    video: bool | None = None
    """
    Make a listing video from the images and mockups. Free; refused if the studio has no encoder. Default: false.
    """
    shop: str | None = None
    """
    The shop its draft goes to: an id or name from /shops. Defaults to the default shop.
    """
    brand_kit: str | None = None
    """
    A brand kit from /brand-kits by id or name, or `default` for your default one. It fills in palette, style and scene where the order leaves them out.
    """
    series: str | None = None
    """
    The name of the series it belongs to. The first project starts the series; later ones use its palette, style and shape.
    """
    storyboard: list[Subject] | None = None
    """
    Your own storyboard: one subject for each image, in their order.
    """
    confirm_not_drawn: bool | None = None
    """
    Launch even though the main subject of the idea won't be drawn; see the quote. Default: false.
    """
    idea: str
    """
    The idea, in a sentence or two.
    """
    confirm_trademarks: bool | None = None
    """
    You may use the protected names in this row. Default: false.
    """


class BatchRequest(Model):
    model_config = ConfigDict(
        extra="forbid",
    )
    name: str | None = None
    """
    Defaults to a name with today's date.
    """
    defaults: BatchDefaults | None = None
    rows: list[BatchOrder]
    launch: bool | None = None
    """
    Launch every row once the list is planned. With false, it is kept as a draft and planned, and nothing is charged. Default: true.
    """
    max_credits: int | None = None
    """
    The most the launch may charge. A list that costs more isn't launched, and stays a draft.
    """


class BatchSummary(Model):
    id: str
    name: str
    state: str
    paused: bool
    created_at: AwareDatetime
    launched_at: AwareDatetime | None


class BatchDeleted(Model):
    id: str


class BatchLaunchRequest(Model):
    model_config = ConfigDict(
        extra="forbid",
    )
    rows: list[int] | None = None
    """
    The numbers of the rows to launch: of a draft, or failed ones again. A draft's included rows when left out.
    """


class Upload(Model):
    """
    An image that waits for a launch. Sizes are pixels; `print_width` and `print_height` are those of its print file.
    `warning`: one sentence where programs draw it differently, else empty.
    """

    id: str
    name: str
    kind: str
    width: int
    height: int
    transparent: bool
    print_width: int
    print_height: int
    warning: str
    created_at: AwareDatetime
    kept_until: AwareDatetime


class Uploads(Model):
    items: list[Upload]


class Removed(Model):
    id: str


class Scene(Model):
    """
    A photo of the seller's own that a project can be shown in. Sizes and corners are pixels of the photo.
    """

    id: str
    name: str
    width: int
    height: int
    corners: list[list[float]]


class Scenes(Model):
    items: list[Scene]


class Schedule(Model):
    """
    When the shop's drafts go out: at most `per_day` a day, from `at` on by the clock of `zone`.
    """

    enabled: bool
    per_day: int
    at: str
    zone: str


class Shop(Model):
    """
    One Etsy shop. `label` is what its seller calls it. `reason` says why it is no longer connected, else it is empty.
    """

    id: str
    name: str
    label: str
    default: bool
    connected: bool
    reason: str
    currency: str
    connected_at: AwareDatetime
    practice: bool
    schedule: Schedule


class Shops(Model):
    """
    The default shop first.
    """

    items: list[Shop]


class ShopRequest(Model):
    """
    What is left out stays as it is.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    label: str | None = None
    """
    Leave empty to use its name on Etsy.
    """
    default: bool | None = None
    """
    New projects go to this shop. Default: false.
    """


class ShopChoice(Model):
    model_config = ConfigDict(
        extra="forbid",
    )
    shop: str
    """
    An id or name from /shops.
    """
    confirm_no_draft: bool | None = None
    """
    You have checked that no draft is left in the shop it was sent to before. Default: false.
    """


class ScheduleRequest(Model):
    """
    What is left out stays as it is.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    enabled: bool
    """
    New drafts wait for the schedule.
    """
    per_day: int | None = None
    """
    1 to 100.
    """
    at: str | None = None
    """
    The time of day, such as 09:00.
    """
    zone: str | None = None
    """
    An IANA time zone, such as Europe/Berlin.
    """


class PlannedDraft(Model):
    """
    A draft on the calendar. `sent`: it went out on this day. `paused` says why it waits beyond its day, else it is empty.
    """

    project: str
    name: str
    shop: str
    day: date
    at: AwareDatetime
    sent: bool
    chosen: bool
    paused: str


class PlanRequest(Model):
    model_config = ConfigDict(
        extra="forbid",
    )
    day: date | None = None
    """
    The day in the shop's time zone. Defaults to the next day with room.
    """


class ListingTemplate(Model):
    """
    What every listing of a shop has; what is left out is empty. Parts that aren't true of a product's files, or don't fit Etsy's
    rules there, are left out of its listing with a note.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    title_opening: str | None = None
    title_closing: str | None = None
    opening: str | None = None
    closing: str | None = None
    tags: list[str] | None = None
    section: Annotated[int | None, Field(lt=1000000000000000)] = None
    """
    Etsy's section number; 0 for none. Default: 0.
    """
    who_made: str | None = None
    """
    Default: "i_did".
    """
    renews: bool | None = None
    """
    Etsy renews the listing when it expires, for its fee. Default: false.
    """


class PrintSize(Model):
    """
    A poster size the project's print file fills. `dpi` is what it prints at.
    """

    size: str
    words: str
    width_mm: float
    height_mm: float
    dpi: int
    file: str


class PrintSizes(Model):
    """
    Smallest first.
    """

    items: list[PrintSize]


class PrintShipping(Model):
    """
    A shipping method of the quote. `days` are the fewest and the most.
    """

    uid: str
    name: str
    price: str
    currency: str
    days: list[int]


class PrintQuoteRequest(Model):
    model_config = ConfigDict(
        extra="forbid",
    )
    size: str
    """
    A `size` of /print-sizes.
    """
    country: str
    """
    The two-letter country code, such as DE.
    """
    city: str
    post_code: str
    state: str | None = None
    """
    Needed for the US, Canada and Australia.
    """


class PrintRecipient(Model):
    """
    The recipient at the quote's destination. `shipping` is a `uid` of the quote's methods, the cheapest when left out.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    first_name: str
    last_name: str
    address_line1: str
    address_line2: str | None = None
    email: str
    phone: str | None = None
    shipping: str | None = None


class KeywordImport(Model):
    """
    What an import did. `count` is how many keywords there are now.
    """

    added: int
    updated: int
    count: int
    notes: list[str]
    """
    Sentences about the file as a whole.
    """


class Keyword(Model):
    """
    A search term. `volume` is its searches a month; 0 when the tool it came from doesn't know.
    """

    term: str
    volume: int


class Keywords(Model):
    """
    The most searched first. `count` is how many there are in all.
    """

    count: int
    items: list[Keyword]


class KeywordsDeleted(Model):
    deleted: int


class Title(Model):
    """
    A kept title. `number` is 0 for the listing's own while no other was kept; `problems` are Etsy's rules it breaks,
    `untrue` what in it isn't true of the files. `keywords` are those of yours all of whose words are in it, and `searches` the
    sum of their monthly searches. `used_since` are the moments from which the listing had it.
    """

    number: int
    title: str
    in_use: bool
    removed: bool
    length: int
    words: int
    problems: list[str]
    untrue: list[str]
    keywords: list[str]
    keywords_covered: int
    searches: int
    used_since: list[AwareDatetime]
    created_at: AwareDatetime


class Titles(Model):
    items: list[Title]


class TitleRequest(Model):
    model_config = ConfigDict(
        extra="forbid",
    )
    title: str


class BrandKit(Model):
    """
    A brand kit. Prices are in hundredths of `currency`.
    """

    id: str
    name: str
    is_default: bool
    shop_name: str
    license_text: str
    closing_text: str
    palette: str
    styles: list[str]
    scenes: list[str]
    currency: str
    minimum_price: int
    price_ending: str
    prices: dict[str, int]
    created_at: AwareDatetime


class BrandKits(Model):
    items: list[BrandKit]


class ProductPrices(Model):
    """
    A price for each product type; without one, or with 0, it is suggested. These are all prices it has from now on.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    wall_art: int | None = None
    """
    Default: 0.
    """
    poster: int | None = None
    """
    Default: 0.
    """
    clipart: int | None = None
    """
    Default: 0.
    """
    sticker: int | None = None
    """
    Default: 0.
    """
    svg: int | None = None
    """
    Default: 0.
    """
    greeting_card: int | None = None
    """
    Default: 0.
    """
    pattern: int | None = None
    """
    Default: 0.
    """
    custom: int | None = None
    """
    Default: 0.
    """


class BrandKitChange(Model):
    model_config = ConfigDict(
        extra="forbid",
    )
    is_default: bool | None = None
    """
    Preselected on the launch form. The first brand kit always is.
    """
    shop_name: str | None = None
    """
    Named on the product card.
    """
    license_text: str | None = None
    """
    The license of your files, instead of the usual one.
    """
    closing_text: str | None = None
    """
    The end of every listing description.
    """
    palette: str | None = None
    styles: list[str] | None = None
    """
    Codes from /models. The first one a product type has is used.
    """
    scenes: list[str] | None = None
    """
    Ids from /scenes. The first one is used; its mockup has a price.
    """
    minimum_price: int | None = None
    """
    The lowest suggested price of a listing; 0 for none.
    """
    price_ending: str | None = None
    """
    Suggested prices are rounded up to this ending; empty for none.
    """
    prices: ProductPrices | None = None
    """
    An exact price for each product type.
    """
    name: str | None = None


class BrandKitDeleted(Model):
    id: str


class SeriesEntry(Model):
    """
    A series: its name, how many projects it has, and what every further project takes over. `model` and `ratio` are those of the
    first project; a product type without them keeps the orientation.
    """

    name: str
    projects: int
    product: str
    model: str
    ratio: str
    options: dict[str, str]


class SeriesList(Model):
    items: list[SeriesEntry]


class TemplateOrder(Model):
    """
    The fields of an order. Empty ones are left to the product type.
    """

    product: str
    idea: str
    count: int | None
    model: str
    ratio: str
    mode: str
    options: dict[str, str]
    words: dict[str, str]
    scene: str
    failover: bool
    video: bool
    shop: str
    brand_kit: str
    series: str


class TemplateLaunch(Model):
    """
    What differs from the template.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    idea: str | None = None
    """
    Defaults to the template's idea.
    """
    name: str | None = None
    """
    Leave empty to name it after the idea.
    """
    confirm_not_drawn: bool | None = None
    """
    Launch even though the main subject of the idea won't be drawn. Default: false.
    """
    confirm_trademarks: bool | None = None
    """
    You may use the protected names. Default: false.
    """


class Translation(Model):
    """
    A translation. `reason` says why it failed, or why it waits; `current`: it was made from the text as it is now.
    """

    language: str
    name: str
    state: str
    title: str
    tags: list[str]
    description: str
    reason: str
    model: str
    current: bool


class Translations(Model):
    items: list[Translation]


class TranslationRequest(Model):
    model_config = ConfigDict(
        extra="forbid",
    )
    languages: list[str]
    """
    Any of de, es, fr, it, ja, nl, pl, pt.
    """


class Grant(Model):
    remaining: int
    expires_at: AwareDatetime | None
    source: str


class Transaction(Model):
    id: str
    type: str
    """
    Every way credits can move (rules §7).
    """
    amount: int
    balance_after: int
    project: str | None
    item: int | None
    reason: str
    created_at: AwareDatetime


class TransactionPage(Model):
    """
    Newest first. `next` is the `cursor` of the next page, or null.
    """

    items: list[Transaction]
    next: str | None


class Mockups(Model):
    included: int
    price: int


class PricedModel(Model):
    code: str
    name: str
    products: list[str]
    image: int
    upscale: int


class SoldCredits(Model):
    """
    `price_cents` is US cents: a month for a plan, once for a pack.
    """

    code: str
    name: str
    credits: int
    price_cents: int


class ModelPrice(Model):
    """
    `image` and `upscale` are credits per image. A model that is not available, or has trouble just
    now, says so in `reason`.
    """

    code: str
    name: str
    provider: str
    products: list[str]
    image: int
    upscale: int
    note: str
    available: bool
    reason: str


class Models(Model):
    items: list[ModelPrice]


class KnownSubject(Model):
    """
    A subject the built-in artist draws; `code` is its figure's.
    """

    subject: str
    code: str


class Subjects(Model):
    items: list[KnownSubject]


class Count(Model):
    min: int
    max: int
    default: int


class DesignOption(Model):
    code: str
    name: str
    max_length: int


class Ratio(Model):
    ratio: str
    width: int
    height: int


class NewWebhook(Model):
    """
    `secret` signs every delivery and is shown only here.
    """

    id: str
    url: str
    events: list[str]
    active: bool
    disabled_reason: str
    created_at: AwareDatetime
    secret: str


class WebhookRequest(Model):
    model_config = ConfigDict(
        extra="forbid",
    )
    url: str
    events: list[str] | None = None
    """
    Defaults to all events. Default: ["project.completed", "project.failed", "project.awaiting_approval", "item.failed", "credits.refunded", "credits.low", "batch.completed", "batch.failed", "batch.not_launched"].
    """


class Webhook(Model):
    """
    `active` is false once the receiver answered 410 Gone; `disabled_reason` then says so.
    """

    id: str
    url: str
    events: list[str]
    active: bool
    disabled_reason: str
    created_at: AwareDatetime


class Webhooks(Model):
    items: list[Webhook]


class DeliveryAttempt(Model):
    number: int
    at: AwareDatetime
    status: int | None
    milliseconds: int
    outcome: str


class Export(Model):
    """
    A copy of what the studio keeps about you. `bytes`, `sha256` and `url` are there while it can be downloaded.
    """

    id: str
    status: str
    files: bool
    requested_at: AwareDatetime
    expires_at: AwareDatetime | None
    bytes: int | None
    sha256: str | None
    url: str | None


class ExportRequest(Model):
    """
    What is to be in it.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    files: bool | None = None
    """
    Include the files themselves, not only their names and digests. Default: false.
    """


class Exports(Model):
    """
    The newest first.
    """

    items: list[Export]


class FieldError(Model):
    field: str
    detail: str


class Problem(Model):
    """
    Problem details (RFC 9457). Act on `type`; `detail` is for people.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FieldError] | None = None
    """
    invalid-request: each invalid field, with the reason.
    """
    needed: int | None = None
    """
    insufficient-credits: the price in credits.
    """
    balance: int | None = None
    """
    insufficient-credits: the balance in credits.
    """
    shortfall: int | None = None
    """
    insufficient-credits: the missing credits.
    """
    retry_after: int | None = None
    """
    rate-limited: seconds to wait before the next request.
    """


class Quote(Model):
    """
    A price, frozen. `balance` is what the seller has now, `shortfall` what is missing for it. `needs_link`: the uploads
    are too large for an Etsy listing, so buyers will get a download link on the product card. With `trademarks`, a launch of
    this order needs `confirm_trademarks`. `count` images are made and charged; `asked` were ordered, and when these are more,
    `notice` says so in words: the built-in artist makes only images that look different.
    """

    id: str
    product: str
    model: str
    count: int
    asked: int
    notice: str
    total: int
    lines: list[QuoteLine]
    price_list: str
    created_at: AwareDatetime
    balance: int
    shortfall: int
    needs_link: bool
    trademarks: list[Trademark]
    storyboard: Storyboard | None
    """
    Null without an idea and for your own images, where nothing is planned.
    """


class QuoteRequest(Model):
    model_config = ConfigDict(
        extra="forbid",
    )
    product: str
    count: int | None = None
    """
    How many images. Defaults to the product type's usual number.
    """
    model: str | None = None
    """
    A code from /models.
    """
    ratio: str | None = None
    options: DesignOptions | None = None
    mode: str | None = None
    """
    For posters: `design` stops at the design, `production` goes on to the print file.
    """
    words: CardWords | None = None
    """
    For greeting cards.
    """
    name: str | None = None
    """
    Leave empty to name it after the idea.
    """
    uploads: list[str] | None = None
    """
    For your own images: ids from /uploads, in their order.
    """
    scene: str | None = None
    """
    A scene from /scenes, for one more mockup with your own photo.
    """
    failover: bool | None = None
    """
    Let another model, never more expensive, make an image whose model is down after all attempts. Default: false.
    """
    video: bool | None = None
    """
    Make a listing video from the images and mockups. Free; refused if the studio has no encoder. Default: false.
    """
    shop: str | None = None
    """
    The shop its draft goes to: an id or name from /shops. Defaults to the default shop.
    """
    brand_kit: str | None = None
    """
    A brand kit from /brand-kits by id or name, or `default` for your default one. It fills in palette, style and scene where the order leaves them out.
    """
    series: str | None = None
    """
    The name of the series it belongs to. The first project starts the series; later ones use its palette, style and shape.
    """
    storyboard: list[Subject] | None = None
    """
    Your own storyboard: one subject for each image, in their order.
    """
    confirm_not_drawn: bool | None = None
    """
    Launch even though the main subject of the idea won't be drawn; see the quote. Default: false.
    """
    idea: str | None = None
    """
    The idea, in a sentence or two.
    """


class Item(Model):
    """
    `model` makes or made the image: the project's, or the one that stepped in for it. `versions` are the images it has
    had, oldest first, once there are several.
    """

    number: int
    prompt: str
    subject: str
    state: str
    round: int
    flags: list[Flag]
    reason: str
    refunded: int
    model: str
    versions: list[Version]


class Job(Model):
    """
    `charged` and `refunded` are credits, summed from the ledger's rows.
    """

    id: str
    status: str
    charged: int
    refunded: int
    failure: JobFailure | None


class TrialCheck(Model):
    """
    One check: `title` says what holds when it passed, `looked_at` how many files it was made on.
    """

    name: str
    title: str
    ok: bool
    looked_at: int
    found: str
    problems: list[TrialProblem]


class ProjectSummary(Model):
    public_id: str
    name: str
    product: str
    idea: str
    count: int
    model: str
    stage: str
    """
    The state of a project (rules §2).
    """
    created_at: AwareDatetime
    labels: list[str]
    archived: bool
    favorite: bool
    series: str | None
    job: Job


class Activity(Model):
    """
    Oldest first.
    """

    items: list[ActivityEntry]


class Items(Model):
    items: list[Item]


class BatchRow(Model):
    """
    `credits` is the row's price as last quoted. `project` is what it stands for now, `earlier` are the failed ones before.
    A row with `problems` can't be launched; `trademarks` and a storyboard that needs confirmation each need a confirmation.
    """

    number: int
    line: int
    """
    Where it began in a file; 0 without one.
    """
    included: bool
    planned: bool
    """
    False while the row has no price yet because it is still being planned.
    """
    idea: str
    product: str
    model: str
    count: int | None
    asked: int | None
    notice: str
    name: str
    problems: list[RowProblem]
    trademarks: list[str]
    credits: int
    storyboard: Storyboard | None
    project: BatchProject | None
    earlier: list[BatchProject]


class RequestedLaunch(Model):
    """
    What happened to a launch that was requested with the list. `waiting`: it is launched automatically once every row has its
    price, and not before the studio has space again when `problem` is `disk-full`. `not_launched`: nothing was charged, and the
    batch is a draft. `problem` is the kind of problem, `reason` says it, `next_step` what to do, and `errors` name fields
    (`rows.3.count`).
    """

    state: str
    max_credits: int | None
    problem: str | None
    reason: str
    next_step: str
    errors: list[RowProblem]
    ended_at: AwareDatetime | None


class BatchPage(Model):
    """
    Newest first. `next` is the `cursor` of the next page, or null.
    """

    items: list[BatchSummary]
    next: str | None


class Calendar(Model):
    """
    By day.
    """

    items: list[PlannedDraft]


class PrintDraft(Model):
    """
    A quote and the draft made from it. `state`: quoted, sending, unknown, draft, submitted (in Gelato, by a person), rejected or
    deleted. `reason` says why it is where it is, else it is empty. `gelato_status` is Gelato's own word.
    """

    id: str
    state: str
    reason: str
    words: str
    size: str
    dpi: int
    file: str
    destination: dict[str, str]
    price: str
    currency: str
    shipping: list[PrintShipping]
    method: str
    recipient: dict[str, str]
    order_id: str
    gelato_status: str
    created_at: AwareDatetime
    sent_at: AwareDatetime | None
    checked_at: AwareDatetime | None
    link_until: AwareDatetime


class PrintDrafts(Model):
    """
    Newest first.
    """

    items: list[PrintDraft]


class BrandKitRequest(Model):
    model_config = ConfigDict(
        extra="forbid",
    )
    is_default: bool | None = None
    """
    Preselected on the launch form. The first brand kit always is.
    """
    shop_name: str | None = None
    """
    Named on the product card.
    """
    license_text: str | None = None
    """
    The license of your files, instead of the usual one.
    """
    closing_text: str | None = None
    """
    The end of every listing description.
    """
    palette: str | None = None
    styles: list[str] | None = None
    """
    Codes from /models. The first one a product type has is used.
    """
    scenes: list[str] | None = None
    """
    Ids from /scenes. The first one is used; its mockup has a price.
    """
    minimum_price: int | None = None
    """
    The lowest suggested price of a listing; 0 for none.
    """
    price_ending: str | None = None
    """
    Suggested prices are rounded up to this ending; empty for none.
    """
    prices: ProductPrices | None = None
    """
    An exact price for each product type.
    """
    name: str


class Template(Model):
    """
    A template of the launch form. `order` is what it fills in.
    """

    id: str
    name: str
    order: TemplateOrder


class Templates(Model):
    items: list[Template]


class Credits(Model):
    """
    The grants are in the order they will be used.
    """

    balance: int
    grants: list[Grant]


class Prices(Model):
    version: str
    models: list[PricedModel]
    listing: int
    mockups: Mockups
    trial: int
    plans: list[SoldCredits]
    top_ups: list[SoldCredits]


class ProductType(Model):
    code: str
    name: str
    makes: str
    ratios: list[Ratio]
    count: Count
    gate: str | None
    models: list[str]
    transparent: bool
    options: list[DesignOption]


class Products(Model):
    items: list[ProductType]


class Delivery(Model):
    """
    `id` is the `webhook-id` the receiver sees; `project` the project it is about, or the batch of a `batch.…` event.
    """

    id: str
    event: str
    project: str
    state: str
    tries: int
    next_try_at: AwareDatetime | None
    created_at: AwareDatetime
    attempts: list[DeliveryAttempt]


class DeliveryPage(Model):
    """
    Newest first. `next` is the `cursor` of the next page, or null.
    """

    items: list[Delivery]
    next: str | None


class Trial(Model):
    """
    The buyer's trial: the delivery opened as a buyer would, before the draft.
    """

    ok: bool
    checked_at: AwareDatetime
    checks: list[TrialCheck]


class ProjectPage(Model):
    """
    Newest first. `next` is the `cursor` of the next page, or null.
    """

    items: list[ProjectSummary]
    next: str | None


class Batch(Model):
    """
    A batch. `total` is the price of the included rows that are planned; `charged` and `refunded` are credits of all its
    projects together, each counted once. While the rows of a draft are being planned, or it waits to be launched, its state
    is `planning`. `launch` is null for a batch that began as a draft.
    """

    id: str
    name: str
    state: str
    launch: RequestedLaunch | None
    paused: bool
    notes: list[str]
    created_at: AwareDatetime
    launched_at: AwareDatetime | None
    total: int
    charged: int
    refunded: int
    counts: BatchCounts
    rows: list[BatchRow]


class Files(Model):
    items: list[File]
    trial: Trial | None
    """
    The buyer's trial; null until the files are packed.
    """


class Project(Model):
    """
    A project as it is. `job` is the launch; `jobs` is every job in the order they were charged, and `current_job` the
    newest. `loss_on_delete` is the credits that would not come back if it were deleted now. `asked` is how many images were
    ordered; when fewer are made and charged, `notice` says so in words.
    """

    public_id: str
    name: str
    product: str
    idea: str
    stage: str
    """
    The state of a project (rules §2).
    """
    created_at: AwareDatetime
    brief: dict[str, Any]
    model: str
    failover: bool
    video: bool
    job: Job
    jobs: list[ProjectJob]
    current_job: ProjectJob
    quote: ChargedQuote
    asked: int
    notice: str
    items: list[Item]
    files: list[File]
    buyer_link: str | None
    """
    Where buyers download files that are too large for Etsy; null when they fit.
    """
    trial: Trial | None
    """
    The buyer's trial; null until the files are packed.
    """
    shop: ProjectShop | None
    """
    Null when no shop is connected.
    """
    listing: Listing
    labels: list[str]
    archived: bool
    favorite: bool
    series: str | None
    """
    The name of its series; null without one.
    """
    brand_kit: UsedBrandKit | None
    """
    The name that its brand kit had at launch.
    """
    loss_on_delete: int
