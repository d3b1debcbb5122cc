"""Translations beside the chain: written once, uploaded once, retried like everything else, and never the draft's trouble."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from elistit.actions import translations
from elistit.chain.models import ProviderCall
from elistit.credits import audit
from elistit.listings.etsy.connect import connect_sandbox
from elistit.listings.etsy.draft import create_draft
from elistit.listings.etsy.draft_request import DraftRequest
from elistit.listings.etsy.sandbox import Sandbox
from elistit.listings.models import EtsyBudget, EtsyShop
from elistit.maintenance.translations import translate_due
from elistit.ports import Failure, FixedClock, Kind, Made
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import Listing, Project
from elistit.projects.title_models import ListingTranslation
from elistit.providers.chat import client
from elistit.runtime import engine
from tests.conformance.conftest import World, clock

__all__ = ["clock"]

TITLE, TAGS, TEXT = (
    "Fox Clipart, 15 PNGs",
    ["fox clipart", "fox png"],
    "You get 15 PNG files.\n\nMade with generative AI.",
)
GERMAN = {
    "title": "Fuchs Clipart, 15 PNGs", "tags": ["fuchs clipart", "fuchs png"],
    "description": "Du bekommst 15 PNG-Dateien.\n\nMit generativer KI gemacht.",
}  # fmt: skip
FALSE = {**GERMAN, "description": GERMAN["description"].replace("15", "20")}


class Scripted:
    name, model = "chat", "small-model"

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.answers: list[Any] = []

    def ask(self, question: Any) -> Any:
        self.asked.append(question)
        answer = self.answers.pop(0) if self.answers else GERMAN
        return answer if isinstance(answer, Failure) else Made({"said": answer, "tokens": 1}, provider_id="c1")


@pytest.fixture
def world(transactional_db: None, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(clock)
    world.shop = False
    monkeypatch.setattr(engine, "queue", world.engine)
    return world


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, world: World) -> Scripted:
    scripted = Scripted()
    monkeypatch.setattr(client, "configured", lambda: scripted)
    return scripted


@pytest.fixture
def sandbox(world: World) -> Iterator[Sandbox]:
    with Sandbox(per_second=1000) as running:
        connect_sandbox(world.user, running.url)
        yield running


@pytest.fixture
def done(world: World, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A finished project with its listing written, before there is a language model for its words."""
    project = world.to_end()
    Listing.objects.filter(project=project).update(title=TITLE, tags=TAGS, description=TEXT)
    return project


def on_etsy(world: World, project: Project) -> None:
    """Put the draft there, as the chain does."""
    made = create_draft(EtsyShop.objects.get(owner=world.user), DraftRequest(project.pk, TITLE, TEXT, TAGS, 500))
    assert isinstance(made, Made)
    Listing.objects.filter(project=project).update(draft="created", draft_id=str(made.data["listing_id"]))


def german() -> ListingTranslation:
    return ListingTranslation.objects.get(language="de")


def go(world: World, times: int = 1) -> None:
    for _ in range(times):
        EtsyBudget.objects.update(held_until=0)
        world.clock.advance(61)
        translate_due()


def test_a_translation_is_written_and_goes_with_the_draft_once(
    world: World, done: Project, model: Scripted, sandbox: Sandbox
) -> None:
    before = world.balance()
    translations.request(world.user, done.pk, ["de"])
    go(world, 2)
    assert german().state == "written" and len(model.asked) == 1 and sandbox.drafts() == []
    [shown] = translations.of(done)
    assert (shown["title"], shown["current"], shown["model"]) == (GERMAN["title"], True, "small-model")
    assert audit.run()["ok"]
    on_etsy(world, done)
    go(world, 3)
    [draft] = sandbox.drafts()
    assert draft["translations"] == {"de": GERMAN} and draft["title"] == TITLE
    assert german().state == "uploaded" and len(model.asked) == 1
    assert sandbox.state()["counts"]["createTranslation"] == 1
    translations.request(world.user, done.pk, ["de"])
    go(world)
    assert len(model.asked) == 1 and sandbox.state()["counts"]["createTranslation"] == 1
    assert world.balance() == before


def test_a_changed_text_is_translated_again_and_changed_on_the_draft(
    world: World, done: Project, model: Scripted, sandbox: Sandbox
) -> None:
    on_etsy(world, done)
    translations.request(world.user, done.pk, ["de"])
    go(world)
    Listing.objects.filter(project=done).update(title="Red Fox Clipart, 15 PNGs")
    assert translations.of(done)[0]["current"] is False
    model.answers = [{**GERMAN, "title": "Rotfuchs Clipart, 15 PNGs"}]
    translations.request(world.user, done.pk, ["de"])
    go(world)
    [draft] = sandbox.drafts()
    assert draft["translations"]["de"]["title"] == "Rotfuchs Clipart, 15 PNGs"
    assert sandbox.state()["counts"]["updateTranslation"] == 1 and german().state == "uploaded"


def test_a_translation_that_says_something_else_is_never_used(
    world: World, done: Project, model: Scripted, sandbox: Sandbox
) -> None:
    on_etsy(world, done)
    model.answers = [FALSE] * 4
    translations.request(world.user, done.pk, ["de"])
    go(world, 6)
    row = german()
    assert (row.state, row.title, len(model.asked)) == ("failed", "", 4)
    assert "numbers in the description differ" in row.reason
    assert "translations" not in sandbox.drafts()[0] and Listing.objects.get(project=done).draft == "created"
    translations.retry(world.user, done.pk, "de")
    go(world)
    assert german().state == "uploaded"


def test_a_passing_failure_is_retried_after_10_30_and_60_seconds(world: World, done: Project, model: Scripted) -> None:
    model.answers = [Failure(Kind.TRANSIENT, "The language model did not answer.")] * 2
    translations.request(world.user, done.pk, ["de"])
    translate_due()
    assert german().state == "pending" and german().reason == "The language model did not answer."
    world.clock.advance(9)
    translate_due()
    assert len(model.asked) == 1
    world.clock.advance(2)
    translate_due()
    world.clock.advance(29)
    translate_due()
    assert len(model.asked) == 2
    world.clock.advance(2)
    translate_due()
    assert german().state == "written" and german().reason == "" and len(model.asked) == 3


@pytest.mark.parametrize("operation", ["getTranslation", "createTranslation"])
@pytest.mark.parametrize("fault", ["500", "500_but_done", "reset_but_done", "429", "html"])
def test_an_upload_that_fails_is_retried_without_asking_the_model_again(
    world: World, done: Project, model: Scripted, sandbox: Sandbox, operation: str, fault: str
) -> None:
    on_etsy(world, done)
    sandbox.fault(operation, fault)
    translations.request(world.user, done.pk, ["de"])
    go(world)
    assert german().state == "pending" and german().title == GERMAN["title"]
    go(world, 2)
    assert german().state == "uploaded" and len(model.asked) == 1
    assert sandbox.drafts()[0]["translations"] == {"de": GERMAN}


def test_what_etsy_rejects_fails_with_its_words_and_the_draft_stays(
    world: World, done: Project, model: Scripted, sandbox: Sandbox
) -> None:
    on_etsy(world, done)
    sandbox.fault("createTranslation", "400")
    translations.request(world.user, done.pk, ["de"])
    go(world, 2)
    assert german().state == "failed" and "not valid" in german().reason
    assert Listing.objects.get(project=done).draft == "created"


def test_a_worker_that_died_is_followed_by_another_and_nothing_is_bought_twice(
    world: World, done: Project, model: Scripted
) -> None:
    translations.request(world.user, done.pk, ["de"])
    translate_due()
    assert len(model.asked) == 1 and ProviderCall.objects.filter(provider="chat").count() == 1
    # It died between the answer and what follows from it.
    ListingTranslation.objects.update(state="pending", title="", source="", lease="dead", lease_until=world.clock.now())
    world.clock.advance(1)
    translate_due()
    assert german().state == "written" and len(model.asked) == 1


def test_a_row_another_worker_holds_is_left_alone(world: World, done: Project, model: Scripted) -> None:
    translations.request(world.user, done.pk, ["de", "ja"])
    ListingTranslation.objects.filter(language="de").update(lease="other", lease_until="2100-01-01T00:00:00Z")
    translate_due()
    assert german().state == "pending" and len(model.asked) == 1


def test_without_a_language_model_nothing_is_asked_for_and_what_waits_fails_with_the_reason(
    world: World, done: Project, model: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    translations.request(world.user, done.pk, ["de"])
    monkeypatch.setattr(client, "configured", lambda: None)
    translate_due()
    assert german().state == "failed" and "no longer has a language model" in german().reason
    assert translations.offered() == {}
    with pytest.raises(NotPossible, match="has no language model"):
        translations.request(world.user, done.pk, ["fr"])


def test_what_cannot_be_asked_for_is_refused(world: World, done: Project, model: Scripted) -> None:
    for wrong in ([], ["en"], ["de", "xx"]):
        with pytest.raises(InvalidSpec):
            translations.request(world.user, done.pk, wrong)
    with pytest.raises(NotFound):
        translations.retry(world.user, done.pk, "de")
    Listing.objects.filter(project=done).update(text="none")
    with pytest.raises(NotPossible):
        translations.request(world.user, done.pk, ["de"])
    assert not ListingTranslation.objects.exists()
