"""What pages repeat in rows is the same as ever, and nothing a person typed becomes part of the page's own code."""

from __future__ import annotations

import datetime as dt
from html.parser import HTMLParser
from typing import Any

import pytest
from django.template import engines
from django.urls import reverse

from elistit.credits.models import CreditTransaction
from elistit.projects.models import Item, Project, ProjectFile
from elistit.studio.showing import Plate

NASTY = """<script>alert('x')</script>"onload="&{pk}{0}%s"""
PK = "01M8HS27JVFJRZ7PP78FX3N0PB"


class Read(HTMLParser):
    """What a browser makes of a piece of a page: its elements with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def shown(source: str, **names: Any) -> str:
    return engines["django"].from_string(source).render(names)


def card(number: int = 1, entry: dict[str, Any] | None = None, **project: Any) -> str:
    known = {"public_id": PK, "name": "Fox", "product": "sticker", "count": 12, "stage": "completed", **project}
    about = {"project": Project(**known), "pictures": [], "labels": [], "refused": "", **(entry or {})}
    return shown("{% card entry number %}", entry=about, number=number)


def test_a_card_escapes_what_a_seller_typed() -> None:
    entry = {"pictures": [7], "labels": [NASTY], "refused": NASTY, "so_far": 1, "of": 3}
    read = Read(card(entry=entry, name=NASTY))
    assert not read.all("script") and "onload" not in {name for _, given in read.elements for name in given}
    assert read.text.count(NASTY) == 4, "select, name, refusal and label"
    assert {b["aria-label"] for b in read.all("button")} == {f"Favorite: {NASTY}", f"Zoom: {NASTY}"}
    [bar] = read.all("progress")
    assert bar == {"max": "3", "value": "1", "aria-label": NASTY}
    assert read.all("a")[0]["href"] == reverse("project", args=[PK])
    assert "<" not in str(read.all("a")[1]["href"])


@pytest.mark.parametrize(
    ("pictures", "mat", "side"), [([1, 2, 3, 4], "four", "256"), ([1, 2], "one", "512"), ([], "none", "")]
)
def test_a_card_shows_four_images_or_one(pictures: list[int], mat: str, side: str) -> None:
    for number, lazy in ((3, None), (4, "lazy")):
        read = Read(card(number, {"pictures": pictures}))
        assert f"mat {mat}" in [span.get("class") for span in read.all("span")]
        images = read.all("img")
        assert len(images) == (4 if mat == "four" else len(pictures[:1]))
        for n, image in zip(pictures, images, strict=False):
            assert image["src"] == reverse("picture", args=[PK, n])
            assert (image["width"], image["height"], image.get("loading")) == (side, side, lazy)
    assert ("No images yet" in read.text) == (not pictures)


def test_a_card_says_how_far_a_project_is_and_what_came_back() -> None:
    assert "Finished</span>" in card()
    assert "1 image<" in card(count=1) and "2 images<" in card(count=2)
    assert ", 3 credits refunded</span>" in card(entry={"back": 3}, stage="failed")
    assert "No images<" in card(stage="failed")
    read = Read(
        card(entry={"so_far": 0, "of": 4}, stage="generating", favorite_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    )
    assert "0 of 4" in read.text
    assert [b["aria-pressed"] for b in read.all("button")] == ["true"] and "★" in read.text


def test_choices_are_escaped_cut_and_one_is_chosen() -> None:
    made = shown("{% options choices 'b' 10 %}", choices=[("a", NASTY), ("b", "short"), (NASTY, "é" * 20)])
    read = Read(made)
    assert not read.all("script")
    assert [("selected" in option, option["value"]) for option in read.all("option")] == [
        (False, "a"), (True, "b"), (False, NASTY),
    ]  # fmt: skip
    assert read.text == f"{NASTY[:9]}…short{'é' * 9}…"
    assert (
        shown("{% options choices %}", choices=[("", "x" * 500)]) == f'<option value="" selected>{"x" * 500}</option>'
    )


def test_a_row_of_the_history_escapes_what_it_says() -> None:
    row = CreditTransaction(
        seq=7, type=NASTY, reason=NASTY, project=PK, item=3, amount=1234, balance_after=5678,
        created_at=dt.datetime(2026, 3, 1, 9, 30, tzinfo=dt.UTC),
    )  # fmt: skip
    read = Read(shown("{% history_row row name gone %}", row=row, name=NASTY, gone=True))
    assert not read.all("script") and read.text.count(NASTY) == 2, "type and reason"
    assert NASTY[:39] + "…" in read.text and "deleted" in read.text
    assert "+1,234" in read.text and "5,678" in read.text and "1 Mar 2026, 09:30 UTC" in read.text
    assert read.all("a")[0]["href"] == reverse("project", args=[PK]) + "#quote"
    assert {td["data-label"] for td in read.all("td")} == {
        "When",
        "Type",
        "Reason",
        "Project",
        "Item",
        "Credits",
        "Balance",
    }
    bare = CreditTransaction(seq=8, type="GRANT_CREDIT", amount=-5, balance_after=0, created_at=row.created_at)
    read = Read(shown("{% history_row row %}", row=bare))
    assert [td["data-label"] for td in read.all("td") if td.get("class") == "blank"] == ["Project", "Item"]
    assert "−5" in read.text and not read.all("a")


def test_a_plate_escapes_its_subject_and_enlarges_the_image_itself() -> None:
    preview, image = ProjectFile(pk=5), ProjectFile(pk=6)
    item = Item(number=3, subject=NASTY, state="made")
    for state, large in (("made", 6), ("failed", 5)):
        item.state = state
        plate = Plate(item, preview, image, "", None, 0, [], False)
        read = Read(shown("{% plate_image pk plate %}{% plate_caption plate %}", pk=PK, plate=plate))
        assert not read.all("script")
        assert read.all("img")[0]["alt"] == NASTY and read.all("img")[0]["src"] == reverse("picture", args=[PK, 5])
        [button] = read.all("button")
        assert button["data-caption"] == f"3 {NASTY}" and button["data-zoom"] == reverse("picture", args=[PK, large])
    nameless = Plate(Item(number=1, subject="", prompt="a " * 60, state="made"), preview, None, "", None, 0, [], False)
    assert Read(shown("{% plate_caption plate %}", plate=nameless)).text == f"1 A {'a ' * 33}a…"
