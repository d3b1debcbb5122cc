"""Another person's project is not there: 404 for every address that carries a public id, and nothing is changed."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern

from elistit.accounts.models import ApiKey, User
from elistit.api.urls import page_urls
from elistit.credits import ledger
from elistit.projects import buyer_link
from elistit.projects.models import Item, Project, Scene, Upload
from elistit.projects.states import Stage
from elistit.studio.urls import urlpatterns
from elistit.support.urls import urlpatterns as support_urls

pytestmark = pytest.mark.django_db

# Buyers have no account: the signed address is the permission. tests/uploads/test_download_link.py asks for them with a
# wrong signature and with that of another project; what holds for every such address is tried below.
PUBLIC_BY_SIGNATURE = {"buyer", "buyer-download"}
BY_PROJECT = [
    p
    for p in (*urlpatterns, *support_urls)
    if isinstance(p, URLPattern) and "public_id" in str(p.pattern) and not str(p.pattern).startswith("console/")
    if p.name not in PUBLIC_BY_SIGNATURE
]


def address(pattern: URLPattern, project: Project) -> str:
    file = project.files.filter(role="preview").first()
    known = {
        "<ulid:public_id>": project.pk,
        "<publicid:public_id>": project.pk,
        "<int:number>": "1",
        "<str:language>": "de",
        "<ulid:reference>": "0" * 26,
        "<int:pk>": str(file.pk if file else 1),
        "<path:name>": "x.png",
    }
    text = str(pattern.pattern)
    for part, value in known.items():
        text = text.replace(part, value)
    assert "<" not in text
    return "/" + text


def test_the_list_below_covers_every_address_about_a_project() -> None:
    assert len(BY_PROJECT) >= 25


def test_every_address_that_names_a_thing_is_about_a_project_or_tried_elsewhere() -> None:
    """An address with a place in it that nobody tries as somebody else does not get past this list."""
    tried_elsewhere = {
        "sketch",  # Names no row; the signature is the permission: tests/studio/test_storyboard.py
        "enter", "mail-off",  # The token is the permission: tests/studio/test_entering.py, tests/support/test_mail.py
        "own-picture", "scene", "scene-remove", "scene-picture", "key-revoke",  # Below
        "batch", "batch-planning", "batch-live", "batch-row", "batch-discard", "batch-launch", "batch-pause", "batch-resume",
        "batch-review",  # tests/studio/test_batches.py
        "brand-kit", "brand-kit-default", "brand-kit-delete", "template",  # tests/studio/test_presets.py
        "webhook", "webhook-delete", "webhook-resend",  # tests/api/test_pages.py
        "shop-change", "etsy-disconnect", "shop-schedule", "shop-template",  # tests/studio/test_settings.py
        "own-data-download",  # tests/support/test_own_data.py
        "help-article",  # Names an article, the same for everyone: tests/studio/test_help.py
        "print-file",  # The signature is the permission: tests/studio/test_prints.py
        "replicate-hook",  # The signature is the permission: tests/providers_outside/test_replicate_hooks.py
    }  # fmt: skip
    named = {
        p.name
        for p in (*urlpatterns, *support_urls, *page_urls)
        if isinstance(p, URLPattern) and p.pattern.regex.groups and not str(p.pattern).startswith("console/")
    }
    assert named == {p.name for p in BY_PROJECT} | tried_elsewhere | PUBLIC_BY_SIGNATURE


@pytest.mark.parametrize("end", ["", "1/"])
def test_a_buyers_address_shows_nothing_without_its_signature_whoever_asks(
    at_gate: Project, page: Client, bobs: Client, client: Client, end: str
) -> None:
    for token in ("x", "A" * 27, buyer_link.address("0" * 26).rstrip("/").rsplit("/", 1)[1]):
        for visitor in (client, bobs, page):
            answer = visitor.get(f"/get/{at_gate.pk}/{token}/{end}")
            assert answer.status_code == 404 and at_gate.name.encode() not in answer.content
    right = buyer_link.address(at_gate.pk).removeprefix(settings.BASE_URL) + end
    assert client.get(right).status_code == 410, "a project without a download bundle has nothing for buyers"
    assert client.post(right).status_code == 405


def test_another_persons_own_pictures_scenes_and_keys_are_not_there(alice: User, bobs: Client, page: Client) -> None:
    upload = Upload.objects.create(
        owner=alice, name="art.png", kind="png", path="a", preview="p", width=9, height=9, bytes=1, alpha=True
    )
    scene = Scene.objects.create(owner=alice, name="Wall", path="a", preview="p", width=9, height=9)
    ApiKey.issue(alice, "mine", ApiKey.Scope.READ)
    key = alice.api_keys.get()
    for end in (
        f"new/uploads/{upload.pk}/", f"settings/scenes/{scene.pk}/", f"settings/scenes/{scene.pk}/remove/",
        f"settings/scenes/{scene.pk}/photo/", f"settings/scenes/{scene.pk}/sample/", f"settings/keys/{key.pk}/revoke/",
    ):  # fmt: skip
        answers = {bobs.get(f"/{end}").status_code, bobs.post(f"/{end}").status_code}
        assert answers <= {404, 405} and 404 in answers, end
    key.refresh_from_db()
    assert key.revoked_at is None and Scene.objects.filter(pk=scene.pk).exists()
    assert page.get(f"/settings/scenes/{scene.pk}/").status_code == 200


@pytest.mark.parametrize("pattern", BY_PROJECT, ids=lambda p: str(p.name))
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_persons_project_is_not_there(at_gate: Project, bobs: Client, pattern: URLPattern, method: str) -> None:
    answer = getattr(bobs, method)(
        address(pattern, at_gate), {"loss": "17", "act": "launch"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code in (404, 405)
    other = getattr(bobs, "post" if method == "get" else "get")(
        address(pattern, at_gate), headers={"HX-Request": "true"}
    )
    assert 404 in (answer.status_code, other.status_code)
    assert at_gate.name.encode() not in answer.content
    at_gate.refresh_from_db()
    assert at_gate.stage == Stage.AWAITING_APPROVAL
    assert not Item.objects.filter(job__project=at_gate).exclude(state="made").exists()


@pytest.mark.parametrize("pattern", BY_PROJECT, ids=lambda p: str(p.name))
def test_nobody_signed_in_is_led_to_the_door(at_gate: Project, client: Client, pattern: URLPattern) -> None:
    for method in ("get", "post"):
        answer = getattr(client, method)(address(pattern, at_gate))
        assert answer.status_code == 302 and answer["Location"].startswith("/enter/?next=")


def test_launching_like_another_persons_project_is_not_possible(at_gate: Project, bobs: Client) -> None:
    assert bobs.get(f"/new/?like={at_gate.pk}").status_code == 404


def test_filtering_by_another_persons_project_shows_only_ones_own_rows(
    at_gate: Project, bobs: Client, bob: User
) -> None:
    shown = bobs.get(f"/settings/billing/?project={at_gate.pk}").content.decode()
    assert at_gate.name not in shown and "−17" not in shown
    assert ledger.balance(bob.pk) == 30


def test_a_file_is_not_reached_through_ones_own_project(
    at_gate: Project, bobs: Client, bob: User, make: object
) -> None:
    own = make(bob)  # type: ignore[operator]
    file = at_gate.files.first()
    assert file is not None
    assert bobs.get(f"/projects/{own.pk}/files/{file.pk}/").status_code == 404
    assert bobs.get(f"/projects/{own.pk}/pictures/{file.pk}/").status_code == 404


def test_acts_are_never_done_by_get(at_gate: Project, page: Client) -> None:
    for end in (
        "items/1/drop/",
        "items/1/keep/",
        "items/1/remake/",
        "listing/retry-draft/",
        "listing/skip-draft/",
        "listing/write-again/",
    ):
        assert page.get(f"/projects/{at_gate.pk}/{end}").status_code == 405
    assert page.get("/leave/").status_code == 405
    page.get(f"/projects/{at_gate.pk}/delete/")
    page.get(f"/projects/{at_gate.pk}/approve/")
    at_gate.refresh_from_db()
    assert at_gate.stage == Stage.AWAITING_APPROVAL


def test_a_form_without_its_token_is_refused(at_gate: Project, alice: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    for end in ("approve/", "delete/", "items/1/drop/"):
        assert strict.post(f"/projects/{at_gate.pk}/{end}").status_code == 403
    at_gate.refresh_from_db()
    assert at_gate.stage == Stage.AWAITING_APPROVAL
