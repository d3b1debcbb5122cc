"""The built-in artist's own figures: parametric drawings of animals, plants and things, made by code.

``catalogue()`` lists every subject; ``variants(code)`` the parameter choices worth drawing; ``describe`` puts one in
plain words. Figures are SVG of flat filled shapes and must never contain gradients, filters, clip paths or text.
"""

from __future__ import annotations

from functools import cache

from elistit_artist import glyphs

from . import (
    arrangements,
    autumn,
    baking,
    blossoms,
    boho,
    botanicals,
    breeds,
    brunch,
    celestial,
    cellar,
    classroom,
    clinic,
    cubs,
    decades,
    deer,
    dinosaurs,
    drinks,
    fantasy,
    farm,
    farm_birds,
    farmyard,
    florals,
    foliage,
    forest_finds,
    fowl,
    gridiron,
    herbs,
    homely,
    homestead,
    keepsakes,
    kitchen,
    lights,
    mystic,
    northpole,
    occasions,
    ocean,
    parlor,
    pets,
    picnic,
    playroom,
    pond,
    potting,
    safari,
    savanna,
    seaside,
    shore,
    sports,
    stargazing,
    stately,
    storyland,
    takeaway,
    takeout,
    transport,
    tropical,
    vehicles,
    wardrobe,
    wayside,
    western,
    white_birds,
    wild,
    winter,
    woodland_birds,
    woodland_little,
    woodland_mammals,
    woodland_small,
    yuletide,
)
from .subject import Params, Subject

_MODULES = (
    woodland_mammals,
    woodland_small,
    deer,
    woodland_birds,
    woodland_little,
    forest_finds,
    botanicals,
    foliage,
    florals,
    arrangements,
    farm,
    farm_birds,
    farmyard,
    pets,
    safari,
    savanna,
    dinosaurs,
    ocean,
    seaside,
    celestial,
    boho,
    winter,
    autumn,
    kitchen,
    baking,
    classroom,
    occasions,
    tropical,
    western,
    clinic,
    wardrobe,
    sports,
    drinks,
    wild,
    fantasy,
    vehicles,
    stargazing,
    yuletide,
    mystic,
    storyland,
    pond,
    blossoms,
    herbs,
    takeaway,
    cellar,
    transport,
    playroom,
    lights,
    breeds,
    white_birds,
    homely,
    shore,
    cubs,
    parlor,
    potting,
    decades,
    picnic,
    brunch,
    gridiron,
    keepsakes,
    fowl,
    stately,
    takeout,
    homestead,
    wayside,
    northpole,
)


@cache
def _all() -> dict[str, Subject]:
    found: dict[str, Subject] = {}
    for module in _MODULES:
        for subject in module.SUBJECTS:
            if subject.code in found:
                raise ValueError(f"Two figures are called {subject.code}.")
            found[subject.code] = subject
    return found


def catalogue() -> dict[str, Subject]:
    """Every subject by code, in a fixed order. The returned dict is the caller's own."""
    return dict(_all())


def find(code: str) -> Subject:
    """A figure, or a drawing of an installed art pack (`fluent:violin`). Raises KeyError for what is not there."""
    if ":" not in code:
        return _all()[code]
    return glyphs.subject(code)


def variants(code: str) -> list[Params]:
    """Parameter choices worth drawing for one subject, the best first. Raises KeyError for an unknown code."""
    return [dict(v) for v in find(code).variants]


def describe(code: str, params: Params) -> str:
    """One variant in plain English. Raises KeyError for an unknown code."""
    return find(code).phrase(params)


__all__ = ["Params", "Subject", "catalogue", "describe", "find", "variants"]
