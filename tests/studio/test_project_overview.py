"""A project's overview: at most five parts of progress, one primary action for each state, dropped images folded away."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from elistit.accounts.models import User
from elistit.actions import queries
from elistit.projects import gate
from elistit.projects.models import Listing, Project
from elistit.projects.products import PRODUCTS, Product
from elistit.projects.states import Stage
from elistit.studio import showing

from .conftest import booked, bring_to
from .test_rejected_draft import main_actions

pytestmark = pytest.mark.django_db
GATED = ["Brief", "Images", "Review", "Files", "Listing"]


@pytest.mark.parametrize("product", [p for p in Product if p is not Product.CUSTOM])
def test_progress_has_at_most_five_parts_and_says_where_it_stands(alice: User, product: Product) -> None:
    project = booked(alice, product=product.value, count=PRODUCTS[product].count_min)
    labels = GATED if PRODUCTS[product].gate else [label for label in GATED if label != "Review"]
    gate_stage = PRODUCTS[product].gate
    walk = [Stage.QUEUED, Stage.BRIEFING, Stage.GENERATING, *([Stage(gate_stage)] if gate_stage else [])]
    walk += [Stage.PROCESSING, Stage.DELIVERING, Stage.LISTING, Stage.DRAFTING]
    now = []
    for stage in walk:
        project.stage = stage.value
        parts = showing.parts(queries.stage_line(project))
        assert [p["label"] for p in parts] == labels and [p["state"] for p in parts].count("now") == 1
        at = next(n for n, p in enumerate(parts) if p["state"] == "now")
        assert all(p["state"] == "done" for p in parts[:at]) and all(p["state"] == "todo" for p in parts[at + 1 :])
        now.append(parts[at]["label"])
    assert now == sorted(now, key=labels.index) and set(now) == set(labels)


def test_a_part_that_failed_is_named_also_when_it_is_only_the_draft(alice: User, finished: Project) -> None:
    def states() -> dict[str, str]:
        return {p["label"]: p["state"] for p in showing.parts(queries.stage_line(Project.objects.get(pk=finished.pk)))}

    assert set(states().values()) == {"done"}
    Listing.objects.filter(project=finished).update(draft=Listing.Draft.FAILED)
    assert states()["Etsy draft"] == "failed" and "Listing" not in states()
    Listing.objects.filter(project=finished).update(draft=Listing.Draft.NONE, text=Listing.Text.FAILED)
    assert states()["Listing"] == "failed"


def actions(page: Client, project: Project) -> list[str]:
    return main_actions(page.get(f"/projects/{project.pk}/").content.decode())


def test_at_the_gate_it_is_the_review(page: Client, at_gate: Project) -> None:
    assert actions(page, at_gate) == ["Review images"]


def test_of_a_finished_project_it_follows_the_draft(page: Client, finished: Project) -> None:
    listing = Listing.objects.filter(project=finished)
    assert actions(page, finished) == ["Download"]
    listing.update(draft=Listing.Draft.FAILED, draft_reason="Etsy was down.")
    assert actions(page, finished) == ["Retry draft"]
    address = "https://www.etsy.com/your/shops/me/listing-editor/edit/1"
    listing.update(draft=Listing.Draft.CREATED, draft_url=address)
    assert actions(page, finished) == ["Open the draft on Etsy"]
    shown = page.get(f"/projects/{finished.pk}/").content.decode()
    assert f'href="{address}" rel="noopener noreferrer"' in shown and "It isn't published." in shown
    listing.update(draft=Listing.Draft.SKIPPED, draft_url="")
    assert actions(page, finished) == ["Download"]


def test_a_failed_project_has_one_as_well(page: Client, failed: Project) -> None:
    assert len(actions(page, failed)) == 1


def test_dropped_images_are_folded_away(page: Client, alice: User, at_gate: Project) -> None:
    address = f"/projects/{at_gate.pk}/"
    assert 'id="dropped"' not in page.get(address).content.decode()
    for number in (2, 5):
        gate.drop(alice, at_gate.pk, number)
    shown = page.get(address).content.decode()
    kept, _, folded = shown.partition('<details class="dropped-list" id="dropped">')
    folded = folded.split("</details>")[0]
    assert "<summary>2 dropped images</summary>" in folded
    assert re.findall(r'class="plate (\w+)', folded) == ["dropped", "dropped"] and 'class="plate dropped' not in kept


def test_the_sums_are_swapped_together_with_the_live_part(page: Client, alice: User) -> None:
    running = bring_to(booked(alice), Stage.GENERATING)
    part = page.get(f"/projects/{running.pk}/live/", headers={"HX-Request": "true"}).content.decode()
    assert part.count('id="money"') == 1 and 'id="money" aria-labelledby="money-title" hx-swap-oob="true"' in part
    whole = page.get(f"/projects/{running.pk}/").content.decode()
    assert whole.count('id="money"') == 1 and 'aria-labelledby="money-title" hx-swap-oob' not in whole
