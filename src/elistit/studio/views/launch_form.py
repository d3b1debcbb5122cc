"""What a seller typed into the launch form, and the order it makes.

A form begins empty, from an earlier project, from a template, or from what was sent, and keeps what was typed exactly as it was.
It must never price or launch anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.http import HttpRequest, QueryDict

from elistit.actions import protected_names
from elistit.chain import model_availability
from elistit.projects import draft_plans
from elistit.projects import uploads as kept
from elistit.projects.errors import InvalidSpec
from elistit.projects.gate import items_of
from elistit.projects.models import Project
from elistit.projects.orders import LaunchSpec
from elistit.projects.products import CARD_WORDS, OPTIONS, PRODUCTS, PosterMode, Product, ProductType
from elistit.stages import presets, storyboards
from elistit.studio.views import access, launch_presets, storyboard

CARD_FIELDS = tuple(f"words.{name}" for name in CARD_WORDS)


@dataclass(frozen=True)
class Undo:
    """What was just done to the images of the form, in words, and the button of the form that undoes it."""

    words: str
    name: str
    value: str


@dataclass
class LaunchForm:
    """What was typed, exactly as it was typed, with the errors that go beside it."""

    values: dict[str, str]
    options: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    uploads: list[str] = field(default_factory=list)
    undo_images: Undo | None = None
    board: storyboard.Edits = field(default_factory=storyboard.Edits)

    @classmethod
    def empty(cls, request: HttpRequest) -> LaunchForm:
        """For the product type asked for (`?product=`), or the first one."""
        requested = request.GET.get("product", "")
        kind = PRODUCTS[Product(requested)] if requested in list(Product) else next(iter(PRODUCTS.values()))
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


def from_template(request: HttpRequest, template_id: str) -> tuple[LaunchForm, str]:
    """The form as a template has it, and a sentence about what of it is no longer there. Raises Http404."""
    owner = access.person(request)
    kept = launch_presets.template(owner, template_id).fields
    product = kept.get("product", "")
    kind = PRODUCTS[Product(product)] if product in list(Product) else next(iter(PRODUCTS.values()))
    values = defaults(kind)
    filled = LaunchForm(values, {code: str(kept.get(f"options.{code}", "")) for code in OPTIONS})
    values |= {name: str(kept[name]) for name in values if name in kept}
    dropped = launch_presets.drop_gone(owner, filled, kind, defaults(kind))
    return filled.with_waiting(request), dropped
