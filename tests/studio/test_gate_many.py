"""The gate for many images at once, by plain forms: keep and drop selected ones with undo, and remake all that are flagged."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from elistit.accounts.models import User
from elistit.credits import ledger
from elistit.projects.models import Item, ItemRound, Project
from elistit.projects.states import ItemState, Stage

pytestmark = pytest.mark.django_db
EDGE = [{"code": "halo", "words": "There is a pale edge."}]


def states(project: Project, *numbers: int) -> list[str]:
    rows = Item.objects.filter(job__project=project, number__in=numbers).order_by("number")
    return list(rows.values_list("state", flat=True))


def field(body: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', body)
    assert found, name
    return found[1]


def judge(page: Client, project: Project, act: str, *numbers: object) -> str:
    form = {"act": act, "numbers": list(numbers)}
    return page.post(f"/projects/{project.pk}/approve/judge/", form, follow=True).content.decode()


def test_selected_images_are_dropped_and_kept_again_by_undo(page: Client, at_gate: Project) -> None:
    page.post(f"/projects/{at_gate.pk}/items/2/drop/")
    body = judge(page, at_gate, "drop", 2, 3, 5)
    assert "2 images dropped." in body and "12 kept" in body
    page.post("/projects/undo/", {"undo": field(body, "undo")})
    assert states(at_gate, 2, 3, 5) == [ItemState.DROPPED, ItemState.MADE, ItemState.MADE], "exactly what changed"
    assert "1 image kept." in judge(page, at_gate, "keep", 2, 3)


def test_one_image_is_dropped_and_undone_without_javascript(page: Client, at_gate: Project) -> None:
    body = page.post(f"/projects/{at_gate.pk}/items/4/drop/", follow=True).content.decode()
    assert "Image 4 dropped." in body
    page.post("/projects/undo/", {"undo": field(body, "undo")})
    assert states(at_gate, 4) == [ItemState.MADE]


@pytest.mark.parametrize("numbers", [(), ("x",), ("99",), ("-1",)])
def test_nothing_selected_changes_nothing(page: Client, at_gate: Project, numbers: tuple[str, ...]) -> None:
    judge(page, at_gate, "drop", *numbers)
    assert not Item.objects.filter(state=ItemState.DROPPED).exists()


def test_an_undo_after_the_approval_changes_nothing_and_says_so(page: Client, at_gate: Project) -> None:
    value = field(judge(page, at_gate, "drop", 1), "undo")
    page.post(f"/projects/{at_gate.pk}/approve/")
    body = page.post("/projects/undo/", {"undo": value}, follow=True).content.decode()
    assert "waiting for your approval" in body and states(at_gate, 1) == [ItemState.DROPPED]


def test_remaking_all_flagged_says_each_price_first_and_charges_exactly_that_once(
    page: Client, alice: User, at_gate: Project
) -> None:
    Item.objects.filter(job__project=at_gate, number__in=(1, 2)).update(flags=EDGE)
    # Image 2 has used its free remakes.
    item = Item.objects.get(job__project=at_gate, number=2)
    ItemRound.objects.create(item=item, number=0, order=0, state="made", prompt=item.prompt, flags=EDGE)
    for n in (7, 8):
        ItemRound.objects.create(item=item, number=n, order=0, why="wish", state="made", prompt=item.prompt, flags=EDGE)
    assert "Remake 2 flagged…" in page.get(f"/projects/{at_gate.pk}/approve/").content.decode()
    address, before = f"/projects/{at_gate.pk}/approve/flagged/", ledger.balance(alice.pk)
    body = page.get(address).content.decode()
    assert "This costs 1 credit." in body and "1 of these remakes is free." in body
    assert "Remake 2 images for 1 credit" in body and ">Free</td>" in body
    assert page.post(address, {"key": "k", "seen": "1:0:0"}).status_code == 409
    assert page.post(address, {}).status_code == 409
    assert ledger.balance(alice.pk) == before and states(at_gate, 1, 2) == ["made", "made"]
    form = {"key": field(body, "key"), "seen": field(body, "seen")}
    for _ in range(2):
        assert page.post(address, form)["Location"] == f"/projects/{at_gate.pk}/approve/"
    assert states(at_gate, 1, 2, 3) == ["pending", "pending", "made"]
    assert ledger.balance(alice.pk) == before - 1
    assert list(Item.objects.filter(job__project=at_gate, number__lte=2).values_list("round", flat=True)) == [1, 1]


def test_too_few_credits_remake_nothing(page: Client, alice: User, at_gate: Project) -> None:
    item = Item.objects.get(job__project=at_gate, number=2)
    Item.objects.filter(pk=item.pk).update(flags=EDGE)
    ItemRound.objects.create(item=item, number=0, order=0, state="made", prompt=item.prompt, flags=[])
    ItemRound.objects.create(item=item, number=1, order=0, state="made", prompt=item.prompt, flags=EDGE)
    address = f"/projects/{at_gate.pk}/approve/flagged/"
    body = page.get(address).content.decode()
    assert "for 1 credit" in body
    left = ledger.balance(alice.pk)
    ledger.spend(alice.pk, left, job="j" * 26, project="p" * 26, idempotency_key="all", reason="Elsewhere")
    answer = page.post(address, {"key": field(body, "key"), "seen": field(body, "seen")})
    assert answer.status_code == 409 and "Nothing was remade." in answer.content.decode()
    at_gate.refresh_from_db()
    assert states(at_gate, 2) == ["made"] and at_gate.stage == Stage.AWAITING_APPROVAL


def test_another_seller_judges_nothing(bobs: Client, at_gate: Project) -> None:
    for path in ("judge/", "flagged/"):
        assert bobs.post(f"/projects/{at_gate.pk}/approve/{path}", {"act": "drop", "numbers": [1]}).status_code == 404


def test_adding_after_the_images_went_up_is_no_error(page: Client, alice: User) -> None:
    import io

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    data = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(data, "PNG")
    form = {"product": "custom", "idea": "", "key": ""}
    sent = {**form, "pictures": SimpleUploadedFile("fox.png", data.getvalue(), "image/png")}
    body = page.post("/new/uploads/", sent).content.decode()
    again = page.post("/new/uploads/", {**form, "uploads": field(body, "uploads")})
    assert again.status_code == 200 and "fox.png" in again.content.decode()
    nothing = page.post("/new/uploads/", form)
    assert nothing.status_code == 422 and "Choose one or more images first." in nothing.content.decode()
