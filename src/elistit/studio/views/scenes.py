"""Settings → Your scenes: photos of the seller's own in which their images are shown.

A scene counts once its four corners are set and a sample hangs right in it. Works without script: the corners are numbers
that can be typed.
"""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from elistit.actions import scenes
from elistit.projects import scenes as rows
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import Scene
from elistit.studio import undo
from elistit.studio.views import access, files

CORNERS = ("top left", "top right", "bottom right", "bottom left")
# Where the corners stand before anyone has set them, as shares of width and height.
FIRST = ((0.3, 0.2), (0.7, 0.2), (0.7, 0.7), (0.3, 0.7))


def _own(request: HttpRequest, scene_id: str) -> Scene:
    try:
        return rows.get(access.person(request), scene_id)
    except NotFound as missing:
        raise Http404 from missing


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """GET: the scenes. POST: add a photo, and continue to its corners."""
    error = ""
    if request.method == "POST":
        sent = request.FILES.get("photo")
        try:
            if sent is None:
                raise InvalidSpec({"picture": "Choose a photo first."})
            scene = scenes.add(access.person(request), cast(BinaryIO, sent.file), sent.name or "")
            return redirect("scene", scene.pk)
        except (InvalidSpec, NotPossible) as refused:
            error = str(refused)
    found = list(rows.of(access.person(request)))
    return render(request, "studio/scenes.html", {"scenes": found, "error": error}, status=422 if error else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, scene_id: str) -> HttpResponse:
    """GET: the photo with its corners. POST: set them and see a sample hang there. What was typed comes back when wrong."""
    scene = _own(request, scene_id)
    corners = scene.corners or [[round(x * scene.width), round(y * scene.height)] for x, y in FIRST]
    typed = [
        {"name": n, "label": label, "x": f"{x:g}", "y": f"{y:g}"}
        for n, (label, (x, y)) in enumerate(zip(CORNERS, corners, strict=True), 1)
    ]
    error = ""
    if request.method == "POST":
        typed = [
            {**c, "x": request.POST.get(f"x{c['name']}", ""), "y": request.POST.get(f"y{c['name']}", "")} for c in typed
        ]
        error = _set(request, scene, typed)
        if not error:
            words, after = (
                "Corners saved. Choose this scene when you launch wall art, a poster or a card.",
                _own(request, scene_id),
            )
            if after.corners == scene.corners:
                messages.success(request, words)
            else:
                undo.offer(request, words, "corners", [scene.pk], before=scene.corners, after=after.corners)
            return redirect("scene", scene.pk)
    context = {"scene": scene, "corners": typed, "error": error}
    return render(request, "studio/scene.html", context, status=422 if error else 200)


def _set(request: HttpRequest, scene: Scene, typed: list[dict[str, Any]]) -> str:
    """Keep the corners. Answers an empty string, or why they cannot be used."""
    try:
        numbers = [[float(c["x"].replace(",", ".")), float(c["y"].replace(",", "."))] for c in typed]
    except ValueError:
        return "Enter each corner as two numbers, or click the four corners in the photo."
    return access.refusal(lambda: scenes.set_corners(access.person(request), scene.pk, numbers))


@login_required
@require_POST
def remove(request: HttpRequest, scene_id: str) -> HttpResponse:
    """Remove a scene, and offer to undo it."""
    scene = _own(request, scene_id)
    if access.attempt(request, lambda: rows.remove(access.person(request), scene.pk)):
        done = f"“{scene.name}” removed. Projects launched with it keep their mockups."
        undo.offer(request, done, "scene", [scene.pk])
    return redirect("scenes")


@login_required
@require_safe
def picture(request: HttpRequest, scene_id: str, what: str) -> FileResponse:
    """The scene as it is (`photo`), or with the sample in it (`sample`)."""
    scene = _own(request, scene_id)
    if what == "photo":
        return files.image(scene.path, "image/png", no_cache=True)
    return files.image(scene.preview, "image/webp", no_cache=True)
