"""What was just done to projects and can be undone: offered once, on the next page the seller sees.

The offer carries its own signed description, so that it works from any page and in any order. Only what costs nothing and
loses nothing is ever offered: names, labels, archive, favorites, keeping and dropping, the text and titles of a listing, presets, saved
filters. Deleting a project is not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core import signing
from django.db import transaction
from django.http import HttpRequest

from elistit.accounts.models import User
from elistit.actions import commands, listing_edits, organizing, titles
from elistit.actions import scenes as own_scenes
from elistit.projects import brand_kits, form_templates, scenes
from elistit.projects import organizing as rules
from elistit.projects.errors import NotFound

OFFERED = "undo"
SALT = "elistit.studio.undo"
VALID = 24 * 3600
"""Seconds an offer can be taken."""


def offer(request: HttpRequest, words: str, do: str, ids: list[str], **more: Any) -> None:
    """Offer to undo what was just done, on the next page. `do` is what undoes it, on the projects `ids`."""
    request.session[OFFERED] = {"words": words, "do": do, "ids": ids, **more}


def taken(request: HttpRequest) -> dict[str, str] | None:
    """The offer for this page as its words and the signed value its form sends; None without one. Once."""
    held = request.session.pop(OFFERED, None)
    if not isinstance(held, dict):
        return None
    signed = signing.dumps({**held, "owner": request.user.pk}, salt=SALT, compress=True)
    return {"words": str(held["words"]), "value": signed}


def take(owner: User, value: str) -> dict[str, Any]:
    """Undo what a signed value describes; doing it twice changes nothing. Answers the description. Raises NotFound for a value
    that is not this seller's or too old, and what the action raises."""
    try:
        held = signing.loads(value, salt=SALT, max_age=VALID)
    except signing.BadSignature as bad:
        raise NotFound("This can't be undone anymore.") from bad
    if held["owner"] != owner.pk:
        raise NotFound("This can't be undone anymore.")
    _DO[held["do"]](owner, held)
    return dict(held)


def _judge(owner: User, held: dict[str, Any]) -> None:
    for number, state in held["items"]:
        (commands.keep if state == "made" else commands.drop)(owner, held["ids"][0], number)


def _edit_kit(owner: User, held: dict[str, Any]) -> None:
    with transaction.atomic():
        brand_kits.put_back(owner, held["ids"][0], held["before"], held["after"])
        if "was" in held:
            brand_kits.put_default_back(owner, held["was"], held["now"])


_DO: dict[str, Callable[[User, dict[str, Any]], object]] = {
    "archive": lambda owner, held: organizing.archive(owner, held["ids"]),
    "unarchive": lambda owner, held: organizing.archive(owner, held["ids"], yes=False),
    "favorite": lambda owner, held: organizing.favorite(owner, held["ids"]),
    "unfavorite": lambda owner, held: organizing.favorite(owner, held["ids"], yes=False),
    "add_label": lambda owner, held: organizing.add_label(owner, held["ids"], held["label"]),
    "remove_label": lambda owner, held: organizing.remove_label(owner, held["ids"], held["label"]),
    "filter": lambda owner, held: rules.save_filter(owner, held["name"], held["query"]),
    "rename": lambda owner, held: organizing.rename(owner, held["ids"][0], held["name"]),
    "judge": _judge,
    "kit_edit": _edit_kit,
    "default_kit": lambda owner, held: brand_kits.put_default_back(owner, held["was"], held["ids"][0]),
    "scene": lambda owner, held: scenes.restore(owner, held["ids"][0]),
    "corners": lambda owner, held: own_scenes.put_back_corners(owner, held["ids"][0], held["before"], held["after"]),
    "template_name": lambda owner, held: form_templates.rename(owner, held["ids"][0], held["name"]),
    "brand_kit": lambda owner, held: brand_kits.restore(owner, held["ids"][0]),
    "listing": lambda owner, held: listing_edits.put_back(owner, held["ids"][0], held["before"], held["after"]),
    "title_add": lambda owner, held: titles.remove(owner, held["ids"][0], held["number"]),
    "title_remove": lambda owner, held: titles.restore(owner, held["ids"][0], held["number"]),
    "title_use": lambda owner, held: listing_edits.put_back_title(owner, held["ids"][0], held["before"], held["after"]),
    "template": lambda owner, held: form_templates.restore(owner, held["ids"][0]),
}
