"""What a seller sees of models that have trouble, and how they let another step in (product rule: health at the launch form)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.chain.models import Attempt, ProviderCall, ProviderPause
from elistit.credits import ledger
from elistit.projects.models import Item, Job, Listing, Project
from elistit.projects.states import ItemState

from .conftest import booked
from .test_launching import typed

pytestmark = pytest.mark.django_db
PRO, GPT = "replicate/flux-1.1-pro", "openai/gpt-image"
TICK = 'name="failover"'


@pytest.fixture
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REPLICATE_TOKEN", "OPENAI_KEY"):
        monkeypatch.setenv(f"ELISTIT_{name}", "a-key")


def failing(job: Job, model: str, *, faults: int, made: int = 0) -> None:
    for n in range(faults + made):
        ProviderCall.objects.create(
            key=f"{model}:{n}", job=job, item=1, provider=model.split("/")[0], model=model, state="answered",
            outcome="transient" if n < faults else "made", answered_at=ports.now(),
        )  # fmt: skip


def shown(page: Client, **more: Any) -> str:
    return page.get("/new/?product=clipart", **more).content.decode()


@pytest.mark.usefixtures("_keys")
def test_the_form_says_which_model_has_trouble_just_now(page: Client, alice: User, clock: ports.FixedClock) -> None:
    job = booked(alice).jobs.get()
    failing(job, GPT, faults=3, made=2)
    failing(job, PRO, faults=2)
    assert shown(page).count("Not working right now") == 1
    assert "3 of its last 5 images needed more than one attempt." in shown(page)
    ProviderPause.objects.create(provider="replicate", reason="Its key is refused.")
    assert "Not working right now: Its key is refused." in shown(page)
    ProviderPause.objects.all().delete()
    clock.advance(16 * 60)
    assert "Not working right now" not in shown(page), "a quarter of an hour later nobody knows better"


def test_where_there_is_only_the_artist_nothing_can_step_in(page: Client) -> None:
    assert TICK not in shown(page)


@pytest.mark.usefixtures("_keys")
def test_leave_to_step_in_is_off_until_it_is_ticked_and_kept_on_the_way(page: Client, alice: User) -> None:
    ledger.grant(alice.pk, 100, source="test", idempotency_key="more", reason="For the test")
    page.post("/new/", typed(model=PRO, seen="47"))
    assert Project.objects.get().failover is False
    priced = page.post("/new/", typed(model=PRO, act="price", seen="", failover="on")).content.decode()
    assert f'type="checkbox" id="failover" {TICK} value="on" checked' in priced
    page.post("/new/", typed(model=PRO, seen="47", failover="on"))
    project = Project.objects.get(failover=True)
    again = page.get(f"/new/?like={project.pk}").content.decode()
    assert f'type="checkbox" id="failover" {TICK} value="on" checked' in again


@pytest.mark.usefixtures("_keys")
def test_the_pages_name_every_model_that_made_a_picture(page: Client, alice: User) -> None:
    ledger.grant(alice.pk, 100, source="test", idempotency_key="more", reason="For the test")
    project = booked(alice, model=PRO, failover=True)
    job = project.jobs.get()
    Item.objects.filter(job=job).update(state=ItemState.MADE, art={"made_round": 0, "made_model": ""})
    Item.objects.filter(job=job, number=3).update(model=GPT, round=1, art={"made_round": 1, "made_model": GPT})
    Attempt.objects.create(
        job=job, stage="generating", item=3, note=True, outcome="another_model", ended_at=ports.now(),
        reason="Item 3 is made with GPT Image because FLUX 1.1 pro was down (It broke), as you allowed at launch.",
    )  # fmt: skip
    Listing.objects.filter(project=project).update(text=Listing.Text.WRITTEN, title="Woodland animals", tags=["fox"])
    overview = page.get(f"/projects/{project.pk}/").content.decode()
    assert "FLUX 1.1 pro and GPT Image" in overview
    assert (
        "made by FLUX 1.1 pro and GPT Image, generative AI, from"
        in page.get(f"/projects/{project.pk}/listing/").content.decode()
    )
    assert "Item 3 is made with GPT Image because" in page.get(f"/projects/{project.pk}/activity/").content.decode()
