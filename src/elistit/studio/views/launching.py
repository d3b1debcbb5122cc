"""The launch form: describe, see the exact price, launch.

A launch needs a price the seller has seen: the form carries it, and when it is missing or no longer right the page
comes back with the price and nothing is spent. A hidden key makes pressing Launch twice the same as once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from elistit import config
from elistit.accounts.kept import NOTICE, taken
from elistit.accounts.models import User
from elistit.actions import commands, protected_names, uploads
from elistit.artwork import encoder
from elistit.chain import model_availability
from elistit.credits import ledger, prices
from elistit.credits.ledger import IdempotencyConflict, InsufficientCredits
from elistit.delivery import store
from elistit.listings.etsy import shops
from elistit.projects import daily_limits, draft_plans, finding, scenes
from elistit.projects import uploads as kept
from elistit.projects.gate import items_of
from elistit.projects.launch import InvalidSpec, LaunchSpec, NotPossible, is_known
from elistit.projects.launch import price as price_of
from elistit.projects.models import Project, Upload
from elistit.projects.products import (
    CARD_WORDS,
    DESIGN_OPTIONS,
    IDEA_MAX,
    LETTERING_OPTIONS,
    OPTIONS,
    PRODUCTS,
    PosterMode,
    Product,
    ProductType,
    option_max,
)
from elistit.stages import presets, storyboards
from elistit.studio import estimate, health
from elistit.studio.limits import PICTURES_MAX
from elistit.studio.views import access, launch_presets, storyboard

DPI = 300
KEY = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")

OPTION_HINTS = {
    "art_medium": "watercolor, gouache, ink",
    "color_palette": "sage green and terracotta",
    "mood": "gentle, autumnal",
    "setting": "a forest floor",
    "composition": "one animal each, seen from the front",
    "negative": "people, text",
    "lettering": "be kind",
    "lettering_style": "script, slab, Pacifico, badge",
}
MODES = (
    (
        PosterMode.DESIGN.value,
        "Design first",
        "Pay for the design first, review it, then decide whether to make it print-ready.",
    ),
    (
        PosterMode.PRODUCTION.value,
        "Straight to the print file",
        "Pay for both at launch, without a review in between.",
    ),
)
CARD_LABELS = {"front": "Words on the front", "inside": "Message inside"}
CARD_ROWS = {"front": 2, "inside": 6}
CARD_FIELDS = tuple(f"words.{name}" for name in CARD_WORDS)
TOP_UP = "Make fewer images, choose another model, or ask the studio operator for credits."


@dataclass
class LaunchForm:
    """What was typed, exactly as it was typed, with the errors that go beside it."""

    values: dict[str, str]
    options: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    uploads: list[str] = field(default_factory=list)
    board: storyboard.Edits = field(default_factory=storyboard.Edits)

    @classmethod
    def empty(cls, request: HttpRequest) -> LaunchForm:
        """For the product type asked for (`?product=`), or the first one."""
        asked = request.GET.get("product", "")
        kind = PRODUCTS[Product(asked)] if asked in list(Product) else next(iter(PRODUCTS.values()))
        made = cls(defaults(kind), dict.fromkeys(OPTIONS, ""))
        launch_presets.begin(access.person(request), made, request.GET.get("series", ""))
        return made.with_waiting(request)

    def with_waiting(self, request: HttpRequest) -> LaunchForm:
        """With every upload that waits, when this is an order of the seller's own images."""
        if self.values["product"] == Product.CUSTOM:
            self.uploads = list(kept.waiting(access.person(request)).values_list("pk", flat=True))
        return self

    @classmethod
    def typed(cls, request: HttpRequest, post: QueryDict | None = None) -> LaunchForm:
        """What was sent, or what `post` holds of an earlier sending."""
        post = request.POST if post is None else post
        names = (
            "product", "idea", "count", "ratio", "model", "name", "mode", "scene", "failover", "video", "shop",
            protected_names.CONFIRM, *CARD_FIELDS, *launch_presets.FIELDS,
        )  # fmt: skip
        values = {name: post.get(name, "") for name in names}
        switched = post.get("switch", "")
        if switched in list(Product):
            # Another product type: what belongs to the one before is set again, what was written is kept.
            held = ("idea", "name", "shop", *CARD_FIELDS, *launch_presets.FIELDS)
            values |= defaults(PRODUCTS[Product(switched)]) | {k: values[k] for k in held}
        if used := post.get("use_model", ""):
            values["model"] = used[:80]
        made = cls(values, {code: post.get(f"options.{code}", "") for code in OPTIONS})
        launch_presets.pressed(access.person(request), made, post)
        if switched:
            return made.with_waiting(request)
        made.board = storyboard.Edits.typed(post)
        made.board_to_count()
        made.uploads = post.getlist("uploads") if values["product"] == Product.CUSTOM else []
        return made

    @classmethod
    def like(cls, request: HttpRequest, public_id: str, number: str = "", *, more: bool = False) -> LaunchForm:
        """Filled in from an earlier project of the same seller: its whole order; with the `number` of an image, more like that one,
        about what it shows; with `more`, more like the project, with another idea. Raises Http404 for another's."""
        project = access.own_project(request, public_id)
        subject = _subject(project, number)
        more = more or bool(subject)
        values = {
            "product": project.product,
            "idea": subject if more else project.idea,
            "count": str(project.count),
            "ratio": project.ratio,
            "model": project.model,
            "name": "" if more else project.name,
            "mode": project.mode,
            "scene": project.scene_id or "",
            "failover": "on" if project.failover else "",
            "video": "on" if project.video else "",
            "shop": str(draft_plans.number_of(project.pk) or ""),
            **{f"words.{k}": str(project.words.get(k, "")) for k in CARD_WORDS},
        }
        options = {code: str(project.options.get(code, "")) for code in OPTIONS}
        made = cls(values | dict.fromkeys(launch_presets.FIELDS, ""), options)
        if more:
            made.options |= {"color_palette": presets.palette_of(project), "lettering": ""}
        else:
            made.board.subjects = storyboards.chosen_subjects(access.launch_job(project).quote_id)
        launch_presets.like(access.person(request), made, project)
        return made.with_waiting(request)

    def board_to_count(self) -> None:
        """An edited storyboard and the number of images agree: a button moves the number, the number cuts the list."""
        subjects, count = self.board.subjects, self.values["count"].strip()
        if subjects is None:
            return
        if self.board.acted or not count.isdecimal() or int(count) > len(subjects):
            self.values["count"] = str(len(subjects))
        else:
            self.board.subjects = subjects[: int(count)]

    def _hangs(self) -> bool:
        product = self.values["product"]
        return product in list(Product) and PRODUCTS[Product(product)].hangs

    def spec(self) -> LaunchSpec:
        """The order as typed. Raises InvalidSpec when the count is not a whole number."""
        count = self.values["count"].strip()
        if count and not re.fullmatch(r"-?[0-9]{1,6}", count):
            raise InvalidSpec({"count": "Enter the number of images as a whole number, for example 15."})
        own = self.values["product"] == Product.CUSTOM
        return LaunchSpec(
            product=self.values["product"],
            idea=self.values["idea"],
            count=int(count) if count and not own else None,
            model=self.values["model"],
            ratio=self.values["ratio"] or None,
            options={code: text for code, text in self.options.items() if text.strip()},
            name=self.values["name"],
            mode=self.values["mode"] if self.values["product"] == Product.POSTER else "",
            words={k: self.values[f"words.{k}"] for k in CARD_WORDS}
            if self.values["product"] == Product.GREETING_CARD
            else {},
            uploads=tuple(self.uploads),
            scene=self.values["scene"] if self._hangs() else "",
            failover=self.values["failover"] == "on" and not own,
            video=self.values["video"] == "on",
            shop=self.values["shop"],
            storyboard=() if own else tuple(self.board.subjects or ()),
            confirm_not_drawn=self.board.confirmed,
            brand_kit=self.values["brand_kit"],
            series=self.values["series"],
            as_shown=True,
        )


def _subject(project: Project, number: str) -> str:
    """What one image of a project shows; empty for a project of the seller's own images and where there is none."""
    if not project.model or not (number.isascii() and number.isdecimal() and len(number) < 7):
        return ""
    item = items_of(project).filter(number=int(number)).first()
    return item.subject if item else ""


def defaults(kind: ProductType) -> dict[str, str]:
    models, paused = model_availability.models(kind.code.value), model_availability.paused()
    models = [m for m in models if m.provider not in paused] or models
    return {
        "product": kind.code.value,
        "idea": "",
        "count": str(kind.count_default),
        "ratio": kind.default_ratio,
        "model": models[0].code if models else "",
        "name": "",
        "mode": PosterMode.DESIGN.value if kind.code == Product.POSTER else "",
        "scene": "",
        "failover": "",
        "video": "",
        "shop": "",
        **dict.fromkeys((*CARD_FIELDS, *launch_presets.FIELDS), ""),
    }


def quoted(owner: User, form: LaunchForm, *, check_idea: bool = True) -> dict[str, Any]:
    """The itemised price of what is typed, with the balance before and after. Empty of lines when it cannot be priced.

    `check_idea` False prices an order whose idea has yet to be written: the idea has no influence on the price.
    """
    balance = ledger.balance(owner.pk)
    before = form.values["idea"]
    try:
        if not check_idea and not before.strip():
            form.values["idea"] = "idea to come"
        order = presets.resolve(owner, form.spec())
        lines = price_of(order)
    except InvalidSpec as invalid:
        form.errors |= invalid.errors
        return {"lines": [], "balance": balance, **storyboard.kept(form.board)}
    finally:
        form.values["idea"] = before
    board, wrong = storyboard.shown(owner, replace(order, idea=before), form.board)
    form.errors |= wrong
    if board.get("board"):
        lines = price_of(order, board["board"])
    elif "count" in wrong:
        lines = []  # with too few different images there is nothing to launch
    total = sum(line.credits for line in lines)
    protected = protected_names.of_order(form.spec())
    model, count = form.values["model"], form.values["count"]
    made = len(board["board"].items) if board.get("board") else int(count) if count.isdecimal() else 0
    return {
        "takes": estimate.expected(form.values["product"], model, made) if model and made else "",
        "lines": lines,
        **board,
        "total": total,
        "needs_link": kept.need_link(owner, form.uploads),
        "balance": balance,
        "after": balance - total,
        "shortfall": max(0, total - balance),
        "limit": daily_limits.problem(owner.pk, total, projects=1),
        "trademarks": protected,
        "confirmed": form.values.get(protected_names.CONFIRM) == "on",
    }


def _page(
    request: HttpRequest, form: LaunchForm, quote: dict[str, Any], *, key: str, notice: str = "", status: int = 200
) -> HttpResponse:
    chosen = PRODUCTS.get(Product(form.values["product"])) if form.values["product"] in list(Product) else None
    context = {
        "form": form,
        "key": key,
        "notice": notice,
        "products": list(PRODUCTS.values()),
        "chosen": chosen,
        "own": _own_pictures(access.person(request), form) if chosen and chosen.code == Product.CUSTOM else None,
        **_models(form.values["product"] if chosen else ""),
        "option_rows": _option_rows(form, DESIGN_OPTIONS),
        "lettering_rows": _lettering_rows(form, chosen),
        "scenes": scenes.ready(access.person(request)) if chosen and chosen.hangs else [],
        "scene_price": prices.price_list().mockup_price,
        "modes": MODES if chosen and chosen.code == Product.POSTER else [],
        "card_rows": [
            {
                "name": f"words.{k}",
                "label": CARD_LABELS[k],
                "max": most,
                "rows": CARD_ROWS[k],
                "value": form.values[f"words.{k}"],
                "error": form.errors.get(f"words.{k}", ""),
            }
            for k, most in CARD_WORDS.items()
        ]
        if chosen and chosen.code == Product.GREETING_CARD
        else [],
        "shops": shops.of_owner(access.person(request).pk),
        "no_video": encoder.missing(config.current().workers.ffmpeg),
        "idea_max": IDEA_MAX,
        "top_up": TOP_UP,
        "recent": finding.recent_ideas(access.person(request).pk),
        **launch_presets.shown(access.person(request), form, chosen),
        **quote,
    }
    launch_presets.mark_fixed(context)
    return render(request, "studio/new.html", context, status=status)


def _lettering_rows(form: LaunchForm, chosen: ProductType | None) -> list[dict[str, Any]]:
    """The fields for lettering, where the product type can have it, or where something is in them that must be cleared."""
    rows = _option_rows(form, LETTERING_OPTIONS)
    return rows if chosen is None or not chosen.seamless or any(row["value"] for row in rows) else []


def _option_rows(form: LaunchForm, options: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "label": label,
            "hint": OPTION_HINTS.get(code, ""),
            "value": form.options[code],
            "max": option_max(code),
            "error": form.errors.get(f"options.{code}", ""),
        }
        for code, label in options.items()
    ]


def _models(product: str) -> dict[str, Any]:
    """The models to choose from, each with how it is doing just now, and whether one could step in for another."""
    models = model_availability.models(product) if product else []
    outside = [m for m in models if m.provider != "builtin"]
    return {"models": health.of_models(models), "may_fail_over": len(outside) > 1}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    """GET: the form, empty or like an earlier project (`?like=`). POST: show the price, or launch."""
    owner = access.person(request)
    if request.method != "POST":
        if (back := taken(request, reverse("new-uploads"))) is not None:
            typed = LaunchForm.typed(request, back.typed)
            quote = quoted(owner, typed, check_idea=False)
            typed.errors.clear()
            return _page(request, typed, quote, key=access.fresh_key(), notice=NOTICE)
        like = request.GET.get("like", "")
        notice = ""
        if KEY.fullmatch(like):
            filled = LaunchForm.like(request, like, request.GET.get("item", ""), more=request.GET.get("more") == "1")
        elif KEY.fullmatch(template := request.GET.get("template", "")):
            filled, notice = from_template(request, template)
        else:
            filled = LaunchForm.empty(request)
        return priced(request, filled, notice=notice)
    key = request.POST.get("key", "")
    key = key if KEY.fullmatch(key) else access.fresh_key()
    typed = LaunchForm.typed(request)
    if any(button in request.POST for button in ("switch", *launch_presets.BUTTONS)):
        quote = quoted(owner, typed, check_idea=False)
        typed.errors.clear()
        return _page(request, typed, quote, key=key)
    launching = request.POST.get("act") == "launch" and not request.POST.get("board")
    if launching and is_known(owner, key):
        # This very page has launched already: it is answered as it was, whatever has become of the price since.
        return _launch(request, owner, typed, quoted(owner, LaunchForm.typed(request), check_idea=False), key)
    joined = launch_presets.join(owner, typed)
    quote = quoted(owner, typed, check_idea=launching)
    if typed.errors:
        if set(typed.errors) == {"idea"}:
            # The idea has no influence on the price, which stays on the page beside the error.
            quote = quoted(owner, typed, check_idea=False)
        return _page(request, typed, quote, key=key, status=422)
    if not launching or joined:
        return _page(request, typed, quote, key=key, notice=joined)
    if request.POST.get("seen") != str(quote["total"]):
        notice = "Check the price. You haven't been charged yet: press Launch to confirm."
        return _page(request, typed, quote, key=key, notice=notice)
    return _launch(request, owner, typed, quote, key)


def priced(
    request: HttpRequest, filled: LaunchForm, *, notice: str = "", key: str = "", status: int = 200
) -> HttpResponse:
    """The form as it is filled in, with its price, before anything was checked."""
    quote, problems = quoted(access.person(request), filled, check_idea=False), dict(filled.errors)
    filled.errors = problems if status != 200 else {}
    return _page(request, filled, quote, key=key or access.fresh_key(), notice=notice, status=status)


def from_template(request: HttpRequest, template_id: str) -> tuple[LaunchForm, str]:
    """The form as a template has it, and a sentence about what of it is no longer there. Raises Http404."""
    owner = access.person(request)
    kept = launch_presets.template(owner, template_id).fields
    product = kept.get("product", "")
    kind = PRODUCTS[Product(product)] if product in list(Product) else next(iter(PRODUCTS.values()))
    values = defaults(kind)
    filled = LaunchForm(values, {code: str(kept.get(f"options.{code}", "")) for code in OPTIONS})
    values |= {name: str(kept[name]) for name in values if name in kept}
    gone = launch_presets.drop_gone(owner, filled, kind, defaults(kind))
    return filled.with_waiting(request), gone


def _launch(request: HttpRequest, owner: User, typed: LaunchForm, quote: dict[str, Any], key: str) -> HttpResponse:
    try:
        confirmed = typed.values.get(protected_names.CONFIRM) == "on"
        project = commands.launch(owner, typed.spec(), idempotency_key=key, confirm_trademarks=confirmed)
    except InvalidSpec as invalid:
        typed.errors |= invalid.errors
        return _page(request, typed, quote, key=key, status=422)
    except InsufficientCredits as short:
        return _page(request, typed, quoted(owner, typed), key=key, notice=str(short), status=402)
    except IdempotencyConflict:
        notice = (
            "You already launched a project from this page, with different settings. Press Launch to launch this as a "
            "new project."
        )
        return _page(request, typed, quote, key=access.fresh_key(), notice=notice, status=409)
    except NotPossible as refused:
        return _page(request, typed, quote, key=key, notice=str(refused), status=refused.status)
    return redirect("project", project.pk)


def _own_pictures(owner: User, form: LaunchForm) -> dict[str, Any]:
    """The uploads this order uses, each with the size it prints at; those that are gone drop out of the order."""
    rows = {u.pk: u for u in kept.waiting(owner)}
    form.uploads = [pk for pk in form.uploads if pk in rows]
    shown = []
    for pk in form.uploads:
        width, height = uploads.print_size(rows[pk])
        small = max(width, height) < max(PRODUCTS[Product.CUSTOM].sizes["original"])
        inches = f"{width / DPI:.1f} × {height / DPI:.1f} in"
        shown.append({"upload": rows[pk], "width": width, "height": height, "inches": inches, "small": small})
    return {"shown": shown, "most_mb": PICTURES_MAX // 1_000_000, "days": kept.KEPT_WAITING.days}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pictures(request: HttpRequest) -> HttpResponse:
    """Add images to the order, or take one back (`remove`). The form comes back with everything that was typed.

    An image that cannot be used is named with the reason; the others are kept. Opened by hand, it leads to the form.
    """
    if request.method != "POST":
        return redirect(f"{reverse('new')}?product={Product.CUSTOM.value}")
    owner = access.person(request)
    typed = LaunchForm.typed(request)
    key = request.POST.get("key", "")
    if removed := request.POST.get("remove", ""):
        access.refusal(lambda: uploads.remove(owner, removed[:26]))
        typed.uploads = [pk for pk in typed.uploads if pk != removed]
    refused = _add_pictures(request, owner, typed)
    quote = quoted(owner, typed, check_idea=False)
    typed.errors = {"pictures": " ".join(refused)} if refused else {}
    return _page(
        request, typed, quote, key=key if KEY.fullmatch(key) else access.fresh_key(), status=422 if refused else 200
    )


def _add_pictures(request: HttpRequest, owner: User, typed: LaunchForm) -> list[str]:
    """Take in every file that was sent. One sentence for each that could not be used."""
    refused = []
    for sent in request.FILES.getlist("pictures"):
        try:
            typed.uploads.append(uploads.add(owner, cast(BinaryIO, sent.file), sent.name or "").pk)
        except (InvalidSpec, NotPossible) as error:
            refused.append(f"“{(sent.name or 'picture')[:60]}”: {error}")
    # Pressing Add after the images went up as they were chosen asks for nothing more.
    if not refused and not request.FILES and not typed.uploads and "remove" not in request.POST:
        refused.append("Choose one or more images first.")
    return refused


@login_required
@require_safe
def own_picture(request: HttpRequest, upload_id: str) -> HttpResponse | FileResponse:
    """The preview of an upload that waits. Another seller's is not there."""
    row = get_object_or_404(Upload, pk=upload_id, owner=access.person(request))
    try:
        source = store.open_store(settings.STORAGE_URL).open(row.preview)
    except store.StoreFailure:
        raise Http404 from None
    response = FileResponse(source, content_type="image/webp")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    patch_cache_control(response, private=True, max_age=86400)
    return response


@login_required
@require_POST
def price(request: HttpRequest) -> HttpResponse:
    """The live quote: the price of what is typed so far, as a fragment. Writes nothing."""
    typed = LaunchForm.typed(request)
    # A series that was typed counts once its button is pressed or the order is launched.
    typed.values["series"] = typed.values["series_shown"]
    quote = quoted(access.person(request), typed, check_idea=False)
    shown = {"form": typed, "top_up": TOP_UP, "live": True, "swapped": True, **quote}
    return render(request, "studio/_quote_swap.html", shown)
