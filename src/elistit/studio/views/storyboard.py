"""The storyboard on the launch form: what will be made beside the price, edited by buttons, with small sketches.

Works without script: every button is a submit of the form. Nothing here spends or writes anything; what a sketch shows is
signed, so that only what this studio planned can be drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from elistit.accounts.models import User
from elistit.chain import model_availability
from elistit.projects import orders
from elistit.projects.errors import InvalidSpec
from elistit.projects.orders import LaunchSpec
from elistit.projects.products import LETTERING_OPTIONS, PRODUCTS, ModelChoice, Product
from elistit.projects.storyboard import Board
from elistit.stages import storyboards

SKETCH_PX = 200
SALT = "storyboard-sketch"
TOKEN_MAX = 4_000
SUBJECTS_MAX = 100
FOUND_MAX = 12


@dataclass
class Edits:
    """What the seller has changed: their subjects (None: the plan as it is), the tick, and what they look for."""

    subjects: list[str] | None = None
    confirmed: bool = False
    query: str = ""
    found: list[dict[str, Any]] = field(default_factory=list)
    # Whether this request moved, removed or added a subject, so that the count follows.
    acted: bool = False

    @classmethod
    def typed(cls, post: QueryDict) -> Edits:
        """Read the form. A button `board` says what to do: `remove:3`, `up:3`, `down:3`, `add:red fox`, `find`, `reset`."""
        typed, shown = post.getlist("subject")[:SUBJECTS_MAX], post.getlist("shown")[:SUBJECTS_MAX]
        edited = post.get("edited") == "1" or (bool(typed) and typed != shown)
        made = cls(typed if edited else None, post.get("confirm_not_drawn") == "on", post.get("find", "")[:120])
        action, _, what = post.get("board", "").partition(":")
        if action == "reset":
            made.subjects = None
        elif action in ("remove", "up", "down") and what.isdecimal():
            made.subjects, made.acted = _moved(typed, action, int(what) - 1), True
        elif action == "add" and what and len(typed) < SUBJECTS_MAX:
            made.subjects, made.acted = [*typed, what[: orders.NAME_MAX]], True
        if made.query:
            made.found = [
                {"subject": s.subject, "sketch": _token({"subject": s.code, "params": s.params})}
                for s in storyboards.search(made.query, FOUND_MAX)
            ]
        return made


def _moved(subjects: list[str], action: str, place: int) -> list[str]:
    moved = list(subjects)
    if not 0 <= place < len(moved):
        return moved
    if action == "remove":
        del moved[place]
    else:
        other = place - 1 if action == "up" else place + 1
        if 0 <= other < len(moved):
            moved[place], moved[other] = moved[other], moved[place]
    return moved


def shown(owner: User, spec: LaunchSpec, edits: Edits) -> tuple[dict[str, Any], dict[str, str]]:
    """What the form shows of an order's storyboard, and what is wrong with the seller's subjects or the words to letter. Empty
    without an idea and for own images."""
    if not (spec.idea.strip() or spec.options.get("lettering")) or spec.product not in list(Product):
        return {}, {}
    if PRODUCTS[Product(spec.product)].model == ModelChoice.NONE:
        return {}, {}
    try:
        checked = orders.check(spec)
        board = storyboards.plan(owner, checked)
    except InvalidSpec as invalid:
        lettering = {
            k: w for k, w in invalid.errors.items() if k == "idea" or k.removeprefix("options.") in LETTERING_OPTIONS
        }
        wrong = {
            k: w
            for k, w in invalid.errors.items()
            if k == "count" or (k == "storyboard" and edits.subjects is not None)
        }
        return (kept(edits) if edits.subjects is not None else {}), wrong | lettering
    assert board is not None
    others, named = _others(checked, board), _named(owner, checked)
    return {"board": board, "rows": _rows(board), "edits": edits, "others": others, "named": named}, {}


def kept(edits: Edits) -> dict[str, Any]:
    """The seller's list as typed, to be fixed; sketches come back once every subject is known."""
    rows = [{"number": n, "subject": s, "sketch": ""} for n, s in enumerate(edits.subjects or [], start=1)]
    return {"board": None, "rows": rows, "edits": edits}


def _rows(board: Board) -> list[dict[str, Any]]:
    return [
        {"number": n, "subject": i.subject, "beyond": i.beyond_idea, "sketch": _token(i.art) if i.art else ""}
        for n, i in enumerate(board.items, start=1)
    ]


def _named(owner: User, spec: LaunchSpec) -> Any:
    """The model of the style that the idea names, when the seller has chosen another one; None when there is none to offer."""
    code = storyboards.named_model(owner, spec)
    return next((m for m in model_availability.models(spec.product) if m.code == code), None) if code else None


def _others(spec: LaunchSpec, board: Board) -> list[dict[str, Any]]:
    """Models that could draw what the built-in artist cannot, each with what this order would cost with it."""
    if not board.needs_confirmation:
        return []
    paused = model_availability.paused()
    models = [
        m for m in model_availability.models(spec.product) if m.provider != "builtin" and m.provider not in paused
    ]
    return [
        {"code": m.code, "name": m.name, "total": sum(x.credits for x in orders.price(replace(spec, model=m.code)))}
        for m in models
    ]


def sketch_token(art: dict[str, Any]) -> str:
    """What an address of `sketch` needs to draw an item's art."""
    return _token(art)


def _token(art: dict[str, Any]) -> str:
    return signing.dumps(storyboards.sketched(art), salt=SALT, compress=True)


@login_required
@require_safe
def sketch(request: HttpRequest, token: str) -> HttpResponse:
    """A small sketch of one planned item. Only what was signed here is drawn, at one size, and kept by the browser."""
    if len(token) > TOKEN_MAX:
        raise Http404
    try:
        drawn = storyboards.sketch(signing.loads(token, salt=SALT), SKETCH_PX)
    except (signing.BadSignature, KeyError, ValueError):
        raise Http404 from None
    response = HttpResponse(drawn, content_type="image/webp")
    patch_cache_control(response, private=True, max_age=86_400, immutable=True)
    return response
