"""A seller's brand kits, as rows: which there are, which is the default, and what a project keeps of one.

A brand kit is only a starting point for orders. It must never change a project that is launched: `frozen` is the copy a project keeps.
What may be in a brand kit is checked by `actions.brand_kits`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from elistit import names, ports
from elistit.accounts.models import User
from elistit.projects import idempotency
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.preset_models import NAME_MAX, BrandKit

MOST = 20
EDITED = ("name", "shop_name", "license_text", "closing_text", "palette", "styles", "scenes", "pricing")
DEFAULT = "default"
"""What an order says instead of an id to use the seller's default kit."""
GONE = "That brand kit was deleted. Choose another one or none."


def of(owner: User) -> QuerySet[BrandKit]:
    """The kits of a seller, by name."""
    return BrandKit.objects.filter(owner=owner, deleted_at=None)


def get(owner: User, public_id: str) -> BrandKit:
    """One of a seller's kits. Raises NotFound for another's, a deleted and an unknown one alike."""
    kit = of(owner).filter(pk=public_id).first()
    if kit is None:
        raise NotFound("There is no such brand kit.")
    return kit


def default(owner: User) -> BrandKit | None:
    """The brand kit that is preselected on the launch form; None when the seller has set none."""
    return of(owner).filter(is_default=True).first()


def default_id(owner: User) -> str:
    """The id of the default kit; empty without one."""
    kit = default(owner)
    return kit.pk if kit else ""


def for_order(owner: User, wanted: str) -> BrandKit:
    """The brand kit an order names: by id, by name in any case, or `default`. Raises InvalidSpec naming the field, and the name
    when there is no such kit."""
    kit = default(owner) if wanted == DEFAULT else find(owner, wanted)
    if kit is not None:
        return kit
    if wanted == DEFAULT:
        raise InvalidSpec({"brand_kit": "You have no default brand kit."})
    known = BrandKit.objects.filter(owner=owner, pk=wanted).exists()
    raise InvalidSpec({"brand_kit": GONE if known else f"You have no brand kit named “{wanted[:NAME_MAX]}”."})


def find(owner: User, wanted: str) -> BrandKit | None:
    """The seller's brand kit with an id, otherwise with a name in any case; None when there is none."""
    kits = of(owner)
    return kits.filter(pk=wanted).first() or kits.filter(folded=names.one_line(wanted).casefold()).first()


def save(owner: User, public_id: str | None, fields: Mapping[str, Any]) -> BrandKit:
    """Write a brand kit with checked fields: a new one without `public_id`, otherwise those fields of that one. With `is_default`, no
    other brand kit is. The first kit is the default unless the fields say otherwise. Raises NotFound, NotPossible for one too many,
    InvalidSpec for a name that another kit has."""
    with transaction.atomic():
        # Held until the transaction ends, so that two requests at once cannot make one kit too many or two defaults.
        list(User.objects.select_for_update().filter(pk=owner.pk))
        kit = get(owner, public_id) if public_id else BrandKit(owner=owner)
        if not public_id and of(owner).count() >= MOST:
            raise NotPossible(f"You have {MOST} brand kits. Delete one first.")
        first = public_id is None and not of(owner).exists()
        for name, value in {"is_default": first or kit.is_default, **fields}.items():
            setattr(kit, name, value)
        kit.folded = kit.name.casefold()
        if of(owner).filter(folded=kit.folded).exclude(pk=kit.pk).exists():
            raise InvalidSpec({"name": f"You already have a brand kit named “{kit.name}”."})
        if kit.is_default:
            of(owner).filter(is_default=True).exclude(pk=kit.pk).update(is_default=False)
        kit.save()
    return kit


def delete(owner: User, public_id: str) -> BrandKit:
    """Offer a brand kit no more. Projects launched with it keep what they took over. Can be taken back with `restore`. Raises
    NotFound."""
    kit = get(owner, public_id)
    of(owner).filter(pk=public_id).update(deleted_at=ports.now(), is_default=False)
    return kit


def restore(owner: User, public_id: str) -> BrandKit:
    """Take a deletion back; doing it twice changes nothing. The brand kit isn't the default afterwards. Raises NotFound, NotPossible
    when its name has been given to another kit, or there is no room."""
    kit = BrandKit.objects.filter(owner=owner, pk=public_id).first()
    if kit is None:
        raise NotFound("There is no such brand kit.")
    with transaction.atomic():
        list(User.objects.select_for_update().filter(pk=owner.pk))
        others = of(owner).exclude(pk=public_id)
        if others.filter(folded=kit.folded).exists():
            raise NotPossible(f"You have another brand kit named “{kit.name}” now. Rename it first.")
        if others.count() >= MOST:
            raise NotPossible(f"You have {MOST} brand kits. Delete one first.")
        BrandKit.objects.filter(pk=public_id).update(deleted_at=None)
    return kit


def plain(kit: BrandKit) -> dict[str, Any]:
    """What a seller edits of a brand kit, JSON-safe, for `put_back`. Whether it is the default isn't part of it."""
    return {name: getattr(kit, name) for name in EDITED}


def put_back(owner: User, public_id: str, before: Mapping[str, Any], after: str) -> None:
    """Give a brand kit what it had `before` an edit, while it still has what that edit left (its `idempotency.digest`). Doing it
    twice changes nothing. Raises NotFound, NotPossible, InvalidSpec when another kit has its name now."""
    with transaction.atomic():
        list(User.objects.select_for_update().filter(pk=owner.pk))
        now = plain(get(owner, public_id))
        if now == before:
            return
        if idempotency.digest(now) != after:
            raise NotPossible("This brand kit was changed again since then, so this can't be undone. Edit it instead.")
        save(owner, public_id, before)


def put_default_back(owner: User, was: str, now: str) -> None:
    """Make the brand kit `was` the default again (empty: none is), while `now` is the default. Doing it twice changes nothing.
    Raises NotPossible."""
    with transaction.atomic():
        list(User.objects.select_for_update().filter(pk=owner.pk))
        held = default_id(owner)
        if held == was:
            return
        if held != now:
            raise NotPossible("The default brand kit was changed again since then, so this can't be undone.")
        of(owner).filter(is_default=True).update(is_default=False)
        if was and not of(owner).filter(pk=was).update(is_default=True):
            raise NotPossible("The brand kit that was the default before was deleted.")


def checked_name(name: str, what: str, field: str = "name") -> str:
    """The name of a preset as it is kept. `what` is the thing in words (“a brand kit”). Raises InvalidSpec."""
    tidy = names.one_line(name)
    if not 0 < len(tidy) <= NAME_MAX:
        raise InvalidSpec({field: f"The name of {what} has 1 to {NAME_MAX} characters."})
    return tidy


def frozen(kit: BrandKit) -> dict[str, Any]:
    """What a project takes over from a brand kit at its launch, JSON-safe. Palette, style and scene are fields of the order itself."""
    return {
        "id": kit.pk,
        "name": kit.name,
        "shop_name": kit.shop_name,
        "license": kit.license_text,
        "closing": kit.closing_text,
        "pricing": kit.pricing,
    }
