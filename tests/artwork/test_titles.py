"""Mockups of a title that cannot be drawn show the product's own words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from elistit.artwork import flatlay, mockup, mockup_jobs, room, typesetting


@pytest.mark.parametrize("title", ["ᏣᎳᎩ", "\u200b", "𓀀 cats", "猫と花", "דגים", "🐱" * 30, "W" * 120])
def test_every_mockup_of_any_title_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, title: str) -> None:
    if title != "ᏣᎳᎩ":
        # Rooms and tables show the art alone and take longer than the rest; the first title has them all.
        for quiet in ("room", "on_table"):
            monkeypatch.setattr(room, quiet, lambda out, *a, **k: out)
    art = tmp_path / "a.png"
    pixels = np.zeros((300, 300, 4), np.uint8)
    pixels[60:240, 60:240] = (200, 60, 60, 255)
    Image.fromarray(pixels).save(art)
    drawn: list[str] = []
    for module in (mockup, flatlay, room):
        real = module.write_line
        monkeypatch.setattr(
            module, "write_line", lambda p, text, *a, real=real, **k: (drawn.append(text), real(p, text, *a, **k))
        )
    mockup_jobs.listing_mockups(str(tmp_path), title, "1 image · PNG", [str(art)], str(art))
    mockup_jobs.wall_art_mockups(str(tmp_path), title, str(art), [{"ratio": "2x3", "inches": [24, 36]}])
    assert not [t for t in drawn if typesetting.cannot_set(t)]
    shown = typesetting.shown(title, mockup_jobs.DIGITAL)
    assert shown in "".join(drawn).replace("\n", "") or shown.replace(" ", "") in "".join(drawn).replace(" ", "")
