"""A seller's own scene, from the photo to the listing picture: its corners are tried before they are kept, it costs what the
quote says, and no other seller sees it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageChops, ImageDraw

from elistit import ports
from elistit.accounts.models import ApiKey, User
from elistit.actions import commands, scenes, uploads
from elistit.credits import ledger
from elistit.maintenance import delete_files
from elistit.projects import scenes as rows
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import Scene
from tests.conformance.conftest import World, clock
from tests.products.conftest import Studio, here
from tests.studio.test_organizing import undo_of
from tests.uploads.test_own_pictures import FLAT, add, page, picture, studio, world

__all__ = ["clock", "page", "studio", "world"]

CORNERS = [[300, 200], [700, 220], [690, 700], [310, 690]]


def photo() -> bytes:
    image = Image.new("RGB", (1000, 900), (196, 188, 176))
    draw = ImageDraw.Draw(image)
    draw.polygon([tuple(c) for c in CORNERS], fill=(250, 249, 246))
    draw.rectangle((0, 800, 1000, 900), fill=(120, 90, 60))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=95)
    return stream.getvalue()


def scene_of(owner: User) -> Scene:
    made = scenes.add(owner, io.BytesIO(photo()), "My hallway.jpg", run=here)
    return scenes.set_corners(owner, made.pk, CORNERS, run=here)


def test_a_project_gets_one_listing_picture_more_in_the_sellers_scene(studio: Studio, tmp_path: Path) -> None:
    owner = studio.world.user
    scene = scene_of(owner)
    upload = add(owner, picture("JPEG", (900, 1100)))
    studio.launch("custom", "a door", uploads=(upload.pk,), scene=scene.pk)
    shown = studio.files("mockup")
    assert [f.name for f in shown][-1] == "4-your-scene.jpg" and len(shown) == 4
    assert studio.world.rows() == [("SPEND_CREDIT", -4, None)], "print size 1, listing 2, and 1 for the fourth picture"
    with Image.open(shown[-1]) as made, Image.open(tmp_path / "files" / scene.path) as empty:
        difference = ImageChops.difference(made.convert("RGB"), empty.convert("RGB")).convert("L")
        box = difference.point(lambda v: 255 if v > 24 else 0).getbbox()
    assert box and all(abs(a - b) < 40 for a, b in zip(box, (300, 200, 700, 700), strict=True)), (
        "only the frame is filled"
    )


@pytest.mark.parametrize(
    ("corners", "words"),
    [
        ([[1, 1], [2, 1], [2, 2], [1, 2]], "too close together"),
        ([[300, 200], [690, 700], [700, 220], [310, 690]], "clockwise"),
        ([[300, 200], [5000, 220], [690, 700], [310, 690]], "outside the scene"),
        ([[300, 200], [700, 220]], "Four corners"),
    ],
)
def test_corners_that_make_no_frame_are_refused_and_the_old_ones_stay(
    world: World, corners: list[list[float]], words: str
) -> None:
    scene = scene_of(world.user)
    with pytest.raises(InvalidSpec, match=words):
        scenes.set_corners(world.user, scene.pk, corners, run=here)
    scene.refresh_from_db()
    assert scene.corners == CORNERS


def test_a_scene_is_a_photo_and_is_the_sellers_own(world: World) -> None:
    with pytest.raises(InvalidSpec, match="not an SVG"):
        scenes.add(world.user, io.BytesIO(FLAT.encode()), "x.svg", run=here)
    other = User.objects.create_user("other@example.com")
    ledger.grant(other.pk, 30, source="trial", idempotency_key="t", reason="Trial")
    scene = scene_of(world.user)
    with pytest.raises(NotFound):
        scenes.set_corners(other, scene.pk, CORNERS, run=here)
    with pytest.raises(NotPossible, match="was deleted"):
        commands.launch(other, commands.LaunchSpec("wall_art", "sun", scene=scene.pk), idempotency_key="a")
    assert ledger.balance(other.pk) == 30


def test_only_what_hangs_can_be_shown_in_a_scene(world: World) -> None:
    scene = scene_of(world.user)
    with pytest.raises(InvalidSpec) as refused:
        commands.launch(world.user, commands.LaunchSpec("clipart", "foxes", scene=scene.pk), idempotency_key="a")
    assert set(refused.value.errors) == {"scene"}


def test_a_removed_scene_still_serves_the_project_launched_with_it_and_then_goes(
    studio: Studio, tmp_path: Path, clock: ports.FixedClock
) -> None:
    owner = studio.world.user
    scene = scene_of(owner)
    spec = commands.LaunchSpec("custom", "a door", uploads=(add(owner, picture("JPEG")).pk,), scene=scene.pk)
    project = commands.launch(owner, spec, idempotency_key="a")
    rows.remove(owner, scene.pk)
    clock.advance(rows.KEPT_REMOVED.total_seconds() + 1)
    assert delete_files.delete_scenes() == 0 and (tmp_path / "files" / scene.path).is_file()
    studio.world.engine.run()
    project.refresh_from_db()
    assert project.stage == "completed" and project.files.filter(name="4-your-scene.jpg").exists()
    assert delete_files.delete_scenes() == 1 and delete_files.delete_scenes() == 0
    assert not [p for p in (tmp_path / "files" / "scenes").rglob("*") if p.is_file()]


def test_a_removed_scene_is_put_back_whole_for_a_day(
    page: Client, world: World, tmp_path: Path, clock: ports.FixedClock
) -> None:
    scene = scene_of(world.user)
    shown = page.post(f"/settings/scenes/{scene.pk}/remove/", follow=True).content.decode()
    assert "“My hallway” removed." in shown and rows.ready(world.user) == []
    clock.advance(rows.KEPT_REMOVED.total_seconds() - 60)
    assert delete_files.delete_scenes() == 0
    for _ in range(2):
        assert b"Undone." in page.post("/projects/undo/", {"undo": undo_of(shown)}, follow=True).content
        assert rows.ready(world.user) == [scene] and (tmp_path / "files" / scene.path).is_file()


def test_corners_are_put_back_as_long_as_no_others_were_set(
    page: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "run", here)
    scene = scenes.add(world.user, io.BytesIO(photo()), "hall.jpg", run=here)
    address = f"/settings/scenes/{scene.pk}/"
    first, other = CORNERS, [[310, 210], *CORNERS[1:]]

    def saved(corners: list[list[int]]) -> str:
        typed = {f"{axis}{n}": str(v) for n, c in enumerate(corners, 1) for axis, v in zip("xy", c, strict=True)}
        shown = page.post(address, typed, follow=True).content.decode()
        assert "Corners saved." in shown
        return shown

    def undone(shown: str) -> str:
        return page.post("/projects/undo/", {"undo": undo_of(shown)}, follow=True).content.decode()

    none_to_first = saved(first)
    for _ in range(2):
        assert "Undone." in undone(none_to_first)
        scene.refresh_from_db()
        assert scene.corners == [] and page.get(f"{address}sample/").status_code == 200
    saved(first)
    first_to_other = saved(other)
    assert "set again since then" in undone(none_to_first)
    assert "Undone." in undone(first_to_other)
    scene.refresh_from_db()
    assert scene.corners == first and page.get(f"{address}sample/").status_code == 200
    assert 'id="undo-last"' not in saved(first), "nothing was changed"


def test_a_scene_is_made_on_the_pages_without_script(
    page: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert b"No scenes yet" in page.get("/settings/scenes/").content
    assert page.post("/settings/scenes/").status_code == 422
    answer = page.post("/settings/scenes/", {"photo": SimpleUploadedFile("hall.jpg", photo())})
    scene = Scene.objects.get()
    assert answer["Location"] == f"/settings/scenes/{scene.pk}/" and scene.name == "hall"
    assert scene.name not in page.get("/new/?product=custom").content.decode(), "not before its corners are set"
    typed = {f"{axis}{n}": str(value) for n, c in enumerate(CORNERS, 1) for axis, value in zip("xy", c, strict=True)}
    wrong = page.post(answer["Location"], {**typed, "x1": "left"})
    assert wrong.status_code == 422 and b"two numbers" in wrong.content and b'value="left"' in wrong.content
    assert page.post(answer["Location"], typed).status_code == 302
    shown = page.get("/new/?product=custom").content.decode()
    assert f'<option value="{scene.pk}">hall</option>' in shown and "Scene (+1 credit)" in shown
    for what, kind in (("photo", "image/png"), ("sample", "image/webp")):
        assert page.get(f"/settings/scenes/{scene.pk}/{what}/")["Content-Type"] == kind
    assert page.post(f"/settings/scenes/{scene.pk}/remove/").status_code == 302
    assert page.get(answer["Location"]).status_code == 404


def test_another_sellers_scene_is_not_there(page: Client) -> None:
    scene = scene_of(User.objects.create_user("other@example.com"))
    for end in ("", "photo/", "sample/"):
        assert page.get(f"/settings/scenes/{scene.pk}/{end}").status_code == 404
    assert page.post(f"/settings/scenes/{scene.pk}/remove/").status_code == 404
    assert rows.of(scene.owner).count() == 1


def test_a_program_finds_its_scenes_and_launches_with_one(world: World) -> None:
    api = Client(headers={"Authorization": f"Bearer {ApiKey.issue(world.user, 'test', ApiKey.Scope.FULL)}"})
    scene = scene_of(world.user)
    assert [s["id"] for s in api.get("/api/v1/scenes").json()["items"]] == [scene.pk]
    body = {"product": "wall_art", "idea": "boho sun", "scene": scene.pk}
    quote = api.post("/api/v1/quotes", body, "application/json").json()
    assert [(x["label"], x["credits"]) for x in quote["lines"]][-2:] == [
        ("Further mockups", 1),
        ("Listing text", 2),
    ]
    assert api.post("/api/v1/projects", body, "application/json").json()["job"]["charged"] == quote["total"]
