"""Brand kits, series and templates on the pages, by plain forms: what a preset fills in is seen before it is paid for."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from elistit.accounts.models import User
from elistit.actions import brand_kits as kits
from elistit.actions.brand_kits import KitFields
from elistit.credits import ledger
from elistit.projects import brand_kits
from elistit.projects.models import Project, Scene, Storyboard
from elistit.projects.preset_models import BrandKit, FormTemplate, Series

from .conftest import booked
from .test_launching import typed
from .test_organizing import undo_of

pytestmark = pytest.mark.django_db

LICENSE = "Personal use only."


@pytest.fixture
def kit(alice: User) -> BrandKit:
    ledger.grant(alice.pk, 200, source="test", idempotency_key="more", reason="For the test")
    return kits.add(
        alice,
        KitFields(name="Fern & Fox", license_text=LICENSE, palette="sage green", styles=("builtin/gouache",)),
    )


def values(page: Client, address: str, **more: Any) -> dict[str, str]:
    """The launch form as a browser would send it, read from the page."""
    answer = page.post(address, more, follow=True) if more else page.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return fields(answer.content.decode())


def fields(body: str) -> dict[str, str]:
    form = body[body.index('id="launch"') :]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        kind = re.search(r'type="(\w+)"', tag)
        name, value = re.search(r' name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and not (kind and kind[1] in ("radio", "checkbox") and " checked" not in tag):
            found[name[1]] = value[1].replace("&amp;", "&") if value else ""
    idea = re.search(r'<textarea id="idea"[^>]*>([^<]*)</textarea>', form)
    found["idea"] = idea[1] if idea else ""
    for select in re.findall(r'<select id="(\w+)".*?</select>', form, re.S):
        part = form[form.index(f'<select id="{select}"') :]
        chosen = re.search(r'<option value="([^"]*)"[^>]* selected', part[: part.index("</select>")])
        found[select] = chosen[1] if chosen else ""
    return found


def launched(page: Client, form: dict[str, str], **more: str) -> Project:
    shown = page.post("/new/", {**form, **more, "act": "price"})
    assert shown.status_code == 200, shown.content.decode()
    form = fields(shown.content.decode())
    seen = re.search(r'name="seen" value="(\d+)"', shown.content.decode())
    assert seen
    answer = page.post("/new/", {**form, "act": "launch", "seen": seen[1]})
    assert answer.status_code == 302, answer.content.decode()
    return Project.objects.get(pk=answer["Location"].split("/")[-2])


def storyboard_on(page: Client, form: dict[str, str]) -> list[str]:
    body = page.post("/new/", {**form, "act": "price"}).content.decode()
    return re.findall(r'name="shown" value="([^"]+)"', body)


# ---- brand kits --------------------------------------------------------------------------------------------------------------


def test_a_brand_kit_is_made_edited_made_the_default_and_deleted_with_undo(page: Client, alice: User) -> None:
    assert "No brand kits yet" in page.get("/settings/brand-kits/").content.decode()
    told = {
        "name": "Fern",
        "license_text": LICENSE,
        "styles": ["builtin/ink"],
        "minimum_price": "4.50",
        "price.poster": "9,99",
    }
    assert page.post("/settings/brand-kits/new/", {**told, "is_default": "on"})["Location"] == "/settings/brand-kits/"
    kit = BrandKit.objects.get()
    assert kit.is_default and kit.license_text == LICENSE and kit.styles == ["builtin/ink"]
    assert kit.pricing == {"currency": "USD", "minimum": 450, "ending": "", "prices": {"poster": 999}}
    body = page.get(f"/settings/brand-kits/{kit.pk}/").content.decode()
    assert LICENSE in body and 'value="9.99"' in body and 'value="4.50"' in body
    page.post(f"/settings/brand-kits/{kit.pk}/", {**told, "name": "Moss", "price.poster": ""})
    kit.refresh_from_db()
    assert (kit.name, kit.pricing["prices"], kit.is_default) == ("Moss", {}, False)
    page.post(f"/settings/brand-kits/{kit.pk}/default/")
    assert brand_kits.default(alice) == kit
    body = page.post(f"/settings/brand-kits/{kit.pk}/delete/", follow=True).content.decode()
    assert "No brand kits yet" in body
    page.post("/projects/undo/", {"undo": undo_of(body)})
    assert brand_kits.of(alice).get() == kit


def test_an_edit_and_a_default_are_undone_unless_they_were_changed_again(page: Client, alice: User) -> None:
    told = {"name": "Fern", "scenes": [], "minimum_price": "4.50"}
    page.post("/settings/brand-kits/new/", {**told, "is_default": "on"})
    page.post("/settings/brand-kits/new/", {"name": "Moss"})
    fern, moss = (BrandKit.objects.get(name=name) for name in ("Fern", "Moss"))
    scene = Scene.objects.create(
        owner=alice, name="hall", path="x", preview="x", width=9, height=9, corners=[[0, 0]] * 4
    )
    address = f"/settings/brand-kits/{moss.pk}/"

    def undone(body: str) -> str:
        return page.post("/projects/undo/", {"undo": undo_of(body)}, follow=True).content.decode()

    edit = {"name": "Moss", "scenes": [scene.pk], "closing_text": "Bye", "is_default": "on"}
    body = page.post(address, edit, follow=True).content.decode()
    moss.refresh_from_db()
    assert "Brand kit “Moss” saved." in body and moss.scenes == [scene.pk] and moss.is_default
    for _ in range(2):
        assert "Undone." in undone(body)
        moss.refresh_from_db()
        assert (moss.scenes, moss.closing_text) == ([], "") and brand_kits.default(alice) == fern
    page.post(address, {**edit, "closing_text": "Later"})
    assert "changed again since then" in undone(body)
    default = page.post(f"/settings/brand-kits/{fern.pk}/default/", follow=True).content.decode()
    assert "“Fern” is the default now." in default and brand_kits.default(alice) == fern
    for _ in range(2):
        assert "Undone." in undone(default) and brand_kits.default(alice) == moss
    brand_kits.delete(alice, moss.pk)
    assert "changed again since then" in undone(default)


def test_what_is_wrong_is_named_beside_its_field_and_nothing_typed_is_lost(page: Client, alice: User) -> None:
    told = {"name": "", "closing_text": "Bye", "minimum_price": "cheap", "price.poster": "0.01"}
    answer = page.post("/settings/brand-kits/new/", told)
    body = answer.content.decode()
    assert answer.status_code == 422 and 'id="name-error"' in body and 'id="minimum_price-error"' in body
    assert 'id="price-poster-error"' in body and 'value="cheap"' in body and "Bye</textarea>" in body
    assert not BrandKit.objects.exists()


def test_the_default_brand_kit_is_filled_in_and_the_project_keeps_it(page: Client, kit: BrandKit) -> None:
    form = values(page, "/new/")
    assert (form["options.color_palette"], form["model"], form["brand_kit"]) == (
        "sage green",
        "builtin/gouache",
        kit.pk,
    )
    project = launched(page, form, idea="woodland animals")
    assert project.brand and project.brand["license"] == LICENSE and project.options == {"color_palette": "sage green"}
    kept = Storyboard.objects.get(quote=project.jobs.get().quote)
    assert [i["subject"] for i in kept.items] == storyboard_on(page, {**form, "idea": "woodland animals"})
    assert "Fern &amp; Fox" in page.get(f"/projects/{project.pk}/").content.decode()


def test_what_the_seller_clears_stays_clear(page: Client, kit: BrandKit) -> None:
    form = values(page, "/new/")
    project = launched(page, {**form, "options.color_palette": "", "model": "builtin/ink"}, idea="woodland animals")
    assert project.options == {} and project.model == "builtin/ink" and project.brand


def test_another_brand_kit_is_one_button_and_none_takes_everything_back(
    page: Client, alice: User, kit: BrandKit
) -> None:
    other = kits.add(alice, KitFields(name="Other", palette="pastel"))
    form = values(page, "/new/")
    form = values(page, "/new/", **{**form, "idea": "owls", "use_kit": other.pk})
    assert (form["brand_kit"], form["options.color_palette"], form["idea"]) == (other.pk, "pastel", "owls")
    form = values(page, "/new/", **{**form, "use_kit": "none"})
    assert (form["brand_kit"], form["options.color_palette"], form["idea"]) == ("", "", "owls")
    assert launched(page, form).brand is None


def test_a_brand_kit_follows_to_another_product_type(page: Client, kit: BrandKit) -> None:
    form = values(page, "/new/", **{**values(page, "/new/"), "switch": "wall_art"})
    assert (form["model"], form["options.color_palette"], form["product"]) == (
        "builtin/gouache",
        "sage green",
        "wall_art",
    )


# ---- series ------------------------------------------------------------------------------------------------------------------


def test_a_series_fixes_the_look_with_the_reason_and_can_be_left(page: Client, alice: User, kit: BrandKit) -> None:
    first = launched(page, values(page, "/new/"), idea="woodland animals", series="Forest")
    assert first.series and Series.objects.get().look["model"] == "builtin/gouache"
    kits.edit(alice, kit.pk, KitFields(palette="red", styles=("builtin/ink",)))
    form = values(page, "/new/")
    body = page.post("/new/", {**form, "series": "forest", "use_series": "join"}).content.decode()
    form = fields(body)
    assert (form["options.color_palette"], form["model"]) == ("sage green", "builtin/gouache")
    assert body.count("Fixed by the series “Forest”") >= 2 and 'value="builtin/ink"' not in body
    second = launched(page, {**form, "idea": "garden birds"})
    assert second.series == first.series and second.options == first.options and second.model == first.model
    left = values(page, "/new/", **{**form, "use_series": "leave"})
    assert left["series"] == "" and left["series_shown"] == ""


def test_typing_a_series_and_pressing_launch_shows_its_look_first(page: Client, kit: BrandKit) -> None:
    launched(page, values(page, "/new/"), idea="woodland animals", series="Forest")
    before = Project.objects.count()
    form = typed(model="builtin/ink", series="Forest", series_shown="", brand_kit="")
    answer = page.post("/new/", form)
    body = answer.content.decode()
    assert answer.status_code == 200 and "charged yet" in body and Project.objects.count() == before
    assert fields(body)["model"] == "builtin/gouache"


def test_a_forged_look_is_refused_by_the_series(page: Client, kit: BrandKit) -> None:
    launched(page, values(page, "/new/"), idea="woodland animals", series="Forest")
    before = Project.objects.count()
    answer = page.post("/new/", typed(model="builtin/ink", series="Forest", series_shown="Forest"))
    assert answer.status_code == 422 and "series “Forest”" in answer.content.decode()
    assert Project.objects.count() == before


def test_pressing_launch_twice_begins_a_series_once(page: Client, alice: User, kit: BrandKit) -> None:
    form = typed(series="Forest", series_shown="", brand_kit="")
    first, second = page.post("/new/", form), page.post("/new/", form)
    assert first.status_code == second.status_code == 302 and first["Location"] == second["Location"]
    assert Project.objects.count() == 1 and Series.objects.count() == 1


def test_the_list_is_filtered_by_series(page: Client, kit: BrandKit) -> None:
    launched(page, values(page, "/new/"), idea="woodland animals", series="Forest")
    launched(page, values(page, "/new/"), idea="garden birds")
    cards = page.get("/?series=forest").context["cards"]
    assert [c["project"].idea for c in cards] == ["woodland animals"]
    assert 'name="series"' in page.get("/").content.decode()


# ---- templates ---------------------------------------------------------------------------------------------------------------


def test_a_template_keeps_the_form_and_begins_the_next_one(page: Client, kit: BrandKit) -> None:
    form = {**values(page, "/new/"), "idea": "owls", "count": "20", "options.mood": "calm", "template_name": "Nursery"}
    answer = page.post("/new/template/", form)
    body = answer.content.decode()
    assert answer.status_code == 200 and "Template “Nursery” saved." in body and fields(body)["idea"] == "owls"
    row = FormTemplate.objects.get()
    assert "idea" not in row.fields and not Project.objects.exists()
    again = values(page, f"/new/?template={row.pk}")
    held = ("product", "count", "model", "options.mood", "options.color_palette", "brand_kit")
    assert {k: again[k] for k in held} == {k: form[k] for k in held} and again["idea"] == ""
    page.post("/new/template/", {**form, "template_idea": "on"})
    assert values(page, f"/new/?template={row.pk}")["idea"] == "owls" and FormTemplate.objects.count() == 1
    assert f"template={row.pk}" in page.get("/new/").content.decode()


def test_a_template_without_a_name_is_refused_and_nothing_typed_is_lost(page: Client, kit: BrandKit) -> None:
    answer = page.post("/new/template/", {**values(page, "/new/"), "idea": "owls", "template_name": " "})
    assert answer.status_code == 422 and 'id="template_name-error"' in answer.content.decode()
    assert fields(answer.content.decode())["idea"] == "owls"


def test_what_a_template_names_and_is_gone_is_left_out_and_named(page: Client, alice: User, kit: BrandKit) -> None:
    page.post("/new/template/", {**values(page, "/new/"), "template_name": "Nursery"})
    FormTemplate.objects.update(fields={**FormTemplate.objects.get().fields, "model": "gone/model"})
    brand_kits.delete(alice, kit.pk)
    body = page.get(f"/new/?template={FormTemplate.objects.get().pk}").content.decode()
    assert "its brand kit, its style" in body and fields(body)["brand_kit"] == ""


def test_templates_are_renamed_and_deleted_with_undo(page: Client, kit: BrandKit) -> None:
    page.post("/new/template/", {**values(page, "/new/"), "template_name": "Nursery"})
    row = FormTemplate.objects.get()
    body = page.post(
        f"/settings/templates/{row.pk}/", {"act": "rename", "name": "Baby room"}, follow=True
    ).content.decode()
    assert "Baby room" in body
    page.post("/projects/undo/", {"undo": undo_of(body)})
    assert FormTemplate.objects.get().name == "Nursery"
    page.post(f"/settings/templates/{row.pk}/", {"act": "rename", "name": "Baby room"})
    body = page.post(f"/settings/templates/{row.pk}/", {"act": "delete"}, follow=True).content.decode()
    assert "No templates yet" in body
    page.post("/projects/undo/", {"undo": undo_of(body)})
    assert "Baby room" in page.get("/settings/templates/").content.decode()


# ---- duplicate, more like this ---------------------------------------------------------------------------------------------


def test_duplicating_fills_in_the_whole_order(page: Client, kit: BrandKit) -> None:
    project = launched(
        page, {**values(page, "/new/"), "options.mood": "calm", "name": "Mine"}, idea="owls", series="Forest"
    )
    form = values(page, f"/new/?like={project.pk}")
    assert (form["idea"], form["name"], form["options.mood"]) == ("owls", "Mine", "calm")
    assert (form["series"], form["brand_kit"], form["model"]) == ("Forest", kit.pk, "builtin/gouache")
    twin = launched(page, form)
    same = ("idea", "options", "model", "count", "ratio", "series_id", "brand", "name")
    assert {n: getattr(twin, n) for n in same} == {n: getattr(project, n) for n in same}


def test_duplicating_keeps_the_sellers_own_storyboard(page: Client, alice: User, kit: BrandKit) -> None:
    form = {**values(page, "/new/"), "idea": "woodland animals", "brand_kit": "", "product": "sticker", "count": "2"}
    body = page.post("/new/", {**form, "switch": "sticker"}).content.decode()
    subjects = ["red fox", "barn owl"]
    form = {**fields(body), "idea": "woodland animals", "count": "2", "edited": "1", "subject": subjects}  # type: ignore[dict-item]
    shown = page.post("/new/", {**form, "act": "price"})
    seen = re.search(r'name="seen" value="(\d+)"', shown.content.decode())
    assert seen
    answer = page.post("/new/", {**form, "act": "launch", "seen": seen[1]})
    assert answer.status_code == 302, answer.content.decode()
    body = page.get(f"/new/?like={answer['Location'].split('/')[-2]}").content.decode()
    assert re.findall(r'name="subject" value="([^"]+)"', body) == subjects


def test_more_like_a_project_keeps_style_and_palette_and_asks_for_an_idea(page: Client, kit: BrandKit) -> None:
    project = booked(kit.owner, idea="pastel woodland animals", model="builtin/ink", name="Mine")
    form = values(page, f"/new/?like={project.pk}&more=1")
    assert (form["idea"], form["name"]) == ("", "")
    assert (form["model"], form["options.color_palette"], form["product"]) == ("builtin/ink", "pastel", "clipart")


def test_more_like_an_image_is_about_its_subject_in_the_same_colors(page: Client, kit: BrandKit) -> None:
    project = booked(kit.owner, idea="pastel woodland animals")
    project.jobs.get().items.filter(number=1).update(subject="red fox")
    form = values(page, f"/new/?like={project.pk}&item=1")
    assert (form["idea"], form["options.color_palette"]) == ("red fox", "pastel")


def test_nobody_reaches_anothers_presets(page: Client, bobs: Client, bob: User, kit: BrandKit) -> None:
    page.post("/new/template/", {**values(page, "/new/"), "template_name": "Nursery"})
    template = FormTemplate.objects.get()
    for address in (
        f"/settings/brand-kits/{kit.pk}/", f"/settings/brand-kits/{kit.pk}/default/",
        f"/settings/brand-kits/{kit.pk}/delete/", f"/settings/templates/{template.pk}/", f"/new/?template={template.pk}",
    ):  # fmt: skip
        answers = {bobs.get(address).status_code, bobs.post(address, {"act": "delete", "name": "x"}).status_code}
        assert 404 in answers and answers <= {404, 405, 422}, address
    for address in ("/settings/brand-kits/", "/settings/templates/", "/new/"):
        body = bobs.get(address).content.decode()
        assert "Fern" not in body and "Nursery" not in body
    kit.refresh_from_db()
    template.refresh_from_db()
    assert kit.deleted_at is None and kit.name == "Fern & Fox" and template.deleted_at is None
    answer = bobs.post("/new/", typed(brand_kit=kit.pk))
    assert answer.status_code == 422 and not Project.objects.filter(owner=bob).exists()
