"""Every page renders, empty and full, and says what the tables and the ledger say."""

from __future__ import annotations

import json
import re

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from elistit import ports
from elistit.accounts.models import User
from elistit.chain import retry
from elistit.chain.models import Attempt, Worker
from elistit.credits import ledger, prices, statement
from elistit.projects.models import FileRole, Item, Listing, Project
from elistit.projects.products import PRODUCTS
from elistit.projects.states import ItemState, Stage
from elistit.studio import headers

from .conftest import a_person, add_file, booked, bring_to, job_of, paint

pytestmark = pytest.mark.django_db

ETSY = "The term &#x27;Etsy&#x27; is a trademark of Etsy, Inc. This application uses the Etsy API but is not endorsed or certified by Etsy, Inc."
ETSY_PLAIN = "The term 'Etsy' is a trademark of Etsy, Inc. This application uses the Etsy API but is not endorsed or certified by Etsy, Inc."


def text_of(client: Client, address: str, status: int = 200, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


@pytest.mark.parametrize("address", ["/", "/new/", "/settings/billing/", "/prices/", "/help/credits/"])
def test_every_page_renders_for_somebody_who_has_done_nothing_yet(page: Client, address: str) -> None:
    shown = text_of(page, address)
    assert "30 credits" in shown
    assert "Sign out" in shown
    assert ETSY in shown or ETSY_PLAIN in shown


@pytest.mark.parametrize("tab", ["", "live/", "downloads/", "activity/", "listing/", "delete/"])
@pytest.mark.parametrize("stage", [s for s in Stage if s not in (Stage.DESIGN_READY, Stage.DELETED)])
def test_every_tab_renders_in_every_stage_with_and_without_pictures(
    page: Client, alice: User, tab: str, stage: Stage
) -> None:
    for painted in (False, True):
        ledger.grant(alice.pk, 20, source="goodwill", idempotency_key=ports.new_id(), reason="More")
        project = booked(alice)
        if stage != Stage.QUEUED:
            project = bring_to(project, stage)
        if painted:
            paint(project, but=(3,))
        shown = text_of(page, f"/projects/{project.pk}/{tab}", **({"HX-Request": "true"} if tab == "live/" else {}))
        assert "woodland" in shown.lower() or tab == "live/"


def test_the_list_is_empty_in_words_and_then_shows_cards_with_pictures(
    page: Client, at_gate: Project, bobs: Client
) -> None:
    assert "You have no projects yet" in text_of(bobs, "/")
    shown = text_of(page, "/")
    assert at_gate.name in shown and "Waiting for your approval" in shown
    assert shown.count("/pictures/") == 5, "four on the card, and the larger look at the first"


def test_pages_show_the_balance_from_the_ledger_and_not_one_from_before(page: Client, alice: User) -> None:
    assert "30 credits" in text_of(page, "/prices/")
    booked(alice)
    assert ">13 credits<" in text_of(page, "/prices/")


def test_the_fault_banner_is_loud_and_only_there_when_faults_are_injected(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "on purpose" not in text_of(page, "/")
    monkeypatch.setenv("ELISTIT_FAULTS", "generating=transient*all")
    shown = text_of(page, "/")
    assert "Test failures are switched on" in shown and "generating=transient*all" in shown


def test_the_running_part_asks_again_only_while_something_runs(page: Client, alice: User, at_gate: Project) -> None:
    running = bring_to(booked(a_person("c@example.com")), Stage.GENERATING)
    Project.objects.filter(pk=running.pk).update(owner=alice)
    assert "every 2s" in text_of(page, f"/projects/{running.pk}/live/", **{"HX-Request": "true"})
    assert "every 2s" not in text_of(page, f"/projects/{at_gate.pk}/live/", **{"HX-Request": "true"})
    assert "every 2s" not in text_of(page, f"/projects/{at_gate.pk}/")


def test_the_running_part_brings_the_balance_of_this_moment(page: Client, alice: User) -> None:
    project = bring_to(booked(alice), Stage.GENERATING)
    job = job_of(project)
    address = f"/projects/{project.pk}/live/"
    assert 'hx-swap-oob="true">13 credits<' in text_of(page, address, **{"HX-Request": "true"})
    ledger.refund(
        alice.pk, job=job.pk, project=project.pk, item=7, amount=1, idempotency_key="i7", reason="Item 7: blocked"
    )
    assert 'hx-swap-oob="true">14 credits<' in text_of(page, address, **{"HX-Request": "true"})


def test_a_waiting_try_is_shown_with_its_number_and_its_time(page: Client, alice: User) -> None:
    project = bring_to(booked(alice), Stage.GENERATING)
    Attempt.objects.create(
        job=job_of(project), stage=Stage.GENERATING, item=3, number=1, ended_at=ports.now(), outcome="transient",
        reason="The service did not answer.", next_try_at=ports.now() + ports.dt.timedelta(seconds=10),
    )  # fmt: skip
    shown = text_of(page, f"/projects/{project.pk}/")
    assert f"Attempt 2 of {retry.MAX_ATTEMPTS}" in shown and "data-countdown" in shown


def test_a_project_without_any_worker_says_so_and_stops_saying_so(page: Client, alice: User) -> None:
    project = bring_to(booked(alice), Stage.GENERATING)
    assert "No worker is running" in text_of(page, f"/projects/{project.pk}/")
    Worker.objects.create(id="w1", started_at=ports.now(), beat_at=ports.now())
    assert "No worker is running" not in text_of(page, f"/projects/{project.pk}/")


def test_thirty_silent_minutes_are_said(page: Client, alice: User, clock: ports.FixedClock) -> None:
    project = bring_to(booked(alice), Stage.GENERATING)
    clock.advance(29 * 60)
    assert "no progress since" not in text_of(page, f"/projects/{project.pk}/")
    clock.advance(2 * 60)
    assert "no progress since" in text_of(page, f"/projects/{project.pk}/")


def test_without_history_there_is_no_estimate_and_with_it_there_is_one(
    page: Client, alice: User, clock: ports.FixedClock
) -> None:
    ledger.grant(alice.pk, 30, source="goodwill", idempotency_key="more", reason="More")
    first = booked(alice)
    assert "no history" in text_of(page, f"/projects/{first.pk}/")
    clock.advance(150)
    bring_to(first, Stage.AWAITING_APPROVAL)
    second = bring_to(booked(alice), Stage.GENERATING)
    clock.advance(30)
    assert "About 2 minutes until your approval, based on the last one here." in text_of(
        page, f"/projects/{second.pk}/"
    )
    clock.advance(600)
    assert "a little longer this time" in text_of(page, f"/projects/{second.pk}/")


def test_the_failure_page_says_what_whose_side_tries_money_and_what_now(page: Client, failed: Project) -> None:
    shown = text_of(page, f"/projects/{failed.pk}/")
    assert "The writer did not answer." in shown
    assert "had a problem." in shown
    assert shown.count("attempt 1 of 4") == 1 and "attempt 4 of 4" in shown
    assert "You were not charged: all 17 credits are back in your balance." in shown
    assert f"/new/?like={failed.pk}" in shown
    assert "Refunded" in shown and "+17" in shown
    # The sums stand in the card at the side, and nowhere else.
    card = shown.split('id="money"')[1].split("</section>")[0]
    assert all(
        f"<dt>{word}</dt><dd>{sum_}</dd>" in card
        for word, sum_ in (("Charged", "17 credits"), ("Refunded", "17 credits"), ("Paid", "0 credits"))
    )
    assert "<dt>Refunded</dt>" not in shown.replace(card, "")
    for end in (f"/new/?like={failed.pk}#model", f"/projects/{failed.pk}/help/", f"/projects/{failed.pk}/activity/"):
        assert f'href="{end}"' in shown


def test_a_lost_item_says_why_and_what_came_back(page: Client, alice: User) -> None:
    project = bring_to(booked(alice), Stage.AWAITING_APPROVAL)
    paint(project, but=(7,))
    job = job_of(project)
    Item.objects.filter(job=job, number=7).update(
        state=ItemState.BLOCKED, reason="The content rules refused the words.", price=0
    )
    ledger.refund(
        alice.pk, job=job.pk, project=project.pk, item=7, amount=1, idempotency_key="i7", reason="Item 7: blocked"
    )
    for address in (f"/projects/{project.pk}/", f"/projects/{project.pk}/approve/"):
        shown = text_of(page, address)
        assert "The content rules refused the words." in shown and "1 credit refunded" in shown


def test_activity_is_every_attempt_in_plain_words(page: Client, failed: Project) -> None:
    shown = text_of(page, f"/projects/{failed.pk}/activity/")
    assert shown.count("failed. The writer did not answer.") == 4


def test_the_listing_tab_shows_text_price_trademark_and_the_ai_step(page: Client, finished: Project) -> None:
    shown = text_of(page, f"/projects/{finished.pk}/listing/")
    assert "Woodland Animals Watercolor Clipart" in shown and "woodland tag 12" in shown and "$4.50" in shown
    assert ETSY in shown or ETSY_PLAIN in shown
    assert "With an AI generator" in shown and "No generative AI model was used" in shown
    Project.objects.filter(pk=finished.pk).update(model="replicate/flux")
    other = text_of(page, f"/projects/{finished.pk}/listing/")
    assert "a generative AI model" in other and "No generative AI model" not in other


@pytest.mark.parametrize("state", Listing.Draft.values)
def test_every_state_of_the_draft_has_its_words(page: Client, finished: Project, state: str) -> None:
    Listing.objects.filter(project=finished).update(
        draft=state, draft_reason="Etsy said no.", draft_url="https://www.etsy.com/x"
    )
    shown = text_of(page, f"/projects/{finished.pk}/listing/")
    assert ("Retry draft" in shown) == (state == "failed")
    assert ("Etsy said no." in shown) == (state == "failed")
    assert ("https://www.etsy.com/x" in shown) == (state == "created")


def test_an_unwritten_listing_offers_to_be_written_again_for_its_price(
    page: Client, alice: User, finished: Project
) -> None:
    Listing.objects.filter(project=finished).update(text=Listing.Text.FAILED, text_reason="The writer was away.")
    shown = text_of(page, f"/projects/{finished.pk}/listing/")
    assert "Write listing again for 2 credits" in shown and "The writer was away." in shown
    # That credits came back is said only when a row says so.
    assert "refunded" not in shown
    job = job_of(finished)
    ledger.refund(
        alice.pk,
        job=job.pk,
        project=finished.pk,
        amount=2,
        idempotency_key="t",
        reason="The listing text could not be written",
    )
    assert "2 credits refunded" in text_of(page, f"/projects/{finished.pk}/listing/")
    assert "could not be written" in text_of(page, f"/projects/{finished.pk}/")


def test_history_shows_running_balance_item_and_filters(page: Client, failed: Project) -> None:
    everything = text_of(page, "/settings/billing/")
    for words in ("+30", "−17", "+17", "Trial credits", "Granted", "Spent", "Refunded", failed.name):
        assert words in everything
    assert "Used first" in everything and "never expires" in everything
    refunds = text_of(page, "/settings/billing/?type=REFUND_CREDIT")
    assert "+17" in refunds and "−17" not in refunds
    of_project = text_of(page, f"/settings/billing/?project={failed.pk}")
    assert "−17" in of_project and "+30" not in of_project
    assert "+30" in text_of(page, "/settings/billing/?type=NONSENSE&project=NONSENSE&before=NONSENSE")


def test_the_history_by_project_says_what_each_has_cost(page: Client, failed: Project, at_gate: Project) -> None:
    shown = text_of(page, "/settings/billing/?by=project")
    rows = {pk: row for row in shown.split("<tr>") for pk in (failed.pk, at_gate.pk) if f"/projects/{pk}/#quote" in row}
    assert "−17" in rows[failed.pk] and "+17" in rows[failed.pk] and "<strong>0</strong>" in rows[failed.pk]
    assert "+17" not in rows[at_gate.pk] and "<strong>17</strong>" in rows[at_gate.pk]
    assert f'href="?project={failed.pk}"' in rows[failed.pk]


def test_the_csv_is_narrowed_as_the_page_is(page: Client, failed: Project, at_gate: Project) -> None:
    shown = text_of(page, f"/settings/billing/?project={failed.pk}&type=REFUND_CREDIT")
    assert f"history.csv?type=REFUND_CREDIT&amp;project={failed.pk}" in shown
    narrowed = page.get(f"/settings/billing/history.csv?type=REFUND_CREDIT&project={failed.pk}").content.decode(
        "utf-8-sig"
    )
    assert len(narrowed.splitlines()) == 2 and "REFUND_CREDIT,17" in narrowed
    whole = page.get("/settings/billing/history.csv?project=01ARZ3NDEKTSV4RRFFQ69G5FAV").content.decode("utf-8-sig")
    assert len(whole.splitlines()) == 5


def test_a_long_history_goes_on_on_the_next_page(page: Client, alice: User) -> None:
    for n in range(60):
        ledger.grant(alice.pk, 1, source="goodwill", idempotency_key=f"g{n}", reason=f"Gift {n}.")
    first = text_of(page, "/settings/billing/")
    assert "Gift 59." in first and "Gift 5." not in first
    assert "before=12" in first
    second = text_of(page, "/settings/billing/?before=12")
    assert "Gift 5." in second and "Gift 59." not in second and "Trial credits" in second


def test_the_json_export_verifies_and_the_csv_has_every_row(page: Client, failed: Project) -> None:
    answer = page.get("/settings/billing/history.json")
    assert "attachment" in answer["Content-Disposition"]
    assert statement.verify(json.loads(answer.content)) == []
    lines = page.get("/settings/billing/history.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("seq,time,type,amount,balance,project")
    assert len(lines) == 4
    assert any("REFUND_CREDIT,17,30" in line and failed.pk in line for line in lines)


def test_no_cell_of_the_csv_can_be_taken_for_a_formula(page: Client, alice: User) -> None:
    ledger.grant(alice.pk, 1, source="goodwill", idempotency_key="f", reason="=HYPERLINK(1)")
    assert ",'=HYPERLINK(1)" in page.get("/settings/billing/history.csv").content.decode("utf-8-sig")


def test_help_states_the_numbers_the_code_runs_on(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "after 10, 30 and 60 seconds: 4 attempts in all" in text_of(client, "/help/credits/")
    monkeypatch.setattr(retry, "LADDER", (5, 7))
    monkeypatch.setattr(retry, "MAX_ATTEMPTS", 3)
    shown = text_of(client, "/help/credits/")
    assert "up to 2 times, after 5 and 7 seconds: 3 attempts in all" in shown


def test_a_file_leaves_with_its_bytes_its_name_and_no_power(page: Client, finished: Project) -> None:
    row = finished.files.get(role=FileRole.ZIP)
    answer = page.get(f"/projects/{finished.pk}/files/{row.pk}/delivery.zip")
    assert b"".join(answer.streaming_content) == b"PK\x05\x06" + bytes(18)  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="delivery.zip"'
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert (
        page.get(f"/projects/{finished.pk}/files/{row.pk}/", headers={"If-None-Match": answer["ETag"]}).status_code
        == 304
    )


@pytest.mark.parametrize(
    ("name", "safe"),
    [("../../etc/passwd", "etc-passwd"), ('a"b\r\nSet-Cookie: x.png', "a-b Set-Cookie- x.png"), ("", "file")],
)
def test_odd_names_become_safe_ones(page: Client, finished: Project, name: str, safe: str) -> None:
    row = finished.files.get(role=FileRole.ZIP)
    type(row).objects.filter(pk=row.pk).update(name=name)
    answer = page.get(f"/projects/{finished.pk}/files/{row.pk}/")
    assert f'"{safe}"' in answer["Content-Disposition"] or answer["Content-Disposition"].endswith(safe)
    assert not set("\r\n") & set(answer["Content-Disposition"])


def test_only_pictures_are_shown_in_the_page(page: Client, finished: Project) -> None:
    preview = finished.files.filter(role=FileRole.PREVIEW).first()
    assert preview is not None
    answer = page.get(f"/projects/{finished.pk}/pictures/{preview.pk}/")
    assert answer["Content-Type"] == "image/webp" and "attachment" not in answer.get("Content-Disposition", "")
    for role in (FileRole.ZIP, FileRole.CARD):
        row = finished.files.get(role=role)
        assert page.get(f"/projects/{finished.pk}/pictures/{row.pk}/").status_code == 404
    sly = add_file(finished, FileRole.IMAGE, "sly.html", b"<script>", 1)
    assert page.get(f"/projects/{finished.pk}/pictures/{sly.pk}/").status_code == 404


def test_a_file_the_store_has_lost_is_said_plainly(page: Client, finished: Project) -> None:
    row = finished.files.get(role=FileRole.ZIP)
    type(row).objects.filter(pk=row.pk).update(path=f"{finished.pk}/gone.zip")
    shown = text_of(page, f"/projects/{finished.pk}/files/{row.pk}/", status=503)
    assert "can't be read right now" in shown and finished.pk in shown


def test_the_error_pages_have_words_and_a_way_back(page: Client, client: Client) -> None:
    assert "Page not found" in text_of(page, "/nowhere/", status=404)
    assert "Page not found" in text_of(client, "/nowhere/", status=404)
    from elistit.studio.views import reference

    broken = reference.broken(None).content.decode()  # type: ignore[arg-type]
    assert "Something went wrong on our side" in broken


def test_no_page_has_inline_script_or_style(page: Client, alice: User, finished: Project) -> None:
    ledger.grant(alice.pk, 20, source="goodwill", idempotency_key="more", reason="More")
    at_gate = bring_to(booked(alice), Stage.AWAITING_APPROVAL)
    addresses = ["/", "/new/", "/settings/billing/", "/prices/", "/help/credits/", f"/projects/{at_gate.pk}/approve/"]
    addresses += [f"/projects/{finished.pk}/{tab}" for tab in ("", "downloads/", "listing/", "activity/", "delete/")]
    for address in addresses:
        shown = text_of(page, address)
        assert "<style" not in shown and " style=" not in shown and " onclick" not in shown and "<script>" not in shown
        assert "http://" not in shown.replace("http://www.w3.org", "") and "https://" not in shown


def test_the_quote_of_a_launch_stays_on_its_page(page: Client, at_gate: Project) -> None:
    shown = text_of(page, f"/projects/{at_gate.pk}/")
    assert "Price locked" in shown and "15 × 1" in shown


def test_every_answer_carries_the_content_policy_and_a_file_its_stricter_one(rf: RequestFactory) -> None:
    plain = headers.ContentSecurityPolicy(lambda request: HttpResponse("x"))(rf.get("/"))
    assert plain["Content-Security-Policy"] == headers.POLICY and "unsafe" not in headers.POLICY
    own = headers.ContentSecurityPolicy(
        lambda request: HttpResponse("x", headers={"Content-Security-Policy": "sandbox"})
    )(rf.get("/"))
    assert own["Content-Security-Policy"] == "sandbox"


def test_the_page_on_tools_prices_every_product_type_as_a_quote_does(client: Client) -> None:
    shown = client.get("/help/tools/").content.decode()
    for kind in PRODUCTS.values():
        models = prices.models(kind.code.value)
        total = prices.total(prices.quote_lines(kind.code.value, models[0].code if models else "", kind.count_default))
        assert kind.name in shown and f"{total} credits" in shown


def test_the_listing_video_has_a_player_that_waits_for_its_viewer(
    page: Client, bobs: Client, finished: Project
) -> None:
    row = add_file(finished, "video", "listing-video.mp4", b"0123456789")
    shown = page.get(f"/projects/{finished.pk}/downloads/").content.decode()
    [player] = re.findall(r"<video[^>]*>", shown)
    assert "controls" in player and "autoplay" not in player and "poster=" in player
    address = f"/projects/{finished.pk}/pictures/{row.pk}/"
    assert f'<source src="{address}" type="video/mp4">' in shown
    part = page.get(address, headers={"range": "bytes=2-4"})
    assert (part.status_code, part["Content-Type"]) == (206, "video/mp4")
    assert b"".join(part.streaming_content) == b"234"  # type: ignore[attr-defined]
    assert bobs.get(address).status_code == 404
