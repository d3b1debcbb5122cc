"""What the seller is told of a title that cannot be drawn. What mockups then show: tests/artwork/test_titles.py."""

from __future__ import annotations

import pytest

from elistit.projects.models import Project
from elistit.stages.briefing import title_note
from tests.conformance.conftest import World, clock, world

__all__ = ["clock", "world"]


@pytest.mark.parametrize("name", ["Woodland animals", "猫と花のイラスト", "दीवाली कार्ड", "Cats 🐱 clipart"])
def test_a_title_that_can_be_set_needs_no_note(name: str) -> None:
    assert title_note(name, Project(name=name, product="clipart")) == ""


def test_the_overview_says_what_is_drawn_instead_of_a_title_that_cannot_be_set(world: World) -> None:
    project = world.to_gate()
    said = title_note("ᏣᎳᎩ cats", project)
    assert "“Ꮳ” “Ꮃ” “Ꭹ” (Cherokee)" in said and "“Clipart bundle” instead" in said
