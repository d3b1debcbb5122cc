"""What a figure is to the rest of the artist: a code, words to find it by, a draw function and its variants.

A subject is pure: the same random state and the same parameters give the same SVG, and drawing touches nothing else.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .accessories import HOLDS, NECK_WEAR
from .anatomy import Face
from .geometry import Sheet, vary
from .poses import POSES, Build

Params = dict[str, Any]
Draw = Callable[[np.random.Generator, Params], str]

CLOSED_EYES = ("sleeping",)
DRESSED = (
    "a leaf scarf",
    "a flower crown",
    "a knitted scarf",
    "a leaf crown",
    "a bow tie",
    "a little hat",
    "a bandana",
    "a mushroom cap",
    "a party hat",
)


@dataclass(frozen=True)
class Subject:
    """One drawable thing. ``variants`` are the parameter choices worth drawing, the best first."""

    code: str
    name: str
    themes: tuple[str, ...]
    tags: tuple[str, ...]
    draw: Draw
    variants: tuple[Params, ...] = ({},)

    def phrase(self, params: Params) -> str:
        """Plain English for one variant: "a red fox sitting, wearing a leaf scarf"."""
        article = "" if self.name.startswith(("a ", "an ", "some ")) else ("an " if self.name[0] in "aeio" else "a ")
        kind = str(params.get("kind", ""))
        words = kind or f"{article}{self.name}"
        if params.get("pose"):
            words += f" {params['pose']}"
        if params.get("wearing"):
            worn = str(params["wearing"])
            words += f", {worn}" if worn.startswith(("holding ", "carrying ")) else f", wearing {worn}"
        if params.get("color"):
            words += f", {params['color']}"
        return words


def animal(
    code: str,
    name: str,
    themes: tuple[str, ...],
    tags: tuple[str, ...],
    build: Build | Mapping[str, Build],
    poses: Sequence[str],
    wears: Sequence[str] = DRESSED,
) -> Subject:
    """A subject whose species is a :class:`Build`, or several by kind ("a gray tabby cat"): every pose, bare and
    with each thing it may wear.

    The first ``wears`` entry goes with the first pose, so that the best picks of a set are dressed differently.
    """
    builds = dict(build) if isinstance(build, Mapping) else {"": build}
    kinds = list(builds)
    dressed = list(zip(itertools.cycle(poses), wears, strict=False))
    if "sitting up" in poses:
        dressed += [("sitting up", w) for w in HOLDS]
    bare = [(p, "") for p in poses]
    rest = [(p, w) for w in wears for p in poses]
    once = [
        (p, w)
        for p, w in dict.fromkeys([dressed[0], *bare, *dressed[1:], *rest] if dressed else bare)
        if not (p in CLOSED_EYES and w in NECK_WEAR)  # the chin rests on the paws: nothing at the neck can be seen
    ]
    order = [(p, w, kinds[(i + turn) % len(kinds)]) for turn in range(len(kinds)) for i, (p, w) in enumerate(once)]

    def draw(rng: np.random.Generator, params: Params) -> str:
        return draw_animal(builds.get(str(params.get("kind") or ""), builds[kinds[0]]), rng, params, poses[0])

    variants = tuple({"pose": p, "wearing": w} | ({"kind": k} if k else {}) for p, w, k in order)
    return Subject(code, name, themes, tags, draw, variants)


def draw_animal(build: Build, rng: np.random.Generator, params: Params, default_pose: str) -> str:
    """One animal: seeded tilt, turn of the head, coat tone and girth; mirrored half of the time."""
    pose = str(params.get("pose") or default_pose)
    wearing = str(params.get("wearing") or "")
    coat = build.coat
    toned = replace(
        coat, main=vary(coat.main, rng, 0.018), light=vary(coat.light, rng, 0.008), dark=vary(coat.dark, rng, 0.012)
    )
    made = replace(
        build,
        coat=toned,
        socks=toned.dark if build.socks == coat.dark else build.socks,
        plump=build.plump * rng.uniform(0.97, 1.04),
    )
    sideways = pose in ("standing", "walking")
    face = Face(
        turn=-rng.uniform(0.2, 0.5) if sideways else rng.uniform(-0.45, 0.45),
        mood="closed" if pose in CLOSED_EYES else "open",
    )
    tilt = rng.uniform(-6, 2) if sideways else rng.uniform(-5, 5)
    flip = rng.random() < 0.5
    sheet = Sheet()
    with sheet.at(0, 0, flip=flip):
        POSES[pose](sheet, made, face, tilt, wearing, rng)
    return sheet.svg()


def plain(
    code: str,
    name: str,
    themes: tuple[str, ...],
    tags: tuple[str, ...],
    paint: Callable[[Sheet, np.random.Generator, Params], None],
    variants: Sequence[Params] = ({},),
) -> Subject:
    """A subject drawn by one function onto a sheet."""

    def draw(rng: np.random.Generator, params: Params) -> str:
        sheet = Sheet()
        paint(sheet, rng, params)
        return sheet.svg()

    return Subject(code, name, themes, tags, draw, tuple(variants))
