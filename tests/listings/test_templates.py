"""Listing templates: what a shop's seller wants in every listing, never against Etsy's rules and never untrue."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from elistit.actions import shops
from elistit.api.application import document
from elistit.chain.attempt_key import AttemptKey
from elistit.listings import product_facts, rules, templates, truth, writer
from elistit.listings.etsy import connect
from elistit.listings.etsy.sandbox import Sandbox
from elistit.listings.models import EtsyShop
from elistit.listings.templates import Template
from elistit.listings.writer import ListingText
from elistit.ports import FixedClock, Made
from elistit.projects.errors import InvalidSpec, NotFound
from elistit.projects.models import Job, Listing
from elistit.runtime import engine
from elistit.stages import drafting
from elistit.stages import listing as stage
from elistit.stages.context import StageContext
from tests.conformance.conftest import World, clock
from tests.listings.test_project_drafts import project_with_files, write
from tests.products.conftest import here

__all__ = ["clock"]

FACTS = truth.Facts(
    count=15, files=frozenset({15}), dpi=frozenset({300}), formats=frozenset({"PNG"}), shown=frozenset({"fox"})
)
WRITTEN = writer.write(
    product_facts.WriterInput(product="clipart", theme="red fox", subjects=["red fox"], count=15), None
)


@pytest.fixture
def world(transactional_db: None, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    monkeypatch.setattr(settings, "STORAGE_URL", (tmp_path / "store").as_uri())
    world = World(clock)
    monkeypatch.setattr(engine, "queue", world.engine)
    return world


@pytest.fixture
def etsy() -> Iterator[Sandbox]:
    with Sandbox(per_second=1000) as running:
        yield running


@pytest.fixture
def shop(world: World, etsy: Sandbox) -> EtsyShop:
    return connect.connect_sandbox(world.user, etsy.url)


def test_an_empty_template_changes_nothing() -> None:
    assert templates.apply(WRITTEN, Template(), FACTS) == WRITTEN


def test_words_go_before_and_after_and_tags_come_first() -> None:
    template = Template(
        "Meadow Studio:", "by Meadow", "Hello from Meadow.", "Thank you!", ("meadow studio", "handmade look")
    )
    text = ListingText("Red Fox Clipart", ["red fox", "Meadow Studio", "fox png"], "A fox.", 499)
    made = templates.apply(text, template, None)
    assert made.title == "Meadow Studio: Red Fox Clipart by Meadow"
    assert made.tags == ["meadow studio", "handmade look", "red fox", "fox png"]
    assert made.description == "Hello from Meadow.\n\nA fox.\n\nThank you!" and made.notes == ()


def test_a_long_title_gives_way_to_the_shops_words() -> None:
    text = replace(WRITTEN, title=("Fox " * 35).strip())
    made = templates.apply(text, Template("Meadow Studio", "Instant Download"), None)
    assert made.title.startswith("Meadow Studio Fox") and made.title.endswith("Fox Instant Download")
    assert len(made.title) <= rules.TITLE_MAX


def test_a_part_that_breaks_a_rule_together_is_left_out_with_the_reason() -> None:
    text = replace(WRITTEN, title="Fox & Friends")
    made = templates.apply(text, Template("Cats & Co", "by Meadow"), None)
    assert made.title == "Fox & Friends by Meadow" and len(made.notes) == 1 and "opening was left out" in made.notes[0]


def test_what_is_not_true_of_the_files_is_left_out_with_the_reason() -> None:
    template = Template(
        title_closing="Transparent",
        closing="You get 20 SVG files at 600 DPI.",
        opening="Hello.",
        tags=("dinosaur png", "fox png"),
    )
    text = ListingText("Red Fox Clipart", ["red fox"], "A fox.", 499)
    made = templates.apply(text, template, FACTS)
    assert made.description == "Hello.\n\nA fox." and "dinosaur png" not in made.tags and "fox png" in made.tags
    assert not truth.check(made.title, made.tags, made.description, FACTS)
    assert any("closing was left out of the description" in n for n in made.notes)
    assert any("dinosaur png" in n for n in made.notes)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_template_the_listing_meets_etsys_rules_and_is_true(seed: int) -> None:
    rnd = random.Random(seed)
    words = [
        "Fox",
        "&",
        "100%",
        "Sale:",
        "SVG",
        "20 files",
        "600 DPI",
        "Meadow",
        "+",
        "Transparent",
        "ünïcode",
        "watercolor",
    ]

    def some(most: int, limit: int) -> str:
        return " ".join(rnd.choice(words) for _ in range(rnd.randint(0, most)))[:limit].strip()

    tags = tuple(
        dict.fromkeys(
            t
            for t in (
                some(2, 20).replace("&", "").replace("%", "").replace(":", "").replace("+", "").strip()
                for _ in range(rnd.randint(0, 13))
            )
            if t
        )
    )
    template = Template(some(6, 60), some(6, 60), some(40, 4000), some(40, 4000), tags)
    text = ListingText("Red Fox Clipart", ["red fox", "fox png"], "A fox.", 499)
    made = templates.apply(text, template, FACTS)
    problems = [p for p in rules.check(made.title, made.tags, made.description, 499) if p.field == "title"]
    if not templates.problems(template):
        assert not rules.check(made.title, made.tags, made.description, 499)
    assert not problems and not truth.check(made.title, made.tags, made.description, FACTS)


def test_a_template_that_breaks_etsys_rules_by_itself_is_refused_by_field(world: World, shop: EtsyShop) -> None:
    wrong = Template(
        "50% off % sale", "x" * 61, "", "y" * 4001, ("a tag that is far too long", "#fox"), -1, "someone_else"
    )
    with pytest.raises(InvalidSpec) as refused:
        shops.save_template(world.user, str(shop.shop_id), wrong)
    assert set(refused.value.errors) == {"title_opening", "title_closing", "closing", "tags", "section", "who_made"}
    assert shops.template(world.user, str(shop.shop_id)) == Template()
    with pytest.raises(NotFound):
        shops.save_template(world.user, "7", Template())


def test_the_listing_is_written_with_the_template_of_its_shop(
    world: World, shop: EtsyShop, etsy: Sandbox, tmp_path: Path
) -> None:
    other = connect.connect_another(world.user, etsy.url)
    shops.save_template(world.user, str(other.shop_id), Template(closing="From Harbor."))
    shops.save_template(
        world.user, str(shop.shop_id),
        Template(closing="From Meadow.\r\nThank you!", tags=("instant download",), section=4711, who_made="collective", renews=True),
    )  # fmt: skip
    project = project_with_files(world, tmp_path)
    text = write(project)
    assert (
        text.description.endswith("From Meadow.\nThank you!")
        and text.tags[0] == "instant download"
        and len(text.tags) == 13
    )
    job = Job.objects.get(project=project)
    assert isinstance(drafting.run(AttemptKey(job.pk, "drafting", 0, 0, 1, 0), job, StageContext(here)), Made)
    [there] = etsy.drafts()
    assert (there["shop_section_id"], there["who_made"], there["should_auto_renew"]) == (4711, "collective", True)
    assert "From Meadow." in there["description"]


def test_an_untrue_template_never_fails_the_listing(world: World, shop: EtsyShop, tmp_path: Path) -> None:
    shops.save_template(world.user, str(shop.shop_id), Template("Seamless Pattern", closing="You get 99 SVG files."))
    project = project_with_files(world, tmp_path)
    job = Job.objects.get(project=project)
    made = stage.run(AttemptKey(job.pk, "listing", 0, 0, 1, 0), job, StageContext(here))
    assert isinstance(made, Made) and "99 SVG" not in made.data["description"] and "Seamless" not in made.data["title"]
    assert any("left out" in note["words"] for note in made.data["notes"])
    assert Listing.objects.get(project=project).text == "none"


def test_without_a_template_a_draft_is_sent_as_ever(
    world: World, shop: EtsyShop, etsy: Sandbox, tmp_path: Path
) -> None:
    project = project_with_files(world, tmp_path)
    write(project)
    job = Job.objects.get(project=project)
    assert isinstance(drafting.run(AttemptKey(job.pk, "drafting", 0, 0, 1, 0), job, StageContext(here)), Made)
    [there] = etsy.drafts()
    assert (there["shop_section_id"], there["who_made"], there["should_auto_renew"]) == (None, "i_did", False)


def test_the_page_keeps_a_template_and_shows_what_is_wrong(world: World, shop: EtsyShop) -> None:
    client = Client()
    client.force_login(world.user)
    address = f"/settings/shops/{shop.shop_id}/template/"
    typed = {
        "title_opening": "Meadow:",
        "closing": "Thank you!",
        "tags": "meadow studio, fox",
        "who_made": "i_did",
        "section": "12",
    }
    assert client.post(address, typed).status_code == 302
    assert shops.template(world.user, str(shop.shop_id)) == Template(
        "Meadow:", "", "", "Thank you!", ("meadow studio", "fox"), 12
    )
    shown = client.get(address).content.decode()
    assert 'value="meadow studio, fox"' in shown and "Thank you!" in shown
    wrong = client.post(address, {**typed, "tags": "#fox", "section": "twelve"})
    assert wrong.status_code == 422 and b'id="tags-error"' in wrong.content and b'value="#fox"' in wrong.content
    assert b'id="section-error"' in wrong.content
    assert client.get("/settings/shops/7/template/").status_code == 404


def test_the_document_names_the_template() -> None:
    assert set(document()["paths"]["/api/v1/shops/{shop_id}/template"]) == {"get", "put"}
