"""Several shops on the pages: connect one more, name it, choose the default, choose the shop of a draft."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.listings.etsy.sandbox import Sandbox
from elistit.listings.models import EtsyShop
from elistit.projects import draft_plans
from elistit.projects.draft_models import DraftPlan
from elistit.projects.models import Listing, Project
from elistit.projects.states import Stage
from tests.studio.conftest import add_file, booked, bring_to

pytestmark = pytest.mark.django_db

CONNECT = "/settings/integrations/etsy/connect/"


@pytest.fixture
def etsy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    for name in ("AUTH_URL", "TOKEN_URL", "KEYSTRING", "SHARED_SECRET"):
        monkeypatch.delenv(f"ELISTIT_ETSY_{name}", raising=False)
    with Sandbox(per_second=1000) as running:
        monkeypatch.setenv("ELISTIT_ETSY_API_URL", running.url)
        yield running


@pytest.fixture
def two(page: Client, etsy: Sandbox) -> list[EtsyShop]:
    page.post(CONNECT)
    page.post(CONNECT, {"another": "1"})
    return list(EtsyShop.objects.order_by("pk"))


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def finished(owner: User, shop: EtsyShop, draft: str = "failed") -> Project:
    project = bring_to(booked(owner), Stage.COMPLETED)
    Listing.objects.filter(project=project).update(
        text="written", title="Fox", tags=["fox"], description="A fox.", price_cents=499, currency="USD", draft=draft,
        draft_round=1,
    )  # fmt: skip
    DraftPlan.objects.create(project=project, shop=shop.shop_id, shop_name=str(shop))
    return project


def test_one_more_shop_is_connected_named_made_the_default_and_disconnected(page: Client, two: list[EtsyShop]) -> None:
    first, second = two
    shown = text(page, "/settings/integrations/")
    assert shown.count('class="shop"') == 2 and "Make default" in shown
    named = page.post(f"/settings/shops/{second.shop_id}/", {"act": "rename", "label": "Prints"}, follow=True)
    assert "This shop is called Prints now." in named.content.decode()
    taken = page.post(f"/settings/shops/{first.shop_id}/", {"act": "rename", "label": "PRINTS"}, follow=True)
    assert "Another shop of yours is already called" in taken.content.decode()
    made = page.post(f"/settings/shops/{second.shop_id}/", {"act": "default"}, follow=True)
    assert "New projects go to Prints." in made.content.decode()
    page.post(f"/settings/shops/{first.shop_id}/disconnect/")
    assert [s.shop_id for s in EtsyShop.objects.all()] == [second.shop_id]


def test_a_practice_shop_that_was_disconnected_is_connected_again(page: Client, two: list[EtsyShop]) -> None:
    EtsyShop.objects.filter(pk=two[1].pk).update(disconnected_reason="Etsy does not accept this connection any more.")
    assert "Connect again" in text(page, "/settings/integrations/")
    page.post(CONNECT, {"shop": str(two[1].shop_id)})
    assert EtsyShop.objects.count() == 2 and not EtsyShop.objects.exclude(disconnected_reason="").exists()


def test_the_form_offers_the_shops_with_the_default_first(page: Client, two: list[EtsyShop]) -> None:
    page.post(f"/settings/shops/{two[1].shop_id}/", {"act": "default"})
    shown = text(page, "/new/")
    options = re.findall(
        r'<option value="(\d+)"[^>]*>([^<]*)</option>', shown.split('id="shop"')[1].split("</select>")[0]
    )
    assert options == [(str(two[1].shop_id), f"{two[1]}, default"), (str(two[0].shop_id), str(two[0]))]
    assert 'id="shop"' in text(page, "/batches/new/")
    EtsyShop.objects.filter(pk=two[0].pk).delete()
    assert 'id="shop"' not in text(page, "/new/") and 'id="shop"' not in text(page, "/batches/new/")


def test_a_launch_keeps_the_chosen_shop_and_so_does_launching_again(
    page: Client, alice: User, two: list[EtsyShop]
) -> None:
    order = {
        "product": "clipart",
        "idea": "woodland animals",
        "count": "15",
        "ratio": "1:1",
        "model": "builtin/watercolor",
    }
    order |= {"shop": str(two[1].shop_id), "act": "launch", "key": "01JD0000000000000000000001"}
    seen = page.post("/new/", order)
    total = re.search(r'name="seen" value="(\d+)"', seen.content.decode())
    assert total
    page.post("/new/", {**order, "seen": total[1]})
    project = Project.objects.get()
    assert draft_plans.number_of(project.pk) == two[1].shop_id
    again = text(page, f"/new/?like={project.pk}").split('id="shop"')[1]
    assert f'<option value="{two[1].shop_id}" selected>' in again
    wrong = page.post("/new/", {**order, "shop": "7", "seen": total[1], "key": "01JD0000000000000000000002"})
    assert wrong.status_code == 422 and b"You have no shop" in wrong.content and Project.objects.count() == 1


def test_a_project_of_a_disconnected_shop_says_so_and_is_moved(page: Client, alice: User, two: list[EtsyShop]) -> None:
    project = finished(alice, two[0])
    address = f"/projects/{project.pk}/listing/"
    assert f"Shop: <strong>{two[0]}</strong>" in text(page, address)
    page.post(f"/settings/shops/{two[0].shop_id}/disconnect/")
    shown = text(page, address)
    assert f"{two[0]} is disconnected." in shown and "choose another shop" in shown
    moved = page.post(f"{address}shop/", {"shop": str(two[1].shop_id)}, follow=True)
    assert b"The draft goes to this shop now." in moved.content
    assert draft_plans.number_of(project.pk) == two[1].shop_id
    assert "is disconnected." not in text(page, address)


def test_a_draft_that_may_be_left_behind_is_asked_about(page: Client, alice: User, two: list[EtsyShop]) -> None:
    project = finished(alice, two[0])
    DraftPlan.objects.update(sent_to=two[0].shop_id)
    page.post(f"/settings/shops/{two[0].shop_id}/disconnect/")
    address = f"/projects/{project.pk}/listing/"
    assert 'name="confirm_no_draft"' in text(page, address)
    refused = page.post(f"{address}shop/", {"shop": str(two[1].shop_id)}, follow=True)
    assert b"confirm that no draft of this project is in it" in refused.content
    assert draft_plans.number_of(project.pk) == two[0].shop_id
    page.post(f"{address}shop/", {"shop": str(two[1].shop_id), "confirm_no_draft": "on"})
    assert draft_plans.number_of(project.pk) == two[1].shop_id


def test_another_persons_shop_is_no_choice(page: Client, bobs: Client, alice: User, two: list[EtsyShop]) -> None:
    bobs.post(CONNECT)
    theirs = EtsyShop.objects.exclude(owner=alice).get()
    project = finished(alice, two[0])
    page.post(f"/projects/{project.pk}/listing/shop/", {"shop": str(theirs.shop_id)})
    assert draft_plans.number_of(project.pk) == two[0].shop_id
    assert bobs.post(f"/projects/{project.pk}/listing/shop/", {"shop": "1"}).status_code == 404


def test_with_one_shop_the_listing_page_says_nothing_about_shops(page: Client, alice: User, etsy: Sandbox) -> None:
    page.post(CONNECT)
    project = finished(alice, EtsyShop.objects.get())
    assert "Choose another shop" not in text(page, f"/projects/{project.pk}/listing/")


# ---- the calendar -----------------------------------------------------------------------------------------------------


def scheduled(page: Client, shop: EtsyShop, **changed: str) -> str:
    typed = {"enabled": "on", "per_day": "2", "at": "09:00", "zone": "Europe/Berlin", **changed}
    answer = page.post(f"/settings/calendar/{shop.shop_id}/", typed, follow=True)
    return answer.content.decode()


def test_a_schedule_is_set_and_a_wrong_one_refused_with_the_reason(
    page: Client, bobs: Client, two: list[EtsyShop]
) -> None:
    assert "The schedule is saved." in scheduled(page, two[0])
    for changed, words in (
        ({"per_day": "0"}, "Choose 1 to 100 drafts a day."), ({"at": "nine"}, "Write the time of day"),
        ({"zone": "Moon/Crater"}, "There is no time zone"),
    ):  # fmt: skip
        assert words in scheduled(page, two[0], **changed)
    shown = text(page, "/settings/calendar/")
    assert "<option selected>Europe/Berlin</option>" in shown and 'value="2"' in shown
    assert bobs.post(f"/settings/calendar/{two[0].shop_id}/", {"per_day": "1"}).status_code == 404


def test_the_calendar_shows_moves_and_sends_a_draft(page: Client, alice: User, two: list[EtsyShop]) -> None:
    scheduled(page, two[0])
    project = finished(alice, two[0], draft="none")
    listing = f"/projects/{project.pk}/listing/"
    assert "Plan the draft" in text(page, listing)
    planned = page.post(f"{listing}plan/", {"act": "plan", "day": ""}, follow=True).content.decode()
    assert "Draft planned for" in planned and "(Europe/Berlin)" in planned
    year = ports.now().year + 1
    past_end = page.post(f"{listing}plan/", {"act": "plan", "day": f"{year + 2}-01-01"}, follow=True)
    assert b"Choose a day within a year." in past_end.content
    assert b"Write the day as" in page.post(f"{listing}plan/", {"act": "plan", "day": "soon"}, follow=True).content
    day = (ports.now() + dt.timedelta(days=40)).date()
    back = "/settings/calendar/?month=" + day.strftime("%Y-%m")
    moved = page.post(f"{listing}plan/", {"act": "plan", "day": day.isoformat(), "back": back})
    assert moved["Location"] == back
    shown = text(page, back)
    assert project.name in shown and "day chosen" in shown
    assert page.post(f"{listing}plan/", {"act": "cancel", "back": "//evil.example"})["Location"] == listing
    assert project.name not in text(page, back)
    add_file(project, "zip", "fox.zip", b"PK")
    page.post(f"{listing}plan/", {"act": "plan", "day": ""})
    page.post(f"{listing}plan/", {"act": "now"})
    assert Listing.objects.get(project=project).draft == "pending" and not DraftPlan.objects.get().planned


def test_a_paused_shop_is_said_on_calendar_overview_and_listing(page: Client, alice: User, two: list[EtsyShop]) -> None:
    scheduled(page, two[0])
    project = finished(alice, two[0], draft="none")
    page.post(f"/projects/{project.pk}/listing/plan/", {"act": "plan", "day": ""})
    assert "Draft planned for" in text(page, f"/projects/{project.pk}/")
    page.post(f"/settings/shops/{two[0].shop_id}/disconnect/")
    words = f"{two[0]} is disconnected. Its drafts wait, and continue automatically once you connect it again."
    for address in (f"/projects/{project.pk}/", f"/projects/{project.pk}/listing/"):
        assert words in text(page, address)
    assert "Paused" in text(page, "/settings/calendar/")


@pytest.mark.parametrize("month", ["", "2026-13", "x", "0001-01", "9999-12", "2026-02-30", "２０２６-02"])
def test_any_month_in_the_address_is_answered(page: Client, month: str) -> None:
    assert page.get("/settings/calendar/", {"month": month}).status_code == 200
