"""Launching a project: the order is checked, priced and booked here.

A launch is one transaction: the balance is checked and debited, and the project, its job and its items are written, or
nothing is (rules §7). This module must never enqueue work or call anything outside; `actions.commands` does, on commit.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from elistit import names, ports
from elistit.accounts.models import User
from elistit.artwork import cardtext
from elistit.credits import ledger, prices, quotes
from elistit.credits.models import Quote
from elistit.projects import changes, draft_plans, requests, scenes, series, storyboard, uploads
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import AcceptedRequest, Item, Job, JobKind, Listing, Project
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
from elistit.projects.requests import Act
from elistit.projects.states import Stage

__all__ = ["InvalidSpec", "LaunchSpec", "NotFound", "NotPossible", "check", "launch", "price", "quote"]

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
            errors[f"words.{key[:40]}"] = "Words are for the front and the inside of a greeting card."
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
    """The itemised price of an order, in credits: of what its storyboard shows, where one is known. Raises InvalidSpec."""
    spec = made(check(spec), board)
    assert spec.count is not None
    part = "design" if spec.mode == PosterMode.DESIGN else "all"
    return prices.quote_lines(spec.product, spec.model, spec.count, mockups=_pictures(spec.scene), part=part)


def _pictures(scene: object) -> int:
    """How many mockups an order has: the included ones, and one more in a scene of the seller's own."""
    return prices.price_list().mockups_included + bool(scene)


def quote(owner: User, spec: LaunchSpec, board: storyboard.Board | None = None) -> Quote:
    """Freeze the price of an order as a quote row: of what its storyboard shows. Raises InvalidSpec."""
    order = made(check(spec), board)
    assert order.count is not None
    return quotes.freeze(owner.pk, order.product, order.model, order.count, price(spec, board))


def launch(
    owner: User,
    spec: LaunchSpec,
    *,
    idempotency_key: str,
    quote_id: str | None = None,
    board: storyboard.Board | None = None,
    resolved: LaunchSpec | None = None,
) -> tuple[Job, bool]:
    """Book an order: debit, project, job and items in one transaction. The job, and whether this call made it.

    The same key with the same order answers the same job and books nothing; with another order it raises
    IdempotencyConflict. `board` is the accepted storyboard, kept beside the quote. `resolved` is the order with what its brand kit
    and series fill in; a repetition is judged by `spec` alone, so that editing a brand kit changes no answer. With `quote_id`, the order must
    still cost what that quote said. Raises InvalidSpec, InsufficientCredits (nothing is written), NotPossible when the
    price has changed since the quote (rules §7) or an upload is no longer there.
    """

    def stored() -> str:
        return _checked_digest(spec, quote_id)

    def do(request: AcceptedRequest) -> dict[str, Any]:
        job_key = _job_key(owner, Act.LAUNCH, request.key)
        return _answer(book(owner, spec, request, job_key=job_key, quote_id=quote_id, board=board, resolved=resolved))

    body = {"spec": given(spec), "quote": quote_id}
    # Another wording of the same order, or an order from before there were accepted requests: known by its job's digest.
    return _jobs(requests.accept(
        owner.pk, idempotency_key, Act.LAUNCH, body, do,
        same=lambda answer: _is_of(answer, stored), before=lambda key: _before(owner, Act.LAUNCH, key, stored),
    ))  # fmt: skip


def book(
    owner: User,
    spec: LaunchSpec,
    request: AcceptedRequest,
    *,
    job_key: str,
    quote_id: str | None = None,
    board: storyboard.Board | None = None,
    resolved: LaunchSpec | None = None,
) -> Job:
    """Book one order in the transaction of an accepted request: debit, project, job, items and storyboard. `job_key` is the
    job's own, once for ever. Raises what `launch` raises, but for IdempotencyConflict."""
    order = check(resolved or spec)
    if product_type(order.product).model == ModelChoice.NONE and not order.uploads:
        raise InvalidSpec({"uploads": "Add at least one image of your own."})
    lines = price(order, board)
    job = _book(owner, made(order, board), lines, request, _checked_digest(spec, quote_id), quote_id, job_key)
    if board is not None:
        storyboard.keep(job.quote, board, storyboard_digest(order))
    return job


def is_known(owner: User, idempotency_key: str) -> bool:
    """Whether this seller's key belongs to a request already: of any act, or for a launch of before there were such rows."""
    key = requests.checked_key(idempotency_key)
    if requests.find(owner.pk, key) is not None:
        return True
    return Job.objects.filter(idempotency_key=_job_key(owner, Act.LAUNCH, key)).exists()


def _job_key(owner: User, act: Act, key: str) -> str:
    """The key as a job keeps it, for the version before, which knows a repetition by it alone."""
    return f"{act.value}:{owner.pk}:{key}"


def given(spec: LaunchSpec) -> dict[str, Any]:
    """An order as it was given, without what was left empty: so that a field that is added one day changes no digest."""
    order = dataclasses.asdict(spec)
    # The list of protected names changes, and confirming is no part of what is ordered: the same order stays the same. So do
    # brand kits, which are named by the order and looked up for it.
    for name in NOT_ORDERED:
        del order[name]
    return {k: v for k, v in order.items() if v or (v == 0 and v is not False)}


def _checked_digest(spec: LaunchSpec, quote_id: str | None) -> str:
    """The digest a job keeps: of the order with its defaults filled in. Empty for an order that cannot be booked now."""
    try:
        order = dataclasses.asdict(check(spec))
    except InvalidSpec:
        return ""
    # An order without one of the later fields has the digest it had before there was that field.
    order = {k: v for k, v in order.items() if k not in NOT_ORDERED and (k not in LATER_FIELDS or v)}
    return requests.digest({"spec": order, "quote": quote_id})


def _answer(job: Job) -> dict[str, Any]:
    return {"project": job.project_id, "job": job.pk}


def _is_of(answer: dict[str, Any], stored: Callable[[], str]) -> bool:
    return Job.objects.filter(pk=answer.get("job"), request_digest=stored()).exists()


def _before(owner: User, act: Act, key: str, stored: Callable[[], str]) -> dict[str, Any] | None:
    """The answer of a key from before there were accepted requests."""
    job = Job.objects.filter(idempotency_key=_job_key(owner, act, key)).first()
    if job is None:
        return None
    if job.request_digest != stored():
        raise ledger.IdempotencyConflict(key)
    return _answer(job)


def _jobs(accepted: requests.Accepted) -> tuple[Job, bool]:
    job = Job.objects.select_related("project").get(pk=accepted.answer["job"])
    return job, not accepted.replayed


def _book(
    owner: User,
    spec: LaunchSpec,
    lines: list[prices.Line],
    request: AcceptedRequest,
    digest: str,
    quote_id: str | None,
    job_key: str,
) -> Job:
    assert spec.count is not None and spec.ratio is not None, "the order was checked"
    if quote_id:
        frozen = Quote.objects.filter(pk=quote_id, owner=owner).first()
        if frozen is None:
            raise NotPossible("That quote doesn't exist. Request a new quote.")
        if (frozen.product, frozen.model, frozen.count) != (spec.product, spec.model, spec.count):
            raise NotPossible("That quote is for a different order. Request a new quote.")
        if frozen.total != sum(line.credits for line in lines):
            raise NotPossible("The price has changed since that quote. Check the new price and launch again.")
    else:
        frozen = quotes.freeze(owner.pk, spec.product, spec.model, spec.count, lines)
    project_id, job_id = ports.new_id(), ports.new_id()
    posting = ledger.spend(
        owner.pk, frozen.total, job=job_id, project=project_id, idempotency_key=f"job:{job_id}:charge",
        reason="Project launched", actor=owner.reference,
    )  # fmt: skip
    requests.charged(request, posting)
    seed = int.from_bytes(hashlib.sha256(project_id.encode()).digest()[:6], "big")
    scene = scenes.own(owner, spec.scene) if spec.scene else None
    joined = series.join(owner, spec.series, _look(spec), begins=bool(spec.look)) if spec.series else None
    project = Project.objects.create(
        public_id=project_id, owner=owner, name=spec.name, product=spec.product, idea=spec.idea, options=spec.options,
        ratio=spec.ratio, count=spec.count, model=spec.model, mode=spec.mode, words=spec.words, scene=scene, seed=seed,
        failover=spec.failover, trademarks=list(spec.trademarks) or None, video=spec.video, series=joined,
        brand=spec.brand or None,
    )  # fmt: skip
    job = Job.objects.create(
        public_id=job_id, project=project, kind=JobKind.LAUNCH, quote=frozen,
        idempotency_key=job_key, request_digest=digest,
    )  # fmt: skip
    each = prices.item_price(lines)
    Item.objects.bulk_create(Item(job=job, number=n, price=each) for n in range(1, spec.count + 1))
    uploads.claim(owner, project, spec.uploads)
    Listing.objects.create(project=project)
    if spec.draft_shop:
        draft_plans.keep(project, *spec.draft_shop)
    return job


def _look(spec: LaunchSpec) -> dict[str, Any]:
    assert spec.ratio is not None, "the order was checked"
    return spec.look or series.look_of(product_type(spec.product), spec.model, spec.ratio, spec.options)


def book_listing_again(owner: User, project: Project, *, idempotency_key: str) -> tuple[Job, bool]:
    """Book writing the listing again after it failed and was refunded: a job of its own, with its own quote and charge
    (rules §5.5). Idempotent by key. Raises NotPossible, InsufficientCredits, IdempotencyConflict."""

    def claim() -> bool:
        failed = Listing.objects.filter(project=project, text=Listing.Text.FAILED)
        return bool(failed.update(text=Listing.Text.NONE, text_reason="")) and changes.move_stage(
            project.pk, Stage.LISTING, [Stage.COMPLETED]
        )

    return _book_second(
        owner, project, JobKind.LISTING, prices.listing_lines, claim, "Write the listing again",
        "This project's listing is already written or being written.", idempotency_key,
    )  # fmt: skip


def print_ready_lines(project: Project) -> list[prices.Line]:
    """The itemised price of making a poster's design print-ready: with the model that made it."""
    mockups, model = _pictures(project.scene_id), _designer(project)
    return prices.quote_lines(project.product, model, project.count, mockups=mockups, part="print")


def _designer(project: Project) -> str:
    art = Item.objects.filter(job__project=project).values_list("art", flat=True).first() or {}
    return art.get("made_model") or project.model


def book_print_ready(owner: User, project: Project, *, idempotency_key: str) -> tuple[Job, bool]:
    """Book **Make print-ready** for a poster whose design is there: the second job, with its own quote and charge (rules
    §4). Idempotent by key. Raises NotPossible, InsufficientCredits, IdempotencyConflict."""

    def claim() -> bool:
        return changes.move_stage(project.pk, Stage.PROCESSING, [Stage.DESIGN_READY])

    return _book_second(
        owner, project, JobKind.PRINT_READY, lambda: print_ready_lines(project), claim, "Make print-ready",
        "This project has no design waiting to be made print-ready.", idempotency_key,
    )  # fmt: skip


def _book_second(
    owner: User,
    project: Project,
    kind: JobKind,
    lines: Callable[[], list[prices.Line]],
    claim: Callable[[], bool],
    reason: str,
    refusal: str,
    key: str,
) -> tuple[Job, bool]:
    """Quote, charge and write a further job of a project, if `claim` wins the state it needs. All or nothing."""
    act, stored = Act(kind.value), requests.digest({"project": project.pk})

    def book(request: AcceptedRequest) -> dict[str, Any]:
        if project.stage == Stage.DELETED:
            raise NotFound("There is no such project.")
        frozen = quotes.freeze(owner.pk, project.product, project.model, project.count, lines())
        job_id = ports.new_id()
        posting = ledger.spend(
            owner.pk, frozen.total, job=job_id, project=project.pk, idempotency_key=f"job:{job_id}:charge",
            reason=reason, actor=owner.reference,
        )  # fmt: skip
        requests.charged(request, posting)
        if not claim():
            raise NotPossible(refusal)
        return _answer(Job.objects.create(
            public_id=job_id, project=project, kind=kind, quote=frozen, idempotency_key=_job_key(owner, act, request.key),
            request_digest=stored,
        ))  # fmt: skip

    return _jobs(requests.accept(
        owner.pk, key, act, {"project": project.pk}, book, before=lambda key: _before(owner, act, key, lambda: stored)
    ))  # fmt: skip
