"""Counting what looks different never draws a sketch that there is nothing to compare with, and no sketch twice."""

from __future__ import annotations

import pytest

from elistit.chain import variety
from elistit_artist import sketch

FOX = {"subject": "fox", "style": "watercolor"}
OWL = {"subject": "owl", "style": "watercolor"}


def test_sketches_are_drawn_only_to_be_compared_and_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    real = sketch.raster
    monkeypatch.setattr(sketch, "raster", lambda art, side: drawn.append(art["subject"]) or real(art, side))
    variety._signature.cache_clear()
    assert variety.distinct([]) == 0
    assert variety.distinct([FOX]) == 1 and variety.distinct([FOX, dict(FOX)]) == 1
    assert variety.distinct([{}, FOX, {}]) == 3, "art of another artist counts as different"
    assert drawn == []
    assert variety.distinct([FOX, OWL, FOX]) == 2
    assert variety.distinct([FOX, OWL]) == 2
    assert sorted(drawn) == ["fox", "owl"]
