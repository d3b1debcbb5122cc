"""The gate and the delete page by plain forms: what is kept, what comes back, what is lost, to the credit."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import ledger
from elistit.projects.models import Item, ItemRound, Listing, Project
from elistit.projects.states import ItemState, Stage

pytestmark = pytest.mark.django_db


def state(project: Project, number: int) -> str:
    return Item.objects.get(job__project=project, number=number).state


def key_of(shown: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', shown)
    assert found
    return found[1]


def test_drop_and_keep_work_by_plain_forms_and_lead_back_to_the_picture(page: Client, at_gate: Project) -> None:
    answer = page.post(f"/projects/{at_gate.pk}/items/4/drop/")
    assert answer["Location"] == f"/projects/{at_gate.pk}/approve/#plate-4"
    assert state(at_gate, 4) == ItemState.DROPPED
    assert "14 kept" in page.get(f"/projects/{at_gate.pk}/approve/").content.decode()
    page.post(f"/projects/{at_gate.pk}/items/4/keep/")
    assert state(at_gate, 4) == ItemState.MADE


def test_dropping_by_taste_says_it_returns_nothing_and_a_flagged_one_what_it_returns(
    page: Client, at_gate: Project
) -> None:
    Item.objects.filter(job__project=at_gate, number=2).update(
        flags=[{"code": "halo", "words": "There is a pale edge."}]
    )
    page.post(f"/projects/{at_gate.pk}/items/1/drop/")
    shown = page.get(f"/projects/{at_gate.pk}/approve/").content.decode()
    assert "There is a pale edge." in shown
    assert "Images you drop because you don't like them aren't refunded" in shown
    page.post(f"/projects/{at_gate.pk}/items/2/drop/")
    shown = page.get(f"/projects/{at_gate.pk}/approve/").content.decode()
    assert "Refunded when you approve: 1 credit. That covers flagged images you don't keep: image 2." in shown


def test_with_htmx_only_the_picture_and_the_totals_come_back(page: Client, at_gate: Project) -> None:
    answer = page.post(f"/projects/{at_gate.pk}/items/4/drop/", headers={"HX-Request": "true"})
    shown = answer.content.decode()
    assert "<html" not in shown and 'id="plate-4"' in shown and 'id="plate-5"' not in shown
    assert 'id="gate-totals"' in shown and "14 kept" in shown and 'id="balance"' in shown


def test_approving_goes_on_and_returns_the_flagged(page: Client, at_gate: Project, alice: User) -> None:
    Item.objects.filter(job__project=at_gate, number=2).update(
        flags=[{"code": "halo", "words": "There is a pale edge."}]
    )
    page.post(f"/projects/{at_gate.pk}/items/1/drop/")
    page.post(f"/projects/{at_gate.pk}/items/2/drop/")
    answer = page.post(f"/projects/{at_gate.pk}/approve/")
    assert answer["Location"] == f"/projects/{at_gate.pk}/"
    at_gate.refresh_from_db()
    assert at_gate.stage == Stage.PROCESSING
    assert ledger.balance(alice.pk) == 14
    assert page.get(f"/projects/{at_gate.pk}/approve/")["Location"] == f"/projects/{at_gate.pk}/"


def test_approving_twice_is_approving_once(page: Client, at_gate: Project, alice: User) -> None:
    for _ in range(2):
        assert page.post(f"/projects/{at_gate.pk}/approve/")["Location"] == f"/projects/{at_gate.pk}/"
    assert ledger.balance(alice.pk) == 13


def test_a_late_drop_after_the_approval_changes_nothing_and_says_so(page: Client, at_gate: Project) -> None:
    page.post(f"/projects/{at_gate.pk}/approve/")
    answer = page.post(f"/projects/{at_gate.pk}/items/3/drop/", follow=True)
    assert "waiting for your approval" in answer.content.decode()
    assert state(at_gate, 3) == ItemState.MADE
    late = page.post(f"/projects/{at_gate.pk}/items/3/drop/", headers={"HX-Request": "true"})
    assert late["HX-Redirect"] == f"/projects/{at_gate.pk}/"


def test_nothing_kept_cannot_be_approved(page: Client, at_gate: Project) -> None:
    Item.objects.filter(job__project=at_gate).update(state=ItemState.DROPPED)
    answer = page.post(f"/projects/{at_gate.pk}/approve/", follow=True)
    assert "Keep at least one" in answer.content.decode()


def test_a_remake_says_its_price_charges_it_once_and_keeps_the_edited_prompt(
    page: Client, at_gate: Project, alice: User
) -> None:
    shown = page.get(f"/projects/{at_gate.pk}/approve/").content.decode()
    assert "Remake for 1 credit" in shown
    form = {"key": key_of(shown), "seen": "1", "prompt": "a blue fox"}
    for _ in range(2):
        assert page.post(f"/projects/{at_gate.pk}/items/1/remake/", form).status_code == 302
    item = Item.objects.get(job__project=at_gate, number=1)
    assert (item.state, item.round, item.prompt) == (ItemState.PENDING, 1, "a blue fox")
    assert ledger.balance(alice.pk) == 12
    at_gate.refresh_from_db()
    assert at_gate.stage == Stage.GENERATING
    waiting = page.get(f"/projects/{at_gate.pk}/approve/").content.decode()
    assert "Being remade" in waiting and 'id="approve" disabled' in waiting


def test_a_remake_of_a_flagged_picture_is_free(page: Client, at_gate: Project, alice: User) -> None:
    Item.objects.filter(job__project=at_gate, number=1).update(
        flags=[{"code": "halo", "words": "There is a pale edge."}]
    )
    shown = page.get(f"/projects/{at_gate.pk}/approve/").content.decode()
    assert "Remake free of charge" in shown
    page.post(
        f"/projects/{at_gate.pk}/items/1/remake/", {"key": ports.new_id(), "seen": "0", "prompt": "a red fox, number 1"}
    )
    assert ledger.balance(alice.pk) == 13 and state(at_gate, 1) == ItemState.PENDING


@pytest.mark.parametrize("seen", ["", "0"])
def test_a_remake_whose_price_was_not_seen_is_not_charged(
    page: Client, at_gate: Project, alice: User, seen: str
) -> None:
    form = {"key": ports.new_id(), "seen": seen, "prompt": "a blue fox"}
    answer = page.post(f"/projects/{at_gate.pk}/items/1/remake/", form)
    assert answer.status_code == 422 and "now costs 1" in answer.content.decode()
    assert ">a blue fox</textarea>" in answer.content.decode()
    assert ledger.balance(alice.pk) == 13 and state(at_gate, 1) == ItemState.MADE


def test_an_impossible_prompt_is_refused_beside_the_prompt(page: Client, at_gate: Project, alice: User) -> None:
    form = {"key": ports.new_id(), "seen": "1", "prompt": "  "}
    for headers in ({}, {"HX-Request": "true"}):
        answer = page.post(f"/projects/{at_gate.pk}/items/1/remake/", form, headers=headers)
        assert "1 to 1,000 characters" in answer.content.decode()
    assert ledger.balance(alice.pk) == 13


def test_a_number_that_is_not_there_is_not_found(page: Client, at_gate: Project) -> None:
    for act in ("keep", "drop", "remake"):
        assert page.post(f"/projects/{at_gate.pk}/items/99/{act}/").status_code == 404


def test_the_delete_page_says_exactly_what_is_lost_and_then_it_is(page: Client, at_gate: Project, alice: User) -> None:
    shown = page.get(f"/projects/{at_gate.pk}/delete/").content.decode()
    assert "17 credits won't be refunded." in shown and "Delete and lose 17 credits" in shown
    answer = page.post(f"/projects/{at_gate.pk}/delete/", {"loss": "17"}, follow=True)
    assert "was deleted" in answer.content.decode()
    assert ledger.balance(alice.pk) == 13
    gone = page.get(f"/projects/{at_gate.pk}/").content.decode()
    assert "You deleted this project" in gone and "−17" in gone
    for end in ("downloads/", "listing/", "activity/", "approve/", "delete/"):
        assert page.get(f"/projects/{at_gate.pk}/{end}").status_code == 404
    assert at_gate.name not in page.get("/").content.decode().replace("was deleted", "")


def test_a_loss_that_changed_meanwhile_is_said_again_and_nothing_is_deleted(
    page: Client, at_gate: Project, alice: User
) -> None:
    job = at_gate.jobs.get()
    ledger.refund(alice.pk, job=job.pk, project=at_gate.pk, item=3, amount=1, idempotency_key="i3", reason="Item 3")
    answer = page.post(f"/projects/{at_gate.pk}/delete/", {"loss": "17"})
    assert answer.status_code == 409 and "16 credits won't be refunded" in answer.content.decode()
    at_gate.refresh_from_db()
    assert at_gate.stage == Stage.AWAITING_APPROVAL


def test_deleting_what_has_ended_loses_nothing(page: Client, failed: Project) -> None:
    assert "You won't lose any credits" in page.get(f"/projects/{failed.pk}/delete/").content.decode()


def test_retry_and_skip_of_a_draft_are_free_and_said(page: Client, finished: Project, alice: User) -> None:
    Listing.objects.filter(project=finished).update(draft=Listing.Draft.FAILED, draft_reason="Etsy said no.")
    answer = page.post(f"/projects/{finished.pk}/listing/skip-draft/", follow=True)
    assert "was skipped" in answer.content.decode()
    again = page.post(f"/projects/{finished.pk}/listing/skip-draft/", follow=True)
    assert "no failed draft to skip" in again.content.decode()
    Listing.objects.filter(project=finished).update(draft=Listing.Draft.FAILED)
    tried = page.post(f"/projects/{finished.pk}/listing/retry-draft/", follow=True)
    # The overview asks for itself while a draft is being created, and leads to it.
    assert tried.redirect_chain == [(f"/projects/{finished.pk}/", 302)]
    assert "Retrying" in tried.content.decode() and 'hx-trigger="every 2s' in tried.content.decode()
    assert ledger.balance(alice.pk) == 13


def test_writing_the_listing_again_is_charged_once_for_two_presses(
    page: Client, finished: Project, alice: User
) -> None:
    Listing.objects.filter(project=finished).update(text=Listing.Text.FAILED, text_reason="The writer was away.")
    key = key_of(page.get(f"/projects/{finished.pk}/listing/").content.decode())
    for _ in range(2):
        page.post(f"/projects/{finished.pk}/listing/write-again/", {"key": key})
    assert ledger.balance(alice.pk) == 11


def test_a_flagged_image_is_shown_small_until_the_approval(page: Client, at_gate: Project) -> None:
    Item.objects.filter(job__project=at_gate, number=1).update(
        flags=[{"code": "halo", "words": "There is a pale edge."}]
    )
    image = at_gate.files.get(role="image", item=1)
    preview = at_gate.files.get(role="preview", item=1)
    for address in (f"/projects/{at_gate.pk}/files/{image.pk}/", f"/projects/{at_gate.pk}/pictures/{image.pk}/"):
        assert page.get(address, follow=True).status_code == 404
    shown = page.get(f"/projects/{at_gate.pk}/approve/").content.decode()
    assert "Full size after you approve." in shown
    assert f"/pictures/{image.pk}/" not in shown and f"/pictures/{preview.pk}/" in shown


def test_another_version_is_kept_by_a_plain_form(page: Client, at_gate: Project) -> None:
    item = Item.objects.get(job__project=at_gate, number=2)
    art = {"made_round": 1}
    ItemRound.objects.create(
        item=item, number=0, order=0, state="made", charged=1, prompt="the first", art={"made_round": 0}
    )
    ItemRound.objects.create(item=item, number=1, order=1, state="made", charged=1, prompt="the second", art=art)
    Item.objects.filter(pk=item.pk).update(round=1, price=2, prompt="the second", art=art)
    shown = page.get(f"/projects/{at_gate.pk}/approve/").content.decode()
    assert 'id="version-2-0"' in shown and 'id="version-2-1"' in shown
    answer = page.post(f"/projects/{at_gate.pk}/items/2/choose/", {"round": "0"})
    assert answer["Location"] == f"/projects/{at_gate.pk}/approve/#plate-2"
    item.refresh_from_db()
    assert (item.prompt, item.art["made_round"]) == ("the first", 0)
    assert page.post(f"/projects/{at_gate.pk}/items/2/choose/", {"round": "x"}).status_code == 422
