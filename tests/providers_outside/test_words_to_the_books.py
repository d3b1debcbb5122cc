"""Every answer of a language model, from the wire to the seller's page and the books: never covered up, never charged for.

The brief and the listing are asked for by the real stages over the real client from a server on loopback that always answers
the same. A brief that cannot be had fails the job; a listing that cannot be had gives its own price back (rules §5.2, §5.5).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from elistit.actions import commands, queries
from elistit.chain.models import ProviderCall, ProviderPause
from elistit.credits import audit
from elistit.ports import Kind
from elistit.projects.models import Project
from elistit.providers.chat import client
from elistit.stages import briefing, copywriting, listing
from elistit.stages.context import StageContext
from tests.conformance.conftest import COUNT, PRICE, World, clock, world
from tests.conformance.test_wording import GOOD_LISTING as FOR_FIFTEEN
from tests.conformance.test_wording import good_brief
from tests.products.conftest import here
from tests.providers_outside.asking import KEY
from tests.providers_outside.loopback import Reply
from tests.providers_outside.test_chat import ROWS, FakeChat, chat, said

__all__ = ["clock", "world"]
T, W, NO, D = Kind.TRANSIENT, Kind.THROTTLED, Kind.BLOCKED_PROMPT, Kind.OPERATOR
GOOD_LISTING = {**FOR_FIFTEEN, "title": "Woodland Animal in Watercolor, a Print for Nurseries"}
REFUSED = "The language model declined this idea."
SHORT = "The language model stopped before its text was complete."
MISSHAPEN = "The language model wrote text we couldn't use."
MISREAD = "The language model’s answer could not be read."
NO_FORMAT = "The language model rejected our request."
RULES = "The language model’s content filter rejected the idea."
KEY_REFUSED = "The language model does not accept this studio’s key."
LIMIT = "This studio’s account with the language model has reached its limit."
FAULT = "The language model reported an error."
BRIEF = "The brief did not give one distinct prompt for each image."
LISTING = "The written listing breaks a rule of Etsy’s or of ours."

# (kind, how often it was asked, what the seller reads) for each row of test_chat.ROWS, by its number.
TABLE: list[tuple[str, Kind, int, str]] = [
    ("refusal", NO, 1, REFUSED),
    ("content filter", NO, 1, REFUSED),
    ("cut short", T, 4, SHORT),
    ("chatter instead of JSON", T, 4, MISSHAPEN),
    ("a list instead of an object", T, 4, MISSHAPEN),
    ("another field", T, 4, MISSHAPEN),
    ("no choices", T, 4, MISSHAPEN),
    ("no message", T, 4, MISSHAPEN),
    ("an empty list", T, 4, MISREAD),
    ("a web page", T, 4, MISREAD),
    ("a redirect", T, 4, MISREAD),
    ("knows no schema", D, 1, NO_FORMAT),
    ("400 filtered", NO, 1, RULES),
    ("401", D, 1, KEY_REFUSED),
    ("402", D, 1, LIMIT),
    ("403", D, 1, "This studio may not use the language model."),
    ("403 moderated", NO, 1, RULES),
    ("404", D, 1, "This studio’s language model is no longer available."),
    ("429", W, 4, "The language model asked us to slow down."),
    ("429 without money", D, 1, LIMIT),
    ("500", T, 4, FAULT),
    ("503", T, 4, FAULT),
    ("504", T, 4, FAULT),
    ("529", T, 4, FAULT),
]
ANSWERS = {name: reply for (name, *_), (reply, _) in zip(TABLE, ROWS, strict=True)}
# What is well-formed and still may not be used.
BRIEFS: list[tuple[str, Any]] = [
    ("too few", good_brief(COUNT - 1)),
    ("too many", good_brief(COUNT + 1)),
    ("all alike", {**good_brief(), "items": [{"subject": "fox", "prompt": "the same"}] * COUNT}),
    ("empty prompts", {**good_brief(), "items": [{"subject": f"fox {n}", "prompt": " "} for n in range(COUNT)]}),
    ("no list", {**good_brief(), "items": "none"}),
]
LISTINGS: list[tuple[str, Any]] = [
    ("too long a title", {**GOOD_LISTING, "title": "x" * 150}),
    ("twelve tags", {**GOOD_LISTING, "tags": GOOD_LISTING["tags"][:12]}),
    ("long tags", {**GOOD_LISTING, "tags": [f"a tag that is far too long {c}" for c in "abcdefghijklm"]}),
    ("no opening", {**GOOD_LISTING, "opening": ""}),
    ("another number", {**GOOD_LISTING, "opening": "You get 400 files."}),
    ("no words", {**GOOD_LISTING, "title": ["x"], "tags": {}, "opening": 5}),
]


class Writer(FakeChat):
    """Answers a brief with `brief` and a listing with `listing`; counts what it was asked."""

    brief: Reply = Reply(200, said(good_brief()))
    listing: Reply = Reply(200, said(GOOD_LISTING))

    def handle(self, method: str, path: str, body: Any) -> Reply:
        if method != "POST":
            return super().handle(method, path, body)
        required = body["response_format"]["json_schema"]["schema"]["required"]
        return self.listing if "opening" in required else self.brief


@pytest.fixture
def writer() -> Iterator[Writer]:
    with Writer() as server:
        yield server


@pytest.fixture
def real(world: World, writer: Writer, monkeypatch: pytest.MonkeyPatch) -> World:
    """The chain with the real briefing and listing, everything else as the world plays it; no shop."""
    model = chat(writer)
    monkeypatch.setattr(client, "configured", lambda: model)
    monkeypatch.setattr(copywriting, "brief_writer", lambda _: model)
    good, kit = world.good, StageContext(here)

    def work(this: Any, job: Any) -> Any:
        stages = {"briefing": briefing.run, "listing": listing.run}
        return stages[this.stage](this, job, kit) if this.stage in stages else good(this, job)

    world.good = work  # type: ignore[method-assign]
    return world


def page(world: World, project: Project, tab: str = "") -> str:
    browser = Client()
    browser.force_login(world.user)
    text = html.unescape(browser.get(f"/projects/{project.pk}/{tab}").content.decode())
    assert KEY not in text
    shown = re.sub(r"<[^>]*>|https?:\S+", " ", text)
    assert not re.search(r"HTTP|Traceback|content_filter|insufficient_quota|response_format|refusal", shown), shown
    return shown


def run(world: World, writer: Writer, name: str, **more: Any) -> tuple[Project, int, list[tuple[str, int, int | None]]]:
    """One project of its own, with how often the model was asked and what the books have of it."""
    before, rows = len(writer.asked), len(world.rows())
    spec = commands.LaunchSpec(**{"product": "wall_art", "idea": "woodland animals", **more})
    project = commands.launch(world.user, spec, idempotency_key=name)
    world.engine.run()
    ProviderPause.objects.all().delete()
    return Project.objects.get(pk=project.pk), len(writer.asked) - before, world.rows()[rows:]


def test_a_brief_that_cannot_be_had_fails_the_job_and_everything_comes_back(real: World, writer: Writer) -> None:
    set_of_many = {"product": "clipart", "count": COUNT}
    rows = [(name, kind, asked, words, {}, 3) for name, kind, asked, words in TABLE]
    rows += [(name, T, 4, BRIEF, set_of_many, PRICE) for name, _ in BRIEFS]
    answers = {**ANSWERS, **{name: Reply(200, said(body)) for name, body in BRIEFS}}
    found, wanted = {}, {}
    for name, kind, asked, sentence, spec, price in rows:
        writer.brief = answers[name]
        project, times, books = run(real, writer, name, **spec)
        words = queries.failure_words(project)
        assert words and project.brief == {}, "nothing was written by rule instead"
        assert sentence in page(real, project), name
        found[name] = (words["what"], real.job(project).failure_kind, times, words["money"], books)
        money = f"You were not charged: all {price} credits are back in your balance."
        spent = [("SPEND_CREDIT", -price, None), ("REFUND_CREDIT", price, None)]
        wanted[name] = (sentence, kind.value, asked, money, spent)
    assert found == wanted
    assert real.balance() == 100 and audit.run()["ok"]
    assert set(ProviderCall.objects.values_list("state", flat=True)) == {"answered"}


def test_a_listing_that_cannot_be_had_gives_its_price_back_and_the_files_stay(real: World, writer: Writer) -> None:
    """One project whose seller has the listing written again after each failure, and meets the next row of the table."""
    writer.brief = Reply(200, said(good_brief(1)))
    writer.listing = Reply(500, b"")
    project, _, books = run(real, writer, "launch")
    assert books == [("SPEND_CREDIT", -3, None), ("REFUND_CREDIT", 2, None)]
    rows = [*TABLE, *((name, T, 4, LISTING) for name, _ in LISTINGS)]
    answers = {**ANSWERS, **{name: Reply(200, said(body)) for name, body in LISTINGS}}
    found, wanted = {}, {}
    for name, _, asked, sentence in rows:
        writer.listing = answers[name]
        before, known = len(writer.asked), len(real.rows())
        commands.write_listing_again(real.user, project.pk, idempotency_key=name)
        real.engine.run()
        ProviderPause.objects.all().delete()
        project = Project.objects.get(pk=project.pk)
        assert sentence in page(real, project, "listing/"), name
        zips = project.files.filter(role="zip").count()
        listing = (project.listing.text, project.listing.text_reason)
        found[name] = (project.stage, *listing, len(writer.asked) - before, zips, real.rows()[known:])
        books = [("SPEND_CREDIT", -2, None), ("REFUND_CREDIT", 2, None)]
        wanted[name] = ("completed", "failed", sentence, asked, 1, books)
    assert found == wanted
    writer.listing = Reply(200, said(GOOD_LISTING))
    commands.write_listing_again(real.user, project.pk, idempotency_key="at last")
    real.engine.run()
    assert Project.objects.get(pk=project.pk).listing.title == GOOD_LISTING["title"]
    assert real.balance() == 100 - 3 and audit.run()["ok"]
