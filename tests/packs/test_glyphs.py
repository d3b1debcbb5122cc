"""Drawings of an art pack: asked for by words no figure answers, painted like any figure, and named in the licences."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import pyvips

from elistit import packs
from elistit.packs import Pack, fetch
from elistit.ports import Made
from elistit.projects.products import product_type
from elistit.providers.base import ImageRequest
from elistit.providers.builtin import brief, glyphs
from elistit.providers.builtin.provider import BuiltinArtist, paint_to_file

from .conftest import CONTENT, archive_of


@pytest.fixture
def installed(art: Pack, tmp_path: Path) -> Pack:
    fetch.add(art, archive_of(tmp_path, CONTENT))
    glyphs.forget()
    return art


def here(function: Any, *args: Any, timeout: float = 0, **more: Any) -> Any:
    return function(*args, **more)


def subjects(idea: str, **options: str) -> list[str]:
    return [p.subject for p in brief.plan(idea, options, 4, 3, "watercolor").picks]


def test_a_word_no_figure_answers_is_drawn_from_the_pack_and_counts_as_used(installed: Pack) -> None:
    plan = brief.plan("woodland animals with kites", {}, 6, 3, "watercolor")
    assert plan.picks[0].subject == "fluent:kite" and plan.picks[1].subject == "fox"
    assert "kites" in plan.used and plan.unused == []


def test_our_own_figure_comes_first_and_what_is_no_thing_never(installed: Pack) -> None:
    assert subjects("fox")[0] == "fox"
    assert not any(s.startswith("fluent:") for s in subjects("flag france") + subjects("anvil"))
    assert "fluent:kite" not in subjects("a meadow without kites") + subjects("kite meadow", negative="kite")


def test_names_of_several_words_are_found_whole(installed: Pack) -> None:
    assert subjects("hot air balloon ride")[0] in ("fluent:hot-air-balloon-ride", "balloon")


def test_without_the_pack_the_word_is_reported_as_not_used(art: Pack) -> None:
    plan = brief.plan("woodland animals with kites", {}, 4, 3, "watercolor")
    assert plan.picks[0].subject == "fox" and plan.unused == ["kites"]


@pytest.mark.parametrize("style", ["watercolor", "gouache", "ink", "kawaii", "lineart", "vintage", "flat"])
def test_a_drawing_of_a_pack_is_painted_in_every_style_the_same_each_time(
    installed: Pack, tmp_path: Path, style: str
) -> None:
    artist = BuiltinArtist()
    model = next(m for m in artist.models() if m.code == f"builtin/{style}")
    product = next(p for p in ("clipart", "sticker", "svg") if p in model.products)
    [pick, *_] = brief.plan("kite", {}, 1, 5, style, product=product).picks
    made = []
    for n in (1, 2):
        out = tmp_path / f"{n}.png"
        request = ImageRequest("k", f"builtin/{style}", pick.prompt, "", 256, 256, 5, True, out, pick.art)
        outcome = artist.generate(request, here, lambda _: None)
        assert isinstance(outcome, Made), outcome
        made.append(out.read_bytes())
    assert made[0] == made[1]
    image = pyvips.Image.new_from_file(str(tmp_path / "1.png"))
    assert image.bands == 4 and 0.1 < image[3].avg() / 255 < 0.9
    assert product_type(product).transparent
    assert outcome.data["art"]["source"].startswith("Fluent Emoji drawings 1.2.6 (kite), Microsoft Corporation, MIT")


def test_a_process_of_its_own_has_the_packs_too(installed: Pack, data: Path, tmp_path: Path) -> None:
    """Heavy work runs in fresh processes, by the name of its function alone: its module has to lend the packs."""
    [pick] = brief.plan("kite", {}, 1, 5, "flat").picks
    out = tmp_path / "kite.png"
    order = {**pick.art, "style": "flat", "seed": 5, "width": 128, "height": 128, "transparent": True, "out": str(out)}
    script = (
        "import importlib, pickle, sys\n"
        "from elistit import packs\n"
        "pack, name, order = pickle.load(sys.stdin.buffer)\n"
        "packs.PACKS[pack.name] = pack\n"
        "module, _, function = name.rpartition('.')\n"
        "print(getattr(importlib.import_module(module), function)(order))\n"
    )
    name = f"{paint_to_file.__module__}.{paint_to_file.__name__}"
    done = subprocess.run(
        [sys.executable, "-c", script], input=pickle.dumps((installed, name, order)), capture_output=True, check=False,
        env={**os.environ, "ELISTIT_DATA": str(data)},
    )  # fmt: skip
    assert done.returncode == 0 and b"sha256" in done.stdout, (done.stdout, done.stderr)
    assert out.is_file()


def test_a_pack_added_meanwhile_is_seen_after_the_artist_asks_anew(art: Pack, tmp_path: Path) -> None:
    assert subjects("kite")[0] != "fluent:kite"
    fetch.add(art, archive_of(tmp_path, CONTENT))
    glyphs.forget()
    assert subjects("kite")[0] == "fluent:kite"


def test_two_seeds_lean_differently(installed: Pack) -> None:
    import numpy as np

    drawn = [glyphs.subject("fluent:kite").draw(np.random.default_rng(s), {}) for s in (1, 2)]
    assert drawn[0] != drawn[1]


def test_a_pack_that_went_away_fails_the_picture_instead_of_drawing_something_else(
    installed: Pack, tmp_path: Path
) -> None:
    [pick] = brief.plan("kite", {}, 1, 5, "watercolor").picks
    fetch.remove(installed)
    glyphs.forget()
    request = ImageRequest("k", "builtin/watercolor", pick.prompt, "", 128, 128, 5, True, tmp_path / "x.png", pick.art)
    outcome = BuiltinArtist().generate(request, here, lambda _: None)
    assert not isinstance(outcome, Made) and "no figure" in outcome.reason
    assert packs.FLUENT in packs.PACKS
