"""A seller's own pictures, from the form, the API and the program to the finished files (rules §3): nothing hostile comes in,
nothing typed is lost, no picture is used twice or seen by another seller, and nothing stays that nobody needs."""

from __future__ import annotations

import datetime as dt
import io
import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw

from elistit import ports
from elistit.accounts.models import ApiKey, User
from elistit.actions import commands, uploads
from elistit.credits import audit, ledger
from elistit.maintenance import delete_files
from elistit.projects import uploads as rows
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import Project, Upload
from elistit.runtime import engine
from elistit.simulator.inline import InlineEngine
from elistit.stages.context import StageContext
from elistit.stages.dispatch import run_attempt
from tests.conformance.conftest import World, clock
from tests.products import reading as files
from tests.products.conftest import Studio, here

__all__ = ["clock"]

FLAT = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 80"><rect x="10" y="10" width="80" height="60" fill="#c33"/>'
    '<circle cx="50" cy="40" r="20" fill="#fff"/></svg>'
)
SHADED = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><defs><linearGradient id="g"><stop offset="0" '
    'stop-color="#c33"/><stop offset="1" stop-color="#33c"/></linearGradient></defs>'
    '<rect x="5" y="5" width="90" height="90" fill="url(#g)"/></svg>'
)
SCRIPTED = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>alert(1)</script></svg>'


def picture(kind: str = "PNG", size: tuple[int, int] = (600, 400), shade: int = 90) -> bytes:
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse(
        (size[0] // 10, size[1] // 10, size[0] * 9 // 10, size[1] * 9 // 10), fill=(shade, 120, 60, 255)
    )
    stream = io.BytesIO()
    (image.convert("RGB") if kind == "JPEG" else image).save(stream, kind)
    return stream.getvalue()


@pytest.fixture(autouse=True)
def world(transactional_db: None, clock: ports.FixedClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    monkeypatch.setattr(settings, "STORAGE_URL", (tmp_path / "files").as_uri())
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setattr(uploads._cpu, "run", here)
    made = World(clock)
    monkeypatch.setattr(engine, "queue", made.engine)
    return made


@pytest.fixture
def studio(world: World, monkeypatch: pytest.MonkeyPatch) -> Studio:
    world.engine = InlineEngine(world.clock, partial(run_attempt, StageContext(here)))
    monkeypatch.setattr(engine, "queue", world.engine)
    return Studio(world)


def add(owner: User, data: bytes | str, name: str = "art.png") -> Upload:
    return uploads.add(owner, io.BytesIO(data.encode() if isinstance(data, str) else data), name)


# ---- the files that come out -----------------------------------------------------------------------------------------


def test_each_own_picture_comes_out_print_ready_packed_and_listed(studio: Studio) -> None:
    owner = studio.world.user
    ids = [
        add(owner, picture("PNG"), "Blue door.png").pk, add(owner, picture("JPEG", (1600, 2400)), "view.JPG").pk,
        add(owner, FLAT, "sign.svg").pk, add(owner, SHADED, "dusk.svg").pk, add(owner, picture("WEBP", (5000, 900)), "wide").pk,
    ]  # fmt: skip
    studio.launch("custom", "doors and views", uploads=tuple(ids))
    sizes = {}
    for file in studio.files("print"):
        with Image.open(file) as image:
            assert (image.format, round(image.info["dpi"][0])) == ("PNG", 300)
            sizes[file.name] = image.size
    assert sizes == {
        "01-blue-door.png": (2400, 1600), "02-view.png": (2731, 4096), "03-sign.png": (4096, 3277), "04-dusk.png": (4096, 4096),
        "05-wide.png": (5000, 900),
    }  # fmt: skip
    names = {f.name for f in studio.files("vector")}
    assert names == {"03-sign.svg", "03-sign.pdf", "04-dusk.svg"}
    assert {f.name for f in studio.files("cut")} == {"03-sign-cut.svg"}
    studio.finished(roles=("print", "vector", "cut", "maker"), mockups=3)
    assert studio.world.rows() == [("SPEND_CREDIT", -7, None)], "one credit each and two for the listing"
    assert "Made by the seller" in Project.objects.get().listing.description
    [licences] = studio.files("licences")
    assert licences.read_text().count("the seller’s own image") == 5


def test_transparency_survives_and_a_photo_stays_as_it_was(studio: Studio) -> None:
    owner = studio.world.user
    ids = (add(owner, picture("PNG")).pk, add(owner, picture("JPEG")).pk)
    studio.launch("custom", "two circles", uploads=ids)
    clear, photo = studio.files("print")
    with Image.open(clear) as image:
        assert (
            image.mode == "RGBA"
            and image.getpixel((5, 5))[3] == 0
            and image.getpixel((1200, 800)) == (90, 120, 60, 255)
        )  # type: ignore[index]
    with Image.open(photo) as image:
        assert image.convert("RGBA").getchannel("A").getextrema() == (255, 255)


def test_pictures_named_alike_keep_files_of_their_own(studio: Studio) -> None:
    ids = tuple(add(studio.world.user, picture(shade=s), "same.png").pk for s in (10, 200))
    studio.launch("custom", "two", uploads=ids)
    assert [f.name for f in studio.files("print")] == ["01-same.png", "02-same.png"]
    assert len({files.sha256(f) for f in studio.files("print")}) == 2


# ---- what is let in --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"), (b"%PDF-1.7 not a picture", "Only PNG, JPEG, WebP and SVG"), (picture()[:300], "breaks off"),
        (SCRIPTED, "script"), (picture(size=(30, 30)), "at least 64"),
        (FLAT.replace("<rect", '<image href="http://example.com/x.png"/><rect'), "SVG"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_in_one_sentence_and_leaves_no_trace(
    world: World, tmp_path: Path, data: bytes | str, words: str
) -> None:
    with pytest.raises(InvalidSpec) as refused:
        add(world.user, data)
    assert words in str(refused.value)
    assert not Upload.objects.exists()
    assert not [p for p in tmp_path.rglob("*") if p.is_file() and "sqlite" not in p.name]


def test_a_file_larger_than_allowed_is_never_read_to_its_end(world: World) -> None:
    class Endless(io.RawIOBase):
        read_so_far = 0

        def read(self, size: int = -1) -> bytes:
            Endless.read_so_far += size
            return b"\x89PNG\r\n\x1a\n".ljust(size, b"\0")

    with pytest.raises(InvalidSpec, match="larger than 50 MB"):
        uploads.add(world.user, Endless(), "flood.png")  # type: ignore[arg-type]
    assert Endless.read_so_far < 52_000_000


def test_a_picture_that_takes_the_reader_down_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: Any, **__: Any) -> None:
        raise RuntimeError("the subprocess died (exit code -11)")

    with pytest.raises(InvalidSpec, match="too much time or memory"):
        uploads.add(world.user, io.BytesIO(picture()), "x.png", run=dies)


def test_there_is_an_end_to_how_many_may_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "WAITING_MAX", 1)
    add(world.user, picture())
    with pytest.raises(NotPossible, match="waiting already"):
        add(world.user, picture())


def test_a_name_never_leads_anywhere(world: World) -> None:
    assert add(world.user, picture(), "../../etc/pass\x00wd.png").name == "passwd.png"
    assert add(world.user, picture(), "C:\\Users\\ann\\art.png").name == "art.png"
    assert add(world.user, picture(), "").name == "image"


# ---- the booking -----------------------------------------------------------------------------------------------------


def order(*ids: str, **more: Any) -> commands.LaunchSpec:
    return commands.LaunchSpec("custom", "my art", uploads=ids, **more)


def test_a_picture_is_used_once_and_a_second_launch_costs_nothing(world: World) -> None:
    one, two = add(world.user, picture()).pk, add(world.user, picture()).pk
    commands.launch(world.user, order(one), idempotency_key="a")
    before = ledger.balance(world.user.pk)
    with pytest.raises(NotPossible, match="was deleted"):
        commands.launch(world.user, order(two, one), idempotency_key="b")
    assert ledger.balance(world.user.pk) == before
    assert list(rows.waiting(world.user).values_list("pk", flat=True)) == [two], "and the other one still waits"


def test_the_same_launch_sent_twice_books_once(world: World) -> None:
    one = add(world.user, picture()).pk
    first = commands.launch(world.user, order(one), idempotency_key="a")
    assert commands.launch(world.user, order(one), idempotency_key="a").pk == first.pk
    assert ledger.balance(world.user.pk) == 100 - 3


def test_another_sellers_picture_cannot_be_launched_or_removed(world: World) -> None:
    other = User.objects.create_user("other@example.com")
    ledger.grant(other.pk, 30, source="trial", idempotency_key="t", reason="Trial")
    one = add(world.user, picture()).pk
    with pytest.raises(NotPossible):
        commands.launch(other, order(one), idempotency_key="a")
    with pytest.raises(NotFound):
        uploads.remove(other, one)
    assert ledger.balance(other.pk) == 30 and rows.waiting(world.user).count() == 1


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        (commands.LaunchSpec("custom", "my art"), "uploads"),
        (commands.LaunchSpec("custom", "my art", uploads=("A", "A")), "uploads"),
        (commands.LaunchSpec("custom", "my art", count=3, uploads=("A",)), "count"),
        (commands.LaunchSpec("clipart", "foxes", uploads=("A",)), "uploads"),
        (commands.LaunchSpec("custom", "", uploads=("A",)), "idea"),
    ],
)
def test_an_order_that_does_not_add_up_names_the_field(world: World, spec: commands.LaunchSpec, field: str) -> None:
    with pytest.raises(InvalidSpec) as refused:
        commands.launch(world.user, spec, idempotency_key="k")
    assert field in refused.value.errors
    assert ledger.balance(world.user.pk) == 100


def test_a_picture_lost_from_the_store_fails_the_job_and_returns_every_credit(studio: Studio, tmp_path: Path) -> None:
    upload = add(studio.world.user, picture())
    project = commands.launch(studio.world.user, order(upload.pk), idempotency_key="a")
    (tmp_path / "files" / upload.path).unlink()
    studio.world.engine.run()
    project.refresh_from_db()
    assert project.stage == "failed"
    rows_of_it = [("SPEND_CREDIT", -3, None), ("REFUND_CREDIT", 1, 1), ("REFUND_CREDIT", 2, None)]
    assert studio.world.rows() == rows_of_it, "the picture's own line, then the rest: all of it"
    assert audit.run()["ok"]


# ---- what is kept ----------------------------------------------------------------------------------------------------


def test_uploads_go_once_their_project_has_them_or_nobody_came_for_them(
    studio: Studio, tmp_path: Path, clock: ports.FixedClock
) -> None:
    owner = studio.world.user
    used, waiting = add(owner, picture()), add(owner, picture())
    project = commands.launch(owner, order(used.pk), idempotency_key="a")
    assert delete_files.delete_uploads() == 0, "the project has not taken it in yet"
    studio.world.engine.run()
    assert delete_files.delete_uploads() == 1
    clock.advance(dt.timedelta(days=7, seconds=1).total_seconds())
    assert delete_files.delete_uploads() == 1 and delete_files.delete_uploads() == 0
    assert not Upload.objects.exists()
    assert not [p for p in (tmp_path / "files" / "uploads").rglob("*") if p.is_file()]
    assert project.files.filter(role="image").count() == 1 and waiting.pk


# ---- the form --------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(world: World) -> Client:
    client = Client()
    client.force_login(world.user)
    return client


def form(**more: Any) -> dict[str, Any]:
    return {"product": "custom", "idea": "garden herbs", "name": "Herbs", "key": ports.new_id(), **more}


def sent(data: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_pictures_are_added_priced_taken_out_and_launched_without_script(page: Client, world: World) -> None:
    assert b"Choose your images" in page.get("/new/?product=custom").content
    typed = form(pictures=[sent(picture(), "one.png"), sent(picture("JPEG"), "two.jpg")])
    shown = page.post("/new/uploads/", typed).content.decode()
    ids = re.findall(r'name="uploads" value="(\w{26})"', shown)
    assert len(ids) == 2 and ">garden herbs</textarea>" in shown and 'value="Herbs"' in shown
    assert "2 × 1" in shown and "4 credits" in shown
    assert page.get(f"/new/uploads/{ids[0]}/")["Content-Type"] == "image/webp"
    shown = page.post("/new/uploads/", form(uploads=ids, remove=ids[1])).content.decode()
    assert re.findall(r'name="uploads" value="(\w{26})"', shown) == ids[:1] and ">garden herbs</textarea>" in shown
    answer = page.post("/new/", form(uploads=ids[:1], act="launch", seen="3"))
    project = Project.objects.get()
    assert answer["Location"] == f"/projects/{project.pk}/" and project.name == "Herbs"
    assert b"You (your own images)" in page.get(answer["Location"]).content


def button(shown: str) -> dict[str, str]:
    """What pressing Undo sends beside the form's fields."""
    found = re.search(r'id="undo-images" name="(\w+)" value="([^"]+)"', shown)
    assert found, "nothing is offered to be undone"
    return {found[1]: found[2]}


def uploads_in(shown: str) -> list[str]:
    return re.findall(r'name="uploads" value="(\w{26})"', shown)


def test_adding_and_removing_pictures_is_undone_in_place_and_keeps_what_was_typed(page: Client, world: World) -> None:
    def press(**more: Any) -> str:
        answer = page.post("/new/uploads/", form(**more))
        assert answer.status_code == 200 and ">garden herbs</textarea>" in answer.content.decode()
        return answer.content.decode()

    first = press(pictures=[sent(picture(), f"{n}.png") for n in range(3)])
    ids = uploads_in(first)
    assert "3 images added." in first and len(ids) == 3
    removed = press(uploads=ids, remove=ids[1])
    assert "“1.png” removed." in removed and uploads_in(removed) == [ids[0], ids[2]]
    for _ in range(2):
        assert uploads_in(press(uploads=[ids[0], ids[2]], **button(removed))) == ids, "at its place"
    none = press(uploads=ids, **button(first))
    assert "3 images removed." in none and uploads_in(none) == [] and not rows.waiting(world.user).exists()
    assert uploads_in(press(**button(none))) == ids
    assert Upload.objects.count() == 3 and ledger.balance(world.user.pk) == 100


def test_an_undo_that_comes_too_late_says_so_and_keeps_the_form(
    page: Client, world: World, clock: ports.FixedClock, tmp_path: Path
) -> None:
    upload = add(world.user, picture())
    removed = page.post("/new/uploads/", form(uploads=[upload.pk], remove=upload.pk)).content.decode()
    assert delete_files.delete_uploads() == 0
    clock.advance(rows.KEPT_REMOVED.total_seconds())
    assert delete_files.delete_uploads() == 1
    assert not [p for p in (tmp_path / "files" / "uploads").rglob("*") if p.is_file()]
    answer = page.post("/new/uploads/", form(**button(removed)))
    shown = answer.content.decode()
    assert answer.status_code == 422 and "be undone anymore" in shown and ">garden herbs</textarea>" in shown


@pytest.mark.parametrize("given", ["x", ",,", ":", "\0", "x\0:1", "01K:99999", "01K:-1", "a:b:c" * 200])
def test_a_made_up_undo_is_refused(page: Client, given: str) -> None:
    assert page.post("/new/uploads/", form(restore=given)).status_code == 422


def test_one_bad_picture_is_named_and_the_good_ones_stay(page: Client) -> None:
    typed = form(pictures=[sent(picture(), "good.png"), sent(b"MZ\x90", "virus.exe")])
    answer = page.post("/new/uploads/", typed)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "“virus.exe”: Only PNG, JPEG, WebP and SVG files can be used." in shown
    assert "good.png" in shown and ">garden herbs</textarea>" in shown and Upload.objects.count() == 1


def test_pressing_add_without_a_picture_says_so(page: Client) -> None:
    answer = page.post("/new/uploads/", form())
    assert answer.status_code == 422 and b"Choose one or more images first." in answer.content


def test_pictures_still_wait_when_the_form_is_opened_anew(page: Client, world: World) -> None:
    upload = add(world.user, picture(), "kept.png")
    assert upload.pk.encode() in page.get("/new/?product=custom").content
    assert upload.pk.encode() in page.post("/new/", form(product="clipart", switch="custom")).content


def test_a_launch_without_pictures_is_led_back_to_the_form(page: Client) -> None:
    answer = page.post("/new/", form(act="launch", seen="3"))
    assert answer.status_code == 422 and b"Add at least one image of your own." in answer.content
    assert not Project.objects.exists()


def test_another_sellers_preview_is_not_there(page: Client) -> None:
    other = User.objects.create_user("other@example.com")
    assert page.get(f"/new/uploads/{add(other, picture()).pk}/").status_code == 404


def test_more_than_fits_at_once_is_refused_before_it_is_read(page: Client) -> None:
    answer = page.generic("POST", "/new/uploads/", b"x", CONTENT_LENGTH="200000001")
    assert answer.status_code == 413 and b"Upload too large" in answer.content
    assert page.generic("POST", "/new/", b"x", CONTENT_LENGTH="3000001").status_code == 413


# ---- the API ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def api(world: World) -> Client:
    return Client(headers={"Authorization": f"Bearer {ApiKey.issue(world.user, 'test', ApiKey.Scope.FULL)}"})


def test_a_program_sends_pictures_and_launches_with_them(api: Client, world: World) -> None:
    answer = api.post("/api/v1/uploads", {"picture": sent(picture(), "one.png")})
    upload = answer.json()
    assert answer.status_code == 201 and answer["Location"] == f"/api/v1/uploads/{upload['id']}"
    assert (upload["kind"], upload["width"], upload["print_width"], upload["transparent"]) == ("png", 600, 2400, True)
    assert [u["id"] for u in api.get("/api/v1/uploads").json()["items"]] == [upload["id"]]
    body = {"product": "custom", "idea": "herbs", "uploads": [upload["id"]]}
    quote = api.post("/api/v1/quotes", body, "application/json").json()
    assert quote["total"] == 3
    launched = api.post("/api/v1/projects", {**body, "quote_id": quote["id"]}, "application/json")
    assert launched.status_code == 201 and launched.json()["job"]["charged"] == 3
    assert api.get("/api/v1/uploads").json()["items"] == []
    assert api.delete(f"/api/v1/uploads/{upload['id']}").status_code == 404


def test_a_program_is_told_what_is_wrong_with_a_picture(api: Client) -> None:
    answer = api.post("/api/v1/uploads", {"picture": sent(SCRIPTED.encode(), "x.svg")})
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "picture"
    assert api.post("/api/v1/uploads", {"other": "x"}).status_code == 422
    large = api.generic("POST", "/api/v1/uploads", b"", CONTENT_LENGTH="52000001")
    assert large.status_code == 413 and large.json()["type"] == "urn:elistit:problem:too-large"
    removed = api.post("/api/v1/uploads", {"picture": sent(picture(), "x.png")}).json()["id"]
    assert api.delete(f"/api/v1/uploads/{removed}").json() == {"id": removed}


def test_duplicating_copies_the_pictures_of_a_finished_project(page: Client, studio: Studio, world: World) -> None:
    """Its uploads are swept by then: the copies come from the originals the project keeps, under their names and in their order."""
    ids = (add(world.user, picture("PNG", shade=40), "one.png").pk, add(world.user, FLAT, "two.svg").pk)
    studio.launch("custom", "garden herbs", uploads=ids)
    rows.done_with().delete()
    waiting = add(world.user, picture("PNG", shade=200), "other.png")
    project = Project.objects.get()
    balance = world.balance()
    shown = page.post(f"/projects/{project.pk}/duplicate/").content.decode()
    copies = re.findall(r'name="uploads" value="(\w{26})"', shown)
    assert len(copies) == 2 and waiting.pk not in copies and ">garden herbs</textarea>" in shown
    made = [Upload.objects.get(pk=pk) for pk in copies]
    assert [(u.name, u.kind, u.project_id, u.owner_id) for u in made] == [
        ("one.png", "png", None, world.user.pk), ("two.svg", "svg", None, world.user.pk),
    ]  # fmt: skip
    source = StageContext(here).store.local_path(made[0].path)
    with Image.open(source) as image:
        assert image.convert("RGBA").getpixel((300, 200)) == (40, 120, 60, 255)
    assert world.balance() == balance
    answer = page.post("/new/", form(uploads=copies, act="launch", seen="4"))
    assert answer.status_code == 302 and Project.objects.count() == 2
