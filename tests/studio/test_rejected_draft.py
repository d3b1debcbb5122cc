"""A rejected draft leads to the field that was rejected, and from there to a retry; a created one to the draft itself."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from elistit import ports
from elistit.chain.models import Attempt
from elistit.projects.models import Listing, Project
from elistit.runtime import engine

from .conftest import job_of

pytestmark = pytest.mark.django_db


def reject(project: Project, detail: str, outcome: str = "rejected", reason: str = "Etsy said: tags too long.") -> None:
    Listing.objects.filter(project=project).update(draft=Listing.Draft.FAILED, draft_reason=reason)
    Attempt.objects.create(
        job=job_of(project), stage="drafting", outcome=outcome, detail=detail, ended_at=ports.now(), number=1, wait=9
    )


def main_actions(shown: str) -> list[str]:
    """The words of every primary button of a page's main part."""
    body = shown.split("<main")[1]
    found = re.findall(r'<(?:a|button) class="button main"[^>]*>(.*?)</', body, re.DOTALL)
    return [" ".join(words.split()) for words in found]


@pytest.mark.parametrize("field", ["title", "tags", "price", "description"])
def test_the_page_names_the_field_and_the_editor_opens_at_it(page: Client, finished: Project, field: str) -> None:
    reject(finished, f"create answer; not accepted; HTTP 400; said=x; fields=/{field}/3")
    shown = page.get(f"/projects/{finished.pk}/listing/").content.decode()
    assert f"Etsy rejected the {field}." in shown and main_actions(shown) == [f"Edit the {field}"]
    address = f"/projects/{finished.pk}/listing/edit/?fix={field}"
    assert f'href="{address}"' in shown
    editor = page.get(address).content.decode()
    focused = re.findall(r"<(?:input|textarea)[^>]*autofocus[^>]*>", editor)
    assert len(focused) == 1 and f'name="{field}"' in focused[0] and 'aria-invalid="true"' in focused[0]
    assert "Etsy said: tags too long." in editor and main_actions(editor) == ["Save and retry the draft"]


def test_saving_there_retries_the_draft_with_the_new_text(
    page: Client, finished: Project, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    started: list[str] = []
    monkeypatch.setattr(engine.queue, "start", lambda job, occasion: started.append(occasion))
    reject(finished, "create answer; not accepted; HTTP 400; said=x; fields=/title")
    editor = page.get(f"/projects/{finished.pk}/listing/edit/?fix=title").content.decode()
    description = re.search(r'name="description"[^>]*>([^<]*)</textarea>', editor)
    assert description
    form = {
        "title": "A fox in autumn",
        "tags": "fox, autumn",
        "price": "4.50",
        "description": description[1],
        "then": "retry",
    }
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        answer = page.post(f"/projects/{finished.pk}/listing/edit/?fix=title", form)
    assert answer.status_code == 302, answer.content.decode()
    listing = Listing.objects.get(project=finished)
    assert listing.title == "A fox in autumn" and listing.draft == Listing.Draft.PENDING and started == ["draft:1"]


def test_what_breaks_a_rule_is_neither_saved_nor_retried(page: Client, finished: Project) -> None:
    reject(finished, "rules: title")
    form = {"title": "x" * 200, "tags": "fox", "price": "4.50", "description": "D", "then": "retry"}
    answer = page.post(f"/projects/{finished.pk}/listing/edit/?fix=title", form)
    assert answer.status_code == 422 and "Save and retry the draft" in answer.content.decode()
    assert Listing.objects.get(project=finished).draft == Listing.Draft.FAILED


@pytest.mark.parametrize(
    ("detail", "outcome"),
    [
        ("create answer; not accepted; HTTP 400; said=odd", "rejected"),
        ("create answer; x; fields=/title", "operator"),
        ("", "transient"),
    ],
)
def test_without_a_named_field_the_draft_is_just_retried(
    page: Client, finished: Project, detail: str, outcome: str
) -> None:
    reject(finished, detail, outcome)
    shown = page.get(f"/projects/{finished.pk}/listing/").content.decode()
    assert main_actions(shown) == ["Retry draft"] and "Etsy rejected the draft." in shown


def test_an_address_somebody_made_up_changes_nothing(page: Client, finished: Project) -> None:
    editor = page.get(f"/projects/{finished.pk}/listing/edit/?fix=title").content.decode()
    assert "autofocus" not in editor and "Etsy rejected" not in editor and main_actions(editor) == ["Save listing"]
    reject(finished, "rules: title")
    odd = page.get(f"/projects/{finished.pk}/listing/edit/", {"fix": "<script>"}).content.decode()
    assert "autofocus" not in odd and "<script>" not in odd.split("<main")[1]
