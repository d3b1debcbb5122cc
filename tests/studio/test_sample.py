"""The free sample is what its idea says: every image an animal of the wood, every animal in its leaf scarf."""

from __future__ import annotations

import pytest

from elistit.accounts.models import User
from elistit.projects import orders
from elistit.stages import storyboards
from elistit.studio.sample import sample
from elistit_artist import figures


@pytest.mark.django_db
def test_every_image_of_the_sample_meets_its_own_brief() -> None:
    for n in range(20):
        seller = User.objects.create_user(f"s{n}@example.com")
        board = storyboards.plan(seller, orders.check(sample()))
        assert board is not None and len(board.items) == 15
        for item in board.items:
            figure = figures.find(item.art["subject"])
            assert "animal" in figure.tags and "woodland" in figure.themes, item.prompt
            assert item.art["params"]["wearing"] == "a leaf scarf" and not item.beyond_idea
        assert board.not_drawn == () and board.note == "" and not board.needs_confirmation
        assert board.distinct == 15 and len({i.art["subject"] for i in board.items}) >= 8
